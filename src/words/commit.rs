//! Commits, branches, tags and repositories, as either edition would have us see them.

use serde::{Deserialize, Serialize};

use super::build::Build;
use super::names::RepoName;

/// One commit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Commit {
    /// Its full hash.
    pub hash: String,
    /// The whole message.
    pub message: String,
    /// Who wrote it, as the commit says.
    pub author: String,
    /// When, in epoch milliseconds.
    pub at: i64,
    /// Where to read it in a browser.
    pub url: String,
}

impl Commit {
    /// The first line of its message.
    pub fn subject(&self) -> &str {
        self.message.lines().next().unwrap_or_default()
    }

    /// The hash as people say it.
    pub fn short_hash(&self) -> &str {
        self.hash.get(..7).unwrap_or(&self.hash)
    }
}

/// One commit, and what was built of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommitDetail {
    /// The commit.
    pub commit: Commit,
    /// What was reported on it, the newest first.
    pub builds: Vec<Build>,
}

/// Which commits are wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CommitFilter {
    /// Those that lead to this branch, tag or commit; to the main branch when none.
    pub of: Option<String>,
    /// Without those that lead to this one.
    pub without: Option<String>,
    /// Only those that changed this file or folder.
    pub path: Option<String>,
    /// Only those whose author's name or address holds this.
    pub author: Option<String>,
}

impl CommitFilter {
    /// All that lead to a branch, or to the main one.
    pub fn of(branch: Option<&str>) -> Self {
        Self { of: branch.map(str::to_owned), ..Self::default() }
    }
}

/// One branch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Branch {
    /// Its name, without `refs/heads/`.
    pub name: String,
    /// The hash it points to.
    pub head: String,
}

/// One tag.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tag {
    /// Its name, without `refs/tags/`.
    pub name: String,
    /// The hash of the commit it marks.
    pub head: String,
    /// What was said when it was set, where it is told.
    pub message: Option<String>,
}

/// A tag to set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewTag {
    /// Its name.
    pub name: String,
    /// The branch, tag or commit it marks.
    pub at: String,
    /// What is said with it; without it the tag is a bare name.
    pub message: Option<String>,
}

/// One repository.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Repository {
    /// What it is called.
    pub name: RepoName,
    /// Its main branch, where it has one.
    pub main_branch: Option<String>,
    /// Where to read it in a browser.
    pub url: String,
    /// What it is for.
    pub description: Option<String>,
    /// Whether everybody may see it.
    pub public: bool,
    /// Whether it is kept as it is, for reading only.
    pub archived: bool,
}
