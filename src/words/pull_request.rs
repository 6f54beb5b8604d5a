//! A pull request and the people around it, as either edition of Bitbucket would have us see them.

use serde::{Deserialize, Serialize};

use super::names::{PersonId, PrName, RepoName};

/// A person on Bitbucket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Who it is, for machines.
    pub id: PersonId,
    /// Who it is, for people.
    pub name: String,
    /// The short name people type, where there is one.
    pub nickname: Option<String>,
}

impl Person {
    /// Somebody Bitbucket no longer knows, or an app it does not name.
    pub fn unknown() -> Self {
        Self { id: PersonId::new(""), name: "someone".to_owned(), nickname: None }
    }
}

/// What a reviewer has said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Asked, and silent so far.
    Waiting,
    /// Approved.
    Approved,
    /// Wants changes.
    NeedsWork,
}

/// Somebody who takes part, and what they have said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Review {
    /// Who.
    pub person: Person,
    /// What they said.
    pub verdict: Verdict,
    /// Whether they were asked to review; others may approve too.
    pub asked: bool,
}

/// How a pull request stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Waiting to be merged.
    Open,
    /// Merged.
    Merged,
    /// Declined.
    Declined,
    /// Replaced by another (Cloud).
    Superseded,
    /// Deleted (Data Center).
    Deleted,
}

/// A pull request as it stood at one moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PullRequest {
    /// What it is called.
    pub name: PrName,
    /// Its title, as its author wrote it.
    pub title: String,
    /// Its description, as its author wrote it.
    pub description: String,
    /// Who wrote it.
    pub author: Person,
    /// How it stands.
    pub state: State,
    /// Whether it is still a draft.
    pub draft: bool,
    /// The branch that holds the change.
    pub source: String,
    /// The repository of that branch, where it is another one (a fork).
    pub source_repo: Option<RepoName>,
    /// Whether it came from a fork that was deleted since, or that may not be seen.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub fork_gone: bool,
    /// The branch it asks to change.
    pub target: String,
    /// The newest commit of the source, where known.
    pub head: Option<String>,
    /// Who was asked or has spoken.
    pub reviews: Vec<Review>,
    /// How many comments stand, where known.
    pub comments: Option<u64>,
    /// How many tasks are open, where known.
    pub open_tasks: Option<u64>,
    /// Where to read it in a browser.
    pub url: String,
    /// When it was opened, in epoch milliseconds.
    pub created_at: i64,
    /// When it last changed, in epoch milliseconds.
    pub updated_at: i64,
    /// Data Center's counter of changes, which a merge has to name.
    pub version: Option<i64>,
    /// Who closed it, where known.
    pub closed_by: Option<Person>,
    /// The commit it became on its target when it was merged, where known; Cloud cuts it short.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merge_commit: Option<String>,
}

impl PullRequest {
    /// Who has approved.
    pub fn approvals(&self) -> impl Iterator<Item = &Person> {
        self.reviews.iter().filter(|review| review.verdict == Verdict::Approved).map(|review| &review.person)
    }

    /// Whether this person was asked, and has not said anything yet.
    pub fn waits_for(&self, who: &PersonId) -> bool {
        let mut asked = self.reviews.iter().filter(|review| review.asked && review.person.id == *who);
        asked.any(|review| review.verdict == Verdict::Waiting)
    }

    /// Whether merging it made this commit.
    pub fn became(&self, hash: &str) -> bool {
        let same = |known: &str| known.len() >= 7 && (known.starts_with(hash) || hash.starts_with(known));
        self.merge_commit.as_deref().is_some_and(same)
    }

    /// Whether it can still be acted on.
    pub fn is_open(&self) -> bool {
        self.state == State::Open
    }

    /// Whether its newest commit is this one; Cloud cuts hashes short in places.
    pub fn is_at(&self, hash: &str) -> bool {
        self.head
            .as_deref()
            .is_some_and(|head| head.len() >= 7 && (head.starts_with(hash) || hash.starts_with(head)))
    }
}

/// A pull request where another thing speaks of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mention {
    /// What it is called.
    pub name: PrName,
    /// Its title, as its author wrote it.
    pub title: String,
    /// Where to read it in a browser.
    pub url: String,
}

/// What is needed to open one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewPullRequest {
    /// Where.
    pub repo: RepoName,
    /// Its title.
    pub title: String,
    /// Its description.
    pub description: String,
    /// The branch that holds the change.
    pub source: String,
    /// The branch to change; the repository's main branch when none.
    pub target: Option<String>,
    /// The repository of the source branch, where it is another one (a fork).
    #[serde(default)]
    pub source_repo: Option<RepoName>,
    /// Who is asked besides the default reviewers.
    #[serde(default)]
    pub reviewers: Vec<PersonId>,
    /// Whether it is not ready yet.
    #[serde(default)]
    pub draft: bool,
    /// Whether the source branch goes when it is merged.
    #[serde(default)]
    pub close_source: bool,
}

impl NewPullRequest {
    /// One between two branches of a repository; the rest is as usual.
    pub fn new(repo: RepoName, title: impl Into<String>, source: impl Into<String>) -> Self {
        Self {
            repo,
            title: title.into(),
            description: String::new(),
            source: source.into(),
            target: None,
            source_repo: None,
            reviewers: Vec::new(),
            draft: false,
            close_source: false,
        }
    }
}

/// What is to be different about a pull request; what is none stays.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PullRequestChange {
    /// Its title.
    pub title: Option<String>,
    /// Its description.
    pub description: Option<String>,
    /// The branch to change.
    pub target: Option<String>,
    /// Whether it is still a draft.
    pub draft: Option<bool>,
}

/// Which pull requests of a repository are wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PullRequestFilter {
    /// In these states; in any when empty.
    pub states: Vec<State>,
    /// By this person.
    pub author: Option<PersonId>,
    /// Which this person is asked to review.
    pub reviewer: Option<PersonId>,
    /// Into this branch.
    pub target: Option<String>,
    /// From this branch.
    pub source: Option<String>,
    /// Whose title holds this.
    pub text: Option<String>,
}

impl PullRequestFilter {
    /// The open ones.
    pub fn open() -> Self {
        Self { states: vec![State::Open], ..Self::default() }
    }
}

/// What waits for somebody's review.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReviewQueue {
    /// What waits, the oldest first.
    pub waiting: Vec<PullRequest>,
    /// Repositories nobody looked into: beyond the number looked into at once, or not to be read.
    pub unseen: Vec<RepoName>,
}
