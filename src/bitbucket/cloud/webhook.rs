//! A delivery of Bitbucket Cloud, read into an event.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use crate::bitbucket::event::{BuildReport, Dropped, Event, Kind, RefKind, RefMove, Remark, Subject};
use crate::bitbucket::lenient::{Listed, Maybe, Moment, read as read_body};
use crate::bitbucket::site::Home;
use crate::words::build::{Build, BuildState};
use crate::words::names::RepoName;

use super::wire::{Account, Commit, Hashed, PullRequest, Repository, Summary, person};

#[derive(Default, Deserialize)]
#[serde(default)]
struct Delivery {
    actor: Maybe<Account>,
    repository: Maybe<Repository>,
    pullrequest: Maybe<PullRequest>,
    approval: Maybe<Stamp>,
    changes_request: Maybe<Stamp>,
    comment: Maybe<Said>,
    commit: Maybe<Hashed>,
    push: Maybe<Push>,
    commit_status: Maybe<Status>,
    fork: Maybe<Repository>,
    changes: Maybe<BTreeMap<String, Value>>,
}

/// Cloud dates the deed, never the delivery.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Stamp {
    date: Maybe<Moment>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Said {
    id: Maybe<u64>,
    content: Maybe<Summary>,
    inline: Maybe<Inline>,
    parent: Maybe<Parent>,
    updated_on: Maybe<Moment>,
    created_on: Maybe<Moment>,
    links: Maybe<Links>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Parent {
    id: Maybe<u64>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Inline {
    path: Maybe<String>,
    from: Maybe<u64>,
    to: Maybe<u64>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Links {
    html: Maybe<Link>,
    commit: Maybe<Link>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Link {
    href: Maybe<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Push {
    changes: Listed<Change>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Change {
    old: Maybe<End>,
    new: Maybe<End>,
    forced: Maybe<bool>,
    truncated: Maybe<bool>,
    commits: Listed<Commit>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct End {
    #[serde(rename = "type")]
    kind: Maybe<String>,
    name: Maybe<String>,
    target: Maybe<Hashed>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Status {
    key: Maybe<String>,
    name: Maybe<String>,
    description: Maybe<String>,
    state: Maybe<String>,
    url: Maybe<String>,
    refname: Maybe<String>,
    updated_on: Maybe<Moment>,
    links: Maybe<Links>,
}

/// Reads it; `now` is when it happened if nothing in it says so.
pub(in crate::bitbucket) fn read(home: &Home, kind: Kind, body: &[u8], now: i64) -> Result<Event, Dropped> {
    let mut delivery: Delivery = read_body(body)?;
    let around = delivery.repository.as_ref().and_then(|repo| repo.name(home));
    let by_bot = delivery.actor.as_ref().is_some_and(Account::is_bot);
    let actor = person(std::mem::take(&mut delivery.actor));
    let at = delivery.at();
    let event = match kind {
        Kind::RefsChanged
        | Kind::BuildReported
        | Kind::CommitCommented
        | Kind::Forked
        | Kind::RepoUpdated
        | Kind::RepoTransferred => {
            let repo = around.clone().ok_or(Dropped::Lacks("the repository's name"))?;
            Event::of(kind, actor, repo, at.unwrap_or(now))
        }
        _ => {
            let pr = delivery.pullrequest.0.take().ok_or(Dropped::Lacks("the pull request"))?;
            let pr = pr.decode(home, around.as_ref())?;
            let at = at.or(Some(pr.updated_at).filter(|at| *at > 0)).unwrap_or(now);
            Event::about(kind, actor, pr, at)
        }
    };
    let subject = delivery.subject(home, kind, &event.repo)?;
    Ok(event.with(subject, by_bot))
}

impl Delivery {
    fn at(&self) -> Option<i64> {
        let stamps = [&self.approval, &self.changes_request];
        let said = self.comment.as_ref().and_then(|said| said.updated_on.or(said.created_on.0));
        let built = self.commit_status.as_ref().and_then(|status| status.updated_on.0);
        let dated = stamps.into_iter().find_map(|stamp| stamp.as_ref()?.date.0);
        dated.or(said).or(built).map(|at| at.0)
    }

    fn subject(self, home: &Home, kind: Kind, repo: &RepoName) -> Result<Subject, Dropped> {
        Ok(match kind {
            Kind::RefsChanged => {
                let push = self.push.0.ok_or(Dropped::Lacks("what was pushed"))?;
                let moves = push.changes.0.into_iter().filter_map(|change| change.decode(home, repo));
                Subject::Refs(moves.collect())
            }
            Kind::BuildReported => {
                let status = self.commit_status.0.ok_or(Dropped::Lacks("the build"))?;
                Subject::Build(status.decode())
            }
            Kind::CommitCommented => {
                let commit = self.commit.0.and_then(|commit| commit.hash.0);
                let said = self.comment.0.ok_or(Dropped::Lacks("the comment"))?;
                Subject::Remark(Remark { commit, ..said.decode() })
            }
            Kind::Forked => Subject::Fork(self.fork.as_ref().and_then(|fork| fork.name(home))),
            Kind::RepoUpdated | Kind::RepoTransferred => {
                let changes = self.changes.0.unwrap_or_default();
                let was = changes.get("full_name").and_then(|change| change["old"].as_str()?.split_once('/'));
                let was = was.and_then(|(owner, slug)| home.repo(owner, slug)).filter(|was| was != repo);
                Subject::Repository(was, changes.into_keys().collect())
            }
            _ => self.comment.0.map_or(Subject::Nothing, |said| Subject::Remark(said.decode())),
        })
    }
}

impl Said {
    fn decode(self) -> Remark {
        let inline = self.inline.0.unwrap_or_default();
        Remark {
            id: self.id.0,
            text: self.content.0.and_then(|content| content.raw.0).unwrap_or_default(),
            answers: self.parent.0.and_then(|parent| parent.id.0),
            line: inline.to.or(inline.from.0),
            path: inline.path.0,
            url: self.links.0.and_then(|links| links.html.0?.href.0),
            ..Remark::default()
        }
    }
}

impl Change {
    /// None where neither end has a name.
    fn decode(self, home: &Home, repo: &RepoName) -> Option<RefMove> {
        let hash = |end: &Maybe<End>| end.as_ref().and_then(|end| end.target.as_ref()?.hash.0.clone());
        let (old, new) = (hash(&self.old), hash(&self.new));
        let (was, is) = (self.old.is_some(), self.new.is_some());
        let end = self.new.0.or(self.old.0)?;
        let kind = match end.kind.as_deref() {
            Some("tag" | "annotated_tag") => RefKind::Tag,
            _ => RefKind::Branch,
        };
        let compared = match (&old, &new) {
            (Some(old), Some(new)) => {
                Some(home.page(&[&repo.owner, &repo.slug, "branches", "compare", &format!("{new}..{old}")]))
            }
            (_, Some(new)) => Some(home.page(&[&repo.owner, &repo.slug, "commits", new])),
            _ => None,
        };
        let unnamed = || String::from("?");
        Some(RefMove {
            kind,
            name: end.name.0?,
            old: was.then(|| old.unwrap_or_else(unnamed)),
            new: is.then(|| new.unwrap_or_else(unnamed)),
            forced: Some(self.forced.unwrap_or_default()),
            commits: self.commits.0.into_iter().filter_map(|commit| commit.decode(home, repo).ok()).collect(),
            cut: self.truncated.unwrap_or_default(),
            url: compared,
        })
    }
}

impl Status {
    fn decode(self) -> BuildReport {
        let key = self.key.0.unwrap_or_default();
        let hash = self.links.0.and_then(|links| links.commit.0?.href.0);
        let hash = hash.and_then(|href| href.rsplit('/').next().map(str::to_owned));
        BuildReport {
            build: Build {
                name: self.name.0.filter(|name| !name.is_empty()).unwrap_or_else(|| key.clone()),
                key,
                state: match self.state.as_deref() {
                    Some("SUCCESSFUL") => BuildState::Passed,
                    Some("FAILED") => BuildState::Failed,
                    Some("INPROGRESS") => BuildState::Running,
                    Some("STOPPED") => BuildState::Stopped,
                    _ => BuildState::Unknown,
                },
                description: self.description.0.unwrap_or_default(),
                url: self.url.0.filter(|url| url.starts_with("http://") || url.starts_with("https://")),
                at: self.updated_on.map_or(0, |at| at.0),
            },
            hash: hash.filter(|hash| hash.len() >= 7 && hash.chars().all(|c| c.is_ascii_hexdigit())),
            branch: self.refname.0,
        }
    }
}
