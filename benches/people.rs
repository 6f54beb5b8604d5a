//! How long people wait for their screen: fifty of them at once, each typing commands, opening the form for a
//! pull request and looking up repositories and branches while they type.

use std::error::Error;
use std::sync::Arc;
use std::time::{Duration, Instant};

use dipper::app::App;
use dipper::clock::Clock;
use dipper::sandbox::bitbucket::{Bitbucket, BitbucketSettings, Edition, Permission};
use dipper::sandbox::clock::Clock as SandboxClock;
use dipper::sandbox::slack::{Person, Slack, SlackSettings};
use dipper::seal::new_key;
use dipper::settings::Settings;

/// Why a run ended early.
type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

const PEOPLE: usize = 50;
const ROUNDS: usize = 10;
const REPOSITORIES: usize = 40;
/// How long one waits for a form to open.
const PATIENCE: Duration = Duration::from_secs(10);
const TYPED: [&str; 3] = ["", "s", "se"];

/// What is measured.
#[derive(Default)]
struct Waits {
    acknowledged: Vec<Duration>,
    opened: Vec<Duration>,
    looked_up: Vec<Duration>,
}

#[tokio::main]
async fn main() -> Outcome<()> {
    let directory = tempfile::tempdir()?;
    let clock = SandboxClock::system();
    let slack = SlackSettings {
        signing_secret: "signing-secret".to_owned(),
        bot_token: "xoxb-bot-token".to_owned(),
        team: "T0DIPPER".to_owned(),
        team_name: "dipper".to_owned(),
        // Slack's tiers would make fifty people in one workspace wait; they are not what is measured.
        enforce_pace: false,
    };
    let slack = Slack::start(clock.clone(), slack).await?;
    let bitbucket = Bitbucket::start(clock, BitbucketSettings::default()).await?;
    furnish(&slack, &bitbucket);
    let database = format!("sqlite://{}", directory.path().join("people.db").display());
    let settings = settings(&slack, &bitbucket, &database)?;
    let bot = App::start(&settings, Clock::system()).await?;
    slack.point_at(&format!("http://{}", bot.address));
    for at in 0..PEOPLE {
        connect(&person(&slack, at)?, &bitbucket).await?;
    }
    let slack = Arc::new(slack);
    let busy: Vec<_> = (0..PEOPLE)
        .map(|at| {
            let slack = slack.clone();
            tokio::spawn(async move { work(&person(&slack, at)?).await })
        })
        .collect();
    let mut all = Waits::default();
    for one in busy {
        let one = one.await??;
        all.acknowledged.extend(one.acknowledged);
        all.opened.extend(one.opened);
        all.looked_up.extend(one.looked_up);
    }
    println!("| {PEOPLE} people at once | times | p50 | p99 | slowest |\n|---|--:|--:|--:|--:|");
    tell("a command is acknowledged", all.acknowledged);
    tell("a form is open", all.opened);
    tell("choices are offered", all.looked_up);
    bot.stop().await;
    Ok(())
}

fn furnish(slack: &Slack, bitbucket: &Bitbucket) {
    let names: Vec<String> = (0..PEOPLE).map(|at| format!("person{at}")).collect();
    for name in &names {
        let email = format!("{name}@example.test");
        slack.add_person(name, &email, "Europe/Berlin");
        bitbucket.add_person(name, name, &email);
    }
    let members: Vec<Person> = names.iter().filter_map(|name| slack.person(name)).collect();
    slack.add_channel("web", false, &members.iter().collect::<Vec<_>>());
    for at in 0..REPOSITORIES {
        let repo = bitbucket.add_repository(Edition::Cloud, &format!("web/service-{at}"));
        let repo = names.iter().fold(repo, |repo, name| repo.allow(name, Permission::Write));
        for branch in 0..10 {
            let _branch = repo.branch(&format!("set-{branch}")).with_commit("Set it", "person0");
        }
    }
}

