//! The bot as operators run it: the real program as a process of its own, under load, stopped and killed.

mod check;
mod commands;
mod copy;
mod crash;
mod demo;
mod full;
mod jobs;
mod load;
mod page;
mod start;
mod stop;

use std::fs::File;
use std::process::{ExitStatus, Output, Stdio};
use std::time::{Duration, Instant};

use dipper::sandbox::bitbucket::{Bitbucket, BitbucketSettings, Edition};
use dipper::sandbox::clock::Clock;
use dipper::sandbox::slack::{Person, Slack, SlackSettings};
use dipper::store::Store;
use dipper::words::names::{Channel, SlackUser, Team, Topic};
use dipper::words::wish::Wish;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};

/// How long anything may take that should happen soon.
pub const SOON: Duration = Duration::from_secs(30);
const TEAM: &str = "T0DIPPER";

/// What a process lives among: a Slack, a Bitbucket Cloud, a folder, an address.
struct Surroundings {
    slack: Slack,
    bitbucket: Bitbucket,
    folder: TempDir,
    base: String,
    settings: Vec<(&'static str, String)>,
}

/// `dipper serve`, up and listening.
struct Process {
    child: Child,
    _output: Lines<BufReader<ChildStdout>>,
    /// How long it took from nothing to listening.
    took: Duration,
}

impl Surroundings {
    /// With a SQLite file of their own.
    async fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let url = format!("sqlite://{}", folder.path().join("dipper.db").display());
        Self::around(folder, &url).await
    }

    /// Around a database.
    async fn on(url: &str) -> Self {
        Self::around(TempDir::new().unwrap(), url).await
    }

    async fn around(folder: TempDir, url: &str) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let slack = SlackSettings {
            signing_secret: "signing-secret".to_owned(),
            bot_token: "xoxb-token".to_owned(),
            team: TEAM.to_owned(),
            team_name: "dipper".to_owned(),
            enforce_pace: false,
        };
        let slack = Slack::start(Clock::system(), slack).await.unwrap();
        let secret = Some("webhook-secret".to_owned());
        let secrets = BitbucketSettings { cloud_webhook_secret: secret, dc_webhook_secret: None };
        let bitbucket = Bitbucket::start(Clock::system(), secrets).await.unwrap();
        let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let listen = free.local_addr().unwrap().to_string();
        let base = format!("http://{listen}");
        slack.point_at(&base);
        bitbucket.point_at(&base);
        bitbucket.register_callback(Edition::Cloud, &base);
        let settings = settings(&slack, &bitbucket, &listen, url);
        Self { slack, bitbucket, folder, base, settings }
    }

    /// Sets one of the settings, or sets it anew.
    fn set(&mut self, name: &'static str, value: &str) {
        self.unset(name);
        self.settings.push((name, value.to_owned()));
    }

    fn unset(&mut self, prefix: &str) {
        self.settings.retain(|(known, _)| !known.starts_with(prefix));
    }

    fn database(&self) -> &str {
        let found = self.settings.iter().find(|(name, _)| *name == "DIPPER_DATABASE_URL");
        &found.expect("the database is always set").1
    }

    /// The database itself, beside the process.
    async fn store(&self) -> Store {
        Store::open(self.database(), dipper::clock::Clock::system()).await.unwrap()
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_dipper"));
        command.args(arguments).env_clear().envs(self.settings.iter().cloned());
        command.current_dir(self.folder.path()).stdin(Stdio::null()).kill_on_drop(true);
        command
    }

    /// Runs a command to its end.
    async fn run(&self, arguments: &[&str]) -> Output {
        let ended = tokio::time::timeout(SOON, self.command(arguments).output()).await;
        ended.unwrap_or_else(|_| panic!("`dipper {}` does not end", arguments.join(" "))).unwrap()
    }

    /// Starts the bot and waits until it listens.
    async fn serve(&self) -> Process {
        let log = File::options().create(true).append(true).open(self.folder.path().join("log")).unwrap();
        let begun = Instant::now();
        let mut child =
            self.command(&["serve"]).stdout(Stdio::piped()).stderr(Stdio::from(log)).spawn().unwrap();
        let mut output = BufReader::new(child.stdout.take().unwrap()).lines();
        let line = tokio::time::timeout(SOON, output.next_line()).await;
        let line = line.ok().and_then(Result::ok).flatten();
        let listening = line.as_deref().and_then(|line| line.strip_prefix("listening on "));
        assert_eq!(listening, self.base.strip_prefix("http://"), "{}", self.log());
        Process { child, _output: output, took: begun.elapsed() }
    }

    /// The end of what the processes logged.
    fn log(&self) -> String {
        let text = std::fs::read_to_string(self.folder.path().join("log")).unwrap_or_default();
        let lines: Vec<&str> = text.lines().collect();
        lines[lines.len().saturating_sub(40)..].join("\n")
    }

    /// A person in Slack and on Bitbucket.
    fn person(&self, name: &str) -> Person {
        let email = format!("{name}@example.test");
        self.bitbucket.add_person(name, name, &email);
        self.slack.add_person(name, &email, "Europe/Berlin")
    }

    /// A channel with this person and the bot in it, told of a repository.
    async fn channel_told_of(&self, name: &str, repo: &str, topics: &[Topic], member: &Person) -> String {
        let id = self.slack.add_channel(name, false, &[member]);
        self.slack.invite_bot(name);
        let channel = Channel { team: Team::new(TEAM), id: id.clone() };
        let asker = SlackUser { team: Team::new(TEAM), id: member.id.clone() };
        let store = self.store().await;
        store.migrate().await.unwrap();
        let mut tx = store.begin().await.unwrap();
        tx.subscribe(&channel, &format!("cloud:{repo}").parse().unwrap(), &Wish::of(topics), &asker)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        store.close().await;
        id
    }

    /// What the bot says to everybody in a channel: each message's text.
    fn said_in(&self, channel: &str) -> Vec<String> {
        self.slack.with_world(|world| {
            let said = world.seen_by_all(channel).filter(|message| message.bot_id.is_some());
            said.map(|message| format!("{}{:?}{:?}", message.text, message.blocks, message.attachments))
                .collect()
        })
    }
}

