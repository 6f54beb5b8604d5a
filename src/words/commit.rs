//! Commits, branches and repositories, as either edition would have us see them.

use serde::{Deserialize, Serialize};

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

/// One branch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Branch {
    /// Its name, without `refs/heads/`.
    pub name: String,
    /// The hash it points to.
    pub head: String,
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
}
