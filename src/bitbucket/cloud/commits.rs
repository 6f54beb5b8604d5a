//! Branches and commits on Bitbucket Cloud.

use crate::bitbucket::Result;
use crate::bitbucket::transport::by_next;
use crate::words::commit::{Branch, Commit};
use crate::words::names::RepoName;

use super::repositories::name_holds;
use super::{Cloud, repositories, wire};

const LARGEST_PAGE: usize = 100;

/// Branches, the latest changed first.
pub(super) async fn branches(
    cloud: &Cloud,
    repo: &RepoName,
    typed: &str,
    limit: usize,
) -> Result<Vec<Branch>> {
    let path = "/repositories/{workspace}/{repo_slug}/refs/branches";
    let request = cloud.api.get("list the branches", path, &[&repo.owner, &repo.slug])?;
    let mut request =
        request.query("sort", "-target.date").query("pagelen", &limit.clamp(1, LARGEST_PAGE).to_string());
    if let Some(filter) = name_holds(typed) {
        request = request.query("q", &filter);
    }
    let found: Vec<wire::Branch> = by_next(&cloud.api, request, limit).await?;
    Ok(found.into_iter().filter_map(|branch| branch.decode().ok()).collect())
}

/// The newest commits of a branch. Without one Cloud would list those of all branches.
pub(super) async fn newest(
    cloud: &Cloud,
    repo: &RepoName,
    branch: Option<&str>,
    limit: usize,
) -> Result<Vec<Commit>> {
    let branch = match branch {
        Some(branch) => Some(branch.to_owned()),
        None => repositories::one(cloud, repo).await?.main_branch,
    };
    let Some(branch) = branch else {
        return Ok(Vec::new());
    };
    let path = "/repositories/{workspace}/{repo_slug}/commits";
    let request = cloud.api.get("list the commits", path, &[&repo.owner, &repo.slug])?;
    let request =
        request.query("include", &branch).query("pagelen", &limit.clamp(1, LARGEST_PAGE).to_string());
    let found: Vec<wire::Commit> = by_next(&cloud.api, request, limit).await?;
    let decoded = found.into_iter().filter_map(|commit| commit.decode(&cloud.home, repo).ok());
    Ok(decoded.collect())
}
