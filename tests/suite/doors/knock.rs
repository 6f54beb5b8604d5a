//! A knock: a request as an outsider makes it, byte for byte, and what the door answers.

use std::collections::BTreeMap;

use dipper::store::JobFilter;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::world::{SIGNING_SECRET, START, WEBHOOK_SECRET, World};

pub const FORM: &str = "application/x-www-form-urlencoded";
pub const JSON: &str = "application/json";
/// What the clock of a fresh world says, in seconds.
pub const NOW: i64 = START / 1000;

/// A request; headers are kept by their lower-case names.
#[derive(Clone, Debug)]
pub struct Knock {
    method: &'static str,
    path: String,
    headers: BTreeMap<String, String>,
    body: Vec<u8>,
}

/// What came back.
#[derive(Clone, Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: BTreeMap<String, String>,
    pub body: String,
}

impl Knock {
    pub fn new(method: &'static str, path: &str) -> Self {
        Self { method, path: path.to_owned(), headers: BTreeMap::new(), body: Vec::new() }
    }

    pub fn get(path: &str) -> Self {
        Self::new("GET", path)
    }

    pub fn post(path: &str, kind: &str, body: impl Into<Vec<u8>>) -> Self {
        Self { body: body.into(), ..Self::new("POST", path) }.with("content-type", kind)
    }

    /// What Slack would send now.
    pub fn slack(path: &str, kind: &str, body: impl Into<Vec<u8>>) -> Self {
        Self::post(path, kind, body).signed_by_slack(NOW)
    }

    /// What Bitbucket would send now, under an id made of the body.
    pub fn bitbucket(instance: &str, key: &str, body: impl Into<Vec<u8>>) -> Self {
        let knock = Self::post(&format!("/bitbucket/{instance}/webhook"), JSON, body);
        let id = mac("id", &[&knock.body, key.as_bytes()]);
        knock.with("x-event-key", key).called(&id).signed_by_bitbucket(WEBHOOK_SECRET)
    }

    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.insert(name.to_owned(), value.to_owned());
        self
    }

    pub fn without(mut self, name: &str) -> Self {
        self.headers.remove(name);
        self
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }

    /// Under another id of its sender's.
    pub fn called(self, id: &str) -> Self {
        self.with("x-request-id", id).with("x-request-uuid", id)
    }

    /// Signed at that second.
    pub fn signed_by_slack(self, at: i64) -> Self {
        let at = at.to_string();
        let signature = mac(SIGNING_SECRET, &[b"v0:", at.as_bytes(), b":", &self.body]);
        self.with("x-slack-request-timestamp", &at).with("x-slack-signature", &format!("v0={signature}"))
    }

    pub fn signed_by_bitbucket(self, secret: &str) -> Self {
        let signature = mac(secret, &[&self.body]);
        self.with("x-hub-signature", &format!("sha256={signature}"))
    }

    /// Sends it whole.
    pub async fn at(&self, world: &World) -> Answer {
        let length = self.body.len();
        let bytes = [self.head(&format!("content-length: {length}")), self.body.clone()].concat();
        exchange(world, &bytes, false).await
    }

    /// Sends it in chunks, never saying how long it is.
    pub async fn in_chunks_at(&self, world: &World) -> Answer {
        let mut bytes = self.head("transfer-encoding: chunked");
        for chunk in self.body.chunks(64 * 1024) {
            bytes.extend(format!("{:x}\r\n", chunk.len()).bytes().chain(chunk.iter().copied()));
            bytes.extend(b"\r\n");
        }
        bytes.extend(b"0\r\n\r\n");
        exchange(world, &bytes, false).await
    }

    /// Sends its first half and hangs up.
    pub async fn cut_short_at(&self, world: &World) -> Answer {
        let mut bytes = self.head(&format!("content-length: {}", self.body.len()));
        bytes.extend(&self.body[..self.body.len() / 2]);
        exchange(world, &bytes, true).await
    }

    /// Sends its first half and then nothing more, without hanging up.
    pub async fn held_open_at(&self, world: &World) -> Answer {
        let mut bytes = self.head(&format!("content-length: {}", self.body.len()));
        bytes.extend(&self.body[..self.body.len() / 2]);
        exchange(world, &bytes, false).await
    }

    fn head(&self, length: &str) -> Vec<u8> {
        let mut head =
            format!("{} {} HTTP/1.1\r\nhost: bot\r\nconnection: close\r\n", self.method, self.path);
        for (name, value) in &self.headers {
            head.extend([name.as_str(), ": ", value.as_str(), "\r\n"]);
        }
        format!("{head}{length}\r\n\r\n").into_bytes()
    }
}

impl Answer {
    /// Whether it says no and nothing an outsider could learn from: a word and a reference.
    pub fn is_a_bare(&self, status: u16) -> bool {
        let parts = self.body.strip_suffix(")\n").and_then(|text| text.split_once(" ("));
        let bare = parts.is_some_and(|(words, reference)| {
            words.len() < 40
                && words.chars().all(|c| c.is_ascii_lowercase() || c == ' ')
                && reference.len() == 8
                && reference.chars().all(|c| c.is_ascii_hexdigit())
        });
        self.status == status && bare
    }

    /// Whether it says yes and nothing more.
    pub fn is_an_empty_yes(&self) -> bool {
        self.status == 200 && self.body.is_empty()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }
}

/// How many deliveries and how many jobs are stored.
pub async fn stored(world: &World) -> (usize, usize) {
    let store = &world.bot().store;
    let jobs = store.jobs(&JobFilter { most: 10_000, ..JobFilter::default() }).await.expect("an answer");
    (store.deliveries(None, 10_000).await.expect("an answer").len(), jobs.len())
}

/// What became of each delivery, the oldest first.
pub async fn outcomes(world: &World) -> Vec<String> {
    let rows = world.bot().store.deliveries(None, 10_000).await.expect("an answer");
    rows.into_iter().rev().map(|row| row.outcome.unwrap_or_default()).collect()
}

fn mac(secret: &str, parts: &[&[u8]]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("a key of any length");
    for part in parts {
        mac.update(part);
    }
    hex::encode(mac.finalize().into_bytes())
}

async fn exchange(world: &World, bytes: &[u8], hang_up: bool) -> Answer {
    let mut stream = TcpStream::connect(world.base().trim_start_matches("http://")).await.expect("an answer");
    // A door that has heard enough may close while more is being said.
    let _ = stream.write_all(bytes).await;
    if hang_up {
        stream.shutdown().await.expect("an answer");
    }
    let mut read = Vec::new();
    let _ = stream.read_to_end(&mut read).await;
    let text = String::from_utf8_lossy(&read);
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
    let mut lines = head.lines();
    let status = lines.next().and_then(|line| line.split(' ').nth(1)?.parse().ok()).unwrap_or_default();
    let headers = lines.filter_map(|line| line.split_once(": "));
    let headers = headers.map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned())).collect();
    Answer { status, headers, body: body.to_owned() }
}
