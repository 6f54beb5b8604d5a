//! The home tab: how to begin, what waits, what one wrote, whose account one is; drawn anew when something
//! changes, and not more often than once a minute.

use std::time::Duration;

use dipper::sandbox::bitbucket::Opening;
use dipper::sandbox::transcript;
use dipper::sandbox::wire::Fault;

use crate::world::{Person, World, on_both};

/// What stands on somebody's home tab.
fn home(person: &Person<'_>) -> String {
    let home = person.slack.home().expect("a home tab");
    person.world.same_on_both(&transcript::form(&home, &person.world.slack.names()))
}

async fn opens(person: &Person<'_>) {
    assert_eq!(person.slack.opens_home().await.status, 200);
    person.world.settle().await;
}

/// Grace asks Ada to review something.
async fn asked_to_review(world: &World) {
    world.sets_aside("ada", &["asks for your review."]);
    let repo = world.repository("web/api");
    let opening = Opening {
        title: "Limit the rate",
        from: "limit-rate",
        to: "main",
        reviewers: &["ada"],
        ..Opening::default()
    };
    world.bitbucket.open(&repo, "grace", &opening).unwrap();
    world.settle().await;
}

fn drawn(world: &World) -> usize {
    world.slack.requests().iter().filter(|call| call.method == "views.publish").count()
}

