//! Webhooks made from Slack: each has a door and a secret of its own, and is believed for its own place only.

use dipper::sandbox::bitbucket::{Edition, Opening, Permission};
use dipper::store::Hook;
use dipper::words::names::Team;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::world::{Person, WEBHOOK_SECRET, World, on_both};

mod watched;

/// Ada, who administers the repository, and may say so to Bitbucket.
async fn admin(world: &World) -> Person<'_> {
    let _repo = world.repository("web/api").allow("ada", Permission::Admin);
    let ada = world.person("ada").connected().await;
    may_administer(&ada).await;
    ada
}

/// On Data Center a connection is allowed to administer only once it is needed, and asked for.
async fn may_administer(person: &Person<'_>) {
    let world = person.world;
    if world.edition == Edition::DataCenter {
        assert_eq!(person.slack.types("#web", "/bb hook test web/api").await.status, 200);
        world.settle().await;
        let told = person.slack.told();
        assert!(world.read(&told).contains("It lacks `REPO_ADMIN`"), "{}", world.read(&told));
        person.presses(&told[0], "Allow more on dc").await;
        world.settle().await;
        person.follows_the_link().await;
        let _tested = person.is_told();
    }
}

/// A list of one webhook: how it stands, and what it asks for, which the editions call otherwise.
fn stands_and_asks(list: &str) -> (String, String) {
    let (stands, asks) = list.split_once(" · asks for ").unwrap();
    (stands.to_owned(), asks.to_owned())
}

fn opens(world: &World, title: &str) {
    let opening = Opening { title, from: "limit-rate", to: "main", ..Opening::default() };
    world.bitbucket.open(&world.repository("web/api"), "grace", &opening).unwrap();
}

