//! How long a digest of five hundred repositories with five thousand open pull requests takes, from typing to reading
//! it, and by how much memory grows over it; the sandbox that answers is in the same process.

use std::error::Error;
use std::time::{Duration, Instant};

use dipper::app::App;
use dipper::clock::Clock;
use dipper::sandbox::bitbucket::{Bitbucket, BitbucketSettings, Edition, Opening, Permission};
use dipper::sandbox::clock::Clock as SandboxClock;
use dipper::sandbox::slack::{Person, Slack, SlackSettings};
use dipper::sandbox::transcript;
use dipper::seal::new_key;
use dipper::settings::Settings;

/// Why a run ended early.
type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

const REPOSITORIES: usize = 500;
const EACH: usize = 10;
const ROUNDS: usize = 3;
/// How long one waits for a digest.
const PATIENCE: Duration = Duration::from_mins(5);

#[tokio::main]
async fn main() -> Outcome<()> {
    println!(
        "| {REPOSITORIES} repositories, {} open pull requests | round | took | memory grew by |",
        REPOSITORIES * EACH
    );
    println!("|---|--:|--:|--:|");
    for edition in [Edition::Cloud, Edition::DataCenter] {
        measured(edition).await?;
    }
    Ok(())
}

async fn measured(edition: Edition) -> Outcome<()> {
    let directory = tempfile::tempdir()?;
    let clock = SandboxClock::system();
    let slack = SlackSettings {
        signing_secret: "signing-secret".to_owned(),
        bot_token: "xoxb-bot-token".to_owned(),
        team: "T0DIPPER".to_owned(),
        team_name: "dipper".to_owned(),
        enforce_pace: true,
    };
    let slack = Slack::start(clock.clone(), slack).await?;
    let bitbucket = Bitbucket::start(clock, BitbucketSettings::default()).await?;
    let ada = slack.add_person("ada", "ada@example.test", "Europe/Berlin");
    slack.add_channel("web", false, &[&ada]);
    furnish(&bitbucket, edition)?;
    let database = format!("sqlite://{}", directory.path().join("digest.db").display());
    let bot = App::start(&settings((&slack, &bitbucket), edition, &database)?, Clock::system()).await?;
    slack.point_at(&format!("http://{}", bot.address));
    connect(&ada, &bitbucket, edition).await?;
    for round in 1..=ROUNDS {
        let (before, begun) = (resident()?, Instant::now());
        let all = if edition == Edition::Cloud { "cloud:web/*" } else { "dc:WEB/*" };
        ada.types("#web", &format!("/bb digest preview {all}")).await;
        let told = until("a digest", || ada.told().into_iter().next()).await?;
        let took = begun.elapsed();
        let read = transcript::message(&told, &slack.names());
        if !read.contains("open pull requests") {
            return Err(read.into());
        }
        let grew = resident()?.saturating_sub(before);
        println!("| {edition:?} | {round} | {:.1} s | {grew} MB |", took.as_secs_f64());
    }
    bot.stop().await;
    Ok(())
}

fn furnish(bitbucket: &Bitbucket, edition: Edition) -> Outcome<()> {
    for name in ["ada", "grace"] {
        bitbucket.add_person(name, name, &format!("{name}@example.test"));
    }
    for at in 0..REPOSITORIES {
        let repo = bitbucket.add_repository(edition, &format!("web/service-{at}"));
        let repo = repo.allow("ada", Permission::Write).allow("grace", Permission::Write);
        for number in 0..EACH {
            let from = format!("set-{number}");
            let _branch = repo.branch(&from).with_commit("Set it", "grace");
            let title = format!("Set number {number}");
            let opening =
                Opening { title: &title, from: &from, to: "main", reviewers: &["ada"], ..Opening::default() };
            bitbucket.open(&repo, "grace", &opening).map_err(|refused| format!("{refused:?}"))?;
        }
    }
    Ok(())
}

fn settings((slack, bitbucket): (&Slack, &Bitbucket), edition: Edition, database: &str) -> Outcome<Settings> {
    let listen = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.to_string();
    let key = new_key();
    let (url, api) = match edition {
        Edition::Cloud => ("BITBUCKET_CLOUD_URL", "BITBUCKET_CLOUD_API_URL"),
        Edition::DataCenter => ("BITBUCKET_DC_URL", "BITBUCKET_DC_API_URL"),
    };
    let read = |name: &str| {
        Some(match name {
            "DIPPER_DATABASE_URL" => database.to_owned(),
            "DIPPER_LISTEN" => listen.clone(),
            "DIPPER_KEYS" => key.clone(),
            "SLACK_API_URL" => slack.api_url(),
            "SLACK_BOT_TOKEN" => "xoxb-bot-token".to_owned(),
            "SLACK_SIGNING_SECRET" => "signing-secret".to_owned(),
            name if name == url => bitbucket.url(edition),
            name if name == api => bitbucket.api_url(edition),
            _ => return None,
        })
    };
    Ok(Settings::from(&read, "")?)
}

async fn connect(person: &Person, bitbucket: &Bitbucket, edition: Edition) -> Outcome<()> {
    let instance = match edition {
        Edition::Cloud => "cloud",
        Edition::DataCenter => "dc",
    };
    person.types("#web", &format!("/bb token {instance}")).await;
    let asked = until("asking for a token", || person.told().into_iter().next()).await?;
    person.clicks(&asked, &format!("Use a token for {instance}")).await;
    until("the form for a token", || person.form()).await?;
    if edition == Edition::Cloud {
        person.fills("E-mail of that account", "ada@example.test").await;
    }
    let label = if edition == Edition::Cloud { "API token" } else { "HTTP access token" };
    person.fills(label, &bitbucket.personal_token(edition, "ada")).await;
    person.submits().await;
    until("connecting", || person.form().filter(|form| form.body["submit"].is_null())).await?;
    person.closes().await;
    let _welcome = person.told();
    Ok(())
}

/// The memory this process takes, in megabytes.
fn resident() -> Outcome<u64> {
    let pages: u64 = std::fs::read_to_string("/proc/self/statm")?
        .split_whitespace()
        .nth(1)
        .and_then(|pages| pages.parse().ok())
        .ok_or("no such figure")?;
    Ok(pages * 4096 / 1_000_000)
}

async fn until<T>(what: &str, look: impl Fn() -> Option<T>) -> Outcome<T> {
    let begun = Instant::now();
    while begun.elapsed() < PATIENCE {
        if let Some(found) = look() {
            return Ok(found);
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    Err(format!("nothing came of {what} within {PATIENCE:?}").into())
}
