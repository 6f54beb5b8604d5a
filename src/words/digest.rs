//! What a digest is to show: what its pull requests wait for, and which of them are left out.

use serde::{Deserialize, Serialize};

use super::build::BuildState;
use super::filter::Filter;
use super::how_long::HowLong;
use super::message::is_false;
use super::pull_request::{PullRequest, Verdict};

/// Which pull requests a digest shows, and how.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct DigestWish {
    /// What has to hold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filter: Option<Filter>,
    /// Whether drafts are left out.
    #[serde(default, skip_serializing_if = "is_false")]
    pub no_drafts: bool,
    /// Only what is at least so old, in working time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_age: Option<HowLong>,
    /// Only what nobody touched for at least so long, in working time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_stale: Option<HowLong>,
    /// What has so many approvals is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approved_by: Option<u32>,
    /// After so many reviews it waits for its author.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author_after: Option<u32>,
    /// Whatever has one of these in its title is left out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub without: Vec<String>,
    /// Whether nothing is said when nothing waits.
    #[serde(default, skip_serializing_if = "is_false")]
    pub silent: bool,
}

impl DigestWish {
    /// Whether what can be seen of it by itself lets it in.
    pub fn lets_in(&self, pr: &PullRequest) -> bool {
        let title = pr.title.to_lowercase();
        let approvals = u32::try_from(pr.approvals().count()).unwrap_or(u32::MAX);
        !(self.no_drafts && pr.draft)
            && self.approved_by.is_none_or(|most| approvals < most)
            && !self.without.iter().any(|word| title.contains(&word.to_lowercase()))
    }
}

/// What a pull request waits for; the first are the most pressing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Waits {
    /// Somebody to merge it.
    Merge,
    /// Those who were asked to review.
    Review,
    /// Its author, who is to answer reviews.
    Author,
    /// Checks that failed or still run.
    Checks,
    /// Somebody to bring its branches together again.
    Conflict,
    /// Tasks that are open.
    Tasks,
    /// Its author, who is not done with it.
    Draft,
}

impl Waits {
    /// Every one of them, in the order they are shown.
    pub const ALL: [Self; 7] =
        [Self::Merge, Self::Review, Self::Author, Self::Checks, Self::Conflict, Self::Tasks, Self::Draft];

    /// What stands over those that wait for it.
    pub fn head(self) -> &'static str {
        match self {
            Self::Merge => "Ready to merge",
            Self::Review => "Waiting for review",
            Self::Author => "Waiting for their author",
            Self::Checks => "Waiting for checks",
            Self::Conflict => "In conflict with their target",
            Self::Tasks => "With open tasks",
            Self::Draft => "Drafts",
        }
    }
}

/// What is known of a pull request besides itself.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Known {
    /// Whether its branches were in each other's way when somebody looked.
    pub conflict: bool,
    /// How many checks of its newest commit failed.
    pub failed: usize,
    /// How many of them still run.
    pub running: usize,
    /// How many tasks are open, where that was counted apart.
    pub tasks: Option<u64>,
}

impl Known {
    /// How its checks stand.
    pub fn of(builds: &[BuildState]) -> Self {
        let count = |state: BuildState| builds.iter().filter(|one| **one == state).count();
        Self { failed: count(BuildState::Failed), running: count(BuildState::Running), ..Self::default() }
    }
}

/// What it waits for.
pub fn waits(pr: &PullRequest, known: &Known, author_after: Option<u32>) -> Waits {
    let spoken = pr.reviews.iter().filter(|review| review.verdict != Verdict::Waiting).count();
    let enough = author_after.is_some_and(|most| u32::try_from(spoken).unwrap_or(u32::MAX) >= most);
    let wants_work = pr.reviews.iter().any(|review| review.verdict == Verdict::NeedsWork);
    let awaited = pr
        .reviews
        .iter()
        .any(|review| review.asked && review.verdict == Verdict::Waiting && review.person.id != pr.author.id);
    let tasks = pr.open_tasks.or(known.tasks).unwrap_or_default();
    match () {
        () if pr.draft => Waits::Draft,
        () if known.conflict => Waits::Conflict,
        () if wants_work => Waits::Author,
        () if known.failed > 0 => Waits::Checks,
        () if tasks > 0 => Waits::Tasks,
        () if enough => Waits::Author,
        () if awaited => Waits::Review,
        () if known.running > 0 => Waits::Checks,
        () if pr.approvals().next().is_some() => Waits::Merge,
        () => Waits::Review,
    }
}
