//! People on both sides are matched: whom a review waits for is called, once, and only where they want it.

use dipper::sandbox::bitbucket::{Edition, Opening};

use crate::world::{Person, World, on_both};

/// Grace opens a pull request that somebody is to review; what the channel hears.
async fn asked_to_review(world: &World, reviewer: &'static str) -> String {
    world.sets_aside(reviewer, &["asks for your review."]);
    let repo = world.repository("web/api");
    let opening = Opening {
        title: "Limit the rate",
        from: "limit-rate",
        to: "main",
        reviewers: &[reviewer],
        ..Opening::default()
    };
    world.bitbucket.open(&repo, "grace", &opening).unwrap();
    world.settle().await;
    world.hears("#web")
}

async fn watching(world: &World) -> Person<'_> {
    let ada = world.person("ada").connected().await;
    ada.types("/bb subscribe web/api opened approved merged").await;
    ada
}

#[tokio::test]
async fn whom_a_review_waits_for_is_mentioned_until_they_have_acted() {
    on_both(async |world| {
        let ada = watching(&world).await;
        snapshot!(asked_to_review(&world, "ada").await, @"
        grace opened web/api#1 Limit the rate
        `limit-rate` → `main` · 0 of 1 approved
        1 file, +15 −0
        to review: @ada
        [Approve] [Needs work] [Comment] [Merge] [More… ▾]
        ");
        ada.types("/bb pr approve web/api#1").await;
        snapshot!(world.hears("#web"), @"
        (edited) grace opened web/api#1 Limit the rate
        `limit-rate` → `main` · 1 of 1 approved
        1 file, +15 −0
        approved: ada
        [Approve] [Needs work] [Comment] [Merge] [More… ▾]

        (in the thread) ada approved.
        ");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn who_does_not_want_it_is_named_until_they_do() {
    let world = World::on(Edition::Cloud).await;
    let ada = watching(&world).await;
    snapshot!(ada.types("/bb mentions off").await, @"
    Cards call you by your name and mention you nowhere.
    [Mention me]
    ");
    assert!(asked_to_review(&world, "ada").await.contains("to review: ada"));
    snapshot!(ada.types("/bb mentions").await, @"
    Cards call you by your name and mention you nowhere.
    [Mention me]
    ");
    snapshot!(ada.types("/bb mentions on").await, @"
    Cards mention you where a review waits for you.
    [Don't mention me]
    ");
    assert!(ada.types("/bb mentions perhaps").await.contains("say `on` or `off`"));
    world.finish().await;
}
