//! Sends to the bot what Slack sends, signed as Slack signs it.

use std::time::{Duration, Instant};

use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

use super::message::Message;
use super::{Person, Slack};

/// Slack waits this long for an answer.
const PATIENCE: Duration = Duration::from_secs(3);

pub(super) const FORM: &str = "application/x-www-form-urlencoded";
pub(super) const JSON: &str = "application/json";

/// What came of an act.
#[derive(Clone, Debug, Default)]
pub struct Ack {
    /// 0 when nothing was sent, or nothing came back in time.
    pub status: u16,
    /// The bot's answer, or why there is none.
    pub body: String,
    pub content_type: String,
    /// What the answer itself said in the channel.
    pub inline: Option<Message>,
    pub took: Duration,
}

impl Ack {
    /// Nothing was sent, for this reason.
    pub(super) fn unsent(reason: impl Into<String>) -> Self {
        Self { body: reason.into(), ..Self::default() }
    }

    /// Done without asking the bot.
    pub(super) fn done() -> Self {
        Self { status: 200, ..Self::default() }
    }

    pub fn is_ok(&self) -> bool {
        self.status == 200
    }

    /// The answer, if it is JSON and says so.
    pub fn json(&self) -> Option<Value> {
        let typed = self.content_type.starts_with(JSON);
        typed.then(|| serde_json::from_str(&self.body).ok()).flatten()
    }
}

/// A client that keeps Slack's patience and follows no redirects.
pub(super) fn client() -> reqwest::Result<reqwest::Client> {
    // Fails only when a provider is there already, and then that one serves as well.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder()
        .timeout(PATIENCE)
        .no_proxy()
        // A restarted bot on the same port must not meet a dead connection.
        .pool_max_idle_per_host(0)
        .redirect(reqwest::redirect::Policy::none())
        .build()
}

impl Slack {
    /// The `X-Slack-Signature` of this body at this time (epoch seconds).
    pub fn sign(&self, timestamp: i64, body: &str) -> String {
        let secret = self.shared.0.signing_secret.as_bytes();
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret) else {
            return String::new();
        };
        mac.update(format!("v0:{timestamp}:{body}").as_bytes());
        format!("v0={}", hex::encode(mac.finalize().into_bytes()))
    }

    /// Epoch seconds, as Slack stamps its requests.
    pub fn timestamp(&self) -> i64 {
        self.world().now() / 1000
    }

    /// Sends a body with exactly these headers to the bot.
    pub async fn send(&self, path: &str, headers: &[(&str, &str)], body: String) -> Ack {
        let started = Instant::now();
        let mut request = self.shared.0.http.post(format!("{}{path}", self.base())).body(body);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let mut ack = match request.send().await {
            Ok(response) => read(response).await,
            Err(error) => Ack::unsent(reason(&error)),
        };
        ack.took = started.elapsed();
        ack
    }

    /// Sends a body now and rightly signed, or over a web socket where the app has Socket Mode.
    pub async fn deliver(&self, path: &str, content_type: &str, body: String) -> Ack {
        if self.has_sockets() {
            return self.deliver_over_socket(path, &body).await;
        }
        let timestamp = self.timestamp();
        let signature = self.sign(timestamp, &body);
        let timestamp = timestamp.to_string();
        let headers = [
            ("content-type", content_type),
            ("x-slack-request-timestamp", timestamp.as_str()),
            ("x-slack-signature", signature.as_str()),
            ("user-agent", "Slackbot 1.0 (+https://api.slack.com/robots)"),
        ];
        self.send(path, &headers, body).await
    }

    /// Sends an interaction: the form whose one field is this JSON.
    pub async fn interact(&self, path: &str, payload: &Value) -> Ack {
        self.deliver(path, FORM, payload_body(payload)).await
    }

    /// Sends an event to the bot, in its envelope.
    pub async fn event(&self, event: &Value) -> Ack {
        let body = self.event_body(event);
        self.deliver("/slack/events", JSON, body).await
    }

    /// An event in its envelope, under a fresh event id.
    pub fn event_body(&self, event: &Value) -> String {
        let mut world = self.world();
        let id = world.random(10).to_uppercase();
        let envelope = json!({
            "token": world.verification_token,
            "team_id": world.team.id,
            "context_team_id": world.team.id,
            "context_enterprise_id": null,
            "api_app_id": world.bot.app_id,
            "event": event,
            "type": "event_callback",
            "event_id": format!("Ev{id}"),
            "event_time": world.now() / 1000,
            "authorizations": [{
                "enterprise_id": null,
                "team_id": world.team.id,
                "user_id": world.bot.user,
                "is_bot": true,
                "is_enterprise_install": false,
            }],
            "is_ext_shared_channel": false,
        });
        envelope.to_string()
    }

    /// A slash command's body, as if this person typed `text` in `channel`; notes what cannot be.
    pub fn slash_body(&self, person: &Person, channel: &str, text: &str) -> String {
        let mut world = self.world();
        super::payload::slash(&mut world, &person.id, channel, text).unwrap_or_else(|why| {
            world.note(why);
            String::new()
        })
    }
}

/// The form body of an interaction.
pub fn payload_body(payload: &Value) -> String {
    url::form_urlencoded::Serializer::new(String::new()).append_pair("payload", &payload.to_string()).finish()
}

async fn read(response: reqwest::Response) -> Ack {
    let status = response.status().as_u16();
    let kind = response.headers().get("content-type");
    let content_type = kind.and_then(|it| it.to_str().ok()).unwrap_or_default().to_owned();
    match response.text().await {
        Ok(body) => Ack { status, body, content_type, ..Ack::default() },
        Err(error) => Ack::unsent(reason(&error)),
    }
}

fn reason(error: &reqwest::Error) -> String {
    if error.is_timeout() {
        "operation_timeout".into()
    } else {
        format!("the bot could not be reached: {error}")
    }
}
