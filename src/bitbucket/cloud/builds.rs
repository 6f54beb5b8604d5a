//! What build servers say, on Bitbucket Cloud.

use reqwest::Method;
use serde::Deserialize;
use serde_json::json;

use crate::bitbucket::Result;
use crate::bitbucket::lenient::{Maybe, Moment};
use crate::bitbucket::transport::{Request, listed};
use crate::words::build::{Build, BuildState, NewBuild};
use crate::words::names::{PrName, RepoName};

use super::{Cloud, LARGEST_PAGE, page, pr, repo};

/// A commit status as Cloud writes it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Wire {
    key: Maybe<String>,
    name: Maybe<String>,
    state: Maybe<String>,
    description: Maybe<String>,
    url: Maybe<String>,
    created_on: Maybe<Moment>,
    updated_on: Maybe<Moment>,
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
                Some("STOPPED") => BuildState::Stopped,
                _ => BuildState::Unknown,
            },
            description: self.description.0.unwrap_or_default(),
            url: self.url.0,
            at: self.updated_on.0.or(self.created_on.0).map_or(0, |at| at.0),
        })
    }
}

/// Those of a commit.
pub(super) async fn list(cloud: &Cloud, repo: &RepoName, hash: &str, limit: usize) -> Result<Vec<Build>> {
    let ask = (Method::GET, "list the builds");
    let request = cloud.in_repo(ask, repo!("/commit/{commit}/statuses"), repo, &[hash])?;
    newest(cloud, request, limit).await
}

/// Those of a pull request.
pub(super) async fn of_pull_request(cloud: &Cloud, pr: &PrName, limit: usize) -> Result<Vec<Build>> {
    let request = cloud.in_pr((Method::GET, "list the builds"), pr!("/statuses"), pr, &[])?;
    newest(cloud, request, limit).await
}

async fn newest(cloud: &Cloud, request: Request, limit: usize) -> Result<Vec<Build>> {
    let request = request.query("sort", "-updated_on").query("pagelen", &page(limit, LARGEST_PAGE));
    let found: Vec<Wire> = listed(&cloud.api, request, limit).await?;
    Ok(found.into_iter().filter_map(Wire::decode).collect())
}

/// Reports one; the same key again replaces it.
pub(super) async fn report(cloud: &Cloud, repo: &RepoName, hash: &str, new: &NewBuild) -> Result<()> {
    let ask = (Method::POST, "report the build");
    let request = cloud.in_repo(ask, repo!("/commit/{commit}/statuses/build"), repo, &[hash])?;
    let mut body = json!({
        "key": new.key,
        "name": new.name,
        "state": word(new.state),
        "description": new.description,
        "url": new.url,
    });
    if let Some(branch) = &new.branch {
        body["refname"] = json!(branch);
    }
    cloud.api.send(&request.json(body).repeatable()).await?;
    Ok(())
}

/// Cloud has no word for a build nobody knows about: it stopped.
fn word(state: BuildState) -> &'static str {
    match state {
        BuildState::Passed => "SUCCESSFUL",
        BuildState::Failed => "FAILED",
        BuildState::Running => "INPROGRESS",
        BuildState::Stopped | BuildState::Unknown => "STOPPED",
    }
}
