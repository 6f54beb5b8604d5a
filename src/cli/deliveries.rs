//! `dipper deliveries`: what came in, what was made of it, and the same again; beside a running bot.

mod dry;

use std::collections::BTreeSet;

use chrono::DateTime;
use clap::Subcommand;
use serde_json::json;

use super::Failed;
use super::deeds::{OperatorDeed, everybody};
use super::keys::seal_of;
use crate::clock::{Clock, millis_of};
use crate::settings::Settings;
use crate::store::{DeliveryFilter, DeliveryRow, Explained, Store};
use crate::words::how_long::HowLong;
use crate::words::names::Team;
use crate::words::reason::Reasons;
use crate::words::work::{Deliver, NewJob};

/// What can be done with deliveries.
#[derive(Subcommand)]
pub enum Deliveries {
    /// List what came in, the newest first
    List {
        /// Only about this repository, like web/api
        #[arg(long)]
        repo: Option<String>,
        /// Only events whose name holds this, like merged
        #[arg(long)]
        event: Option<String>,
        /// Only so far back: 8h, 3d, 2w
        #[arg(long, value_name = "TIME")]
        since: Option<HowLong>,
        /// Only those that were dropped
        #[arg(long)]
        dropped: bool,
        /// No more than so many
        #[arg(long, default_value_t = 50)]
        limit: u32,
    },
    /// Show one delivery: what it is about, what became of it, and why
    Show {
        /// Its id, as the list shows it
        #[arg(value_parser = id)]
        id: i64,
        /// Its body too, as it came
        #[arg(long)]
        body: bool,
    },
    /// Tell a delivery again: what was said of it is not said twice
    Replay {
        /// Its id, as the list shows it
        #[arg(value_parser = id)]
        id: i64,
        /// Only print what would be said where, and why
        #[arg(long)]
        dry_run: bool,
    },
}

fn id(text: &str) -> Result<i64, String> {
    i64::from_str_radix(text, 16)
        .map_err(|_| "a delivery's id is written like 1a2b3c; `dipper deliveries list` shows them".to_owned())
}

fn unknown(id: i64) -> Failed {
    Failed::other(format!("there is no delivery {id:x} (any more); `dipper deliveries list` shows them"))
}

impl Deliveries {
    /// Does it.
    pub async fn run(self, settings: &Settings) -> Result<(), Failed> {
        let store = Store::open(&settings.database_url, Clock::system()).await.map_err(Failed::database)?;
        match self {
            Self::List { repo, event, since, dropped, limit } => {
                let since = since.map_or(0, |ago| Clock::system().millis().saturating_sub(millis_of(ago.0)));
                let filter = DeliveryFilter { repo, event, since, dropped, most: limit };
                list(&store, &filter).await
            }
            Self::Show { id, body } => show(&store, id, body).await,
            Self::Replay { id, dry_run: true } => dry::run(settings, &store, id).await,
            Self::Replay { id, dry_run: false } => replay(settings, &store, id).await,
        }
    }
}

async fn list(store: &Store, filter: &DeliveryFilter) -> Result<(), Failed> {
    let rows = store.deliveries_like(filter).await.map_err(Failed::other)?;
    for row in &rows {
        println!("{}", line(row));
    }
    if rows.is_empty() {
        println!("no deliveries");
    }
    Ok(())
}

fn line(row: &DeliveryRow) -> String {
    let at = DateTime::from_timestamp_millis(row.received_at).unwrap_or_default();
    let repo = row.repo.as_ref().map_or_else(|| row.instance.to_string(), ToString::to_string);
    let about = row.number.map_or_else(|| repo.clone(), |number| format!("{repo}#{number}"));
    let outcome = row.outcome.as_deref().unwrap_or("waits");
    format!("{:x}  {}  {}  {about}  {outcome}", row.id, at.format("%Y-%m-%d %H:%M:%S"), row.event_key)
}

async fn show(store: &Store, id: i64, body: bool) -> Result<(), Failed> {
    let found = store.explained(id).await.map_err(Failed::other)?.ok_or_else(|| unknown(id))?;
    let row = &found.row;
    println!("{}", line(row));
    if row.is_found() {
        println!("no webhook brought it: it was found by looking");
    } else {
        let hook = row
            .hook
            .as_deref()
            .map_or_else(|| "made by hand".to_owned(), |hook| format!("made from Slack, {hook}"));
        let request = row.request_id.as_deref().unwrap_or("without an id");
        println!("webhook {hook}, request {request}, {} bytes", row.size);
    }
    if let Some(reasons) = &found.reasons {
        print_reasons(reasons);
    }
    if body && let Some(delivery) = store.delivery(id).await.map_err(Failed::other)? {
        println!("{}", String::from_utf8_lossy(&delivery.body));
    }
    Ok(())
}

fn print_reasons(reasons: &Reasons) {
    let topics: Vec<&str> = reasons.topics.iter().map(|topic| topic.word()).collect();
    println!(
        "by {}: {}",
        reasons.who,
        if topics.is_empty() { "nothing new".to_owned() } else { topics.join(", ") }
    );
    for reason in &reasons.each {
        let because = reason.because.in_words().replace('`', "");
        println!("{}/{}  {}  {because}", reason.channel.team, reason.channel.id, reason.repos);
    }
    for card in &reasons.cards {
        println!("{}/{}  its card was brought up to date", card.team, card.id);
    }
    if reasons.more > 0 {
        println!("and {} more subscriptions", reasons.more);
    }
}

async fn replay(settings: &Settings, store: &Store, id: i64) -> Result<(), Failed> {
    let seal = seal_of(settings)?;
    let found = store.explained(id).await.map_err(Failed::other)?.ok_or_else(|| unknown(id))?;
    let teams = concerned(store, &found).await?;
    let deed = OperatorDeed {
        command: "deliveries.replay",
        fields: json!({ "delivery": format!("{id:x}"), "event": found.row.event_key }),
        reference: format!("{id:x}"),
    };
    let mut tx = store.begin().await.map_err(Failed::other)?;
    let job = NewJob::of(&Deliver { delivery: id }).because_of(id).at(found.row.received_at);
    let job = job.once(format!("deliver:{id:x}"));
    tx.enqueue(job).await.map_err(Failed::other)?;
    deed.write_down(&mut tx, &seal, &teams).await.map_err(Failed::other)?;
    tx.commit().await.map_err(Failed::other)?;
    println!("delivery {id:x} is told again");
    Ok(())
}

/// The workspaces that heard of it, or may.
async fn concerned(store: &Store, found: &Explained) -> Result<BTreeSet<Team>, Failed> {
    let each = found.reasons.iter().flat_map(|reasons| &reasons.each);
    let teams: BTreeSet<Team> = each.map(|reason| reason.channel.team.clone()).collect();
    if teams.is_empty() { everybody(store).await } else { Ok(teams) }
}
