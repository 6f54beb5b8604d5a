//! What there is to tell of an event: each thing with the topics that carry it, and the facts about it.

use std::collections::BTreeSet;

use super::Known;
use super::facts::{of_event, of_move, of_pull_request};
use crate::bitbucket::event::{Before, RefKind, RefMove, Subject};
use crate::bitbucket::{Event, Kind};
use crate::words::build::BuildState;
use crate::words::filter::Facts;
use crate::words::names::{PersonId, Topic};
use crate::words::pull_request::{PullRequest, State};

/// One thing to tell.
#[derive(Debug, Clone)]
pub struct News {
    /// The topics that carry it.
    pub topics: BTreeSet<Topic>,
    /// What is known of it.
    pub facts: Facts,
    /// What it is about.
    pub item: Item,
    /// Whether it counts as something on the main branch only where that is its branch.
    pub branch: Option<String>,
}

/// What news is about.
#[derive(Debug, Clone)]
pub enum Item {
    /// The event's pull request.
    PullRequest,
    /// The event's branch or tag of this place in its list.
    Move(usize),
    /// A pull request whose newest commit was built.
    Checks(Box<PullRequest>),
    /// The repository, or a build or commit in it.
    Repository,
}

/// All there is to tell of an event.
pub fn news(event: &Event, known: &Known) -> Vec<News> {
    if let Some(pr) = &event.pull_request {
        let topics = of_change(event, pr, known.before.as_ref());
        return vec![News {
            topics,
            facts: of_pull_request(event, pr),
            item: Item::PullRequest,
            branch: None,
        }];
    }
    match &event.subject {
        Subject::Refs(moves) => {
            let each = moves.iter().enumerate().map(|(at, moved)| News {
                topics: BTreeSet::from([of_ref(moved)]),
                facts: of_move(event, moved),
                item: Item::Move(at),
                branch: (moved.kind == RefKind::Branch).then(|| moved.name.clone()),
            });
            each.collect()
        }
        Subject::Build(report) => {
            let ended = matches!(report.build.state, BuildState::Passed | BuildState::Failed);
            let checks = known.built.iter().map(|pr| News {
                // A build that goes on is shown on the card, and not worth a line.
                topics: ended.then_some(Topic::Checks).into_iter().collect(),
                facts: Facts { bot: false, ..of_pull_request(event, pr) },
                item: Item::Checks(Box::new(pr.clone())),
                branch: None,
            });
            let topics = of_build(report.build.state, known.failed_before == Some(true));
            std::iter::once(repository(event, topics)).chain(checks).collect()
        }
        _ => vec![repository(event, of_repository(event.kind).into_iter().collect())],
    }
}

fn repository(event: &Event, topics: BTreeSet<Topic>) -> News {
    News { topics, facts: of_event(event), item: Item::Repository, branch: None }
}

fn of_repository(kind: Kind) -> Option<Topic> {
    match kind {
        Kind::CommitCommented => Some(Topic::CommitCommented),
        Kind::Forked => Some(Topic::Forked),
        Kind::RepoUpdated => Some(Topic::RepoUpdated),
        Kind::RepoTransferred => Some(Topic::RepoTransferred),
        Kind::RightChanged => Some(Topic::Permissions),
        Kind::Deployed => Some(Topic::Deployment),
        _ => None,
    }
}

fn of_build(state: BuildState, failed_before: bool) -> BTreeSet<Topic> {
    match state {
        BuildState::Failed => BTreeSet::from([Topic::BuildFailed]),
        BuildState::Passed if failed_before => BTreeSet::from([Topic::BuildFixed, Topic::BuildPassed]),
        BuildState::Passed => BTreeSet::from([Topic::BuildPassed]),
        BuildState::Running => BTreeSet::from([Topic::BuildStarted]),
        BuildState::Stopped | BuildState::Unknown => BTreeSet::new(),
    }
}

