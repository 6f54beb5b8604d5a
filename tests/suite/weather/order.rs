//! Deliveries come twice, late, and in the wrong order: the card ends true, and is said once.

use std::time::Duration;

use dipper::sandbox::bitbucket::Delivery;

use super::{opened, said_in, subscribed};
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
