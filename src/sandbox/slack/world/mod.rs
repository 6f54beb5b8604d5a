//! The workspace as plain state: who is in it, what was said, what is open, and what the bot asked.

use serde::Serialize;
use serde_json::Value;
use sha2::{Digest, Sha256};
use tokio::sync::broadcast;

use super::super::clock::Clock;
use super::SlackSettings;
use super::form::Form;
use super::message::Message;
use super::pace::Pace;

pub mod channels;
pub mod keys;
pub mod messages;
pub mod people;
pub mod views;

use channels::Channel;
use keys::{ResponseUrl, Trigger};
use people::Account;

/// The workspace.
#[derive(Clone, Debug)]
pub struct Team {
    pub id: String,
    pub name: String,
    pub domain: String,
}

/// The bot as the workspace knows it.
#[derive(Clone, Debug)]
pub struct BotUser {
    pub user: String,
    pub bot_id: String,
    pub app_id: String,
    pub name: String,
}

/// One request the bot made.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ApiCall {
    /// The method, or `response_url`.
    pub method: String,
    /// Its arguments, without the token.
    pub args: Value,
    pub status: u16,
    /// Slack's word for the refusal.
    pub error: Option<String>,
    /// Epoch milliseconds.
    pub at: i64,
}

/// Something that changed, for whoever watches.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Change {
    Message { channel: String, ts: String },
    View { user: String },
    Home { user: String },
    People,
    Channels,
    Called { method: String },
}

/// What a workspace has granted that installed the app from its manifest.
const GRANTED: [&str; 11] = [
    "commands",
    "chat:write",
    "channels:read",
    "groups:read",
    "im:write",
    "channels:join",
    "channels:history",
    "groups:history",
    "im:history",
    "users:read",
    "users:read.email",
];

/// Everything there is.
#[derive(Debug)]
pub struct World {
    pub clock: Clock,
    pub team: Team,
    pub bot: BotUser,
    pub bot_token: String,
    /// What the token may do, as every answer says.
    pub scopes: Vec<&'static str>,
    /// Set to refuse the token: `token_revoked`, `account_inactive`.
    pub token_refused: Option<&'static str>,
    pub verification_token: String,
    pub enforce_pace: bool,
    pub people: Vec<Account>,
    pub channels: Vec<Channel>,
    pub messages: Vec<Message>,
    /// Open modals; the last one of a person is on top.
    pub views: Vec<Form>,
    pub homes: Vec<Form>,
    pub triggers: Vec<Trigger>,
    pub response_urls: Vec<ResponseUrl>,
    pub calls: Vec<ApiCall>,
    /// What Slack would have refused or frowned at.
    pub unexpected: Vec<String>,
    /// Every secret that left this Slack.
    pub minted: Vec<String>,
    pub pace: Pace,
    pub changes: broadcast::Sender<Change>,
    /// Where response URLs begin.
    pub url: String,
    seed: String,
    drawn: u64,
    last_ts: i64,
    stirred: u64,
}

impl World {
    pub fn new(clock: Clock, settings: &SlackSettings, url: String) -> Self {
        let domain = settings.team_name.to_lowercase().replace(' ', "-");
        let mut world = Self {
            clock,
            team: Team { id: settings.team.clone(), name: settings.team_name.clone(), domain },
            bot: BotUser {
                user: "U0DIPPER0".into(),
                bot_id: "B0DIPPER0".into(),
                app_id: "A0DIPPER0".into(),
                name: "dipper".into(),
            },
            bot_token: settings.bot_token.clone(),
            scopes: GRANTED.to_vec(),
            token_refused: None,
            verification_token: String::new(),
            enforce_pace: settings.enforce_pace,
            people: Vec::new(),
            channels: Vec::new(),
            messages: Vec::new(),
            views: Vec::new(),
            homes: Vec::new(),
            triggers: Vec::new(),
            response_urls: Vec::new(),
            calls: Vec::new(),
            unexpected: Vec::new(),
            minted: vec![
                settings.signing_secret.clone(),
                settings.bot_token.clone(),
                super::town::CLIENT_SECRET.to_owned(),
            ],
            pace: Pace::default(),
            changes: broadcast::Sender::new(256),
            url,
            seed: settings.signing_secret.clone(),
            drawn: 0,
            last_ts: 0,
            stirred: 0,
        };
        world.verification_token = world.random(24);
        world.minted.push(world.verification_token.clone());
        world.people.push(Account::bot(&world.bot));
        world
    }

    /// Another seed than other workspaces': no id or secret of theirs is drawn here again.
    pub fn tell_apart(&mut self, by: &str) {
        self.seed.push_str(by);
        self.drawn += u64::from(by.bytes().last().unwrap_or_default()) * 100_000;
    }

    /// Epoch milliseconds.
    pub fn now(&self) -> i64 {
        self.clock.millis()
    }

    /// A fresh string that cannot be guessed without the signing secret, the same in every run.
    pub fn random(&mut self, length: usize) -> String {
        self.drawn += 1;
        let digest = Sha256::digest(format!("{}:{}", self.seed, self.drawn));
        hex::encode(digest).chars().take(length).collect()
    }

    /// A fresh mark for a block or an action, which is no secret: the same in every run.
    pub fn mark(&mut self) -> String {
        self.drawn += 1;
        let digest = Sha256::digest(format!("mark:{}", self.drawn));
        hex::encode(digest).chars().take(5).collect()
    }

    /// A fresh id such as `C00000007`.
    pub fn id(&mut self, prefix: char) -> String {
        self.drawn += 1;
        format!("{prefix}{:08}", self.drawn)
    }

    /// A timestamp later than any before it.
    pub fn fresh_ts(&mut self) -> String {
        self.last_ts = self.now().saturating_mul(1000).max(self.last_ts.saturating_add(1));
        format!("{}.{:06}", self.last_ts / 1_000_000, self.last_ts % 1_000_000)
    }

    /// A number later than any before it.
    fn stir(&mut self) -> u64 {
        self.stirred += 1;
        self.stirred
    }

    /// Writes down what Slack would have refused or frowned at.
    pub fn note(&mut self, what: impl Into<String>) {
        self.unexpected.push(what.into());
    }

    /// Tells whoever watches; nobody watching is fine.
    pub fn changed(&self, change: Change) {
        let _ = self.changes.send(change);
    }
}

/// A timestamp as microseconds, if it is one.
pub fn ts_micros(ts: &str) -> Option<i64> {
    let (seconds, micros) = ts.split_once('.').unwrap_or((ts, "0"));
    if micros.len() > 6 || !micros.bytes().all(|it| it.is_ascii_digit()) {
        return None;
    }
    let seconds: i64 = seconds.parse().ok().filter(|it| *it >= 0)?;
    let micros: i64 = format!("{micros:0<6}").parse().ok()?;
    seconds.checked_mul(1_000_000)?.checked_add(micros)
}
