//! Pull requests on Bitbucket Data Center.

use std::time::Duration;

use serde_json::{Value, json};

use crate::bitbucket::transport::{Failed, by_start};
use crate::bitbucket::{Error, Result, doubt};
use crate::words::names::{PrName, RepoName};
use crate::words::pull_request::{NewPullRequest, PullRequest};

use super::commits::full;
use super::{DataCenter, people, repositories, wire};

const LIST: &str = "/api/latest/projects/{projectKey}/repos/{repositorySlug}/pull-requests";
const ONE: &str = "/api/latest/projects/{projectKey}/repos/{repositorySlug}/pull-requests/{pullRequestId}";
const PARTICIPANT: &str = "/api/latest/projects/{projectKey}/repos/{repositorySlug}/pull-requests/{pullRequestId}/participants/{userSlug}";
const MERGE: &str =
    "/api/latest/projects/{projectKey}/repos/{repositorySlug}/pull-requests/{pullRequestId}/merge";
const DEFAULT_REVIEWERS: &str =
    "/default-reviewers/latest/projects/{projectKey}/repos/{repositorySlug}/reviewers";

const LARGEST_PAGE: usize = 100;

/// How long a merge may take, looking before and after it included.
pub(super) const MERGE_TIME: Duration = Duration::from_secs(50);
const MERGE_PATIENCE: Duration = Duration::from_secs(25);

/// One pull request.
pub(super) async fn one(dc: &DataCenter, pr: &PrName) -> Result<PullRequest> {
    let number = pr.number.to_string();
    let names = [pr.repo.owner.as_str(), &pr.repo.slug, &number];
    let request = dc.api.get("show the pull request", ONE, &names)?;
    let found: wire::PullRequest = dc.api.read(&request).await?;
    Ok(found.decode(&dc.home)?)
}

/// The open ones.
pub(super) async fn open(dc: &DataCenter, repo: &RepoName, limit: usize) -> Result<Vec<PullRequest>> {
    let request = dc.api.get("list the pull requests", LIST, &[&repo.owner, &repo.slug])?;
    let request = request
        .query("state", "OPEN")
        .query("order", "NEWEST")
        .query("limit", &limit.clamp(1, LARGEST_PAGE).to_string());
    let found: Vec<wire::PullRequest> = by_start(&dc.api, request, limit).await?;
    Ok(found.into_iter().filter_map(|pr| pr.decode(&dc.home).ok()).collect())
}

/// Approves, by setting one's own state; setting it again changes nothing.
pub(super) async fn approve(dc: &DataCenter, pr: &PrName) -> Result<()> {
    let me = people::me(dc).await?;
    let number = pr.number.to_string();
    let names = [pr.repo.owner.as_str(), &pr.repo.slug, &number, me.id.as_str()];
    let request = dc.api.put("approve the pull request", PARTICIPANT, &names)?.repeatable();
    let request = request.json(json!({"status": "APPROVED"}));
    match dc.api.send(&request).await {
        Ok(_) => Ok(()),
        Err(failed) if failed.status() == Some(409) => Err(failed.in_its_words()),
        Err(failed) => Err(failed.into()),
    }
}

/// Merges, naming the version we saw. When that is stale by then, looks and tries once more.
pub(super) async fn merge(dc: &DataCenter, pr: &PrName) -> Result<PullRequest> {
    let version = ready(dc, pr).await?;
    match merge_version(dc, pr, version).await {
        Err(Failed::Answered(refusal)) if refusal.is_stale() => {
            let version = ready(dc, pr).await?;
            settled(dc, pr, merge_version(dc, pr, version).await).await
        }
        answer => settled(dc, pr, answer).await,
    }
}

async fn settled(
    dc: &DataCenter,
    pr: &PrName,
    answer: std::result::Result<PullRequest, Failed>,
) -> Result<PullRequest> {
    match answer {
        Ok(merged) => Ok(merged),
        Err(failed) => doubt::after_merge(dc, pr, failed).await,
    }
}

