//! Comments, answers and mentions.

use super::{mentioning, opened, opened_saying, spoken};
use crate::world::on_both;

#[tokio::test]
async fn an_author_is_told_what_is_said_and_answers_with_a_button() {
    on_both(async |world| {
        let grace = world.person("grace").connected().await;
        opened(&world, &[]);
        let pr = world.repository("web/api").pull_request(1);
        pr.comment_on("ada", "Why <!channel> *so*\nmany?", ("src/rate.rs", 12)).unwrap();
        world.settle().await;
        let told = grace.slack.told();
        snapshot!(world.read(&told), @"
        ada commented on `src/rate.rs:12`: Why <!channel> *so* many?
        web/api#1 Limit the rate · `limit-rate` → `main` · no reviewers
        [Reply] [Show] [Snooze] [Mute this one]
        ");
        assert_eq!(grace.clicks(&told[0], "Reply").await, "");
        grace.slack.fills("Reply", "Ten are enough").await;
        grace.slack.submits().await;
        world.settle().await;
        assert!(grace.sees_form().contains("Your reply to ada is on web/api#1"), "{}", grace.sees_form());
        let said = pr.state().unwrap().comments;
        assert_eq!(said[1].parent, Some(said[0].id));
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn whoever_is_answered_is_told_even_when_nobody_had_told_of_their_comment() {
    on_both(async |world| {
        opened(&world, &["edsger"]);
        let pr = world.repository("web/api").pull_request(1);
        let heard = pr.comment("ada", "Why?").unwrap();
        world.settle().await;
        let ada = world.person("ada").connected().await;
        let _grace = world.person("grace").connected().await;
        world.sets_aside("grace", &["edsger commented: And so on"]);
        pr.reply("grace", heard, "Because").unwrap();
        world.settle().await;
        snapshot!(ada.is_told(), @"
        grace answered your comment: Because
        web/api#1 Limit the rate · `limit-rate` → `main` · 0 of 1 approved
        [Reply] [Show] [Snooze] [Mute this one]
        ");
        world.bot().store.keep_known(&forgotten(&world, heard), "", 0).await.unwrap();
        world.advance(std::time::Duration::from_mins(2)).await;
        pr.reply("edsger", heard, "And so on").unwrap();
        world.settle().await;
        assert!(ada.is_told().starts_with("edsger answered your comment: And so on"));
        world.finish().await;
    })
    .await;
}

/// Under what it is remembered who said something.
fn forgotten(world: &crate::world::World, comment: u64) -> String {
    format!("said:{}:{}#1:{comment}", world.instance(), world.called("web/api"))
}

#[tokio::test]
async fn whoever_is_mentioned_is_told_as_each_edition_writes_it() {
    on_both(async |world| {
        let ada = world.person("ada").connected().await;
        opened_saying(&world, &[], &format!("Thanks to {} for the idea", mentioning(&world, "ada")));
        world.settle().await;
        snapshot!(ada.is_told(), @"
        grace mentioned you in the description.
        web/api#1 Limit the rate · `limit-rate` → `main` · no reviewers
        [Show] [Snooze] [Mute this one]
        ");
        world.advance(std::time::Duration::from_mins(2)).await;
        let pr = world.repository("web/api").pull_request(1);
        pr.comment("edsger", &format!("`{0}` is code; {0}, look", mentioning(&world, "ada"))).unwrap();
        pr.comment("edsger", "ada@example.test is an address").unwrap();
        world.settle().await;
        snapshot!(spoken(&world, &ada.is_told(), "ada"), @"
        edsger mentioned you: `@ada` is code; @ada, look
        web/api#1 Limit the rate · `limit-rate` → `main` · no reviewers
        [Reply] [Show] [Snooze] [Mute this one]
        ");
        world.advance(std::time::Duration::from_mins(2)).await;
        pr.describe("grace", &format!("{} and {}", mentioning(&world, "ada"), mentioning(&world, "edsger")))
            .unwrap();
        world.settle().await;
        assert_eq!(ada.is_told(), "", "she was mentioned there before");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn what_bots_say_is_told_to_those_who_want_it() {
    on_both(async |world| {
        let grace = world.person("grace").connected().await;
        opened(&world, &[]);
        let pr = world.repository("web/api").pull_request(1);
        pr.comment("dipper-service", "Coverage fell").unwrap();
        world.settle().await;
        assert_eq!(grace.is_told(), "");
        let _list = grace.types("/bb notify bots on").await;
        pr.comment("dipper-service", "Coverage rose").unwrap();
        world.settle().await;
        assert!(
            grace.is_told().starts_with("Dipper (service) commented: Coverage rose"),
            "{}",
            world.transcript()
        );
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn only_those_are_told_who_have_connected_and_can_read_it() {
    on_both(async |world| {
        let edsger = world.person("edsger");
        opened(&world, &["edsger"]);
        world.settle().await;
        assert_eq!(edsger.is_told(), "", "their address alone proves nothing");
        let edsger = edsger.connected().await;
        let _forbidden = world.repository("web/api").forbid("edsger");
        let pr = world.repository("web/api").pull_request(1);
        pr.comment("grace", &format!("{}, look", mentioning(&world, "edsger"))).unwrap();
        world.settle().await;
        assert_eq!(edsger.is_told(), "", "they can read it no more");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn whoever_has_left_is_told_nothing_and_nothing_is_left_of_it() {
    on_both(async |world| {
        let grace = world.person("grace").connected().await;
        opened(&world, &[]);
        grace.slack.leaves();
        world.repository("web/api").pull_request(1).comment("ada", "Still there?").unwrap();
        world.settle().await;
        assert_eq!(grace.is_told(), "");
        world.finish().await;
    })
    .await;
}
