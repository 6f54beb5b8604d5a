//! What a channel is told: each topic, on conditions, of one repository or of many.

mod hostile;
mod many;
mod merging;
mod pull_requests;
mod recordings;
mod repositories;

use crate::world::{Person, World};

/// Somebody who has this channel told of all of a repository.
pub async fn all_of<'a>(world: &'a World, repo: &str) -> Person<'a> {
    let ada = world.person("ada").connected().await;
    let told = ada.types(&format!("/bb subscribe {repo} all")).await;
    assert!(told.starts_with("This channel is now told of"), "{told}");
    ada
}

/// Only what was said since it was last asked, without cards that were brought up to date.
pub fn said(world: &World) -> String {
    let messages = world.messages("#web");
    let new: Vec<_> = messages.into_iter().filter(|message| !message.reread).collect();
    world.read(&new)
}