fn settings(slack: &Slack, bitbucket: &Bitbucket, database: &str) -> Outcome<Settings> {
    let listen = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.to_string();
    let base = format!("http://{listen}");
    bitbucket.register_callback(Edition::Cloud, &format!("{base}/bitbucket/cloud/oauth/callback"));
    let (client, secret) = bitbucket.oauth_client(Edition::Cloud);
    let key = new_key();
    let read = |name: &str| {
        Some(match name {
            "DIPPER_DATABASE_URL" => database.to_owned(),
            "DIPPER_LISTEN" => listen.clone(),
            "DIPPER_PUBLIC_URL" => base.clone(),
            "DIPPER_KEYS" => key.clone(),
            "SLACK_API_URL" => slack.api_url(),
            "SLACK_BOT_TOKEN" => "xoxb-bot-token".to_owned(),
            "SLACK_SIGNING_SECRET" => "signing-secret".to_owned(),
            "BITBUCKET_CLOUD_URL" => bitbucket.url(Edition::Cloud),
            "BITBUCKET_CLOUD_API_URL" => bitbucket.api_url(Edition::Cloud),
            "BITBUCKET_CLOUD_CLIENT_ID" => client.clone(),
            "BITBUCKET_CLOUD_CLIENT_SECRET" => secret.clone(),
            _ => return None,
        })
    };
    Ok(Settings::from(&read, "")?)
}

fn person(slack: &Slack, at: usize) -> Outcome<Person> {
    slack.person(&format!("person{at}")).ok_or_else(|| "somebody is missing".into())
}

/// Connects an account by a token of one's own: all who come by OAuth would share one consumer's thousand calls
/// an hour, which is Bitbucket's pace and not what is measured.
async fn connect(person: &Person, bitbucket: &Bitbucket) -> Outcome<()> {
    person.types("#web", "/bb token cloud").await;
    let asked = until("asking for a token", || person.told().into_iter().next()).await?;
    person.clicks(&asked, "Use a token for cloud").await;
    until("the form for a token", || person.form()).await?;
    person.fills("E-mail of that account", &format!("{}@example.test", person.name)).await;
    person.fills("API token", &bitbucket.personal_token(Edition::Cloud, &person.name)).await;
    person.submits().await;
    until("connecting", || person.form().filter(|form| form.body["submit"].is_null())).await?;
    person.closes().await;
    let _welcome = person.told();
    Ok(())
}

/// What one of them does, and how long they wait for each thing.
async fn work(person: &Person) -> Outcome<Waits> {
    let mut waits = Waits::default();
    for _ in 0..ROUNDS {
        let ack = person.types("#web", "/bb whoami").await;
        waits.acknowledged.push(ack.took);
        let begun = Instant::now();
        let ack = person.types("#web", "/bb pr open").await;
        waits.acknowledged.push(ack.took);
        until("opening a form", || person.form()).await?;
        waits.opened.push(begun.elapsed());
        for typed in TYPED {
            waits.looked_up.push(offered(person, "Repository", typed).await?);
        }
        person.picks("Repository", "service-7", "web/service-7").await;
        for typed in TYPED {
            waits.looked_up.push(offered(person, "Source branch", typed).await?);
        }
        person.closes().await;
        let _read = person.told();
    }
    Ok(waits)
}

/// How long it takes until there is something to choose.
async fn offered(person: &Person, field: &str, typed: &str) -> Outcome<Duration> {
    let begun = Instant::now();
    let offered = person.looks_up(field, typed).await;
    if offered.is_empty() {
        Err(format!("{field} offers nothing for `{typed}`").into())
    } else {
        Ok(begun.elapsed())
    }
}

async fn until<T>(what: &str, look: impl Fn() -> Option<T>) -> Outcome<T> {
    let begun = Instant::now();
    while begun.elapsed() < PATIENCE {
        if let Some(found) = look() {
            return Ok(found);
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    Err(format!("nothing came of {what} within {PATIENCE:?}").into())
}

fn tell(what: &str, mut waits: Vec<Duration>) {
    waits.sort_unstable();
    let at = |share: usize| waits.get((waits.len() * share / 100).min(waits.len().saturating_sub(1)));
    let shown = |wait: Option<&Duration>| {
        wait.map(|wait| format!("{:.1} ms", wait.as_secs_f64() * 1000.0)).unwrap_or_default()
    };
    println!(
        "| {what} | {} | {} | {} | {} |",
        waits.len(),
        shown(at(50)),
        shown(at(99)),
        shown(waits.last()),
    );
}
