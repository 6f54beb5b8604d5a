//! What happened, in the sandbox's own words, before an edition makes a webhook of it.

use super::{Comment, RepoId, Verdict, Was};

/// Somebody did something in a repository.
#[derive(Clone, Debug)]
pub(in super::super) struct Event {
    pub(in super::super) repo: RepoId,
    pub(in super::super) actor: String,
    pub(in super::super) at: i64,
    pub(in super::super) what: What,
}

#[derive(Clone, Debug)]
pub(in super::super) enum What {
    Opened(u64),
    Edited {
        number: u64,
        before: Before,
    },
    ReviewersChanged {
        number: u64,
        added: Vec<String>,
        removed: Vec<String>,
    },
    SourceMoved {
        number: u64,
        hash_before: String,
        hash_after: String,
    },
    Reviewed {
        number: u64,
        before: Verdict,
        after: Verdict,
    },
    Commented {
        number: u64,
        comment: u64,
    },
    /// With what it said before, and how long ago it was last written.
    CommentEdited {
        number: u64,
        comment: u64,
        before: String,
        age: i64,
    },
    CommentDeleted {
        number: u64,
        comment: Box<Comment>,
    },
    CommentResolved {
        number: u64,
        comment: u64,
        resolved: bool,
    },
    Merged(u64),
    Declined(u64),
    Reopened(u64),
    Deleted(u64),
    Pushed(RefChange),
    CommitCommented {
        hash: String,
        comment: u64,
        text: String,
    },
    /// Into this repository.
    Forked(RepoId),
    /// Renamed, moved or described otherwise.
    KeptUp(Was),
    BuildReported {
        hash: String,
        key: String,
        fresh: bool,
    },
}

/// How a pull request read before it was edited.
#[derive(Clone, Debug)]
pub(in super::super) struct Before {
    pub(in super::super) title: String,
    pub(in super::super) description: String,
    pub(in super::super) destination: String,
    pub(in super::super) destination_hash: String,
    pub(in super::super) draft: bool,
}

impl What {
    /// The pull request that it is about.
    pub(in super::super) fn pull_request(&self) -> Option<u64> {
        match self {
            Self::Opened(number)
            | Self::Merged(number)
            | Self::Declined(number)
            | Self::Deleted(number)
            | Self::Reopened(number)
            | Self::Edited { number, .. }
            | Self::ReviewersChanged { number, .. }
            | Self::SourceMoved { number, .. }
            | Self::Reviewed { number, .. }
            | Self::Commented { number, .. }
            | Self::CommentEdited { number, .. }
            | Self::CommentDeleted { number, .. }
            | Self::CommentResolved { number, .. } => Some(*number),
            Self::Pushed(_)
            | Self::CommitCommented { .. }
            | Self::Forked(_)
            | Self::KeptUp(_)
            | Self::BuildReported { .. } => None,
        }
    }
}

/// What kind of name a push moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum RefKind {
    Branch,
    Tag,
}

/// A name that now points elsewhere, or is new, or is gone.
#[derive(Clone, Debug)]
pub(in super::super) struct RefChange {
    pub(in super::super) kind: RefKind,
    pub(in super::super) name: String,
    pub(in super::super) old: Option<String>,
    pub(in super::super) new: Option<String>,
    pub(in super::super) forced: bool,
}
