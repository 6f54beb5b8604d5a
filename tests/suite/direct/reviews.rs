//! Reviews asked for and given, and how one's own pull request fares.

use super::opened;
use crate::world::on_both;

#[tokio::test]
async fn who_is_asked_to_review_is_told_and_can_answer_at_once() {
    on_both(async |world| {
        let ada = world.person("ada").connected().await;
        opened(&world, &["ada", "edsger"]);
        world.settle().await;
        let told = ada.slack.told();
        snapshot!(world.read(&told), @"
        grace asks for your review.
        web/api#1 Limit the rate · `limit-rate` → `main` · 0 of 2 approved
        [Approve] [Comment] [Needs work] [Show] [Snooze] [Mute this one]
        ");
        snapshot!(ada.clicks(&told[0], "Approve").await, @"
        (edited) You approved web/api#1 Limit the rate.
        [Undo]
        ");
        assert_eq!(world.bitbucket.pull_request(&world.repository("web/api"), 1).unwrap().approvals, ["ada"]);
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn who_is_added_later_is_told_and_a_draft_asks_nobody() {
    on_both(async |world| {
        let ada = world.person("ada").connected().await;
        opened(&world, &["edsger"]);
        let pr = world.repository("web/api").pull_request(1);
        pr.draft("grace", true).unwrap();
        world.settle().await;
        pr.set_reviewers("grace", &["edsger", "ada"]).unwrap();
        world.settle().await;
        assert_eq!(ada.is_told(), "");
        pr.draft("grace", false).unwrap();
        world.settle().await;
        assert!(ada.is_told().starts_with("grace asks for your review."));
        pr.set_reviewers("grace", &["edsger"]).unwrap();
        world.settle().await;
        assert_eq!(ada.is_told(), "");
        world.advance(std::time::Duration::from_mins(2)).await;
        pr.set_reviewers("edsger", &["edsger", "ada"]).unwrap();
        world.settle().await;
        snapshot!(ada.is_told(), @"
        edsger added you as a reviewer.
        web/api#1 Limit the rate · `limit-rate` → `main` · 0 of 2 approved
        [Approve] [Comment] [Needs work] [Show] [Snooze] [Mute this one]
        ");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn who_said_something_that_counts_no_more_is_asked_again() {
    on_both(async |world| {
        let _resets = world.repository("web/api").resets_reviews();
        opened(&world, &["ada"]);
        world.settle().await;
        let ada = world.person("ada").connected().await;
        ada.types("/bb pr approve web/api#1").await;
        world.bitbucket.push(&world.repository("web/api"), "limit-rate", "grace", &["Mend it"]).unwrap();
        world.settle().await;
        snapshot!(ada.is_told(), @"
        grace asks for your review again: your approval no longer counts.
        web/api#1 Limit the rate · `limit-rate` → `main` · 0 of 1 approved
        [Approve] [Comment] [Needs work] [Show] [Snooze] [Mute this one]
        ");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn an_author_is_told_what_others_decide_and_nothing_of_their_own() {
    on_both(async |world| {
        let grace = world.person("grace").connected().await;
        opened(&world, &["ada", "edsger"]);
        let (repo, bitbucket) = (world.repository("web/api"), &world.bitbucket);
        repo.pull_request(1).comment("grace", "Ready?").unwrap();
        world.settle().await;
        assert_eq!(grace.is_told(), "");
        bitbucket.request_changes(&repo, 1, "edsger").unwrap();
        world.settle().await;
        snapshot!(grace.is_told(), @"
        edsger asks for changes to your pull request.
        web/api#1 Limit the rate · `limit-rate` → `main` · 0 of 2 approved
        [Comment] [Show] [Snooze] [Mute this one]
        ");
        world.advance(std::time::Duration::from_mins(2)).await;
        bitbucket.approve(&repo, 1, "ada").unwrap();
        world.settle().await;
        snapshot!(grace.is_told(), @"
        ada approved your pull request.
        web/api#1 Limit the rate · `limit-rate` → `main` · 1 of 2 approved
        [Merge] [Show] [Snooze] [Mute this one]
        ");
        world.advance(std::time::Duration::from_mins(2)).await;
        bitbucket.unapprove(&repo, 1, "edsger").unwrap();
        bitbucket.merge(&repo, 1, "ada").unwrap();
        world.settle().await;
        snapshot!(grace.is_told(), @"
        ada merged your pull request into `main`.
        web/api#1 Limit the rate · `limit-rate` → `main` · merged by ada
        [Show]
        ");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn who_merges_or_declines_their_own_hears_nothing_and_others_declining_is_told() {
    on_both(async |world| {
        let grace = world.person("grace").connected().await;
        opened(&world, &[]);
        let repo = world.repository("web/api");
        world.bitbucket.merge(&repo, 1, "grace").unwrap();
        world.settle().await;
        assert_eq!(grace.is_told(), "");
        let _other = repo.branch("other").with_commit("Another", "grace");
        world.bitbucket.open_pull_request(&repo, "grace", "Another", ("other", "main")).unwrap();
        world.settle().await;
        world.bitbucket.decline(&repo, 2, "edsger").unwrap();
        world.settle().await;
        snapshot!(grace.is_told(), @"
        edsger declined your pull request.
        web/api#2 Another · `other` → `main` · declined by edsger
        [Show]
        ");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn an_author_is_told_once_when_nothing_stands_in_the_way() {
    on_both(async |world| {
        let grace = world.person("grace").connected().await;
        opened(&world, &["ada"]);
        world.settle().await;
        let (repo, bitbucket) = (world.repository("web/api"), &world.bitbucket);
        bitbucket.approve(&repo, 1, "ada").unwrap();
        world.settle().await;
        let told = grace
            .is_told()
            .replace("Nothing I can see stands in the way of merging it.", "It is ready to merge.");
        snapshot!(told, @"
        ada approved your pull request.
        It is ready to merge.
        web/api#1 Limit the rate · `limit-rate` → `main` · 1 of 1 approved
        [Merge] [Show] [Snooze] [Mute this one]
        ");
        bitbucket.push(&repo, "main", "edsger", &["Elsewhere"]).unwrap();
        world.advance(std::time::Duration::from_mins(5)).await;
        assert_eq!(grace.is_told(), "");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn an_author_is_told_once_of_a_conflict() {
    on_both(async |world| {
        let grace = world.person("grace").connected().await;
        opened(&world, &["ada"]);
        world.settle().await;
        let (repo, bitbucket) = (world.repository("web/api"), &world.bitbucket);
        repo.conflicted(1, true).unwrap();
        bitbucket.push(&repo, "main", "edsger", &["In the way"]).unwrap();
        world.settle().await;
        snapshot!(grace.is_told(), @"
        It conflicts with `main` now.
        web/api#1 Limit the rate · `limit-rate` → `main` · 0 of 1 approved
        [Show] [Snooze] [Mute this one]
        ");
        bitbucket.push(&repo, "main", "edsger", &["Still in the way"]).unwrap();
        world.settle().await;
        assert_eq!(grace.is_told(), "");
        world.finish().await;
    })
    .await;
}
