//! Who may what: guests and people from elsewhere nothing, members what their accounts may, admins the rest;
//! by whichever door they come.

use std::time::Duration;

use dipper::sandbox::bitbucket::{Edition, Permission};

use crate::world::{World, on_both};

#[tokio::test]
async fn guests_and_strangers_may_nothing_and_are_told_the_rule() {
    on_both(async |world| {
        let ada = world.person("ada");
        let _guest = world.slack.person("ada").unwrap().guest();
        for command in ["help", "connect", "pr show web/api#1", "subscribe web/api", "audit"] {
            snapshot!(ada.types(&format!("/bb {command}")).await, @"
            Guests of this workspace can't use Dipper.
            Who may: anyone in the channel.
            ");
        }
        let grace = world.person("grace");
        let _stranger = world.slack.person("grace").unwrap().stranger();
        snapshot!(grace.types("/bb subscriptions").await, @"
        Dipper only answers people of this workspace.
        Who may: anyone in the channel.
        ");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn who_became_a_guest_may_still_take_back_what_they_connected_and_nothing_else() {
    on_both(async |world| {
        let ada = world.person("ada").connected().await;
        ada.slack.types("#web", "/bb pr open").await;
        world.settle().await;
        assert_eq!(ada.slack.looks_up("Repository", "api").await.len(), 1);
        let _guest = world.slack.person("ada").unwrap().guest();
        world.move_clocks(Duration::from_mins(11));
        assert_eq!(ada.slack.looks_up("Repository", "api").await, [""; 0], "a guest is offered nothing");
        assert!(ada.types("/bb whoami").await.starts_with("Guests of this workspace can't use Dipper."));
        snapshot!(ada.types("/bb disconnect").await, @"Forgotten: you are no longer ada on bitbucket.");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn a_button_is_no_way_around() {
    on_both(async |world| {
        let ada = world.person("ada").connected().await;
        let _ = ada.types("/bb subscribe web/api").await;
        let repo = world.repository("web/api");
        world.bitbucket.open_pull_request(&repo, "ada", "Limit the rate", ("limit-rate", "main")).unwrap();
        world.settle().await;
        let card = world.messages("#web").remove(0);
        let edsger = world.person("edsger").connected().await;
        let _guest = world.slack.person("edsger").unwrap().guest();
        world.move_clocks(Duration::from_mins(11));
        assert!(
            edsger.clicks(&card, "Approve").await.starts_with("Guests of this workspace can't use Dipper.")
        );
        assert!(world.bitbucket.pull_request(&repo, 1).unwrap().approvals.is_empty());
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn nobody_subscribes_to_what_their_account_cannot_read() {
    on_both(async |world| {
        let repo = world.bitbucket.add_repository(world.edition, "sec/vault");
        let _ = repo.allow("grace", Permission::Write);
        let ada = world.person("ada").connected().await;
        for command in ["subscribe sec/vault", "digest add sec/vault weekdays 9:30"] {
            snapshot!(ada.types(&format!("/bb {command}")).await, @"
            Bitbucket has nothing of that name that you may see.
            Who may: one who can read the repository.
            ");
        }
        snapshot!(ada.types("/bb subscriptions").await, @"This channel is told nothing yet; `/bb subscribe web/api` changes that.");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn the_settings_name_the_admins_and_then_owners_are_none() {
    let world = World::with(Edition::Cloud, &[("DIPPER_ADMINS", "U00000002")]).await;
    let _owner = world.slack.person("grace").unwrap().owner();
    let ada = world.person("ada");
    assert_eq!(ada.slack.id, "U00000002");
    let grace = world.person("grace").connected().await;
    assert!(ada.types("/bb audit").await.contains("@grace"));
    let others = format!("/bb audit --who <@{}>", ada.slack.id);
    assert!(grace.types(&others).await.contains("Who may: Dipper admin."));
    world.finish().await;
}

#[tokio::test]
async fn somebody_who_left_is_refused_although_their_link_is_there() {
    on_both(async |world| {
        let ada = world.person("ada").connected().await;
        ada.slack.leaves();
        world.move_clocks(Duration::from_mins(11));
        let ack = ada.slack.types("#web", "/bb whoami").await;
        assert_eq!(ack.status, 200, "{}", ack.body);
        world.settle().await;
        assert!(ada.is_told().starts_with("This Slack account was closed."));
        world.finish().await;
    })
    .await;
}
