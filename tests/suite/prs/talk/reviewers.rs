//! Reviewers are listed with what they said, asked, and no longer asked.

use super::{sends, stage};
use crate::world::on_both;

#[tokio::test]
async fn reviewers_are_asked_and_no_longer_asked() {
    on_both(async |world| {
        let (ada, pr) = stage(&world).await;
        ada.slack.types("#web", "/bb pr reviewers web/api#1").await;
        world.settle().await;
        let told = ada.slack.told();
        snapshot!(world.read(&told), @"
        Nobody is asked to review web/api#1 Limit the rate.
        [Ask somebody]
        ");
        ada.clicks(&told[0], "Ask somebody").await;
        assert_eq!(ada.slack.looks_up("Reviewers", "eds").await, ["edsger"]);
        snapshot!(ada.sees_form(), @"
        Ask for a review
        web/api#1
        Reviewers: ____
        [Ask]
        ");
        snapshot!(sends(&ada, &[("Reviewers", "edsger")]).await, @"
        (edited) edsger is asked to review it.
        Reviewers of web/api#1 Limit the rate:
        edsger has not said anything yet [Remove]
        [Ask somebody]

        Ask for a review
        edsger is asked to review it.
        Reviewers of web/api#1 Limit the rate:
        edsger has not said anything yet [Remove]
        [Ask somebody]
        ");
        assert_eq!(pr.state().unwrap().reviewers, ["edsger"]);
        ada.slack.presses("Remove").await;
        world.settle().await;
        snapshot!(ada.sees_form(), @"
        Ask for a review
        edsger is no longer asked.
        Nobody is asked to review web/api#1 Limit the rate.
        [Ask somebody]
        ");
        assert_eq!(pr.state().unwrap().reviewers, [""; 0]);
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn everybody_is_shown_with_what_they_said() {
    on_both(async |world| {
        let (ada, pr) = stage(&world).await;
        world.sets_aside("ada", &["added you as a reviewer."]);
        pr.set_reviewers("grace", &["ada", "edsger"]).unwrap();
        pr.approve("edsger").unwrap();
        snapshot!(ada.types("/bb pr reviewers web/api#1 --remove edsger --add me").await, @"
        ada is asked to review it.
        edsger is no longer asked.
        Reviewers of web/api#1 Limit the rate:
        ada has not said anything yet [Remove]
        edsger approved, without being asked
        [Ask somebody]
        ");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn a_mention_is_whoever_connected() {
    on_both(async |world| {
        let (ada, pr) = stage(&world).await;
        let edsger = world.person("edsger");
        let typed = format!("/bb pr reviewers web/api#1 --add <@{}|edsger>", edsger.slack.id);
        let _connected = edsger.connected().await;
        world.sets_aside("edsger", &["added you as a reviewer."]);
        snapshot!(ada.types(&typed).await, @"
        edsger is asked to review it.
        Reviewers of web/api#1 Limit the rate:
        edsger has not said anything yet [Remove]
        [Ask somebody]
        ");
        assert_eq!(pr.state().unwrap().reviewers, ["edsger"]);
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn a_mention_of_somebody_unknown_says_what_to_do() {
    on_both(async |world| {
        let (ada, _pr) = stage(&world).await;
        let stranger = world.slack.add_person("linus", "linus@elsewhere.test", "Europe/Helsinki");
        let typed = format!("/bb pr reviewers web/api#1 --add <@{}|linus>", stranger.id);
        snapshot!(ada.types(&typed).await, @"I don't know who @linus is on bitbucket. Ask them to type `/bb connect`, or write their Bitbucket name.");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn a_name_that_is_nearly_right_is_offered() {
    on_both(async |world| {
        let (ada, pr) = stage(&world).await;
        ada.slack.types("#web", "/bb pr reviewers web/api#1 --add @eds").await;
        world.settle().await;
        let told = ada.slack.told();
        snapshot!(world.read(&told), @"
        Nobody around web is called `eds`. Did you mean edsger?
        [edsger]
        ");
        let said = ada.clicks(&told[0], "edsger").await;
        assert!(said.contains("edsger is asked to review it."), "{said}");
        assert_eq!(pr.state().unwrap().reviewers, ["edsger"]);
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn what_was_done_before_one_was_refused_is_said() {
    on_both(async |world| {
        let (ada, pr) = stage(&world).await;
        let told = ada.types("/bb pr reviewers web/api#1 --add edsger --add grace").await;
        assert!(told.ends_with("edsger is asked to review it."), "{told}");
        assert_eq!(pr.state().unwrap().reviewers, ["edsger"]);
        world.finish().await;
    })
    .await;
}
