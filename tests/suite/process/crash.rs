//! Killed at random moments, again and again: whatever was acknowledged is done, and said once.

use std::collections::BTreeSet;
use std::sync::atomic::Ordering;
use std::time::Duration;

use dipper::sandbox::slack::Person;
use dipper::store::JobState;

use super::load::{CHANNELS, DELIVERIES, Load, PULL_REQUESTS, channels, deliveries};
use super::{Surroundings, until};
use crate::database::Database;

const PATIENCE: Duration = Duration::from_mins(4);
/// A card and a line under it for each pull request.
const MESSAGES: usize = CHANNELS * 20;

/// Draws that come again with the same seed.
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(end).unwrap()).unwrap()
    }

    /// So many moments, in order.
    fn moments(&mut self, many: usize, end: usize) -> BTreeSet<usize> {
        (0..many).map(|_| self.below(end)).collect()
    }
}

/// The seed of this run: the runner's, or a fresh one.
fn seed() -> u64 {
    #[expect(clippy::disallowed_methods, reason = "a run that failed is run again with its seed")]
    let given = std::env::var("DIPPER_TEST_SEED").unwrap_or_else(|_| dipper::clock::random_name(8));
    u64::from_str_radix(&given, 16).unwrap().max(1)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_acknowledged_survives_being_killed() {
    let seed = seed();
    println!("DIPPER_TEST_SEED={seed:x}");
    let database = Database::fresh().await;
    let around = Surroundings::on(database.url()).await;
    let (ada, _) = (around.person("ada"), around.person("grace"));
    let channels = channels(&around, &ada).await;
    let accepted = under_fire(&around, &ada, &channels, Chance(seed)).await;
    everything_is_done(&around).await;
    for channel in &channels {
        each_is_said_once(&around, channel);
    }
    each_is_answered(&around, &accepted);
    database.drop().await;
}

/// Three kills while it takes in, three while it speaks; the response URLs of the commands it accepted.
async fn under_fire(
    around: &Surroundings,
    ada: &Person,
    channels: &[String],
    mut chance: Chance,
) -> Vec<String> {
    let mut process = around.serve().await;
    let mut load = Load::begin(around, ada, deliveries(&around.bitbucket));
    for moment in chance.moments(3, DELIVERIES) {
        until("deliveries come in", PATIENCE, async || load.acknowledged.load(Ordering::SeqCst) >= moment)
            .await;
        process.dies().await;
        process = around.serve().await;
    }
    load.ended().await;
    let said = || channels.iter().map(|channel| around.said_in(channel).len()).sum::<usize>();
    for moment in chance.moments(3, MESSAGES * 2 / 3) {
        until("it speaks", PATIENCE, async || said() >= moment).await;
        process.dies().await;
        process = around.serve().await;
    }
    let store = around.store().await;
    until(&format!("nothing is left to do\n{}", around.log()), PATIENCE, async || {
        store.depth().await.unwrap().iter().all(|row| row.state == JobState::Buried)
    })
    .await;
    store.close().await;
    process.stops().await;
    load.accepted.lock().unwrap().clone()
}

/// No job is buried or left, and every delivery has an outcome.
async fn everything_is_done(around: &Surroundings) {
    let store = around.store().await;
    assert_eq!(store.depth().await.unwrap(), [], "{}", around.log());
    let all = store.deliveries(None, 1_000).await.unwrap();
    assert_eq!(all.len(), DELIVERIES);
    let without: Vec<_> = all.iter().filter(|delivery| delivery.outcome.is_none()).collect();
    assert!(without.is_empty(), "{without:?}");
    store.close().await;
}

/// One card for each pull request, which says how it ended, and one line under it.
fn each_is_said_once(around: &Surroundings, channel: &str) {
    let said = around.said_in(channel);
    for number in 1..=PULL_REQUESTS {
        let title = format!("#{number} A change");
        let cards: Vec<&String> = said.iter().filter(|text| text.contains(&title)).collect();
        assert_eq!(cards.len(), 1, "{title} in {channel}: {cards:?}");
        assert!(cards[0].contains("merged by grace"), "{}", cards[0]);
    }
    let lines = said.iter().filter(|text| text.contains("merged this into")).count();
    assert_eq!((lines, said.len()), (10, 20), "{said:?}");
}

/// Whoever was told 200 was answered.
fn each_is_answered(around: &Surroundings, accepted: &[String]) {
    assert!(!accepted.is_empty(), "no command got through at all");
    let unanswered = around.slack.with_world(|world| {
        let answered =
            |url: &&String| world.response_urls.iter().any(|it| url.ends_with(&it.id) && it.uses > 0);
        accepted.iter().filter(|url| !answered(url)).count()
    });
    assert_eq!(unanswered, 0, "of {} commands", accepted.len());
}
