//! Builds of one's branch. Only Cloud tells of them.

use std::time::Duration;

use dipper::sandbox::bitbucket::{BuildState, Edition};

use super::opened;
use crate::world::World;

#[tokio::test]
async fn a_build_that_breaks_and_works_again_is_told_to_who_wrote_and_who_pushed() {
    let world = World::on(Edition::Cloud).await;
    let (ada, grace) = (world.person("ada").connected().await, world.person("grace").connected().await);
    opened(&world, &[]);
    let (repo, bitbucket) = (world.repository("web/api"), &world.bitbucket);
    bitbucket.push(&repo, "limit-rate", "ada", &["Help out"]).unwrap();
    world.settle().await;
    bitbucket.add_build(&repo, "limit-rate", "ci", BuildState::Failed).unwrap();
    world.settle().await;
    snapshot!(grace.is_told(), @"
    Build ci failed on `limit-rate`.
    web/api#1 Limit the rate · `limit-rate` → `main` · no reviewers
    [Show checks] [Show] [Snooze] [Mute this one]
    ");
    assert!(ada.is_told().starts_with("Build ci failed on `limit-rate`."));
    bitbucket.add_build(&repo, "limit-rate", "ci", BuildState::InProgress).unwrap();
    world.advance(Duration::from_mins(2)).await;
    bitbucket.add_build(&repo, "limit-rate", "ci", BuildState::Successful).unwrap();
    world.settle().await;
    assert!(grace.is_told().starts_with("Build ci works again on `limit-rate`."));
    assert!(ada.is_told().starts_with("Build ci works again on `limit-rate`."));
    world.advance(Duration::from_mins(2)).await;
    bitbucket.add_build(&repo, "limit-rate", "ci", BuildState::Successful).unwrap();
    world.settle().await;
    assert_eq!((grace.is_told(), ada.is_told()), (String::new(), String::new()));
    world.finish().await;
}

#[tokio::test]
async fn a_branch_without_a_pull_request_is_told_to_who_pushed_it() {
    let world = World::on(Edition::Cloud).await;
    let ada = world.person("ada").connected().await;
    let (repo, bitbucket) = (world.repository("web/api"), &world.bitbucket);
    bitbucket.push(&repo, "main", "ada", &["Straight in"]).unwrap();
    bitbucket.add_build(&repo, "main", "ci", BuildState::Failed).unwrap();
    world.settle().await;
    snapshot!(ada.is_told(), @"
    Build ci failed on `main`.
    web/api `main`
    ");
    world.finish().await;
}