#[tokio::test]
async fn a_webhook_is_made_tested_and_taken_away() {
    on_both(async |world| {
        let ada = admin(&world).await;
        snapshot!(ada.types("/bb hook list").await, @"No webhook was made from here yet; `/bb hook add web/api` makes one.");
        snapshot!(ada.types("/bb hook add web/api").await, @"
        web/api tells Dipper from now on what happens there.
        [Test it]
        ");
        snapshot!(ada.types("/bb hook add web/api").await, @"
        web/api tells Dipper already what happens there.
        [Test it]
        ");
        let (list, asks) = stands_and_asks(&ada.types("/bb hook list").await);
        snapshot!(list, @"
        Bitbucket tells Dipper what happens in:
        web/api (bitbucket) · it stands · made by @ada
        ");
        let usual = match world.edition {
            Edition::Cloud => {
                "pullrequest: approved, changes_request_created, changes_request_removed, comment_created, \
                 comment_deleted, created, fulfilled, push, rejected, unapproved, updated; \
                 repo: commit_status_created, commit_status_updated, push [Remove…]"
            }
            Edition::DataCenter => {
                "pr: comment:added, comment:deleted, comment:edited, declined, deleted, from_ref_updated, merged, \
                 modified, opened, reviewer:approved, reviewer:needs_work, reviewer:unapproved, reviewer:updated; \
                 repo: refs_changed [Remove…]"
            }
        };
        assert_eq!(asks, usual);
        assert_eq!(ada.slack.types("#web", "/bb hook remove web/api").await.status, 200);
        world.settle().await;
        let asked = ada.slack.told();
        snapshot!(world.read(&asked), @"
        Nothing that happens in web/api will be told any more, in any channel.
        [Remove the webhook]
        ");
        snapshot!(ada.clicks(&asked[0], "Remove the webhook").await, @"
        (edited) The webhook of web/api is gone.
        [Make it again]
        ");
        snapshot!(ada.types("/bb hook list").await, @"No webhook was made from here yet; `/bb hook add web/api` makes one.");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn what_comes_by_it_is_told() {
    on_both(async |world| {
        let ada = admin(&world).await;
        ada.types("/bb subscribe web/api opened").await;
        ada.types("/bb hook add web/api").await;
        opens(&world, "Limit the rate");
        for delivery in world.bitbucket.take_deliveries().iter().filter(|one| one.url.is_some()) {
            assert_eq!(world.bitbucket.send(delivery).await.status, 200);
        }
        world.settle().await;
        assert!(world.hears("#web").contains("grace opened web/api#1 Limit the rate"));
        let kept = world.bot().store.deliveries(None, 10).await.unwrap();
        assert!(kept.iter().any(|one| one.hook.is_some()), "one came by the door of its own: {kept:?}");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn a_test_says_how_it_went() {
    let world = World::on(Edition::DataCenter).await;
    let ada = admin(&world).await;
    snapshot!(ada.types("/bb hook test web/api").await, @"
    web/api has no webhook that was made from here.
    [Make it]
    ");
    ada.types("/bb hook add web/api").await;
    snapshot!(ada.types("/bb hook test web/api").await, @"web/api: Bitbucket sent a ping to it and was answered 200.");
    world.finish().await;
    let world = World::on(Edition::Cloud).await;
    let ada = admin(&world).await;
    ada.types("/bb hook add web/api").await;
    snapshot!(ada.types("/bb hook test web/api").await, @"Bitbucket Cloud sends no test; change something small there, and read “View requests” in the webhook's settings.");
    world.finish().await;
}

#[tokio::test]
async fn who_does_not_administer_it_is_told_so() {
    on_both(async |world| {
        let grace = world.person("grace").connected().await;
        may_administer(&grace).await;
        for command in ["/bb hook add web/api", "/bb hook remove web/api", "/bb hook test web/api"] {
            let told = grace.types(command).await;
            assert!(told.starts_with("Bitbucket does not allow it: You "), "{command}: {told}");
        }
        world.finish().await;
    })
    .await;
}

/// Sends a body to a door, signed with this secret, and says how it was answered.
#[expect(clippy::disallowed_methods, reason = "whoever knocks is no part of the bot")]
async fn knocks(world: &World, door: &str, secret: &str, body: &str) -> u16 {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(body.as_bytes());
    let signature = format!("sha256={}", hex::encode(mac.finalize().into_bytes()));
    let post = reqwest::Client::new().post(format!("{}/bitbucket/{door}", world.base()));
    let post = post.header("content-type", "application/json").header("x-event-key", "pullrequest:created");
    post.header("x-hub-signature", signature).body(body.to_owned()).send().await.unwrap().status().as_u16()
}

#[tokio::test]
async fn its_door_opens_by_its_own_secret_and_for_its_own_place() {
    let world = World::on(Edition::Cloud).await;
    let ada = admin(&world).await;
    ada.types("/bb subscribe web/api opened").await;
    ada.types("/bb hook add web/api").await;
    let team = Team::new("T0DIPPER");
    let hook = world.bot().store.hooks_of(&team).await.unwrap().remove(0);
    let secret = world.bot().seal.open(&Hook::place_of(&hook.id), &hook.secret_sealed).unwrap();
    let secret = secret.reveal();
    let door = format!("cloud/webhook/{}", hook.id);
    assert_eq!(knocks(&world, &door, "another", "{}").await, 401);
    assert_eq!(knocks(&world, &door, WEBHOOK_SECRET, "{}").await, 401);
    assert_eq!(knocks(&world, "cloud/webhook", secret, "{}").await, 401);
    assert_eq!(knocks(&world, &format!("dc/webhook/{}", hook.id), secret, "{}").await, 404);
    assert_eq!(knocks(&world, "cloud/webhook/0123", secret, "{}").await, 404);
    assert_eq!(knocks(&world, "cloud/webhook/..%2f..", secret, "{}").await, 404);
    let repo = world.repository("web/other");
    let _branch = repo.branch("change").with_commit("Change it", "grace");
    world.bitbucket.open_pull_request(&repo, "grace", "Forged", ("change", "main")).unwrap();
    let forged = world.bitbucket.take_deliveries().remove(0).body;
    assert_eq!(knocks(&world, &door, secret, std::str::from_utf8(&forged).unwrap()).await, 200);
    world.settle().await;
    let last = world.bot().store.deliveries(None, 1).await.unwrap().remove(0);
    assert_eq!(last.outcome.as_deref(), Some("dropped: its webhook was made for another place"));
    world.finish().await;
}

#[tokio::test]
async fn all_of_an_owner_can_have_one() {
    on_both(async |world| {
        let ada = admin(&world).await;
        snapshot!(ada.types("/bb hook add web/*").await, @"
        web/* tells Dipper from now on what happens there.
        [Test it]
        ");
        world.finish().await;
    })
    .await;
}
