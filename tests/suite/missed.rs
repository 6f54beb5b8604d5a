//! What no webhook told: found by looking, told once, and never twice when it comes late after all.

use std::time::Duration;

use dipper::sandbox::bitbucket::{Delivery, Edition, Opening};
use dipper::schedule;
use dipper::words::work::Tidy;

use crate::replicas::another;
use crate::told::said;
use crate::world::{Person, World, on_both};

const SOON: Duration = Duration::from_mins(6);
const KEEP: Tidy = Tidy { keep_deliveries: 86_400_000, keep_jobs: 86_400_000, keep_audit: 86_400_000 };

/// Ada, connected, in a channel that hears of all about pull requests.
async fn hearing(world: &World) -> Person<'_> {
    let ada = world.person("ada").connected().await;
    let told = ada.types("/bb subscribe web/api pr reviews comments").await;
    assert!(told.contains("is now told of"), "{told}");
    world.advance(Duration::from_mins(1)).await;
    ada
}

/// Grace opens one; the number of it.
fn opens(world: &World) -> u64 {
    let repo = world.repository("web/api");
    world.bitbucket.open_pull_request(&repo, "grace", "Limit the rate", ("limit-rate", "main")).unwrap()
}

/// What Bitbucket sent and nobody got.
fn lost(world: &World) -> Vec<Delivery> {
    let lost = world.bitbucket.take_deliveries();
    assert!(!lost.is_empty(), "something was to be lost");
    lost
}

/// It was told by webhook, has been read, and was looked at.
async fn known(world: &World) {
    opens(world);
    world.settle().await;
    world.advance(SOON).await;
    assert!(said(world).starts_with("grace opened web/api#1 Limit the rate"));
}

/// What was lost comes after all.
async fn comes_late(world: &World, lost: &[Delivery]) {
    for delivery in lost {
        assert_eq!(world.bitbucket.send(delivery).await.status, 200);
        world.settle().await;
    }
    assert_eq!(said(world), "");
}

/// What was found, by whom is not told on Data Center: there the story holds no edits.
fn by_grace(said: &str) -> String {
    said.replace("someone", "grace")
}

fn lists(world: &World) -> usize {
    let list = |path: &str| path.ends_with("/pullrequests") || path.ends_with("/pull-requests");
    world.bitbucket.requests().iter().filter(|call| call.method == "GET" && list(&call.path)).count()
}

async fn figures(world: &World) -> String {
    reqwest::get(format!("{}/metrics", world.base())).await.unwrap().text().await.unwrap()
}

