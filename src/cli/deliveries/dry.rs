//! What telling a delivery again would say, and why: worked out from what is known here, without asking anybody.

use super::{print_reasons, unknown};
use crate::bitbucket::{Event, Http, Site};
use crate::cli::Failed;
use crate::clock::Clock;
use crate::jobs::what_is_known;
use crate::news::news;
use crate::notices::{self, Deaf, Sight, Telling};
use crate::settings::Settings;
use crate::store::{Delivery, PostState, Store};
use crate::words::message::Message;
use crate::words::names::Channel;
use crate::words::work::{DrawCard, NewJob, Say, Work};

/// Prints it.
pub async fn run(settings: &Settings, store: &Store, id: i64) -> Result<(), Failed> {
    let delivery = store.delivery(id).await.map_err(Failed::other)?.ok_or_else(|| unknown(id))?;
    let events = match read(settings, store, &delivery).await? {
        Ok(events) => events,
        Err(dropped) => {
            println!("it would be dropped: {dropped}");
            return Ok(());
        }
    };
    for (part, event) in events.iter().enumerate() {
        tell(store, (id, part), event).await?;
    }
    println!("nothing was said; Bitbucket was not asked, so conditions on files count as not met");
    Ok(())
}

/// What it says, or why nothing.
async fn read(
    settings: &Settings,
    store: &Store,
    delivery: &Delivery,
) -> Result<Result<Vec<Event>, String>, Failed> {
    if delivery.row.is_found() {
        let Ok(sight) = serde_json::from_slice::<Sight>(&delivery.body) else {
            return Ok(Err("another version of Dipper wrote it".to_owned()));
        };
        let told = store.told_of(&sight.pr.name).await.map_err(Failed::other)?;
        let events = notices::found(told.as_ref(), &sight);
        return Ok(if events.is_empty() { Err("all of it was told".to_owned()) } else { Ok(events) });
    }
    let Some(site) = settings.bitbucket.iter().find(|site| site.name == delivery.row.instance) else {
        return Ok(Err("this Bitbucket is no longer in the settings".to_owned()));
    };
    let http = Http::going(&settings.outgoing).map_err(Failed::other)?;
    let site = Site::new(site.clone(), &http, Clock::system());
    let event = site.read_delivery(&delivery.row.event_key, &delivery.body);
    Ok(event.map(|event| vec![event]).map_err(|dropped| dropped.to_string()))
}

async fn tell(store: &Store, (delivery, part): (i64, usize), event: &Event) -> Result<(), Failed> {
    let mut event = event.clone();
    let mut known = what_is_known(store, &mut event).await.map_err(Failed::other)?;
    known.main = store.known(&format!("main:{}", event.repo)).await.map_err(Failed::other)?;
    let subscriptions = store.subscriptions_to(&event.repo).await.map_err(Failed::other)?;
    let cards = match &event.pull_request {
        Some(pr) => store.cards_of(&pr.name).await.map_err(Failed::other)?,
        None => Vec::new(),
    };
    let telling = Telling {
        event: &event,
        delivery,
        part,
        known: &known,
        subscriptions: &subscriptions,
        cards: &cards,
    };
    let news = news(&event, &known);
    print_reasons(&notices::reasons(&telling, &news, &Deaf::default()));
    let plan = notices::plan(&telling, &news);
    for job in &plan.jobs {
        print_job(store, job).await?;
    }
    for line in &plan.lines {
        let told =
            store.was_told(&line.channel, &line.pr, &line.told.identity).await.map_err(Failed::other)?;
        print_said(&line.channel, told, &line.told.message);
    }
    Ok(())
}

async fn print_job(store: &Store, job: &NewJob) -> Result<(), Failed> {
    if let Some(DrawCard { channel, pr }) = payload(job) {
        println!("{}  would draw the card of {pr} as it stands", place(&channel));
    }
    if let Some(Say { channel, identity, message, .. }) = payload(job) {
        let post = store.post(&channel, &identity).await.map_err(Failed::other)?;
        print_said(&channel, post.is_some_and(|post| post.state != PostState::About), &message);
    }
    Ok(())
}

fn print_said(channel: &Channel, already: bool, message: &Message) {
    let would = if already { "has said, and would not repeat:" } else { "would say:" };
    println!("{}  {would} {}", place(channel), message.plain().replace('\n', " / "));
}

fn place(channel: &Channel) -> String {
    format!("{}/{}", channel.team, channel.id)
}

fn payload<W: Work>(job: &NewJob) -> Option<W> {
    if job.kind == W::KIND { serde_json::from_str(&job.payload).ok() } else { None }
}
