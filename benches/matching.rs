//! How long it takes to find out which of ten thousand subscriptions a delivery is for.

use std::error::Error;
use std::time::{Duration, Instant};

use dipper::bitbucket::{Edition, Http, Site, SiteSettings};
use dipper::clock::Clock;
use dipper::notices::{Known, news, wants};
use dipper::store::Subscription;
use dipper::words::names::{Channel, Instance, SlackUser, Team, Topic};
use dipper::words::wish::Wish;
use serde_json::json;

const SUBSCRIPTIONS: usize = 10_000;
const ROUNDS: u32 = 200;

/// Conditions as people write them, one after the other.
const FILTERS: [&str; 4] = [
    "into:main AND NOT author:edsger",
    "title:rate OR jira:PAY-*",
    "(from:feature/* OR from:limit-*) draft:no",
    "reviewer:ada into:release/*",
];

fn main() -> Result<(), Box<dyn Error>> {
    let settings = SiteSettings {
        name: Instance::new("cloud"),
        edition: Edition::Cloud,
        url: "https://bitbucket.org".parse()?,
        api_url: "https://api.bitbucket.org/2.0".parse()?,
        client: None,
        service_token: None,
        webhook_secrets: Vec::new(),
    };
    if rustls::crypto::ring::default_provider().install_default().is_err() {
        return Err("another TLS provider is in place".into());
    }
    let site = Site::new(settings, &Http::new()?, Clock::still(0));
    let body = body();
    let subscriptions: Vec<Subscription> = (0..SUBSCRIPTIONS).map(subscription).collect::<Result<_, _>>()?;
    let mut times = Vec::new();
    let mut heard = 0;
    for _ in 0..ROUNDS {
        let begun = Instant::now();
        let event = site.read_delivery("pullrequest:created", &body)?;
        let mut channels = 0;
        // As the store does with what it reads.
        let covered = subscriptions.iter().filter(|one| one.repos.covers(&event.repo)).count();
        for one in news(&event, &Known::default()) {
            channels += wants(&subscriptions, &one, None).len().min(covered);
        }
        heard = channels;
        times.push(begun.elapsed());
    }
    times.sort_unstable();
    let at = |share: usize| times.get(times.len() * share / 100).copied().unwrap_or_default();
    let shown = |time: Duration| format!("{:.3} ms", time.as_secs_f64() * 1e3);
    println!("one delivery against {SUBSCRIPTIONS} subscriptions, {heard} channels hear of it:");
    println!("p50 {}, p99 {}", shown(at(50)), shown(at(99)));
    Ok(())
}

fn subscription(at: usize) -> Result<Subscription, Box<dyn Error>> {
    let team = Team::new("T1");
    let filter = FILTERS[at % FILTERS.len()].parse().map_err(|misread| format!("{misread}"))?;
    Ok(Subscription {
        channel: Channel { team: team.clone(), id: format!("C{at}") },
        repos: if at.is_multiple_of(2) {
            "cloud:web/*,-web/legacy".parse()?
        } else {
            "cloud:web/api".parse()?
        },
        wish: Wish { filter: Some(filter), ..Wish::of(Topic::USUAL) },
        asked_by: SlackUser { team, id: "U1".to_owned() },
        created_at: 0,
    })
}

fn body() -> Vec<u8> {
    let person = |name: &str| json!({"type": "user", "uuid": format!("{{{name}}}"), "display_name": name, "nickname": name});
    let repository = json!({"full_name": "web/api"});
    let end = |branch: &str| json!({"branch": {"name": branch}, "commit": {"hash": "0123456789ab"}, "repository": repository});
    json!({
        "actor": person("grace"),
        "repository": repository,
        "pullrequest": {
            "id": 7, "title": "Limit the rate (PAY-12)", "state": "OPEN", "author": person("grace"),
            "source": end("limit-rate"), "destination": end("main"),
            "reviewers": [person("ada")], "participants": [],
            "created_on": "2026-11-21T08:00:00+00:00", "updated_on": "2026-11-21T08:00:00+00:00",
        },
    })
    .to_string()
    .into_bytes()
}
