//! What there is to tell of an event, and which wishes it meets: the same answer for what is told now and for
//! what would have been told.

mod facts;
mod items;
mod matching;
mod tally;

use crate::words::pull_request::PullRequest;

pub use facts::{build_word, of_pull_request, of_snapshot};
pub use items::{Item, News, asked, news};
pub use matching::{Heard, Want, heard, off_main, perhaps, wants};
pub use tally::{Tally, tally};

/// What is known besides the event itself.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// The pull request as the delivery before told it.
    pub before: Option<PullRequest>,
    /// Whether the build had failed when it last ended.
    pub failed_before: Option<bool>,
    /// The open pull requests whose newest commit was built.
    pub built: Vec<PullRequest>,
    /// The main branch.
    pub main: Option<String>,
    /// The pull requests whose merging made the commits that were pushed.
    pub merged: Vec<PullRequest>,
}