fn of_ref(moved: &RefMove) -> Topic {
    match (moved.kind, moved.old.is_some(), moved.new.is_some()) {
        (RefKind::Tag, _, true) => Topic::TagCreated,
        (RefKind::Tag, _, false) => Topic::TagDeleted,
        (RefKind::Branch, false, _) => Topic::BranchCreated,
        (RefKind::Branch, true, false) => Topic::BranchDeleted,
        (RefKind::Branch, true, true) if moved.forced == Some(true) => Topic::ForcePush,
        (RefKind::Branch, true, true) => Topic::Push,
    }
}

fn of_change(event: &Event, pr: &PullRequest, before: Option<&PullRequest>) -> BTreeSet<Topic> {
    let mut topics: BTreeSet<Topic> = of_kind(event, pr).into_iter().collect();
    if event.kind == Kind::Updated {
        topics = what_changed(event, pr, before);
    }
    // What was known later says nothing of how it was before.
    let was_declined =
        before.is_some_and(|before| before.state == State::Declined && before.updated_at <= pr.updated_at);
    if was_declined && pr.is_open() {
        topics.insert(Topic::Reopened);
    }
    topics
}

fn of_kind(event: &Event, pr: &PullRequest) -> Option<Topic> {
    let task = matches!(&event.subject, Subject::Remark(remark) if remark.task);
    Some(match event.kind {
        Kind::Opened if pr.draft => Topic::Draft,
        Kind::Opened => Topic::Opened,
        Kind::Pushed => Topic::Pushed,
        Kind::ReviewersChanged => Topic::Reviewers,
        Kind::Approved => Topic::Approved,
        Kind::Unapproved => Topic::Unapproved,
        Kind::ChangesRequested => Topic::ChangesRequested,
        Kind::ChangesWithdrawn => Topic::ChangesWithdrawn,
        Kind::Merged => Topic::Merged,
        Kind::Declined => Topic::Declined,
        Kind::Deleted => Topic::Deleted,
        Kind::Commented | Kind::ThreadResolved | Kind::ThreadReopened if task => Topic::Task,
        Kind::Commented => Topic::Commented,
        Kind::CommentEdited => Topic::CommentEdited,
        Kind::CommentDeleted => Topic::CommentDeleted,
        Kind::ThreadResolved | Kind::ThreadReopened => Topic::CommentResolved,
        _ => return None,
    })
}

/// What is different from before. Where nothing was known before and nothing is said of it, it was updated.
fn what_changed(event: &Event, pr: &PullRequest, before: Option<&PullRequest>) -> BTreeSet<Topic> {
    let said = match &event.subject {
        Subject::Before(said) => said.clone(),
        _ => Before::default(),
    };
    let was = |said: Option<String>, known: fn(&PullRequest) -> &str| {
        said.or_else(|| before.map(|before| known(before).to_owned()))
    };
    let mut topics = BTreeSet::new();
    let words = was(said.title, |pr| &pr.title).is_some_and(|title| title != pr.title)
        || was(said.description, |pr| &pr.description).is_some_and(|text| text != pr.description)
        || was(said.target, |pr| &pr.target).is_some_and(|target| target != pr.target);
    let drafted = said.draft.or(before.map(|before| before.draft));
    if words {
        topics.insert(Topic::Updated);
    }
    match (drafted, pr.draft) {
        (Some(true), false) => topics.insert(Topic::Ready),
        (Some(false), true) => topics.insert(Topic::Draft),
        _ => false,
    };
    let Some(before) = before else {
        if topics.is_empty() {
            topics.insert(Topic::Updated);
        }
        return topics;
    };
    if before.head != pr.head && before.head.is_some() {
        topics.insert(Topic::Pushed);
    }
    if asked(before) != asked(pr) {
        topics.insert(Topic::Reviewers);
    }
    topics
}

/// Who is asked to review.
pub fn asked(pr: &PullRequest) -> BTreeSet<&PersonId> {
    pr.reviews.iter().filter(|review| review.asked).map(|review| &review.person.id).collect()
}
