//! Who may do what in a repository, and where they have it from.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::names::RepoName;
use super::pull_request::Person;
use super::{Advice, serde_as_text};

/// How much somebody may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// See it.
    Read,
    /// Change what is in it.
    Write,
    /// Decide about it.
    Admin,
}

impl Level {
    /// All of them, the least first.
    pub const ALL: [Self; 3] = [Self::Read, Self::Write, Self::Admin];

    /// The word people type.
    pub fn word(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::Admin => "admin",
        }
    }

    /// What one may do then: `may … web/api`.
    pub fn may(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write to",
            Self::Admin => "administer",
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.word())
    }
}

impl FromStr for Level {
    type Err = Advice;

    fn from_str(text: &str) -> Result<Self, Advice> {
        let word = text.trim().to_lowercase();
        Self::ALL
            .into_iter()
            .find(|level| level.word() == word)
            .ok_or_else(|| Advice::new("A right is `read`, `write` or `admin`."))
    }
}

serde_as_text!(Level);

/// A right that was given or taken away, to be told of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RightChange {
    /// In which repository.
    pub repo: RepoName,
    /// Whose right.
    pub who: String,
    /// What they may do now; nothing where it was taken away.
    pub level: Option<Level>,
    /// Until when, where it ends by itself; epoch milliseconds.
    pub until: Option<i64>,
    /// When it was changed.
    pub at: i64,
}

/// Who has a right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Holder {
    /// Somebody.
    Person(Person),
    /// Whoever is in a group.
    Group(String),
}

/// Where a right was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// On the repository itself.
    Repository,
    /// On the project it is in.
    Project,
}

/// What somebody may do, and where they have it from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Right {
    /// Who.
    pub holder: Holder,
    /// How much.
    pub level: Level,
    /// Where it was given.
    pub source: Source,
}
