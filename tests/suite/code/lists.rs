//! Lists of pull requests: of a repository, one's own, and what waits for one's review.

use dipper::sandbox::bitbucket::{Edition, Permission};

use super::{Door, asks, in_trouble, presses, pull_requests, review};
use crate::world::{World, on_both};

/// Twelve that wait for Ada, the oldest first.
fn twelve(world: &World) {
    for number in 1..=12 {
        let from = format!("branch-{number}");
        let _ = world.repository("web/api").branch(&from).with_commit("Step", "grace");
        review(world, &format!("Change {number}"), &from);
        world.move_clocks(std::time::Duration::from_mins(1));
    }
}

#[tokio::test]
async fn those_of_a_repository_are_listed_by_how_they_stand() {
    on_both(async |world| {
        let repo = world.repository("web/api");
        review(&world, "Limit the rate", "limit-rate");
        let _ = repo.branch("fix").with_commit("Fix", "ada");
        world.bitbucket.open_pull_request(&repo, "ada", "Fix <!here>", ("fix", "main")).unwrap();
        world.bitbucket.approve(&repo, 2, "grace").unwrap();
        let _ = repo.branch("old").with_commit("Old", "grace");
        world.bitbucket.open_pull_request(&repo, "grace", "Old", ("old", "main")).unwrap();
        world.bitbucket.decline(&repo, 3, "grace").unwrap();
        let ada = world.person("ada").connected().await;
        snapshot!(ada.types("/bb pr list web/api").await, @"
        Open pull requests in web/api
        web/api#2 Fix <!here> by ada · `fix` → `main` · 1 approval [Merge]
        web/api#1 Limit the rate by grace · `limit-rate` → `main` · 0 of 1 approved [Approve]
        ");
        // Who declined it is told on one of the editions only.
        let declined = ada.types("/bb pr list web/api --state declined").await;
        snapshot!(declined.replace(" by grace [", " ["), @"
        Declined pull requests in web/api
        web/api#3 Old by grace · `old` → `main` · declined [Show]
        ");
        snapshot!(ada.types("/bb pr list web/api --author me --into main").await, @"
        Open pull requests in web/api by @ada into `main`
        web/api#2 Fix <!here> by ada · `fix` → `main` · 1 approval [Merge]
        ");
        snapshot!(ada.types("/bb pr list web/api --reviewer @ada").await, @"
        Open pull requests in web/api for review by @ada
        web/api#1 Limit the rate by grace · `limit-rate` → `main` · 0 of 1 approved [Approve]
        ");
        snapshot!(ada.types("/bb pr list web/api --author nobody").await, @"Nobody around web is called `nobody`. Mention them, or write their Bitbucket name.");
        snapshot!(ada.types("/bb pr list web/api --state closed").await, @"
        `closed` is none of `open`, `merged`, `declined`, `all`.
        Usage: `/bb pr list [repo] [--state state] [--author who] [--reviewer who] [--into branch] [--limit n] [--share]`
        For example: `/bb pr list web/api --author me`
        ");
        snapshot!(ada.types("/bb pr list web/api --state merged").await, @"No merged pull requests in web/api");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn pages_are_turned_in_place_and_after_a_restart() {
    on_both(async |mut world| {
        twelve(&world);
        let first = {
            let ada = world.person("ada").connected().await;
            asks(&ada, "/bb pr list web/api --limit 11").await
        };
        assert!(world.read(std::slice::from_ref(&first)).contains("web/api#3 Change 3"));
        world.restart().await;
        let ada = world.person("ada");
        let second = presses(&ada, &first, "Next").await;
        snapshot!(world.read(std::slice::from_ref(&second)), @"
        (edited) Open pull requests in web/api, page 2
        web/api#2 Change 2 by grace · `branch-2` → `main` · 0 of 1 approved [Approve]
        [Previous]
        ");
        let back = presses(&ada, &second, "Previous").await;
        assert!(world.read(&[back]).starts_with("(edited) Open pull requests in web/api\n"));
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn the_form_asks_which_repository() {
    on_both(async |world| {
        review(&world, "Limit the rate", "limit-rate");
        let ada = world.person("ada").connected().await;
        let which = asks(&ada, "/bb pr list --author grace").await;
        snapshot!(world.read(std::slice::from_ref(&which)), @"
        Which repository? Name it, like `web/api`, or give this channel its own: `/bb use web/api`.
        [Choose a repository]
        ");
        ada.presses(&which, "Choose a repository").await;
        world.settle().await;
        snapshot!(ada.sees_form(), @"
        List pull requests
        Repository: ____
        Which: open
        Author (optional): grace
        (A name on Bitbucket, or me)
        Reviewer (optional): ____
        (A name on Bitbucket, or me)
        Into (optional): ____
        [List]
        ");
        ada.slack.picks("Repository", "ap", &world.called("web/api")).await;
        ada.slack.submits().await;
        world.settle().await;
        snapshot!(ada.sees_form(), @"
        List pull requests
        Open pull requests in web/api by grace
        web/api#1 Limit the rate by grace · `limit-rate` → `main` · 0 of 1 approved [Approve]
        ");
        // The question is over: what came of it stands in its place.
        snapshot!(ada.is_told(), @"
        (edited) Open pull requests in web/api by grace
        web/api#1 Limit the rate by grace · `limit-rate` → `main` · 0 of 1 approved [Approve]
        ");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn ones_own_are_listed_wherever_they_are() {
    on_both(async |world| {
        let ada = world.person("ada").connected().await;
        world.sets_aside(
            "ada",
            &["approved your pull request.", "ready to merge", "stands in the way of merging"],
        );
        snapshot!(ada.types("/bb pr mine").await, @"You have no open pull requests.");
        let repo = world.repository("web/api");
        world.bitbucket.open_pull_request(&repo, "ada", "Limit the rate", ("limit-rate", "main")).unwrap();
        world.bitbucket.approve(&repo, 1, "grace").unwrap();
        let other = world.bitbucket.add_repository(world.edition, "web/shop").allow("ada", Permission::Write);
        let _ = other.branch("fix").with_commit("Fix", "ada");
        world.move_clocks(std::time::Duration::from_mins(1));
        world.bitbucket.open_pull_request(&other, "ada", "Fix the shop", ("fix", "main")).unwrap();
        snapshot!(ada.types("/bb pr mine").await, @"
        Your open pull requests
        web/shop#1 Fix the shop by ada · `fix` → `main` · no reviewers [Show]
        web/api#1 Limit the rate by ada · `limit-rate` → `main` · 1 approval [Merge]
        ");
        let _ = world.repository("web/api").forbid("ada");
        snapshot!(ada.types("/bb pr mine").await, @"
        Your open pull requests
        web/shop#1 Fix the shop by ada · `fix` → `main` · no reviewers [Show]
        ");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn the_queue_is_what_waits_for_ones_review() {
    on_both(async |world| {
        let ada = world.person("ada").connected().await;
        snapshot!(ada.types("/bb pr queue").await, @"Nothing waits for your review.");
        ada.types("/bb subscribe web/api merged").await;
        twelve(&world);
        let repo = world.repository("web/api");
        repo.pull_request(2).draft("grace", true).unwrap();
        world.bitbucket.request_changes(&repo, 3, "edsger").unwrap();
        world.bitbucket.approve(&repo, 4, "ada").unwrap();
        world.settle().await;
        let queue = asks(&ada, "/bb pr queue").await;
        snapshot!(world.read(std::slice::from_ref(&queue)), @"
        Waiting for your review, the oldest first
        web/api#1 Change 1 by grace · `branch-1` → `main` · 0 of 1 approved [Approve]
        web/api#2 Change 2 by grace · `branch-2` → `main` · draft · 0 of 1 approved [Show]
        web/api#3 Change 3 by grace · `branch-3` → `main` · 0 of 1 approved [Show]
        web/api#5 Change 5 by grace · `branch-5` → `main` · 0 of 1 approved [Approve]
        web/api#6 Change 6 by grace · `branch-6` → `main` · 0 of 1 approved [Approve]
        web/api#7 Change 7 by grace · `branch-7` → `main` · 0 of 1 approved [Approve]
        web/api#8 Change 8 by grace · `branch-8` → `main` · 0 of 1 approved [Approve]
        web/api#9 Change 9 by grace · `branch-9` → `main` · 0 of 1 approved [Approve]
        web/api#10 Change 10 by grace · `branch-10` → `main` · 0 of 1 approved [Approve]
        web/api#11 Change 11 by grace · `branch-11` → `main` · 0 of 1 approved [Approve]
        [Next]
        ");
        let second = presses(&ada, &queue, "Next").await;
        snapshot!(world.read(&[second]), @"
        (edited) Waiting for your review, the oldest first, page 2
        web/api#12 Change 12 by grace · `branch-12` → `main` · 0 of 1 approved [Approve]
        [Previous]
        ");
        let _cards = world.hears("#web");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn the_queue_never_speaks_of_what_one_may_not_read() {
    on_both(async |world| {
        let grace = world.person("grace").connected().await;
        grace.types("/bb subscribe web/api merged").await;
        review(&world, "Limit the rate", "limit-rate");
        let _ = world.repository("web/api").forbid("ada");
        let ada = world.person("ada").connected().await;
        snapshot!(ada.types("/bb pr queue").await, @"Nothing waits for your review.");
        let _cards = world.hears("#web");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn the_queue_in_trouble_says_which() {
    on_both(async |world| {
        twelve(&world);
        let ada = world.person("ada").connected().await;
        let queue = asks(&ada, "/bb pr queue").await;
        let path = match world.edition {
            Edition::Cloud => format!("{}?", pull_requests(&world)),
            Edition::DataCenter => "/dashboard/pull-requests".to_owned(),
        };
        let doors = [Door::Typed("/bb pr queue"), Door::Pressed(&queue, "Next")];
        snapshot!(in_trouble(&ada, &doors, &path).await, @"
        refused: This is being moved.
        refused: This is being moved.
        down: Bitbucket is in trouble or cannot be reached: it answered 503 when asked to list what waits for you.
        I tried a few times. Ask again in a moment.
        down: Bitbucket is in trouble or cannot be reached: it answered 503 when asked to list what waits for you.
        I tried a few times. Ask again in a moment.
        no permission: Nothing waits for your review.
        no permission: (edited) Nothing waits for your review.
        [Previous]
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
