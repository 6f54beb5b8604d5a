//! Bad weather: Slack, Bitbucket and people misbehave, and what was asked is done all the same, once.

mod bitbucket;
mod order;
mod people;
mod restarts;
mod slack;
mod tokens;

use dipper::sandbox::bitbucket::Edition;
use dipper::sandbox::slack::Message;
use dipper::sandbox::wire::Fault;

use crate::world::{Person, World};

/// Ada, connected, in a channel that is told of everything in web/api.
async fn subscribed(world: &World) -> Person<'_> {
    let ada = world.person("ada").connected().await;
    let told = ada.types("/bb subscribe web/api opened approved merged").await;
    assert!(told.contains("is now told of"), "{told}");
    ada
}

/// Grace opens a pull request, of which nobody has heard yet.
fn opened(world: &World) -> u64 {
    let repo = world.repository("web/api");
    let branches = ("limit-rate", "main");
    world.bitbucket.open_pull_request(&repo, "grace", "Limit the rate", branches).unwrap()
}

/// What the bot says to everybody in a channel and nobody has taken away, oldest first.
fn said_in(world: &World, channel: &str) -> Vec<Message> {
    world.slack.with_world(|slack| {
        let id = slack.channel_named(channel).unwrap().id.clone();
        let bot = slack.bot.user.clone();
        slack.seen_by_all(&id).filter(|message| message.user == bot).cloned().collect()
    })
}

/// An answer with this status, instead of doing anything.
fn refusal(status: u16) -> Fault {
    Fault::Refuse { status, retry_after: None, body: "<html><title>Not now</title></html>" }
}

/// A "not before so many seconds".
fn slow_down(seconds: u64) -> Fault {
    Fault::Refuse { status: 429, retry_after: Some(seconds), body: "" }
}

/// Where pull requests of web/api are on this edition.
fn pull_requests(world: &World) -> &'static str {
    match world.edition {
        Edition::Cloud => "/2.0/repositories/web/api/pullrequests",
        Edition::DataCenter => "/rest/api/latest/projects/web/repos/api/pull-requests",
    }
}
