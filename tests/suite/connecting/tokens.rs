//! An account connected by a token of one's own: proven and sealed at the door, refused under its field.

use std::time::Duration;

use dipper::sandbox::bitbucket::Edition;
use dipper::sandbox::wire::Fault;

use super::NOT_CONNECTED;
use crate::world::{Person, World};

/// A bot that no browser reaches.
pub async fn hidden(edition: Edition) -> World {
    World::with(edition, &[("DIPPER_PUBLIC_URL", "")]).await
}

/// Asks to connect and opens the form for a token.
pub async fn opens_the_form(ada: &Person<'_>) {
    ada.slack.types("#web", &format!("/bb connect {}", ada.world.instance())).await;
    ada.world.settle().await;
    let told = ada.slack.told();
    ada.clicks(&told[0], &format!("Use a token for {}", ada.world.instance())).await;
}

/// Fills the form in and sends it; the bot's own answer.
pub async fn sends(ada: &Person<'_>, email: &str, token: &str) -> String {
    if ada.world.edition == Edition::Cloud {
        ada.slack.fills("E-mail of that account", email).await;
        ada.slack.fills("API token", token).await;
    } else {
        ada.slack.fills("HTTP access token", token).await;
    }
    let ack = ada.slack.submits().await;
    assert_eq!(ack.status, 200, "{}", ack.body);
    ack.body
}

/// Somebody who connected by a token of their own, which alone may change rights on Cloud.
pub async fn by_own_token<'a>(world: &'a World, name: &str) -> Person<'a> {
    let person = world.person(name);
    opens_the_form(&person).await;
    let token = world.bitbucket.personal_token(world.edition, name);
    sends(&person, &format!("{name}@example.test"), &token).await;
    world.settle().await;
    let _welcome = (person.is_told(), person.slack.closes().await);
    person
}

#[tokio::test]
async fn where_no_browser_can_come_by_a_token_connects() {
    for edition in [Edition::Cloud, Edition::DataCenter] {
        let world = hidden(edition).await;
        let ada = world.person("ada");
        let asked = ada.types(&format!("/bb commits {}:web/api", world.instance())).await;
        assert!(asked.contains("First connect your account"), "{asked}");
        opens_the_form(&ada).await;
        sends(&ada, "ada@example.test", &world.bitbucket.personal_token(edition, "ada")).await;
        snapshot!(ada.sees_form(), @"
        Connect by a token
        You are ada on bitbucket now.
        It may do what you allowed that token, for as long as you let it live.
        ");
        world.settle().await;
        assert!(ada.is_told().contains("Latest commits"), "what was asked before is done now");
        snapshot!(ada.types("/bb whoami").await.replace(world.instance(), "bitbucket"), @"On bitbucket you are ada, by a token of your own.");
        snapshot!(ada.types("/bb disconnect").await, @"
        Forgotten: you are no longer ada on bitbucket.
        The token itself lives on at Bitbucket until you delete it there.
        ");
        world.finish().await;
    }
}

#[tokio::test]
async fn the_form_says_what_to_make_and_what_it_will_not_do() {
    let world = hidden(Edition::Cloud).await;
    let ada = world.person("ada");
    opens_the_form(&ada).await;
    snapshot!(ada.sees_form(), @"
    Connect by a token
    For cloud. Make an API token in your Atlassian account, with the Bitbucket scopes you want Dipper to use.
    E-mail of that account: ____
    API token: ____
    [Connect]
    ");
    world.finish().await;
    let world = hidden(Edition::DataCenter).await;
    let ada = world.person("ada");
    opens_the_form(&ada).await;
    snapshot!(ada.sees_form(), @"
    Connect by a token
    For dc. Make an HTTP access token under your account in Bitbucket, with the right to write. Bitbucket may refuse to merge by such a token.
    HTTP access token: ____
    [Connect]
    ");
    world.finish().await;
}

#[tokio::test]
async fn a_token_that_is_wrong_is_answered_under_its_field() {
    let world = hidden(Edition::Cloud).await;
    let ada = world.person("ada");
    let hers = world.bitbucket.personal_token(Edition::Cloud, "grace");
    opens_the_form(&ada).await;
    for (email, token, field, why) in [
        ("ada@example.test", "not-a-token", "token", "Bitbucket does not take it"),
        ("ada@example.test", hers.as_str(), "token", "Bitbucket does not take it"),
        ("ada@example.test", "a b", "token", "That is no token"),
        ("ada@example.test", "a:b", "token", "That is no token"),
        ("ada", hers.as_str(), "email", "That is no e-mail address"),
        ("x@y:z", hers.as_str(), "email", "That is no e-mail address"),
    ] {
        let answer: serde_json::Value = serde_json::from_str(&sends(&ada, email, token).await).unwrap();
        assert_eq!(answer["response_action"], "errors", "{answer}");
        assert!(answer["errors"][field].as_str().unwrap_or_default().starts_with(why), "{answer}");
    }
    assert_eq!(ada.types("/bb whoami").await, NOT_CONNECTED);
    world.finish().await;
}

#[tokio::test]
async fn bitbucket_being_slow_is_said_and_nothing_is_kept() {
    let world = hidden(Edition::Cloud).await;
    let ada = world.person("ada");
    opens_the_form(&ada).await;
    world.bitbucket.faults(Edition::Cloud).next("/user", &Fault::Slow(Duration::from_millis(2_500)), 1);
    let token = world.bitbucket.personal_token(Edition::Cloud, "ada");
    let answer = sends(&ada, "ada@example.test", &token).await;
    assert!(answer.contains("it took too long. Nothing was kept; try again."), "{answer}");
    assert_eq!(ada.types("/bb whoami").await, NOT_CONNECTED);
    world.finish().await;
}

#[tokio::test]
async fn what_was_typed_in_secret_never_meets_the_queue() {
    let world = hidden(Edition::DataCenter).await;
    let ada = world.person("ada");
    opens_the_form(&ada).await;
    let token = world.bitbucket.personal_token(Edition::DataCenter, "ada");
    sends(&ada, "", &token).await;
    assert!(!world.step().await, "nothing was queued");
    let user = dipper::words::names::SlackUser {
        team: dipper::words::names::Team::new("T0DIPPER"),
        id: ada.slack.id.clone(),
    };
    let links = world.bot().store.links_of(&user).await.unwrap();
    assert!(!links[0].tokens.access_sealed.contains(&token) && links[0].is_own_token());
    world.finish().await;
}

#[tokio::test]
async fn who_prefers_a_token_is_offered_one_beside_the_link() {
    let world = World::on(Edition::Cloud).await;
    let ada = world.person("ada");
    let told = ada.types("/bb connect cloud").await;
    assert!(told.contains("Connect your account on") && told.ends_with("[Use a token for cloud]"), "{told}");
    let told = ada.types("/bb token").await;
    assert!(told.ends_with("[Use a token for cloud]"), "{told}");
    world.finish().await;
}

#[tokio::test]
async fn a_token_that_was_deleted_asks_to_connect_again() {
    let world = hidden(Edition::Cloud).await;
    let ada = world.person("ada");
    opens_the_form(&ada).await;
    sends(&ada, "ada@example.test", &world.bitbucket.personal_token(Edition::Cloud, "ada")).await;
    world.bitbucket.revoke("ada");
    let told = ada.types("/bb commits cloud:web/api").await;
    assert!(told.contains("First connect your account"), "{told}");
    world.finish().await;
}
