//! Repositories on Bitbucket Data Center.

use crate::bitbucket::Result;
use crate::bitbucket::transport::{Api, Failed, by_start};
use crate::words::commit::Repository;
use crate::words::names::RepoName;

use super::{DataCenter, wire};

const ONE: &str = "/api/latest/projects/{projectKey}/repos/{repositorySlug}";
const DEFAULT_BRANCH: &str = "/api/latest/projects/{projectKey}/repos/{repositorySlug}/default-branch";
const LARGEST_PAGE: usize = 100;

/// One repository.
pub(super) async fn one(dc: &DataCenter, repo: &RepoName) -> Result<Repository> {
    let found = raw(dc, repo).await?;
    let main_branch = main_branch(dc, repo).await?;
    Ok(found.decode(&dc.home, main_branch)?)
}

/// One repository, with the number Data Center has for it.
pub(super) async fn raw(dc: &DataCenter, repo: &RepoName) -> Result<wire::Repository> {
    let request = dc.api.get("show the repository", ONE, &[&repo.owner, &repo.slug])?;
    Ok(dc.api.read(&request).await?)
}

/// Its main branch; an empty repository may have none (404, or 204 without a body).
pub(super) async fn main_branch(dc: &DataCenter, repo: &RepoName) -> Result<Option<String>> {
    let names = [repo.owner.as_str(), &repo.slug];
    let request = dc.api.get("show the default branch", DEFAULT_BRANCH, &names)?;
    let branch: std::result::Result<Option<wire::Ref>, Failed> = match dc.api.send(&request).await {
        Ok(answer) if answer.body.is_empty() => Ok(None),
        Ok(answer) => Api::decode(&request, &answer).map(Some),
        Err(failed) if failed.status() == Some(404) => Ok(None),
        Err(failed) => Err(failed),
    };
    Ok(branch?.and_then(|branch| branch.branch()))
}

/// Looks through all repositories at once.
pub(super) async fn find(dc: &DataCenter, typed: &str, limit: usize) -> Result<Vec<Repository>> {
    let (owner, name) = typed.split_once('/').unwrap_or(("", typed));
    let mut request = dc.api.get("look for repositories", "/api/latest/repos", &[])?;
    for (filter, value) in [("projectkey", owner.trim()), ("name", name.trim())] {
        if !value.is_empty() {
            request = request.query(filter, value);
        }
    }
    let request = request.query("limit", &limit.clamp(1, LARGEST_PAGE).to_string());
    let found: Vec<wire::Repository> = by_start(&dc.api, request, limit).await?;
    Ok(found.into_iter().filter_map(|repo| repo.decode(&dc.home, None).ok()).collect())
}
