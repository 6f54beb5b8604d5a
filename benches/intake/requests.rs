//! Requests as Slack and Bitbucket send them, made and signed before the clock starts; no two alike.

use std::cell::Cell;
use std::rc::Rc;
use std::time::{SystemTime, UNIX_EPOCH};

use hmac::{Hmac, KeyInit, Mac};
use serde_json::json;
use sha2::Sha256;

/// What Slack signs with.
pub const SIGNING_SECRET: &str = "8f742231b10e8888abcd99yyyzzz85a5";
/// What Bitbucket signs with.
pub const WEBHOOK_SECRET: &str = "a-webhook-secret-of-some-length";
/// Where nobody listens: Slack and Bitbucket, for the length of a run.
pub const NOWHERE: &str = "http://127.0.0.1:9";
/// About as long as Bitbucket's own deliveries are.
const DELIVERY: usize = 6 * 1024;

/// Requests to be sent, each once unless it does not matter; clones share what is left.
#[derive(Clone)]
pub struct Requests {
    all: Rc<Vec<Vec<u8>>>,
    next: Rc<Cell<usize>>,
    endless: bool,
}

impl Requests {
    /// So many `/bb whoami`, typed by so many people.
    pub fn slash_commands(count: usize) -> Self {
        let (at, mark) = (seconds(), mark());
        Self::of((0..count).map(|number| {
            let body = format!(
                "token=XXYYZZ&team_id=T0001&team_domain=example&channel_id=C2147483705&channel_name=web\
                 &user_id=U{number}&user_name=person&command=%2Fbb&text=whoami&api_app_id=A123456\
                 &is_enterprise_install=false&response_url={NOWHERE}%2Fcommands%2F{mark}%2F{number}\
                 &trigger_id={number}.{mark}.80cd99ee83ae8ac9"
            );
            let signature = signed(SIGNING_SECRET, &[b"v0:", at.as_bytes(), b":", body.as_bytes()]);
            let head = format!(
                "x-slack-request-timestamp: {at}\r\nx-slack-signature: v0={signature}\r\n\
                 content-type: application/x-www-form-urlencoded\r\n"
            );
            request("/slack/commands", &head, &body)
        }))
    }

    /// So many `pullrequest:updated` of Bitbucket Cloud.
    pub fn deliveries(count: usize) -> Self {
        let mark = mark();
        Self::of((0..count).map(|number| {
            let body = delivery(number);
            let signature = signed(WEBHOOK_SECRET, &[body.as_bytes()]);
            let head = format!(
                "x-event-key: pullrequest:updated\r\nx-hub-signature: sha256={signature}\r\n\
                 x-request-uuid: {mark:08x}-0000-4000-8000-{number:012x}\r\ncontent-type: application/json\r\n"
            );
            request("/bitbucket/cloud/webhook", &head, &body)
        }))
    }

    fn of(all: impl Iterator<Item = Vec<u8>>) -> Self {
        Self { all: Rc::new(all.collect()), next: Rc::default(), endless: false }
    }

    /// For a server that stores nothing, the same may come twice.
    pub fn again_and_again(mut self) -> Self {
        self.endless = true;
        self
    }

    /// The next to be sent.
    pub fn next(&self) -> Option<&[u8]> {
        let at = self.next.get();
        self.next.set(at + 1);
        let at = if self.endless { at % self.all.len() } else { at };
        self.all.get(at).map(Vec::as_slice)
    }

    /// How many have not been sent.
    pub fn left(&self) -> usize {
        self.all.len().saturating_sub(self.next.get())
    }
}

fn request(path: &str, head: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!("POST {path} HTTP/1.1\r\nhost: dipper\r\n{head}content-length: {length}\r\n\r\n{body}")
        .into_bytes()
}

/// A pull request that was changed, described at such length that the whole is about six kilobytes.
fn delivery(number: usize) -> String {
    let account =
        json!({"display_name": "Ada", "nickname": "ada", "uuid": "{5c9d2a6e-0b3e-4f38-9d5f-1b1a2c3d4e5f}"});
    let repository = json!({"full_name": "web/api", "name": "api", "type": "repository"});
    let end = |branch: &str| json!({"branch": {"name": branch}, "commit": {"hash": format!("{number:012x}")}, "repository": repository});
    let mut delivery = json!({
        "actor": account,
        "repository": repository,
        "pullrequest": {
            "id": number % 500 + 1,
            "title": format!("Limit the rate, once more ({number})"),
            "description": "",
            "state": "OPEN",
            "author": account,
            "source": end("limit-rate"),
            "destination": end("main"),
            "reviewers": [account],
            "participants": [{"user": account, "role": "REVIEWER", "approved": false}],
            "comment_count": 3,
            "task_count": 0,
            "created_on": "2026-11-21T08:00:00.000000+00:00",
            "updated_on": "2026-11-21T08:01:00.000000+00:00"
        }
    });
    let lacks = DELIVERY.saturating_sub(delivery.to_string().len());
    let words = "What it does, and why it has to be done this way. ";
    delivery["pullrequest"]["description"] = words.chars().cycle().take(lacks).collect::<String>().into();
    delivery.to_string()
}

fn signed(secret: &str, parts: &[&[u8]]) -> String {
    let mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("an HMAC takes a key of any length");
    hex::encode(parts.iter().fold(mac, Mac::chain_update).finalize().into_bytes())
}

fn seconds() -> String {
    (now() / 1_000).to_string()
}

/// Tells the requests of one call from those of another.
fn mark() -> u64 {
    now()
}

#[expect(clippy::disallowed_methods, reason = "a signature is dated by the machine's own clock")]
fn now() -> u64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(now.as_millis()).unwrap_or_default()
}