#[tokio::test]
async fn it_says_how_to_begin_and_what_waits_once_one_has() {
    on_both(async |world| {
        let ada = world.person("ada");
        opens(&ada).await;
        snapshot!(home(&ada), @"
        Welcome to Dipper
        Bitbucket, worked from Slack: open, review and merge pull requests right here.
        1. Connect your Bitbucket account: what you do from Slack is then done as you, with your own rights.
        2. In a channel, type `/bb subscribe web/api` to hear of a repository there.
        3. Type `/bb help` anywhere to see what else there is.
        [Connect bitbucket]
        ———
        Your settings
        Cards mention you where a review waits for you. [Don't mention me]
        Direct messages: all but bots. [Change]
        As of 2026-11-21 08:00 UTC · `/bb help` shows what there is
        ");
        asked_to_review(&world).await;
        let grace = world.person("grace").connected().await;
        grace.types("/bb subscribe web/api").await;
        let ada = ada.connected().await;
        world.advance(Duration::from_mins(1)).await;
        snapshot!(home(&ada), @"
        Waiting for your review
        web/api#1 Limit the rate by grace · `limit-rate` → `main` · 0 of 1 approved [Review]
        ———
        Your open pull requests
        You have no open pull request.
        [Open a pull request]
        ———
        Your accounts
        You are ada on bitbucket [Disconnect]
        ———
        Your settings
        Cards mention you where a review waits for you. [Don't mention me]
        Direct messages: all but bots. [Change]
        As of 2026-11-21 08:01 UTC · `/bb help` shows what there is
        ");
        opens(&grace).await;
        assert!(
            home(&grace).contains("Your open pull requests\nweb/api#1 Limit the rate"),
            "{}",
            home(&grace)
        );
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn it_is_drawn_anew_once_a_minute_at_most() {
    on_both(async |world| {
        let ada = world.person("ada").connected().await;
        ada.types("/bb subscribe web/api").await;
        opens(&ada).await;
        assert_eq!(drawn(&world), 1);
        asked_to_review(&world).await;
        opens(&ada).await;
        opens(&ada).await;
        let _card = world.hears("#web");
        assert_eq!(drawn(&world), 1);
        snapshot!(home(&ada), @"
        Waiting for your review
        Nothing waits for you.
        ———
        Your open pull requests
        You have no open pull request.
        [Open a pull request]
        ———
        Your accounts
        You are ada on bitbucket [Disconnect]
        ———
        Your settings
        Cards mention you where a review waits for you. [Don't mention me]
        Direct messages: all but bots. [Change]
        As of 2026-11-21 08:00 UTC · `/bb help` shows what there is
        ");
        world.advance(Duration::from_mins(1)).await;
        assert_eq!(drawn(&world), 2);
        snapshot!(home(&ada), @"
        Waiting for your review
        web/api#1 Limit the rate by grace · `limit-rate` → `main` · 0 of 1 approved [Review]
        ———
        Your open pull requests
        You have no open pull request.
        [Open a pull request]
        ———
        Your accounts
        You are ada on bitbucket [Disconnect]
        ———
        Your settings
        Cards mention you where a review waits for you. [Don't mention me]
        Direct messages: all but bots. [Change]
        As of 2026-11-21 08:01 UTC · `/bb help` shows what there is
        ");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn what_is_pressed_there_is_answered_in_a_view() {
    on_both(async |world| {
        let ada = world.person("ada").connected().await;
        ada.types("/bb subscribe web/api").await;
        asked_to_review(&world).await;
        let _card = world.hears("#web");
        opens(&ada).await;
        let _ = ada.slack.presses_home("Review").await;
        world.settle().await;
        snapshot!(ada.sees_form(), @"
        Dipper
        grace opened web/api#1 Limit the rate
        `limit-rate` → `main` · 0 of 1 approved
        to review: ada 1 file, +15 −0 opened 2026-11-21 08:00 UTC
        [Approve] [Needs work] [Comment] [Merge] [Diff] [More… ▾]
        ");
        let _ = ada.slack.presses("Approve").await;
        world.settle().await;
        snapshot!(ada.sees_form(), @"
        Dipper
        You approved web/api#1 Limit the rate.
        [Undo]
        ");
        let _edited = world.hears("#web");
        world.advance(Duration::from_mins(1)).await;
        let _ = ada.slack.presses_home("Don't mention me").await;
        world.settle().await;
        snapshot!(ada.sees_form(), @"
        Dipper
        Cards call you by your name and mention you nowhere.
        [Mention me]
        ");
        world.advance(Duration::from_mins(1)).await;
        snapshot!(home(&ada), @"
        Waiting for your review
        Nothing waits for you.
        ———
        Your open pull requests
        You have no open pull request.
        [Open a pull request]
        ———
        Your accounts
        You are ada on bitbucket [Disconnect]
        ———
        Your settings
        Cards call you by your name and mention you nowhere. [Mention me]
        Direct messages: all but bots. [Change]
        As of 2026-11-21 08:02 UTC · `/bb help` shows what there is
        ");
        let _edited = world.hears("#web");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn a_pull_request_is_opened_from_there() {
    on_both(async |world| {
        let ada = world.person("ada").connected().await;
        opens(&ada).await;
        let _ = ada.slack.presses_home("Open a pull request").await;
        world.settle().await;
        snapshot!(ada.sees_form(), @"
        Open a pull request
        Repository: ____
        Source branch: ____
        (The branch that holds your change)
        Target branch (optional): ____
        (The main branch when left empty)
        Title: ____
        Description (optional): ____
        Reviewers (optional): ____
        Draft (optional): [ ] Yes
        Delete the branch once merged (optional): [ ] Yes
        [Open]
        ");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn a_bitbucket_that_does_not_answer_is_said_to_be_missing() {
    on_both(async |world| {
        let ada = world.person("ada").connected().await;
        let down = Fault::Refuse { status: 503, retry_after: None, body: "{}" };
        world.bitbucket.faults(world.edition).next("GET /", &down, 3);
        opens(&ada).await;
        let seen = home(&ada).replace(world.instance(), "bitbucket");
        snapshot!(seen, @"
        Waiting for your review
        Nothing waits for you.
        bitbucket does not answer just now; what waits there is missing here.
        ———
        Your open pull requests
        You have no open pull request.
        [Open a pull request]
        ———
        Your accounts
        You are ada on bitbucket [Disconnect]
        ———
        Your settings
        Cards mention you where a review waits for you. [Don't mention me]
        Direct messages: all but bots. [Change]
        As of 2026-11-21 08:00 UTC · `/bb help` shows what there is
        ");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn a_guest_is_told_that_it_is_not_for_them() {
    on_both(async |world| {
        let edsger = world.person("edsger");
        let _guest = edsger.slack.clone().guest();
        opens(&edsger).await;
        snapshot!(home(&edsger), @"
        Dipper
        Dipper answers full members of this workspace only.
        ");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn what_is_typed_shows_there_too() {
    on_both(async |world| {
        let ada = world.person("ada").connected().await;
        opens(&ada).await;
        ada.types("/bb mentions off").await;
        world.advance(Duration::from_mins(1)).await;
        snapshot!(home(&ada), @"
        Waiting for your review
        Nothing waits for you.
        ———
        Your open pull requests
        You have no open pull request.
        [Open a pull request]
        ———
        Your accounts
        You are ada on bitbucket [Disconnect]
        ———
        Your settings
        Cards call you by your name and mention you nowhere. [Mention me]
        Direct messages: all but bots. [Change]
        As of 2026-11-21 08:01 UTC · `/bb help` shows what there is
        ");
        ada.types("/bb disconnect").await;
        world.advance(Duration::from_mins(1)).await;
        snapshot!(home(&ada), @"
        Welcome to Dipper
        Bitbucket, worked from Slack: open, review and merge pull requests right here.
        1. Connect your Bitbucket account: what you do from Slack is then done as you, with your own rights.
        2. In a channel, type `/bb subscribe web/api` to hear of a repository there.
        3. Type `/bb help` anywhere to see what else there is.
        [Connect bitbucket]
        ———
        Your settings
        Cards call you by your name and mention you nowhere. [Mention me]
        Direct messages: all but bots. [Change]
        As of 2026-11-21 08:02 UTC · `/bb help` shows what there is
        ");
        world.finish().await;
    })
    .await;
}
