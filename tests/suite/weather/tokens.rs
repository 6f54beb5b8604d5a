//! Access to Bitbucket ends: it is renewed once, or the person is asked, and then it is done.

use std::time::Duration;

use dipper::sandbox::bitbucket::Edition;
use dipper::sandbox::wire::Fault;
use dipper::words::names::{Instance, SlackUser, Team};

use crate::world::{World, on_both};

/// How often Bitbucket was asked for newer tokens.
fn renewals(world: &World) -> usize {
    let asked = world.bitbucket.requests();
    asked.iter().filter(|call| call.body.contains("grant_type=refresh_token")).count()
}

#[tokio::test]
async fn an_expired_token_is_renewed_once_for_everything_at_once() {
    on_both(async |world| {
        let ada = world.person("ada").connected().await;
        world.bitbucket.expire_tokens("ada");
        for _ in 0..4 {
            assert_eq!(ada.slack.types("#web", "/bb commits web/api").await.status, 200);
        }
        let ran = tokio::join!(world.step(), world.step(), world.step(), world.step());
        assert_eq!(ran, (true, true, true, true));
        let told = ada.is_told();
        assert_eq!(told.matches("Latest commits in web/api").count(), 4, "{told}");
        assert_eq!(renewals(&world), 1);
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn a_token_about_to_end_is_renewed_before_it_is_used() {
    on_both(async |world| {
        let ada = world.person("ada").connected().await;
        world.advance(Duration::from_mins(119)).await;
        assert!(ada.types("/bb commits web/api").await.starts_with("Latest commits"));
        assert!(ada.types("/bb commits web/api").await.starts_with("Latest commits"));
        assert_eq!(renewals(&world), 1);
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn a_renewal_is_tried_again_when_bitbucket_was_away() {
    on_both(async |world| {
        let ada = world.person("ada").connected().await;
        world.bitbucket.expire_tokens("ada");
        world.bitbucket.faults(world.edition).next("POST /", &Fault::Drop, 1);
        assert!(ada.types("/bb commits web/api").await.starts_with("Latest commits"));
        assert_eq!(renewals(&world), 1);
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn who_took_their_consent_back_is_asked_again_and_then_served() {
    on_both(async |world| {
        let ada = world.person("ada").connected().await;
        world.bitbucket.revoke("ada");
        snapshot!(ada.types("/bb commits web/api").await, @r"
        First connect your account on bitbucket, so that I can do this as you.
        I'll carry on with what you asked as soon as you have.
        [Connect bitbucket]
        ");
        let told = ada.connecting().await.is_told();
        assert!(told.contains("now acts as ada"), "{told}");
        assert_eq!(told.matches("Latest commits in web/api").count(), 1, "{told}");
        world.finish().await;
    })
    .await;
}

/// Ada's tokens have expired, and a renewal begins whose answer nobody hears.
fn cut_off(world: &World) {
    world.bitbucket.expire_tokens("ada");
    world.bitbucket.faults(world.edition).next("POST /", &Fault::ActThenDrop, 1);
}

#[tokio::test]
async fn a_renewal_whose_answer_was_lost_becomes_one_request_to_connect_again() {
    let world = World::on(Edition::Cloud).await;
    let ada = world.person("ada").connected().await;
    cut_off(&world);
    for _ in 0..4 {
        assert_eq!(ada.slack.types("#web", "/bb commits web/api").await.status, 200);
    }
    world.settle().await;
    let told = ada.is_told();
    assert_eq!(told.matches("was cut off while it was being renewed").count(), 1, "{told}");
    assert_eq!(told.matches("First connect your account").count(), 4, "{told}");
    assert_eq!(renewals(&world), 2, "once, and once more with the old token");
    let told = ada.connecting().await.is_told();
    assert_eq!(told.matches("Latest commits in web/api").count(), 4, "{told}");
    world.finish().await;
}

#[tokio::test]
async fn a_renewal_that_died_with_its_process_is_tried_once_more_and_nobody_notices() {
    on_both(async |world| {
        let ada = world.person("ada").connected().await;
        world.bitbucket.expire_tokens("ada");
        let user = SlackUser { team: Team::new("T0DIPPER"), id: ada.slack.id.clone() };
        let (store, instance) = (&world.bot().store, Instance::new(world.instance()));
        let until = world.clock.millis() + 20_000;
        assert!(store.take_refresh(&user, &instance, "dead", until).await.unwrap());
        world.advance(Duration::from_secs(21)).await;
        assert!(ada.types("/bb commits web/api").await.starts_with("Latest commits"));
        assert_eq!(renewals(&world), 1);
        world.finish().await;
    })
    .await;
}
