//! Whoever asked for a feed disconnects, leaves, or may no longer read: the channel is told once, shows nothing
//! more, and goes on when somebody who can read takes it over.

use std::time::Duration;

use super::{followed, opened};
use crate::world::{World, on_both};

const A_DAY: Duration = Duration::from_hours(25);

async fn comments(world: &World, text: &str) {
    world.repository("web/api").pull_request(1).comment("grace", text).unwrap();
    world.settle().await;
}

#[tokio::test]
async fn one_who_disconnected_is_stood_in_for_by_another() {
    on_both(async |world| {
        let ada = followed(&world).await;
        opened(&world).await;
        let _card = world.hears("#web");
        let _told = ada.types("/bb disconnect").await;
        world.repository("web/api").pull_request(1).retitle("grace", "Limit every rate").unwrap();
        comments(&world, "Secret").await;
        let held = world.messages("#web").remove(0);
        snapshot!(world.read(std::slice::from_ref(&held)), @"
        I can no longer see web/api for this channel: @ada, who asked for it, has no account connected any more.
        Anyone here who can read it may take the feed over; until then nothing of it is told here.
        [Take over] [Stop]
        ");
        comments(&world, "More of it").await;
        assert_eq!(world.hears("#web"), "", "it is told once, and nothing more is shown");
        let edsger = world.person("edsger");
        snapshot!(edsger.clicks(&held, "Take over").await, @"
        First connect your account on bitbucket, so that I can do this as you.
        I'll carry on with what you asked as soon as you have.
        [Connect bitbucket]
        ");
        let grace = world.person("grace").connected().await;
        assert_eq!(grace.clicks(&held, "Take over").await, "");
        snapshot!(world.hears("#web"), @"
        @grace took over web/api: this channel is told of it again: opened, updated, commented, merged.
        [Stop]

        (edited) grace opened web/api#1 Limit every rate
        `limit-rate` → `main` · no reviewers
        2 comments · 1 file, +15 −0
        [Approve] [Needs work] [Comment] [Merge] [More… ▾]
        ");
        snapshot!(grace.clicks(&held, "Take over").await, @"web/api is seen again, with the account of @grace: there is nothing to take over.");
        comments(&world, "In the open again").await;
        snapshot!(world.hears("#web"), @"
        (edited) grace opened web/api#1 Limit every rate
        `limit-rate` → `main` · no reviewers
        3 comments · 1 file, +15 −0
        [Approve] [Needs work] [Comment] [Merge] [More… ▾]

        (in the thread) grace commented: In the open again
        ");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn one_who_may_read_no_more_is_named_and_others_are_asked() {
    on_both(async |world| {
        let ada = followed(&world).await;
        opened(&world).await;
        let _card = world.hears("#web");
        let _repo = world.repository("web/api").forbid("ada").forbid("edsger");
        world.advance(A_DAY).await;
        comments(&world, "Secret").await;
        let held = world.messages("#web").remove(0);
        snapshot!(world.read(std::slice::from_ref(&held)), @"
        I can no longer see web/api for this channel: @ada, who asked for it, may not read it any more.
        Anyone here who can read it may take the feed over; until then nothing of it is told here.
        [Take over] [Stop]
        ");
        let edsger = world.person("edsger").connected().await;
        snapshot!(edsger.clicks(&held, "Take over").await, @"
        Bitbucket has nothing of that name that you may see.
        Who may: one who can read the repository.
        ");
        snapshot!(ada.types("/bb subscriptions").await, @"
        This channel is told of:
        • web/api (bitbucket): opened, updated, commented, merged, asked for by @ada. Nobody's account sees it: anyone who can read it may take it over.
        [Take over]
        ");
        snapshot!(ada.clicks(&held, "Stop").await, @"This channel is no longer told of web/api.");
        comments(&world, "For nobody").await;
        assert!(!world.hears("#web").contains("For nobody"), "its card is kept true, and no more is told");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn one_who_left_the_workspace_is_forgotten() {
    on_both(async |world| {
        let ada = followed(&world).await;
        opened(&world).await;
        let _card = world.hears("#web");
        ada.slack.leaves();
        world.advance(A_DAY).await;
        comments(&world, "Secret").await;
        snapshot!(world.hears("#web"), @"
        I can no longer see web/api for this channel: @ada, who asked for it, has no account connected any more.
        Anyone here who can read it may take the feed over; until then nothing of it is told here.
        [Take over] [Stop]
        ");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn one_who_connects_again_needs_nobody() {
    on_both(async |world| {
        let ada = followed(&world).await;
        opened(&world).await;
        let _card = world.hears("#web");
        let _told = ada.types("/bb disconnect").await;
        world.repository("web/api").pull_request(1).retitle("grace", "Limit every rate").unwrap();
        world.settle().await;
        assert!(world.hears("#web").starts_with("I can no longer see web/api for this channel"));
        let _ada = ada.connected().await;
        comments(&world, "Welcome back").await;
        snapshot!(world.hears("#web"), @"
        (edited) grace opened web/api#1 Limit every rate
        `limit-rate` → `main` · no reviewers
        1 comment · 1 file, +15 −0
        [Approve] [Needs work] [Comment] [Merge] [More… ▾]

        (in the thread) grace commented: Welcome back
        ");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn a_feed_of_many_repositories_is_taken_over_whole() {
    on_both(async |world| {
        let ada = world.person("ada").connected().await;
        let _told = ada.types("/bb subscribe web/* opened commented --size compact").await;
        let _told = ada.types("/bb disconnect").await;
        opened(&world).await;
        let held = world.messages("#web").remove(0);
        snapshot!(world.read(std::slice::from_ref(&held)), @"
        I can no longer see web/* for this channel: @ada, who asked for it, has no account connected any more.
        Anyone here who can read it may take the feed over; until then nothing of it is told here.
        [Take over] [Stop]
        ");
        let grace = world.person("grace").connected().await;
        let _told = grace.clicks(&held, "Take over").await;
        snapshot!(world.hears("#web"), @"
        @grace took over web/*: this channel is told of it again: opened, commented.
        [Stop]
        ");
        comments(&world, "Here").await;
        snapshot!(world.hears("#web"), @"
        grace opened web/api#1 Limit the rate
        `limit-rate` → `main` · no reviewers
        [Approve] [Needs work] [Comment] [Merge] [More… ▾]

        (in the thread) grace commented: Here
        ");
        world.finish().await;
    })
    .await;
}
