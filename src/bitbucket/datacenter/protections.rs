//! What branches are protected from on Bitbucket Data Center.

use reqwest::Method;
use serde::Deserialize;
use serde_json::json;

use crate::bitbucket::lenient::{Listed, Maybe};
use crate::bitbucket::transport::listed;
use crate::bitbucket::{Error, Result};
use crate::words::names::RepoName;
use crate::words::protection::{Guard, Protection};

use super::refs::full;
use super::wire::User;
use super::{DataCenter, SETS_UP, page, repo};

const ALL: &str = repo!("/branch-permissions", "/restrictions");
const ONE: &str = repo!("/branch-permissions", "/restrictions/{id}");
/// Several at once, which is the form that is documented.
const BULK: &str = "application/vnd.atl.bitbucket.bulk+json";

/// A restriction as Data Center writes it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Wire {
    id: Maybe<u64>,
    r#type: Maybe<String>,
    matcher: Maybe<Matcher>,
    users: Listed<User>,
    groups: Listed<String>,
    scope: Maybe<Scope>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Matcher {
    id: Maybe<String>,
    display_id: Maybe<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Scope {
    r#type: Maybe<String>,
}

impl Wire {
    fn protection(self) -> Option<Protection> {
        let guard = match self.r#type.0?.as_str() {
            "pull-request-only" => Guard::NoDirectPush,
            "fast-forward-only" => Guard::NoRewrite,
            "no-deletes" => Guard::NoDelete,
            "read-only" => Guard::ReadOnly,
            kind => Guard::Other(kind.to_owned()),
        };
        let matcher = self.matcher.0?;
        let people = self.users.0.into_iter().map(|user| user.person().name);
        Some(Protection {
            id: self.id.0?.to_string(),
            branches: matcher.display_id.0.or(matcher.id.0)?,
            guard,
            except: people.chain(self.groups.0).collect(),
            by_project: self.scope.0.and_then(|scope| scope.r#type.0).as_deref() == Some("PROJECT"),
        })
    }
}

/// What its branches are protected from.
pub(super) async fn all(dc: &DataCenter, repo: &RepoName, limit: usize) -> Result<Vec<Protection>> {
    let request = dc.in_repo((Method::GET, "list the branch permissions"), ALL, repo, &[])?;
    let request = request.query("limit", &page(limit)).allowed_by(SETS_UP);
    let found: Vec<Wire> = listed(&dc.api, request, limit).await?;
    Ok(found.into_iter().filter_map(Wire::protection).collect())
}

/// Protects branches; setting again what is set changes nothing.
pub(super) async fn add(
    dc: &DataCenter,
    repo: &RepoName,
    (branches, guard): (&str, &Guard),
    _known: Option<&str>,
) -> Result<()> {
    let kind = match guard {
        Guard::NoDirectPush => "pull-request-only",
        Guard::NoRewrite => "fast-forward-only",
        Guard::NoDelete => "no-deletes",
        Guard::ReadOnly => "read-only",
        Guard::Other(kind) => kind,
        Guard::Approvals(_) | Guard::Builds(_) | Guard::Tasks => {
            let words = "Data Center asks for approvals, builds and tasks in the repository's settings, under \
                         merge checks, and not branch by branch.";
            return Err(Error::NotOffered(words.to_owned()));
        }
    };
    let form = branches.contains(['*', '?', '[']);
    let matcher = if form {
        json!({"id": branches, "displayId": branches, "type": {"id": "PATTERN"}})
    } else {
        json!({"id": full(branches), "displayId": branches, "type": {"id": "BRANCH"}})
    };
    let body = json!([{"type": kind, "matcher": matcher, "users": [], "groups": [], "accessKeys": []}]);
    let request = dc.in_repo((Method::POST, "restrict the branch"), ALL, repo, &[])?;
    dc.api.send(&request.json(body).written_as(BULK).allowed_by(SETS_UP)).await?;
    Ok(())
}

/// Protects them no longer.
pub(super) async fn remove(dc: &DataCenter, repo: &RepoName, id: &str) -> Result<()> {
    let request = dc.in_repo((Method::DELETE, "lift the branch permission"), ONE, repo, &[id])?;
    dc.api.send(&request.allowed_by(SETS_UP)).await?;
    Ok(())
}
