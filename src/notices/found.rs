//! What was found by looking, without any webhook: how a pull request stands beside how it was told last becomes
//! the same events that webhooks would have brought.

use serde::{Deserialize, Serialize};

use crate::bitbucket::event::{Before, Remark, Subject};
use crate::bitbucket::{Event, Kind};
use crate::news::asked;
use crate::words::comment::{Activity, Comment, Deed};
use crate::words::pull_request::{Person, PullRequest, Review, State, Verdict};

/// No more comments of one look are told: the newest.
const COMMENTS: usize = 10;

/// A pull request as it was seen by looking, with what else was asked about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sight {
    /// How it stands.
    pub pr: PullRequest,
    /// What happened to it, the newest first, where that was asked.
    pub story: Vec<Activity>,
    /// The comments that may not have been told.
    pub comments: Vec<Comment>,
    /// When all about it was told by looking the time before: so that no two sights are the same.
    pub after: Option<i64>,
}

/// What happened since it was told last, the oldest first. Nothing where something newer was told.
pub fn found(before: Option<&PullRequest>, sight: &Sight) -> Vec<Event> {
    let pr = &sight.pr;
    let Some(before) = before else {
        let opened = event(pr, Kind::Opened, (pr.author.clone(), pr.created_at));
        return if pr.is_open() { vec![opened] } else { Vec::new() };
    };
    if is_newer(before, pr) {
        return Vec::new();
    }
    let mut events: Vec<Event> = Vec::new();
    if differs(before, pr) {
        events.push(changed(before, sight));
    }
    events.extend(verdicts(before, sight));
    events.extend(sight.comments.iter().rev().take(COMMENTS).map(|comment| commented(pr, comment)));
    events.extend(closed(before, sight));
    events.sort_by_key(|event| (is_closing(event.kind), event.at));
    events
}

/// Whether only the story tells who did what is different.
pub fn lacks_actor(before: &PullRequest, pr: &PullRequest) -> bool {
    differs(before, pr) || (before.is_open() && !pr.is_open() && pr.closed_by.is_none())
}

/// Whether all that an event says was told by looking before it came.
pub fn is_old_news(
    event: &Event,
    told: Option<&PullRequest>,
    (seen_at, remarks): (Option<i64>, &[u64]),
) -> bool {
    if let (Kind::Commented, Subject::Remark(Remark { id: Some(id), .. })) = (event.kind, &event.subject) {
        return remarks.contains(id);
    }
    let (Some(told), Some(pr), Some(seen_at)) = (told, &event.pull_request, seen_at) else {
        return false;
    };
    let said = told.reviews.iter().find(|review| review.person.id == event.actor.id);
    let verdict = said.map_or(Verdict::Waiting, |review| review.verdict);
    let so = match event.kind {
        Kind::Opened => true,
        Kind::Updated | Kind::Pushed | Kind::ReviewersChanged => pr.updated_at == told.updated_at,
        Kind::Approved => verdict == Verdict::Approved,
        Kind::Unapproved => verdict != Verdict::Approved,
        Kind::ChangesRequested => verdict == Verdict::NeedsWork,
        Kind::ChangesWithdrawn => verdict != Verdict::NeedsWork,
        Kind::Merged | Kind::Declined | Kind::Deleted => told.state == pr.state,
        // Nobody sees these by looking.
        _ => return false,
    };
    event.at <= seen_at && (so || pr.updated_at < told.updated_at)
}

fn is_newer(one: &PullRequest, other: &PullRequest) -> bool {
    match (one.version, other.version) {
        (Some(one), Some(other)) if one != other => one > other,
        _ => one.updated_at > other.updated_at,
    }
}

/// Whether the same was said of it, and the same people are asked about the same commit.
fn differs(before: &PullRequest, pr: &PullRequest) -> bool {
    let same_head = match (&before.head, &pr.head) {
        // Cloud cuts hashes short in places.
        (Some(was), Some(is)) => was.starts_with(is.as_str()) || is.starts_with(was.as_str()),
        _ => true,
    };
    let reopened = !before.is_open() && pr.is_open();
    before.title != pr.title
        || before.description != pr.description
        || before.target != pr.target
        || before.draft != pr.draft
        || asked(before) != asked(pr)
        || !same_head
        || reopened
}

