//! Deliveries come twice, late, and in the wrong order: the card ends true, and is said once.

use std::time::Duration;

use dipper::sandbox::bitbucket::{Delivery, Opening};

use super::{opened, said_in, subscribed};
use crate::chance::Chance;
use crate::world::{World, on_both};

/// Opened, approved by ada, merged by grace: what Bitbucket would send, this long after one another.
fn a_whole_life(world: &World, pause: Duration) -> Vec<Delivery> {
    let repo = world.repository("web/api");
    let number = opened(world);
    world.move_clocks(pause);
    world.bitbucket.approve(&repo, number, "ada").unwrap();
    world.move_clocks(pause);
    world.bitbucket.merge(&repo, number, "grace").unwrap();
    let all = world.bitbucket.take_deliveries();
    all.into_iter().filter(|delivery| delivery.key.starts_with('p')).collect()
}

async fn send(world: &World, delivery: &Delivery) {
    assert_eq!(world.bitbucket.send(delivery).await.status, 200);
}

/// One card, which says that it is merged, and each line once.
fn it_ends_merged(world: &World) {
    let all = world.hears("#web");
    let said = world.read(&said_in(world, "web"));
    assert_eq!(said.matches("opened web/api#1").count(), 1, "{said}");
    assert!(said.contains("merged by grace") && !said.contains("[Merge]"), "{said}");
    assert_eq!(said.matches("ada approved.").count(), 1, "{said}");
    assert_eq!(said.matches("grace merged this").count(), 1, "{said}");
    assert!(!all.is_empty());
}

#[tokio::test]
async fn what_comes_twice_is_said_once() {
    on_both(async |world| {
        subscribed(&world).await;
        for delivery in a_whole_life(&world, Duration::from_secs(1)) {
            send(&world, &delivery).await;
            send(&world, &delivery.attempt(2)).await;
            world.settle().await;
            send(&world, &delivery.attempt(3)).await;
            let mut renamed = delivery.clone();
            renamed.set_header("X-Request-UUID", "another");
            renamed.set_header("X-Request-Id", "another");
            send(&world, &renamed).await;
        }
        world.settle().await;
        it_ends_merged(&world);
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn what_comes_backwards_ends_true() {
    for pause in [Duration::from_secs(1), Duration::ZERO] {
        on_both(async |world| {
            subscribed(&world).await;
            for delivery in a_whole_life(&world, pause).iter().rev() {
                send(&world, delivery).await;
                world.settle().await;
            }
            it_ends_merged(&world);
            world.finish().await;
        })
        .await;
    }
}

#[tokio::test]
async fn what_comes_backwards_all_at_once_ends_true() {
    on_both(async |world| {
        subscribed(&world).await;
        for delivery in a_whole_life(&world, Duration::from_millis(3)).iter().rev() {
            send(&world, delivery).await;
        }
        world.settle().await;
        it_ends_merged(&world);
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn a_late_approval_does_not_open_what_is_merged() {
    on_both(async |world| {
        subscribed(&world).await;
        let all = a_whole_life(&world, Duration::from_secs(1));
        let late = all.iter().position(|delivery| !delivery.key.contains("merge")).unwrap() + 1;
        for (at, delivery) in all.iter().enumerate() {
            if at != late {
                send(&world, delivery).await;
                world.settle().await;
            }
        }
        world.advance(Duration::from_mins(10)).await;
        send(&world, &all[late]).await;
        world.settle().await;
        it_ends_merged(&world);
        world.finish().await;
    })
    .await;
}

/// What Bitbucket would send of a pull request that much happens to, a second after one another.
fn a_busy_life(world: &World, repo: &str, merged: bool) -> Vec<Delivery> {
    let (bitbucket, repo) = (&world.bitbucket, world.repository(repo));
    let beat = || world.move_clocks(Duration::from_secs(1));
    let branch = repo.branch("limit-rate").with_commit("Limit the rate", "grace");
    let _earlier = bitbucket.take_deliveries();
    let opening = Opening {
        title: "Limit the rate",
        from: "limit-rate",
        to: "main",
        reviewers: &["ada", "edsger"],
        ..Opening::default()
    };
    let number = bitbucket.open(&repo, "grace", &opening).unwrap();
    let pr = repo.pull_request(number);
    beat();
    pr.comment("ada", "Why ten?").unwrap();
    beat();
    bitbucket.approve(&repo, number, "edsger").unwrap();
    beat();
    pr.retitle("grace", "Limit every rate").unwrap();
    beat();
    bitbucket.request_changes(&repo, number, "ada").unwrap();
    beat();
    let _more = branch.with_commit("And the others", "grace");
    beat();
    bitbucket.unapprove(&repo, number, "edsger").unwrap();
    beat();
    pr.comment("grace", "Because of nine.").unwrap();
    beat();
    bitbucket.approve(&repo, number, "ada").unwrap();
    beat();
    if merged {
        bitbucket.merge(&repo, number, "grace").unwrap();
    }
    bitbucket.take_deliveries().into_iter().filter(|delivery| delivery.key.starts_with('p')).collect()
}

/// The card of a repository's only pull request, as it stands now.
fn card_in(world: &World, repo: &str) -> String {
    let cards = said_in(world, "web").into_iter().filter(|message| message.thread_ts.is_none());
    let cards: Vec<String> = cards.map(|card| world.read(&[card])).collect();
    let mut these = cards.iter().filter(|card| card.contains(&format!("{repo}#1 ")));
    let card = these.next().unwrap_or_else(|| panic!("no card of {repo}: {cards:#?}"));
    assert_eq!(these.next(), None);
    card.trim_start_matches("(edited) ").replace(repo, "it")
}

#[tokio::test]
async fn in_whatever_order_it_comes_the_card_ends_the_same() {
    on_both(async |world| {
        let ada = world.person("ada").connected().await;
        world.sets_aside("ada", &["grace", "edsger"]);
        for merged in [false, true] {
            let mut first = None;
            for seed in 0..8 {
                let repo = format!("web/order-{seed}-{merged}");
                let _repo = world.repository(&repo);
                let told = ada.types(&format!("/bb subscribe {repo} pr reviews comments")).await;
                assert!(told.contains("is now told of"), "{told}");
                let mut chance = Chance(seed);
                let mut all = a_busy_life(&world, &repo, merged);
                for at in 0..if seed == 0 { 0 } else { all.len() } {
                    let other = chance.below(all.len());
                    all.swap(at, other);
                }
                let order: Vec<String> = all.iter().map(|delivery| delivery.key.clone()).collect();
                for delivery in &all {
                    send(&world, delivery).await;
                    if chance.below(2) == 0 {
                        world.settle().await;
                    }
                }
                world.advance(Duration::from_mins(1)).await;
                let card = card_in(&world, &repo);
                let first = first.get_or_insert_with(|| card.clone());
                assert_eq!(card, *first, "as it came: {order:?}");
            }
        }
        let _all = (world.hears("#web"), ada.is_told());
        world.finish().await;
    })
    .await;
}
