//! The story of a pull request, line by line, as it stands in its thread.

use super::Telling;
use crate::bitbucket::Kind;
use crate::bitbucket::event::{Before, Remark, Subject};
use crate::news::asked;
use crate::words::build::BuildState;
use crate::words::message::Line;
use crate::words::names::Topic;
use crate::words::pull_request::PullRequest;

/// No more of what somebody wrote is shown.
const EXCERPT: usize = 200;

/// What is said of a topic; nothing where the card says it all.
pub(super) fn line(telling: &Telling<'_>, pr: &PullRequest, topic: Topic) -> Option<Line> {
    let event = telling.event;
    let actor = || Line::new().bold(&event.actor.name);
    let remark = match &event.subject {
        Subject::Remark(remark) => Some(remark),
        _ => None,
    };
    Some(match topic {
        Topic::Updated => updated(telling, pr, actor()),
        Topic::Pushed => actor().text(" pushed to ").code(&pr.source).text("."),
        Topic::Draft if event.kind != Kind::Opened => actor().text(" made it a draft again."),
        Topic::Ready => actor().text(" says it is ready for review."),
        Topic::Reviewers => reviewers(telling, pr, actor()),
        Topic::Approved => actor().text(" approved."),
        Topic::Unapproved => actor().text(" took the approval back."),
        Topic::ChangesRequested => actor().text(" asked for changes."),
        Topic::ChangesWithdrawn => actor().text(" no longer asks for changes."),
        Topic::Commented => said(actor(), " commented", remark?),
        Topic::CommentEdited => said(actor(), " edited a comment", remark?),
        Topic::CommentDeleted => actor().text(" deleted a comment."),
        Topic::CommentResolved if event.kind == Kind::ThreadReopened => {
            said(actor(), " opened a thread again", remark?)
        }
        Topic::CommentResolved => said(actor(), " resolved a thread", remark?),
        Topic::Task => match event.kind {
            Kind::ThreadResolved => said(actor(), " finished a task", remark?),
            Kind::ThreadReopened => said(actor(), " opened a task again", remark?),
            _ => said(actor(), " set a task", remark?),
        },
        Topic::Merged => actor().text(" merged this into ").code(&pr.target).text("."),
        Topic::Declined => actor().text(" declined this."),
        Topic::Reopened => Line::new().text("This is open again."),
        Topic::Deleted => actor().text(" deleted this pull request."),
        Topic::Conflict => Line::new()
            .text("This is in conflict with ")
            .code(&pr.target)
            .text(" now, which has to be resolved before it can be merged."),
        Topic::Checks => checks(telling)?,
        _ => return None,
    })
}

fn updated(telling: &Telling<'_>, pr: &PullRequest, actor: Line) -> Line {
    let said = match &telling.event.subject {
        Subject::Before(said) => said.clone(),
        _ => Before::default(),
    };
    let before = telling.known.before.as_ref();
    let title = said.title.or_else(|| before.map(|before| before.title.clone()));
    let text = said.description.or_else(|| before.map(|before| before.description.clone()));
    let target = said.target.or_else(|| before.map(|before| before.target.clone()));
    if target.is_some_and(|target| target != pr.target) {
        return actor.text(" wants it in ").code(&pr.target).text(" now.");
    }
    if title.is_some_and(|title| title != pr.title) {
        return actor.text(" calls it ").bold(&pr.title).text(" now.");
    }
    if text.is_some_and(|text| text != pr.description) {
        return actor.text(" changed the description.");
    }
    actor.text(" changed it.")
}

fn reviewers(telling: &Telling<'_>, pr: &PullRequest, actor: Line) -> Line {
    let Some(before) = &telling.known.before else {
        return actor.text(" changed who is asked to review.");
    };
    let named = |of: &PullRequest, less: &PullRequest| {
        let others = asked(less);
        let new = of.reviews.iter().filter(|one| one.asked && !others.contains(&one.person.id));
        new.map(|one| one.person.name.clone()).collect::<Vec<_>>().join(", ")
    };
    match (named(pr, before).as_str(), named(before, pr).as_str()) {
        ("", "") => actor.text(" changed who is asked to review."),
        (new, "") => actor.text(format!(" asked {new} to review.")),
        ("", gone) => actor.text(format!(" no longer asks {gone} to review.")),
        (new, gone) => actor.text(format!(" asked {new} to review instead of {gone}.")),
    }
}

/// What somebody said, and where.
pub(super) fn said(actor: Line, did: &str, remark: &Remark) -> Line {
    quoting(actor.text(did), remark)
}

/// Where something was said, and its words.
pub(super) fn quoting(line: Line, remark: &Remark) -> Line {
    let line = match (&remark.path, remark.line) {
        (Some(path), Some(at)) => line.text(" on ").code(format!("{path}:{at}")),
        (Some(path), None) => line.text(" on ").code(path),
        _ => line,
    };
    let words = remark.text.split_whitespace().collect::<Vec<_>>().join(" ");
    if words.is_empty() {
        return line.text(".");
    }
    let more = if words.chars().count() > EXCERPT { "…" } else { "" };
    let shown: String = words.chars().take(EXCERPT).collect();
    line.text(format!(": {shown}{more}"))
}

fn checks(telling: &Telling<'_>) -> Option<Line> {
    let Subject::Build(report) = &telling.event.subject else {
        return None;
    };
    let ended = if report.build.state == BuildState::Failed { " failed." } else { " passed." };
    let line = Line::new();
    let line = match &report.build.url {
        Some(url) => line.link(&report.build.name, url),
        None => line.bold(&report.build.name),
    };
    Some(line.text(ended))
}
