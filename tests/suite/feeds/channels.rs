//! Channels are archived, deleted and closed to the bot: whoever asked is told once, nothing piles up, and it
//! goes on when it may.

use super::{followed, opened};
use crate::world::{Person, World, on_both};

/// Ada has #secret told of web/api, a private channel.
async fn in_private(world: &World) -> Person<'_> {
    let ada = world.person("ada").connected().await;
    world.slack.add_channel("secret", true, &[&ada.slack]);
    assert!(world.slack.invite_bot("secret"));
    let told = ada.types_in("#secret", "/bb subscribe web/api opened updated commented").await;
    assert!(told.starts_with("This channel is now told of web/api"), "{told}");
    ada
}

fn retitle(world: &World, title: &str) {
    world.repository("web/api").pull_request(1).retitle("grace", title).unwrap();
}

#[tokio::test]
async fn an_archived_channel_waits_until_it_is_unarchived() {
    on_both(async |world| {
        let ada = followed(&world).await;
        opened(&world).await;
        let _card = world.hears("#web");
        let _ = world.slack.archives("#web").await;
        world.settle().await;
        snapshot!(ada.is_told(), @"
        #web was archived, so it is not told of web/api.
        When it is unarchived, it goes on; where it is private, type `/invite @Dipper` there then.
        [End web/api]
        ");
        retitle(&world, "Limit every rate");
        world.settle().await;
        retitle(&world, "Limit all rates");
        world.settle().await;
        assert_eq!((world.hears("#web").as_str(), ada.is_told().as_str()), ("", ""));
        let _ = world.slack.unarchives("#web").await;
        world.settle().await;
        snapshot!(world.hears("#web"), @"
        (edited) grace opened web/api#1 Limit all rates
        `limit-rate` → `main` · no reviewers
        1 file, +15 −0
        [Approve] [Needs work] [Comment] [Merge] [More… ▾]
        ");
        world.repository("web/api").pull_request(1).comment("grace", "On we go").unwrap();
        world.settle().await;
        snapshot!(world.hears("#web"), @"
        (edited) grace opened web/api#1 Limit all rates
        `limit-rate` → `main` · no reviewers
        1 comment · 1 file, +15 −0
        [Approve] [Needs work] [Comment] [Merge] [More… ▾]

        (in the thread) grace commented: On we go
        ");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn taken_out_of_a_private_channel_it_waits_for_an_invitation() {
    on_both(async |world| {
        let ada = in_private(&world).await;
        opened(&world).await;
        let _card = world.hears("#secret");
        let _ = world.slack.removes_bot("#secret").await;
        world.settle().await;
        snapshot!(ada.is_told(), @"
        I am no longer in #secret, so it is not told of web/api.
        Type `/invite @Dipper` there, and it goes on.
        [End web/api]
        ");
        retitle(&world, "Limit every rate");
        world.settle().await;
        let _ = world.slack.lets_bot_in("#secret").await;
        world.settle().await;
        snapshot!(world.hears("#secret"), @"
        (edited) grace opened web/api#1 Limit every rate
        `limit-rate` → `main` · no reviewers
        1 file, +15 −0
        [Approve] [Needs work] [Comment] [Merge] [More… ▾]
        ");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn what_no_event_told_is_learnt_from_slacks_refusal() {
    on_both(async |world| {
        let ada = in_private(&world).await;
        opened(&world).await;
        let _card = world.hears("#secret");
        assert!(world.slack.kick_bot("secret"));
        for title in ["Limit every rate", "Limit all rates", "Limit what there is"] {
            retitle(&world, title);
            world.settle().await;
        }
        let told = ada.slack.told();
        assert_eq!(told.len(), 1, "it is said once");
        snapshot!(world.read(&told), @"
        I am no longer in #secret, so it is not told of web/api.
        Type `/invite @Dipper` there, and it goes on.
        [End web/api]
        ");
        snapshot!(ada.clicks(&told[0], &format!("End {}", world.called("web/api"))).await, @"#secret is no longer told of web/api.");
        assert!(world.slack.invite_bot("secret"));
        retitle(&world, "Limit none");
        world.settle().await;
        assert_eq!(world.hears("#secret"), "");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn only_the_asker_ends_a_feed_from_elsewhere() {
    on_both(async |world| {
        let ada = in_private(&world).await;
        let grace = world.person("grace").connected().await;
        world.slack.add_channel("side", true, &[&ada.slack, &grace.slack]);
        assert!(world.slack.kick_bot("secret"));
        opened(&world).await;
        let told = ada.slack.told();
        snapshot!(grace.clicks(&told[0], &format!("End {}", world.called("web/api"))).await, @"Only whoever asked for it can end it from here; anyone can where it is told.");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn a_deleted_channel_takes_its_feeds_with_it() {
    on_both(async |world| {
        let ada = followed(&world).await;
        let repo = format!("{}:{}", world.instance(), world.called("web/api")).parse().unwrap();
        let _ = world.slack.deletes_channel("#web").await;
        world.settle().await;
        snapshot!(ada.is_told(), @"
        #C00000005 was deleted, so it is not told of web/api.
        What it was told goes with it.
        ");
        assert!(world.bot().store.subscriptions_to(&repo).await.unwrap().is_empty());
        opened(&world).await;
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn asked_again_where_it_was_let_in_unnoticed_it_goes_on() {
    on_both(async |world| {
        let ada = in_private(&world).await;
        opened(&world).await;
        let _card = world.hears("#secret");
        let _ = world.slack.removes_bot("#secret").await;
        world.settle().await;
        let _told = ada.is_told();
        retitle(&world, "Limit every rate");
        world.settle().await;
        snapshot!(ada.types_in("#secret", "/bb subscriptions").await, @"
        This channel is told of:
        Nothing comes now: I can't speak here. Type `/invite @Dipper`.
        • web/api (bitbucket): opened, updated, commented, asked for by @ada
        ");
        assert!(world.slack.invite_bot("secret"));
        snapshot!(ada.types_in("#secret", "/bb subscriptions").await, @"
        This channel is told of:
        • web/api (bitbucket): opened, updated, commented, asked for by @ada
        ");
        snapshot!(world.hears("#secret"), @"
        (edited) grace opened web/api#1 Limit every rate
        `limit-rate` → `main` · no reviewers
        1 file, +15 −0
        [Approve] [Needs work] [Comment] [Merge] [More… ▾]
        ");
        world.finish().await;
    })
    .await;
}
