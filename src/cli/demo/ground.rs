//! What every demo stands on: a sandbox, and the bot as `serve` runs it, on a database that is thrown away.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::Broken;
use crate::app::{self, App};
use crate::clock::{Clock, random_name};
use crate::sandbox::bitbucket::{Bitbucket, BitbucketSettings, Edition};
use crate::sandbox::clock::Clock as SandboxClock;
use crate::sandbox::slack::{Person, Slack, SlackSettings};
use crate::seal::new_key;
use crate::settings::Settings;

/// How often one looks whether something has happened.
const LOOK: Duration = Duration::from_millis(5);
/// How long one waits for it.
const PATIENCE: Duration = Duration::from_secs(10);
/// So many addresses are tried.
const TRIES: usize = 5;

/// It.
pub(super) struct Ground {
    pub(super) slack: Slack,
    pub(super) bitbucket: Bitbucket,
    pub(super) bot: App,
    clocks: Clocks,
    database: PathBuf,
}

/// The bot's time and its world's, which go together.
pub(super) struct Clocks(Clock, SandboxClock);

impl Clocks {
    /// The machine's.
    pub(super) fn system() -> Self {
        Self(Clock::system(), SandboxClock::system())
    }

    /// The machine's, put ahead so that it is now this moment.
    pub(super) fn beginning_at(millis: i64) -> Self {
        let clocks = Self::system();
        let ahead = u64::try_from(millis - clocks.0.millis()).unwrap_or_default();
        clocks.advance(Duration::from_millis(ahead));
        clocks
    }

    fn advance(&self, by: Duration) {
        self.0.advance(by);
        self.1.advance(by);
    }
}

/// What bot and sandbox must agree on.
struct Secrets {
    bot_token: String,
    signing: String,
    webhook: String,
}

/// What the bot calls a Bitbucket.
pub(super) fn instance(edition: Edition) -> &'static str {
    match edition {
        Edition::Cloud => "cloud",
        Edition::DataCenter => "dc",
    }
}

#[expect(clippy::needless_pass_by_value, reason = "so that it can be handed to `map_err`")]
fn broken(why: impl ToString) -> Broken {
    Broken { hop: "setting the stage", why: why.to_string() }
}

impl Ground {
    /// Starts a sandbox, lets it be furnished, and starts the bot, which knows these Bitbuckets of it.
    /// Nothing of the operator's settings is read.
    pub(super) async fn lay(
        clocks: Clocks,
        team_name: &str,
        editions: &[Edition],
        furnish: impl FnOnce(&Slack, &Bitbucket) -> Result<(), Broken>,
    ) -> Result<Self, Broken> {
        let secrets = Secrets {
            bot_token: format!("xoxb-{}", random_name(12)),
            signing: random_name(16),
            webhook: random_name(16),
        };
        let slack = SlackSettings {
            signing_secret: secrets.signing.clone(),
            bot_token: secrets.bot_token.clone(),
            team: super::TEAM.to_owned(),
            team_name: team_name.to_owned(),
            enforce_pace: true,
        };
        let slack = Slack::start(clocks.1.clone(), slack).await.map_err(broken)?;
        let hooks = BitbucketSettings {
            cloud_webhook_secret: Some(secrets.webhook.clone()),
            dc_webhook_secret: Some(secrets.webhook.clone()),
        };
        let bitbucket = Bitbucket::start(clocks.1.clone(), hooks).await.map_err(broken)?;
        furnish(&slack, &bitbucket)?;
        let database = std::env::temp_dir().join(format!("dipper-demo-{}.db", random_name(8)));
        let settings = || settings(&slack, &bitbucket, editions, (&secrets, &database));
        let bot = start(settings, &clocks.0).await?;
        let base = format!("http://{}", bot.address);
        slack.point_at(&base);
        bitbucket.point_at(&base);
        for edition in editions {
            bitbucket.register_callback(*edition, &base);
        }
        bitbucket.auto_deliver(true);
        Ok(Self { slack, bitbucket, bot, clocks, database })
    }

    /// A person on it.
    pub(super) fn person(&self, name: &str) -> Result<Person, Broken> {
        self.slack.person(name).ok_or_else(|| broken(format!("{name} is not in this Slack")))
    }

    /// Moves time, for the bot and for its world.
    pub(super) fn advance(&self, by: Duration) {
        self.clocks.advance(by);
    }

    /// Waits until it is there.
    pub(super) async fn until<T>(
        &self,
        hop: &'static str,
        look: impl Fn() -> Option<T>,
    ) -> Result<T, Broken> {
        let begun = Instant::now();
        while begun.elapsed() < PATIENCE {
            if let Some(found) = look() {
                return Ok(found);
            }
            tokio::time::sleep(LOOK).await;
        }
        Err(Broken { hop, why: "nothing came of it".to_owned() })
    }

    /// Stops the bot and throws its database away.
    pub(super) async fn clear(self) {
        self.bot.stop().await;
        for ending in ["", "-wal", "-shm", ".lock"] {
            let mut file = self.database.clone().into_os_string();
            file.push(ending);
            // Not every one of them is there.
            let _ = std::fs::remove_file(file);
        }
    }
}

/// Starts the bot; whoever took its address between its being chosen and being listened on is let have it.
async fn start(settings: impl Fn() -> Result<Settings, Broken>, clock: &Clock) -> Result<App, Broken> {
    let mut left = TRIES;
    loop {
        left -= 1;
        match App::start(&settings()?, clock.clone()).await {
            Err(app::Error::Listen(..)) if left > 0 => {}
            started => return started.map_err(broken),
        }
    }
}

/// The settings that an operator would write for this sandbox.
fn settings(
    slack: &Slack,
    bitbucket: &Bitbucket,
    editions: &[Edition],
    (secrets, database): (&Secrets, &Path),
) -> Result<Settings, Broken> {
    let listen = std::net::TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr());
    let listen = listen.map_err(broken)?.to_string();
    let value = |name: &str| {
        Some(match name {
            "DIPPER_DATABASE_URL" => format!("sqlite://{}", database.display()),
            "DIPPER_LISTEN" => listen.clone(),
            "DIPPER_PUBLIC_URL" => format!("http://{listen}"),
            "DIPPER_KEYS" => new_key(),
            "SLACK_API_URL" => slack.api_url(),
            "SLACK_BOT_TOKEN" => secrets.bot_token.clone(),
            "SLACK_SIGNING_SECRET" => secrets.signing.clone(),
            name => return editions.iter().find_map(|edition| site(bitbucket, *edition, name, secrets)),
        })
    };
    Settings::from(&value, "").map_err(broken)
}

fn site(bitbucket: &Bitbucket, edition: Edition, name: &str, secrets: &Secrets) -> Option<String> {
    let prefix = if edition == Edition::Cloud { "BITBUCKET_CLOUD_" } else { "BITBUCKET_DC_" };
    match name.strip_prefix(prefix)? {
        "URL" => Some(bitbucket.url(edition)),
        "API_URL" => Some(bitbucket.api_url(edition)),
        "CLIENT_ID" => Some(bitbucket.oauth_client(edition).0),
        "CLIENT_SECRET" => Some(bitbucket.oauth_client(edition).1),
        "WEBHOOK_SECRET" => Some(secrets.webhook.clone()),
        _ => None,
    }
}
