//! Who may do what in a repository or a project, and where they have it from.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::message::Line;
use super::names::{Instance, RepoName};
use super::pull_request::Person;
use super::{Advice, serde_as_text};

/// How much somebody may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// See it.
    Read,
    /// Change what is in it.
    Write,
    /// Make repositories in it, where it is a project.
    Create,
    /// Decide about it.
    Admin,
}

impl Level {
    /// All of them, the least first.
    pub const ALL: [Self; 4] = [Self::Read, Self::Write, Self::Create, Self::Admin];
    /// Those there are in a repository.
    pub const IN_REPOSITORIES: [Self; 3] = [Self::Read, Self::Write, Self::Admin];

    /// The word people type.
    pub fn word(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::Create => "create",
            Self::Admin => "admin",
        }
    }

    /// What one may do then: `may … web/api`.
    pub fn may(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write to",
            Self::Create => "make repositories in",
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
            .ok_or_else(|| Advice::new("A right is `read`, `write` or `admin`; in a project also `create`."))
    }
}

serde_as_text!(Level);

/// A right that was given or taken away, to be told of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RightChange {
    /// In which repository.
    pub repo: RepoName,
    /// The key of its project, where it is a right in all of that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub project: Option<String>,
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

impl Source {
    /// Both of them.
    pub const ALL: [Self; 2] = [Self::Repository, Self::Project];

    /// The word people type.
    pub fn word(self) -> &'static str {
        match self {
            Self::Repository => "repository",
            Self::Project => "project",
        }
    }
}

impl fmt::Display for Source {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.word())
    }
}

impl FromStr for Source {
    type Err = Advice;

    fn from_str(text: &str) -> Result<Self, Advice> {
        let word = text.trim().to_lowercase();
        let known = Self::ALL.into_iter().find(|source| source.word() == word);
        known.ok_or_else(|| Advice::new("A right is given in the `repository` or in its whole `project`."))
    }
}

serde_as_text!(Source);

/// A project, fully known: `cloud:web/WEB`. Where nothing stands above projects, its key stands in both places.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ProjectName {
    /// The Bitbucket it lives on.
    pub instance: Instance,
    /// The workspace it is in.
    pub owner: String,
    /// Its key.
    pub key: String,
}

impl fmt::Display for ProjectName {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}:{}/{}", self.instance, self.owner, self.key)
    }
}

impl FromStr for ProjectName {
    type Err = Advice;

    fn from_str(text: &str) -> Result<Self, Advice> {
        let parts = text.split_once(':').and_then(|(instance, rest)| Some((instance, rest.split_once('/')?)));
        let (instance, (owner, key)) = parts
            .filter(|(instance, (owner, key))| ![*instance, *owner, *key].contains(&""))
            .ok_or_else(|| Advice::new("A project is written like `cloud:web/WEB`."))?;
        Ok(Self { instance: Instance::new(instance), owner: owner.to_owned(), key: key.to_owned() })
    }
}

/// What a right is given on: a repository itself, or a project and so all that is in it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Ground {
    /// This repository.
    Repository(RepoName),
    /// Everything in this project.
    Project(ProjectName),
}

impl Ground {
    /// The same as one of the two that there are.
    pub fn source(&self) -> Source {
        match self {
            Self::Repository(_) => Source::Repository,
            Self::Project(_) => Source::Project,
        }
    }

    /// The project's key, where it is one.
    pub fn project(&self) -> Option<String> {
        match self {
            Self::Repository(_) => None,
            Self::Project(project) => Some(project.key.clone()),
        }
    }

    /// Adds what it is called: `web/api`, `the project WEB`.
    #[must_use]
    pub fn said(&self, line: Line) -> Line {
        match self {
            Self::Repository(repo) => line.bold(repo.short()),
            Self::Project(project) => line.text("the project ").bold(&project.key),
        }
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_project_reads_back_as_it_is_written() {
        for text in ["cloud:web/WEB", "dc:WEB/WEB", "dc:~ada/~ada"] {
            assert_eq!(text.parse::<ProjectName>().unwrap().to_string(), text);
        }
        for text in ["", "WEB", "cloud:WEB", "cloud:/WEB", ":web/WEB", "cloud:web/"] {
            assert!(text.parse::<ProjectName>().is_err(), "{text}");
        }
    }
}
