//! Reading from chat: pull requests, commits, branches, tags and files, shown and listed with one's own eyes.

mod branches;
mod commits;
mod diff;
mod files;
mod lists;
mod picture;
mod sharing;

use dipper::sandbox::bitbucket::{Content, Edition, Opening, RepoHandle};
use dipper::sandbox::slack::Message;
use dipper::sandbox::wire::Fault;

use crate::world::{Person, World};

/// Types something, and keeps the message it is answered with, to act on.
async fn asks(person: &Person<'_>, text: &str) -> Message {
    let ack = person.slack.types("#web", text).await;
    assert_eq!(ack.status, 200, "{}", ack.body);
    person.world.settle().await;
    let mut told = person.told();
    assert_eq!(told.len(), 1, "{text} was answered {}", person.world.read(&told));
    told.remove(0)
}

/// Presses a button, and keeps the message it is answered with.
async fn presses(person: &Person<'_>, message: &Message, label: &str) -> Message {
    person.presses(message, label).await;
    person.world.settle().await;
    let mut told = person.told();
    assert_eq!(told.len(), 1, "[{label}] was answered {}", person.world.read(&told));
    told.remove(0)
}

/// A way to ask for one and the same thing.
enum Door<'a> {
    Typed(&'a str),
    Pressed(&'a Message, &'a str),
}

impl Door<'_> {
    async fn knock(&self, person: &Person<'_>) -> String {
        match self {
            Self::Typed(text) => person.types(text).await,
            Self::Pressed(message, label) => person.clicks(message, label).await,
        }
    }
}

/// What each door answers when Bitbucket refuses with a reason, is down, lets them read no more, and when
/// they are no longer connected. `path` is what is asked first.
async fn in_trouble(person: &Person<'_>, doors: &[Door<'_>], path: &str) -> String {
    let world = person.world;
    let faults = world.bitbucket.faults(world.edition);
    let reason = Fault::Refuse { status: 400, retry_after: None, body: "This is being moved." };
    let down = Fault::Refuse { status: 503, retry_after: None, body: "" };
    let mut said = Vec::new();
    for door in doors {
        faults.next(path, &reason, 1);
        said.push(format!("refused: {}", door.knock(person).await));
    }
    for door in doors {
        faults.next(path, &down, 9);
        said.push(format!("down: {}", door.knock(person).await));
    }
    let _ = world.repository("web/api").forbid(&person.name);
    for door in doors {
        said.push(format!("no permission: {}", door.knock(person).await));
    }
    person.types(&format!("/bb disconnect {}", world.instance())).await;
    for door in doors {
        said.push(format!("not connected: {}", door.knock(person).await));
    }
    said.join("\n")
}

/// Something for Ada to review.
fn review(world: &World, title: &str, from: &str) -> u64 {
    world.sets_aside("ada", &["asks for your review."]);
    let repo = world.repository("web/api");
    let opening = Opening { title, from, to: "main", reviewers: &["ada"], ..Opening::default() };
    world.bitbucket.open(&repo, "grace", &opening).unwrap()
}

/// As many commits on a branch, numbered.
fn committed(repo: &RepoHandle, branch: &str, count: usize) {
    let mut branch = repo.branch(branch);
    for number in 1..=count {
        branch = branch.with_commit(&format!("Step {number}"), if number % 2 == 0 { "ada" } else { "grace" });
    }
}

fn text(lines: impl IntoIterator<Item = String>) -> Content {
    Content::Text(lines.into_iter().flat_map(|line| [line, "\n".to_owned()]).collect())
}

/// Where pull requests are asked for on this edition.
fn pull_requests(world: &World) -> &'static str {
    match world.edition {
        Edition::Cloud => "/pullrequests",
        Edition::DataCenter => "/pull-requests",
    }
}
