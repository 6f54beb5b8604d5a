//! Who may do what in a repository or a project on Bitbucket Cloud.

use reqwest::Method;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::bitbucket::lenient::Maybe;
use crate::bitbucket::transport::{Request, listed};
use crate::bitbucket::{Error, Result};
use crate::words::access::{Ground, Holder, Level, ProjectName, Right, Source};
use crate::words::names::{PersonId, RepoName};

use super::wire::{Account, Named};
use super::{Ask, Cloud, LARGEST_PAGE, SETS_UP, page, quoted, repo};

const LISTS: Ask = (Method::GET, "list the rights");
/// What a token of one's own has to be allowed to change a right in a project.
const IN_PROJECTS: &[&str] = &[
    "read:project:bitbucket",
    "admin:project:bitbucket",
    "write:permission:bitbucket",
    "delete:permission:bitbucket",
];
/// Where somebody's right is kept: in a repository, and in a project.
const SOMEBODYS: (&str, &str) = (
    repo!("/permissions-config/users/{selected_user_id}"),
    "/workspaces/{workspace}/projects/{project_key}/permissions-config/users/{selected_user_id}",
);
/// The same of a group.
const A_GROUPS: (&str, &str) = (
    repo!("/permissions-config/groups/{group_slug}"),
    "/workspaces/{workspace}/projects/{project_key}/permissions-config/groups/{group_slug}",
);

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
            "create-repo" => Some(Level::Create),
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
    let Some(key) = key_of(cloud, repo).await? else {
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

/// The key of the project that a repository is in.
async fn key_of(cloud: &Cloud, repo: &RepoName) -> Result<Option<String>> {
    let request = cloud.in_repo((Method::GET, "show the repository"), repo!(""), repo, &[])?;
    let project: InProject = cloud.api.read(&request.query("fields", "project.key")).await?;
    Ok(project.project.0.and_then(|project| project.key.0))
}

/// The project that a repository is in.
pub(super) async fn project_of(cloud: &Cloud, repo: &RepoName) -> Result<ProjectName> {
    let key = key_of(cloud, repo).await?;
    let key = key.ok_or_else(|| Error::Unreadable("it does not say which project that is in.".into()))?;
    Ok(ProjectName { instance: repo.instance.clone(), owner: repo.owner.clone(), key })
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

/// What somebody was given there itself. Whoever asks is about to change it, which Cloud lets only a person's own
/// token do: it is asked for before anything is begun.
pub(super) async fn of(cloud: &Cloud, ground: &Ground, who: &PersonId) -> Result<Option<Level>> {
    let request = on(cloud, (Method::GET, "show somebody's right"), (ground, SOMEBODYS), who.as_str())?;
    let found: Wire = cloud.api.read(&request).await?;
    Ok(found.level())
}

/// Gives or takes a right; Cloud lets only a person's own token do that.
pub(super) async fn set(cloud: &Cloud, ground: &Ground, who: &PersonId, level: Option<Level>) -> Result<()> {
    change(cloud, (ground, SOMEBODYS), who.as_str(), level).await
}

/// The same for a group, which Cloud knows by the short form of its name.
pub(super) async fn set_group(
    cloud: &Cloud,
    ground: &Ground,
    group: &str,
    level: Option<Level>,
) -> Result<()> {
    let slug: String = group.trim().to_lowercase().split_whitespace().collect::<Vec<_>>().join("-");
    change(cloud, (ground, A_GROUPS), &slug, level).await
}

async fn change(
    cloud: &Cloud,
    place: (&Ground, (&'static str, &'static str)),
    whose: &str,
    level: Option<Level>,
) -> Result<()> {
    let request = match level {
        Some(level) => {
            let word = if level == Level::Create { "create-repo" } else { level.word() };
            let request = on(cloud, (Method::PUT, "give the right"), place, whose)?;
            request.json(json!({"permission": word})).repeatable()
        }
        None => on(cloud, (Method::DELETE, "take the right away"), place, whose)?,
    };
    cloud.api.send(&request).await?;
    Ok(())
}

/// A question about somebody's right in a repository or in a project.
fn on(
    cloud: &Cloud,
    ask: Ask,
    (ground, (in_repo, in_project)): (&Ground, (&'static str, &'static str)),
    whose: &str,
) -> Result<Request> {
    match ground {
        Ground::Repository(repo) => Ok(cloud.in_repo(ask, in_repo, repo, &[whose])?.by_an_own_token()),
        Ground::Project(project) => {
            let request = cloud.api.request(ask, in_project, &[&project.owner, &project.key, whose])?;
            Ok(request.by_an_own_token().allowed_by(IN_PROJECTS))
        }
    }
}
