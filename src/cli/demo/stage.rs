//! The demo's stage: a sandbox, and the bot as `serve` runs it, on a database that is thrown away.

use std::path::PathBuf;
use std::time::Duration;

use super::Broken;
use crate::app::App;
use crate::clock::{Clock, random_name};
use crate::sandbox::bitbucket::{Bitbucket, BitbucketSettings, Edition, Permission, RepoHandle};
use crate::sandbox::clock::Clock as SandboxClock;
use crate::sandbox::slack::{Person, Slack, SlackSettings};
use crate::seal::new_key;
use crate::settings::Settings;

/// Both, in the order they are played.
pub const EDITIONS: [Edition; 2] = [Edition::Cloud, Edition::DataCenter];

/// Everything a scene needs.
pub struct Stage {
    /// Which Bitbucket is played.
    pub edition: Edition,
    /// The local Slack.
    pub slack: Slack,
    /// The local Bitbucket.
    pub bitbucket: Bitbucket,
    /// How long a scene waits for something to happen.
    pub patience: Duration,
    repo: RepoHandle,
    bot: App,
    clocks: (Clock, SandboxClock),
    database: PathBuf,
}

impl Stage {
    /// Builds it and starts the bot. Nothing of the operator's settings is read.
    pub async fn set(edition: Edition) -> Result<Self, Broken> {
        let broken = |why: String| Broken { hop: "setting the stage", why };
        let clocks = (Clock::system(), SandboxClock::system());
        let (bot_token, signing_secret) = (format!("xoxb-{}", random_name(12)), random_name(16));
        let slack = SlackSettings {
            signing_secret: signing_secret.clone(),
            bot_token: bot_token.clone(),
            team: "T0DEMO".to_owned(),
            team_name: "demo".to_owned(),
            enforce_pace: true,
        };
        let slack = Slack::start(clocks.1.clone(), slack).await.map_err(|error| broken(error.to_string()))?;
        let webhook_secret = random_name(16);
        let secrets = BitbucketSettings {
            cloud_webhook_secret: Some(webhook_secret.clone()),
            dc_webhook_secret: Some(webhook_secret.clone()),
        };
        let bitbucket =
            Bitbucket::start(clocks.1.clone(), secrets).await.map_err(|error| broken(error.to_string()))?;
        let repo = furnish(&slack, &bitbucket, edition);
        let database = std::env::temp_dir().join(format!("dipper-demo-{}.db", random_name(8)));
        let listen = std::net::TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr());
        let listen = listen.map_err(|error| broken(error.to_string()))?.to_string();
        let (id, secret) = bitbucket.oauth_client(edition);
        let prefix = if edition == Edition::Cloud { "BITBUCKET_CLOUD" } else { "BITBUCKET_DC" };
        let value = |name: &str| match name.strip_prefix(prefix).unwrap_or(name) {
            "DIPPER_DATABASE_URL" => Some(format!("sqlite://{}", database.display())),
            "DIPPER_LISTEN" => Some(listen.clone()),
            "DIPPER_PUBLIC_URL" => Some(format!("http://{listen}")),
            "DIPPER_KEYS" => Some(new_key()),
            "SLACK_API_URL" => Some(slack.api_url()),
            "SLACK_BOT_TOKEN" => Some(bot_token.clone()),
            "SLACK_SIGNING_SECRET" => Some(signing_secret.clone()),
            "_URL" => Some(bitbucket.url(edition)),
            "_API_URL" => Some(bitbucket.api_url(edition)),
            "_CLIENT_ID" => Some(id.clone()),
            "_CLIENT_SECRET" => Some(secret.clone()),
            "_WEBHOOK_SECRET" => Some(webhook_secret.clone()),
            _ => None,
        };
        let settings = Settings::from(&value, "").map_err(|error| broken(error.to_string()))?;
        let bot = App::start(&settings, clocks.0.clone()).await.map_err(|error| broken(error.to_string()))?;
        let base = format!("http://{}", bot.address);
        slack.point_at(&base);
        bitbucket.point_at(&base);
        bitbucket.register_callback(edition, &base);
        bitbucket.auto_deliver(true);
        let patience = Duration::from_secs(10);
        Ok(Self { edition, slack, bitbucket, patience, repo, bot, clocks, database })
    }

    /// A person on it.
    pub fn person(&self, name: &str) -> Result<Person, Broken> {
        let found = self.slack.person(name);
        found.ok_or_else(|| Broken { hop: "setting the stage", why: format!("{name} is not in this Slack") })
    }

    /// The repository the scene is about.
    pub fn repo(&self) -> &RepoHandle {
        &self.repo
    }

    /// What the bot calls this Bitbucket.
    pub fn instance(&self) -> &'static str {
        match self.edition {
            Edition::Cloud => "cloud",
            Edition::DataCenter => "dc",
        }
    }

    /// Moves time, for the bot and for its world.
    pub fn advance(&self, by: Duration) {
        self.clocks.0.advance(by);
        self.clocks.1.advance(by);
    }

    /// Stops the bot and throws its database away.
    pub async fn strike(self) {
        self.bot.stop().await;
        for ending in ["", "-wal", "-shm", ".lock"] {
            let mut file = self.database.clone().into_os_string();
            file.push(ending);
            // Not every one of them is there.
            let _ = std::fs::remove_file(file);
        }
    }
}

fn furnish(slack: &Slack, bitbucket: &Bitbucket, edition: Edition) -> RepoHandle {
    for name in ["ada", "grace"] {
        let email = format!("{name}@example.test");
        slack.add_person(name, &email, "Europe/Berlin");
        bitbucket.add_person(name, name, &email);
    }
    let members: Vec<Person> = ["ada", "grace"].iter().filter_map(|name| slack.person(name)).collect();
    slack.add_channel("web", false, &members.iter().collect::<Vec<_>>());
    let repo = bitbucket.add_repository(edition, "web/api");
    let repo = repo.allow("ada", Permission::Write).allow("grace", Permission::Write).default_reviewer("ada");
    for (branch, message) in [("limit-rate", "Limit the rate"), ("fix-typo", "Fix a typo in the greeting")] {
        let _branch = repo.branch(branch).with_commit(message, "grace");
    }
    repo
}
