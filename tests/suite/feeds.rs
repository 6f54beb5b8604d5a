//! Feeds belong to the channel: they outlive whoever asked for them, and wait where nothing can be said.

mod channels;
mod leavers;
mod service;

use crate::world::{Person, World};

/// Ada has #web told of web/api.
async fn followed(world: &World) -> Person<'_> {
    let ada = world.person("ada").connected().await;
    let told = ada.types("/bb subscribe web/api opened updated commented merged").await;
    assert!(told.starts_with("This channel is now told of web/api"), "{told}");
    ada
}

/// Grace opens a pull request.
async fn opened(world: &World) {
    let repo = world.repository("web/api");
    world.bitbucket.open_pull_request(&repo, "grace", "Limit the rate", ("limit-rate", "main")).unwrap();
    world.settle().await;
}

/// The setting that holds the bot's own credential.
fn token_setting(world: &World) -> &'static str {
    match world.instance() {
        "cloud" => "BITBUCKET_CLOUD_TOKEN",
        _ => "BITBUCKET_DC_TOKEN",
    }
}

/// Gives the bot eyes of its own.
async fn with_service(world: &mut World) {
    let token = world.bitbucket.service_token(world.edition);
    world.restart_with(token_setting(world), &token).await;
}
