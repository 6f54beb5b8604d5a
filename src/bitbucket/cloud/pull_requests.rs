//! Pull requests on Bitbucket Cloud.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::{Instant, sleep};

use crate::bitbucket::transport::{Answer, Api, Failed, Request, by_next};
use crate::bitbucket::{Error, Result, doubt};
use crate::words::names::{PrName, RepoName};
use crate::words::pull_request::{NewPullRequest, PullRequest, Verdict};

use super::{Cloud, people, wire};

const LIST: &str = "/repositories/{workspace}/{repo_slug}/pullrequests";
const ONE: &str = "/repositories/{workspace}/{repo_slug}/pullrequests/{id}";
const APPROVE: &str = "/repositories/{workspace}/{repo_slug}/pullrequests/{id}/approve";
const MERGE: &str = "/repositories/{workspace}/{repo_slug}/pullrequests/{id}/merge";
const DEFAULT_REVIEWERS: &str = "/repositories/{workspace}/{repo_slug}/effective-default-reviewers";

/// Cloud lists no more of them at once.
const LARGEST_PAGE: usize = 50;
const MOST_REVIEWERS: usize = 100;

/// How long a merge may take, looking after it included.
pub(super) const MERGE_TIME: Duration = Duration::from_secs(50);
const MERGE_PATIENCE: Duration = Duration::from_secs(25);
const POLL_FIRST: Duration = Duration::from_millis(500);
const POLL_LONGEST: Duration = Duration::from_secs(4);
/// What is left of the time for a last look.
const LAST_LOOK: Duration = Duration::from_secs(5);

/// One pull request.
pub(super) async fn one(cloud: &Cloud, pr: &PrName) -> Result<PullRequest> {
    let number = pr.number.to_string();
    let names = [pr.repo.owner.as_str(), &pr.repo.slug, &number];
    let request = cloud.api.get("show the pull request", ONE, &names)?;
    let found: wire::PullRequest = cloud.api.read(&request).await?;
    Ok(found.decode(&cloud.home, Some(&pr.repo))?)
}

/// The open ones, with their reviewers, which the list leaves out unless asked.
pub(super) async fn open(cloud: &Cloud, repo: &RepoName, limit: usize) -> Result<Vec<PullRequest>> {
    let request = cloud.api.get("list the pull requests", LIST, &[&repo.owner, &repo.slug])?;
    let request = request
        .query("state", "OPEN")
        .query("sort", "-created_on")
        .query("pagelen", &limit.clamp(1, LARGEST_PAGE).to_string())
        .query("fields", "+values.reviewers,+values.participants");
    let found: Vec<wire::PullRequest> = by_next(&cloud.api, request, limit).await?;
    let decoded = found.into_iter().filter_map(|pr| pr.decode(&cloud.home, Some(repo)).ok());
    Ok(decoded.collect())
}

/// Approves. A 409 may say, in whatever language, that it is approved already.
pub(super) async fn approve(cloud: &Cloud, pr: &PrName) -> Result<()> {
    let number = pr.number.to_string();
    let names = [pr.repo.owner.as_str(), &pr.repo.slug, &number];
    let request = cloud.api.post("approve the pull request", APPROVE, &names)?.repeatable();
    let Err(failed) = cloud.api.send(&request).await else {
        return Ok(());
    };
    if failed.status() == Some(409) && has_approved(cloud, pr).await? {
        return Ok(());
    }
    Err(match failed.status() {
        Some(409) => failed.in_its_words(),
        _ => failed.into(),
    })
}

async fn has_approved(cloud: &Cloud, pr: &PrName) -> Result<bool> {
    let me = people::me(cloud).await?;
    let now = one(cloud, pr).await?;
    let mut mine = now.reviews.iter().filter(|review| review.person.id == me.id);
    Ok(mine.any(|review| review.verdict == Verdict::Approved))
}

