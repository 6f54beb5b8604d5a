//! Load: three hundred deliveries, sent again until they are acknowledged, and a hundred commands, sent once.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use dipper::sandbox::bitbucket::{Bitbucket, Delivery, Edition, Permission};
use dipper::sandbox::slack::{Person, Slack};
use dipper::words::names::Topic;
use tokio::task::JoinSet;

use super::Surroundings;

pub const CHANNELS: usize = 6;
/// How many pull requests each channel hears of.
pub const PULL_REQUESTS: u64 = 10;
/// Opened, approved, not approved after all, merged, and the push of the merge.
pub const DELIVERIES: usize = CHANNELS * 10 * 5;
pub const COMMANDS: usize = 100;
const SENDERS: usize = 6;
const FORM: &str = "application/x-www-form-urlencoded";
const PATIENCE: Duration = Duration::from_mins(3);

/// A load on its way.
pub struct Load {
    /// How many deliveries were acknowledged.
    pub acknowledged: Arc<AtomicUsize>,
    /// The response URLs of the commands that were.
    pub accepted: Arc<Mutex<Vec<String>>>,
    tasks: JoinSet<()>,
}

/// Channels that are told of a repository each; their ids.
pub async fn channels(around: &Surroundings, member: &Person) -> Vec<String> {
    let mut ids = Vec::new();
    for at in 0..CHANNELS {
        let topics = [Topic::Opened, Topic::Merged];
        let repo = format!("web/r{at}");
        ids.push(around.channel_told_of(&format!("c{at}"), &repo, &topics, member).await);
    }
    ids
}

/// What Bitbucket sends when every repository's pull requests are opened, talked about and merged.
pub fn deliveries(bitbucket: &Bitbucket) -> VecDeque<Delivery> {
    for at in 0..CHANNELS {
        let repo = bitbucket.add_repository(Edition::Cloud, &format!("web/r{at}"));
        let repo = repo.allow_everyone(Permission::Write);
        for number in 1..=PULL_REQUESTS {
            let branch = format!("b{number}");
            let _branch = repo.branch(&branch).with_commit("A change", "grace");
            let opened = bitbucket.open_pull_request(&repo, "grace", "A change", (&branch, "main")).unwrap();
            bitbucket.approve(&repo, opened, "ada").unwrap();
            bitbucket.unapprove(&repo, opened, "ada").unwrap();
            bitbucket.merge(&repo, opened, "grace").unwrap();
        }
    }
    bitbucket.take_deliveries().into()
}

impl Load {
    /// Lets it come from several sides at once.
    pub fn begin(around: &Surroundings, asker: &Person, waiting: VecDeque<Delivery>) -> Self {
        let (acknowledged, accepted) = (Arc::<AtomicUsize>::default(), Arc::default());
        let waiting = Arc::new(Mutex::new(waiting));
        let mut tasks = JoinSet::new();
        for _ in 0..SENDERS {
            let (waiting, acknowledged) = (waiting.clone(), acknowledged.clone());
            tasks.spawn(deliver(around.bitbucket.clone(), waiting, acknowledged));
        }
        tasks.spawn(command(
            around.slack.clone(),
            asker.clone(),
            acknowledged.clone(),
            Arc::clone(&accepted),
        ));
        Self { acknowledged, accepted, tasks }
    }

    /// Waits until everything was sent.
    pub async fn ended(&mut self) {
        while let Some(done) = self.tasks.join_next().await {
            done.unwrap();
        }
    }
}

/// Each delivery is sent until it is acknowledged.
async fn deliver(
    bitbucket: Bitbucket,
    waiting: Arc<Mutex<VecDeque<Delivery>>>,
    acknowledged: Arc<AtomicUsize>,
) {
    loop {
        let Some(delivery) = waiting.lock().unwrap().pop_front() else { return };
        let (begun, mut attempt) = (Instant::now(), 1);
        while bitbucket.send(&delivery.attempt(attempt)).await.status != 200 {
            assert!(begun.elapsed() < PATIENCE, "a delivery is never acknowledged");
            tokio::time::sleep(Duration::from_millis(10)).await;
            attempt += 1;
        }
        acknowledged.fetch_add(1, Ordering::SeqCst);
    }
}

/// Commands are sent once, spread over the whole time.
async fn command(
    slack: Slack,
    asker: Person,
    acknowledged: Arc<AtomicUsize>,
    accepted: Arc<Mutex<Vec<String>>>,
) {
    for at in 0..COMMANDS {
        let so_far = at * DELIVERIES / COMMANDS;
        let begun = Instant::now();
        while acknowledged.load(Ordering::SeqCst) < so_far {
            assert!(begun.elapsed() < PATIENCE, "the deliveries do not go on");
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        let body = slack.slash_body(&asker, "#c0", "/bb subscriptions");
        let ack = slack.deliver("/slack/commands", FORM, body.clone()).await;
        if ack.status == 200 && ack.body.is_empty() {
            let mut fields = url::form_urlencoded::parse(body.as_bytes());
            let url = fields.find(|(name, _)| name == "response_url").expect("a response URL").1;
            accepted.lock().unwrap().push(url.into_owned());
        }
    }
}
