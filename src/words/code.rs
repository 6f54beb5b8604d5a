//! What changed between two commits, and what stands in a file: the code itself, as far as chat shows it.

use super::commit::Commit;

/// Two ends to compare: what `head` brings that `base` does not have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Range {
    /// The branch, tag or commit that is already there.
    pub base: String,
    /// The branch, tag or commit that brings something.
    pub head: String,
}

/// What happened to a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// Something in it changed.
    Modified,
    /// It has another name or place now.
    Renamed,
}

/// One file that changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileChange {
    /// Where it is; where it was, when it is gone.
    pub path: String,
    /// Where it was, when it was renamed.
    pub from: Option<String>,
    /// What happened to it.
    pub change: Change,
    /// Lines it gained, where told.
    pub added: Option<u64>,
    /// Lines it lost, where told.
    pub removed: Option<u64>,
}

/// The files that changed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// The files, as far as they were asked for.
    pub files: Vec<FileChange>,
    /// Whether there are others.
    pub more: bool,
}

/// What one end brings that the other does not have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    /// Its commits, the newest first.
    pub commits: Vec<Commit>,
    /// Whether there are other commits.
    pub more: bool,
    /// The files they changed.
    pub changes: Changes,
}

/// A difference as text, in the form `git diff` writes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diff {
    /// The text.
    pub text: String,
    /// Whether Bitbucket left some of it out.
    pub cut: bool,
}

/// Lines of a file, counted from one, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lines {
    /// The first.
    pub first: usize,
    /// The last.
    pub last: usize,
}

/// A piece of a text file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileText {
    /// Where the file is.
    pub path: String,
    /// The lines that were asked for, as far as there are any.
    pub lines: Vec<String>,
    /// The number of the first of them.
    pub first: usize,
    /// Whether the file goes on after them.
    pub more: bool,
    /// Where to read it in a browser.
    pub url: String,
}
