//! What is said about a pull request: comments, tasks, and the story of what happened to it.

use serde::{Deserialize, Serialize};

use super::pull_request::Person;

/// The side of a change a line stands on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Side {
    /// As it was.
    Old,
    /// As it would be.
    New,
}

/// The place in a change that a comment is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Anchor {
    /// The file.
    pub path: String,
    /// The line, where it is about one.
    pub line: Option<u64>,
    /// The side the line is counted on.
    pub side: Side,
}

impl Anchor {
    /// A line as it would be.
    pub fn line(path: impl Into<String>, line: u64) -> Self {
        Self { path: path.into(), line: Some(line), side: Side::New }
    }
}

/// One comment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Comment {
    /// Its number.
    pub id: u64,
    /// What it says, as its author wrote it.
    pub text: String,
    /// Who said it.
    pub author: Person,
    /// The comment it answers.
    pub reply_to: Option<u64>,
    /// What it is about, when it is about a place in the change.
    pub anchor: Option<Anchor>,
    /// Whether its thread is settled.
    pub resolved: bool,
    /// Whether it was deleted; others may have answered it.
    pub deleted: bool,
    /// When it was said, in epoch milliseconds.
    pub at: i64,
}

/// A comment to post.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewComment {
    /// What it says, in Markdown.
    pub text: String,
    /// The comment it answers.
    pub reply_to: Option<u64>,
    /// The place it is about.
    pub anchor: Option<Anchor>,
}

/// Something to do before a merge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task {
    /// Its number.
    pub id: u64,
    /// What is to be done.
    pub text: String,
    /// Who asked for it.
    pub author: Person,
    /// Whether it is done.
    pub done: bool,
    /// When it was asked for, in epoch milliseconds.
    pub at: i64,
}

/// A task to set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewTask {
    /// What is to be done.
    pub text: String,
    /// The comment it belongs to.
    pub on_comment: Option<u64>,
}

/// Something that happened to a pull request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Deed {
    /// It was opened.
    Opened,
    /// Its title, text, branches, reviewers or commits changed.
    Updated,
    /// Somebody approved.
    Approved,
    /// Somebody took an approval or another verdict back.
    Unapproved,
    /// Somebody wants changes.
    ChangesRequested,
    /// Somebody said something.
    Commented(String),
    /// It was merged.
    Merged,
    /// It was declined.
    Declined,
    /// It was opened again.
    Reopened,
    /// Something else, in Bitbucket's own word.
    Other(String),
}

/// One step in the story of a pull request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Activity {
    /// What.
    pub deed: Deed,
    /// Who did it.
    pub by: Person,
    /// When, in epoch milliseconds.
    pub at: i64,
}
