//! The bot ends in the middle of something, and another goes on where it stood.

use std::time::Duration;

use dipper::sandbox::wire::Fault;

use super::{opened, said_in, subscribed};
use crate::world::{World, on_both};

/// Kills the bot while Slack holds back its answer to this, and lets another find what was left.
async fn dies_while_asking(world: &mut World, method: &str) {
    let before = world.slack.requests().len();
    world.slack.faults.next(&format!("POST /api/{method}"), &Fault::Slow(Duration::from_mins(1)), 1);
    let asked = async {
        while !world.slack.requests()[before..].iter().any(|call| call.method == method) {
            tokio::task::yield_now().await;
        }
    };
    let working = async { while world.step().await {} };
    let asked = tokio::time::timeout(Duration::from_secs(20), asked);
    tokio::select! {
        done = asked => done.expect("Slack is asked"),
        () = working => panic!("the work was done before the bot could die"),
    }
    world.restart().await;
    world.move_clocks(Duration::from_secs(61));
    world.bot().store.reap(12).await.unwrap();
    world.settle().await;
}

#[tokio::test]
async fn what_was_accepted_before_a_restart_is_done_after_it() {
    on_both(async |mut world| {
        subscribed(&world).await;
        opened(&world);
        assert!(world.bitbucket.deliver().await.iter().all(|delivered| delivered.status == 200));
        let ack = world.person("ada").slack.types("#web", "/bb subscriptions").await;
        assert_eq!((ack.status, ack.body.as_str()), (200, ""));
        world.restart().await;
        world.settle().await;
        assert_eq!(world.hears("#web").matches("opened web/api#1").count(), 1);
        assert!(world.person("ada").is_told().starts_with("This channel is told of:"));
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn a_restart_after_every_step_loses_nothing_and_repeats_nothing() {
    on_both(async |mut world| {
        subscribed(&world).await;
        let number = opened(&world);
        world.bitbucket.approve(&world.repository("web/api"), number, "ada").unwrap();
        world.bitbucket.deliver().await;
        while world.step().await {
            world.restart().await;
        }
        world.settle().await;
        let heard = world.hears("#web");
        assert_eq!(heard.matches("opened web/api#1").count(), 1, "{heard}");
        assert_eq!(heard.matches("(in the thread) ada approved.").count(), 1, "{heard}");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn a_bot_that_dies_while_it_posts_a_card_posts_it_once() {
    on_both(async |mut world| {
        subscribed(&world).await;
        opened(&world);
        world.bitbucket.deliver().await;
        dies_while_asking(&mut world, "chat.postMessage").await;
        assert_eq!(world.hears("#web").matches("opened web/api#1").count(), 1);
        assert_eq!(said_in(&world, "web").len(), 1, "{}", world.transcript());
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn a_bot_that_dies_while_it_edits_a_card_leaves_it_true() {
    on_both(async |mut world| {
        subscribed(&world).await;
        let number = opened(&world);
        world.settle().await;
        let card = world.messages("#web").remove(0);
        world.bitbucket.merge(&world.repository("web/api"), number, "grace").unwrap();
        world.bitbucket.deliver().await;
        dies_while_asking(&mut world, "chat.update").await;
        assert!(world.read(&[world.slack.current(&card)]).contains("merged by grace"));
        assert_eq!(world.hears("#web").matches("merged this into").count(), 1);
        world.finish().await;
    })
    .await;
}
