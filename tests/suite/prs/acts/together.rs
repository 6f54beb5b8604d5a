//! Pressed twice, or by two at once: done once, and the second is told who was sooner.

use super::{Stage, reads};
use crate::world::on_both;

#[tokio::test]
async fn two_merge_at_once_and_one_is_told_who_was_sooner() {
    on_both(async |world| {
        let stage = Stage::set(&world).await;
        let grace = world.person("grace");
        for one in [&grace, &stage.ada] {
            assert_eq!(one.clicks(&stage.card, "Merge").await, "");
        }
        for one in [&grace, &stage.ada] {
            assert_eq!(one.slack.submits().await.status, 200);
        }
        world.settle().await;
        snapshot!(reads(&grace), @"
        Merge a pull request
        Merged web/api#1 Limit the rate into `main`.
        ");
        snapshot!(reads(&stage.ada), @"
        Merge a pull request
        Already merged by grace.
        ———
        web/api#1 Limit the rate
        `limit-rate` → `main`
        Strategy: Merge commit
        Commit message (optional): ____
        (Bitbucket writes its own when left empty)
        Delete the source branch (optional): [ ] Yes
        [Merge]
        ");
        let heard = world.hears("#web");
        assert_eq!(heard.matches("merged this into").count(), 1, "{heard}");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn a_form_sent_twice_asks_for_changes_once() {
    on_both(async |world| {
        let stage = Stage::set(&world).await;
        let ada = &stage.ada;
        assert_eq!(ada.clicks(&stage.card, "Needs work").await, "");
        ada.slack.fills("What should change?", "The limit is missing").await;
        let payload = ada.slack.submit_payload().unwrap();
        for _ in 0..2 {
            assert_eq!(world.slack.interact("/slack/interactions", &payload).await.status, 200);
        }
        world.settle().await;
        assert!(ada.sees_form().contains("You asked for changes on web/api#1"));
        assert_eq!(world.bitbucket.pull_request(&stage.repo, 1).unwrap().comments.len(), 1);
        let _cards = world.hears("#web");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn an_old_card_tells_who_declined_and_is_put_right() {
    on_both(async |world| {
        let stage = Stage::set(&world).await;
        stage.repo.pull_request(1).decline("grace").unwrap();
        assert_eq!(stage.ada.clicks(&stage.card, "Merge").await, "");
        snapshot!(stage.ada.sees_form(), @"
        Merge a pull request
        Already declined by grace.
        ———
        web/api#1
        Commit message (optional): ____
        (Bitbucket writes its own when left empty)
        Delete the source branch (optional): [ ] Yes
        [Merge]
        ");
        let _cards = world.hears("#web");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn approving_what_only_you_see_takes_its_place() {
    on_both(async |world| {
        let stage = Stage::set(&world).await;
        let ack = stage.ada.slack.types("#web", "/bb pr show web/api#1").await;
        assert_eq!(ack.status, 200);
        world.settle().await;
        let shown = stage.ada.slack.told().remove(0);
        snapshot!(stage.ada.clicks(&shown, "Approve").await, @"
        (edited) You approved web/api#1 Limit the rate.
        [Undo]
        ");
        let _cards = world.hears("#web");
        world.finish().await;
    })
    .await;
}
