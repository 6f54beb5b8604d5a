//! A merge and the push it makes are one thing, told once, in whatever order Bitbucket tells of them.

use super::said;
use crate::world::{World, on_both};

/// A pull request whose card is out, and ada, who had the usual topics told.
async fn ready_to_merge(world: &World, topics: &str) {
    let ada = world.person("ada").connected().await;
    ada.types(&format!("/bb subscribe web/api {topics}")).await;
    let repo = world.repository("web/api");
    world.bitbucket.open_pull_request(&repo, "grace", "Limit the rate", ("limit-rate", "main")).unwrap();
    world.settle().await;
    let _card = world.messages("#web");
}

#[tokio::test]
async fn the_push_of_a_merge_is_the_merge_in_either_order() {
    on_both(async |world| {
        for backwards in [false, true] {
            let world = World::on(world.edition).await;
            ready_to_merge(&world, "").await;
            world.bitbucket.merge(&world.repository("web/api"), 1, "grace").unwrap();
            let mut deliveries = world.bitbucket.take_deliveries();
            if backwards {
                deliveries.reverse();
            }
            for delivery in deliveries {
                assert_eq!(world.bitbucket.send(&delivery).await.status, 200);
                while world.step().await {}
            }
            world.settle().await;
            snapshot!(said(&world), @"(in the thread) grace merged this into `main`.");
            world.finish().await;
        }
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn who_hears_of_pushes_alone_hears_of_this_one() {
    on_both(async |world| {
        let ada = world.person("ada").connected().await;
        ada.types("/bb subscribe web/api push").await;
        let repo = world.repository("web/api");
        world.bitbucket.open_pull_request(&repo, "grace", "Limit the rate", ("limit-rate", "main")).unwrap();
        world.bitbucket.merge(&repo, 1, "grace").unwrap();
        world.settle().await;
        snapshot!(said(&world), @"
        grace pushed 2 commits to `main` of web/api.
        0123abc Merged in limit-rate (pull request #1)
        0123abc Limit the rate
        ");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn a_push_that_is_no_merge_is_told_after_a_moment() {
    on_both(async |world| {
        ready_to_merge(&world, "").await;
        world.bitbucket.push(&world.repository("web/api"), "main", "grace", &["Elsewhere"]).unwrap();
        world.settle().await;
        snapshot!(said(&world), @"
        grace pushed 1 commit to `main` of web/api.
        0123abc Elsewhere
        ");
        world.finish().await;
    })
    .await;
}
