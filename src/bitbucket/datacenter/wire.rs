//! Bodies as Bitbucket Data Center writes them, and what they mean in our words.

use serde::Deserialize;

use crate::bitbucket::lenient::{Lacks, Listed, Maybe, Moment};
use crate::bitbucket::site::Home;
use crate::words::commit;
use crate::words::names::{PersonId, PrName, RepoName};
use crate::words::pull_request::{self, Person, Review, State, Verdict};

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct User {
    pub name: Maybe<String>,
    pub slug: Maybe<String>,
    display_name: Maybe<String>,
    email_address: Maybe<String>,
    #[serde(rename = "type")]
    kind: Maybe<String>,
}

impl User {
    /// Whether it is no person.
    pub(super) fn is_bot(&self) -> bool {
        self.kind.as_deref() == Some("SERVICE")
    }

    /// Whether this is their address, whatever the case.
    pub(super) fn has_email(&self, email: &str) -> bool {
        self.email_address.as_ref().is_some_and(|theirs| theirs.eq_ignore_ascii_case(email.trim()))
    }

    /// Their address, where there is one.
    pub(super) fn email(self) -> Option<String> {
        self.email_address.0.filter(|email| email.contains('@'))
    }

    /// Whether the name or the address holds this, in lower case.
    fn holds(&self, typed: &str) -> bool {
        let names = [&self.name, &self.display_name, &self.email_address];
        names.iter().filter_map(|name| name.as_ref()).any(|name| name.to_lowercase().contains(typed))
    }

    pub(super) fn person(self) -> Person {
        let id = self.slug.0.or_else(|| self.name.0.clone());
        match self.display_name.0.or_else(|| self.name.0.clone()) {
            Some(name) => Person { id: PersonId::new(id.unwrap_or_default()), name, nickname: self.name.0 },
            None => Person { id: PersonId::new(id.unwrap_or_default()), ..Person::unknown() },
        }
    }
}

