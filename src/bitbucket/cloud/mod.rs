//! Bitbucket Cloud: the trait, kept by one file per noun.

mod activity;
mod builds;
mod code;
mod comments;
mod commits;
mod hooks;
mod housekeeping;
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

/// Cloud lists no more of anything at once.
const LARGEST_PAGE: usize = 100;

/// The address of something about a pull request.
macro_rules! pr {
    ($rest:literal) => {
        concat!("/repositories/{workspace}/{repo_slug}/pullrequests/{pull_request_id}", $rest)
    };
}

/// The address of something in a repository.
macro_rules! repo {
    ($rest:literal) => {
        concat!("/repositories/{workspace}/{repo_slug}", $rest)
    };
}

pub(super) use {pr, repo};

/// Bitbucket Cloud in somebody's name.
#[derive(Debug, Clone)]
pub(super) struct Cloud {
    api: Api,
    home: Home,
}

/// What may change how a repository is set up; API tokens have a scope of the same meaning.
const SETS_UP: &[&str] = &["repository:admin", "admin:repository:bitbucket"];

/// What is asked, as a method and in words.
type Ask = (Method, &'static str);

impl Cloud {
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
fn page(limit: usize, largest: usize) -> String {
    limit.clamp(1, largest).to_string()
}

/// A text in Cloud's query language, which stays inside its quotation marks.
fn quoted(typed: &str) -> String {
    let kept: String = typed.trim().chars().filter(|c| !c.is_control()).take(200).collect();
    format!("\"{}\"", kept.replace('\\', r"\\").replace('"', "\\\""))
}

/// A filter in Cloud's query language, from what a person typed.
fn name_holds(typed: &str) -> Option<String> {
    (!typed.trim().is_empty()).then(|| format!("name ~ {}", quoted(typed)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_stays_inside_its_quotation_marks() {
        assert_eq!(name_holds("  "), None);
        assert_eq!(name_holds(r#"a" OR x\"#).unwrap(), r#"name ~ "a\" OR x\\""#);
    }
}
