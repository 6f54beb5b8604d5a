//! People take cards away, throw the bot out, press twice, and come too late.

use std::time::Duration;

use super::{opened, said_in, subscribed};
use crate::world::on_both;

#[tokio::test]
async fn a_card_that_a_person_took_away_does_not_come_back() {
    on_both(async |world| {
        subscribed(&world).await;
        let repo = world.repository("web/api");
        let number = opened(&world);
        world.settle().await;
        let card = world.messages("#web").remove(0);
        assert!(world.slack.with_world(|slack| slack.delete(&card.channel, &card.ts)));
        world.bitbucket.approve(&repo, number, "ada").unwrap();
        world.settle().await;
        world.bitbucket.merge(&repo, number, "grace").unwrap();
        world.settle().await;
        assert_eq!(world.hears("#web"), "");
        assert!(said_in(&world, "web").is_empty(), "{}", world.transcript());
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn a_channel_without_the_bot_keeps_nobody_else_waiting() {
    on_both(async |world| {
        let ada = subscribed(&world).await;
        world.slack.add_channel("secret", true, &[&ada.slack]);
        assert!(world.slack.invite_bot("secret"));
        assert!(
            ada.types_in("#secret", "/bb subscribe web/api opened approved merged")
                .await
                .contains("is now told of")
        );
        assert!(world.slack.kick_bot("secret"));
        let repo = world.repository("web/api");
        let number = opened(&world);
        world.settle().await;
        world.bitbucket.merge(&repo, number, "grace").unwrap();
        world.settle().await;
        assert_eq!(world.hears("#web").matches("merged this into").count(), 1);
        assert!(said_in(&world, "secret").is_empty());
        snapshot!(ada.is_told(), @"
        I am no longer in #secret, so it is not told of web/api.
        Type `/invite @Dipper` there, and it goes on.
        [End web/api]
        ");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn a_card_in_a_channel_the_bot_was_thrown_out_of_is_left_alone() {
    on_both(async |world| {
        let ada = world.person("ada").connected().await;
        world.slack.add_channel("secret", true, &[&ada.slack]);
        assert!(world.slack.invite_bot("secret"));
        ada.types_in("#secret", "/bb subscribe web/api opened approved merged").await;
        let number = opened(&world);
        world.settle().await;
        assert_eq!(world.messages("#secret").len(), 1);
        assert!(world.slack.kick_bot("secret"));
        world.bitbucket.approve(&world.repository("web/api"), number, "ada").unwrap();
        world.settle().await;
        assert_eq!(world.hears("#secret"), "");
        snapshot!(ada.is_told(), @"
        I am no longer in #secret, so it is not told of web/api.
        Type `/invite @Dipper` there, and it goes on.
        [End web/api]
        ");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn a_bot_that_is_back_in_a_channel_goes_on_there() {
    on_both(async |world| {
        let ada = world.person("ada").connected().await;
        world.slack.add_channel("secret", true, &[&ada.slack]);
        assert!(world.slack.invite_bot("secret"));
        ada.types_in("#secret", "/bb subscribe web/api opened approved merged").await;
        assert!(world.slack.kick_bot("secret"));
        let number = opened(&world);
        world.settle().await;
        snapshot!(ada.is_told(), @"
        I am no longer in #secret, so it is not told of web/api.
        Type `/invite @Dipper` there, and it goes on.
        [End web/api]
        ");
        assert!(world.slack.invite_bot("secret"));
        world.bitbucket.merge(&world.repository("web/api"), number, "grace").unwrap();
        world.settle().await;
        let heard = world.hears("#secret");
        assert!(
            heard.contains("merged by grace") && heard.contains("(in the thread) grace merged"),
            "{heard}"
        );
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn a_button_pressed_twice_approves_once() {
    on_both(async |world| {
        let ada = subscribed(&world).await;
        let number = opened(&world);
        world.settle().await;
        let card = world.messages("#web").remove(0);
        ada.presses(&card, "Approve").await;
        ada.presses(&card, "Approve").await;
        world.settle().await;
        snapshot!(ada.is_told(), @"
        You approved web/api#1 Limit the rate.
        [Undo]

        You approved web/api#1 Limit the rate already.
        [Undo]
        ");
        assert_eq!(world.hears("#web").matches("(in the thread) ada approved.").count(), 1);
        let pr = world.bitbucket.pull_request(&world.repository("web/api"), number).unwrap();
        assert_eq!(pr.approvals, ["ada"]);
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn a_button_pressed_twice_merges_once() {
    on_both(async |world| {
        let ada = subscribed(&world).await;
        opened(&world);
        world.settle().await;
        let card = world.messages("#web").remove(0);
        ada.presses(&card, "Merge").await;
        world.settle().await;
        let payload = ada.slack.submit_payload().unwrap();
        for _ in 0..2 {
            assert_eq!(world.slack.interact("/slack/interactions", &payload).await.status, 200);
        }
        let ack = ada.slack.types("#web", "/bb pr merge web/api#1").await;
        assert_eq!(ack.status, 200);
        world.settle().await;
        assert!(
            ada.sees_form().contains("Merged web/api#1 Limit the rate into `main`."),
            "{}",
            ada.sees_form()
        );
        snapshot!(ada.is_told(), @"Already merged by you.");
        assert_eq!(world.hears("#web").matches("(in the thread) ada merged this").count(), 1);
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn who_waited_too_long_for_a_form_gets_a_button_that_opens_it() {
    on_both(async |world| {
        let ada = world.person("ada").connected().await;
        assert_eq!(ada.slack.types("#web", "/bb pr open").await.status, 200);
        world.move_clocks(Duration::from_secs(4));
        world.settle().await;
        assert_eq!(ada.sees_form(), "");
        let told = ada.slack.told();
        snapshot!(world.read(&told), @r"
        That took too long for Slack to open the form.
        [Open a pull request]
        ");
        assert_eq!(ada.clicks(&told[0], "Open a pull request").await, "");
        assert!(ada.sees_form().starts_with("Open a pull request\nRepository: ____"));
        world.finish().await;
    })
    .await;
}
