//! The world a play happens in: people in a Slack, a Bitbucket of one edition, and the bot between
//! them, joined as `dipper serve` joins it. Nothing runs by itself: time stands still until a play
//! moves it, and `settle` lets the bot do all that is due.

mod line;
mod person;

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::Duration;

use dipper::app;
use dipper::bot::Bot;
use dipper::clock::Clock;
use dipper::http::{self, Doors};
use dipper::sandbox::bitbucket::{Bitbucket, BitbucketSettings, Edition, Permission, RepoHandle};
use dipper::sandbox::slack::{Message, Slack, SlackSettings};
use dipper::sandbox::wire::Fault;
use dipper::sandbox::{clock as sandbox_clock, transcript};
use dipper::schedule;
use dipper::settings::Settings;
use dipper::socket::Pace;
use dipper::store::Hold;
use dipper::worker::Worker;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::database::Database;
use crate::{drawn, log};

use line::Held;
pub use person::Person;

/// Saturday morning, 21 November 2026, 09:00 in Berlin.
pub const START: i64 = 1_795_248_000_000;
pub const SIGNING_SECRET: &str = "signing-secret-of-the-sandbox";
const BOT_TOKEN: &str = "xoxb-the-bots-own-token";
pub const WEBHOOK_SECRET: &str = "webhook-secret-of-the-sandbox";

/// A play's world.
pub struct World {
    pub slack: Slack,
    pub bitbucket: Bitbucket,
    pub clock: Clock,
    pub edition: Edition,
    /// How patient the bot is with its web socket, where it has one.
    pub pace: Pace,
    sandbox_clock: sandbox_clock::Clock,
    database: Database,
    base: String,
    /// Held from the beginning, so that nobody else takes the address before the bot first listens.
    door: Option<TcpListener>,
    running: Option<Box<Running>>,
    settings: Vec<(&'static str, String)>,
    aside: Mutex<Vec<(String, &'static [&'static str])>>,
}

struct Running {
    bot: Bot,
    worker: Worker,
    server: JoinHandle<()>,
    socket: Option<Held>,
    settings: Settings,
    hold: Hold,
}

/// Plays the same play once on each edition: it must read the same.
pub async fn on_both(play: impl AsyncFn(World)) {
    for edition in [Edition::Cloud, Edition::DataCenter] {
        Box::pin(play(World::on(edition).await)).await;
    }
}

impl World {
    /// A world whose Bitbucket is of this edition.
    pub async fn on(edition: Edition) -> Self {
        Self::with(edition, &[]).await
    }

