//! Sockets that are taken away, break, fall silent or are refused; and what Slack says that does not read.

use std::time::Duration;

use dipper::sandbox::slack::APP_TOKEN;
use dipper::sandbox::wire::Fault;
use dipper::socket::Pace;
use serde_json::json;

use super::{by_socket, deaf, health, opened};
use crate::process::{SOON, until};
use crate::world::World;

/// Whether the bot does what it is asked.
async fn answers(world: &World) {
    let told = world.person("ada").types("/bb whoami").await;
    assert!(told.contains("no Bitbucket account connected"), "{told}");
}

fn openings(world: &World) -> usize {
    world.slack.requests().iter().filter(|call| call.method == "apps.connections.open").count()
}

#[tokio::test]
async fn a_socket_that_will_be_closed_is_left_when_the_next_is_open() {
    let world = by_socket().await;
    for (times, reason) in [(2, "refresh_requested"), (3, "warning")] {
        world.slack.part_soon(reason);
        opened(&world, times).await;
        assert_eq!(world.slack.most_sockets(), 2, "the next was opened first");
        answers(&world).await;
    }
    world.finish().await;
}

#[tokio::test]
async fn while_the_next_cannot_be_opened_the_old_one_serves_on() {
    let world = by_socket().await;
    let down = Fault::Refuse { status: 503, retry_after: None, body: "" };
    world.slack.faults.next("apps.connections.open", &down, 1);
    world.slack.faults.next("/link/", &down, 1);
    world.slack.part_soon("refresh_requested");
    until("it was refused", SOON, async || world.slack.faults.pending() < 2).await;
    answers(&world).await;
    opened(&world, 2).await;
    answers(&world).await;
    world.finish().await;
}

#[tokio::test]
async fn a_socket_that_breaks_is_opened_again() {
    let world = by_socket().await;
    world.slack.faults.next("apps.connections.open", &Fault::Drop, 2);
    world.slack.faults.next("/link/", &Fault::Refuse { status: 401, retry_after: None, body: "" }, 1);
    world.slack.cut_sockets();
    opened(&world, 2).await;
    answers(&world).await;
    world.finish().await;
}

#[tokio::test]
async fn a_socket_that_falls_silent_is_given_up() {
    let mut world = by_socket().await;
    world.slack.ping_sockets();
    until("a ping is answered", SOON, async || world.slack.pongs() == 1).await;
    let short = Duration::from_millis(100);
    world.pace = Pace { ping: short, silence: short * 8, ..world.pace };
    world.restart().await;
    opened(&world, 2).await;
    world.slack.mute_sockets();
    opened(&world, 3).await;
    world.pace = Pace { ping: short * 100, silence: short * 200, ..world.pace };
    world.restart().await;
    answers(&world).await;
    world.finish().await;
}

#[tokio::test]
async fn where_socket_mode_was_switched_off_it_says_what_to_do() {
    let mut world = by_socket().await;
    let before = openings(&world);
    world.slack.switch_off_sockets();
    deaf(&world).await;
    snapshot!(health(&world).await, @"
    database: it takes what is written
    Slack is heard: not at all: Socket Mode is switched off for this app; switch it on under “Socket Mode” of your Slack app. It is tried again every few minutes
    ");
    assert_eq!(openings(&world), before, "it is not tried often");
    let ready = reqwest::get(format!("{}/health/ready", world.base())).await.unwrap();
    assert_eq!(ready.status(), 200, "Slack's link has no say in it");

    world.pace = Pace { seldom: Duration::from_millis(50), ..world.pace };
    world.restart().await;
    snapshot!(deaf(&world).await, @"Slack refused `apps.connections.open`: link_disabled; look whether Socket Mode is switched on, under “Socket Mode” of your Slack app");
    world.slack.switch_on_sockets();
    opened(&world, 2).await;
    answers(&world).await;
    world.finish().await;
}

#[tokio::test]
async fn where_there_are_too_many_sockets_it_waits() {
    let world = by_socket().await;
    world.slack.say_over_sockets(&json!({"type": "disconnect", "reason": "too_many_websockets"}));
    opened(&world, 2).await;
    assert!(crate::log::everything().contains("this app has as many web sockets as Slack allows"));
    answers(&world).await;
    world.finish().await;
}

#[tokio::test]
async fn when_slack_asks_to_wait_nobody_opens_a_socket() {
    let mut world = by_socket().await;
    let wait = Fault::Refuse { status: 429, retry_after: Some(30), body: "" };
    world.slack.faults.next("apps.connections.open", &wait, 1);
    let before = openings(&world);
    world.restart().await;
    snapshot!(deaf(&world).await, @"Slack asks to wait 30 seconds before `apps.connections.open`; trying again");
    let until = world.bot().store.paused_until("slack:apps.connections.open").await.unwrap();
    assert_eq!(until, Some(world.clock.millis() + 30_000));
    // Another process on the same database keeps the wait, too.
    assert_eq!((openings(&world), world.slack.sockets()), (before, 0));
    world.move_clocks(Duration::from_secs(31));
    opened(&world, 2).await;
    answers(&world).await;
    world.finish().await;
}

#[tokio::test]
async fn a_token_that_opens_no_socket_is_named_with_its_mend() {
    let mut world = by_socket().await;
    for (token, says) in [
        (
            "xapp-of-another-app",
            "Slack refused `apps.connections.open`: invalid_auth; SLACK_APP_TOKEN is not taken",
        ),
        ("xoxb-the-bots-own-token", "not_allowed_token_type; SLACK_APP_TOKEN is not an app-level token"),
    ] {
        world.restart_with("SLACK_APP_TOKEN", token).await;
        let why = deaf(&world).await;
        assert!(why.contains(says), "{why}");
    }
    world.restart_with("SLACK_APP_TOKEN", APP_TOKEN).await;
    answers(&world).await;
    world.finish().await;
}

#[tokio::test]
async fn a_socket_elsewhere_is_not_opened() {
    let mut world = by_socket().await;
    for url in ["wss://slack.example.test/link/?ticket=1", "wss://ada@wss-primary.slack.com/", "nowhere"] {
        world.slack.sockets_elsewhere(Some(url));
        world.restart().await;
        deaf(&world).await;
    }
    world.slack.sockets_elsewhere(None);
    world.restart().await;
    answers(&world).await;
    world.finish().await;
}

#[tokio::test]
async fn what_does_not_read_harms_nobody_and_what_is_too_long_ends_the_socket() {
    let world = by_socket().await;
    for nonsense in ["", "hello", "[1]", "{\"type\":\"brand_new\"}", "{\"type\":\"interactive\"}", "\u{0}"] {
        world.slack.babble_over_sockets(nonsense);
    }
    world.slack.say_over_sockets(&json!({"type": "interactive", "envelope_id": "x", "payload": {"type": 1}}));
    world.slack.say_over_sockets(&json!({"type": "slash_commands", "envelope_id": "y", "payload": []}));
    answers(&world).await;
    assert_eq!(world.slack.sockets_opened(), 1);
    world.slack.babble_over_sockets(&"long ".repeat(1024 * 1024));
    opened(&world, 2).await;
    answers(&world).await;
    world.finish().await;
}
