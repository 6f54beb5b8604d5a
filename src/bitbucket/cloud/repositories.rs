//! Repositories on Bitbucket Cloud, and who is asked to review in them.

use std::cmp::Reverse;

use futures_util::{StreamExt, stream};
use reqwest::Method;

use crate::bitbucket::transport::{Failed, listed};
use crate::bitbucket::{Error, Result};
use crate::words::commit::Repository;
use crate::words::names::RepoName;
use crate::words::pull_request::Person;

use super::wire::{self, Account};
use super::{Cloud, LARGEST_PAGE, name_holds, page, repo};

/// Somebody in more workspaces than this types the workspace.
const MOST_WORKSPACES: usize = 20;
const AT_ONCE: usize = 4;
const MOST_REVIEWERS: usize = 100;

/// One repository.
pub(super) async fn one(cloud: &Cloud, repo: &RepoName) -> Result<Repository> {
    let request = cloud.in_repo((Method::GET, "show the repository"), repo!(""), repo, &[])?;
    let found: wire::Repository = cloud.api.read(&request).await?;
    Ok(found.decode(&cloud.home)?)
}

/// A workspace's, the liveliest first.
pub(super) async fn of(cloud: &Cloud, owner: &str, typed: &str, limit: usize) -> Result<Vec<Repository>> {
    let found = search(cloud, owner, typed, limit).await?;
    Ok(found.into_iter().filter_map(|repo| repo.decode(&cloud.home).ok()).collect())
}

/// Looks through one's workspaces, since Cloud no longer looks through all repositories at once.
pub(super) async fn find(cloud: &Cloud, typed: &str, limit: usize) -> Result<Vec<Repository>> {
    let (owner, name) = typed.split_once('/').unwrap_or(("", typed));
    let mut workspaces = workspaces(cloud).await?;
    let owner = owner.to_lowercase();
    workspaces.retain(|workspace| workspace.to_lowercase().starts_with(&owner));
    let searches = workspaces
        .into_iter()
        .take(MOST_WORKSPACES)
        .map(|workspace| async move { search(cloud, &workspace, name, limit).await });
    let answers: Vec<_> = stream::iter(searches).buffered(AT_ONCE).collect().await;
    let mut found = Vec::new();
    let mut trouble = None;
    for answer in answers {
        match answer {
            Ok(repositories) => found.extend(repositories),
            Err(failed) => trouble = Some(Error::from(failed)),
        }
    }
    // One workspace that does not answer must not hide what the others hold.
    if let Some(error) = trouble.filter(|_| found.is_empty()) {
        return Err(error);
    }
    found.sort_by_key(|repo| Reverse(repo.updated_on.map_or(0, |at| at.0)));
    let known = found.into_iter().filter_map(|repo| repo.decode(&cloud.home).ok());
    Ok(known.take(limit).collect())
}

/// The workspaces one is in.
pub(super) async fn workspaces(cloud: &Cloud) -> Result<Vec<String>> {
    let request = cloud.api.get("list your workspaces", "/user/workspaces", &[])?.by_a_person();
    let request = request.query("pagelen", &LARGEST_PAGE.to_string());
    let entries: Vec<wire::Entry> = listed(&cloud.api, request, LARGEST_PAGE).await?;
    Ok(entries.into_iter().filter_map(wire::Entry::workspace).collect())
}

async fn search(
    cloud: &Cloud,
    workspace: &str,
    name: &str,
    limit: usize,
) -> std::result::Result<Vec<wire::Repository>, Failed> {
    let request = cloud.api.get("look for repositories", "/repositories/{workspace}", &[workspace])?;
    let mut request = request.query("sort", "-updated_on").query("pagelen", &page(limit, LARGEST_PAGE));
    if let Some(filter) = name_holds(name) {
        request = request.query("q", &filter);
    }
    listed(&cloud.api, request, limit).await
}

/// Who is asked by default, whatever the branches. Cloud tells only who may see them.
pub(super) async fn default_reviewers(
    cloud: &Cloud,
    repo: &RepoName,
    _source: &str,
    _target: &str,
) -> Result<Vec<Person>> {
    let ask = (Method::GET, "list the default reviewers");
    let request = cloud.in_repo(ask, repo!("/effective-default-reviewers"), repo, &[])?;
    let entries: Vec<wire::Entry> = listed(&cloud.api, request, MOST_REVIEWERS).await?;
    let accounts = entries.into_iter().filter_map(|entry| entry.user.0);
    Ok(accounts.filter(|account| account.uuid.is_some()).map(Account::person).collect())
}
