//! Who may do what in a repository on Bitbucket Cloud.

use reqwest::Method;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::bitbucket::lenient::Maybe;
use crate::bitbucket::transport::{Request, listed};
use crate::bitbucket::{Error, Result};
use crate::words::access::{Holder, Level, Right, Source};
use crate::words::names::{PersonId, RepoName};

use super::wire::{Account, Named};
use super::{Ask, Cloud, LARGEST_PAGE, SETS_UP, page, quoted, repo};

const LISTS: Ask = (Method::GET, "list the rights");

/// A right as Cloud writes it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Wire {
    permission: Maybe<String>,
    user: Maybe<Account>,
    group: Maybe<Named>,
}

impl Wire {
    fn level(&self) -> Option<Level> {
        match self.permission.as_deref()? {
            // Whoever may make repositories in a project may write to those that are there.
            "create-repo" => Some(Level::Write),
            word => word.parse().ok(),
        }
    }

    fn right(self, source: Source) -> Option<Right> {
        let level = self.level()?;
        let group = self.group.0.and_then(|group| group.name.0).map(Holder::Group);
        let holder = self.user.0.map(|account| Holder::Person(account.person())).or(group)?;
        Some(Right { holder, level, source })
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct InProject {
    project: Maybe<Keyed>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Keyed {
    key: Maybe<String>,
}

/// What was given on the repository, and on its project where that may be seen.
pub(super) async fn all(cloud: &Cloud, repo: &RepoName, limit: usize) -> Result<Vec<Right>> {
    let mut all = Vec::new();
    for template in [repo!("/permissions-config/users"), repo!("/permissions-config/groups")] {
        let request = cloud.in_repo(LISTS, template, repo, &[])?.allowed_by(SETS_UP);
        all.extend(list(cloud, request, (Source::Repository, limit)).await?);
    }
    let request = cloud.in_repo((Method::GET, "show the repository"), repo!(""), repo, &[])?;
    let project: InProject = cloud.api.read(&request.query("fields", "project.key")).await?;
    let Some(key) = project.project.0.and_then(|project| project.key.0) else {
        return Ok(all);
    };
    for template in [
        "/workspaces/{workspace}/projects/{project_key}/permissions-config/users",
        "/workspaces/{workspace}/projects/{project_key}/permissions-config/groups",
    ] {
        let request = cloud.api.request(LISTS, template, &[&repo.owner, &key])?;
        match list(cloud, request, (Source::Project, limit)).await {
            // Whoever administers a repository need not administer its project.
            Err(Error::Forbidden(_) | Error::NotFound(_) | Error::LacksScope(_)) => break,
            found => all.extend(found?),
        }
    }
    Ok(all)
}

async fn list(cloud: &Cloud, request: Request, (source, limit): (Source, usize)) -> Result<Vec<Right>> {
    let request = request.query("pagelen", &page(limit, LARGEST_PAGE));
    let found: Vec<Wire> = listed(&cloud.api, request, limit).await?;
    Ok(found.into_iter().filter_map(|one| one.right(source)).collect())
}

/// Whether it is among those I administer: that list is given to whoever may read.
pub(super) async fn mine(cloud: &Cloud, repo: &RepoName) -> Result<bool> {
    let ask = "list the repositories you administer";
    let request = cloud.api.get(ask, "/repositories/{workspace}", &[&repo.owner])?.query("role", "admin");
    let same = format!("full_name = {}", quoted(&repo.short()));
    let request = request.query("q", &same).query("pagelen", "1");
    let found: Vec<Value> = listed(&cloud.api, request, 1).await?;
    Ok(!found.is_empty())
}

/// What somebody was given on the repository itself. Whoever asks is about to change it, which Cloud lets only
/// a person's own token do: it is asked for before anything is begun.
pub(super) async fn of(cloud: &Cloud, repo: &RepoName, who: &PersonId) -> Result<Option<Level>> {
    let ask = (Method::GET, "show somebody's right");
    let template = repo!("/permissions-config/users/{selected_user_id}");
    let request = cloud.in_repo(ask, template, repo, &[who.as_str()])?.by_an_own_token();
    let found: Wire = cloud.api.read(&request).await?;
    Ok(found.level())
}

/// Gives or takes a right; Cloud lets only a person's own token do that.
pub(super) async fn set(cloud: &Cloud, repo: &RepoName, who: &PersonId, level: Option<Level>) -> Result<()> {
    let template = repo!("/permissions-config/users/{selected_user_id}");
    change(cloud, template, (repo, who.as_str()), level).await
}

/// The same for a group, which Cloud knows by the short form of its name.
pub(super) async fn set_group(
    cloud: &Cloud,
    repo: &RepoName,
    group: &str,
    level: Option<Level>,
) -> Result<()> {
    let slug: String = group.trim().to_lowercase().split_whitespace().collect::<Vec<_>>().join("-");
    change(cloud, repo!("/permissions-config/groups/{group_slug}"), (repo, &slug), level).await
}

async fn change(
    cloud: &Cloud,
    template: &'static str,
    (repo, whose): (&RepoName, &str),
    level: Option<Level>,
) -> Result<()> {
    let request = match level {
        Some(level) => {
            let request = cloud.in_repo((Method::PUT, "give the right"), template, repo, &[whose])?;
            request.json(json!({"permission": level.word()})).repeatable()
        }
        None => cloud.in_repo((Method::DELETE, "take the right away"), template, repo, &[whose])?,
    };
    cloud.api.send(&request.by_an_own_token()).await?;
    Ok(())
}
