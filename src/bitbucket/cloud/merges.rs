//! How a pull request ends on Bitbucket Cloud: merged or declined.

use std::future::{Future, ready};
use std::time::Duration;

use futures_util::future;
use reqwest::Method;
use serde::Deserialize;
use serde_json::json;
use tokio::time::{Instant, sleep};

use crate::bitbucket::lenient::{Listed, Maybe};
use crate::bitbucket::transport::{Answer, Api, Failed, Request};
use crate::bitbucket::{Error, Result, doubt, objections};
use crate::words::comment::NewComment;
use crate::words::merge::{Merge, Mergeability, Strategies, Strategy};
use crate::words::names::PrName;
use crate::words::pull_request::{PullRequest, State};

use super::{Cloud, builds, code, comments, pr, pull_requests, wire};

/// Whether a declined pull request can be opened again.
pub(super) const REOPENS: bool = false;

/// How long a merge may take, looking after it included.
pub(super) const MERGE_TIME: Duration = Duration::from_secs(50);
const MERGE_PATIENCE: Duration = Duration::from_secs(25);
const POLL_FIRST: Duration = Duration::from_millis(500);
const POLL_LONGEST: Duration = Duration::from_secs(4);
/// What is left of the time for a last look.
const LAST_LOOK: Duration = Duration::from_secs(5);
const MOST_BUILDS: usize = 100;

/// A pull request, as far as it says how its target takes it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Offer {
    destination: Maybe<Destination>,
    close_source_branch: Maybe<bool>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Destination {
    branch: Maybe<Taking>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Taking {
    merge_strategies: Listed<String>,
    default_merge_strategy: Maybe<String>,
}

/// The ways its target branch takes it.
pub(super) async fn strategies(cloud: &Cloud, pr: &PrName) -> Result<Strategies> {
    let request = cloud.in_pr((Method::GET, "say how it can be merged"), pr!(""), pr, &[])?;
    let request = request
        .query("fields", "+destination.branch.merge_strategies,+destination.branch.default_merge_strategy");
    let found: Offer = cloud.api.read(&request).await?;
    let closes_source = found.close_source_branch.0.unwrap_or_default();
    let taking = found.destination.0.and_then(|to| to.branch.0).unwrap_or_default();
    let named = |id: String| Strategy { name: id.replace('_', " "), id };
    Ok(Strategies {
        offered: taking.merge_strategies.0.into_iter().map(named).collect(),
        usual: taking.default_merge_strategy.0,
        closes_source,
    })
}

/// What is known beforehand. Cloud itself tells only when one tries.
pub(super) async fn mergeability(cloud: &Cloud, pr: &PrName) -> Result<Mergeability> {
    let now = pull_requests::one(cloud, pr).await?;
    if let Some(closed) = doubt::closed(now.state) {
        return Ok(Mergeability { can: Some(false), conflicts: false, reasons: vec![closed.to_string()] });
    }
    let conflicts = async { Ok::<_, Error>(code::conflicts_of(cloud, pr).await.unwrap_or_default()) };
    let builds = builds::of_pull_request(cloud, pr, MOST_BUILDS);
    let (builds, conflicts) = future::try_join(builds, conflicts).await?;
    let mut reasons = objections::of(&now, &builds);
    if conflicts > 0 {
        reasons.insert(0, "It has conflicts, which have to be resolved first.".to_owned());
    }
    Ok(Mergeability { can: (conflicts > 0).then_some(false), conflicts: conflicts > 0, reasons })
}

/// Merges; without a strategy in the body Cloud takes the target branch's own.
pub(super) async fn merge(cloud: &Cloud, pr: &PrName, how: &Merge) -> Result<PullRequest> {
    let mut body = json!({"type": "pullrequest_merge_parameters"});
    if let Some(strategy) = &how.strategy {
        body["merge_strategy"] = json!(strategy);
    }
    if let Some(message) = &how.message {
        body["message"] = json!(message);
    }
    if let Some(close) = how.close_source {
        body["close_source_branch"] = json!(close);
    }
    let request = cloud.in_pr((Method::POST, "merge the pull request"), pr!("/merge"), pr, &[])?;
    let request = request.json(body).patient(MERGE_PATIENCE);
    let merged = match cloud.api.send(&request).await {
        Ok(answer) if answer.status == 202 => follow(cloud, &request, &answer).await,
        Ok(answer) => Api::decode(&request, &answer),
        Err(failed) => Err(failed),
    };
    ended(cloud, pr, State::Merged, merged).await
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
        let task: MergeTask = cloud.api.read(&poll).await?;
        match task.task_status.as_deref() {
            Some("SUCCESS") => return task.merge_result.0.ok_or_else(not_settled),
            _ => pause = (pause * 2).min(POLL_LONGEST),
        }
    }
    Err(not_settled())
}

/// How a merge that goes on behind is getting on.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct MergeTask {
    task_status: Maybe<String>,
    merge_result: Maybe<wire::PullRequest>,
}

fn not_settled() -> Failed {
    Failed::Other(Error::InDoubt("it said that the merge goes on behind.".into()))
}

async fn ended(
    cloud: &Cloud,
    pr: &PrName,
    wanted: State,
    answer: std::result::Result<wire::PullRequest, Failed>,
) -> Result<PullRequest> {
    match answer.and_then(|found| pull_requests::decode_done(cloud, found, &pr.repo)) {
        Ok(ended) => Ok(ended),
        Err(failed) => doubt::after_turn(cloud, pr, wanted, failed).await,
    }
}

/// Declines. Cloud takes no reason along, so it is said in a comment before.
pub(super) async fn decline(cloud: &Cloud, pr: &PrName, reason: Option<&str>) -> Result<PullRequest> {
    if let Some(reason) = reason {
        let comment = NewComment { text: reason.to_owned(), ..NewComment::default() };
        comments::add(cloud, pr, &comment).await?;
    }
    let request = cloud.in_pr((Method::POST, "decline the pull request"), pr!("/decline"), pr, &[])?;
    ended(cloud, pr, State::Declined, cloud.api.read(&request).await).await
}

/// Cloud has no way back.
pub(super) fn reopen(_: &Cloud, _: &PrName) -> impl Future<Output = Result<PullRequest>> + use<> {
    ready(Err(Error::NotOffered(
        "Bitbucket Cloud cannot open a declined pull request again; open a new one from the same branch."
            .to_owned(),
    )))
}