impl Process {
    /// SIGTERM, as an operator stops it.
    async fn term(&mut self) {
        let pid = self.child.id().expect("it runs").to_string();
        let sent = Command::new("kill").args(["-TERM", &pid]).status().await.unwrap();
        assert!(sent.success());
    }

    /// How it ended, which it does within twenty seconds.
    async fn ended(mut self) -> ExitStatus {
        let ended = tokio::time::timeout(Duration::from_secs(20), self.child.wait()).await;
        ended.expect("it ends within twenty seconds").unwrap()
    }

    /// SIGTERM, and a good end.
    async fn stops(mut self) {
        self.term().await;
        assert_eq!(self.ended().await.code(), Some(0));
    }

    /// SIGKILL: it has no say in the matter.
    async fn dies(mut self) {
        self.child.kill().await.unwrap();
    }
}

/// Waits until it is so.
pub async fn until(what: &str, patience: Duration, mut so: impl AsyncFnMut() -> bool) {
    let begun = Instant::now();
    while !so().await {
        assert!(begun.elapsed() < patience, "not in time: {what}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// The one sentence an error is told in.
fn sentence(output: &Output) -> String {
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 1, "one sentence was to be said:\n{text}");
    lines[0].strip_prefix("dipper: ").expect("it says who speaks").to_owned()
}

fn printed(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn settings(slack: &Slack, bitbucket: &Bitbucket, listen: &str, url: &str) -> Vec<(&'static str, String)> {
    let (id, secret) = bitbucket.oauth_client(Edition::Cloud);
    vec![
        ("DIPPER_DATABASE_URL", url.to_owned()),
        ("DIPPER_LISTEN", listen.to_owned()),
        ("DIPPER_PUBLIC_URL", format!("http://{listen}")),
        ("DIPPER_KEYS", dipper::seal::new_key()),
        ("SLACK_API_URL", slack.api_url()),
        ("SLACK_BOT_TOKEN", "xoxb-token".to_owned()),
        ("SLACK_SIGNING_SECRET", "signing-secret".to_owned()),
        ("BITBUCKET_CLOUD_URL", bitbucket.url(Edition::Cloud)),
        ("BITBUCKET_CLOUD_API_URL", bitbucket.api_url(Edition::Cloud)),
        ("BITBUCKET_CLOUD_CLIENT_ID", id),
        ("BITBUCKET_CLOUD_CLIENT_SECRET", secret),
        ("BITBUCKET_CLOUD_WEBHOOK_SECRET", "webhook-secret".to_owned()),
    ]
}
