//! Merging: by a strategy, with a message, with or without the source branch; and what stands in the way.

use dipper::sandbox::bitbucket::{BuildState, Edition, Permission, Strategy};

use super::{Act, Door, Stage};
use crate::world::{World, on_both};

const MERGE: Act = Act {
    typed: "pr merge",
    options: "--strategy squash",
    button: "Merge",
    fills: &[("Commit message", "Limit it")],
};

/// What is said, without the form it stands in.
fn said(read: &str) -> String {
    let said = read.trim_start_matches("Merge a pull request\n").split("\n———").next();
    said.unwrap_or_default().to_owned()
}

async fn merges_by(door: Door) {
    on_both(async |world| {
        let stage = Stage::set(&world).await;
        let (ada, repo) = (&stage.ada, stage.repo.clone());
        snapshot!(said(&stage.does_to_hidden(door, &MERGE).await), @"Bitbucket has nothing of that name that you may see.");
        let _read_only = repo.clone().allow("ada", Permission::Read);
        let refused = stage.does(ada, door, &MERGE).await;
        assert!(door == Door::Typed || refused.contains("Limit it"), "{refused}");
        if world.edition == Edition::Cloud {
            snapshot!(said(&refused), @"Bitbucket does not allow it: You do not have the permission to do this in this repository.");
        } else {
            snapshot!(said(&refused), @"Bitbucket does not allow it: You are not permitted to access this resource");
        }
        let strict = repo.clone().allow("ada", Permission::Write).requires_approvals(1);
        let refused = said(&stage.does(ada, door, &MERGE).await);
        if world.edition == Edition::Cloud {
            snapshot!(refused, @"This pull request needs 1 more approval before it can be merged.");
        } else {
            snapshot!(refused, @"You need 1 more approval before this pull request can be merged.");
        }
        let _lenient = strict.requires_approvals(0);
        let down = said(&stage.does_while_down(door, &MERGE).await);
        snapshot!(down, @"
        Bitbucket is in trouble or cannot be reached: it answered 503 when asked to show the pull request.
        I tried a few times; it may not have been done. Look before you ask again.
        ");
        snapshot!(said(&stage.does(ada, door, &MERGE).await), @"Merged web/api#1 Limit the rate into `main`.");
        assert_eq!(world.bitbucket.pull_request(&repo, 1).unwrap().closed_by.as_deref(), Some("ada"));
        let again = stage.does(ada, door, &MERGE).await;
        assert!(said(&again).contains("Already merged by you."), "{again}");
        let _cards = world.hears("#web");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn merging_by_typing() {
    merges_by(Door::Typed).await;
}

#[tokio::test]
async fn merging_on_a_form() {
    merges_by(Door::Form).await;
}

#[tokio::test]
async fn merging_by_the_button() {
    merges_by(Door::Button).await;
}

#[tokio::test]
async fn merging_waits_for_who_has_not_connected() {
    on_both(async |world| {
        let stage = Stage::set(&world).await;
        let edsger = world.person("edsger");
        snapshot!(edsger.types("/bb pr merge web/api#1").await, @"
        First connect your account on bitbucket, so that I can do this as you.
        I'll carry on with what you asked as soon as you have.
        [Connect bitbucket]
        ");
        let edsger = edsger.connecting().await;
        assert!(edsger.is_told().ends_with("Merged web/api#1 Limit the rate into `main`."));
        let _cards = world.hears("#web");
        let _ = stage;
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn the_form_is_offered_again_to_who_has_just_connected() {
    on_both(async |world| {
        let stage = Stage::set(&world).await;
        let edsger = world.person("edsger");
        assert_eq!(edsger.clicks(&stage.card, "Merge").await, "");
        snapshot!(edsger.sees_form(), @"
        Merge a pull request
        First connect your account on bitbucket, so that I can do this as you.
        I'll carry on with what you asked as soon as you have.
        [Connect bitbucket]
        ");
        edsger.slack.closes().await;
        let edsger = edsger.connecting().await;
        let told = edsger.slack.told();
        snapshot!(world.read(&told[1..]), @"
        You are connected; it goes on here.
        [Merge a pull request]
        ");
        assert_eq!(edsger.clicks(&told[1], "Merge a pull request").await, "");
        assert!(edsger.sees_form().contains("Strategy: Merge commit"));
        assert!(world.bitbucket.pull_request(&stage.repo, 1).unwrap().is_open());
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn the_button_shows_how_it_can_be_merged_and_what_stands_in_the_way() {
    on_both(async |world| {
        let stage = Stage::set(&world).await;
        let ada = &stage.ada;
        world.bitbucket.add_build(&stage.repo, "limit-rate", "unit", BuildState::Failed).unwrap();
        world.bitbucket.request_changes(&stage.repo, 1, "edsger").unwrap();
        assert_eq!(ada.clicks(&stage.card, "Merge").await, "");
        snapshot!(ada.sees_form(), @"
        Merge a pull request
        web/api#1 Limit the rate
        `limit-rate` → `main`
        Before you merge:
        • edsger asks for changes.
        • Failed: Build unit.
        Strategy: Merge commit
        Commit message (optional): ____
        (Bitbucket writes its own when left empty)
        Delete the source branch (optional): [ ] Yes
        [Merge]
        ");
        ada.slack.fills("Strategy", "Squash").await;
        ada.slack.fills("Commit message", "Limit the rate (#1)").await;
        ada.slack.fills("Delete the source branch", "Yes").await;
        ada.slack.submits().await;
        snapshot!(ada.sees_form(), @"
        Merge a pull request
        Working on it…
        ");
        world.settle().await;
        snapshot!(ada.sees_form(), @"
        Merge a pull request
        Merged web/api#1 Limit the rate into `main`.
        ");
        let merged = world.bitbucket.pull_request(&stage.repo, 1).unwrap().merge_commit.unwrap();
        assert_eq!((merged.message.as_str(), merged.parents.len()), ("Limit the rate (#1)", 1));
        assert!(has_no_branch(&stage).await);
        let _cards = world.hears("#web");
        world.finish().await;
    })
    .await;
}

async fn has_no_branch(stage: &Stage<'_>) -> bool {
    let told = stage.ada.types("/bb commits web/api --branch limit-rate").await;
    told.contains("has no branch, tag or commit `limit-rate`")
}

#[tokio::test]
async fn open_tasks_are_told_before_and_after() {
    on_both(async |world| {
        let stage = Stage::set(&world).await;
        let ada = &stage.ada;
        let task = world.bitbucket.add_task(&stage.repo, 1, "edsger", "Measure it").unwrap();
        world.settle().await;
        assert_eq!(ada.clicks(&stage.card, "Merge").await, "");
        if world.edition == Edition::Cloud {
            snapshot!(ada.sees_form(), @"
            Merge a pull request
            web/api#1 Limit the rate
            `limit-rate` → `main`
            Before you merge:
            • One task is open.
            Strategy: Merge commit
            Commit message (optional): ____
            (Bitbucket writes its own when left empty)
            Delete the source branch (optional): [ ] Yes
            [Merge]
            ");
        } else {
            snapshot!(ada.sees_form(), @"
            Merge a pull request
            web/api#1 Limit the rate
            `limit-rate` → `main`
            Bitbucket will not merge it yet:
            • This pull request has 1 unresolved tasks.
            Strategy: Merge commit
            Commit message (optional): ____
            (Bitbucket writes its own when left empty)
            Delete the source branch (optional): [ ] Yes
            [Merge]
            ");
        }
        ada.slack.fills("Commit message", "Limit it").await;
        ada.slack.submits().await;
        world.settle().await;
        let refused = ada.sees_form();
        assert!(refused.contains("Limit it") && refused.contains("task"), "{refused}");
        world.bitbucket.resolve_task(&stage.repo, 1, task).unwrap();
        ada.slack.submits().await;
        world.settle().await;
        snapshot!(ada.sees_form(), @"
        Merge a pull request
        Merged web/api#1 Limit the rate into `main`.
        ");
        let _cards = world.hears("#web");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn a_form_that_was_typed_is_filled_once_it_is_known_what_it_is_about() {
    on_both(async |world| {
        let stage = Stage::set(&world).await;
        let ada = &stage.ada;
        assert_eq!(ada.types("/bb pr merge").await, "");
        snapshot!(ada.sees_form(), @"
        Merge a pull request
        Pull request: ____
        (Like web/api#42, or its address; then press Enter)
        Commit message (optional): ____
        (Bitbucket writes its own when left empty)
        Delete the source branch (optional): [ ] Yes
        [Merge]
        ");
        ada.slack.fills("Pull request", "web/api#1").await;
        world.settle().await;
        snapshot!(ada.sees_form(), @"
        Merge a pull request
        web/api#1 Limit the rate
        `limit-rate` → `main`
        Pull request: web/api#1
        (Like web/api#42, or its address; then press Enter)
        Strategy: Merge commit
        Commit message (optional): ____
        (Bitbucket writes its own when left empty)
        Delete the source branch (optional): [ ] Yes
        [Merge]
        ");
        ada.slack.closes().await;
        world.settle().await;
        let _ = stage;
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn a_strategy_nobody_offers_is_answered_with_those_there_are() {
    on_both(async |world| {
        let stage = Stage::set(&world).await;
        let _few = stage.repo.clone().strategies(&[Strategy::Squash, Strategy::Merge]);
        let ack =
            stage.ada.slack.types("#web", "/bb pr merge web/api#1 --strategy sqash --message Limit").await;
        assert_eq!(ack.status, 200);
        world.settle().await;
        let answer = stage.ada.slack.told();
        if world.edition == Edition::Cloud {
            snapshot!(world.read(&answer), @"
            web/api offers no strategy `sqash`. Merge by one of these instead?
            [Squash] [Merge commit]
            ");
        } else {
            snapshot!(world.read(&answer), @"
            web/api offers no strategy `sqash`. Merge by one of these instead?
            [Merge commit] [Squash]
            ");
        }
        snapshot!(stage.ada.clicks(&answer[0], "Squash").await, @"Merged web/api#1 Limit the rate into `main`.");
        let merged = world.bitbucket.pull_request(&stage.repo, 1).unwrap().merge_commit.unwrap();
        assert_eq!((merged.message.as_str(), merged.parents.len()), ("Limit", 1));
        let _cards = world.hears("#web");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn the_box_is_ticked_where_the_pull_request_says_so_and_may_be_unticked() {
    let world = World::on(Edition::Cloud).await;
    {
        let stage = Stage::set(&world).await;
        let _branch = stage.repo.branch("tidy").with_commit("Tidy", "grace");
        let opening = dipper::sandbox::bitbucket::Opening {
            title: "Tidy",
            from: "tidy",
            to: "main",
            close_source: true,
            ..Default::default()
        };
        world.bitbucket.open(&stage.repo, "grace", &opening).unwrap();
        world.settle().await;
        let card = world.messages("#web").remove(0);
        assert_eq!(stage.ada.clicks(&card, "Merge").await, "");
        snapshot!(stage.ada.sees_form(), @"
        Merge a pull request
        web/api#2 Tidy
        `tidy` → `main`
        Strategy: Merge commit
        Commit message (optional): ____
        (Bitbucket writes its own when left empty)
        Delete the source branch (optional): [x] Yes
        [Merge]
        ");
        stage.ada.slack.fills("Delete the source branch", "").await;
        stage.ada.slack.submits().await;
        world.settle().await;
        assert!(stage.ada.sees_form().contains("Merged web/api#2"));
        assert!(stage.ada.types("/bb commits web/api --branch tidy").await.contains("Tidy"));
        let _cards = world.hears("#web");
    }
    world.finish().await;
}
