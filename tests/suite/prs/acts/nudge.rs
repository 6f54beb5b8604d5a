//! Reminding reviewers in private, once a day.

use std::time::Duration;

use dipper::sandbox::bitbucket::Permission;

use super::{Act, Door, Stage};
use crate::world::{Person, World, on_both};

const NUDGE: Act = Act { typed: "pr nudge", options: "", button: "Nudge reviewers", fills: &[] };

/// What whoever is asked to review is told besides.
const ADDED: &[&str] = &["added you as a reviewer."];

/// What is said, without the form it stands in.
fn said(read: &str) -> String {
    let said = read.trim_start_matches("Nudge reviewers\n").split("\n———").next();
    said.unwrap_or_default().to_owned()
}

/// Edsger, connected, is asked to review; ada is the one who nudges.
async fn awaiting<'a>(world: &'a World, stage: &Stage<'_>) -> Person<'a> {
    let edsger = world.person("edsger").connected().await;
    world.sets_aside("ada", ADDED);
    world.sets_aside("edsger", ADDED);
    stage.repo.pull_request(1).set_reviewers("grace", &["edsger"]).unwrap();
    world.settle().await;
    let _ = stage.ada.types("/bb pr show web/api#1").await;
    let _cards = world.hears("#web");
    edsger
}

