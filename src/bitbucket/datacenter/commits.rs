//! Branches and commits on Bitbucket Data Center.

use crate::bitbucket::Result;
use crate::bitbucket::transport::by_start;
use crate::words::commit::{Branch, Commit};
use crate::words::names::RepoName;

use super::{DataCenter, repositories, wire};

const LARGEST_PAGE: usize = 100;

/// Branches, the latest changed first.
pub(super) async fn branches(
    dc: &DataCenter,
    repo: &RepoName,
    typed: &str,
    limit: usize,
) -> Result<Vec<Branch>> {
    let path = "/api/latest/projects/{projectKey}/repos/{repositorySlug}/branches";
    let request = dc.api.get("list the branches", path, &[&repo.owner, &repo.slug])?;
    let mut request =
        request.query("orderBy", "MODIFICATION").query("limit", &limit.clamp(1, LARGEST_PAGE).to_string());
    if !typed.trim().is_empty() {
        request = request.query("filterText", typed.trim());
    }
    let found: Vec<wire::Ref> = by_start(&dc.api, request, limit).await?;
    Ok(found.into_iter().filter_map(|branch| branch.decode().ok()).collect())
}

/// The newest commits of a branch; Data Center itself takes the main one, if there is any.
pub(super) async fn newest(
    dc: &DataCenter,
    repo: &RepoName,
    branch: Option<&str>,
    limit: usize,
) -> Result<Vec<Commit>> {
    let path = "/api/latest/projects/{projectKey}/repos/{repositorySlug}/commits";
    let request = dc.api.get("list the commits", path, &[&repo.owner, &repo.slug])?;
    let mut request = request.query("limit", &limit.clamp(1, LARGEST_PAGE).to_string());
    if let Some(branch) = branch {
        request = request.query("until", &full(branch));
    }
    let found: Vec<wire::Commit> = match by_start(&dc.api, request, limit).await {
        Ok(found) => found,
        // Either there is no repository, which this finds out, or nothing was ever pushed to it.
        Err(failed) if failed.status() == Some(404) && branch.is_none() => {
            repositories::raw(dc, repo).await?;
            Vec::new()
        }
        Err(failed) => return Err(failed.into()),
    };
    let decoded = found.into_iter().filter_map(|commit| commit.decode(&dc.home, repo).ok());
    Ok(decoded.collect())
}

/// A branch by its full name, which a tag of the same name does not answer to.
pub(super) fn full(branch: &str) -> String {
    if branch.starts_with("refs/") { branch.to_owned() } else { format!("refs/heads/{branch}") }
}
