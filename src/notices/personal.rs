//! Whom an event concerns in person, and what they are told of it in private. Nobody is told of their own deed.

use std::collections::BTreeSet;

use super::lines::quoting;
use crate::bitbucket::event::{BuildReport, Remark, Subject};
use crate::bitbucket::{Event, Kind};
use crate::news::{Item, Known, News, asked};
use crate::words::build::BuildState;
use crate::words::merge::Mergeability;
use crate::words::message::Line;
use crate::words::names::{PersonId, RepoName, Topic};
use crate::words::notice::{About, Notice, Whisper};
use crate::words::pull_request::{PullRequest, Verdict};

/// An event, and what was found out for the sake of those it concerns.
#[derive(Debug, Clone, Copy)]
pub struct Ears<'a> {
    /// The event.
    pub event: &'a Event,
    /// What is known besides.
    pub known: &'a Known,
    /// What there is to tell of it.
    pub news: &'a [News],
    /// Who said what a comment answers.
    pub answered: Option<&'a PersonId>,
    /// Whom it newly mentions.
    pub mentioned: &'a [PersonId],
    /// Who pushed the commit that was built, and to which branch.
    pub pushed_by: Option<&'a (PersonId, String)>,
}

/// Something to tell a person on Bitbucket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// Whom.
    pub to: PersonId,
    /// What.
    pub whisper: Whisper,
    /// What makes it this and nothing else: the same is told once.
    pub identity: String,
}

/// All that an event is to tell people in private, each of them one thing: what asks most of them.
pub fn told(ears: &Ears<'_>) -> Vec<Told> {
    let event = ears.event;
    let mut all = match (&event.pull_request, &event.subject) {
        // Of a deed of nobody knows whom it may be their own.
        (Some(_), _) if event.actor.id.as_str().is_empty() => Vec::new(),
        (Some(pr), _) => {
            let mut all = verdict(event, pr);
            all.extend(remark(ears, pr));
            all.extend(reviews(ears, pr));
            all.extend(described(ears, pr));
            all.retain(|told| told.to != event.actor.id);
            all
        }
        // That a build failed is nobody's own deed, in whose name it may be reported.
        (None, Subject::Build(report)) => builds(ears, report),
        _ => Vec::new(),
    };
    let mut heard = BTreeSet::new();
    all.retain(|told| !told.to.as_str().is_empty() && heard.insert(told.to.clone()));
    all
}

fn whisper(kind: Notice, pr: &PullRequest, line: Line) -> Whisper {
    let about = About::PullRequest(pr.name.clone());
    Whisper { kind, about, line, by: None, head: None, comment: None, build: None }
}

fn actor(event: &Event) -> Line {
    Line::new().bold(&event.actor.name)
}

/// What its author hears of what others decide.
fn verdict(event: &Event, pr: &PullRequest) -> Vec<Told> {
    let (kind, line) = match event.kind {
        Kind::Approved => (Notice::Approved, actor(event).text(" approved your pull request.")),
        Kind::ChangesRequested => {
            (Notice::ChangesRequested, actor(event).text(" asks for changes to your pull request."))
        }
        Kind::Merged => {
            (Notice::Merged, actor(event).text(" merged your pull request into ").code(&pr.target).text("."))
        }
        Kind::Declined => (Notice::Declined, actor(event).text(" declined your pull request.")),
        _ => return Vec::new(),
    };
    let by = Some(event.actor.id.clone());
    let identity = format!("{kind}:{}:{}:{}", pr.name, event.actor.id, event.at);
    vec![Told { to: pr.author.id.clone(), whisper: Whisper { by, ..whisper(kind, pr, line) }, identity }]
}

/// What was said: to whom it answers, whom it mentions, and whose pull request it is about.
fn remark(ears: &Ears<'_>, pr: &PullRequest) -> Vec<Told> {
    let event = ears.event;
    let (Kind::Commented, Subject::Remark(remark)) = (event.kind, &event.subject) else {
        return Vec::new();
    };
    let answered = ears.answered.map(|to| (to, Notice::Replied, "answered your comment"));
    let mentioned = ears.mentioned.iter().map(|to| (to, Notice::Mentioned, "mentioned you"));
    let did = if remark.task { "set a task" } else { "commented" };
    let author = (&pr.author.id, Notice::Commented, did);
    let identity = match remark.id {
        Some(id) => format!("said:{}:{id}", pr.name),
        None => format!("said:{}:{}:{}", pr.name, event.actor.id, event.at),
    };
    let told = |(to, kind, did): (&PersonId, Notice, &str)| Told {
        to: to.clone(),
        whisper: Whisper { comment: remark.id, ..whisper(kind, pr, speech(event, did, remark)) },
        identity: identity.clone(),
    };
    answered.into_iter().chain(mentioned).chain([author]).map(told).collect()
}

