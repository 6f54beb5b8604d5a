//! The whole picture of a pull request: its card, and everything one asks before acting on it.

use crate::views::short::{clipped, counted};
use crate::views::{card, checks, diff};
use crate::words::build::{Build, BuildState};
use crate::words::code::Changes;
use crate::words::comment::Task;
use crate::words::merge::Mergeability;
use crate::words::message::{Action, Button, Line, Message};
use crate::words::pull_request::PullRequest;

/// How much of its description is shown.
const DESCRIPTION: usize = 700;
/// How many of what stands in the way, or is to be done, is named.
const NAMED: usize = 5;

/// Everything that is known of a pull request; what could not be told is none.
pub struct Picture {
    /// The pull request.
    pub pr: PullRequest,
    /// What was built of it.
    pub builds: Option<Vec<Build>>,
    /// What is to be done before it is merged, the done among it.
    pub tasks: Option<Vec<Task>>,
    /// What it changes.
    pub changes: Option<Changes>,
    /// Whether it can be merged.
    pub mergeable: Option<Mergeability>,
}

/// The whole picture.
pub fn whole(picture: &Picture) -> Message {
    let pr = &picture.pr;
    let mut message = card::card(pr);
    // Here they are buttons.
    message.more.retain(|choice| !matches!(choice.does.name.as_str(), "pr.diff" | "pr.checks"));
    if !pr.description.trim().is_empty() {
        message = message.and(description(pr));
    }
    for obstacle in in_the_way(picture) {
        message = message.and(obstacle);
    }
    for fact in facts(picture) {
        message = message.fact(fact);
    }
    let on = |command: &str| Action::named(command).with("pr", pr.name.to_string());
    message = message.button(Button::new("Diff", on("pr.diff")));
    match &picture.builds {
        Some(builds) if !builds.is_empty() => message.button(Button::new("Checks", on("pr.checks"))),
        _ => message,
    }
}

fn description(pr: &PullRequest) -> Line {
    let whole = pr.description.trim();
    let shown = clipped(whole, DESCRIPTION);
    let line = Line::new().text(&shown);
    if shown == whole { line } else { line.text(" ").link("read the rest", &pr.url) }
}

/// What stands in the way of merging it, or what is still to be done.
fn in_the_way(picture: &Picture) -> Vec<Line> {
    if !picture.pr.is_open() {
        return Vec::new();
    }
    let reasons = picture.mergeable.as_ref().filter(|mergeable| mergeable.can != Some(true));
    let reasons = reasons.into_iter().flat_map(|mergeable| &mergeable.reasons);
    let reasons =
        reasons.take(NAMED).map(|reason| Line::new().text("In the way: ").text(clipped(reason, 300)));
    let open = picture.tasks.iter().flatten().filter(|task| !task.done);
    let open = open.take(NAMED).map(|task| {
        let asked = format!(" ({})", task.author.name);
        Line::new().text("To do: ").text(clipped(&task.text, 200)).text(asked)
    });
    reasons.chain(open).collect()
}

fn facts(picture: &Picture) -> Vec<Line> {
    let builds = picture.builds.as_ref().filter(|builds| !builds.is_empty());
    let tasks = picture.tasks.as_ref().filter(|tasks| !tasks.is_empty()).map(|tasks| {
        let open = tasks.iter().filter(|task| !task.done).count();
        Line::new().text(format!("{open} of {} open", counted(tasks.len(), "task", "tasks")))
    });
    let size =
        picture.changes.as_ref().map(|changes| Line::new().text(diff::size(&changes.files, changes.more)));
    let comments = picture.pr.comments.filter(|count| *count > 0);
    let comments = comments.and_then(|count| usize::try_from(count).ok());
    let comments = comments.map(|count| Line::new().text(counted(count, "comment", "comments")));
    let opened =
        (picture.pr.created_at > 0).then(|| Line::new().text("opened ").moment(picture.pr.created_at));
    [builds.map(|builds| tally(builds)), tasks, size, comments, opened].into_iter().flatten().collect()
}

/// How many checks passed, and which did not.
fn tally(builds: &[Build]) -> Line {
    let failed: Vec<&str> = builds
        .iter()
        .filter(|build| build.state == BuildState::Failed)
        .map(|build| build.name.as_str())
        .take(NAMED)
        .collect();
    let line = Line::new().text(checks::tally(builds));
    if failed.is_empty() {
        line
    } else {
        line.text(format!("; failed: {}", clipped(&failed.join(", "), 200)))
    }
}