fn event(pr: &PullRequest, kind: Kind, (actor, at): (Person, i64)) -> Event {
    Event {
        kind,
        actor,
        by_bot: false,
        repo: pr.name.repo.clone(),
        pull_request: Some(pr.clone()),
        subject: Subject::Nothing,
        at,
    }
}

/// Who did this last and when, as far as the story tells.
fn last(sight: &Sight, did: impl Fn(&Activity) -> bool) -> (Person, i64) {
    let step = sight.story.iter().find(|step| did(step));
    step.map_or_else(|| (Person::unknown(), sight.pr.updated_at), |step| (step.by.clone(), step.at))
}

/// What is different besides is seen beside how it was told.
fn changed(before: &PullRequest, sight: &Sight) -> Event {
    let pr = &sight.pr;
    let other = |was: &String, is: &String| (was != is).then(|| was.clone());
    let said = Before {
        title: other(&before.title, &pr.title),
        description: other(&before.description, &pr.description),
        target: other(&before.target, &pr.target),
        draft: (before.draft != pr.draft).then_some(before.draft),
    };
    let by = last(sight, |step| matches!(step.deed, Deed::Updated | Deed::Reopened));
    Event { subject: Subject::Before(said), ..event(pr, Kind::Updated, by) }
}

fn verdicts(before: &PullRequest, sight: &Sight) -> Vec<Event> {
    let verdict = |of: &PullRequest, review: &Review| {
        let found = of.reviews.iter().find(|one| one.person.id == review.person.id);
        found.map_or(Verdict::Waiting, |one| one.verdict)
    };
    let now = sight.pr.reviews.iter().map(|one| (one, verdict(before, one), one.verdict));
    let silent = before
        .reviews
        .iter()
        .filter(|one| !sight.pr.reviews.iter().any(|now| now.person.id == one.person.id));
    let silent = silent.map(|one| (one, one.verdict, Verdict::Waiting));
    let each = now.chain(silent).filter_map(|(review, was, is)| {
        let (kind, deed) = match (was, is) {
            (was, is) if was == is => return None,
            (_, Verdict::Approved) => (Kind::Approved, Deed::Approved),
            (_, Verdict::NeedsWork) => (Kind::ChangesRequested, Deed::ChangesRequested),
            (Verdict::NeedsWork, Verdict::Waiting) => (Kind::ChangesWithdrawn, Deed::Unapproved),
            (_, Verdict::Waiting) => (Kind::Unapproved, Deed::Unapproved),
        };
        let (_, at) = last(sight, |step| step.deed == deed && step.by.id == review.person.id);
        Some(event(&sight.pr, kind, (review.person.clone(), at)))
    });
    each.collect()
}

fn commented(pr: &PullRequest, comment: &Comment) -> Event {
    let remark = Remark {
        id: Some(comment.id),
        text: comment.text.clone(),
        answers: comment.reply_to,
        path: comment.anchor.as_ref().map(|anchor| anchor.path.clone()),
        line: comment.anchor.as_ref().and_then(|anchor| anchor.line),
        ..Remark::default()
    };
    let by = (comment.author.clone(), comment.at);
    Event { subject: Subject::Remark(remark), ..event(pr, Kind::Commented, by) }
}

fn closed(before: &PullRequest, sight: &Sight) -> Option<Event> {
    let pr = &sight.pr;
    let (kind, deed) = match pr.state {
        state if state == before.state => return None,
        State::Merged => (Kind::Merged, Deed::Merged),
        State::Declined => (Kind::Declined, Deed::Declined),
        State::Deleted => (Kind::Deleted, Deed::Other("deleted".to_owned())),
        // Nobody is told of what was replaced, but its card says so.
        State::Superseded => (Kind::Updated, Deed::Updated),
        State::Open => return None,
    };
    let (by, at) = last(sight, |step| step.deed == deed);
    let by = pr.closed_by.clone().unwrap_or(by);
    let mut closed = event(pr, kind, (by.clone(), at));
    if let Some(pr) = closed.pull_request.as_mut().filter(|_| !by.id.as_str().is_empty()) {
        pr.closed_by.get_or_insert(by);
    }
    Some(closed)
}

fn is_closing(kind: Kind) -> bool {
    matches!(kind, Kind::Merged | Kind::Declined | Kind::Deleted)
}
