//! What a build server says of a commit.

use serde::{Deserialize, Serialize};

/// How a build stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BuildState {
    /// It went well.
    Passed,
    /// It went wrong.
    Failed,
    /// It is still going on.
    Running,
    /// Somebody stopped it.
    Stopped,
    /// In a word we do not know.
    Unknown,
}

/// One build of a commit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Build {
    /// Which build it is: the same key again replaces what it said before.
    pub key: String,
    /// What people call it.
    pub name: String,
    /// How it stands.
    pub state: BuildState,
    /// What it says of itself.
    pub description: String,
    /// Where to read more.
    pub url: Option<String>,
    /// When it last said something, in epoch milliseconds.
    pub at: i64,
}

/// A build to report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewBuild {
    /// Which build it is.
    pub key: String,
    /// What people call it.
    pub name: String,
    /// How it stands.
    pub state: BuildState,
    /// What it says of itself.
    pub description: String,
    /// Where to read more.
    pub url: String,
    /// The branch it was built for, where it was built for one.
    pub branch: Option<String>,
}
