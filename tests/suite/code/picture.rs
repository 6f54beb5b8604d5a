//! A pull request with everything one asks before acting on it: shown, and its checks.

use dipper::sandbox::bitbucket::{BuildState, Opening};

use super::{Door, asks, in_trouble, presses, pull_requests, review, text};
use crate::world::{World, on_both};

/// One with reviewers, checks, tasks and comments.
fn busy(world: &World) {
    let repo = world.repository("web/api").requires_approvals(1);
    let _ = repo.branch("limit-rate").with_file("src/limit.rs", text(["a", "b"].map(str::to_owned)), "grace");
    let description = format!("Stops *<!channel>* storms.\n\n{}", "More words. ".repeat(80));
    let opening = Opening {
        title: "Limit the rate",
        description: &description,
        from: "limit-rate",
        to: "main",
        reviewers: &["ada", "edsger"],
        ..Opening::default()
    };
    let number = world.bitbucket.open(&repo, "grace", &opening).unwrap();
    world.bitbucket.add_build(&repo, "limit-rate", "unit", BuildState::Successful).unwrap();
    world.bitbucket.add_build(&repo, "limit-rate", "lint", BuildState::Failed).unwrap();
    repo.pull_request(number).task("ada", "Write a test").unwrap();
}

/// What the two editions word in their own ways, or count otherwise, as one of them has it.
fn same(shown: &str) -> String {
    shown
        .replace("In the way: You need 1 more approval before this pull request can be merged.\n", "")
        .replace("This pull request has 1 unresolved tasks.", "One task is open.")
        .replace("In the way: Failed: Build lint.\n", "")
        .replace(" 1 comment opened", " opened")
        .replace("declined by grace", "declined")
}

#[tokio::test]
async fn the_whole_picture_is_shown() {
    on_both(async |world| {
        busy(&world);
        let ada = world.person("ada").connected().await;
        snapshot!(same(&ada.types("/bb pr show web/api#1").await), @"
        grace opened web/api#1 Limit the rate
        `limit-rate` → `main` · 0 of 2 approved
        Stops *<!channel>* storms.

        More words. More words. More words. More words. More words. More words. More words. More words. More words. More words. More words. More words. More words. More words. More words. More words. More words. More words. More words. More words. More words. More words. More words. More words. More words. More words. More words. More words. More words. More words. More words. More words. More words. More words. More words. More words. More words. More words. More words. More words. More words. More words. More words. More words. More words. More words. More words. More words. More words. More words. More words. More words. More words. More words. More words. More words.… read the rest
        In the way: One task is open.
        To do: Write a test (ada)
        to review: ada, edsger 1 of 2 checks passed; failed: Build lint 1 of 1 task open 2 files, +17 −0 opened 2026-11-21 08:00 UTC
        [Approve] [Needs work] [Comment] [Merge] [Diff] [Checks] [More… ▾]
        ");
        let edsger = world.person("edsger").connected().await;
        let queue = asks(&edsger, "/bb pr queue").await;
        edsger.clicks(&queue, "Approve").await;
        world.bitbucket.decline(&world.repository("web/api"), 1, "grace").unwrap();
        snapshot!(same(&ada.types("/bb pr show web/api#1").await), @"
        grace opened web/api#1 Limit the rate
        `limit-rate` → `main` · declined
        Stops *<!channel>* storms.

        More words. More words. More words. More words. More words. More words. More words. More words. More words. More words. More words. More words. More words. More words. More words. More words. More words. More words. More words. More words. More words. More words. More words. More words. More words. More words. More words. More words. More words. More words. More words. More words. More words. More words. More words. More words. More words. More words. More words. More words. More words. More words. More words. More words. More words. More words. More words. More words. More words. More words. More words. More words. More words. More words. More words. More words.… read the rest
        approved: edsger to review: ada 1 of 2 checks passed; failed: Build lint 1 of 1 task open 2 files, +17 −0 opened 2026-11-21 08:00 UTC
        [Diff] [Checks]
        ");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn a_form_asks_for_the_pull_request() {
    on_both(async |world| {
        review(&world, "Limit the rate", "limit-rate");
        let ada = world.person("ada").connected().await;
        assert_eq!(ada.types("/bb pr show").await, "");
        snapshot!(ada.sees_form(), @"
        Show a pull request
        Pull request: ____
        (Like web/api#42, or its address)
        [Show]
        ");
        ada.slack.fills("Pull request", "web/api#1").await;
        ada.slack.submits().await;
        world.settle().await;
        snapshot!(ada.sees_form(), @"
        Show a pull request
        grace opened web/api#1 Limit the rate
        `limit-rate` → `main` · 0 of 1 approved
        to review: ada 1 file, +15 −0 opened 2026-11-21 08:00 UTC
        [Approve] [Needs work] [Comment] [Merge] [Diff] [More… ▾]
        ");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn checks_are_listed_with_how_they_went() {
    on_both(async |world| {
        busy(&world);
        let ada = world.person("ada").connected().await;
        let shown = asks(&ada, "/bb pr show web/api#1").await;
        let checks = presses(&ada, &shown, "Checks").await;
        snapshot!(world.read(&[checks]), @"
        web/api#1 Limit the rate: 1 of 2 checks passed
        Build unit · passed · 2026-11-21 08:00 UTC
        Build lint · failed · 2026-11-21 08:00 UTC
        [Show]
        ");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn checks_without_any() {
    on_both(async |world| {
        review(&world, "Limit the rate", "limit-rate");
        let ada = world.person("ada").connected().await;
        snapshot!(ada.types("/bb pr checks web/api#1").await, @"
        web/api#1 Limit the rate: nothing was built of it yet.
        [Show]
        ");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn showing_in_trouble_says_which() {
    on_both(async |world| {
        review(&world, "Limit the rate", "limit-rate");
        let ada = world.person("ada").connected().await;
        snapshot!(ada.types("/bb pr show web/api#7").await, @"Bitbucket has nothing of that name that you may see.");
        let list = asks(&ada, "/bb pr list web/api --author grace --state all").await;
        let _row = world.read(std::slice::from_ref(&list));
        let checks = asks(&ada, "/bb pr checks web/api#1").await;
        let doors = [Door::Typed("/bb pr show web/api#1"), Door::Pressed(&checks, "Show")];
        let path = format!("{}/1", pull_requests(&world));
        snapshot!(in_trouble(&ada, &doors, &path).await, @"
        refused: This is being moved.
        refused: This is being moved.
        down: Bitbucket is in trouble or cannot be reached: it answered 503 when asked to show the pull request.
        I tried a few times. Ask again in a moment.
        down: Bitbucket is in trouble or cannot be reached: it answered 503 when asked to show the pull request.
        I tried a few times. Ask again in a moment.
        no permission: Bitbucket has nothing of that name that you may see.
        no permission: Bitbucket has nothing of that name that you may see.
        not connected: First connect your account on bitbucket, so that I can do this as you.
        I'll carry on with what you asked as soon as you have.
        [Connect bitbucket]
        not connected: First connect your account on bitbucket, so that I can do this as you.
        I'll carry on with what you asked as soon as you have.
        [Connect bitbucket]
        ");
        world.finish().await;
    })
    .await;
}
