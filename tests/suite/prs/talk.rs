//! Talking about pull requests by every door: typed, on a form, by a button; in good weather and in bad.

mod comments;
mod lookups;
mod opening;
mod reviewers;
mod tasks;
mod troubles;
mod updates;

use std::time::Duration;

use dipper::sandbox::bitbucket::{Edition, PullHandle};
use dipper::sandbox::wire::Fault;

use crate::world::{Person, World};

/// Where pull requests are opened, on either edition.
const PULLS: [&str; 2] = [
    "POST /2.0/repositories/web/api/pullrequests",
    "POST /rest/api/latest/projects/web/repos/api/pull-requests",
];
/// Where comments are posted.
const COMMENTS: [&str; 2] = [
    "POST /2.0/repositories/web/api/pullrequests/1/comments",
    "POST /rest/api/latest/projects/web/repos/api/pull-requests/1/comments",
];
/// Where tasks are set.
const TASKS: [&str; 2] = ["POST /2.0/repositories/web/api/pullrequests/1/tasks", COMMENTS[1]];

/// What is asked of Bitbucket, as this edition has it.
fn ask(world: &World, asks: [&'static str; 2]) -> &'static str {
    asks[usize::from(world.edition == Edition::DataCenter)]
}

/// Kills the bot once Bitbucket has done this and before it could say so; another finds what was left.
async fn dies_after(world: &mut World, asks: [&'static str; 2], done: impl Fn(&World) -> bool) {
    let slow = Fault::Slow(Duration::from_mins(1));
    world.bitbucket.faults(world.edition).next(ask(world, asks), &slow, 1);
    let happened = async {
        while !done(world) {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    };
    let working = async { while world.step().await {} };
    let happened = tokio::time::timeout(Duration::from_secs(20), happened);
    tokio::select! {
        done = happened => done.expect("Bitbucket does it"),
        () = working => panic!("the work was done before the bot could die"),
    }
    world.restart().await;
    world.move_clocks(Duration::from_secs(61));
    world.bot().store.reap(12).await.unwrap();
    world.settle().await;
}

/// Ada, connected, and a pull request that grace opened.
async fn stage(world: &World) -> (Person<'_>, PullHandle) {
    let ada = world.person("ada").connected().await;
    (ada, opened(world))
}

/// The pull request web/api#1, which grace opened.
fn opened(world: &World) -> PullHandle {
    let repo = world.repository("web/api");
    let branches = ("limit-rate", "main");
    let number = world.bitbucket.open_pull_request(&repo, "grace", "Limit the rate", branches).unwrap();
    repo.pull_request(number)
}

/// Fills in the form on somebody's screen and sends it; what they see then.
async fn sends(who: &Person<'_>, fields: &[(&str, &str)]) -> String {
    for (label, value) in fields {
        let ack = who.slack.fills(label, value).await;
        assert_eq!(ack.status, 200, "{label}: {}", ack.body);
        who.world.settle().await;
    }
    let ack = who.slack.submits().await;
    assert_eq!(ack.status, 200, "{}", ack.body);
    who.world.settle().await;
    sees(who)
}

/// What somebody is told, and the form on their screen.
fn sees(who: &Person<'_>) -> String {
    [who.is_told(), who.sees_form()]
        .iter()
        .filter(|text| !text.is_empty())
        .cloned()
        .collect::<Vec<_>>()
        .join("\n\n")
}

/// Comments of a pull request, as who said what.
fn said(pr: &PullHandle) -> Vec<String> {
    let comments = pr.state().unwrap().comments;
    comments.iter().filter(|one| !one.task).map(|one| format!("{}: {}", one.author, one.text)).collect()
}

/// Tasks of a pull request, and which are done.
fn to_do(pr: &PullHandle) -> Vec<String> {
    let tasks = pr.state().unwrap().comments.into_iter().filter(|one| one.task);
    tasks.map(|one| format!("{} {}", if one.resolved { "[x]" } else { "[ ]" }, one.text)).collect()
}
