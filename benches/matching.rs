//! How long it takes to find out which of ten thousand subscriptions a delivery is for, what they weigh in
//! memory, and what a delivery costs on its whole way from the queue to what is to be said.

use std::error::Error;
use std::time::{Duration, Instant};

use dipper::app;
use dipper::bitbucket::{Edition, Http, Site, SiteSettings};
use dipper::bot::Bot;
use dipper::clock::Clock;
use dipper::jobs;
use dipper::news::{Known, news, perhaps, wants};
use dipper::seal::new_key;
use dipper::settings::Settings;
use dipper::store::{Arrival, Listeners, NewDelivery, Store, Subscription};
use dipper::words::names::{Channel, Instance, RepoName, SlackUser, Team, Topic};
use dipper::words::wish::Wish;
use dipper::words::work::Urgency;
use serde_json::json;

/// Why a run ended early.
type Outcome<T> = Result<T, Box<dyn Error>>;

const MANY: [usize; 3] = [10, 1_000, 10_000];
const ROUNDS: usize = 300;
const LEASE: Duration = Duration::from_mins(1);

/// Conditions as people write them, one after the other; the delivery meets the third alone.
const FILTERS: [&str; 4] = [
    "into:release/* AND NOT author:edsger",
    "title:billing OR jira:OPS-*",
    "(from:feature/* OR from:limit-*) draft:no",
    "reviewer:grace into:release/*",
];

/// How subscriptions lie: who means the repository that the delivery tells of.
#[derive(Clone, Copy)]
enum Lie {
    /// One in fifty repositories; half of them by name, half by one of many forms.
    Spread,
    /// All of them this very one, by its name or by a form, and one on a condition that holds.
    Crowded,
}

#[tokio::main]
async fn main() -> Outcome<()> {
    if rustls::crypto::ring::default_provider().install_default().is_err() {
        return Err("another TLS provider is in place".into());
    }
    memory()?;
    println!("| finding who hears of a delivery | subscriptions | hear | p50 | p99 |\n|---|--:|--:|--:|--:|");
    for (lie, name) in [(Lie::Spread, "over 50 repositories"), (Lie::Crowded, "all to this repository")] {
        for many in MANY {
            finding(name, &subscriptions(many, lie)?)?;
        }
    }
    println!("| from the queue to what is to be said | subscriptions | p50 | p99 |\n|---|--:|--:|--:|");
    for (lie, name) in [(Lie::Spread, "over 50 repositories"), (Lie::Crowded, "all to this repository")] {
        for many in [10, 10_000] {
            on_its_way(name, subscriptions(many, lie)?).await?;
        }
    }
    Ok(())
}

fn subscriptions(many: usize, lie: Lie) -> Outcome<Vec<Subscription>> {
    (0..many).map(|at| subscription(at, lie)).collect()
}

fn subscription(at: usize, lie: Lie) -> Outcome<Subscription> {
    let team = Team::new("T1");
    let (repos, holds) = match (lie, at.is_multiple_of(2)) {
        (Lie::Spread, true) => (format!("cloud:web/{}", named(at / 2 % 50)), at == 0),
        (Lie::Spread, false) => (format!("cloud:web/{}*,-web/legacy", named(at / 2 % 50)), false),
        (Lie::Crowded, true) => ("cloud:web/api".to_owned(), at == 0),
        (Lie::Crowded, false) => (format!("cloud:web/*,-web/legacy-{}", at % 40), false),
    };
    let filter = if holds { FILTERS[2] } else { FILTERS[[0, 1, 3][at % 3]] };
    let filter = filter.parse().map_err(|misread| format!("{misread}"))?;
    Ok(Subscription {
        channel: Channel { team: team.clone(), id: format!("C{at}") },
        repos: repos.parse()?,
        wish: Wish { filter: Some(filter), ..Wish::of(Topic::USUAL) },
        asked_by: SlackUser { team, id: format!("U{}", at % 100) },
        created_at: 0,
    })
}

fn named(at: usize) -> String {
    if at == 0 { "api".to_owned() } else { format!("service-{at}") }
}

fn finding(name: &str, all: &[Subscription]) -> Outcome<()> {
    let site = site()?;
    let listeners = Listeners::of(all.to_vec());
    let (mut times, mut heard) = (Vec::new(), 0);
    for round in 0..ROUNDS {
        let body = body(round);
        let event = site.read_delivery("pullrequest:created", &body)?;
        let begun = Instant::now();
        let news = news(&event, &Known::default());
        let concerned: Vec<_> =
            listeners.to(&event.repo).filter(|one| perhaps(&one.wish, &event, &news)).cloned().collect();
        heard = news.iter().map(|one| wants(&concerned, one, None).len()).sum();
        times.push(begun.elapsed());
    }
    let (p50, p99) = percentiles(&mut times);
    println!("| {name} | {} | {heard} | {p50} | {p99} |", all.len());
    Ok(())
}

