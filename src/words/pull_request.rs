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
    /// The repository of that branch, where it is another one (a fork); none when it was deleted.
    pub source_repo: Option<RepoName>,
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
}

impl PullRequest {
    /// Who has approved.
    pub fn approvals(&self) -> impl Iterator<Item = &Person> {
        self.reviews.iter().filter(|review| review.verdict == Verdict::Approved).map(|review| &review.person)
    }

    /// Whether it can still be acted on.
    pub fn is_open(&self) -> bool {
        self.state == State::Open
    }
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
}
