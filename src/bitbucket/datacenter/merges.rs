//! How a pull request ends on Bitbucket Data Center, and begins again: merged, declined, reopened.

use std::time::Duration;

use reqwest::Method;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::bitbucket::lenient::{Listed, Maybe};
use crate::bitbucket::transport::{Failed, Request};
use crate::bitbucket::{Error, Result, doubt, objections};
use crate::words::merge::{Merge, Mergeability, Strategies, Strategy};
use crate::words::names::PrName;
use crate::words::pull_request::{PullRequest, State};

use super::{DataCenter, WRITES, builds, pr, pull_requests, refs, repo};

/// Whether a declined pull request can be opened again.
pub(super) const REOPENS: bool = true;

/// How long a merge may take, looking before and after it included.
pub(super) const MERGE_TIME: Duration = Duration::from_secs(50);
const MERGE_PATIENCE: Duration = Duration::from_secs(25);
const MOST_BUILDS: usize = 100;

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Settings {
    merge_config: Maybe<Config>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Config {
    default_strategy: Maybe<Way>,
    strategies: Listed<Way>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Way {
    id: Maybe<String>,
    name: Maybe<String>,
    enabled: Maybe<bool>,
}

/// The ways its repository takes it.
pub(super) async fn strategies(dc: &DataCenter, pr: &PrName) -> Result<Strategies> {
    let ask = (Method::GET, "say how it can be merged");
    let request = dc.in_repo(ask, repo!("/settings/pull-requests"), &pr.repo, &[])?;
    let settings: Settings = dc.api.read(&request).await?;
    let config = settings.merge_config.0.unwrap_or_default();
    let offered = config.strategies.0.into_iter().filter(|way| way.enabled.0 != Some(false));
    let named = |way: Way| {
        let id = way.id.0?;
        Some(Strategy { name: way.name.0.unwrap_or_else(|| id.clone()), id })
    };
    Ok(Strategies {
        offered: offered.filter_map(named).collect(),
        usual: config.default_strategy.0.and_then(|way| way.id.0),
        closes_source: false,
    })
}

/// Whether it can be merged, and who objects.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Wire {
    can_merge: Maybe<bool>,
    conflicted: Maybe<bool>,
    vetoes: Listed<Veto>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Veto {
    summary_message: Maybe<String>,
    detailed_message: Maybe<String>,
}

impl Wire {
    /// In Bitbucket's words where it has any.
    fn decode(self) -> Mergeability {
        let conflicted = self.conflicted.unwrap_or_default();
        if self.can_merge.unwrap_or(!conflicted && self.vetoes.0.is_empty()) {
            return Mergeability { can: Some(true), conflicts: false, reasons: Vec::new() };
        }
        let mut reasons: Vec<String> = self.vetoes.0.into_iter().filter_map(Veto::words).collect();
        if conflicted {
            reasons.insert(0, "It has conflicts, which have to be resolved first.".to_owned());
        }
        if reasons.is_empty() {
            reasons.push("Bitbucket says that it cannot be merged yet.".to_owned());
        }
        Mergeability { can: Some(false), conflicts: conflicted, reasons }
    }
}

impl Veto {
    fn words(self) -> Option<String> {
        self.detailed_message.0.or(self.summary_message.0)
    }
}

/// Whether it can be merged, and what there is to be seen of it where nothing forbids it.
pub(super) async fn mergeability(dc: &DataCenter, pr: &PrName) -> Result<Mergeability> {
    let found = vetoes(dc, pr).await?;
    if found.can != Some(true) {
        return Ok(found);
    }
    // What may be merged may be merged, whether or not there is more to tell.
    let Ok(now) = pull_requests::one(dc, pr).await else {
        return Ok(found);
    };
    let builds = match &now.head {
        Some(head) => builds::list(dc, &pr.repo, head, MOST_BUILDS).await.unwrap_or_default(),
        None => Vec::new(),
    };
    Ok(Mergeability { reasons: objections::of(&now, &builds), ..found })
}

/// Whether Bitbucket would merge it.
async fn vetoes(dc: &DataCenter, pr: &PrName) -> Result<Mergeability> {
    let ask = (Method::GET, "say whether the pull request can be merged");
    let request = dc.in_pr(ask, pr!("/merge"), pr, &[])?;
    match dc.api.read::<Wire>(&request).await {
        Ok(found) => Ok(found.decode()),
        // It is closed already.
        Err(failed) if failed.status() == Some(409) => {
            let words = failed.in_its_words().to_string();
            Ok(Mergeability { can: Some(false), conflicts: false, reasons: vec![words] })
        }
        Err(failed) => Err(failed.into()),
    }
}

/// Merges, naming the version we saw. When that is stale by then, looks and tries once more.
pub(super) async fn merge(dc: &DataCenter, pr: &PrName, how: &Merge) -> Result<PullRequest> {
    let merged = match merge_once(dc, pr, how).await {
        Err(Failed::Answered(refusal)) if refusal.is_stale() => merge_once(dc, pr, how).await,
        answer => answer,
    };
    let merged = settled(dc, pr, State::Merged, merged).await?;
    if how.close_source == Some(true) {
        close_source(dc, &merged).await;
    }
    Ok(merged)
}

async fn merge_once(dc: &DataCenter, pr: &PrName, how: &Merge) -> std::result::Result<PullRequest, Failed> {
    let version = ready(dc, pr).await?;
    let mut body = json!({"version": version});
    if let Some(strategy) = &how.strategy {
        body["strategyId"] = json!(strategy);
    }
    if let Some(message) = &how.message {
        body["message"] = json!(message);
    }
    let request = dc.in_pr((Method::POST, "merge the pull request"), pr!("/merge"), pr, &[])?;
    turn(dc, request.allowed_by(WRITES), version, body).await
}

/// The version to merge, once it is sure that nothing speaks against it.
async fn ready(dc: &DataCenter, pr: &PrName) -> Result<i64> {
    let now = pull_requests::one(dc, pr).await?;
    if let Some(error) = doubt::closed(now.state) {
        return Err(error);
    }
    let mergeable = vetoes(dc, pr).await?;
    if mergeable.can == Some(false) {
        return Err(Error::Refused(mergeable.reasons.join(" ").into()));
    }
    Ok(now.version.unwrap_or_default())
}

/// Data Center leaves the branch; that it could not be deleted does not undo the merge.
async fn close_source(dc: &DataCenter, merged: &PullRequest) {
    // A branch of the same name elsewhere is another one.
    if merged.fork_gone {
        return;
    }
    let repo = merged.source_repo.as_ref().unwrap_or(&merged.name.repo);
    if let Err(error) = refs::delete_branch(dc, repo, &merged.source).await {
        tracing::info!(%error, "the source branch of a merged pull request stays");
    }
}

async fn turn(
    dc: &DataCenter,
    request: Request,
    version: i64,
    body: Value,
) -> std::result::Result<PullRequest, Failed> {
    let request = request.query("version", &version.to_string()).json(body).patient(MERGE_PATIENCE);
    pull_requests::decode_done(dc, dc.api.read(&request).await?)
}

async fn settled(
    dc: &DataCenter,
    pr: &PrName,
    wanted: State,
    answer: std::result::Result<PullRequest, Failed>,
) -> Result<PullRequest> {
    match answer {
        Ok(now) => Ok(now),
        Err(failed) => doubt::after_turn(dc, pr, wanted, failed).await,
    }
}

/// Declines, with a reason where there is one.
pub(super) async fn decline(dc: &DataCenter, pr: &PrName, reason: Option<&str>) -> Result<PullRequest> {
    let version = pull_requests::one(dc, pr).await?.version.unwrap_or_default();
    let mut body = json!({"version": version});
    if let Some(reason) = reason {
        body["comment"] = json!(reason);
    }
    let request = dc.in_pr((Method::POST, "decline the pull request"), pr!("/decline"), pr, &[])?;
    let declined = turn(dc, request, version, body).await;
    settled(dc, pr, State::Declined, declined).await
}

/// Opens a declined one again.
pub(super) async fn reopen(dc: &DataCenter, pr: &PrName) -> Result<PullRequest> {
    let version = pull_requests::one(dc, pr).await?.version.unwrap_or_default();
    let request = dc.in_pr((Method::POST, "open the pull request again"), pr!("/reopen"), pr, &[])?;
    let open = turn(dc, request, version, json!({"version": version})).await;
    settled(dc, pr, State::Open, open).await
}