/// The version to merge, once it is sure that nothing speaks against it.
async fn ready(dc: &DataCenter, pr: &PrName) -> Result<i64> {
    let now = one(dc, pr).await?;
    if let Some(error) = doubt::closed(now.state) {
        return Err(error);
    }
    let number = pr.number.to_string();
    let names = [pr.repo.owner.as_str(), &pr.repo.slug, &number];
    let request = dc.api.get("say whether the pull request can be merged", MERGE, &names)?;
    let mergeable: wire::Mergeable = match dc.api.read(&request).await {
        Err(failed) if failed.status() == Some(409) => return Err(failed.in_its_words()),
        answer => answer?,
    };
    match mergeable.objection() {
        Some(words) => Err(Error::Refused(words)),
        None => Ok(now.version.unwrap_or_default()),
    }
}

async fn merge_version(
    dc: &DataCenter,
    pr: &PrName,
    version: i64,
) -> std::result::Result<PullRequest, Failed> {
    let number = pr.number.to_string();
    let names = [pr.repo.owner.as_str(), &pr.repo.slug, &number];
    let request = dc.api.post("merge the pull request", MERGE, &names)?;
    let request = request
        .query("version", &version.to_string())
        .json(json!({"version": version}))
        .patient(MERGE_PATIENCE);
    decode_done(dc, dc.api.read(&request).await?)
}

/// Reads what a deed brought forth; what does not read was done all the same.
fn decode_done(dc: &DataCenter, found: wire::PullRequest) -> std::result::Result<PullRequest, Failed> {
    found.decode(&dc.home).map_err(|lacks| Failed::Other(Error::InDoubt(Error::from(lacks).to_string())))
}

/// Opens one.
pub(super) async fn open_new(dc: &DataCenter, new: &NewPullRequest) -> Result<PullRequest> {
    let target = match &new.target {
        Some(target) => target.clone(),
        None => repositories::main_branch(dc, &new.repo).await?.ok_or_else(no_main_branch)?,
    };
    let reviewers = reviewers(dc, new, &target).await?;
    let repository = json!({"slug": new.repo.slug, "project": {"key": new.repo.owner}});
    let request = dc.api.post("open the pull request", LIST, &[&new.repo.owner, &new.repo.slug])?;
    let request = request.json(json!({
        "title": new.title,
        "description": new.description,
        "fromRef": {"id": full(&new.source), "repository": repository},
        "toRef": {"id": full(&target), "repository": repository},
        "reviewers": reviewers,
    }));
    let opened = dc.api.read(&request).await;
    match opened.and_then(|opened| decode_done(dc, opened)) {
        Ok(opened) => Ok(opened),
        Err(failed) => doubt::after_open(dc, new, failed).await,
    }
}

fn no_main_branch() -> Error {
    Error::Refused("The repository has no main branch yet; name the branch to change.".to_owned())
}

/// Who is asked by default for these two branches, less the author. Where nobody tells, it opens without.
async fn reviewers(dc: &DataCenter, new: &NewPullRequest, target: &str) -> Result<Vec<Value>> {
    let Some(id) = repositories::raw(dc, &new.repo).await?.id.0 else {
        return Ok(Vec::new());
    };
    let names = [new.repo.owner.as_str(), &new.repo.slug];
    let id = id.to_string();
    let request = dc.api.get("list the default reviewers", DEFAULT_REVIEWERS, &names)?;
    let request = request
        .query("sourceRepoId", &id)
        .query("targetRepoId", &id)
        .query("sourceRefId", &full(&new.source))
        .query("targetRefId", &full(target));
    let found: Vec<wire::DefaultReviewer> = match dc.api.read(&request).await {
        Err(failed) if matches!(failed.status(), Some(400 | 403 | 404)) => return Ok(Vec::new()),
        answer => answer?,
    };
    let users = found.into_iter().flat_map(wire::DefaultReviewer::users);
    let users: Vec<wire::User> = users.filter(|user| user.name.is_some()).collect();
    if users.is_empty() {
        return Ok(Vec::new());
    }
    let me = people::me(dc).await?;
    let others = users.into_iter().filter(|user| user.slug.as_deref() != Some(me.id.as_str()));
    Ok(others.map(|user| json!({"user": {"name": user.name.0}})).collect())
}
