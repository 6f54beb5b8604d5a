//! Asking for changes, with a word on which, and no longer asking for them.

use super::{Act, Door, Stage};
use crate::world::on_both;

const WHY: &str = "The limit is missing";
const NEEDS_WORK: Act = Act {
    typed: "pr needs-work",
    options: "--comment \"The limit is missing\"",
    button: "Needs work",
    fills: &[("What should change?", WHY)],
};
const WITHDRAW: Act = Act { typed: "pr needs-work --withdraw", options: "", button: "", fills: &[] };

#[tokio::test]
async fn asking_for_changes_by_typing() {
    on_both(async |world| {
        let (stage, door) = (Stage::set(&world).await, Door::Typed);
        let ada = &stage.ada;
        snapshot!(stage.does_to_hidden(door, &NEEDS_WORK).await, @"Bitbucket has nothing of that name that you may see.");
        snapshot!(stage.does_to_nothing(door, &NEEDS_WORK).await, @"Bitbucket has nothing of that name that you may see.");
        snapshot!(stage.does_while_down(door, &NEEDS_WORK).await, @"
        Bitbucket is in trouble or cannot be reached: it answered 503 when asked to show the pull request.
        I tried a few times; it may not have been done. Look before you ask again.
        ");
        snapshot!(stage.does(ada, door, &NEEDS_WORK).await, @"
        You asked for changes on web/api#1 Limit the rate and said why.
        [Undo]
        ");
        let edsger = world.person("edsger");
        snapshot!(stage.does(&edsger, door, &NEEDS_WORK).await, @"
        First connect your account on bitbucket, so that I can do this as you.
        I'll carry on with what you asked as soon as you have.
        [Connect bitbucket]
        ");
        let edsger = edsger.connecting().await;
        assert!(
            edsger
                .is_told()
                .ends_with("You asked for changes on web/api#1 Limit the rate and said why.\n[Undo]")
        );
        let pr = world.bitbucket.pull_request(&stage.repo, 1).unwrap();
        assert_eq!(pr.changes_requested, ["ada", "edsger"]);
        assert_eq!(pr.comments.iter().filter(|comment| comment.text == WHY).count(), 2);
        world.bitbucket.merge(&stage.repo, 1, "grace").unwrap();
        snapshot!(stage.does(ada, door, &NEEDS_WORK).await, @"Already merged by grace.");
        let _cards = world.hears("#web");
        world.finish().await;
    })
    .await;
}

async fn asks_on_a_form_by(door: Door) {
    on_both(async |world| {
        let stage = Stage::set(&world).await;
        let ada = &stage.ada;
        snapshot!(shape(&stage.does_to_hidden(door, &NEEDS_WORK).await), @"
        Needs work
        Bitbucket has nothing of that name that you may see.
        ———
        What should change? (optional): The limit is missing
        (Said as your comment on Bitbucket)
        [Needs work]
        ");
        snapshot!(shape(&stage.does_while_down(door, &NEEDS_WORK).await), @"
        Needs work
        Bitbucket is in trouble or cannot be reached: it answered 503 when asked to show the pull request.
        I tried a few times; it may not have been done. Look before you ask again.
        ");
        snapshot!(shape(&stage.does(ada, door, &NEEDS_WORK).await), @"
        Needs work
        You asked for changes on web/api#1 Limit the rate and said why.
        [Undo]
        ");
        let edsger = world.person("edsger");
        snapshot!(shape(&stage.does(&edsger, door, &NEEDS_WORK).await), @"
        Needs work
        First connect your account on bitbucket, so that I can do this as you.
        I'll carry on with what you asked as soon as you have.
        [Connect bitbucket]
        ");
        let edsger = edsger.connecting().await;
        assert!(
            edsger
                .is_told()
                .ends_with("You asked for changes on web/api#1 Limit the rate and said why.\n[Undo]")
        );
        world.bitbucket.merge(&stage.repo, 1, "grace").unwrap();
        snapshot!(shape(&stage.does(ada, door, &NEEDS_WORK).await), @"
        Needs work
        Already merged by grace.
        ———
        What should change? (optional): The limit is missing
        (Said as your comment on Bitbucket)
        [Needs work]
        ");
        let _cards = world.hears("#web");
        world.finish().await;
    })
    .await;
}

/// A form that was opened by a button says which pull request it is about; one that was typed asks.
fn shape(read: &str) -> String {
    let which = |line: &&str| !line.starts_with("Pull request:") && !line.starts_with("(Like web/api#42");
    read.lines().filter(which).filter(|line| !line.starts_with("web/")).collect::<Vec<_>>().join("\n")
}

#[tokio::test]
async fn asking_for_changes_on_a_form() {
    asks_on_a_form_by(Door::Form).await;
}

#[tokio::test]
async fn asking_for_changes_by_the_button() {
    asks_on_a_form_by(Door::Button).await;
}

#[tokio::test]
async fn the_button_asks_what_should_change_and_an_empty_answer_will_do() {
    on_both(async |world| {
        let stage = Stage::set(&world).await;
        let ada = &stage.ada;
        assert_eq!(ada.clicks(&stage.card, "Needs work").await, "");
        snapshot!(ada.sees_form(), @"
        Needs work
        web/api#1
        What should change? (optional): ____
        (Said as your comment on Bitbucket)
        [Needs work]
        ");
        ada.slack.submits().await;
        world.settle().await;
        snapshot!(ada.sees_form(), @"
        Needs work
        You asked for changes on web/api#1 Limit the rate.
        [Undo]
        ");
        snapshot!(world.hears("#web"), @"
        (edited) grace opened web/api#1 Limit the rate
        `limit-rate` → `main` · no reviewers
        1 file, +15 −0
        needs work: ada
        [Approve] [Needs work] [Comment] [Merge] [More… ▾]

        (in the thread) ada asked for changes.
        ");
        let pr = world.bitbucket.pull_request(&stage.repo, 1).unwrap();
        assert!(pr.comments.is_empty() && pr.changes_requested == ["ada"]);
        ada.slack.presses("Undo").await;
        world.settle().await;
        snapshot!(ada.sees_form(), @"
        Needs work
        You no longer ask for changes on web/api#1 Limit the rate.
        [Approve] [Needs work]
        ");
        assert!(world.bitbucket.pull_request(&stage.repo, 1).unwrap().changes_requested.is_empty());
        let _cards = world.hears("#web");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn withdrawing_by_typing() {
    on_both(async |world| {
        let (stage, door) = (Stage::set(&world).await, Door::Typed);
        snapshot!(stage.does(&stage.ada, door, &WITHDRAW).await, @"You have not asked for changes on web/api#1 Limit the rate.");
        snapshot!(stage.ada.types("/bb pr needs-work web/api#1 --comment No").await, @"
        You asked for changes on web/api#1 Limit the rate and said why.
        [Undo]
        ");
        snapshot!(stage.does(&stage.ada, door, &WITHDRAW).await, @"
        You no longer ask for changes on web/api#1 Limit the rate.
        [Approve] [Needs work]
        ");
        snapshot!(stage.ada.types("/bb pr needs-work --withdraw").await, @"");
        snapshot!(stage.ada.sees_form(), @"
        Withdraw needs work
        Pull request: ____
        (Like web/api#42, or its address)
        [Withdraw]
        ");
        let _cards = world.hears("#web");
        world.finish().await;
    })
    .await;
}
