//! Branches and tags on Bitbucket Cloud.

use reqwest::Method;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::bitbucket::lenient::{Lacks, Maybe};
use crate::bitbucket::transport::listed;
use crate::bitbucket::{Error, Result, doubt};
use crate::words::commit::{Branch, NewTag, Tag};
use crate::words::names::RepoName;

use super::wire::Hashed;
use super::{Cloud, LARGEST_PAGE, name_holds, page, repo};

const BRANCHES: &str = repo!("/refs/branches");
const TAGS: &str = repo!("/refs/tags");

/// A branch or a tag.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Ref {
    name: Maybe<String>,
    target: Maybe<Hashed>,
    message: Maybe<String>,
}

impl Ref {
    fn branch(self) -> std::result::Result<Branch, Lacks> {
        let name = self.name.0.ok_or(Lacks("the branch's name"))?;
        Ok(Branch { name, head: head(self.target).ok_or(Lacks("the branch's commit"))? })
    }

    fn tag(self) -> std::result::Result<Tag, Lacks> {
        let name = self.name.0.ok_or(Lacks("the tag's name"))?;
        let message = self.message.0.map(|said| said.trim().to_owned()).filter(|said| !said.is_empty());
        Ok(Tag { name, head: head(self.target).ok_or(Lacks("the tag's commit"))?, message })
    }
}

fn head(target: Maybe<Hashed>) -> Option<String> {
    target.0.and_then(|target| target.hash.0)
}

/// Branches, the latest changed first.
pub(super) async fn branches(
    cloud: &Cloud,
    repo: &RepoName,
    typed: &str,
    limit: usize,
) -> Result<Vec<Branch>> {
    let found = list(cloud, ("list the branches", BRANCHES), repo, (typed, limit)).await?;
    Ok(found.into_iter().filter_map(|branch| branch.branch().ok()).collect())
}

/// Tags, the latest first.
pub(super) async fn tags(cloud: &Cloud, repo: &RepoName, typed: &str, limit: usize) -> Result<Vec<Tag>> {
    let found = list(cloud, ("list the tags", TAGS), repo, (typed, limit)).await?;
    Ok(found.into_iter().filter_map(|tag| tag.tag().ok()).collect())
}

async fn list(
    cloud: &Cloud,
    (operation, template): (&'static str, &'static str),
    repo: &RepoName,
    (typed, limit): (&str, usize),
) -> Result<Vec<Ref>> {
    let request = cloud.in_repo((Method::GET, operation), template, repo, &[])?;
    let mut request = request.query("sort", "-target.date").query("pagelen", &page(limit, LARGEST_PAGE));
    if let Some(filter) = name_holds(typed) {
        request = request.query("q", &filter);
    }
    Ok(listed(&cloud.api, request, limit).await?)
}

/// Makes a branch. Cloud takes a full hash only.
pub(super) async fn create_branch(cloud: &Cloud, repo: &RepoName, name: &str, at: &str) -> Result<Branch> {
    let body = json!({"name": name, "target": {"hash": resolved(cloud, repo, at).await?}});
    create(cloud, ("make the branch", BRANCHES), repo, body).await?.branch().map_err(Error::from)
}

/// Sets a tag.
pub(super) async fn create_tag(cloud: &Cloud, repo: &RepoName, new: &NewTag) -> Result<Tag> {
    let mut body = json!({"name": new.name, "target": {"hash": resolved(cloud, repo, &new.at).await?}});
    if let Some(message) = &new.message {
        body["message"] = json!(message);
    }
    create(cloud, ("set the tag", TAGS), repo, body).await?.tag().map_err(Error::from)
}

async fn create(
    cloud: &Cloud,
    (operation, template): (&'static str, &'static str),
    repo: &RepoName,
    body: Value,
) -> Result<Ref> {
    let (name, hash) = (body["name"].clone(), body["target"]["hash"].clone());
    let request = cloud.in_repo((Method::POST, operation), template, repo, &[])?.json(body);
    let failed = match cloud.api.read(&request).await {
        Ok(made) => return Ok(made),
        Err(failed) => failed,
    };
    let look = async {
        let typed = (name.as_str().unwrap_or_default(), LARGEST_PAGE);
        let found = list(cloud, ("look for it", template), repo, typed).await?;
        let same = |found: &Ref| {
            let at = found.target.as_ref().and_then(|target| target.hash.as_deref());
            found.name.as_deref() == name.as_str() && at == hash.as_str()
        };
        Ok(found.into_iter().find(same))
    };
    doubt::look(failed, look).await
}

/// Deletes a branch.
pub(super) async fn delete_branch(cloud: &Cloud, repo: &RepoName, name: &str) -> Result<()> {
    let ask = (Method::DELETE, "delete the branch");
    let request = cloud.in_repo(ask, repo!("/refs/branches/{name}"), repo, &[name])?;
    cloud.api.send(&request).await?;
    Ok(())
}

/// Deletes a tag.
pub(super) async fn delete_tag(cloud: &Cloud, repo: &RepoName, name: &str) -> Result<()> {
    let ask = (Method::DELETE, "delete the tag");
    let request = cloud.in_repo(ask, repo!("/refs/tags/{name}"), repo, &[name])?;
    cloud.api.send(&request).await?;
    Ok(())
}

/// The full hash of a branch, a tag or a commit. A name with a slash in it is safe only in a query.
pub(super) async fn resolved(cloud: &Cloud, repo: &RepoName, at: &str) -> Result<String> {
    if is_full_hash(at) {
        return Ok(at.to_owned());
    }
    let request = cloud.in_repo((Method::GET, "find the commit"), repo!("/commits"), repo, &[])?;
    let request = request.query("include", at).query("pagelen", "1").query("fields", "values.hash");
    let found: Vec<Hashed> = listed(&cloud.api, request, 1).await?;
    let hash = found.into_iter().next().and_then(|commit| commit.hash.0);
    hash.ok_or_else(|| Error::NotFound(format!("`{at}` is no branch, tag or commit.").into()))
}

fn is_full_hash(at: &str) -> bool {
    at.len() == 40 && at.bytes().all(|byte| byte.is_ascii_hexdigit())
}
