//! Quiet hours: what comes in them is told when they end, as far as it is still true.

use std::time::Duration;

use super::opened;
use crate::world::{Person, World, on_both};

/// Someone who sleeps until noon, where they live.
async fn asleep<'a>(world: &'a World, name: &str) -> Person<'a> {
    let person = world.person(name).connected().await;
    let told = person.types("/bb notify --quiet 22:00-12:00").await;
    assert!(told.contains("Quiet: `22:00-12:00`, where you live"), "{told}");
    person
}

#[tokio::test]
async fn what_comes_in_quiet_hours_is_one_message_when_they_end() {
    on_both(async |world| {
        let ada = asleep(&world, "ada").await;
        let repo = world.repository("web/api");
        for (branch, title) in [("one", "First"), ("two", "Second"), ("three", "Third"), ("four", "Fourth")] {
            let _branch = repo.branch(branch).with_commit(title, "grace");
            let opening = dipper::sandbox::bitbucket::Opening {
                title,
                from: branch,
                to: "main",
                reviewers: &["ada"],
                ..Default::default()
            };
            world.bitbucket.open(&repo, "grace", &opening).unwrap();
            world.advance(Duration::from_mins(10)).await;
        }
        world.bitbucket.merge(&repo, 1, "grace").unwrap();
        world.bitbucket.approve(&repo, 2, "ada").unwrap();
        repo.pull_request(3).comment("edsger", "Nice").unwrap();
        world.advance(Duration::from_mins(110)).await;
        assert_eq!(ada.is_told(), "");
        world.advance(Duration::from_mins(40)).await;
        snapshot!(ada.is_told(), @"
        While it was quiet:
        web/api#3 Third: grace asks for your review. [Review]
        web/api#4 Fourth: grace asks for your review. [Review]
        ");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn a_single_thing_keeps_its_buttons() {
    on_both(async |world| {
        let ada = asleep(&world, "ada").await;
        opened(&world, &["ada"]);
        world.advance(Duration::from_hours(2)).await;
        assert_eq!(ada.is_told(), "");
        world.advance(Duration::from_hours(1)).await;
        snapshot!(ada.is_told(), @"
        grace asks for your review.
        web/api#1 Limit the rate · `limit-rate` → `main` · 0 of 1 approved
        [Approve] [Comment] [Needs work] [Show] [Snooze] [Mute this one]
        ");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn whoever_ends_them_early_hears_at_once() {
    on_both(async |world| {
        let ada = asleep(&world, "ada").await;
        opened(&world, &["ada"]);
        world.settle().await;
        assert_eq!(ada.is_told(), "");
        let told = ada.types("/bb notify --quiet off").await;
        assert!(told.contains("No quiet hours") && told.contains("grace asks for your review."), "{told}");
        world.advance(Duration::from_hours(4)).await;
        world.finish().await;
    })
    .await;
}
