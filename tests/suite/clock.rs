//! The clock: digests at their times and what stands in them, working time, reminders and snoozes; each once, whatever
//! happens in between.

mod content;
mod digests;
mod many;
mod remind;
mod times;
mod working;

use std::time::Duration;

use chrono::DateTime;
use dipper::sandbox::bitbucket::{Opening, RepoHandle};

use crate::world::{START, World};

/// Moves time on to this moment.
async fn until(world: &World, moment: &str) {
    world.advance(span(world, moment)).await;
}

/// How long it is until then.
fn span(world: &World, moment: &str) -> Duration {
    let at = DateTime::parse_from_rfc3339(moment).unwrap().timestamp_millis();
    let now = world.clock.millis();
    assert!(now >= START && at > now, "{moment} has passed");
    Duration::from_millis(u64::try_from(at - now).unwrap())
}

/// Opens a pull request from a branch of its own; its number.
fn open(world: &World, repo: &RepoHandle, by: &str, title: &str, reviewers: &[&str]) -> u64 {
    let from = title.to_lowercase().replace(' ', "-");
    let _branch = repo.branch(&from).with_commit(title, by);
    let opening = Opening { title, from: &from, to: "main", reviewers, ..Opening::default() };
    world.bitbucket.open(repo, by, &opening).unwrap()
}
