//! Repositories on Bitbucket Cloud.

use std::cmp::Reverse;

use futures_util::{StreamExt, stream};

use crate::bitbucket::transport::{Failed, by_next};
use crate::bitbucket::{Error, Result};
use crate::words::commit::Repository;
use crate::words::names::RepoName;

use super::{Cloud, wire};

/// Somebody in more workspaces than this types the workspace.
const MOST_WORKSPACES: usize = 20;
const AT_ONCE: usize = 4;
const LARGEST_PAGE: usize = 100;

/// One repository.
pub(super) async fn one(cloud: &Cloud, repo: &RepoName) -> Result<Repository> {
    let path = "/repositories/{workspace}/{repo_slug}";
    let request = cloud.api.get("show the repository", path, &[&repo.owner, &repo.slug])?;
    let found: wire::Repository = cloud.api.read(&request).await?;
    Ok(found.decode(&cloud.home)?)
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

async fn workspaces(cloud: &Cloud) -> Result<Vec<String>> {
    let request = cloud.api.get("list your workspaces", "/user/workspaces", &[])?;
    let request = request.query("pagelen", &LARGEST_PAGE.to_string());
    let entries: Vec<wire::Entry> = by_next(&cloud.api, request, LARGEST_PAGE).await?;
    Ok(entries.into_iter().filter_map(wire::Entry::workspace).collect())
}

async fn search(
    cloud: &Cloud,
    workspace: &str,
    name: &str,
    limit: usize,
) -> std::result::Result<Vec<wire::Repository>, Failed> {
    let request = cloud.api.get("look for repositories", "/repositories/{workspace}", &[workspace])?;
    let mut request =
        request.query("sort", "-updated_on").query("pagelen", &limit.clamp(1, LARGEST_PAGE).to_string());
    if let Some(filter) = name_holds(name) {
        request = request.query("q", &filter);
    }
    by_next(&cloud.api, request, limit).await
}

/// A filter in Cloud's query language, from what a person typed.
pub(super) fn name_holds(typed: &str) -> Option<String> {
    let kept: String = typed.trim().chars().filter(|c| !c.is_control()).take(100).collect();
    let quoted = kept.replace('\\', r"\\").replace('"', "\\\"");
    (!quoted.is_empty()).then(|| format!("name ~ \"{quoted}\""))
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