/// Merges; without a strategy in the body Cloud takes the target branch's own.
pub(super) async fn merge(cloud: &Cloud, pr: &PrName) -> Result<PullRequest> {
    let number = pr.number.to_string();
    let names = [pr.repo.owner.as_str(), &pr.repo.slug, &number];
    let request = cloud.api.post("merge the pull request", MERGE, &names)?;
    let request = request.json(json!({"type": "pullrequest_merge_parameters"})).patient(MERGE_PATIENCE);
    let merged = match cloud.api.send(&request).await {
        Ok(answer) if answer.status == 202 => follow(cloud, &request, &answer).await,
        Ok(answer) => Api::decode(&request, &answer),
        Err(failed) => Err(failed),
    };
    match merged.and_then(|merged: wire::PullRequest| decode_done(cloud, merged, &pr.repo)) {
        Ok(merged) => Ok(merged),
        Err(failed) => doubt::after_merge(cloud, pr, failed).await,
    }
}

/// Waits for a merge that goes on behind.
async fn follow(
    cloud: &Cloud,
    merge: &Request,
    answer: &Answer,
) -> std::result::Result<wire::PullRequest, Failed> {
    let address = answer.header("location").ok_or_else(not_settled)?;
    let poll = cloud.api.get_at(merge, address)?;
    let mut pause = POLL_FIRST;
    while Instant::now() + pause + LAST_LOOK < cloud.api.ends() {
        sleep(pause).await;
        let task: wire::MergeTask = cloud.api.read(&poll).await?;
        match task.task_status.as_deref() {
            Some("SUCCESS") => return task.merge_result.0.ok_or_else(not_settled),
            _ => pause = (pause * 2).min(POLL_LONGEST),
        }
    }
    Err(not_settled())
}

fn not_settled() -> Failed {
    Failed::Other(Error::InDoubt("it said that the merge goes on behind.".to_owned()))
}

/// Reads what a deed brought forth; what does not read was done all the same.
fn decode_done(
    cloud: &Cloud,
    found: wire::PullRequest,
    repo: &RepoName,
) -> std::result::Result<PullRequest, Failed> {
    found
        .decode(&cloud.home, Some(repo))
        .map_err(|lacks| Failed::Other(Error::InDoubt(Error::from(lacks).to_string())))
}

/// Opens one.
pub(super) async fn open_new(cloud: &Cloud, new: &NewPullRequest) -> Result<PullRequest> {
    let names = [new.repo.owner.as_str(), &new.repo.slug];
    let request = cloud.api.post("open the pull request", LIST, &names)?;
    let request = request.json(body(new, &reviewers(cloud, &new.repo).await?));
    let opened = cloud.api.read(&request).await;
    match opened.and_then(|opened: wire::PullRequest| decode_done(cloud, opened, &new.repo)) {
        Ok(opened) => Ok(opened),
        Err(failed) => doubt::after_open(cloud, new, failed).await,
    }
}

fn body(new: &NewPullRequest, reviewers: &[Value]) -> Value {
    let mut body = json!({
        "title": new.title,
        "description": new.description,
        "source": {"branch": {"name": new.source}},
        "reviewers": reviewers,
    });
    if let Some(target) = &new.target {
        body["destination"] = json!({"branch": {"name": target}});
    }
    body
}

/// Who is asked by default, less the author, whom Cloud would refuse. Who may not see them opens without.
async fn reviewers(cloud: &Cloud, repo: &RepoName) -> Result<Vec<Value>> {
    let names = [repo.owner.as_str(), &repo.slug];
    let request = cloud.api.get("list the default reviewers", DEFAULT_REVIEWERS, &names)?;
    let entries: Vec<wire::Entry> = match by_next(&cloud.api, request, MOST_REVIEWERS).await {
        Err(failed) if matches!(failed.status(), Some(403 | 404)) => return Ok(Vec::new()),
        answer => answer?,
    };
    let ids: Vec<String> = entries.into_iter().filter_map(|entry| entry.user.0?.uuid.0).collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let me = people::me(cloud).await?;
    let others = ids.into_iter().filter(|id| id != me.id.as_str());
    Ok(others.map(|uuid| json!({"uuid": uuid})).collect())
}