/// What ten thousand weigh, as the process grows by them.
fn memory() -> Outcome<()> {
    let all = subscriptions(10_000, Lie::Spread)?;
    let before = resident()?;
    let listeners = Listeners::of(all.clone());
    println!("\n{} subscriptions in memory: {} KB\n", listeners.len(), resident()?.saturating_sub(before));
    Ok(())
}

/// Kilobytes.
fn resident() -> Outcome<u64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).ok_or("no VmRSS")?;
    Ok(line.trim().trim_end_matches(" kB").trim().parse()?)
}

/// A bot on a database of its own, and deliveries that it works off one by one.
async fn on_its_way(name: &str, all: Vec<Subscription>) -> Outcome<()> {
    let directory = tempfile::tempdir()?;
    let database = format!("sqlite://{}", directory.path().join("matching.db").display());
    let many = all.len();
    fill(&database, all).await?;
    let settings = [
        ("DIPPER_DATABASE_URL", database.as_str()),
        ("DIPPER_KEYS", &new_key()),
        ("SLACK_BOT_TOKEN", "xoxb-1"),
        ("SLACK_SIGNING_SECRET", "secret"),
        ("BITBUCKET_CLOUD_WEBHOOK_SECRET", "secret"),
    ]
    .map(|(name, value)| (name, value.to_owned()));
    let read = |name: &str| settings.iter().find(|(known, _)| *known == name).map(|(_, value)| value.clone());
    let (bot, _hold) = app::assemble(&Settings::from(&read, "")?, &Clock::system()).await?;
    let mut times = Vec::new();
    for round in 0..ROUNDS {
        times.push(worked_off(&bot, round).await?);
    }
    bot.store.close().await;
    // The first one reads all subscriptions.
    let (p50, p99) = percentiles(&mut times[1..]);
    println!("| {name} | {many} | {p50} | {p99} |");
    Ok(())
}

async fn fill(database: &str, all: Vec<Subscription>) -> Outcome<()> {
    let store = Store::open(database, Clock::system()).await?;
    store.migrate().await?;
    let repo: RepoName = "cloud:web/api".parse()?;
    let mut tx = store.begin().await?;
    for one in all {
        tx.subscribe(&one.channel, &one.repos, &one.wish, &one.asked_by).await?;
        tx.saw_reading(&repo, &one.asked_by, true).await?;
    }
    tx.commit().await?;
    store.close().await;
    Ok(())
}

async fn worked_off(bot: &Bot, round: usize) -> Outcome<Duration> {
    let delivery = NewDelivery {
        instance: Instance::new("cloud"),
        request_id: None,
        event_key: "pullrequest:created".to_owned(),
        hook: None,
        body: body(round),
    };
    bot.store.accept(Arrival::Delivery(delivery)).await?;
    let begun = Instant::now();
    let claim = bot.store.claim("bench", &["deliver"], LEASE, Urgency::Whenever).await?;
    let claim = claim.ok_or("nothing to deliver")?;
    jobs::run(bot, &claim).await.map_err(|failure| format!("{failure:?}"))?;
    bot.store.finish(&claim).await?;
    Ok(begun.elapsed())
}

fn percentiles(times: &mut [Duration]) -> (String, String) {
    times.sort_unstable();
    let at = |share: usize| times.get(times.len() * share / 100).copied().unwrap_or_default();
    let shown = |time: Duration| format!("{:.3} ms", time.as_secs_f64() * 1e3);
    (shown(at(50)), shown(at(99)))
}

fn site() -> Outcome<Site> {
    let settings = SiteSettings {
        owner_tokens: std::collections::BTreeMap::new(),
        name: Instance::new("cloud"),
        edition: Edition::Cloud,
        url: "https://bitbucket.org".parse()?,
        api_url: "https://api.bitbucket.org/2.0".parse()?,
        client: None,
        service_token: None,
        webhook_secrets: Vec::new(),
    };
    Ok(Site::new(settings, &Http::new()?, Clock::still(0)))
}

fn body(number: usize) -> Vec<u8> {
    let person = |name: &str| json!({"type": "user", "uuid": format!("{{{name}}}"), "display_name": name, "nickname": name});
    let repository = json!({"full_name": "web/api"});
    let end = |branch: &str| json!({"branch": {"name": branch}, "commit": {"hash": "0123456789ab"}, "repository": repository});
    json!({
        "actor": person("grace"),
        "repository": repository,
        "pullrequest": {
            "id": number + 1, "title": "Limit the rate (PAY-12)", "state": "OPEN", "author": person("grace"),
            "source": end("limit-rate"), "destination": end("main"),
            "reviewers": [person("ada")], "participants": [],
            "created_on": "2026-11-21T08:00:00+00:00", "updated_on": "2026-11-21T08:00:00+00:00",
        },
    })
    .to_string()
    .into_bytes()
}
