//! Approving, and taking it back.

use super::{Act, Door, Stage};
use crate::world::on_both;

const APPROVE: Act = Act { typed: "pr approve", options: "", button: "Approve", fills: &[] };
const UNAPPROVE: Act = Act { typed: "pr unapprove", options: "", button: "", fills: &[] };

async fn approves_by(door: Door) {
    on_both(async |world| {
        let stage = Stage::set(&world).await;
        snapshot!(stage.does(&stage.ada, door, &APPROVE).await, @"
        You approved web/api#1 Limit the rate.
        [Undo]
        ");
        snapshot!(stage.does(&stage.ada, door, &APPROVE).await, @"
        You approved web/api#1 Limit the rate already.
        [Undo]
        ");
        let edsger = world.person("edsger");
        snapshot!(stage.does(&edsger, door, &APPROVE).await, @"
        First connect your account on bitbucket, so that I can do this as you.
        I'll carry on with what you asked as soon as you have.
        [Connect bitbucket]
        ");
        let edsger = edsger.connecting().await;
        assert!(edsger.is_told().ends_with("You approved web/api#1 Limit the rate.\n[Undo]"));
        assert_eq!(world.bitbucket.pull_request(&stage.repo, 1).unwrap().approvals, ["ada", "edsger"]);
        snapshot!(stage.does_to_hidden(door, &APPROVE).await, @"Bitbucket has nothing of that name that you may see.");
        if door == Door::Typed {
            snapshot!(stage.does_to_nothing(door, &APPROVE).await, @"Bitbucket has nothing of that name that you may see.");
        }
        snapshot!(stage.does_while_down(door, &APPROVE).await, @"
        Bitbucket is in trouble or cannot be reached: it answered 503 when asked to show the pull request.
        I tried a few times; it may not have been done. Look before you ask again.
        ");
        world.bitbucket.merge(&stage.repo, 1, "grace").unwrap();
        snapshot!(stage.does(&stage.ada, door, &APPROVE).await, @"Already merged by grace.");
        world.settle().await;
        let _cards = world.hears("#web");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn approving_by_typing() {
    approves_by(Door::Typed).await;
}

#[tokio::test]
async fn approving_by_the_button() {
    approves_by(Door::Button).await;
}

async fn asks_which(stage: &Stage<'_>, door: Door) {
    assert_eq!(stage.ada.types("/bb pr approve").await, "");
    snapshot!(stage.ada.sees_form(), @"
    Approve a pull request
    Pull request: ____
    (Like web/api#42, or its address)
    [Approve]
    ");
    snapshot!(stage.does_to_hidden(door, &APPROVE).await, @"
    Approve a pull request
    Bitbucket has nothing of that name that you may see.
    ———
    Pull request: web/vault#1
    (Like web/api#42, or its address)
    [Approve]
    ");
    snapshot!(stage.does_to_nothing(door, &APPROVE).await, @"
    Approve a pull request
    Bitbucket has nothing of that name that you may see.
    ———
    Pull request: web/api#7
    (Like web/api#42, or its address)
    [Approve]
    ");
}

#[tokio::test]
async fn approving_on_a_form() {
    on_both(async |world| {
        let (stage, door) = (Stage::set(&world).await, Door::Form);
        let ada = &stage.ada;
        asks_which(&stage, door).await;
        snapshot!(stage.does(ada, door, &APPROVE).await, @"
        Approve a pull request
        You approved web/api#1 Limit the rate.
        [Undo]
        ");
        snapshot!(stage.does(ada, door, &APPROVE).await, @"
        Approve a pull request
        You approved web/api#1 Limit the rate already.
        [Undo]
        ");
        let edsger = world.person("edsger");
        snapshot!(stage.does(&edsger, door, &APPROVE).await, @"
        Approve a pull request
        First connect your account on bitbucket, so that I can do this as you.
        I'll carry on with what you asked as soon as you have.
        [Connect bitbucket]
        ");
        let edsger = edsger.connecting().await;
        assert!(edsger.is_told().ends_with("You approved web/api#1 Limit the rate.\n[Undo]"));
        snapshot!(stage.does_while_down(door, &APPROVE).await, @"
        Approve a pull request
        Bitbucket is in trouble or cannot be reached: it answered 503 when asked to show the pull request.
        I tried a few times; it may not have been done. Look before you ask again.
        ");
        world.bitbucket.merge(&stage.repo, 1, "grace").unwrap();
        snapshot!(stage.does(ada, door, &APPROVE).await, @"
        Approve a pull request
        Already merged by grace.
        ———
        Pull request: web/api#1
        (Like web/api#42, or its address)
        [Approve]
        ");
        let _cards = world.hears("#web");
        world.finish().await;
    })
    .await;
}

async fn unapproves_by(door: Door) {
    on_both(async |world| {
        let stage = Stage::set(&world).await;
        snapshot!(stage.does(&stage.ada, door, &UNAPPROVE).await, @"You have not approved web/api#1 Limit the rate.");
        world.bitbucket.approve(&stage.repo, 1, "ada").unwrap();
        world.settle().await;
        snapshot!(stage.does_while_down(door, &UNAPPROVE).await, @"
        Bitbucket is in trouble or cannot be reached: it answered 503 when asked to show the pull request.
        I tried a few times; it may not have been done. Look before you ask again.
        ");
        snapshot!(stage.does(&stage.ada, door, &UNAPPROVE).await, @"
        You no longer approve web/api#1 Limit the rate.
        [Approve]
        ");
        let edsger = world.person("edsger");
        world.bitbucket.approve(&stage.repo, 1, "edsger").unwrap();
        snapshot!(stage.does(&edsger, door, &UNAPPROVE).await, @"
        First connect your account on bitbucket, so that I can do this as you.
        I'll carry on with what you asked as soon as you have.
        [Connect bitbucket]
        ");
        let edsger = edsger.connecting().await;
        assert!(edsger.is_told().ends_with("You no longer approve web/api#1 Limit the rate.\n[Approve]"));
        assert!(world.bitbucket.pull_request(&stage.repo, 1).unwrap().approvals.is_empty());
        snapshot!(stage.does_to_hidden(door, &UNAPPROVE).await, @"Bitbucket has nothing of that name that you may see.");
        snapshot!(stage.does_to_nothing(door, &UNAPPROVE).await, @"Bitbucket has nothing of that name that you may see.");
        world.bitbucket.merge(&stage.repo, 1, "grace").unwrap();
        snapshot!(stage.does(&stage.ada, door, &UNAPPROVE).await, @"Already merged by grace.");
        let _cards = world.hears("#web");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn taking_an_approval_back_by_typing() {
    unapproves_by(Door::Typed).await;
}

#[tokio::test]
async fn undoing_an_approval() {
    on_both(async |world| {
        let stage = Stage::set(&world).await;
        let ack = stage.ada.slack.clicks(&stage.card, "Approve").await;
        assert_eq!(ack.status, 200);
        world.settle().await;
        let answer = stage.ada.slack.told();
        snapshot!(stage.ada.clicks(&answer[0], "Undo").await, @"
        (edited) You no longer approve web/api#1 Limit the rate.
        [Approve]
        ");
        assert!(world.bitbucket.pull_request(&stage.repo, 1).unwrap().approvals.is_empty());
        let _cards = world.hears("#web");
        world.finish().await;
    })
    .await;
}