    /// The same, with settings of its own.
    pub async fn with(edition: Edition, more: &[(&'static str, &str)]) -> Self {
        log::start();
        let _ = rustls::crypto::ring::default_provider().install_default();
        let sandbox_clock = sandbox_clock::Clock::still(START);
        let slack = SlackSettings {
            signing_secret: SIGNING_SECRET.to_owned(),
            bot_token: BOT_TOKEN.to_owned(),
            team: "T0DIPPER".to_owned(),
            team_name: "dipper".to_owned(),
            enforce_pace: true,
        };
        let slack = Slack::start(sandbox_clock.clone(), slack).await.unwrap();
        let secrets = BitbucketSettings {
            cloud_webhook_secret: Some(WEBHOOK_SECRET.to_owned()),
            dc_webhook_secret: Some(WEBHOOK_SECRET.to_owned()),
        };
        let bitbucket = Bitbucket::start(sandbox_clock.clone(), secrets).await.unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let mut world = Self {
            settings: settings(&slack, &bitbucket, edition, &base, more),
            slack,
            bitbucket,
            clock: Clock::still(START),
            edition,
            pace: line::quick(),
            sandbox_clock,
            database: Database::fresh().await,
            base,
            door: Some(listener),
            running: None,
            aside: Mutex::default(),
        };
        world.furnish();
        if !world.setting("SLACK_APP_TOKEN").is_empty() {
            world.slack.switch_on_sockets();
        }
        world.wake().await;
        world
    }

    /// People, a channel and a repository that most plays need.
    fn furnish(&self) {
        self.slack.point_at(&self.base);
        self.bitbucket.point_at(&self.base);
        let callback = format!("{}/bitbucket/{}/oauth/callback", self.base, self.instance());
        self.bitbucket.register_callback(self.edition, &callback);
        for name in ["ada", "grace", "edsger"] {
            let email = format!("{name}@example.test");
            self.slack.add_person(name, &email, "Europe/Berlin");
            self.bitbucket.add_person(name, name, &email);
        }
        let members = ["ada", "grace", "edsger"].map(|name| self.slack.person(name).unwrap());
        self.slack.add_channel("web", false, &members.iter().collect::<Vec<_>>());
        let repo = self.repository("web/api");
        let _branch = repo.branch("limit-rate").with_commit("Limit the rate", "grace");
    }

    /// A repository in which everybody may write.
    pub fn repository(&self, name: &str) -> RepoHandle {
        let existing = self.bitbucket.repositories().into_iter();
        let existing = existing.filter(|repo| repo.edition() == self.edition);
        let found = existing.into_iter().find(|repo| repo.name().eq_ignore_ascii_case(name));
        found.unwrap_or_else(|| {
            let repo = self.bitbucket.add_repository(self.edition, name);
            ["ada", "grace", "edsger"].iter().fold(repo, |repo, person| repo.allow(person, Permission::Write))
        })
    }

    /// A repository as this edition writes it.
    pub fn called(&self, name: &str) -> String {
        self.repository(name).name().to_owned()
    }

    /// What the bot calls the Bitbucket of this world.
    pub fn instance(&self) -> &'static str {
        match self.edition {
            Edition::Cloud => "cloud",
            Edition::DataCenter => "dc",
        }
    }

    /// Where the bot listens.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// Its database, for what the bot itself would never do to it.
    pub fn database_url(&self) -> &str {
        self.database.url()
    }

    /// The bot itself, for what no person can see.
    pub fn bot(&self) -> &Bot {
        &self.running().bot
    }

    fn running(&self) -> &Running {
        self.running.as_ref().expect("the bot runs")
    }

    /// Starts the bot on this world's database.
    async fn wake(&mut self) {
        let read = |name: &str| {
            let (_, value) = self.settings.iter().find(|(known, _)| *known == name)?;
            Some(value.replace("DATABASE", self.database.url()))
        };
        let settings = Settings::from(&read, &self.setting("dipper.toml")).unwrap();
        // A process that another play starts in this very moment holds our files until it is itself.
        let mut joined = app::assemble(&settings, &self.clock).await;
        for _ in 0..500 {
            let held = joined.as_ref().is_err_and(|error| error.to_string().contains("in use by another"));
            if !held {
                break;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
            joined = app::assemble(&settings, &self.clock).await;
        }
        let (bot, hold) = joined.unwrap();
        let router = http::router(Doors::new(bot.clone(), settings.slack.signing_secret.clone()))
            .merge(http::operator(bot.clone(), app::figures()));
        let listener = match self.door.take() {
            Some(door) => door,
            None => self.same_address().await,
        };
        let server = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        let socket = Box::pin(Held::open(&settings, &bot, &self.pace)).await;
        let worker = Worker::new(bot.clone());
        let running = Running { bot, worker, server, socket, settings, hold };
        self.running = Some(Box::new(running));
    }

    /// Listens where the bot did. A connection of the one before may hold the address for a moment.
    async fn same_address(&self) -> TcpListener {
        let address = self.base.trim_start_matches("http://");
        let mut bound = TcpListener::bind(address).await;
        for _ in 0..500 {
            if bound.is_ok() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
            bound = TcpListener::bind(address).await;
        }
        bound.expect("the address the bot had")
    }

    /// Kills the bot where it stands and starts another on the same database.
    pub async fn restart(&mut self) {
        let gone = *self.running.take().expect("the bot runs");
        gone.server.abort();
        let _ = gone.server.await;
        Box::pin(Held::hang_up(gone.socket)).await;
        gone.bot.store.close().await;
        drop((gone.bot, gone.worker));
        drop(gone.hold);
        self.wake().await;
    }

    /// The same, with one of its settings changed.
    pub async fn restart_with(&mut self, name: &'static str, value: &str) {
        self.set(name, value);
        self.restart().await;
    }

    /// Changes one of its settings, which it reads when it starts again.
    pub fn set(&mut self, name: &'static str, value: &str) {
        self.settings.retain(|(known, _)| *known != name);
        self.settings.push((name, value.to_owned()));
    }

    /// The same, with several that belong together.
    pub async fn restart_with_all(&mut self, changed: Vec<(&'static str, String)>) {
        self.settings.retain(|(known, _)| changed.iter().all(|(name, _)| name != known));
        self.settings.extend(changed);
        self.restart().await;
    }

    /// What one of its settings is.
    pub fn setting(&self, name: &str) -> String {
        let found = self.settings.iter().find(|(known, _)| *known == name);
        found.map(|(_, value)| value.replace("DATABASE", self.database.url())).unwrap_or_default()
    }

    /// Runs a command of the operator's beside the bot, with the settings it has: how it ends, and what it says.
    pub async fn operator(&self, arguments: &[&str]) -> (Option<i32>, String) {
        let settings = self.settings.iter().map(|(name, _)| (*name, self.setting(name)));
        let mut command = tokio::process::Command::new(env!("CARGO_BIN_EXE_dipper"));
        command.args(arguments).env_clear().envs(settings).kill_on_drop(true);
        let output = command.output().await.unwrap();
        let text = [output.stdout, output.stderr].concat();
        (output.status.code(), String::from_utf8(text).unwrap())
    }

    /// Runs exactly one job.
    pub async fn step(&self) -> bool {
        Box::pin(self.running().worker.step()).await.unwrap()
    }

    /// Lets everything happen that is due: deliveries arrive, jobs run, Slack's pace is kept by
    /// moving time as far as the bot was asked to wait.
    pub async fn settle(&self) {
        for _ in 0..400 {
            self.bitbucket.deliver().await;
            self.tick().await;
            let mut worked = false;
            while self.step().await {
                worked = true;
            }
            let soon = self.bot().store.next_due().await.unwrap();
            let wait = soon.map(|due| due - self.clock.millis()).filter(|wait| (1..=3_000).contains(wait));
            match wait {
                Some(wait) => self.move_clocks(Duration::from_millis(wait.unsigned_abs())),
                None if !worked => return,
                None => {}
            }
        }
        panic!("the bot does not come to rest:\n{}", self.transcript());
    }

    /// Lets the schedule look at the clock, and nobody work.
    pub async fn tick(&self) {
        schedule::tick(&self.running().bot, self.running().settings.keep).await.unwrap();
    }

    /// Moves time and lets everything happen that has become due.
    pub async fn advance(&self, by: Duration) {
        self.move_clocks(by);
        self.settle().await;
    }

    /// Moves time, and nothing else.
    pub fn move_clocks(&self, by: Duration) {
        self.clock.advance(by);
        self.sandbox_clock.advance(by);
    }

    /// A refusal in Bitbucket's own words.
    pub fn refusing(&self) -> Fault {
        let body = match self.edition {
            Edition::Cloud => r#"{"type":"error","error":{"message":"Not while the moon is full."}}"#,
            Edition::DataCenter => r#"{"errors":[{"message":"Not while the moon is full."}]}"#,
        };
        Fault::Refuse { status: 400, retry_after: None, body }
    }

    /// Bitbucket in trouble.
    pub fn failing() -> Fault {
        Fault::Refuse { status: 503, retry_after: None, body: "" }
    }

    /// A person, on both sides.
    pub fn person(&self, name: &str) -> Person<'_> {
        Person::of(self, name)
    }

    /// What a channel has heard since it was last asked, as a person reads it; one paragraph a message.
    pub fn hears(&self, channel: &str) -> String {
        self.read(&self.slack.heard(channel))
    }

    /// The messages themselves, to act on.
    pub fn messages(&self, channel: &str) -> Vec<Message> {
        self.slack.heard(channel)
    }

    /// Messages as a person reads them, the same on both editions.
    pub fn read(&self, messages: &[Message]) -> String {
        let texts = messages.iter().map(|message| {
            let mark = match (message.reread, message.thread_ts.is_some()) {
                (true, _) => "(edited) ",
                (_, true) => "(in the thread) ",
                _ => "",
            };
            format!("{mark}{}", transcript::message(message, &self.slack.names()))
        });
        self.same_on_both(&texts.collect::<Vec<_>>().join("\n\n"))
    }

    /// Data Center writes project keys in capitals and is called otherwise; all else must read the same.
    pub fn same_on_both(&self, text: &str) -> String {
        let text = text.split(' ').map(without_hash).collect::<Vec<_>>().join(" ");
        text.replace("WEB/", "web/")
            .replace(&format!("Connect {}", self.instance()), "Connect bitbucket")
            .replace(&format!("on {}", self.instance()), "on bitbucket")
            .replace(&format!("({})", self.instance()), "(bitbucket)")
    }

    /// Everything said so far, for a play that fails.
    pub fn transcript(&self) -> String {
        let all = self.slack.with_world(|world| world.messages.clone());
        all.iter()
            .map(|message| format!("{}: {}", message.channel_name, self.read(std::slice::from_ref(message))))
            .collect::<Vec<_>>()
            .join("\n---\n")
    }

    /// The play is about something else than what this person is told in private of such things: there may be
    /// direct messages to them that say nothing but that, and nobody has to read them.
    pub fn sets_aside(&self, person: &str, of: &'static [&'static str]) {
        self.aside.lock().unwrap().push((person.to_owned(), of));
    }

    /// Whether a message is to somebody who set such things aside, and says nothing else.
    fn is_aside(&self, message: &Message) -> bool {
        let aside = self.aside.lock().unwrap();
        let read = self.read(std::slice::from_ref(message));
        let said: Vec<&str> =
            read.trim_start_matches("(edited) ").lines().filter(|line| is_said(line)).collect();
        aside.iter().any(|(person, of)| {
            let theirs = self.slack.person(person).is_some_and(|person| person.reads_in_private(message));
            theirs && !said.is_empty() && said.iter().all(|line| of.iter().any(|words| line.contains(words)))
        })
    }

    /// Ends the play in silence: nothing unread, nothing waiting or buried, nothing asked that Slack or
    /// Bitbucket would refuse, no secret in the log.
    pub async fn finish(self) {
        self.settle().await;
        let mut unread = self.slack.unread();
        unread.retain(|message| !self.is_aside(message));
        assert!(unread.is_empty(), "nobody read this:\n{}\n\nof:\n{}", self.read(&unread), self.transcript());
        assert_eq!(self.slack.unexpected(), Vec::<String>::new(), "Slack was asked what it does not know");
        assert_eq!(
            self.bitbucket.unexpected(),
            Vec::<String>::new(),
            "Bitbucket was asked what it does not know"
        );
        let left = self.slack.faults.pending() + self.bitbucket.faults(self.edition).pending();
        assert_eq!(left, 0, "a fault was planned that nothing met");
        let mut jobs = BTreeMap::new();
        for row in self.bot().store.depth().await.unwrap() {
            jobs.insert((row.state, row.kind), row.jobs);
        }
        assert!(jobs.is_empty(), "work is left: {jobs:?}\n{}", log::tail());
        self.no_secret_in_the_log();
        drawn::leads_somewhere(&self.slack.requests());
        drawn::keep(&self.slack.requests());
        let running = *self.running.expect("the bot runs");
        running.server.abort();
        Box::pin(Held::hang_up(running.socket)).await;
        running.bot.store.close().await;
        self.database.drop().await;
    }

    fn no_secret_in_the_log(&self) {
        let text = log::everything();
        let keys =
            self.settings.iter().filter(|(name, _)| *name == "DIPPER_KEYS").map(|(_, value)| value.clone());
        for secret in self.slack.minted().into_iter().chain(self.bitbucket.minted()).chain(keys) {
            assert!(secret.len() < 8 || !text.contains(&secret), "the log holds a secret: {secret}");
        }
    }
}

/// Whether a line of a direct message says what happened, and not where, or what can be done about it.
fn is_said(line: &str) -> bool {
    let place = line.starts_with("web/") && line.contains(" → ");
    !place && !line.starts_with('[') && line != "News for you:"
}

/// Two repositories never have the same commits: their short hashes are shown as one.
fn without_hash(word: &str) -> String {
    let (line, hash) = word.rsplit_once('\n').map_or(("", word), |(line, hash)| (line, hash));
    if hash.len() == 7 && hash.chars().all(|c| c.is_ascii_hexdigit() && !c.is_ascii_uppercase()) {
        return if word.contains('\n') { format!("{line}\n0123abc") } else { "0123abc".to_owned() };
    }
    word.to_owned()
}

fn settings(
    slack: &Slack,
    bitbucket: &Bitbucket,
    edition: Edition,
    base: &str,
    more: &[(&'static str, &str)],
) -> Vec<(&'static str, String)> {
    let (id, secret) = bitbucket.oauth_client(edition);
    let mut settings: Vec<(&'static str, String)> =
        more.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
    settings.extend(line::wanted());
    settings.extend([
        ("DIPPER_DATABASE_URL", "DATABASE".to_owned()),
        ("DIPPER_PUBLIC_URL", base.to_owned()),
        ("DIPPER_KEYS", dipper::seal::new_key()),
        ("SLACK_API_URL", slack.api_url()),
        ("SLACK_BOT_TOKEN", BOT_TOKEN.to_owned()),
        ("SLACK_SIGNING_SECRET", SIGNING_SECRET.to_owned()),
    ]);
    settings.extend(match edition {
        Edition::Cloud => vec![
            ("BITBUCKET_CLOUD_URL", bitbucket.url(edition)),
            ("BITBUCKET_CLOUD_API_URL", bitbucket.api_url(edition)),
            ("BITBUCKET_CLOUD_CLIENT_ID", id),
            ("BITBUCKET_CLOUD_CLIENT_SECRET", secret),
            ("BITBUCKET_CLOUD_WEBHOOK_SECRET", WEBHOOK_SECRET.to_owned()),
        ],
        Edition::DataCenter => vec![
            ("BITBUCKET_DC_URL", bitbucket.url(edition)),
            ("BITBUCKET_DC_API_URL", bitbucket.api_url(edition)),
            ("BITBUCKET_DC_CLIENT_ID", id),
            ("BITBUCKET_DC_CLIENT_SECRET", secret),
            ("BITBUCKET_DC_WEBHOOK_SECRET", WEBHOOK_SECRET.to_owned()),
        ],
    });
    settings
}
