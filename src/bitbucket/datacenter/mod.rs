//! Data Center: the trait, kept by one file per noun.

mod activity;
mod builds;
mod code;
mod comments;
mod commits;
mod hooks;
mod housekeeping;
mod lines;
mod merges;
mod offers;
mod people;
mod pipelines;
mod protections;
mod pull_requests;
mod refs;
mod repositories;
mod reviews;
mod rights;
mod tasks;
pub(super) mod webhook;
mod wire;

use std::time::Duration;

use reqwest::Method;

use crate::words::names::{PrName, RepoName};

use super::Result;
use super::site::Home;
use super::transport::{Api, Request};

/// As many as we ask for at once; Data Center gives fewer where it likes.
const LARGEST_PAGE: usize = 100;

/// The address of something about a pull request.
macro_rules! pr {
    ($rest:literal) => {
        concat!(
            "/api/latest/projects/{projectKey}/repos/{repositorySlug}/pull-requests/{pullRequestId}",
            $rest
        )
    };
}

/// The address of something in a repository, by itself or in one of the modules beside the API.
macro_rules! repo {
    ($rest:literal) => {
        repo!("/api", $rest)
    };
    ($module:literal, $rest:literal) => {
        concat!($module, "/latest/projects/{projectKey}/repos/{repositorySlug}", $rest)
    };
}

pub(super) use {pr, repo};

/// Bitbucket Data Center in somebody's name.
#[derive(Debug, Clone)]
pub(super) struct DataCenter {
    api: Api,
    home: Home,
}

/// What may change what is in a repository; each includes the one before.
const WRITES: &[&str] = &["REPO_WRITE", "REPO_ADMIN", "PROJECT_ADMIN", "ADMIN_WRITE", "SYSTEM_ADMIN"];
/// What may change how a repository is set up.
const SETS_UP: &[&str] = &["REPO_ADMIN", "PROJECT_ADMIN", "ADMIN_WRITE", "SYSTEM_ADMIN"];
/// The same for a project.
const SETS_UP_PROJECTS: &[&str] = &["PROJECT_ADMIN", "ADMIN_WRITE", "SYSTEM_ADMIN"];

/// What is asked, as a method and in words.
type Ask = (Method, &'static str);

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

    /// A question about a repository, and about what is named in it.
    fn in_repo(&self, ask: Ask, template: &'static str, repo: &RepoName, rest: &[&str]) -> Result<Request> {
        let names = [&[repo.owner.as_str(), &repo.slug], rest].concat();
        self.api.request(ask, template, &names)
    }

    /// A question about a pull request, and about what is named in it.
    fn in_pr(&self, ask: Ask, template: &'static str, pr: &PrName, rest: &[&str]) -> Result<Request> {
        let number = pr.number.to_string();
        let names = [&[pr.repo.owner.as_str(), &pr.repo.slug, &number], rest].concat();
        self.api.request(ask, template, &names)
    }
}

/// How long a page of a list that ends after so many entries should be.
fn page(limit: usize) -> String {
    limit.clamp(1, LARGEST_PAGE).to_string()
}
