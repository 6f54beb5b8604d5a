//! Who hears of what happens: at once on every replica, as far as whoever asked for it may read it.

use std::time::Duration;

use dipper::bot::Bot;
use dipper::sandbox::bitbucket::Opening;
use dipper::worker::Worker;

use crate::replicas::another;
use crate::world::{World, on_both};

const DAY: Duration = Duration::from_hours(24);

/// Grace opens a pull request from a branch of its own.
fn opens(world: &World, title: &str) {
    let repo = world.repository("web/api");
    let branch = title.to_lowercase().replace(' ', "-");
    let _branch = repo.branch(&branch).with_commit(title, "grace");
    let opening = Opening { title, from: &branch, to: "main", ..Opening::default() };
    world.bitbucket.open(&repo, "grace", &opening).unwrap();
}

/// What arrives is worked off by this bot alone.
async fn works_off(world: &World, bot: &Bot) {
    world.bitbucket.deliver().await;
    let worker = Worker::new(bot.clone());
    while Box::pin(worker.step()).await.unwrap() {}
    // A card is measured a moment after it was told.
    world.move_clocks(Duration::from_secs(2));
    while Box::pin(worker.step()).await.unwrap() {}
}

#[tokio::test]
async fn what_is_subscribed_on_one_replica_is_heard_on_the_other_at_once() {
    on_both(async |world| {
        let ada = world.person("ada").connected().await;
        let other = another(&world).await;
        opens(&world, "Before anybody asked");
        works_off(&world, &other).await;
        assert_eq!(world.hears("#web"), "");
        ada.types("/bb subscribe web/api opened").await;
        opens(&world, "Heard");
        works_off(&world, &other).await;
        snapshot!(world.hears("#web"), @"
        grace opened web/api#2 Heard
        `heard` → `main` · no reviewers
        1 file, +6 −0
        [Approve] [Needs work] [Comment] [Merge] [More… ▾]
        ");
        ada.types("/bb unsubscribe web/api").await;
        opens(&world, "After it was taken back");
        works_off(&world, &other).await;
        assert_eq!(world.hears("#web"), "");
        other.store.close().await;
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn who_can_read_it_no_more_is_told_of_it_for_a_day_at_most() {
    on_both(async |world| {
        let ada = world.person("ada").connected().await;
        ada.types("/bb subscribe web/api opened").await;
        opens(&world, "One");
        world.settle().await;
        assert!(world.hears("#web").contains("web/api#1 One"));
        let _repo = world.repository("web/api").forbid("ada");
        world.advance(DAY).await;
        opens(&world, "Two");
        world.settle().await;
        snapshot!(world.hears("#web"), @"
        I can no longer see web/api for this channel: @ada, who asked for it, may not read it any more.
        Anyone here who can read it may take the feed over; until then nothing of it is told here.
        [Take over] [Stop]
        ");
        let _repo = world.repository("web/api").allow("ada", dipper::sandbox::bitbucket::Permission::Read);
        world.advance(Duration::from_mins(11)).await;
        opens(&world, "Three");
        world.settle().await;
        assert!(world.hears("#web").contains("web/api#3 Three"));
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn each_asker_is_looked_at_once_however_much_they_asked_for() {
    on_both(async |world| {
        let ada = world.person("ada").connected().await;
        for (channel, repos) in [("#web", "web/*"), ("#a", "web/*"), ("#b", "web/a*"), ("#c", "web/api")] {
            if channel != "#web" {
                world.slack.add_channel(&channel[1..], false, &[&ada.slack]);
            }
            let told = ada.types_in(channel, &format!("/bb subscribe {repos} opened")).await;
            assert!(told.contains("is now told of"), "{told}");
        }
        world.advance(DAY).await;
        let asked = world.bitbucket.requests().len();
        opens(&world, "Limit the rate");
        world.settle().await;
        for channel in ["#web", "#a", "#b", "#c"] {
            assert!(world.hears(channel).contains("web/api#1 Limit the rate"), "{channel}");
        }
        let calls = world.bitbucket.requests();
        let calls: Vec<_> =
            calls[asked..].iter().filter(|call| call.path.to_lowercase().ends_with("/api")).collect();
        assert_eq!(calls.len(), 1, "{calls:?}");
        opens(&world, "Another");
        world.settle().await;
        for channel in ["#web", "#a", "#b", "#c"] {
            assert!(world.hears(channel).contains("web/api#2 Another"), "{channel}");
        }
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn while_bitbucket_cannot_be_asked_what_was_seen_last_counts() {
    use dipper::sandbox::wire::Fault;
    on_both(async |world| {
        let ada = world.person("ada").connected().await;
        ada.types("/bb subscribe web/api opened").await;
        world.advance(DAY).await;
        opens(&world, "Limit the rate");
        let faults = world.bitbucket.faults(world.edition).clone();
        faults.next("", &Fault::Refuse { status: 503, retry_after: None, body: "" }, 1_000);
        world.settle().await;
        world.advance(Duration::from_mins(2)).await;
        faults.call_off();
        world.advance(Duration::from_mins(1)).await;
        assert!(world.hears("#web").contains("web/api#1 Limit the rate"));
        world.finish().await;
    })
    .await;
}
