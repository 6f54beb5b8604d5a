//! Data Center: the trait, kept by one file per noun.

mod commits;
mod people;
mod pull_requests;
mod repositories;
pub(super) mod webhook;
mod wire;

use std::time::Duration;

use async_trait::async_trait;

use crate::words::commit::{Branch, Commit, Repository};
use crate::words::names::{PrName, RepoName};
use crate::words::pull_request::{NewPullRequest, Person, PullRequest};

use super::site::Home;
use super::transport::Api;
use super::{Bitbucket, Result};

/// Bitbucket Data Center in somebody's name.
#[derive(Debug, Clone)]
pub(super) struct DataCenter {
    api: Api,
    home: Home,
}

impl DataCenter {
    pub(super) fn new(api: Api, home: Home) -> Self {
        Self { api, home }
    }

    /// The same with its time running.
    fn begun(&self) -> Self {
        self.begun_for(Duration::ZERO)
    }

    fn begun_for(&self, least: Duration) -> Self {
        Self { api: self.api.begun(least), home: self.home.clone() }
    }
}

#[async_trait]
impl Bitbucket for DataCenter {
    async fn me(&self) -> Result<Person> {
        people::me(&self.begun()).await
    }

    async fn repository(&self, repo: &RepoName) -> Result<Repository> {
        repositories::one(&self.begun(), repo).await
    }

    async fn find_repositories(&self, typed: &str, limit: usize) -> Result<Vec<Repository>> {
        repositories::find(&self.begun(), typed, limit).await
    }

    async fn branches(&self, repo: &RepoName, typed: &str, limit: usize) -> Result<Vec<Branch>> {
        commits::branches(&self.begun(), repo, typed, limit).await
    }

    async fn commits(&self, repo: &RepoName, branch: Option<&str>, limit: usize) -> Result<Vec<Commit>> {
        commits::newest(&self.begun(), repo, branch, limit).await
    }

    async fn pull_request(&self, pr: &PrName) -> Result<PullRequest> {
        pull_requests::one(&self.begun(), pr).await
    }

    async fn open_pull_requests(&self, repo: &RepoName, limit: usize) -> Result<Vec<PullRequest>> {
        pull_requests::open(&self.begun(), repo, limit).await
    }

    async fn approve(&self, pr: &PrName) -> Result<()> {
        pull_requests::approve(&self.begun(), pr).await
    }

    async fn merge(&self, pr: &PrName) -> Result<PullRequest> {
        pull_requests::merge(&self.begun_for(pull_requests::MERGE_TIME), pr).await
    }

    async fn open_pull_request(&self, new: &NewPullRequest) -> Result<PullRequest> {
        pull_requests::open_new(&self.begun(), new).await
    }
}
