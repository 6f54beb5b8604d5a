//! What stands in a digest: what each pull request waits for, since when, in working time, with one button; to a busy,
//! a quiet and a stuck team.

use std::time::Duration;

use dipper::sandbox::bitbucket::BuildState;

use super::{open, until};
use crate::world::{World, on_both};

/// A week in which much was left lying about.
async fn a_busy_week(world: &World) {
    let repo = world.repository("web/api");
    until(world, "2026-11-23T09:00:00Z").await;
    let merge = open(world, &repo, "grace", "Ready to go", &["edsger"]);
    let author = open(world, &repo, "ada", "Wants changes", &["grace"]);
    let _conflict = open(world, &repo, "edsger", "Old review", &["ada", "grace"]);
    let tasks = open(world, &repo, "ada", "With tasks", &["edsger"]);
    let _checks = open(world, &repo, "grace", "Broken build", &["ada"]);
    let draft = open(world, &repo, "grace", "Not done yet", &[]);
    let _alone = open(world, &repo, "edsger", "Nobody asked", &[]);
    world.settle().await;
    world.advance(Duration::from_hours(5)).await;
    world.bitbucket.approve(&repo, merge, "edsger").unwrap();
    world.bitbucket.request_changes(&repo, author, "grace").unwrap();
    repo.pull_request(tasks).task("edsger", "Rename it").unwrap();
    repo.pull_request(draft).draft("grace", true).unwrap();
    world.bitbucket.add_build(&repo, "broken-build", "ci", BuildState::Failed).unwrap();
    world.settle().await;
}

