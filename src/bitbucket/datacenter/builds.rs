//! What build servers say, on Bitbucket Data Center.

use reqwest::Method;
use serde::Deserialize;
use serde_json::json;

use crate::bitbucket::Result;
use crate::bitbucket::lenient::{Maybe, Moment};
use crate::bitbucket::transport::listed;
use crate::words::build::{Build, BuildState, NewBuild};
use crate::words::names::{PrName, RepoName};

use super::refs::full;
use super::{DataCenter, page, pull_requests, repo};

/// The newer address shows one build by its key; only this one lists them.
const ALL: &str = "/build-status/latest/commits/{commitId}";

/// A build status as Data Center writes it.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Wire {
    key: Maybe<String>,
    name: Maybe<String>,
    state: Maybe<String>,
    description: Maybe<String>,
    url: Maybe<String>,
    date_added: Maybe<Moment>,
    updated_date: Maybe<Moment>,
}

impl Wire {
    fn decode(self) -> Option<Build> {
        let key = self.key.0?;
        Some(Build {
            name: self.name.0.unwrap_or_else(|| key.clone()),
            key,
            state: match self.state.as_deref() {
                Some("SUCCESSFUL") => BuildState::Passed,
                Some("FAILED") => BuildState::Failed,
                Some("INPROGRESS") => BuildState::Running,
                Some("CANCELLED") => BuildState::Stopped,
                _ => BuildState::Unknown,
            },
            description: self.description.0.unwrap_or_default(),
            url: self.url.0,
            at: self.updated_date.0.or(self.date_added.0).map_or(0, |at| at.0),
        })
    }
}

/// Those of a commit, whatever the repository.
pub(super) async fn list(dc: &DataCenter, _repo: &RepoName, hash: &str, limit: usize) -> Result<Vec<Build>> {
    let request = dc.api.get("list the builds", ALL, &[hash])?;
    let request = request.query("orderBy", "NEWEST").query("limit", &page(limit));
    let found: Vec<Wire> = listed(&dc.api, request, limit).await?;
    Ok(found.into_iter().filter_map(Wire::decode).collect())
}

/// Those of a pull request: of its newest commit.
pub(super) async fn of_pull_request(dc: &DataCenter, pr: &PrName, limit: usize) -> Result<Vec<Build>> {
    match pull_requests::one(dc, pr).await?.head {
        Some(head) => list(dc, &pr.repo, &head, limit).await,
        None => Ok(Vec::new()),
    }
}

/// Reports one; the same key again replaces it.
pub(super) async fn report(dc: &DataCenter, repo: &RepoName, hash: &str, new: &NewBuild) -> Result<()> {
    let ask = (Method::POST, "report the build");
    let request = dc.in_repo(ask, repo!("/commits/{commitId}/builds"), repo, &[hash])?;
    let mut body = json!({
        "key": new.key,
        "name": new.name,
        "state": word(new.state),
        "description": new.description,
        "url": new.url,
    });
    if let Some(branch) = &new.branch {
        body["ref"] = json!(full(branch));
    }
    dc.api.send(&request.json(body).repeatable()).await?;
    Ok(())
}

fn word(state: BuildState) -> &'static str {
    match state {
        BuildState::Passed => "SUCCESSFUL",
        BuildState::Failed => "FAILED",
        BuildState::Running => "INPROGRESS",
        BuildState::Stopped => "CANCELLED",
        BuildState::Unknown => "UNKNOWN",
    }
}
