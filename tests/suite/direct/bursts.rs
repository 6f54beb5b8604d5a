//! What comes in a burst is one message, and the same is never said twice.

use std::time::Duration;

use dipper::sandbox::bitbucket::Edition;
use dipper::sandbox::wire::Fault;

use super::opened;
use crate::world::{World, on_both};

#[tokio::test]
async fn ten_comments_within_a_minute_are_one_message() {
    on_both(async |world| {
        let grace = world.person("grace").connected().await;
        opened(&world, &["ada"]);
        let pr = world.repository("web/api").pull_request(1);
        for at in 1..=4 {
            pr.comment("ada", &format!("Question {at}")).unwrap();
            world.move_clocks(Duration::from_secs(1));
        }
        world.settle().await;
        snapshot!(grace.is_told(), @"
        ada commented: Question 1
        ada commented: Question 2
        ada commented: Question 3
        ada commented: Question 4
        web/api#1 Limit the rate · `limit-rate` → `main` · 0 of 1 approved
        [Reply] [Show] [Snooze] [Mute this one]
        ");
        for at in 5..=10 {
            world.advance(Duration::from_secs(5)).await;
            pr.comment("ada", &format!("Question {at}")).unwrap();
        }
        world.settle().await;
        let told = grace.slack.told();
        snapshot!(world.read(&told[told.len() - 1..]), @"
        (edited) ada commented: Question 1
        ada commented: Question 2
        ada commented: Question 3
        ada commented: Question 4
        ada commented: Question 5
        … and 5 more.
        web/api#1 Limit the rate · `limit-rate` → `main` · 0 of 1 approved
        [Reply] [Show] [Snooze] [Mute this one]
        ");
        assert!(told.iter().all(|message| message.ts == told[0].ts), "it is one message");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn a_review_that_is_asked_for_and_talked_about_is_one_message() {
    on_both(async |world| {
        let ada = world.person("ada").connected().await;
        opened(&world, &["ada"]);
        let pr = world.repository("web/api").pull_request(1);
        pr.comment("grace", &format!("{}, the tests matter most", super::mentioning(&world, "ada"))).unwrap();
        world.settle().await;
        snapshot!(super::spoken(&world, &ada.is_told(), "ada"), @"
        grace asks for your review.
        grace mentioned you: @ada, the tests matter most
        web/api#1 Limit the rate · `limit-rate` → `main` · 0 of 1 approved
        [Approve] [Reply] [Needs work] [Show] [Snooze] [Mute this one]
        ");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn several_pull_requests_at_once_are_rows_of_one_message() {
    on_both(async |world| {
        let ada = world.person("ada").connected().await;
        let repo = world.repository("web/api");
        let _other = repo.branch("other").with_commit("Another", "grace");
        opened(&world, &["ada"]);
        let opening = dipper::sandbox::bitbucket::Opening {
            title: "Another",
            from: "other",
            to: "main",
            reviewers: &["ada"],
            ..Default::default()
        };
        world.bitbucket.open(&repo, "edsger", &opening).unwrap();
        world.settle().await;
        snapshot!(ada.is_told(), @"
        News for you:
        web/api#1 Limit the rate: grace asks for your review. [Review]
        web/api#2 Another: edsger asks for your review. [Review]
        ");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn it_is_said_once_although_slack_never_answered_or_the_bot_died() {
    for edition in [Edition::Cloud, Edition::DataCenter] {
        let mut world = World::on(edition).await;
        drop(world.person("ada").connected().await);
        opened(&world, &["ada"]);
        world.slack.faults.next("POST /api/chat.postMessage", &Fault::ActThenDrop, 1);
        world.settle().await;
        world.restart().await;
        world.advance(Duration::from_secs(30)).await;
        let told = world.person("ada").is_told();
        assert_eq!(told.matches("grace asks for your review.").count(), 1, "{told}");
        world.finish().await;
    }
}

#[tokio::test]
async fn a_delivery_tells_what_became_of_it() {
    on_both(async |world| {
        let _ada = world.person("ada").connected().await;
        world.sets_aside("ada", &["grace asks for your review."]);
        opened(&world, &["ada"]);
        world.settle().await;
        let deliveries = world.bot().store.deliveries(None, 9).await.unwrap();
        let told = deliveries.iter().filter_map(|one| one.outcome.as_deref()).collect::<Vec<_>>();
        assert_eq!(told, ["told in 1 direct message"]);
        world.finish().await;
    })
    .await;
}