#[tokio::test]
async fn a_busy_team_sees_what_each_waits_for() {
    on_both(async |world| {
        let ada = world.person("ada").connected().await;
        let _grace = world.person("grace").connected().await;
        for name in ["ada", "grace"] {
            world.sets_aside(name, &["web/api", "pull request", "ready to merge"]);
        }
        ada.types("/bb subscribe web/api none").await;
        a_busy_week(&world).await;
        ada.types("/bb digest add web/api weekdays 9:30").await;
        until(&world, "2026-11-26T08:30:00Z").await;
        snapshot!(world.hears("#web"), @"
        web/api has 7 open pull requests that wait: 1 to merge, 2 for review, 1 for its author, 1 for checks, 1 with open tasks, 1 draft.
        Ready to merge
        web/api#1 Ready to go by grace · 2 days old, untouched for 2 days · approved by edsger [Merge]
        Waiting for review
        web/api#3 Old review by edsger · 2 days old · @ada for 2 days, @grace for 2 days [Nudge]
        web/api#7 Nobody asked by edsger · 2 days old · nobody is asked to review it [Reviewers]
        Waiting for their author
        web/api#2 Wants changes by ada · 2 days old, untouched for 2 days · changes asked for by grace [Show]
        Waiting for checks
        web/api#5 Broken build by grace · 2 days old · 1 failed [Checks]
        With open tasks
        web/api#4 With tasks by ada · 2 days old, untouched for 2 days · 1 open task [Tasks]
        Drafts
        web/api#6 Not done yet by grace · 2 days old, untouched for 2 days [Show]
        [Snooze one]
        ");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn a_quiet_team_is_told_so_or_nothing() {
    on_both(async |world| {
        let ada = world.person("ada").connected().await;
        ada.types("/bb digest add web/api daily 9:30").await;
        ada.types("/bb digest add web/api daily 9:40 --silent").await;
        until(&world, "2026-11-21T08:30:00Z").await;
        snapshot!(world.hears("#web"), @"Nothing waits in web/api.");
        until(&world, "2026-11-21T08:40:00Z").await;
        assert_eq!(world.hears("#web"), "");
        snapshot!(ada.types("/bb digest list").await, @"
        Digests of this channel
        `1` web/api, every day at 9:30 (Europe/Berlin); as @ada sees it. Last: 2026-11-21 08:30 UTC, nothing waited. Next: 2026-11-22 08:30 UTC.
        [Change] [Remove]
        `2` web/api, every day at 9:40 (Europe/Berlin); nothing said when nothing waits; as @ada sees it. Last: 2026-11-21 08:40 UTC, nothing waited, and nothing was said. Next: 2026-11-22 08:40 UTC.
        [Change] [Remove]
        ");
        snapshot!(ada.types("/bb digest preview 2").await, @"Nothing waits in web/api.");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn a_stuck_team_sees_who_has_been_asked_for_how_long() {
    on_both(async |world| {
        let ada = world.person("ada").connected().await;
        let repo = world.repository("web/api");
        until(&world, "2026-11-23T09:00:00Z").await;
        ada.types("/bb subscribe web/api none").await;
        let first = open(&world, &repo, "ada", "Stuck for weeks", &["grace", "edsger"]);
        world.settle().await;
        until(&world, "2026-12-03T09:00:00Z").await;
        repo.pull_request(first).set_reviewers("ada", &["grace", "edsger"]).unwrap();
        let _second = open(&world, &repo, "ada", "Asked later", &["grace"]);
        world.settle().await;
        world.person("edsger").slack.status(":palm_tree:", "Vacationing", 0);
        let _edsger = world.person("edsger").connected().await;
        until(&world, "2026-12-14T15:00:00Z").await;
        world.sets_aside("grace", &["asks"]);
        world.sets_aside("edsger", &["asks"]);
        snapshot!(ada.types("/bb digest preview web/api").await, @"
        web/api has 2 open pull requests that wait.
        Waiting for review
        web/api#1 Stuck for weeks by ada · 15 days old, untouched for 7 days · grace for 15 days, edsger (away) [Nudge]
        web/api#2 Asked later by ada · 7 days old · grace for 7 days [Nudge]
        [Snooze one]
        ");
        snapshot!(ada.types("/bb digest preview web/api --min-stale 3w").await, @"Nothing waits in web/api.");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn what_is_not_wanted_is_left_out() {
    on_both(async |world| {
        let ada = world.person("ada").connected().await;
        ada.types("/bb subscribe web/api none").await;
        a_busy_week(&world).await;
        let mut read = Vec::new();
        for options in [
            "--ignore-drafts --ignore-words \"broken, wants\"",
            "--ignore-approved 1 --where \"author:grace\"",
            "--author-after 1 --where \"title:ready OR title:wants\"",
            "--where \"NOT path:nowhere.md\"",
            "--where \"build:failed\"",
            "--min-age 1w",
        ] {
            let told = ada.types(&format!("/bb digest preview web/api {options}")).await;
            let titles: Vec<&str> = TITLES.into_iter().filter(|title| told.contains(title)).collect();
            read.push(format!("{options}: {}", titles.join(", ")));
        }
        snapshot!(read.join("\n"), @r#"
        --ignore-drafts --ignore-words "broken, wants": Ready to go, Wants changes, Old review, With tasks, Broken build, Nobody asked
        --ignore-approved 1 --where "author:grace": Broken build, Not done yet
        --author-after 1 --where "title:ready OR title:wants": Ready to go, Wants changes
        --where "NOT path:nowhere.md": Ready to go, Wants changes, Old review, With tasks, Broken build, Not done yet, Nobody asked
        --where "build:failed": Broken build
        --min-age 1w:
        "#);
        world.finish().await;
    })
    .await;
}

const TITLES: [&str; 7] = [
    "Ready to go",
    "Wants changes",
    "Old review",
    "With tasks",
    "Broken build",
    "Not done yet",
    "Nobody asked",
];

#[tokio::test]
async fn what_moves_it_on_is_on_its_button() {
    on_both(async |world| {
        let ada = world.person("ada").connected().await;
        let grace = world.person("grace").connected().await;
        open(&world, &world.repository("web/api"), "ada", "Answer faster", &["grace"]);
        world.settle().await;
        let _asked = grace.is_told();
        ada.types("/bb digest now web/api").await;
        let digest = world.messages("#web").remove(0);
        snapshot!(ada.clicks(&digest, "Nudge").await, @"Asked @grace to look at web/api#1 Answer faster.");
        assert!(grace.is_told().contains("@ada asks you to look at web/api#1"));
        // Whoever is away is not asked.
        grace.slack.status(":face_with_thermometer:", "", 1_795_420_800);
        snapshot!(ada.types("/bb pr nudge web/api#1").await, @"
        Nobody was asked to look at web/api#1 Answer faster.
        @grace is away until 2026-11-23 08:00 UTC.
        ");
        // Nor who does not want that, or has put it to sleep.
        grace.slack.status("", "", 0);
        grace.types("/bb notify nudged off").await;
        snapshot!(ada.types("/bb pr nudge web/api#1").await, @"
        Nobody was asked to look at web/api#1 Answer faster.
        @grace does not want to hear of it in private now.
        ");
        grace.types("/bb notify nudged on").await;
        grace.types("/bb snooze web/api#1 1h").await;
        assert!(
            ada.types("/bb pr nudge web/api#1").await.contains("does not want to hear of it in private now")
        );
        world.advance(Duration::from_hours(1)).await;
        assert!(grace.is_told().starts_with("This one slept until now."));
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn a_digest_of_ones_own_shows_what_concerns_oneself() {
    on_both(async |world| {
        let ada = world.person("ada").connected().await;
        world.sets_aside(
            "ada",
            &["News for you", "asks for your review", "to your pull request", "set a task"],
        );
        ada.types("/bb subscribe web/api none").await;
        a_busy_week(&world).await;
        snapshot!(ada.types("/bb digest add weekdays 9:30 --mine").await, @"
        Your digest of what concerns you, told you in private weekdays at 9:30 (Europe/Berlin). Next: 2026-11-24 08:30 UTC.
        [Preview] [Remove]
        ");
        until(&world, "2026-11-24T08:30:00Z").await;
        snapshot!(ada.is_told(), @"
        4 open pull requests concern you: 1 for review, 1 for its author, 1 for checks, 1 with open tasks.
        Waiting for review
        web/api#3 Old review by edsger · 7 hours old · @ada for 7 hours, grace for 7 hours [Approve]
        Waiting for their author
        web/api#2 Wants changes by ada · 7 hours old · changes asked for by grace [Show]
        Waiting for checks
        web/api#5 Broken build by grace · 7 hours old · 1 failed [Checks]
        With open tasks
        web/api#4 With tasks by ada · 7 hours old · 1 open task [Tasks]
        [Snooze one]
        ");
        assert_eq!(world.hears("#web"), "");
        // Whoever is away is left alone, and whoever wants quiet is told when that is over.
        ada.slack.status(":palm_tree:", "Vacationing", 1_795_651_200);
        until(&world, "2026-11-25T08:30:00Z").await;
        assert_eq!(ada.is_told(), "");
        ada.slack.status("", "", 0);
        ada.types("/bb notify --quiet 22:00-11:00").await;
        until(&world, "2026-11-26T08:30:00Z").await;
        assert_eq!(ada.is_told(), "");
        until(&world, "2026-11-26T10:00:00Z").await;
        assert!(ada.is_told().contains("concern you"));
        snapshot!(ada.types("/bb digest list").await, @"
        Only for you
        `mine:1` what concerns you, weekdays at 9:30 (Europe/Berlin). Last: 2026-11-26 08:30 UTC, 4 pull requests. Next: 2026-11-27 08:30 UTC.
        [Change] [Remove]
        ");
        world.finish().await;
    })
    .await;
}
