//! What branches are protected from on Bitbucket Cloud.

use reqwest::Method;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::bitbucket::Result;
use crate::bitbucket::lenient::{Listed, Maybe};
use crate::bitbucket::transport::listed;
use crate::words::names::RepoName;
use crate::words::protection::{Guard, Protection};

use super::wire::{Account, Named};
use super::{Cloud, LARGEST_PAGE, SETS_UP, page, repo};

const ALL: &str = repo!("/branch-restrictions");
const ONE: &str = repo!("/branch-restrictions/{id}");

/// A restriction as Cloud writes it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Wire {
    id: Maybe<u64>,
    kind: Maybe<String>,
    pattern: Maybe<String>,
    branch_type: Maybe<String>,
    value: Maybe<u32>,
    users: Listed<Account>,
    groups: Listed<Named>,
}

impl Wire {
    fn protection(self) -> Option<Protection> {
        let guard = match (self.kind.0?.as_str(), self.value.0) {
            ("push", _) => Guard::NoDirectPush,
            ("force", _) => Guard::NoRewrite,
            ("delete", _) => Guard::NoDelete,
            ("require_approvals_to_merge", Some(number)) => Guard::Approvals(number),
            ("require_passing_builds_to_merge", Some(number)) => Guard::Builds(number),
            ("require_tasks_to_be_completed", _) => Guard::Tasks,
            (kind, _) => Guard::Other(kind.to_owned()),
        };
        let pattern = self.pattern.0.filter(|pattern| !pattern.is_empty());
        let branches = pattern.or_else(|| self.branch_type.0.map(|of| format!("every {of} branch")))?;
        let people = self.users.0.into_iter().map(|user| user.person().name);
        let groups = self.groups.0.into_iter().filter_map(|group| group.name.0);
        let except = people.chain(groups).collect();
        Some(Protection { id: self.id.0?.to_string(), branches, guard, except, by_project: false })
    }
}

/// What its branches are protected from.
pub(super) async fn all(cloud: &Cloud, repo: &RepoName, limit: usize) -> Result<Vec<Protection>> {
    let request = cloud.in_repo((Method::GET, "list the branch restrictions"), ALL, repo, &[])?;
    let request = request.query("pagelen", &page(limit, LARGEST_PAGE)).allowed_by(SETS_UP);
    let found: Vec<Wire> = listed(&cloud.api, request, limit).await?;
    Ok(found.into_iter().filter_map(Wire::protection).collect())
}

/// Protects branches, by a new restriction or in the place of the one that is `known`.
pub(super) async fn add(
    cloud: &Cloud,
    repo: &RepoName,
    (branches, guard): (&str, &Guard),
    known: Option<&str>,
) -> Result<()> {
    let body = body(branches, guard);
    let request = match known {
        Some(id) => {
            cloud.in_repo((Method::PUT, "change the branch restriction"), ONE, repo, &[id])?.repeatable()
        }
        None => cloud.in_repo((Method::POST, "restrict the branch"), ALL, repo, &[])?,
    };
    cloud.api.send(&request.json(body).allowed_by(SETS_UP)).await?;
    Ok(())
}

fn body(branches: &str, guard: &Guard) -> Value {
    let (kind, value) = match guard {
        Guard::NoDirectPush | Guard::ReadOnly => ("push", None),
        Guard::NoRewrite => ("force", None),
        Guard::NoDelete => ("delete", None),
        Guard::Approvals(number) => ("require_approvals_to_merge", Some(*number)),
        Guard::Builds(number) => ("require_passing_builds_to_merge", Some(*number)),
        Guard::Tasks => ("require_tasks_to_be_completed", None),
        Guard::Other(kind) => (kind.as_str(), None),
    };
    let mut body = json!({
        "type": "branchrestriction", "kind": kind, "branch_match_kind": "glob", "pattern": branches,
    });
    if let Some(value) = value {
        body["value"] = value.into();
    }
    if kind == "push" {
        // Nobody is let through.
        (body["users"], body["groups"]) = (json!([]), json!([]));
    }
    body
}

/// Protects them no longer.
pub(super) async fn remove(cloud: &Cloud, repo: &RepoName, id: &str) -> Result<()> {
    let request = cloud.in_repo((Method::DELETE, "lift the branch restriction"), ONE, repo, &[id])?;
    cloud.api.send(&request.allowed_by(SETS_UP)).await?;
    Ok(())
}
