//! Repositories on Bitbucket Data Center, and who is asked to review in them.

use reqwest::Method;
use serde::Deserialize;

use crate::bitbucket::Result;
use crate::bitbucket::lenient::Listed;
use crate::bitbucket::transport::{Api, Failed, listed};
use crate::words::commit::Repository;
use crate::words::names::RepoName;
use crate::words::pull_request::Person;

use super::refs::full;
use super::wire::{self, User};
use super::{DataCenter, page, repo};

/// One repository.
pub(super) async fn one(dc: &DataCenter, repo: &RepoName) -> Result<Repository> {
    let found = raw(dc, repo).await?;
    let main_branch = main_branch(dc, repo).await?;
    Ok(found.decode(&dc.home, main_branch)?)
}

/// One repository, with the number Data Center has for it.
pub(super) async fn raw(dc: &DataCenter, repo: &RepoName) -> Result<wire::Repository> {
    let request = dc.in_repo((Method::GET, "show the repository"), repo!(""), repo, &[])?;
    Ok(dc.api.read(&request).await?)
}

/// Its main branch; an empty repository may have none (404, or 204 without a body).
pub(super) async fn main_branch(dc: &DataCenter, repo: &RepoName) -> Result<Option<String>> {
    let ask = (Method::GET, "show the default branch");
    let request = dc.in_repo(ask, repo!("/default-branch"), repo, &[])?;
    let branch: std::result::Result<Option<wire::Ref>, Failed> = match dc.api.send(&request).await {
        Ok(answer) if answer.body.is_empty() => Ok(None),
        Ok(answer) => Api::decode(&request, &answer).map(Some),
        Err(failed) if failed.status() == Some(404) => Ok(None),
        Err(failed) => Err(failed),
    };
    Ok(branch?.and_then(|branch| branch.branch()))
}

/// A project's.
pub(super) async fn of(dc: &DataCenter, owner: &str, typed: &str, limit: usize) -> Result<Vec<Repository>> {
    search(dc, (owner, typed), limit).await
}

/// Looks through all repositories at once.
pub(super) async fn find(dc: &DataCenter, typed: &str, limit: usize) -> Result<Vec<Repository>> {
    search(dc, typed.split_once('/').unwrap_or(("", typed)), limit).await
}

async fn search(dc: &DataCenter, (owner, name): (&str, &str), limit: usize) -> Result<Vec<Repository>> {
    let mut request = dc.api.get("look for repositories", "/api/latest/repos", &[])?;
    for (filter, value) in [("projectkey", owner.trim()), ("name", name.trim())] {
        if !value.is_empty() {
            request = request.query(filter, value);
        }
    }
    let request = request.query("limit", &page(limit));
    let found: Vec<wire::Repository> = listed(&dc.api, request, limit).await?;
    Ok(found.into_iter().filter_map(|repo| repo.decode(&dc.home, None).ok()).collect())
}

/// A default reviewer: a user, or (so the published schema) a condition that names some.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Entry {
    reviewers: Listed<User>,
    #[serde(flatten)]
    user: User,
}

impl Entry {
    fn users(self) -> Vec<User> {
        let mut users = self.reviewers.0;
        users.push(self.user);
        users
    }
}

/// Who is asked by default for these two branches.
pub(super) async fn default_reviewers(
    dc: &DataCenter,
    repo: &RepoName,
    source: &str,
    target: &str,
) -> Result<Vec<Person>> {
    let users = reviewers(dc, (repo, source), (repo, target)).await?;
    Ok(users.into_iter().map(User::person).collect())
}

/// The same, with their logins, between two repositories that may be two.
pub(super) async fn reviewers(
    dc: &DataCenter,
    (from, source): (&RepoName, &str),
    (repo, target): (&RepoName, &str),
) -> Result<Vec<User>> {
    let to_id = raw(dc, repo).await?.id.0;
    let from_id = if from == repo { to_id } else { raw(dc, from).await?.id.0 };
    let (Some(from_id), Some(to_id)) = (from_id, to_id) else {
        return Ok(Vec::new());
    };
    let ask = (Method::GET, "list the default reviewers");
    let request = dc.in_repo(ask, repo!("/default-reviewers", "/reviewers"), repo, &[])?;
    let request = request
        .query("sourceRepoId", &from_id.to_string())
        .query("targetRepoId", &to_id.to_string())
        .query("sourceRefId", &full(source))
        .query("targetRefId", &full(target));
    let found: Vec<Entry> = dc.api.read(&request).await?;
    Ok(found.into_iter().flat_map(Entry::users).filter(|user| user.name.is_some()).collect())
}
