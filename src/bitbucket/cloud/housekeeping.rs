//! Making, changing, forking and deleting repositories on Bitbucket Cloud.

use reqwest::Method;
use serde_json::{Map, Value, json};

use crate::bitbucket::{Error, Result, doubt};
use crate::words::commit::Repository;
use crate::words::names::RepoName;
use crate::words::repository::{NewRepository, RepositoryChange};

use super::{Cloud, SETS_UP, repo, repositories, wire};

const DELETES: &[&str] = &["repository:delete", "delete:repository:bitbucket"];

/// Makes a repository.
pub(super) async fn create(cloud: &Cloud, new: &NewRepository) -> Result<Repository> {
    let mut body = json!({"type": "repository", "scm": "git", "is_private": !new.public});
    if let Some(project) = &new.project {
        body["project"] = json!({"type": "project", "key": project});
    }
    if let Some(description) = &new.description {
        body["description"] = json!(description);
    }
    let request = cloud.in_repo((Method::POST, "make the repository"), repo!(""), &new.name, &[])?;
    made(cloud, request.json(body), &new.name).await
}

/// What was made, or is there all the same where no answer came.
async fn made(cloud: &Cloud, request: super::Request, name: &RepoName) -> Result<Repository> {
    let request = request.allowed_by(SETS_UP);
    match cloud.api.read::<wire::Repository>(&request).await {
        Ok(found) => Ok(found.decode(&cloud.home)?),
        Err(failed) => doubt::look(failed, async { Ok(repositories::one(cloud, name).await.ok()) }).await,
    }
}

/// Changes what is said of it.
pub(super) async fn update(cloud: &Cloud, repo: &RepoName, change: &RepositoryChange) -> Result<Repository> {
    if change.archived.is_some() {
        let words =
            "Bitbucket Cloud keeps no archive: take away the rights to write, or delete the repository.";
        return Err(Error::NotOffered(words.to_owned()));
    }
    let mut body = Map::new();
    body.insert("type".to_owned(), json!("repository"));
    if let Some(description) = &change.description {
        body.insert("description".to_owned(), json!(description));
    }
    if let Some(public) = change.public {
        body.insert("is_private".to_owned(), json!(!public));
    }
    if let Some(branch) = &change.main_branch {
        body.insert("mainbranch".to_owned(), json!({"type": "branch", "name": branch}));
    }
    let request = cloud.in_repo((Method::PUT, "change the repository"), repo!(""), repo, &[])?;
    let request = request.json(Value::Object(body)).repeatable().allowed_by(SETS_UP);
    let found: wire::Repository = cloud.api.read(&request).await?;
    Ok(found.decode(&cloud.home)?)
}

/// Makes a fork of it.
pub(super) async fn fork(cloud: &Cloud, repo: &RepoName, into: &RepoName) -> Result<Repository> {
    let body = json!({"type": "repository", "name": into.slug, "workspace": {"slug": into.owner}});
    let request = cloud.in_repo((Method::POST, "fork the repository"), repo!("/forks"), repo, &[])?;
    made(cloud, request.json(body), into).await
}

/// Deletes it; it is as well when it is gone already.
pub(super) async fn delete(cloud: &Cloud, repo: &RepoName) -> Result<()> {
    let request = cloud.in_repo((Method::DELETE, "delete the repository"), repo!(""), repo, &[])?;
    cloud.api.send(&request.allowed_by(DELETES)).await?;
    Ok(())
}
