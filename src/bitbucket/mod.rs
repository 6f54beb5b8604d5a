//! Bitbucket as the rest of the bot sees it: one trait, one event, one error, whichever edition answers.

mod cloud;
mod datacenter;
mod doubt;
mod error;
pub mod event;
mod lenient;
pub mod oauth;
pub mod signature;
mod site;
mod transport;

use async_trait::async_trait;

pub use error::{Error, Result};
pub use event::{Dropped, Event, Kind};
pub use oauth::{OAuth, Tokens};
pub use signature::Unverified;
pub use site::{DeliveryHeaders, Edition, Site, SiteSettings};
pub use transport::Http;

use crate::seal::Secret;
use crate::words::commit::{Branch, Commit, Repository};
use crate::words::names::{PrName, RepoName};
use crate::words::pull_request::{NewPullRequest, Person, PullRequest};

/// Where the credential of a call comes from, and where a newer one is to be had.
#[async_trait]
pub trait TokenSource: Send + Sync {
    /// The credential to try: an access token, or `name:secret` for HTTP Basic.
    async fn token(&self) -> Result<Secret>;

    /// That one was refused: a newer one, or [`Error::SignIn`].
    async fn renew(&self, refused: &Secret) -> Result<Secret>;
}

/// All that is asked of a Bitbucket, in somebody's name.
#[async_trait]
pub trait Bitbucket: Send + Sync {
    /// Whose name that is.
    async fn me(&self) -> Result<Person>;

    /// One repository, with its main branch.
    async fn repository(&self, repo: &RepoName) -> Result<Repository>;

    /// Repositories whose name holds what was typed (`api`, `web/api`), the liveliest first; their main
    /// branch is told only where it costs nothing.
    async fn find_repositories(&self, typed: &str, limit: usize) -> Result<Vec<Repository>>;

    /// Branches whose name holds what was typed, the latest changed first.
    async fn branches(&self, repo: &RepoName, typed: &str, limit: usize) -> Result<Vec<Branch>>;

    /// The newest commits of a branch, or of the main branch.
    async fn commits(&self, repo: &RepoName, branch: Option<&str>, limit: usize) -> Result<Vec<Commit>>;

    /// One pull request as it stands now.
    async fn pull_request(&self, pr: &PrName) -> Result<PullRequest>;

    /// The open pull requests, the newest first.
    async fn open_pull_requests(&self, repo: &RepoName, limit: usize) -> Result<Vec<PullRequest>>;

    /// Approves; doing it twice is as good as once.
    async fn approve(&self, pr: &PrName) -> Result<()>;

    /// Merges with the target branch's own strategy, and gives back what became of the pull request.
    async fn merge(&self, pr: &PrName) -> Result<PullRequest>;

    /// Opens a pull request and asks the default reviewers.
    async fn open_pull_request(&self, new: &NewPullRequest) -> Result<PullRequest>;
}
