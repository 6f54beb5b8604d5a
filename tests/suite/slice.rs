//! One thread through every floor: connect, look, open, subscribe, be told, approve, merge, digest.

use std::time::Duration;

use insta::assert_snapshot;

use crate::world::on_both;

#[tokio::test]
async fn help_lists_what_works() {
    on_both(async |world| {
        let ada = world.person("ada");
        assert_snapshot!(ada.types("/bb help").await, @"");
        assert_snapshot!(ada.types("/bb help pr merge").await, @"");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn a_person_connects_their_account() {
    on_both(async |world| {
        let ada = world.person("ada");
        assert_snapshot!(ada.types("/bb whoami").await, @"");
        let (mut browser, page) = ada.opens_the_link("connect").await;
        assert_snapshot!(world.same_on_both(&page.text()), @"");
        let page = browser.press(&page, "Go on to Bitbucket").await.unwrap();
        let page = ada.signs_in(&mut browser, &page).await;
        assert_snapshot!(world.same_on_both(&page.text()), @"");
        assert_snapshot!(ada.types("/bb whoami").await, @"");
        let page = browser.press(&page, "Connect them").await.unwrap();
        assert_snapshot!(world.same_on_both(&page.text()), @"");
        world.settle().await;
        assert_snapshot!(ada.is_told(), @"");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn an_account_is_forgotten_on_demand() {
    on_both(async |world| {
        let ada = world.person("ada").connected().await;
        assert!(ada.types("/bb whoami").await.contains("you are ada"));
        assert_snapshot!(ada.types("/bb disconnect").await, @"");
        assert_snapshot!(ada.types("/bb disconnect").await, @"");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn what_was_asked_before_connecting_is_done_after() {
    on_both(async |world| {
        let ada = world.person("ada");
        assert_snapshot!(ada.types(&format!("/bb commits {}:web/api", world.instance())).await, @"");
        let ada = ada.connecting().await;
        assert_snapshot!(ada.is_told(), @"");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn commits_are_listed() {
    on_both(async |world| {
        let ada = world.person("ada").connected().await;
        assert_snapshot!(ada.types("/bb commits web/api --branch limit-rate").await, @"");
        assert_snapshot!(ada.types("/bb commits web/api --branch nowhere").await, @"");
        assert_snapshot!(ada.types("/bb commits web/nothing").await, @"");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn a_pull_request_is_shown_approved_and_merged_by_typing() {
    on_both(async |world| {
        let ada = world.person("ada").connected().await;
        let repo = world.repository("web/api");
        world.bitbucket.open_pull_request(&repo, "grace", "Limit the rate", ("limit-rate", "main")).unwrap();
        assert_snapshot!(ada.types("/bb pr show web/api#1").await, @"");
        assert_snapshot!(ada.types("/bb pr approve web/api#1").await, @"");
        assert_snapshot!(ada.types("/bb pr merge web/api#1").await, @"");
        assert_snapshot!(ada.types("/bb pr merge web/api#1").await, @"");
        assert_snapshot!(ada.types("/bb pr show web/api#7").await, @"");
        let pr = world.bitbucket.pull_request(&repo, 1).unwrap();
        assert!(!pr.is_open() && pr.approvals == ["ada"]);
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn a_channel_is_told_and_its_card_is_kept_true() {
    on_both(async |world| {
        let ada = world.person("ada").connected().await;
        assert_snapshot!(ada.types("/bb subscribe web/api opened approved merged").await, @"");
        let repo = world.repository("web/api");
        world.bitbucket.open_pull_request(&repo, "grace", "Limit the rate", ("limit-rate", "main")).unwrap();
        world.settle().await;
        let cards = world.messages("#web");
        assert_snapshot!(world.read(&cards), @"");

        assert_snapshot!(ada.clicks(&cards[0], "Approve").await, @"");
        assert_snapshot!(world.hears("#web"), @"");
        assert_eq!(world.bitbucket.pull_request(&repo, 1).unwrap().approvals, ["ada"]);

        assert_snapshot!(ada.clicks(&cards[0], "Merge").await, @"");
        assert_snapshot!(world.hears("#web"), @"");
        assert!(!world.bitbucket.pull_request(&repo, 1).unwrap().is_open());
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn merging_too_early_is_answered_with_the_reason() {
    on_both(async |world| {
        let ada = world.person("ada").connected().await;
        let repo = world.repository("web/api").requires_approvals(1);
        world.bitbucket.open_pull_request(&repo, "grace", "Limit the rate", ("limit-rate", "main")).unwrap();
        let told = ada.types("/bb pr merge web/api#1").await;
        assert!(told.contains("approv"), "{told}");
        assert!(world.bitbucket.pull_request(&repo, 1).unwrap().is_open());
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn a_pull_request_is_opened_with_a_form() {
    on_both(async |world| {
        let ada = world.person("ada").connected().await;
        assert_eq!(ada.types("/bb pr open").await, "");
        assert_snapshot!(ada.sees_form(), @"");
        ada.slack.picks("Repository", "ap", &world.called("web/api")).await;
        assert_eq!(ada.slack.looks_up("Source branch", "lim").await, ["limit-rate"]);
        ada.slack.picks("Source branch", "lim", "limit-rate").await;
        ada.slack.fills("Title", "Limit the rate").await;
        ada.slack.submits().await;
        assert_snapshot!(ada.sees_form(), @"");
        world.settle().await;
        assert_snapshot!(ada.sees_form(), @"");
        let repo = world.repository("web/api");
        assert_eq!(world.bitbucket.pull_request(&repo, 1).unwrap().title, "Limit the rate");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn a_refused_form_keeps_everything_typed() {
    on_both(async |world| {
        let ada = world.person("ada").connected().await;
        let repo = world.repository("web/api");
        world.bitbucket.open_pull_request(&repo, "grace", "Limit the rate", ("limit-rate", "main")).unwrap();
        ada.types("/bb pr open web/api --from limit-rate").await;
        ada.slack.fills("Title", "Once more").await;
        ada.slack.submits().await;
        world.settle().await;
        assert_snapshot!(ada.sees_form(), @"");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn a_digest_comes_when_its_time_comes() {
    on_both(async |mut world| {
        let repo = world.repository("web/api");
        world.bitbucket.open_pull_request(&repo, "grace", "Limit the rate", ("limit-rate", "main")).unwrap();
        {
            let ada = world.person("ada").connected().await;
            assert_snapshot!(ada.types("/bb digest add web/api --cron \"30 9 * * *\"").await, @"");
            assert_snapshot!(ada.types("/bb digest list").await, @"");
        }
        world.restart().await;
        world.advance(Duration::from_secs(29 * 60)).await;
        assert_eq!(world.hears("#web"), "");
        world.advance(Duration::from_secs(60)).await;
        assert_snapshot!(world.hears("#web"), @"");
        let ada = world.person("ada");
        assert_snapshot!(ada.types("/bb digest remove 1").await, @"");
        world.advance(Duration::from_secs(24 * 60 * 60)).await;
        assert_eq!(world.hears("#web"), "");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn a_channel_stops_being_told() {
    on_both(async |world| {
        let ada = world.person("ada").connected().await;
        assert_snapshot!(ada.types("/bb subscriptions").await, @"");
        ada.types("/bb subscribe web/api").await;
        assert_snapshot!(ada.types("/bb subscriptions").await, @"");
        assert_snapshot!(ada.types("/bb unsubscribe web/api").await, @"");
        let repo = world.repository("web/api");
        world.bitbucket.open_pull_request(&repo, "grace", "Limit the rate", ("limit-rate", "main")).unwrap();
        world.settle().await;
        assert_eq!(world.hears("#web"), "");
        world.finish().await;
    })
    .await;
}
