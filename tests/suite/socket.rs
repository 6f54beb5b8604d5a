//! Slack's web socket: the same bot through another door, and what happens when that door sticks.

mod breaks;
mod seats;

use dipper::bot::Hearing;
use dipper::sandbox::bitbucket::Edition;
use dipper::sandbox::slack::APP_TOKEN;
use serde_json::json;

use crate::process::{SOON, until};
use crate::world::World;

/// A world in which Slack comes over the web socket alone.
async fn by_socket() -> World {
    let world = World::with(Edition::Cloud, &[("SLACK_APP_TOKEN", APP_TOKEN)]).await;
    assert_eq!(world.slack.sockets(), 1, "{}", world.bot().ear.hearing());
    world
}

/// Waits until so many sockets were opened, and one is open.
async fn opened(world: &World, times: usize) {
    until("a socket is open", SOON, async || {
        let open = matches!(world.bot().ear.hearing(), Hearing::Open(_));
        open && (world.slack.sockets_opened(), world.slack.sockets()) == (times, 1)
    })
    .await;
}

/// Waits until nothing is heard from Slack, and why.
async fn deaf(world: &World) -> String {
    let mut why = String::new();
    until("nothing is heard", SOON, async || match world.bot().ear.hearing() {
        Hearing::Deaf(words) => {
            why = words;
            true
        }
        _ => false,
    })
    .await;
    why
}

/// What an operator is told of the bot's health.
async fn health(world: &World) -> String {
    let answer = reqwest::get(format!("{}/health/details", world.base())).await.unwrap();
    answer.text().await.unwrap()
}

#[tokio::test]
async fn people_are_answered_though_nobody_can_reach_the_bot() {
    let mut world = by_socket().await;
    world.restart_with("SLACK_SIGNING_SECRET", "").await;
    let ada = world.person("ada").connected().await;
    snapshot!(ada.types("/bb whoami").await, @"On cloud you are ada, who may account, repository:write, pullrequest:write, webhook; renewed by itself.");
    snapshot!(ada.types("/bb pr aprove web/api#1").await, @"
    There is no `/bb pr aprove`. Did you mean `/bb pr approve web/api#1`?
    [/bb pr approve web/api#1]
    ");
    ada.types("/bb pr open").await;
    assert_eq!(ada.slack.looks_up("Repository", "ap").await, ["web/api"]);
    snapshot!(health(&world).await, @"
    database: it takes what is written
    Slack is heard: over a web socket, open since 2026-11-21 08:00:00 UTC
    ");
    let shut = world.slack.send("/slack/commands", &[], "text=help".to_owned()).await;
    assert_eq!(shut.status, 403);
    world.finish().await;
}

#[tokio::test]
async fn what_comes_again_is_acknowledged_again_and_done_once() {
    let mut world = by_socket().await;
    let ada = world.person("ada");
    let typed = world.slack.slash_body(&ada.slack, "#web", "/bb whoami");
    let mistyped = world.slack.slash_body(&ada.slack, "#web", "/bb whoamy");
    let event =
        world.slack.event_body(&json!({"type": "app_home_opened", "user": ada.slack.id, "tab": "home"}));
    let mut advice = Vec::new();
    for _ in 0..2 {
        assert!(world.slack.deliver_in_envelope("one", "/slack/commands", &typed).await.is_ok());
        assert!(world.slack.deliver_in_envelope("two", "/slack/events", &event).await.is_ok());
        advice.push(world.slack.deliver_in_envelope("three", "/slack/commands", &mistyped).await.body);
    }
    assert!(advice[0].contains("whoami") && advice[0] == advice[1], "{advice:?}");
    world.restart().await;
    assert!(world.slack.deliver_in_envelope("one", "/slack/commands", &typed).await.is_ok());
    // An event has an id of its own, and a command its trigger: they are known by that whatever they come in.
    assert!(world.slack.deliver_in_envelope("five", "/slack/commands", &typed).await.is_ok());
    assert!(world.slack.deliver_in_envelope("four", "/slack/events", &event).await.is_ok());
    world.settle().await;
    let ada = world.person("ada");
    assert_eq!(ada.told().len(), 1);
    let published = world.slack.requests().into_iter().filter(|call| call.method == "views.publish");
    assert_eq!(published.count(), 1);
    world.finish().await;
}

#[tokio::test]
async fn who_comes_when_nothing_can_be_stored_is_told_so_or_comes_again() {
    let mut world = by_socket().await;
    let ada = world.person("ada");
    let event =
        world.slack.event_body(&json!({"type": "app_home_opened", "user": ada.slack.id, "tab": "home"}));
    world.bot().store.close().await;
    let told = ada.slack.types("#web", "/bb whoami").await;
    assert!(told.is_ok() && told.body.contains("Dipper is busy; this was not done."), "{told:?}");
    assert_eq!(world.slack.deliver_in_envelope("e", "/slack/events", &event).await.body, "operation_timeout");
    let _said = ada.told();
    world.restart().await;
    assert!(world.slack.deliver_in_envelope("e", "/slack/events", &event).await.is_ok());
    world.finish().await;
}
