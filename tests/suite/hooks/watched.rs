//! Webhooks that grow with what is wanted of them, and are looked at every hour: what is wrong is told once.

use std::time::Duration;

use dipper::sandbox::bitbucket::{Edition, Opening};

use super::{admin, stands_and_asks};
use crate::world::{Person, World, on_both};

const HOUR: Duration = Duration::from_hours(1);

/// Data Center calls a fork otherwise; all else must read the same.
fn alike(told: &str) -> String {
    told.replace("repo:forked", "repo:fork").replace("repo:refs_changed", "repo:push")
}

/// Subscribes, and makes the webhook that is offered.
async fn subscribes_and_makes_it(ada: &Person<'_>, command: &str) {
    let world = ada.world;
    assert_eq!(ada.slack.types("#web", command).await.status, 200);
    world.settle().await;
    let told = ada.slack.told();
    let made = ada.clicks(&told[0], "Make the webhook").await;
    assert!(made.contains("tells Dipper from now on what happens there."), "{made}");
}

/// What the person reads an hour later.
async fn an_hour_later(ada: &Person<'_>) -> String {
    ada.world.advance(HOUR).await;
    ada.is_told()
}

/// What only they read an hour later, and what they read when they press its button.
async fn mends(ada: &Person<'_>, label: &str) -> (String, String) {
    ada.world.advance(HOUR).await;
    let told = ada.slack.told();
    let read = ada.world.read(&told);
    (read, ada.clicks(&told[0], label).await)
}

