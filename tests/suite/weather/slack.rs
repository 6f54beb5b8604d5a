//! Slack is slow, refuses, or does what it was asked and never says so.

use std::time::Duration;

use dipper::sandbox::bitbucket::Edition;
use dipper::sandbox::wire::Fault;

use super::{opened, refusal, said_in, slow_down, subscribed};
use crate::world::World;

const POST: &str = "POST /api/chat.postMessage";
const CARD: &str = "grace opened web/api#1 Limit the rate\n`limit-rate` → `main` · no reviewers\n1 file, +15 −0\n[Approve] [Needs work] [Comment] [Merge] [More… ▾]";

/// The card in the channel. One that had to be found again is drawn once more: it may read otherwise by now.
fn card(world: &World) -> String {
    world.hears("#web").trim_start_matches("(edited) ").to_owned()
}

/// The card is there once whatever its posting meets.
async fn a_card_survives(fault: &Fault, times: usize) {
    let world = World::on(Edition::Cloud).await;
    subscribed(&world).await;
    world.slack.faults.next(POST, fault, times);
    opened(&world);
    world.settle().await;
    world.advance(Duration::from_secs(20)).await;
    assert_eq!(card(&world), CARD);
    assert_eq!(said_in(&world, "web").len(), 1, "{}", world.transcript());
    world.finish().await;
}

#[tokio::test]
async fn a_card_comes_when_slack_was_down_for_a_while() {
    a_card_survives(&refusal(500), 3).await;
}

#[tokio::test]
async fn a_card_comes_when_the_connection_was_lost() {
    a_card_survives(&Fault::Drop, 2).await;
}

#[tokio::test]
async fn a_card_that_was_posted_without_an_answer_is_found_again() {
    a_card_survives(&Fault::ActThenDrop, 1).await;
}

#[tokio::test]
async fn a_card_whose_answer_was_cut_off_is_found_again() {
    a_card_survives(&Fault::CutBody, 1).await;
}

#[tokio::test]
async fn a_card_comes_when_a_page_was_answered_in_place_of_slack() {
    a_card_survives(&refusal(200), 1).await;
}

#[tokio::test]
async fn a_card_comes_when_slack_is_slow() {
    a_card_survives(&Fault::Slow(Duration::from_millis(300)), 1).await;
}

#[tokio::test]
async fn a_card_waits_as_long_as_slack_says() {
    let world = World::on(Edition::Cloud).await;
    subscribed(&world).await;
    world.slack.faults.next(POST, &slow_down(30), 1);
    opened(&world);
    world.settle().await;
    world.advance(Duration::from_secs(20)).await;
    assert_eq!(world.hears("#web"), "");
    world.advance(Duration::from_secs(10)).await;
    assert_eq!(card(&world), CARD);
    assert_eq!(said_in(&world, "web").len(), 1);
    world.finish().await;
}

#[tokio::test]
async fn a_card_that_is_hours_late_still_has_its_story() {
    let world = World::on(Edition::Cloud).await;
    subscribed(&world).await;
    world.slack.faults.next(POST, &slow_down(3_600), 3);
    let number = opened(&world);
    world.bitbucket.approve(&world.repository("web/api"), number, "ada").unwrap();
    world.settle().await;
    for _ in 0..3 {
        assert_eq!(world.hears("#web"), "");
        for _ in 0..60 {
            world.advance(Duration::from_mins(1)).await;
        }
    }
    let said = world.read(&said_in(&world, "web"));
    assert!(said.contains("grace opened web/api#1"), "{said}");
    assert!(said.ends_with("(in the thread) ada approved."), "{said}");
    let _all = world.hears("#web");
    world.finish().await;
}

#[tokio::test]
async fn a_card_is_not_posted_again_while_nobody_can_look() {
    let world = World::on(Edition::Cloud).await;
    subscribed(&world).await;
    world.slack.faults.next(POST, &Fault::ActThenDrop, 1);
    world.slack.faults.next("conversations.history", &refusal(503), 4);
    opened(&world);
    world.settle().await;
    world.advance(Duration::from_secs(30)).await;
    assert_eq!(card(&world), CARD);
    assert_eq!(said_in(&world, "web").len(), 1, "{}", world.transcript());
    world.finish().await;
}

