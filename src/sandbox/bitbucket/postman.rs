//! Brings deliveries to the bot: when asked to, or at once for the demo.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use reqwest::redirect::Policy;
use tokio::task::JoinHandle;

use super::Bitbucket;
use super::service::{Shared, lock};
use super::webhooks::{Delivered, Delivery};
use super::world::Edition;

/// How long an instance waits for an answer, as Cloud does.
const PATIENCE: Duration = Duration::from_secs(10);

/// Carries deliveries, one round after another.
#[derive(Debug)]
pub(super) struct Postman {
    route: Arc<Route>,
    task: JoinHandle<()>,
}

#[derive(Debug)]
struct Route {
    shared: Arc<Shared>,
    bot: Mutex<Option<String>>,
    at_once: AtomicBool,
    /// Whether nothing arrives.
    cut_off: AtomicBool,
    /// Held for a round, so that two rounds cannot overtake one another.
    round: tokio::sync::Mutex<()>,
}

impl Postman {
    pub(super) fn start(shared: Arc<Shared>) -> Self {
        let route = Arc::new(Route {
            shared,
            bot: Mutex::default(),
            at_once: AtomicBool::new(false),
            cut_off: AtomicBool::new(false),
            round: tokio::sync::Mutex::default(),
        });
        let walking = route.clone();
        let task = tokio::spawn(async move {
            loop {
                walking.shared.rung.notified().await;
                if walking.at_once.load(Ordering::SeqCst) {
                    walking.deliver().await;
                }
            }
        });
        Self { route, task }
    }
}

/// What deliveries leave by: it follows nobody anywhere.
pub(super) fn client() -> io::Result<reqwest::Client> {
    let client = reqwest::Client::builder().redirect(Policy::none()).no_proxy().timeout(PATIENCE);
    client.build().map_err(io::Error::other)
}

impl Drop for Postman {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Route {
    /// Sends what waits, in order; keeps it while nobody has said where the bot lives.
    async fn deliver(&self) -> Vec<Delivered> {
        let _round = self.round.lock().await;
        let mut done = Vec::new();
        while lock(&self.bot).is_some() {
            let next = lock(&self.shared.outbox).waiting.pop_front();
            let Some(delivery) = next else { break };
            done.push(self.send(&delivery).await);
        }
        done
    }

    async fn send(&self, delivery: &Delivery) -> Delivered {
        let status = if self.cut_off.load(Ordering::SeqCst) { 0 } else { self.status_of(delivery).await };
        if let Some(url) = &delivery.url {
            lock(&self.shared.world).hook_sent(url, &delivery.key, status);
        }
        Delivered { status, key: delivery.key.clone(), request_id: delivery.request_id.clone() }
    }

    async fn status_of(&self, delivery: &Delivery) -> u16 {
        match self.post(delivery).await {
            Ok(status) => status,
            Err(error) => {
                tracing::warn!(%error, key = delivery.key, "a delivery did not arrive");
                0
            }
        }
    }

    async fn post(&self, delivery: &Delivery) -> reqwest::Result<u16> {
        let base = lock(&self.bot).clone().unwrap_or_default();
        let door = match delivery.edition {
            Edition::Cloud => "cloud",
            Edition::DataCenter => "dc",
        };
        let by_hand = format!("{base}/bitbucket/{door}/webhook");
        let url = delivery.url.as_deref().unwrap_or(&by_hand);
        let mut request = self.shared.client.post(url).body(delivery.body.clone());
        for (name, value) in &delivery.headers {
            request = request.header(name, value);
        }
        Ok(request.send().await?.status().as_u16())
    }
}

impl Bitbucket {
    /// Says where the bot lives; the hand-made hooks point at its two doors.
    pub fn point_at(&self, bot_base: &str) {
        let base = bot_base.trim_end_matches('/').to_owned();
        *lock(&self.postman.route.bot) = Some(base);
        self.shared.rung.notify_one();
    }

    /// Sends what waits in the outbox, in order. Nothing leaves before `point_at`.
    pub async fn deliver(&self) -> Vec<Delivered> {
        self.postman.route.deliver().await
    }

    /// Sends this delivery as it is, as often as asked.
    pub async fn send(&self, delivery: &Delivery) -> Delivered {
        self.postman.route.send(delivery).await
    }

    /// Takes out what waits, to be duplicated, reordered, tampered with or dropped.
    pub fn take_deliveries(&self) -> Vec<Delivery> {
        lock(&self.shared.outbox).waiting.drain(..).collect()
    }

    /// How many deliveries were ever put in the outbox.
    pub fn delivery_counter(&self) -> u64 {
        lock(&self.shared.outbox).counter
    }

    /// From now on deliveries leave by themselves, or wait to be sent.
    pub fn auto_deliver(&self, at_once: bool) {
        self.postman.route.at_once.store(at_once, Ordering::SeqCst);
        self.shared.rung.notify_one();
    }

    /// Runs of pipelines go on as time passes.
    pub fn auto_run(&self) {
        lock(&self.shared.world).runs_by_themselves = true;
    }

    /// While cut off, deliveries leave and arrive nowhere.
    pub fn cut_off(&self, cut: bool) {
        self.postman.route.cut_off.store(cut, Ordering::SeqCst);
    }

    /// While silent, what happens makes no deliveries: it is how things stood before.
    pub fn silent(&self, silent: bool) {
        lock(&self.shared.outbox).muted = silent;
    }

    /// Presses Data Center's "test connection".
    pub fn ping(&self) {
        lock(&self.shared.outbox).ping();
        self.shared.rung.notify_one();
    }
}