fn speech(event: &Event, did: &str, remark: &Remark) -> Line {
    let line = actor(event).text(" ");
    let line = match &remark.url {
        Some(url) => line.link(did, url),
        None => line.text(did),
    };
    quoting(line, remark)
}

/// What is asked of its reviewers. A draft asks nobody.
fn reviews(ears: &Ears<'_>, pr: &PullRequest) -> Vec<Told> {
    let event = ears.event;
    if !pr.is_open() || pr.draft {
        return Vec::new();
    }
    let is = |topic| {
        ears.news.iter().any(|one| matches!(one.item, Item::PullRequest) && one.topics.contains(&topic))
    };
    let before = ears.known.before.as_ref().filter(|before| before.updated_at <= pr.updated_at);
    let fresh = event.kind == Kind::Opened || is(Topic::Ready);
    let added = |person: &PersonId| match (&event.subject, before) {
        (Subject::Asked(people), _) => people.contains(person),
        (_, Some(before)) => !asked(before).contains(person),
        _ => false,
    };
    let said_before = |person: &PersonId| {
        let review = before?.reviews.iter().find(|review| review.asked && review.person.id == *person)?;
        Some(review.verdict).filter(|verdict| *verdict != Verdict::Waiting)
    };
    let waiting = pr.reviews.iter().filter(|review| review.asked && review.verdict == Verdict::Waiting);
    let others = waiting.filter(|review| review.person.id != pr.author.id);
    let told = others.filter_map(|review| {
        let to = &review.person.id;
        let (kind, line) = if fresh {
            (Notice::ReviewAsked, actor(event).text(" asks for your review."))
        } else if added(to) {
            (Notice::ReviewerAdded, actor(event).text(" added you as a reviewer."))
        } else {
            (Notice::ReviewAgain, again(event, said_before(to)?))
        };
        let identity = format!("review:{}:{}", pr.name, event.at);
        Some(Told { to: to.clone(), whisper: whisper(kind, pr, line), identity })
    });
    told.collect()
}

fn again(event: &Event, said: Verdict) -> Line {
    let what = if said == Verdict::Approved { "your approval" } else { "your request for changes" };
    actor(event).text(format!(" asks for your review again: {what} no longer counts."))
}

/// Whom its description mentions.
fn described(ears: &Ears<'_>, pr: &PullRequest) -> Vec<Told> {
    let event = ears.event;
    if !matches!(event.kind, Kind::Opened | Kind::Updated) {
        return Vec::new();
    }
    let told = |to: &PersonId| Told {
        to: to.clone(),
        whisper: whisper(Notice::Mentioned, pr, actor(event).text(" mentioned you in the description.")),
        identity: format!("described:{}:{}", pr.name, event.at),
    };
    ears.mentioned.iter().map(told).collect()
}

/// Whose branch broke, or works again: who wrote the pull request, and who pushed the commit.
fn builds(ears: &Ears<'_>, report: &BuildReport) -> Vec<Told> {
    let failed_before = ears.known.failed_before == Some(true);
    let (kind, ended) = match report.build.state {
        BuildState::Failed if failed_before => (Notice::BuildFailed, " still fails"),
        BuildState::Failed => (Notice::BuildFailed, " failed"),
        BuildState::Passed if failed_before => (Notice::BuildFixed, " works again"),
        _ => return Vec::new(),
    };
    let repo = &ears.event.repo;
    let branch = report.branch.as_deref().or(ears.pushed_by.map(|(_, branch)| branch.as_str()));
    let place = report.hash.as_deref().or(report.branch.as_deref()).unwrap_or_default();
    let whisper = |about: About| Whisper {
        kind,
        about,
        line: build(report, branch, ended),
        by: None,
        head: report.hash.clone(),
        comment: None,
        build: Some(report.build.key.clone()),
    };
    let told = |to: &PersonId, about: About| Told {
        to: to.clone(),
        whisper: whisper(about),
        identity: format!("{kind}:{repo}:{place}:{}", report.build.key),
    };
    let about = |pr: &PullRequest| About::PullRequest(pr.name.clone());
    let authors = ears.known.built.iter().map(|pr| told(&pr.author.id, about(pr)));
    let pushed = ears.pushed_by.map(|(to, branch)| told(to, built(ears, repo, branch)));
    authors.chain(pushed).collect()
}

