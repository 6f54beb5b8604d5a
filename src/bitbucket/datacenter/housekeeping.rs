//! Making, changing, forking and deleting repositories on Bitbucket Data Center.

use reqwest::Method;
use serde_json::{Map, Value, json};

use crate::bitbucket::{Result, doubt};
use crate::words::commit::Repository;
use crate::words::names::RepoName;
use crate::words::repository::{NewRepository, RepositoryChange};

use super::refs::full;
use super::{DataCenter, SETS_UP, SETS_UP_PROJECTS, repo, repositories, wire};

/// Makes a repository.
pub(super) async fn create(dc: &DataCenter, new: &NewRepository) -> Result<Repository> {
    let mut body = json!({"name": new.name.slug, "scmId": "git", "public": new.public});
    if let Some(description) = &new.description {
        body["description"] = json!(description);
    }
    let ask = (Method::POST, "make the repository");
    let request = dc.api.request(ask, "/api/latest/projects/{projectKey}/repos", &[&new.name.owner])?;
    made(dc, request.json(body).allowed_by(SETS_UP_PROJECTS), &new.name).await
}

/// What was made, or is there all the same where no answer came.
async fn made(dc: &DataCenter, request: super::Request, name: &RepoName) -> Result<Repository> {
    match dc.api.read::<wire::Repository>(&request).await {
        Ok(found) => Ok(found.decode(&dc.home, None)?),
        Err(failed) => doubt::look(failed, async { Ok(repositories::one(dc, name).await.ok()) }).await,
    }
}

/// Changes what is said of it.
pub(super) async fn update(
    dc: &DataCenter,
    repo: &RepoName,
    change: &RepositoryChange,
) -> Result<Repository> {
    if let Some(branch) = &change.main_branch {
        let ask = (Method::PUT, "change the default branch");
        let request = dc.in_repo(ask, repo!("/default-branch"), repo, &[])?;
        let request = request.json(json!({"id": full(branch)})).repeatable();
        dc.api.send(&request.allowed_by(SETS_UP)).await?;
    }
    let mut body = Map::new();
    if let Some(description) = &change.description {
        body.insert("description".to_owned(), json!(description));
    }
    if let Some(public) = change.public {
        body.insert("public".to_owned(), json!(public));
    }
    if let Some(archived) = change.archived {
        body.insert("archived".to_owned(), json!(archived));
    }
    if !body.is_empty() {
        let request = dc.in_repo((Method::PUT, "change the repository"), repo!(""), repo, &[])?;
        let request = request.json(Value::Object(body)).repeatable();
        dc.api.send(&request.allowed_by(SETS_UP)).await?;
    }
    repositories::one(dc, repo).await
}

/// Makes a fork of it.
pub(super) async fn fork(dc: &DataCenter, repo: &RepoName, into: &RepoName) -> Result<Repository> {
    let body = json!({"name": into.slug, "project": {"key": into.owner}});
    let request = dc.in_repo((Method::POST, "fork the repository"), repo!(""), repo, &[])?;
    made(dc, request.json(body), into).await
}

/// Deletes it; it is as well when it is gone already.
pub(super) async fn delete(dc: &DataCenter, repo: &RepoName) -> Result<()> {
    let request = dc.in_repo((Method::DELETE, "delete the repository"), repo!(""), repo, &[])?;
    dc.api.send(&request.allowed_by(SETS_UP)).await?;
    Ok(())
}
