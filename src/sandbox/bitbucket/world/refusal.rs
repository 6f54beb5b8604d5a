//! Why Bitbucket would not do something; each edition words and numbers it in its own way.

use super::{Obstacle, State};

/// What was wrong with what was asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("there is no repository {0}")]
    NoSuchRepository(String),
    #[error("there is no pull request {0}")]
    NoSuchPullRequest(u64),
    #[error("there is no branch {0}")]
    NoSuchBranch(String),
    #[error("there is no tag {0}")]
    NoSuchTag(String),
    #[error("there is a branch {0} already")]
    BranchExists(String),
    #[error("there is a tag {0} already")]
    TagExists(String),
    #[error("{0} is the main branch")]
    MainBranch(String),
    #[error("{0} cannot be the name of a branch or a tag")]
    BadRefName(String),
    #[error("there is no file {0}")]
    NoSuchFile(String),
    #[error("there is no commit {0}")]
    NoSuchCommit(String),
    #[error("there is no comment {0}")]
    NoSuchComment(u64),
    #[error("comment {0} was written by somebody else")]
    NotYours(u64),
    #[error("comment {0} has replies")]
    HasReplies(u64),
    #[error("comment {0} is settled already: {1}")]
    SettledAlready(u64, bool),
    #[error("there is nobody called {0}")]
    NoSuchPerson(String),
    #[error("pull request {0} is {1:?}")]
    NotOpen(u64, State),
    #[error("pull request {0} is not declined but {1:?}")]
    NotDeclined(u64, State),
    #[error("{0} is the author")]
    OwnPullRequest(String),
    #[error("{0} is the author and cannot review")]
    AuthorAmongReviewers(String),
    #[error("{0} may not read the repository")]
    ReviewerMayNotRead(String),
    #[error("{0} and {1} are the same")]
    NothingToMerge(String, String),
    #[error("{0} has not approved")]
    NotApproved(String),
    #[error("{0} has not requested changes")]
    ChangesNotRequested(String),
    #[error("it cannot be merged yet: {0:?}")]
    MayNotMerge(Vec<Obstacle>),
    #[error("the merge strategy {0} is not allowed here")]
    StrategyNotAllowed(String),
    #[error("the destination has moved on, it cannot be fast-forwarded")]
    CannotFastForward,
}
