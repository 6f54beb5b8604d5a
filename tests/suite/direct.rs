//! What people are told in private: what concerns them, never their own deeds, as they wish, and when they may
//! be disturbed.

mod builds;
mod bursts;
mod quiet;
mod reviews;
mod talk;
mod wishes;

use dipper::sandbox::bitbucket::{Edition, Opening};

use crate::world::World;

/// Grace opens a pull request that these are asked to review.
pub fn opened(world: &World, reviewers: &[&str]) {
    opened_saying(world, reviewers, "");
}

/// The same with a description.
pub fn opened_saying(world: &World, reviewers: &[&str], description: &str) {
    let opening = Opening {
        title: "Limit the rate",
        description,
        from: "limit-rate",
        to: "main",
        reviewers,
        ..Opening::default()
    };
    world.bitbucket.open(&world.repository("web/api"), "grace", &opening).unwrap();
}

/// Somebody as a comment there mentions them.
pub fn mentioning(world: &World, name: &str) -> String {
    let person = world.bitbucket.people().into_iter().find(|one| one.nickname == name).unwrap();
    match world.edition {
        Edition::Cloud => format!("@{{{}}}", person.account_id),
        Edition::DataCenter => format!("@{name}"),
    }
}

/// What was read, with that mention as people write it.
pub fn spoken(world: &World, read: &str, name: &str) -> String {
    read.replace(&mentioning(world, name), &format!("@{name}"))
}
