//! Branches and tags on Bitbucket Data Center.

use reqwest::Method;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::bitbucket::lenient::{Lacks, Maybe};
use crate::bitbucket::transport::{Failed, listed};
use crate::bitbucket::{Error, Result, doubt};
use crate::words::commit::{Branch, NewTag, Tag};
use crate::words::names::RepoName;

use super::{Ask, DataCenter, WRITES, page, repo};

const BRANCHES: &str = repo!("/branches");
const TAGS: &str = repo!("/tags");
/// Branches are made and deleted in a module of their own.
const BRANCH_UTILS: &str = repo!("/branch-utils", "/branches");
const LOOK_AT: usize = 50;

/// A branch or a tag.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Ref {
    id: Maybe<String>,
    display_id: Maybe<String>,
    latest_commit: Maybe<String>,
    /// What old servers call the same.
    latest_changeset: Maybe<String>,
}

impl Ref {
    fn name(&self) -> Option<String> {
        let id = self.id.as_deref();
        let id = id.map(|id| id.trim_start_matches("refs/heads/").trim_start_matches("refs/tags/"));
        self.display_id.0.clone().or_else(|| id.map(str::to_owned))
    }

    fn head(self) -> Option<String> {
        self.latest_commit.0.or(self.latest_changeset.0)
    }

    fn branch(self) -> std::result::Result<Branch, Lacks> {
        let name = self.name().ok_or(Lacks("the branch's name"))?;
        Ok(Branch { name, head: self.head().ok_or(Lacks("the branch's commit"))? })
    }

    fn tag(self) -> std::result::Result<Tag, Lacks> {
        let name = self.name().ok_or(Lacks("the tag's name"))?;
        Ok(Tag { name, head: self.head().ok_or(Lacks("the tag's commit"))?, message: None })
    }
}

/// Branches, the latest changed first.
pub(super) async fn branches(
    dc: &DataCenter,
    repo: &RepoName,
    typed: &str,
    limit: usize,
) -> Result<Vec<Branch>> {
    let found = list(dc, ("list the branches", BRANCHES), repo, (typed, limit)).await?;
    Ok(found.into_iter().filter_map(|branch| branch.branch().ok()).collect())
}

/// Tags, the latest first.
pub(super) async fn tags(dc: &DataCenter, repo: &RepoName, typed: &str, limit: usize) -> Result<Vec<Tag>> {
    let found = list(dc, ("list the tags", TAGS), repo, (typed, limit)).await?;
    Ok(found.into_iter().filter_map(|tag| tag.tag().ok()).collect())
}

async fn list(
    dc: &DataCenter,
    (operation, template): (&'static str, &'static str),
    repo: &RepoName,
    (typed, limit): (&str, usize),
) -> Result<Vec<Ref>> {
    let request = dc.in_repo((Method::GET, operation), template, repo, &[])?;
    let mut request = request.query("orderBy", "MODIFICATION").query("limit", &page(limit));
    if !typed.trim().is_empty() {
        request = request.query("filterText", typed.trim());
    }
    Ok(listed(&dc.api, request, limit).await?)
}

/// Makes a branch. The module beside the API takes a commit only.
pub(super) async fn create_branch(dc: &DataCenter, repo: &RepoName, name: &str, at: &str) -> Result<Branch> {
    let at = resolved(dc, repo, at).await?;
    let ask = (Method::POST, "make the branch");
    let made =
        create(dc, (ask, BRANCH_UTILS, BRANCHES), repo, json!({"name": name, "startPoint": at})).await?;
    Ok(made.branch()?)
}

/// Sets a tag.
pub(super) async fn create_tag(dc: &DataCenter, repo: &RepoName, new: &NewTag) -> Result<Tag> {
    let at = resolved(dc, repo, &new.at).await?;
    let mut body = json!({"name": new.name, "startPoint": at});
    if let Some(message) = &new.message {
        body["message"] = json!(message);
    }
    let set = create(dc, ((Method::POST, "set the tag"), TAGS, TAGS), repo, body).await?.tag()?;
    Ok(Tag { message: new.message.clone(), ..set })
}

async fn create(
    dc: &DataCenter,
    (ask, template, listed_at): (Ask, &'static str, &'static str),
    repo: &RepoName,
    body: Value,
) -> Result<Ref> {
    let (name, at) = (body["name"].clone(), body["startPoint"].clone());
    let request = dc.in_repo(ask, template, repo, &[])?.allowed_by(WRITES).json(body);
    let failed = match dc.api.read(&request).await {
        Ok(made) => return Ok(made),
        Err(failed) => failed,
    };
    let look = async {
        let typed = (name.as_str().unwrap_or_default(), LOOK_AT);
        let found = list(dc, ("look for it", listed_at), repo, typed).await?;
        let same = |found: &Ref| {
            found.name().as_deref() == name.as_str() && found.latest_commit.as_deref() == at.as_str()
        };
        Ok(found.into_iter().find(same))
    };
    doubt::look(failed, look).await
}

/// Deletes a branch, which Data Center takes as done when there is none.
pub(super) async fn delete_branch(dc: &DataCenter, repo: &RepoName, name: &str) -> Result<()> {
    let request = dc.in_repo((Method::DELETE, "delete the branch"), BRANCH_UTILS, repo, &[])?;
    let request = request.json(json!({"name": full(name), "dryRun": false})).allowed_by(WRITES);
    dc.api.send(&request).await.map_err(Failed::in_its_words)?;
    Ok(())
}

/// Deletes a tag.
pub(super) async fn delete_tag(dc: &DataCenter, repo: &RepoName, name: &str) -> Result<()> {
    let ask = (Method::DELETE, "delete the tag");
    let request = dc.in_repo(ask, repo!("/git", "/tags/{name*}"), repo, &[name])?;
    dc.api.send(&request.allowed_by(WRITES)).await?;
    Ok(())
}

/// A branch by its full name, which a tag of the same name does not answer to.
pub(super) fn full(branch: &str) -> String {
    if branch.starts_with("refs/") { branch.to_owned() } else { format!("refs/heads/{branch}") }
}

/// The same, unless it looks like a commit.
pub(super) fn qualified(at: &str) -> String {
    let is_hash = at.len() >= 7 && at.len() <= 40 && at.bytes().all(|byte| byte.is_ascii_hexdigit());
    if is_hash { at.to_owned() } else { full(at) }
}

/// The full hash of a branch, a tag or a commit.
pub(super) async fn resolved(dc: &DataCenter, repo: &RepoName, at: &str) -> Result<String> {
    if at.len() == 40 && at.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Ok(at.to_owned());
    }
    let as_branch = qualified(at);
    let hash = match newest_of(dc, repo, &as_branch).await {
        Err(Error::NotFound(_)) if as_branch != at => newest_of(dc, repo, at).await?,
        found => found?,
    };
    hash.ok_or_else(|| Error::NotFound(format!("`{at}` is no branch, tag or commit.").into()))
}

async fn newest_of(dc: &DataCenter, repo: &RepoName, at: &str) -> Result<Option<String>> {
    let request = dc.in_repo((Method::GET, "find the commit"), repo!("/commits"), repo, &[])?;
    let found: Vec<Found> = listed(&dc.api, request.query("until", at).query("limit", "1"), 1).await?;
    Ok(found.into_iter().next().and_then(|commit| commit.id.0))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Found {
    id: Maybe<String>,
}