#[tokio::test]
async fn a_posted_card_is_found_by_a_bot_whose_clock_is_ahead() {
    let world = World::on(Edition::Cloud).await;
    subscribed(&world).await;
    world.clock.advance(Duration::from_secs(90));
    world.slack.faults.next(POST, &Fault::ActThenDrop, 1);
    opened(&world);
    world.settle().await;
    assert_eq!(card(&world), CARD);
    assert_eq!(said_in(&world, "web").len(), 1, "{}", world.transcript());
    world.finish().await;
}

#[tokio::test]
async fn a_line_that_was_said_without_an_answer_is_not_said_twice() {
    let world = World::on(Edition::Cloud).await;
    subscribed(&world).await;
    let number = opened(&world);
    world.settle().await;
    let _card = world.messages("#web");
    world.slack.faults.next(POST, &Fault::ActThenDrop, 1);
    world.bitbucket.approve(&world.repository("web/api"), number, "ada").unwrap();
    world.settle().await;
    let heard = world.hears("#web");
    assert_eq!(heard.matches("(in the thread) ada approved.").count(), 1, "{heard}");
    assert_eq!(said_in(&world, "web").len(), 2, "{}", world.transcript());
    world.finish().await;
}

#[tokio::test]
async fn a_card_becomes_true_when_its_edits_fail_for_a_while() {
    let world = World::on(Edition::Cloud).await;
    subscribed(&world).await;
    let number = opened(&world);
    world.settle().await;
    let card = world.messages("#web").remove(0);
    for fault in [refusal(500), Fault::Drop, Fault::ActThenDrop, slow_down(7)] {
        world.slack.faults.next("POST /api/chat.update", &fault, 1);
    }
    world.bitbucket.merge(&world.repository("web/api"), number, "grace").unwrap();
    world.settle().await;
    world.advance(Duration::from_secs(30)).await;
    let now = world.read(&[world.slack.current(&card)]);
    assert!(now.contains("merged by grace") && !now.contains("[Merge]"), "{now}");
    assert_eq!(world.hears("#web").matches("merged this into").count(), 1);
    world.finish().await;
}

#[tokio::test]
async fn an_answer_comes_when_the_response_url_did_not_take_it_at_once() {
    for fault in [refusal(500), Fault::Drop, slow_down(2)] {
        let world = World::on(Edition::Cloud).await;
        let ada = world.person("ada");
        world.slack.faults.next("POST /response/", &fault, 1);
        let told = ada.types("/bb whoami").await;
        assert_eq!(told, "You have no Bitbucket account connected; `/bb connect` does it.");
        world.finish().await;
    }
}

#[tokio::test]
async fn an_answer_comes_beside_a_response_url_that_is_used_up() {
    let world = World::on(Edition::Cloud).await;
    let used = Fault::Refuse { status: 404, retry_after: None, body: "used_url" };
    world.slack.faults.next("POST /response/", &used, 1);
    let told = world.person("ada").types("/bb whoami").await;
    assert_eq!(told, "You have no Bitbucket account connected; `/bb connect` does it.");
    let asked = world.slack.requests();
    assert!(asked.iter().any(|call| call.method == "chat.postEphemeral"), "{asked:?}");
    world.finish().await;
}

#[tokio::test]
async fn a_private_message_comes_once_when_slack_does_not_answer() {
    let world = World::on(Edition::Cloud).await;
    let ada = world.person("ada");
    world.slack.faults.next("POST /api/conversations.open", &refusal(500), 1);
    world.slack.faults.next(POST, &Fault::ActThenDrop, 1);
    let welcome = ada.connecting().await.is_told();
    assert_eq!(welcome.matches("now acts as ada").count(), 1, "{welcome}");
    world.finish().await;
}
