//! A workspace, two people in it, and a bot that answers what it is told to answer.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use dipper::sandbox::clock::Clock;
use dipper::sandbox::slack::{Person, Slack, SlackSettings};
use dipper::sandbox::wire::{Faults, Server};
use serde_json::{Value, json};

pub const TOKEN: &str = "xoxb-of-the-stage";
pub const START: i64 = 1_700_000_000_000;

/// What the bot was sent.
#[derive(Clone, Debug)]
pub struct Got {
    pub path: String,
    pub headers: HeaderMap,
    pub body: String,
}

impl Got {
    pub fn field(&self, name: &str) -> String {
        let mut pairs = url::form_urlencoded::parse(self.body.as_bytes());
        let found = pairs.find(|(key, _)| key == name);
        found.map(|(_, value)| value.into_owned()).unwrap_or_default()
    }

    pub fn payload(&self) -> Value {
        serde_json::from_str(&self.field("payload")).unwrap()
    }
}

#[derive(Clone, Default)]
struct Script {
    answers: Arc<Mutex<VecDeque<(u16, String)>>>,
    got: Arc<Mutex<Vec<Got>>>,
}

pub struct Stage {
    pub clock: Clock,
    pub slack: Slack,
    pub ada: Person,
    pub grace: Person,
    /// A public channel of both, with the bot in it.
    pub web: String,
    /// A private channel of ada alone.
    pub den: String,
    script: Script,
    http: reqwest::Client,
    bot: Server,
}

pub async fn stage() -> Stage {
    paced(false).await
}

pub async fn paced(enforce_pace: bool) -> Stage {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let clock = Clock::still(START);
    let settings = SlackSettings {
        signing_secret: "the signing secret".into(),
        bot_token: TOKEN.into(),
        team: "T0STAGE".into(),
        team_name: "The Stage".into(),
        enforce_pace,
    };
    let slack = Slack::start(clock.clone(), settings).await.unwrap();
    let script = Script::default();
    let router = Router::new().fallback(bot).with_state(script.clone());
    let server = Server::start(router, Faults::default()).await.unwrap();
    slack.point_at(&server.url());
    let ada = slack.add_person("ada", "ada@example.com", "Europe/London");
    let grace = slack.add_person("grace", "grace@example.com", "America/New_York");
    let web = slack.add_channel("web", false, &[&ada, &grace]);
    let den = slack.add_channel("den", true, &[&ada]);
    assert!(slack.invite_bot("#web"));
    Stage {
        clock,
        slack,
        ada,
        grace,
        web,
        den,
        script,
        http: reqwest::Client::builder().no_proxy().build().unwrap(),
        bot: server,
    }
}

async fn bot(State(script): State<Script>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
    script.got.lock().unwrap().push(Got {
        path: parts.uri.path().to_owned(),
        headers: parts.headers,
        body: String::from_utf8(body.to_vec()).unwrap(),
    });
    let next = script.answers.lock().unwrap().pop_front();
    let (status, body) = next.unwrap_or((200, String::new()));
    let kind = if body.starts_with('{') { "application/json" } else { "text/plain" };
    let status = StatusCode::from_u16(status).unwrap();
    (status, [(header::CONTENT_TYPE, kind)], body).into_response()
}

impl Stage {
    /// Where the bot waits for browsers to come back.
    pub fn way_back(&self) -> String {
        format!("{}/slack/oauth/callback", self.bot.url())
    }

    /// The bot answers the next request so.
    pub fn answers(&self, status: u16, body: impl Into<Value>) {
        let body = match body.into() {
            Value::String(text) => text,
            json => json.to_string(),
        };
        let mut answers = self.script.answers.lock().unwrap();
        answers.push_back((status, body));
    }

    /// The last thing the bot was sent.
    pub fn got(&self) -> Got {
        self.script.got.lock().unwrap().last().unwrap().clone()
    }

    pub fn got_count(&self) -> usize {
        self.script.got.lock().unwrap().len()
    }

    /// A method called as the bot calls it: in a form where the method takes no JSON.
    pub async fn call(&self, method: &str, args: Value) -> Value {
        let read_only = ["info", "list", "members", "history", "replies", "lookupByEmail", "getPermalink"];
        let form = read_only.iter().any(|it| method.ends_with(it));
        let url = format!("{}/{method}", self.slack.api_url());
        let request = self.http.post(url).bearer_auth(TOKEN);
        let request = if form {
            let text = |it: &Value| it.as_str().map_or_else(|| it.to_string(), str::to_owned);
            let pairs: Vec<(&String, String)> =
                args.as_object().unwrap().iter().map(|(k, v)| (k, text(v))).collect();
            request.form(&pairs)
        } else {
            request.json(&args)
        };
        request.send().await.unwrap().json().await.unwrap()
    }

    /// The word with which a method refuses.
    pub async fn refusal(&self, method: &str, args: Value) -> String {
        let answer = self.call(method, args).await;
        assert_eq!(answer["ok"], false, "{answer}");
        answer["error"].as_str().unwrap().to_owned()
    }

    /// A message in #web; its timestamp.
    pub async fn says(&self, text: &str) -> String {
        let answer = self.call("chat.postMessage", json!({"channel": self.web, "text": text})).await;
        answer["ts"].as_str().unwrap().to_owned()
    }

    /// A raw request to the Web API or a response URL.
    pub async fn raw(&self, url: &str, headers: &[(&str, &str)], body: &str) -> (u16, Value) {
        let mut request = self.http.post(url).body(body.to_owned());
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = request.send().await.unwrap();
        let status = response.status().as_u16();
        let retry = response.headers().get("retry-after").cloned();
        let body = response.text().await.unwrap();
        let body = serde_json::from_str(&body).unwrap_or(Value::String(body));
        let retry = retry.map(|it| it.to_str().unwrap().to_owned());
        (status, retry.map_or(body, |it| json!({"retry": it})))
    }

    /// Whether a call's answer arrives whole.
    pub async fn arrives(&self, method: &str) -> bool {
        let url = format!("{}/{method}", self.slack.api_url());
        let request = self.http.post(url).bearer_auth(TOKEN).json(&json!({}));
        match request.send().await {
            Ok(response) => response.json::<Value>().await.is_ok(),
            Err(_) => false,
        }
    }

    /// Nothing unread, nothing unexpected, no misbehaviour left over.
    pub fn finish(&self) {
        assert_eq!(self.slack.unread(), []);
        assert_eq!(self.slack.unexpected(), [""; 0]);
        assert_eq!(self.slack.faults.pending(), 0);
    }
}

pub fn plain(text: &str) -> Value {
    json!({"type": "plain_text", "text": text})
}

pub fn button(label: &str, value: &str) -> Value {
    json!({"type": "button", "action_id": format!("do {label}"), "text": plain(label), "value": value})
}

pub fn with(mut base: Value, key: &str, value: Value) -> Value {
    base[key] = value;
    base
}

pub fn actions(elements: Value) -> Value {
    with(json!({"type": "actions"}), "elements", elements)
}

pub fn input(id: &str, label: &str, element: Value) -> Value {
    let input = json!({"type": "input", "block_id": id, "label": plain(label)});
    with(input, "element", element)
}

pub fn modal(title: &str, blocks: Value) -> Value {
    let modal = json!({"type": "modal", "title": plain(title), "submit": plain("Send")});
    with(modal, "blocks", blocks)
}

pub fn option(label: &str, value: &str) -> Value {
    json!({"text": plain(label), "value": value})
}
