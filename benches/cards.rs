//! How fast deliveries become cards: two thousand of them wait in the queue, each for a channel of its own, and a
//! bot is started that finds out who hears, draws the cards and posts them to a Slack that keeps no pace.

use std::error::Error;
use std::time::{Duration, Instant};

use dipper::app::App;
use dipper::clock::Clock;
use dipper::sandbox::clock::Clock as SandboxClock;
use dipper::sandbox::slack::{Slack, SlackSettings};
use dipper::seal::new_key;
use dipper::settings::Settings;
use dipper::store::{Arrival, NewDelivery, Store};
use dipper::words::names::{Channel, Instance, RepoName, SlackUser, Team, Topic};
use dipper::words::wish::Wish;
use serde_json::json;

/// Why a run ended early.
type Outcome<T> = Result<T, Box<dyn Error>>;

const CHANNELS: u16 = 2_000;
const MANY: [usize; 2] = [2_000, 10_000];
const TEAM: &str = "T0DIPPER";
/// How long one waits for all of them.
const PATIENCE: Duration = Duration::from_mins(5);

#[tokio::main]
async fn main() -> Outcome<()> {
    println!("| {CHANNELS} deliveries to cards | subscriptions | took | a second |\n|---|--:|--:|--:|");
    for many in MANY {
        let took = measured(many).await?.as_secs_f64();
        println!(
            "| each in a channel of its own | {many} | {took:.2} s | {:.0} |",
            f64::from(CHANNELS) / took
        );
    }
    Ok(())
}

async fn measured(many: usize) -> Outcome<Duration> {
    let slack = SlackSettings {
        signing_secret: "signing-secret".to_owned(),
        bot_token: "xoxb-bot-token".to_owned(),
        team: TEAM.to_owned(),
        team_name: "dipper".to_owned(),
        enforce_pace: false,
    };
    let slack = Slack::start(SandboxClock::system(), slack).await?;
    let ada = slack.add_person("ada", "ada@example.test", "Europe/Berlin");
    let channels: Vec<String> =
        (0..CHANNELS).map(|at| slack.add_channel(&format!("team-{at}"), false, &[&ada])).collect();
    for at in 0..CHANNELS {
        let _there = slack.invite_bot(&format!("team-{at}"));
    }
    let asked_by = SlackUser { team: Team::new(TEAM), id: ada.id.clone() };
    let directory = tempfile::tempdir()?;
    let database = format!("sqlite://{}", directory.path().join("cards.db").display());
    fill(&database, &channels, many, &asked_by).await?;
    let begun = Instant::now();
    let bot = App::start(&settings(&slack, &database)?, Clock::system()).await?;
    while slack.with_world(|world| world.messages.len()) < usize::from(CHANNELS) {
        if begun.elapsed() > PATIENCE {
            return Err(format!("not all cards were there after {PATIENCE:?}").into());
        }
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    let took = begun.elapsed();
    bot.stop().await;
    Ok(took)
}

/// So many subscriptions, of which the first two thousand are each met by one delivery.
async fn fill(database: &str, channels: &[String], many: usize, asked_by: &SlackUser) -> Outcome<()> {
    let store = Store::open(database, Clock::system()).await?;
    store.migrate().await?;
    let mut tx = store.begin().await?;
    for at in 0..many {
        let id = channels.get(at).cloned().unwrap_or_else(|| format!("C{at}"));
        let channel = Channel { team: asked_by.team.clone(), id };
        let repo: RepoName = format!("cloud:web/service-{at}").parse()?;
        tx.subscribe(&channel, &repo.to_string().parse()?, &Wish::of(Topic::USUAL), asked_by).await?;
        tx.saw_reading(&repo, asked_by, true).await?;
    }
    tx.commit().await?;
    for at in 0..channels.len() {
        let delivery = NewDelivery {
            instance: Instance::new("cloud"),
            request_id: None,
            event_key: "pullrequest:created".to_owned(),
            hook: None,
            body: body(at),
        };
        store.accept(Arrival::Delivery(delivery)).await?;
    }
    store.close().await;
    Ok(())
}

fn settings(slack: &Slack, database: &str) -> Outcome<Settings> {
    let key = new_key();
    let read = |name: &str| {
        Some(match name {
            "DIPPER_DATABASE_URL" => database.to_owned(),
            "DIPPER_LISTEN" => "127.0.0.1:0".to_owned(),
            "DIPPER_KEYS" => key.clone(),
            "SLACK_API_URL" => slack.api_url(),
            "SLACK_BOT_TOKEN" => "xoxb-bot-token".to_owned(),
            "SLACK_SIGNING_SECRET" => "signing-secret".to_owned(),
            "BITBUCKET_CLOUD_WEBHOOK_SECRET" => "secret".to_owned(),
            _ => return None,
        })
    };
    Ok(Settings::from(&read, "")?)
}

fn body(at: usize) -> Vec<u8> {
    let person = |name: &str| json!({"type": "user", "uuid": format!("{{{name}}}"), "display_name": name, "nickname": name});
    let repository = json!({"full_name": format!("web/service-{at}")});
    let end = |branch: &str| json!({"branch": {"name": branch}, "commit": {"hash": "0123456789ab"}, "repository": repository});
    json!({
        "actor": person("grace"),
        "repository": repository,
        "pullrequest": {
            "id": 1, "title": "Limit the rate", "state": "OPEN", "author": person("grace"),
            "source": end("limit-rate"), "destination": end("main"),
            "reviewers": [person("ada")], "participants": [],
            "created_on": "2026-11-21T08:00:00+00:00", "updated_on": "2026-11-21T08:00:00+00:00",
        },
    })
    .to_string()
    .into_bytes()
}