pub(super) fn person(user: Maybe<User>) -> Person {
    user.0.map_or_else(Person::unknown, User::person)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Project {
    key: Maybe<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Repository {
    pub id: Maybe<u64>,
    /// What it is a fork of.
    pub origin: Maybe<Box<Repository>>,
    slug: Maybe<String>,
    project: Maybe<Project>,
    description: Maybe<String>,
    public: Maybe<bool>,
    archived: Maybe<bool>,
}

impl Repository {
    pub(super) fn name(&self, home: &Home) -> Option<RepoName> {
        let project = self.project.as_ref()?;
        home.repo(project.key.as_deref()?, self.slug.as_deref()?)
    }

    pub(super) fn decode(
        &self,
        home: &Home,
        main_branch: Option<String>,
    ) -> Result<commit::Repository, Lacks> {
        let name = self.name(home).ok_or(Lacks("the repository's name"))?;
        Ok(commit::Repository {
            url: page(home, &name, &["browse"]),
            name,
            main_branch,
            description: self.description.0.clone().filter(|said| !said.trim().is_empty()),
            public: self.public.0 == Some(true),
            archived: self.archived.0 == Some(true),
        })
    }
}

pub(super) fn page(home: &Home, repo: &RepoName, rest: &[&str]) -> String {
    let path = ["projects", &repo.owner, "repos", &repo.slug];
    home.page(&[path.as_slice(), rest].concat())
}

/// A branch, whether it stands alone or is an end of a pull request.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Ref {
    id: Maybe<String>,
    display_id: Maybe<String>,
    pub latest_commit: Maybe<String>,
    repository: Maybe<Repository>,
}

impl Ref {
    pub(super) fn branch(&self) -> Option<String> {
        let id = self.id.as_deref().map(|id| id.strip_prefix("refs/heads/").unwrap_or(id));
        self.display_id.0.clone().or_else(|| id.map(str::to_owned))
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Participant {
    user: Maybe<User>,
    approved: Maybe<bool>,
    status: Maybe<String>,
}

impl Participant {
    fn review(self, asked: bool) -> Review {
        let verdict = match self.status.as_deref() {
            Some("APPROVED") => Verdict::Approved,
            Some("NEEDS_WORK") => Verdict::NeedsWork,
            None if self.approved.0 == Some(true) => Verdict::Approved,
            _ => Verdict::Waiting,
        };
        Review { person: person(self.user), verdict, asked }
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Properties {
    comment_count: Maybe<u64>,
    open_task_count: Maybe<u64>,
    merge_commit: Maybe<Commit>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct PullRequest {
    id: Maybe<u64>,
    pub version: Maybe<i64>,
    title: Maybe<String>,
    description: Maybe<String>,
    state: Maybe<String>,
    closed: Maybe<bool>,
    draft: Maybe<bool>,
    author: Maybe<Participant>,
    from_ref: Maybe<Ref>,
    to_ref: Maybe<Ref>,
    reviewers: Listed<Participant>,
    participants: Listed<Participant>,
    properties: Maybe<Properties>,
    created_date: Maybe<Moment>,
    updated_date: Maybe<Moment>,
}

impl PullRequest {
    /// The logins of those who are asked to review.
    pub(super) fn logins(&self) -> Vec<String> {
        let users = self.reviewers.0.iter().filter_map(|reviewer| reviewer.user.as_ref());
        users.filter_map(|user| user.name.0.clone()).collect()
    }

    pub(super) fn decode(self, home: &Home) -> Result<pull_request::PullRequest, Lacks> {
        let source = self.from_ref.0.unwrap_or_default();
        let target = self.to_ref.0.ok_or(Lacks("the pull request's destination"))?;
        let repo = target.repository.as_ref().and_then(|repo| repo.name(home));
        let repo = repo.ok_or(Lacks("the repository's name"))?;
        let number = self.id.0.filter(|id| *id > 0).ok_or(Lacks("the pull request's number"))?;
        let title = self.title.0.ok_or(Lacks("the pull request's title"))?;
        let author = self.author.0.unwrap_or_default();
        let source_repo = source.repository.as_ref().and_then(|from| from.name(home));
        let properties = self.properties.0.unwrap_or_default();
        let created_at = self.created_date.map_or(0, |at| at.0);
        Ok(pull_request::PullRequest {
            title,
            description: self.description.0.unwrap_or_default(),
            author: person(author.user),
            state: state(self.state.as_deref(), self.closed.unwrap_or_default()),
            draft: self.draft.unwrap_or_default(),
            source: source.branch().or_else(|| source.latest_commit.0.clone()).unwrap_or_default(),
            fork_gone: source_repo.is_none(),
            source_repo: source_repo.filter(|from| *from != repo),
            target: target.branch().ok_or(Lacks("the pull request's target branch"))?,
            head: source.latest_commit.0,
            reviews: reviews(self.reviewers.0, self.participants.0),
            comments: properties.comment_count.0,
            open_tasks: properties.open_task_count.0,
            url: page(home, &repo, &["pull-requests", &number.to_string()]),
            name: PrName { repo, number },
            created_at,
            updated_at: self.updated_date.map_or(created_at, |at| at.0),
            version: self.version.0,
            closed_by: None,
            merge_commit: properties.merge_commit.0.and_then(|commit| commit.id.0),
        })
    }
}

fn state(state: Option<&str>, closed: bool) -> State {
    match state {
        Some("MERGED") => State::Merged,
        Some("DECLINED") => State::Declined,
        _ if closed => State::Declined,
        _ => State::Open,
    }
}

/// Those who were asked, and those who spoke unasked.
fn reviews(reviewers: Vec<Participant>, participants: Vec<Participant>) -> Vec<Review> {
    let asked = reviewers.into_iter().map(|reviewer| reviewer.review(true));
    let unasked = participants.into_iter().map(|participant| participant.review(false));
    asked.chain(unasked.filter(|review| review.verdict != Verdict::Waiting)).collect()
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Commit {
    id: Maybe<String>,
    message: Maybe<String>,
    author: Maybe<User>,
    author_timestamp: Maybe<Moment>,
}

impl Commit {
    /// Whether the name or the address of its author holds this, in lower case.
    pub(super) fn is_by(&self, typed: &str) -> bool {
        self.author.as_ref().is_some_and(|author| author.holds(typed))
    }

    pub(super) fn decode(self, home: &Home, repo: &RepoName) -> Result<commit::Commit, Lacks> {
        let hash = self.id.0.ok_or(Lacks("the commit's hash"))?;
        Ok(commit::Commit {
            url: page(home, repo, &["commits", &hash]),
            hash,
            message: self.message.0.unwrap_or_default(),
            author: person(self.author).name,
            at: self.author_timestamp.map_or(0, |at| at.0),
        })
    }
}