#[tokio::test]
async fn what_was_opened_unheard_is_told_once() {
    on_both(async |world| {
        let ada = hearing(&world).await;
        opens(&world);
        let lost = lost(&world);
        world.settle().await;
        assert_eq!(world.hears("#web"), "");
        world.advance(SOON).await;
        snapshot!(said(&world), @"
        grace opened web/api#1 Limit the rate
        `limit-rate` → `main` · no reviewers
        1 file, +15 −0
        [Approve] [Needs work] [Comment] [Merge] [More… ▾]
        ");
        let told = ada.types("/bb why web/api#1").await;
        assert!(told.contains("found by looking, no webhook brought it"), "{told}");
        let counted = format!("dipper_reconcile_found_total{{instance=\"{}\"}}", world.instance());
        let page = figures(&world).await;
        assert!(page.contains(&counted), "{page}");
        comes_late(&world, &lost).await;
        world.advance(Duration::from_mins(90)).await;
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn what_reviewers_said_unheard_is_told_in_its_thread() {
    on_both(async |world| {
        let _ada = hearing(&world).await;
        known(&world).await;
        let (repo, bitbucket) = (world.repository("web/api"), &world.bitbucket);
        bitbucket.approve(&repo, 1, "ada").unwrap();
        bitbucket.request_changes(&repo, 1, "edsger").unwrap();
        let first = lost(&world);
        world.advance(SOON).await;
        snapshot!(said(&world), @"
        (in the thread) ada approved.
        edsger asked for changes.
        ");
        bitbucket.unapprove(&repo, 1, "edsger").unwrap();
        let then = lost(&world);
        world.advance(SOON).await;
        snapshot!(said(&world), @"(in the thread) edsger no longer asks for changes.");
        comes_late(&world, &[first, then].concat()).await;
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn what_was_changed_and_said_unheard_is_told_in_its_thread() {
    on_both(async |world| {
        let _ada = hearing(&world).await;
        known(&world).await;
        let pr = world.repository("web/api").pull_request(1);
        pr.retitle("grace", "Limit every rate").unwrap();
        pr.comment_on("edsger", "Too many", ("src/rate.rs", 12)).unwrap();
        let lost = lost(&world);
        world.advance(SOON).await;
        snapshot!(by_grace(&said(&world)), @"
        (in the thread) grace calls it Limit every rate now.
        edsger commented on `src/rate.rs:12`: Too many
        ");
        comes_late(&world, &lost).await;
        pr.comment("edsger", "Still").unwrap();
        world.settle().await;
        snapshot!(said(&world), @"(in the thread) edsger commented: Still");
        world.advance(SOON).await;
        assert_eq!(said(&world), "");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn what_was_merged_or_declined_unheard_is_told_and_its_card_says_so() {
    on_both(async |world| {
        let _ada = hearing(&world).await;
        let repo = world.repository("web/api");
        let _other = repo.branch("other").with_commit("Another", "grace");
        known(&world).await;
        world.bitbucket.open_pull_request(&repo, "grace", "Another", ("other", "main")).unwrap();
        world.settle().await;
        let cards = world.messages("#web");
        world.bitbucket.decline(&repo, 2, "edsger").unwrap();
        world.bitbucket.approve(&repo, 1, "ada").unwrap();
        world.bitbucket.merge(&repo, 1, "ada").unwrap();
        let lost: Vec<Delivery> = lost(&world).into_iter().filter(|one| one.key.starts_with('p')).collect();
        world.advance(SOON).await;
        snapshot!(said(&world), @"
        (in the thread) ada approved.
        ada merged this into `main`.

        (in the thread) edsger declined this.
        ");
        let card = world.read(&[world.slack.current(&cards[0])]);
        assert!(card.contains("declined by edsger") && !card.contains("[Merge]"), "{card}");
        comes_late(&world, &lost).await;
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn what_was_lost_and_comes_backwards_is_said_once() {
    on_both(async |world| {
        let _ada = hearing(&world).await;
        known(&world).await;
        let (repo, bitbucket) = (world.repository("web/api"), &world.bitbucket);
        bitbucket.approve(&repo, 1, "ada").unwrap();
        world.move_clocks(Duration::from_secs(1));
        bitbucket.merge(&repo, 1, "grace").unwrap();
        let all: Vec<Delivery> = lost(&world).into_iter().filter(|one| one.key.starts_with('p')).collect();
        world.advance(SOON).await;
        snapshot!(said(&world), @"
        (in the thread) ada approved.
        grace merged this into `main`.
        ");
        let backwards: Vec<Delivery> = all.into_iter().rev().collect();
        comes_late(&world, &backwards).await;
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn what_happened_while_nobody_was_there_is_told_once_afterwards() {
    on_both(async |mut world| {
        let _ada = hearing(&world).await;
        known(&world).await;
        let repo = world.repository("web/api");
        let _other = repo.branch("other").with_commit("Another", "grace");
        world.bitbucket.approve(&repo, 1, "ada").unwrap();
        world.bitbucket.open_pull_request(&repo, "grace", "Another", ("other", "main")).unwrap();
        lost(&world);
        world.move_clocks(Duration::from_mins(20));
        world.restart().await;
        world.settle().await;
        snapshot!(said(&world), @"
        grace opened web/api#2 Another
        `other` → `main` · no reviewers
        1 file, +8 −0
        [Approve] [Needs work] [Comment] [Merge] [More… ▾]

        (in the thread) ada approved.
        ");
        world.restart().await;
        world.advance(Duration::from_mins(90)).await;
        assert_eq!(said(&world), "");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn what_was_open_before_anybody_asked_is_no_news() {
    on_both(async |world| {
        world.bitbucket.silent(true);
        opens(&world);
        world.bitbucket.silent(false);
        world.move_clocks(Duration::from_mins(10));
        let _ada = hearing(&world).await;
        world.advance(SOON).await;
        assert_eq!(world.hears("#web"), "");
        world.bitbucket.approve(&world.repository("web/api"), 1, "ada").unwrap();
        lost(&world);
        world.advance(SOON).await;
        let heard = world.hears("#web");
        assert!(heard.starts_with("grace opened web/api#1") && heard.ends_with("ada approved."), "{heard}");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn a_draft_and_a_filter_count_for_what_was_found_too() {
    on_both(async |world| {
        let ada = world.person("ada").connected().await;
        ada.types("/bb subscribe web/api opened ready --where author:grace").await;
        world.advance(Duration::from_mins(1)).await;
        let repo = world.repository("web/api");
        let opening =
            Opening { title: "Not yet", from: "limit-rate", to: "main", draft: true, ..Opening::default() };
        world.bitbucket.open(&repo, "grace", &opening).unwrap();
        let _other = repo.branch("other").with_commit("Another", "edsger");
        world.bitbucket.open_pull_request(&repo, "edsger", "Another", ("other", "main")).unwrap();
        lost(&world);
        world.advance(SOON).await;
        assert_eq!(world.hears("#web"), "");
        repo.pull_request(1).draft("grace", false).unwrap();
        lost(&world);
        world.advance(SOON).await;
        let heard = by_grace(&world.hears("#web"));
        assert!(heard.starts_with("grace opened web/api#1 Not yet"), "{heard}");
        assert!(heard.ends_with("(in the thread) grace says it is ready for review."), "{heard}");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn a_repository_that_is_new_under_a_form_is_looked_at() {
    on_both(async |world| {
        let ada = world.person("ada").connected().await;
        ada.types("/bb subscribe web/* opened").await;
        world.advance(Duration::from_mins(1)).await;
        let repo = world.repository("web/site");
        let _branch = repo.branch("change").with_commit("Change it", "grace");
        world.bitbucket.open_pull_request(&repo, "grace", "Change it", ("change", "main")).unwrap();
        lost(&world);
        world.advance(SOON).await;
        assert!(world.hears("#web").starts_with("grace opened web/site#1 Change it"));
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn cloud_drops_what_is_too_large_and_it_is_told_all_the_same() {
    let world = World::on(Edition::Cloud).await;
    let _ada = hearing(&world).await;
    let repo = world.repository("web/api");
    let long = "All of it, at length. ".repeat(15_000);
    let opening = Opening {
        title: "Limit the rate",
        description: &long,
        from: "limit-rate",
        to: "main",
        ..Opening::default()
    };
    world.bitbucket.open(&repo, "grace", &opening).unwrap();
    assert_eq!(world.bitbucket.take_deliveries(), [], "it is too large to be sent");
    world.advance(SOON).await;
    assert!(world.hears("#web").starts_with("grace opened web/api#1 Limit the rate"));
    world.finish().await;
}

#[tokio::test]
async fn data_center_is_looked_at_every_few_minutes_and_cloud_every_hour() {
    on_both(async |world| {
        let _ada = hearing(&world).await;
        for _ in 0..70 {
            world.advance(Duration::from_mins(1)).await;
        }
        let (least, most) = if world.edition == Edition::Cloud { (1, 2) } else { (12, 15) };
        let asked = lists(&world);
        assert!((least..=most).contains(&asked), "{asked} looks at {:?}", world.edition);
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn many_repositories_are_looked_at_in_their_turn_and_people_keep_their_share() {
    let world = World::on(Edition::Cloud).await;
    for at in 0..70 {
        world.repository(&format!("many/r{at}"));
    }
    let ada = world.person("ada").connected().await;
    ada.types("/bb subscribe many/* opened").await;
    world.advance(Duration::from_mins(5)).await;
    assert_eq!(lists(&world), 60);
    world.advance(Duration::from_mins(5)).await;
    let asked = world.bitbucket.requests();
    let paths: std::collections::BTreeSet<&str> = asked
        .iter()
        .filter(|call| call.path.ends_with("/pullrequests"))
        .map(|call| call.path.as_str())
        .collect();
    assert_eq!(paths.len(), 70, "each had its turn");
    let page = figures(&world).await;
    assert!(page.contains("dipper_reconcile_asked_total{instance=\"cloud\"}"), "{page}");
    world.finish().await;
}

#[tokio::test]
async fn two_replicas_look_once_and_tell_once() {
    on_both(async |world| {
        let _ada = hearing(&world).await;
        opens(&world);
        lost(&world);
        let other = another(&world).await;
        world.move_clocks(SOON);
        let ticked = tokio::join!(schedule::tick(world.bot(), KEEP), schedule::tick(&other, KEEP));
        assert!(ticked.0.is_ok() && ticked.1.is_ok());
        world.settle().await;
        assert_eq!(lists(&world), 1);
        assert_eq!(world.hears("#web").matches("grace opened web/api#1").count(), 1);
        other.store.close().await;
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn nobody_can_send_what_only_looking_finds() {
    let world = World::on(Edition::Cloud).await;
    let _ada = hearing(&world).await;
    opens(&world);
    let mut forged = lost(&world).remove(0);
    forged.set_header("X-Event-Key", dipper::store::FOUND);
    assert_eq!(world.bitbucket.send(&forged).await.status, 400);
    world.settle().await;
    world.finish().await;
}
