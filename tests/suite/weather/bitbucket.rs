//! Bitbucket is slow, refuses, or does what it was asked and never says so.

use std::time::Duration;

use dipper::sandbox::wire::Fault;

use super::{opened, pull_requests, refusal, slow_down};
use crate::world::{World, on_both};

/// Reading commits ends well whatever it meets on the way.
async fn a_reading_survives(fault: Fault, times: usize) {
    on_both(async |world| {
        let ada = world.person("ada").connected().await;
        world.bitbucket.faults(world.edition).next("/commits", &fault, times);
        let mut told = ada.types("/bb commits web/api").await;
        world.advance(Duration::from_secs(10)).await;
        told += &ada.is_told();
        assert_eq!(
            told,
            "Latest commits in web/api\n0123abc Start the repository · root · 2026-11-21 08:00 UTC"
        );
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn commits_are_read_after_two_failures() {
    a_reading_survives(refusal(500), 2).await;
}

#[tokio::test]
async fn commits_are_read_after_a_page_of_errors() {
    a_reading_survives(refusal(502), 4).await;
}

#[tokio::test]
async fn commits_are_read_after_bitbucket_took_too_long_for_itself() {
    a_reading_survives(refusal(555), 1).await;
}

#[tokio::test]
async fn commits_are_read_after_a_lost_connection() {
    a_reading_survives(Fault::Drop, 1).await;
}

#[tokio::test]
async fn commits_are_read_after_an_answer_that_was_cut_off() {
    a_reading_survives(Fault::CutBody, 1).await;
}

#[tokio::test]
async fn commits_are_read_when_bitbucket_is_slow() {
    a_reading_survives(Fault::Slow(Duration::from_millis(300)), 1).await;
}

#[tokio::test]
async fn commits_are_read_as_late_as_bitbucket_says() {
    on_both(async |world| {
        let ada = world.person("ada").connected().await;
        world.bitbucket.faults(world.edition).next("/commits", &slow_down(20), 1);
        assert_eq!(ada.types("/bb commits web/api").await, "");
        world.advance(Duration::from_secs(20)).await;
        assert!(ada.is_told().starts_with("Latest commits in web/api"));
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn what_bitbucket_says_to_one_replica_is_kept_by_the_next() {
    on_both(async |mut world| {
        let ada = world.person("ada").connected().await;
        world.bitbucket.faults(world.edition).next("/commits", &slow_down(20), 1);
        assert_eq!(ada.types("/bb commits web/api").await, "");
        let asked = world.bitbucket.requests().len();
        world.restart().await;
        let ada = world.person("ada");
        assert_eq!(ada.types("/bb commits web/api").await, "");
        assert_eq!(world.bitbucket.requests().len(), asked);
        world.advance(Duration::from_secs(20)).await;
        assert_eq!(ada.is_told().matches("Latest commits in web/api").count(), 2);
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn who_asks_is_told_when_bitbucket_stays_away() {
    on_both(async |world| {
        let ada = world.person("ada").connected().await;
        world.bitbucket.faults(world.edition).next("/commits", &refusal(503), 9);
        let told = ada.types("/bb commits web/api").await;
        assert!(told.contains("Bitbucket is in trouble or cannot be reached"), "{told}");
        assert!(told.contains("I tried a few times"), "{told}");
        world.finish().await;
    })
    .await;
}

/// A merge that meets this is done once, and said once.
async fn a_merge_survives(fault: Fault) {
    on_both(async |world| {
        let ada = world.person("ada").connected().await;
        let number = opened(&world);
        let merge = format!("POST {}/{number}/merge", pull_requests(&world));
        world.bitbucket.faults(world.edition).next(&merge, &fault, 1);
        let told = ada.types("/bb pr merge web/api#1").await;
        assert_eq!(told, "Merged web/api#1 Limit the rate into `main`.");
        let pr = world.bitbucket.pull_request(&world.repository("web/api"), number).unwrap();
        assert_eq!(pr.closed_by.as_deref(), Some("ada"));
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn a_merge_without_an_answer_is_found_done() {
    a_merge_survives(Fault::ActThenDrop).await;
}

#[tokio::test]
async fn a_merge_whose_answer_was_cut_off_is_found_done() {
    a_merge_survives(Fault::CutBody).await;
}

#[tokio::test]
async fn a_merge_is_made_after_bitbucket_asked_to_slow_down() {
    a_merge_survives(slow_down(2)).await;
}

#[tokio::test]
async fn a_merge_is_made_after_bitbucket_took_too_long_for_itself() {
    a_merge_survives(refusal(555)).await;
}

#[tokio::test]
async fn a_merge_that_failed_is_not_called_done() {
    on_both(async |world| {
        let ada = world.person("ada").connected().await;
        let number = opened(&world);
        let merge = format!("POST {}/{number}/merge", pull_requests(&world));
        world.bitbucket.faults(world.edition).next(&merge, &refusal(500), 1);
        let told = ada.types("/bb pr merge web/api#1").await;
        assert!(told.contains("Nobody knows whether Bitbucket did it"), "{told}");
        assert!(world.bitbucket.pull_request(&world.repository("web/api"), number).unwrap().is_open());
        world.finish().await;
    })
    .await;
}

/// Opening one that meets this is done once, and said once.
async fn an_opening_survives(fault: Fault) {
    on_both(async |world| {
        let ada = world.person("ada").connected().await;
        world.bitbucket.faults(world.edition).next(&format!("POST {}", pull_requests(&world)), &fault, 1);
        let told = ada.types("/bb pr open web/api --from limit-rate --title \"Limit the rate\"").await;
        assert_eq!(told, "You opened web/api#1 Limit the rate.\n`limit-rate` → `main`");
        only_one_is_open(&world);
        world.finish().await;
    })
    .await;
}

fn only_one_is_open(world: &World) {
    let repo = world.repository("web/api");
    assert_eq!(world.bitbucket.pull_request(&repo, 1).unwrap().author, "ada");
    assert!(world.bitbucket.pull_request(&repo, 2).is_err(), "it was opened twice");
}

#[tokio::test]
async fn a_pull_request_opened_without_an_answer_is_found() {
    an_opening_survives(Fault::ActThenDrop).await;
}

#[tokio::test]
async fn a_pull_request_whose_answer_was_cut_off_is_found() {
    an_opening_survives(Fault::CutBody).await;
}

#[tokio::test]
async fn a_pull_request_is_opened_after_bitbucket_asked_to_slow_down() {
    an_opening_survives(slow_down(2)).await;
}

#[tokio::test]
async fn an_approval_without_an_answer_is_given_once() {
    on_both(async |world| {
        let ada = world.person("ada").connected().await;
        let number = opened(&world);
        let approve = format!("{}/{number}/", pull_requests(&world));
        world.bitbucket.faults(world.edition).next(&approve, &Fault::ActThenDrop, 1);
        assert_eq!(
            ada.types("/bb pr approve web/api#1").await,
            "You approved web/api#1 Limit the rate.\n[Undo]"
        );
        let pr = world.bitbucket.pull_request(&world.repository("web/api"), number).unwrap();
        assert_eq!(pr.approvals, ["ada"]);
        world.finish().await;
    })
    .await;
}