#[tokio::test]
async fn subscribing_offers_the_webhook_which_asks_for_just_what_is_wanted() {
    on_both(async |world| {
        let ada = admin(&world).await;
        assert_eq!(ada.slack.types("#web", "/bb subscribe web/api push").await.status, 200);
        world.settle().await;
        let told = ada.slack.told();
        snapshot!(world.read(&told), @"
        This channel is now told of web/api: push.
        Bitbucket does not tell Dipper of web/api yet; a webhook there would.
        [Stop] [Make the webhook]
        ");
        snapshot!(ada.clicks(&told[0], "Make the webhook").await, @"
        web/api tells Dipper from now on what happens there.
        [Test it]
        ");
        let asked = || alike(&world.repository("web/api").hooks_asked().join(" "));
        assert_eq!(asked(), "repo:push");
        snapshot!(ada.types("/bb subscribe web/api push tag-created").await, @"
        This channel is now told of web/api: push, tag-created.
        Before, it was: push.
        [Stop]
        ");
        snapshot!(alike(&ada.types("/bb subscribe web/api push forked").await), @"
        This channel is now told of web/api: push, forked.
        The webhook of web/api now asks for `repo:fork` too.
        Before, it was: push, tag-created.
        [Stop]
        ");
        assert_eq!(asked(), "repo:fork repo:push");
        let (_, asks) = stands_and_asks(&ada.types("/bb hook list").await);
        assert!(asks.starts_with("repo: fork"), "{asks}");
        ada.types("/bb subscribe web/api merged").await;
        assert!(asked().contains("approved"), "cards are kept true: {}", asked());
        assert_eq!(an_hour_later(&ada).await, "");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn a_webhook_of_all_covers_each_and_news_that_come_by_hand_need_none() {
    on_both(async |world| {
        let ada = admin(&world).await;
        subscribes_and_makes_it(&ada, "/bb subscribe web/* push").await;
        snapshot!(ada.types("/bb subscribe web/api push").await, @"
        This channel is now told of web/api: push.
        [Stop]
        ");
        world.finish().await;
    })
    .await;
    on_both(async |world| {
        let ada = world.person("ada").connected().await;
        let opening = Opening { title: "One", from: "limit-rate", to: "main", ..Opening::default() };
        world.bitbucket.open(&world.repository("web/api"), "grace", &opening).unwrap();
        world.settle().await;
        snapshot!(ada.types("/bb subscribe web/api merged").await, @"
        This channel is now told of web/api: merged.
        It would have matched 0 of the 1 delivery seen so far.
        [Stop]
        ");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn who_may_not_extend_it_offers_to_and_who_made_it_is_asked() {
    on_both(async |world| {
        let ada = admin(&world).await;
        subscribes_and_makes_it(&ada, "/bb subscribe web/api push").await;
        let grace = world.person("grace").connected().await;
        snapshot!(alike(&grace.types("/bb subscribe web/api forked").await), @"
        This channel is now told of web/api: forked.
        The webhook of web/api does not ask for `repo:fork` yet.
        Before, it was: push.
        [Stop] [Extend the webhook]
        ");
        let (asked, answered) = mends(&ada, "Extend it").await;
        snapshot!(alike(&asked), @"
        The webhook you made for web/api does not ask for all that channels want to hear of: repo:fork.
        [Extend it]
        ");
        snapshot!(alike(&answered), @"
        web/api tells Dipper more of what happens there: its webhook asks for `repo:fork` too.
        [Test it]
        ");
        assert_eq!(an_hour_later(&ada).await, "");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn one_that_was_deleted_is_missed_once_and_made_again() {
    on_both(async |world| {
        let ada = admin(&world).await;
        subscribes_and_makes_it(&ada, "/bb subscribe web/api push").await;
        assert_eq!(an_hour_later(&ada).await, "");
        world.repository("web/api").drop_hooks();
        world.advance(HOUR).await;
        let told = ada.slack.told();
        snapshot!(world.read(&told), @"
        What happens in web/api is told in Slack no more: the webhook you made there is gone from Bitbucket.
        [Make it again]
        ");
        assert_eq!(an_hour_later(&ada).await, "", "it is told once");
        snapshot!(ada.clicks(&told[0], "Make it again").await, @"
        web/api tells Dipper from now on what happens there.
        [Test it]
        ");
        assert_eq!(an_hour_later(&ada).await, "");
        world.repository("web/api").drop_hooks();
        assert!(an_hour_later(&ada).await.contains("is gone from Bitbucket"), "the next time is told again");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn one_that_was_switched_off_is_switched_on() {
    on_both(async |world| {
        let ada = admin(&world).await;
        subscribes_and_makes_it(&ada, "/bb subscribe web/api push").await;
        world.repository("web/api").switch_hooks_off();
        let (told, mended) = mends(&ada, "Switch it on").await;
        snapshot!(told, @"
        What happens in web/api is told in Slack no more: the webhook you made there was switched off on Bitbucket.
        [Switch it on]
        ");
        snapshot!(mended, @"
        web/api tells Dipper again what happens there: its webhook was mended.
        [Test it]
        ");
        assert_eq!(an_hour_later(&ada).await, "");
        world.finish().await;
    })
    .await;
}

/// Grace pushes, so many times, which Bitbucket tells or tries to.
async fn pushes(world: &World, times: usize) {
    for _ in 0..times {
        world.bitbucket.push(&world.repository("web/api"), "main", "grace", &["Change it"]).unwrap();
        world.settle().await;
    }
    let _heard = world.hears("#web");
}

#[tokio::test]
async fn one_by_which_nothing_comes_through_is_mended_with_a_new_secret() {
    let world = World::on(Edition::DataCenter).await;
    let ada = admin(&world).await;
    subscribes_and_makes_it(&ada, "/bb subscribe web/api push").await;
    pushes(&world, 1).await;
    world.bitbucket.cut_off(true);
    world.move_clocks(Duration::from_mins(1));
    pushes(&world, 2).await;
    assert_eq!(an_hour_later(&ada).await, "", "two are a mishap");
    pushes(&world, 1).await;
    let (told, mended) = mends(&ada, "Mend it").await;
    snapshot!(told, @"
    What happens in web/api is told in Slack no more: Bitbucket's last deliveries by the webhook you made there all failed (Connection refused).
    [Mend it]
    ");
    snapshot!(mended, @"
    web/api tells Dipper again what happens there: its webhook was mended.
    [Test it]
    ");
    world.bitbucket.cut_off(false);
    assert_eq!(an_hour_later(&ada).await, "");
    pushes(&world, 1).await;
    assert_eq!(an_hour_later(&ada).await, "");
    world.finish().await;
}

#[tokio::test]
async fn while_whoever_made_it_is_not_connected_nobody_may_look() {
    let world = World::on(Edition::Cloud).await;
    let ada = admin(&world).await;
    subscribes_and_makes_it(&ada, "/bb subscribe web/api push").await;
    ada.types("/bb disconnect").await;
    world.repository("web/api").drop_hooks();
    assert_eq!(an_hour_later(&ada).await, "", "nobody may look");
    world.finish().await;
}
