//! A delivery of Bitbucket Data Center, read into an event.

use serde::Deserialize;
use serde_json::Value;

use crate::bitbucket::event::{Before, Dropped, Event, Kind, RefKind, RefMove, Remark, Subject};
use crate::bitbucket::lenient::{Listed, Maybe, Moment, read as read_body};
use crate::bitbucket::site::Home;
use crate::words::names::RepoName;
use crate::words::pull_request::Person;

use super::comments;
use super::wire::{Commit, PullRequest, Ref, Repository, User, page, person};

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Delivery {
    date: Maybe<Moment>,
    actor: Maybe<User>,
    pull_request: Maybe<PullRequest>,
    /// The spelling of the Post Webhooks add-on.
    #[serde(rename = "pullrequest")]
    lower_case: Maybe<Value>,
    previous_title: Maybe<String>,
    previous_description: Maybe<String>,
    previous_target: Maybe<Ref>,
    previous_draft: Maybe<bool>,
    previous_status: Maybe<String>,
    previous_comment: Maybe<String>,
    comment: Maybe<Said>,
    comment_parent_id: Maybe<u64>,
    added_reviewers: Listed<User>,
    commit: Maybe<String>,
    repository: Maybe<Repository>,
    old: Maybe<Repository>,
    new: Maybe<Repository>,
    changes: Maybe<Listed<Change>>,
    commits: Listed<Commit>,
    /// Told of the first of the changes, where commits are told at all.
    to_commit: Maybe<Value>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Said {
    id: Maybe<u64>,
    text: Maybe<String>,
    severity: Maybe<String>,
    state: Maybe<String>,
    thread_resolved: Maybe<bool>,
    anchor: Maybe<Anchor>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Anchor {
    path: Maybe<String>,
    line: Maybe<u64>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Change {
    r#ref: Maybe<Name>,
    ref_id: Maybe<String>,
    from_hash: Maybe<String>,
    to_hash: Maybe<String>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Name {
    id: Maybe<String>,
    display_id: Maybe<String>,
}

/// Reads it; `now` is when it happened if nothing in it says so.
pub(in crate::bitbucket) fn read(home: &Home, kind: Kind, body: &[u8], now: i64) -> Result<Event, Dropped> {
    let mut delivery: Delivery = read_body(body)?;
    let by_bot = delivery.actor.as_ref().is_some_and(User::is_bot);
    let actor = person(std::mem::take(&mut delivery.actor));
    let at = delivery.date.map(|at| at.0);
    let event = match kind {
        Kind::RefsChanged | Kind::CommitCommented | Kind::Forked | Kind::RepoUpdated => {
            delivery.about_repository(home, kind, actor, at.unwrap_or(now))?
        }
        _ => delivery.about_pull_request(home, kind, actor, (at, now))?,
    };
    Ok(Event { by_bot, ..event })
}

impl Delivery {
    fn about_pull_request(
        mut self,
        home: &Home,
        kind: Kind,
        actor: Person,
        (at, now): (Option<i64>, i64),
    ) -> Result<Event, Dropped> {
        let missing = match self.lower_case.0 {
            Some(_) => Dropped::AddOn,
            None => Dropped::Lacks("the pull request"),
        };
        let pr = self.pull_request.0.take().ok_or(missing)?.decode(home)?;
        let at = at.or(Some(pr.updated_at).filter(|at| *at > 0)).unwrap_or(now);
        let (kind, mut subject) = self.about(kind);
        if let Subject::Remark(remark) = &mut subject {
            remark.url = remark.id.map(|id| comments::url(&pr, id));
        }
        Ok(Event::about(kind, actor, pr, at).with(subject, false))
    }

    /// What it is really about: settling a thread is told as an edit, and taking any verdict back alike.
    fn about(self, kind: Kind) -> (Kind, Subject) {
        let before = Before {
            title: self.previous_title.0,
            description: self.previous_description.0,
            target: self.previous_target.0.and_then(|target| target.branch()),
            draft: self.previous_draft.0,
        };
        match kind {
            Kind::Unapproved if self.previous_status.as_deref() == Some("NEEDS_WORK") => {
                (Kind::ChangesWithdrawn, Subject::Nothing)
            }
            Kind::Updated => (kind, Subject::Before(before)),
            Kind::ReviewersChanged => {
                let added = self.added_reviewers.0.into_iter().map(|user| user.person().id);
                (kind, Subject::Asked(added.collect()))
            }
            Kind::Commented | Kind::CommentEdited | Kind::CommentDeleted => {
                let said = self.comment.0.unwrap_or_default();
                let same = kind == Kind::CommentEdited && self.previous_comment.0 == said.text.0;
                let settled =
                    said.thread_resolved.0 == Some(true) || said.state.as_deref() == Some("RESOLVED");
                let kind = match (same, settled) {
                    (true, true) => Kind::ThreadResolved,
                    (true, false) => Kind::ThreadReopened,
                    _ => kind,
                };
                (kind, Subject::Remark(said.decode(self.comment_parent_id.0)))
            }
            _ => (kind, Subject::Nothing),
        }
    }

    fn about_repository(self, home: &Home, kind: Kind, actor: Person, at: i64) -> Result<Event, Dropped> {
        let named = |repo: &Maybe<Repository>| repo.as_ref().and_then(|repo| repo.name(home));
        let unnamed = Dropped::Lacks("the repository's name");
        match kind {
            Kind::RepoUpdated => {
                let new = named(&self.new).or_else(|| named(&self.repository)).ok_or(unnamed)?;
                let was = named(&self.old).filter(|was| *was != new);
                let moved = was.as_ref().is_some_and(|was| was.owner != new.owner);
                let kind = if moved { Kind::RepoTransferred } else { kind };
                let subject = Subject::Repository(was, Vec::new());
                Ok(Event::of(kind, actor, new, at).with(subject, false))
            }
            Kind::Forked => {
                let fork = self.repository.0.unwrap_or_default();
                let origin = fork.origin.as_ref().and_then(|origin| origin.name(home));
                let origin = origin.ok_or(Dropped::Lacks("the repository that was forked"))?;
                let subject = Subject::Fork(fork.name(home));
                Ok(Event::of(kind, actor, origin, at).with(subject, false))
            }
            Kind::CommitCommented => {
                let repo = named(&self.repository).ok_or(unnamed)?;
                let said = self.comment.0.ok_or(Dropped::Lacks("the comment"))?;
                let url = self.commit.as_ref().map(|hash| page(home, &repo, &["commits", hash]));
                let said = said.decode(self.comment_parent_id.0);
                let subject = Subject::Remark(Remark { commit: self.commit.0, url, ..said });
                Ok(Event::of(kind, actor, repo, at).with(subject, false))
            }
            _ => {
                let repo = named(&self.repository).ok_or(unnamed)?;
                let moves = self.moves(home, &repo)?;
                Ok(Event::of(kind, actor, repo, at).with(Subject::Refs(moves), false))
            }
        }
    }

    /// Commits are told from Data Center 10 on, and only of one change.
    fn moves(self, home: &Home, repo: &RepoName) -> Result<Vec<RefMove>, Dropped> {
        let changes = self.changes.0.ok_or(Dropped::Lacks("what was pushed"))?.0;
        let told = self.to_commit.is_some() && changes.len() == 1;
        let commits = self.commits.0.into_iter().filter_map(|commit| commit.decode(home, repo).ok());
        let mut commits: Vec<_> = if told { commits.collect() } else { Vec::new() };
        let decoded = changes.into_iter().filter_map(|change| change.decode(home, repo, told));
        Ok(decoded.map(|change| RefMove { commits: std::mem::take(&mut commits), ..change }).collect())
    }
}

impl Said {
    fn decode(self, answers: Option<u64>) -> Remark {
        let anchor = self.anchor.0.unwrap_or_default();
        Remark {
            id: self.id.0,
            text: self.text.0.unwrap_or_default(),
            task: self.severity.as_deref() == Some("BLOCKER"),
            answers,
            path: anchor.path.0,
            line: anchor.line.0,
            ..Remark::default()
        }
    }
}

impl Change {
    /// None where it has no name.
    fn decode(self, home: &Home, repo: &RepoName, told: bool) -> Option<RefMove> {
        let name = self.r#ref.0.unwrap_or_default();
        let id = name.id.0.or(self.ref_id.0)?;
        let kind = if id.starts_with("refs/tags/") { RefKind::Tag } else { RefKind::Branch };
        let short = id.trim_start_matches("refs/heads/").trim_start_matches("refs/tags/").to_owned();
        let there = |hash: Option<String>| hash.filter(|hash| hash.chars().any(|c| c != '0'));
        let (old, new) = (there(self.from_hash.0), there(self.to_hash.0));
        let url = match (&old, &new) {
            (Some(old), Some(new)) => {
                let compare = page(home, repo, &["compare", "commits"]);
                Some(format!("{compare}?sourceBranch={new}&targetBranch={old}"))
                    .filter(|url| !url.contains(char::is_whitespace))
            }
            (_, Some(new)) => Some(page(home, repo, &["commits", new])),
            _ => None,
        };
        Some(RefMove {
            kind,
            name: name.display_id.0.unwrap_or(short),
            forced: if old.is_some() && new.is_some() { None } else { Some(false) },
            cut: !told,
            old,
            new,
            commits: Vec::new(),
            url,
        })
    }
}
