//! What happened, in the sandbox's own words, before an edition makes a webhook of it.

use super::{RepoId, Verdict};

/// Somebody did something in a repository.
#[derive(Clone, Debug)]
pub(in super::super) struct Event {
    pub(in super::super) repo: RepoId,
    pub(in super::super) actor: String,
    pub(in super::super) what: What,
}

#[derive(Clone, Debug)]
pub(in super::super) enum What {
    Opened(u64),
    Edited { number: u64, title_before: String, description_before: String },
    SourceMoved { number: u64, hash_before: String },
    Reviewed { number: u64, before: Verdict, after: Verdict },
    Commented { number: u64, comment: u64 },
    Merged(u64),
    Declined(u64),
    Pushed(RefChange),
    BuildReported { hash: String, key: String, fresh: bool },
}

impl What {
    /// The pull request that it is about.
    pub(in super::super) fn pull_request(&self) -> Option<u64> {
        match self {
            Self::Opened(number)
            | Self::Merged(number)
            | Self::Declined(number)
            | Self::Edited { number, .. }
            | Self::SourceMoved { number, .. }
            | Self::Reviewed { number, .. }
            | Self::Commented { number, .. } => Some(*number),
            Self::Pushed(_) | Self::BuildReported { .. } => None,
        }
    }
}

/// A branch that now points elsewhere, or is new, or is gone.
#[derive(Clone, Debug)]
pub(in super::super) struct RefChange {
    pub(in super::super) branch: String,
    pub(in super::super) old: Option<String>,
    pub(in super::super) new: Option<String>,
    pub(in super::super) forced: bool,
}
