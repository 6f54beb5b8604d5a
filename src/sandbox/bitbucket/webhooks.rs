//! Deliveries: made when something happens, signed, kept in order until they are sent.

use std::collections::VecDeque;

use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

use super::world::{Edition, Event, World, uuid};
use super::{cloud, datacenter};

/// Cloud sends no larger body; what would be larger is dropped without a word.
const LARGEST: usize = 256 * 1024;

/// A webhook that waits to be sent, or was taken out to be played with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    pub edition: Edition,
    pub key: String,
    pub request_id: String,
    /// Every header but the content's length.
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
    /// The URL of a hook made over REST; the bot's own door for hand-made hooks when absent.
    pub url: Option<String>,
}

/// How a delivery went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivered {
    /// The answer's status; 0 when nobody answered.
    pub status: u16,
    pub key: String,
    pub request_id: String,
}

impl Delivery {
    /// Signs the body as it is now.
    pub fn sign(&mut self, secret: &str) {
        let signature = format!("sha256={}", signature(secret, &self.body));
        self.set_header("X-Hub-Signature", &signature);
    }

    /// The same delivery once more, as Cloud retries it.
    #[must_use]
    pub fn attempt(&self, number: u32) -> Self {
        let mut again = self.clone();
        if self.edition == Edition::Cloud {
            again.set_header("X-Attempt-Number", &number.to_string());
        }
        again
    }

    /// Puts a header in place of one of the same name.
    pub fn set_header(&mut self, name: &str, value: &str) {
        self.headers.retain(|(known, _)| !known.eq_ignore_ascii_case(name));
        self.headers.push((name.to_owned(), value.to_owned()));
    }
}

fn signature(secret: &str, body: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes())
        .unwrap_or_else(|_| unreachable!("HMAC takes a key of any length"));
    mac.update(body);
    hex::encode(mac.finalize().into_bytes())
}

/// A hook's uuid, its secret, and its URL where it is not the bot's own door.
type Target<'a> = (&'a str, Option<&'a str>, Option<String>);

/// What waits to be sent.
#[derive(Debug, Default)]
pub(super) struct Outbox {
    pub(super) waiting: VecDeque<Delivery>,
    pub(super) counter: u64,
    pub(super) muted: bool,
    pub(super) secrets: [Option<String>; 2],
}

impl Outbox {
    /// Makes deliveries of everything that has happened.
    pub(super) fn fill(&mut self, world: &mut World) {
        for event in std::mem::take(&mut world.events) {
            if !self.muted {
                self.add(world, &event);
            }
        }
    }

    fn add(&mut self, world: &World, event: &Event) {
        let Ok(repo) = world.repo(event.repo) else { return };
        let made = match repo.edition {
            Edition::Cloud => cloud::webhooks::written(world, event),
            Edition::DataCenter => datacenter::webhooks::written(world, event),
        };
        // Not everything that happens has a webhook, and what is not there cannot be shown.
        let Ok(Some((key, body))) = made else { return };
        if repo.edition == Edition::Cloud && body.to_string().len() > LARGEST {
            return;
        }
        let secret = self.secret(repo.edition).map(str::to_owned);
        let by_hand = format!("{{{}}}", uuid("the hook made by hand"));
        self.put(repo.edition, key, &body, (&by_hand, secret.as_deref(), None));
        for hook in world.hooks.iter().filter(|hook| hook.place.hears(repo)) {
            let wish = &hook.wish;
            if wish.active && wish.events.iter().any(|wanted| wanted == key) {
                let target = (hook.uuid.as_str(), wish.secret.as_deref(), Some(wish.url.clone()));
                self.put(repo.edition, key, &body, target);
            }
        }
    }

    /// Data Center's "test connection", which says nothing.
    pub(super) fn ping(&mut self) {
        let secret = self.secret(Edition::DataCenter).map(str::to_owned);
        let body = json!({"test": true});
        let target = ("", secret.as_deref(), None);
        self.put(Edition::DataCenter, "diagnostics:ping", &body, target);
    }

    /// A "test connection" for this door alone, to be sent at once.
    pub(super) fn knock(&mut self, url: &str, secret: Option<&str>) -> Delivery {
        let target = ("", secret, Some(url.to_owned()));
        self.made(Edition::DataCenter, "diagnostics:ping", &json!({"test": true}), target)
    }

    fn put(&mut self, edition: Edition, key: &str, body: &Value, target: Target<'_>) {
        let delivery = self.made(edition, key, body, target);
        self.waiting.push_back(delivery);
    }

    fn made(
        &mut self,
        edition: Edition,
        key: &str,
        body: &Value,
        (hook, secret, url): Target<'_>,
    ) -> Delivery {
        self.counter += 1;
        let request_id = uuid(&format!("delivery {}", self.counter));
        let mut delivery = Delivery {
            edition,
            key: key.to_owned(),
            headers: headers(edition, key, &request_id, hook),
            request_id,
            body: body.to_string().into_bytes(),
            url,
        };
        if let Some(secret) = secret {
            delivery.sign(secret);
        }
        delivery
    }

    fn secret(&self, edition: Edition) -> Option<&str> {
        self.secrets[usize::from(edition == Edition::DataCenter)].as_deref()
    }
}

fn headers(edition: Edition, key: &str, request_id: &str, hook: &str) -> Vec<(String, String)> {
    let agent = "Atlassian HttpClient 4.1.0 / Bitbucket-9.4.0 (9004000) / Default";
    let pairs: &[(&str, &str)] = match edition {
        Edition::Cloud => &[
            ("Content-Type", "application/json"),
            ("User-Agent", "Bitbucket-Webhooks/2.0"),
            ("X-Event-Key", key),
            ("X-Hook-UUID", hook.trim_matches(['{', '}'])),
            ("X-Request-UUID", request_id),
            ("X-Attempt-Number", "1"),
        ],
        Edition::DataCenter => &[
            ("Content-Type", "application/json; charset=utf-8"),
            ("User-Agent", agent),
            ("X-Event-Key", key),
            ("X-Request-Id", request_id),
        ],
    };
    let owned = pairs.iter().map(|&(name, value)| (name.to_owned(), value.to_owned()));
    owned.collect()
}
