//! Pipelines that run, and what was deployed where.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::names::RepoName;
use super::{Advice, serde_as_text};

/// How a run or one of its steps stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RunState {
    /// It is yet to begin.
    Waiting,
    /// It runs.
    Running,
    /// It waits for somebody to go on.
    Paused,
    /// It went well.
    Passed,
    /// It did not.
    Failed,
    /// Somebody stopped it.
    Stopped,
    /// It was left out, or what only Bitbucket has a name for.
    Other(String),
}

impl RunState {
    /// Whether nothing more comes of it.
    pub fn is_over(&self) -> bool {
        !matches!(self, Self::Waiting | Self::Running | Self::Paused)
    }

    /// Said of it: `failed`.
    pub fn says(&self) -> &str {
        match self {
            Self::Waiting => "waits",
            Self::Running => "runs",
            Self::Paused => "is paused",
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::Stopped => "was stopped",
            Self::Other(word) => word,
        }
    }
}

/// A run of a pipeline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// What Bitbucket knows it by.
    pub id: String,
    /// Its number.
    pub number: u64,
    /// How it stands.
    pub state: RunState,
    /// The branch or tag it runs on.
    pub branch: Option<String>,
    /// The custom pipeline it is, where it is one.
    pub custom: Option<String>,
    /// The commit it runs on.
    pub hash: Option<String>,
    /// Who started it, by name; nobody where it began by itself.
    pub by: Option<String>,
    /// When it was made, in epoch milliseconds.
    pub at: i64,
    /// How long it took or has taken, in seconds.
    pub seconds: Option<u64>,
    /// Where it is seen in a browser.
    pub url: String,
}

/// A step of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// What Bitbucket knows it by.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// How it stands.
    pub state: RunState,
    /// How long it took, in seconds.
    pub seconds: Option<u64>,
}

/// A run that is to be started.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewRun {
    /// On which branch.
    pub branch: String,
    /// Which custom pipeline; the branch's own where none is named.
    pub custom: Option<String>,
    /// What it is told.
    pub variables: Vec<Variable>,
}

/// Something that a run is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variable {
    /// What it is called.
    pub key: String,
    /// What it is; none is shown where it is secured.
    pub value: String,
    /// Whether nobody is to see it.
    pub secured: bool,
}

/// Variables as people write them: `KEY=value`, one on a line or set apart by commas.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Variables(pub Vec<(String, String)>);

impl FromStr for Variables {
    type Err = Advice;

    fn from_str(text: &str) -> Result<Self, Advice> {
        let apart: &[char] = if text.contains('\n') { &['\n'] } else { &[','] };
        let written = text.split(apart).map(str::trim).filter(|one| !one.is_empty());
        let read = |one: &str| {
            let (key, value) = one.split_once('=')?;
            let key = key.trim();
            let reads = |c: char| c.is_ascii_alphanumeric() || c == '_';
            let named =
                key.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') && key.chars().all(reads);
            named.then(|| (key.to_owned(), value.trim().to_owned()))
        };
        // What does not read may be a secret: it is not said again.
        let all =
            written.map(|one| read(one).ok_or_else(|| Advice::new("Write a variable like `KEY=value`.")));
        Ok(Self(all.collect::<Result<_, _>>()?))
    }
}

impl fmt::Display for Variables {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let written: Vec<String> = self.0.iter().map(|(key, value)| format!("{key}={value}")).collect();
        out.write_str(&written.join("\n"))
    }
}
serde_as_text!(Variables);

/// What was deployed somewhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deployment {
    /// Where.
    pub environment: String,
    /// How that stands: `successful`, `in progress`.
    pub state: String,
    /// What, as Bitbucket calls it: `#12`.
    pub release: Option<String>,
    /// Of which commit.
    pub hash: Option<String>,
    /// Who did.
    pub by: Option<String>,
    /// When, in epoch milliseconds.
    pub at: Option<i64>,
    /// Where it is seen in a browser.
    pub url: Option<String>,
}

impl Deployment {
    /// Whether it goes on: what has ended is told, and only that.
    pub fn goes_on(&self) -> bool {
        matches!(self.state.as_str(), "" | "in progress" | "pending" | "undeployed" | "paused")
    }
}

/// What was found to be deployed, and from which repository.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deployed {
    /// From where.
    pub repo: RepoName,
    /// What.
    pub deployment: Deployment,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_are_read_as_they_are_written() {
        let one: Variables = "TARGET=eu-1, DRY=yes".parse().unwrap();
        assert_eq!(one.0, [("TARGET".to_owned(), "eu-1".to_owned()), ("DRY".to_owned(), "yes".to_owned())]);
        let lines: Variables = "LIST=a,b\nX=".parse().unwrap();
        assert_eq!(lines.0[0].1, "a,b");
        assert_eq!(lines.to_string().parse::<Variables>().unwrap(), lines);
        for typed in ["hunter2", "1X=2", "A B=1", "=x"] {
            let advice = typed.parse::<Variables>().unwrap_err().to_string();
            assert!(!advice.contains(typed), "{advice}");
        }
    }
}