async fn nudges_by(door: Door) {
    on_both(async |world| {
        let stage = Stage::set(&world).await;
        let edsger = awaiting(&world, &stage).await;
        snapshot!(said(&stage.does_while_down(door, &NUDGE).await), @"
        Bitbucket is in trouble or cannot be reached: it answered 503 when asked to show the pull request.
        I tried a few times; it may not have been done. Look before you ask again.
        ");
        snapshot!(said(&stage.does(&stage.ada, door, &NUDGE).await), @"Asked @edsger to look at web/api#1 Limit the rate.");
        snapshot!(edsger.is_told(), @"
        @ada asks you to look at web/api#1 Limit the rate by grace.
        `limit-rate` → `main` · 0 of 1 approved
        [Approve] [Needs work] [Show]
        ");
        snapshot!(said(&stage.does(&stage.ada, door, &NUDGE).await), @"
        Nobody new was asked to look at web/api#1 Limit the rate.
        Asked today already: @edsger.
        ");
        assert_eq!(edsger.is_told(), "");
        world.advance(Duration::from_hours(24)).await;
        let again = said(&stage.does(&stage.ada, door, &NUDGE).await);
        assert_eq!(again, "Asked @edsger to look at web/api#1 Limit the rate.");
        assert!(edsger.is_told().starts_with("@ada asks you to look at"));
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn nudging_by_typing() {
    nudges_by(Door::Typed).await;
}

#[tokio::test]
async fn nudging_on_a_form() {
    nudges_by(Door::Form).await;
}

#[tokio::test]
async fn nudging_from_the_menu() {
    nudges_by(Door::Button).await;
}

async fn is_refused_by(door: Door) {
    on_both(async |world| {
        let stage = Stage::set(&world).await;
        world.sets_aside("ada", ADDED);
        snapshot!(said(&stage.does_to_hidden(door, &NUDGE).await), @"Bitbucket has nothing of that name that you may see.");
        snapshot!(said(&stage.does_to_nothing(door, &NUDGE).await), @"Bitbucket has nothing of that name that you may see.");
        snapshot!(said(&stage.does(&stage.ada, door, &NUDGE).await), @"web/api#1 Limit the rate has no reviewers yet.");
        stage.repo.pull_request(1).set_reviewers("grace", &["ada"]).unwrap();
        snapshot!(said(&stage.does(&stage.ada, door, &NUDGE).await), @"
        Nobody was asked to look at web/api#1 Limit the rate.
        You are among those it waits for.
        ");
        stage.repo.pull_request(1).approve("ada").unwrap();
        snapshot!(said(&stage.does(&stage.ada, door, &NUDGE).await), @"web/api#1 Limit the rate waits for nobody: every reviewer has spoken.");
        world.bitbucket.add_person("barbara", "barbara", "barbara@example.test");
        let _reads = stage.repo.clone().allow("barbara", Permission::Read);
        stage.repo.pull_request(1).set_reviewers("grace", &["ada", "barbara"]).unwrap();
        snapshot!(said(&stage.does(&stage.ada, door, &NUDGE).await), @"
        Nobody was asked to look at web/api#1 Limit the rate.
        Could not reach in Slack: barbara.
        ");
        let edsger = world.person("edsger");
        snapshot!(said(&stage.does(&edsger, door, &NUDGE).await), @"
        First connect your account on bitbucket, so that I can do this as you.
        I'll carry on with what you asked as soon as you have.
        [Connect bitbucket]
        ");
        let edsger = edsger.connecting().await;
        assert!(edsger.is_told().ends_with("Could not reach in Slack: barbara."), "{}", world.transcript());
        stage.repo.pull_request(1).merge("grace").unwrap();
        snapshot!(said(&stage.does(&stage.ada, door, &NUDGE).await), @"Already merged by grace.");
        world.settle().await;
        let _cards = world.hears("#web");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn nudging_nobody_by_typing() {
    is_refused_by(Door::Typed).await;
}

#[tokio::test]
async fn nudging_nobody_on_a_form() {
    is_refused_by(Door::Form).await;
}

#[tokio::test]
async fn the_reminder_is_acted_on_where_it_stands() {
    on_both(async |world| {
        let stage = Stage::set(&world).await;
        let edsger = awaiting(&world, &stage).await;
        let _ = stage.does(&stage.ada, Door::Typed, &NUDGE).await;
        let reminder = edsger.told().remove(0);
        snapshot!(edsger.clicks(&reminder, "Approve").await, @"
        (edited) You approved web/api#1 Limit the rate.
        [Undo]
        ");
        assert_eq!(world.bitbucket.pull_request(&stage.repo, 1).unwrap().approvals, ["edsger"]);
        snapshot!(edsger.clicks(&reminder, "Undo").await, @"
        (edited) You no longer approve web/api#1 Limit the rate.
        [Approve]
        ");
        let _cards = world.hears("#web");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn who_wants_no_mentions_or_has_left_is_not_reminded() {
    on_both(async |world| {
        let stage = Stage::set(&world).await;
        let edsger = awaiting(&world, &stage).await;
        let _off = edsger.types("/bb mentions off").await;
        snapshot!(stage.does(&stage.ada, Door::Typed, &NUDGE).await, @"
        Nobody was asked to look at web/api#1 Limit the rate.
        Could not reach in Slack: edsger.
        ");
        let _on = edsger.types("/bb mentions on").await;
        edsger.slack.leaves();
        let told = stage.does(&stage.ada, Door::Typed, &NUDGE).await;
        assert!(told.ends_with("Could not reach in Slack: edsger."), "{told}");
        assert_eq!(edsger.is_told(), "");
        let _cards = world.hears("#web");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn whom_it_reached_and_whom_not_is_told_in_one_answer() {
    on_both(async |world| {
        let stage = Stage::set(&world).await;
        let edsger = awaiting(&world, &stage).await;
        world.bitbucket.add_person("barbara", "barbara", "barbara@example.test");
        let _reads = stage.repo.clone().allow("barbara", Permission::Read);
        stage.repo.pull_request(1).set_reviewers("grace", &["edsger", "barbara", "ada"]).unwrap();
        snapshot!(stage.does(&stage.ada, Door::Typed, &NUDGE).await, @"
        Asked @edsger to look at web/api#1 Limit the rate.
        Could not reach in Slack: barbara.
        You are among those it waits for.
        ");
        assert!(edsger.is_told().starts_with("@ada asks you"));
        let audit = stage.ada.types("/bb audit").await;
        assert!(audit.lines().next().unwrap_or_default().contains("`pr nudge web/api#1`"), "{audit}");
        let _cards = world.hears("#web");
        world.finish().await;
    })
    .await;
}
