//! How a pull request is merged, and what stands in the way.

use serde::{Deserialize, Serialize};

/// A way to merge, by the name its Bitbucket has for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Strategy {
    /// What Bitbucket calls it: `squash`, `no-ff` …
    pub id: String,
    /// What people call it.
    pub name: String,
}

/// The ways to merge that a repository offers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Strategies {
    /// All of them.
    pub offered: Vec<Strategy>,
    /// The id of the one taken when nothing is said.
    pub usual: Option<String>,
    /// Whether the source branch goes with it when nothing is said.
    pub closes_source: bool,
}

/// How to merge.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Merge {
    /// The id of a strategy; the repository's usual one when none.
    pub strategy: Option<String>,
    /// The message of the commit; Bitbucket's own when none.
    pub message: Option<String>,
    /// Whether the source branch goes with it; as the pull request says when none.
    pub close_source: Option<bool>,
}

/// Whether a pull request can be merged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mergeability {
    /// Yes, no, or only a try will tell.
    pub can: Option<bool>,
    /// Whether its branches are known to be in each other's way.
    pub conflicts: bool,
    /// What stands in the way, or what is known of it, in sentences.
    pub reasons: Vec<String>,
}
