//! The story of a pull request, as its thread tells it.

use dipper::sandbox::bitbucket::{Edition, Opening};

use super::{all_of, said};
use crate::world::{World, on_both};

/// Opens one and has read its card.
async fn opened(world: &World) {
    let repo = world.repository("web/api");
    world.bitbucket.open_pull_request(&repo, "grace", "Limit the rate", ("limit-rate", "main")).unwrap();
    world.settle().await;
    let _card = world.messages("#web");
}

#[tokio::test]
async fn what_changes_about_it_is_told_in_its_thread() {
    on_both(async |world| {
        let _ada = all_of(&world, "web/api").await;
        world.sets_aside("ada", &["added you as a reviewer."]);
        opened(&world).await;
        let repo = world.repository("web/api");
        let pr = repo.pull_request(1);
        pr.retitle("grace", "Limit every rate <!channel>").unwrap();
        world.settle().await;
        snapshot!(said(&world), @"(in the thread) grace calls it Limit every rate <!channel> now.");
        pr.describe("grace", "All of them").unwrap();
        world.settle().await;
        snapshot!(said(&world), @"(in the thread) grace changed the description.");
        repo.branch("release").tip().unwrap();
        pr.retarget("grace", "release").unwrap();
        world.settle().await;
        snapshot!(said(&world), @"(in the thread) grace wants it in `release` now.");
        pr.draft("grace", true).unwrap();
        world.settle().await;
        snapshot!(said(&world), @"(in the thread) grace made it a draft again.");
        pr.draft("grace", false).unwrap();
        world.settle().await;
        snapshot!(said(&world), @"(in the thread) grace says it is ready for review.");
        pr.set_reviewers("grace", &["ada", "edsger"]).unwrap();
        world.settle().await;
        snapshot!(said(&world), @"(in the thread) grace asked ada, edsger to review.");
        pr.set_reviewers("grace", &["ada"]).unwrap();
        world.settle().await;
        snapshot!(said(&world), @"(in the thread) grace no longer asks edsger to review.");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn what_reviewers_say_is_told_in_its_thread() {
    on_both(async |world| {
        let _ada = all_of(&world, "web/api").await;
        opened(&world).await;
        let (repo, bitbucket) = (world.repository("web/api"), &world.bitbucket);
        bitbucket.approve(&repo, 1, "ada").unwrap();
        world.settle().await;
        snapshot!(said(&world), @"(in the thread) ada approved.");
        bitbucket.unapprove(&repo, 1, "ada").unwrap();
        world.settle().await;
        snapshot!(said(&world), @"(in the thread) ada took the approval back.");
        bitbucket.request_changes(&repo, 1, "edsger").unwrap();
        world.settle().await;
        snapshot!(said(&world), @"(in the thread) edsger asked for changes.");
        bitbucket.unapprove(&repo, 1, "edsger").unwrap();
        world.settle().await;
        snapshot!(said(&world), @"(in the thread) edsger no longer asks for changes.");
        bitbucket.decline(&repo, 1, "ada").unwrap();
        world.settle().await;
        snapshot!(said(&world), @"(in the thread) ada declined this.");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn a_pull_request_that_is_deleted_says_so() {
    let world = World::on(Edition::DataCenter).await;
    let _ada = all_of(&world, "web/api").await;
    opened(&world).await;
    world.repository("web/api").pull_request(1).delete("grace").unwrap();
    world.settle().await;
    snapshot!(said(&world), @"(in the thread) grace deleted this pull request.");
    world.finish().await;
}

#[tokio::test]
async fn what_is_said_of_it_is_told_in_its_thread() {
    on_both(async |world| {
        let _ada = all_of(&world, "web/api").await;
        opened(&world).await;
        let pr = world.repository("web/api").pull_request(1);
        let first = pr.comment("ada", "Why *not* <https://evil.example|before>?\n@here").unwrap();
        world.settle().await;
        snapshot!(said(&world), @"(in the thread) ada commented: Why *not* <https://evil.example|before>? @here");
        pr.comment_on("edsger", "Too many", ("src/rate.rs", 12)).unwrap();
        world.settle().await;
        snapshot!(said(&world), @"(in the thread) edsger commented on `src/rate.rs:12`: Too many");
        world.advance(std::time::Duration::from_mins(11)).await;
        pr.reword("ada", first, "Why not later?").unwrap();
        world.settle().await;
        snapshot!(said(&world), @"(in the thread) ada edited a comment: Why not later?");
        pr.resolve("grace", first).unwrap();
        world.settle().await;
        snapshot!(said(&world), @"(in the thread) grace resolved a thread: Why not later?");
        pr.unresolve("grace", first).unwrap();
        world.settle().await;
        snapshot!(said(&world), @"(in the thread) grace opened a thread again: Why not later?");
        pr.delete_comment("ada", first).unwrap();
        world.settle().await;
        snapshot!(said(&world), @"(in the thread) ada deleted a comment.");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn data_center_tells_of_tasks_and_of_what_was_opened_again() {
    let world = World::on(Edition::DataCenter).await;
    let _ada = all_of(&world, "web/api").await;
    opened(&world).await;
    let pr = world.repository("web/api").pull_request(1);
    let task = pr.task("ada", "Measure it").unwrap();
    world.settle().await;
    snapshot!(said(&world), @"(in the thread) ada set a task: Measure it");
    pr.resolve("grace", task).unwrap();
    world.settle().await;
    snapshot!(said(&world), @"(in the thread) grace finished a task: Measure it");
    pr.decline("grace").unwrap();
    pr.reopen("grace").unwrap();
    pr.comment("grace", "Once more").unwrap();
    world.settle().await;
    snapshot!(said(&world), @"
    (in the thread) grace declined this.
    grace commented: Once more
    This is open again.
    ");
    world.finish().await;
}

#[tokio::test]
async fn a_conflict_is_told_once_for_each_state_of_its_source() {
    on_both(async |world| {
        let ada = world.person("ada").connected().await;
        ada.types("/bb subscribe web/api opened conflict").await;
        let repo = world.repository("web/api");
        let text = dipper::sandbox::bitbucket::Content::Text("Ten a minute\n".to_owned());
        let _branch = repo.branch("limit-rate").with_file("docs/rate.md", text, "grace");
        opened(&world).await;
        repo.conflicted(1, true).unwrap();
        world.bitbucket.push(&repo, "main", "edsger", &["In the way"]).unwrap();
        world.settle().await;
        snapshot!(said(&world), @"(in the thread) This is in conflict with `main` now, which has to be resolved before it can be merged.");
        world.bitbucket.push(&repo, "main", "edsger", &["More of it"]).unwrap();
        world.advance(std::time::Duration::from_mins(31)).await;
        assert_eq!(said(&world), "");
        world.bitbucket.push(&repo, "limit-rate", "grace", &["Try again"]).unwrap();
        world.settle().await;
        snapshot!(said(&world), @"(in the thread) This is in conflict with `main` now, which has to be resolved before it can be merged.");
        repo.conflicted(1, false).unwrap();
        world.bitbucket.push(&repo, "limit-rate", "grace", &["Resolved"]).unwrap();
        world.settle().await;
        repo.conflicted(1, true).unwrap();
        world.advance(std::time::Duration::from_mins(31)).await;
        snapshot!(said(&world), @"(in the thread) This is in conflict with `main` now, which has to be resolved before it can be merged.");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn a_draft_waits_until_it_is_ready() {
    on_both(async |world| {
        let ada = world.person("ada").connected().await;
        ada.types("/bb subscribe web/api opened ready commented").await;
        let repo = world.repository("web/api");
        let opening =
            Opening { title: "Not yet", from: "limit-rate", to: "main", draft: true, ..Opening::default() };
        world.bitbucket.open(&repo, "grace", &opening).unwrap();
        repo.pull_request(1).comment("grace", "Wait for it").unwrap();
        world.settle().await;
        assert_eq!(world.hears("#web"), "");
        repo.pull_request(1).draft("grace", false).unwrap();
        world.settle().await;
        snapshot!(world.hears("#web"), @"
        grace opened web/api#1 Not yet
        `limit-rate` → `main` · no reviewers
        1 comment · 1 file, +15 −0
        [Approve] [Needs work] [Comment] [Merge] [More… ▾]

        (in the thread) grace says it is ready for review.
        ");
        world.finish().await;
    })
    .await;
}