fn built(ears: &Ears<'_>, repo: &RepoName, branch: &str) -> About {
    match ears.known.built.first() {
        Some(pr) => About::PullRequest(pr.name.clone()),
        None => About::Branch(repo.clone(), branch.to_owned()),
    }
}

fn build(report: &BuildReport, branch: Option<&str>, ended: &str) -> Line {
    let line = match &report.build.url {
        Some(url) => Line::new().link(&report.build.name, url),
        None => Line::new().bold(&report.build.name),
    };
    let line = line.text(ended);
    match branch {
        Some(branch) => line.text(" on ").code(branch).text("."),
        None => line.text("."),
    }
}

/// What its author is told of how it stands, asked of Bitbucket: that it conflicts, or that nothing known
/// stands in its way. Where only a try would tell, everybody who was asked has to have approved.
pub fn standing(pr: &PullRequest, found: &Mergeability) -> Option<Told> {
    let head = pr.head.clone()?;
    let (kind, line) = if found.conflicts {
        (Notice::Conflict, Line::new().text("It conflicts with ").code(&pr.target).text(" now."))
    } else {
        let asked = || pr.reviews.iter().filter(|review| review.asked);
        let enough = match found.can {
            Some(may) => may,
            None => asked().all(|review| review.verdict == Verdict::Approved),
        };
        let ripe = enough && !pr.draft && found.reasons.is_empty() && pr.approvals().next().is_some();
        let line = match found.can {
            Some(_) => "It is ready to merge.",
            None => "Nothing I can see stands in the way of merging it.",
        };
        (Notice::ReadyToMerge, ripe.then(|| Line::from(line))?)
    };
    let identity = format!("{kind}:{}:{head}", pr.name);
    let whisper = Whisper { head: Some(head), ..whisper(kind, pr, line) };
    Some(Told { to: pr.author.id.clone(), whisper, identity })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::pull_request::{Person, Review, State};

    fn pull_request(verdicts: &[Verdict]) -> PullRequest {
        let person = |name: String| Person { id: PersonId::new(&name), name, nickname: None };
        let review = |(at, verdict): (usize, &Verdict)| Review {
            person: person(format!("reviewer {at}")),
            verdict: *verdict,
            asked: true,
        };
        PullRequest {
            name: "cloud:web/api#1".parse().unwrap(),
            title: "Limit the rate".to_owned(),
            description: String::new(),
            author: person("grace".to_owned()),
            state: State::Open,
            draft: false,
            source: "limit-rate".to_owned(),
            source_repo: None,
            target: "main".to_owned(),
            head: Some("0123abcd".to_owned()),
            reviews: verdicts.iter().enumerate().map(review).collect(),
            comments: None,
            open_tasks: None,
            url: String::new(),
            created_at: 0,
            updated_at: 0,
            version: None,
            closed_by: None,
            fork_gone: false,
            merge_commit: None,
        }
    }

    fn says(verdicts: &[Verdict], can: Option<bool>, reasons: &[&str]) -> Option<String> {
        let reasons = reasons.iter().map(|reason| (*reason).to_owned()).collect();
        let found = Mergeability { can, conflicts: false, reasons };
        standing(&pull_request(verdicts), &found).map(|told| told.whisper.line.plain())
    }

    #[test]
    fn it_is_ready_when_somebody_approved_and_nothing_known_forbids_it() {
        use Verdict::{Approved, Waiting};
        let seen = "Nothing I can see stands in the way of merging it.";
        assert_eq!(says(&[Approved], None, &[]).as_deref(), Some(seen));
        assert_eq!(says(&[Approved, Waiting], None, &[]), None);
        assert_eq!(says(&[Approved, Waiting], Some(true), &[]).as_deref(), Some("It is ready to merge."));
        assert_eq!(says(&[Approved], Some(true), &["A build is still running."]), None);
        assert_eq!(says(&[Approved], Some(false), &["It needs 1 more approval."]), None);
        assert_eq!((says(&[], Some(true), &[]), says(&[Waiting], Some(true), &[])), (None, None));
    }
}
