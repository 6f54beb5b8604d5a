//! `/bb doctor`: what works for a person in a place, and the mend for what does not.

use std::time::Duration;

use dipper::sandbox::bitbucket::Edition;

use crate::world::{World, on_both};

#[tokio::test]
async fn what_is_missing_is_told_with_its_mend() {
    on_both(async |world| {
        let ada = world.person("ada");
        let told = ada.types("/bb doctor").await.replace("cloud", "dc");
        let wanted = "Mend: you have no account on dc; type `/bb connect dc`.";
        assert!(told.replace("on bitbucket", "on dc").contains(wanted), "{told}");
        let ada = ada.connected().await;
        let _ = ada.types("/bb subscribe web/api").await;
        world.slack.with_world(|slack| slack.scopes.retain(|scope| *scope != "im:write"));
        let told = ada.types("/bb doctor").await;
        for mend in [
            "Mend: im:write not granted; add what the manifest lists and install the app again.",
            "has reached me lately; add one to",
        ] {
            assert!(told.contains(mend), "{told}");
        }
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn where_everything_works_it_says_so() {
    on_both(async |world| {
        let ada = world.person("ada").connected().await;
        let _ = ada.types("/bb subscribe web/api").await;
        let repo = world.repository("web/api");
        world.bitbucket.open_pull_request(&repo, "grace", "Limit the rate", ("limit-rate", "main")).unwrap();
        world.settle().await;
        let _ = world.hears("#web");
        world.advance(Duration::from_mins(30)).await;
        let told = ada.types("/bb doctor").await;
        let told: Vec<&str> = told.lines().filter(|line| !line.contains("by a token of your own")).collect();
        snapshot!(told.join("\n").replace("cloud", "bitbucket").replace("dc ", "bitbucket "), @"
        Everything works here.
        • Works: the database takes what is written.
        • Works: Slack grants all that Dipper needs.
        • Works: Dipper's clock is Slack's.
        • Works: I am in this channel.
        • Works: bitbucket knows you as ada.
        • Works: bitbucket last told me something 30 minutes ago.
        ");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn a_token_that_no_longer_works_is_noticed() {
    on_both(async |world| {
        let ada = world.person("ada").connected().await;
        world.bitbucket.revoke("ada");
        let told = ada.types("/bb doctor").await;
        assert!(told.contains("no longer takes your account's token"), "{told}");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn a_clock_that_is_wrong_is_noticed() {
    on_both(async |world| {
        world.clock.advance(Duration::from_mins(2));
        let told = world.person("ada").types("/bb doctor").await;
        assert!(
            told.contains("Mend: this machine's clock is 120 s ahead of Slack's; let it be set by NTP."),
            "{told}"
        );
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn where_no_oauth_client_is_an_account_is_connected_by_a_token() {
    let world = World::with(
        Edition::Cloud,
        &[("BITBUCKET_CLOUD_CLIENT_ID", ""), ("BITBUCKET_CLOUD_CLIENT_SECRET", "")],
    )
    .await;
    let told = world.person("ada").types("/bb doctor").await;
    assert!(told.contains("you have no account on bitbucket; type `/bb connect cloud`."), "{told}");
    world.finish().await;
}
