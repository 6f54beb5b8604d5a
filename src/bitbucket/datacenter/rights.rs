//! Who may do what in a repository or a project on Bitbucket Data Center.

use std::future::ready;

use reqwest::Method;
use serde::Deserialize;

use crate::bitbucket::lenient::Maybe;
use crate::bitbucket::transport::{Request, listed};
use crate::bitbucket::{Error, Result};
use crate::words::access::{Ground, Holder, Level, ProjectName, Right, Source};
use crate::words::names::{PersonId, RepoName};

use super::wire::User;
use super::{Ask, DataCenter, SETS_UP, SETS_UP_PROJECTS, page, people, repo};

const LISTS: Ask = (Method::GET, "list the rights");
/// Where rights of people are kept: in a repository, and in a project.
const PEOPLE: (&str, &str) =
    (repo!("/permissions/users"), "/api/latest/projects/{projectKey}/permissions/users");
/// The same of groups.
const GROUPS: (&str, &str) =
    (repo!("/permissions/groups"), "/api/latest/projects/{projectKey}/permissions/groups");
/// People whose names are alike are looked through.
const ALIKE: usize = 100;

/// A right as Data Center writes it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Wire {
    permission: Maybe<String>,
    user: Maybe<User>,
    group: Maybe<Group>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Group {
    name: Maybe<String>,
}

/// A repository, as far as its name goes.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Named {
    slug: Maybe<String>,
}

impl Wire {
    fn level(&self) -> Option<Level> {
        match self.permission.as_deref()? {
            "REPO_READ" | "PROJECT_READ" => Some(Level::Read),
            "REPO_WRITE" | "PROJECT_WRITE" => Some(Level::Write),
            "REPO_CREATE" => Some(Level::Create),
            "REPO_ADMIN" | "PROJECT_ADMIN" => Some(Level::Admin),
            _ => None,
        }
    }

    fn right(self, source: Source) -> Option<Right> {
        let level = self.level()?;
        let group = self.group.0.and_then(|group| group.name.0).map(Holder::Group);
        let holder = self.user.0.map(|user| Holder::Person(user.person())).or(group)?;
        Some(Right { holder, level, source })
    }
}

/// What was given on the repository, and on its project where that may be seen.
pub(super) async fn all(dc: &DataCenter, repo: &RepoName, limit: usize) -> Result<Vec<Right>> {
    let mut all = Vec::new();
    for (template, _) in [PEOPLE, GROUPS] {
        let request = dc.in_repo(LISTS, template, repo, &[])?.allowed_by(SETS_UP);
        all.extend(list(dc, request, (Source::Repository, limit)).await?);
    }
    for (_, template) in [PEOPLE, GROUPS] {
        let request = dc.api.request(LISTS, template, &[&repo.owner])?;
        match list(dc, request, (Source::Project, limit)).await {
            // Whoever administers a repository need not administer its project.
            Err(Error::Forbidden(_) | Error::NotFound(_) | Error::LacksScope(_)) => break,
            found => all.extend(found?),
        }
    }
    Ok(all)
}

async fn list(dc: &DataCenter, request: Request, (source, limit): (Source, usize)) -> Result<Vec<Right>> {
    let request = request.query("limit", &page(limit));
    let found: Vec<Wire> = listed(&dc.api, request, limit).await?;
    Ok(found.into_iter().filter_map(|one| one.right(source)).collect())
}

/// Whether it is among those I administer.
pub(super) async fn mine(dc: &DataCenter, repo: &RepoName) -> Result<bool> {
    let request = dc.api.get("list the repositories you administer", "/api/latest/repos", &[])?;
    let request = request.query("permission", "REPO_ADMIN").query("projectkey", &repo.owner);
    let request = request.query("name", &repo.slug).query("limit", &page(ALIKE));
    let found: Vec<Named> = listed(&dc.api, request, ALIKE).await?;
    Ok(found.iter().any(|one| one.slug.as_deref().is_some_and(|slug| slug.eq_ignore_ascii_case(&repo.slug))))
}

/// The project that a repository is in: its name says it.
pub(super) fn project_of(_: &DataCenter, repo: &RepoName) -> impl Future<Output = Result<ProjectName>> {
    // Keys are written in capitals, however they are typed; a person's own project is called as they are.
    let key = if repo.owner.starts_with('~') { repo.owner.clone() } else { repo.owner.to_uppercase() };
    ready(Ok(ProjectName { instance: repo.instance.clone(), owner: key.clone(), key }))
}

/// What somebody was given there itself.
pub(super) async fn of(dc: &DataCenter, ground: &Ground, who: &PersonId) -> Result<Option<Level>> {
    let login = login(dc, who).await?;
    let request = on(dc, (Method::GET, "show somebody's right"), (ground, PEOPLE))?;
    let request = request.query("filter", &login).query("limit", &page(ALIKE));
    let found: Vec<Wire> = listed(&dc.api, request, ALIKE).await?;
    let theirs = |one: &&Wire| one.user.as_ref().and_then(|user| user.name.as_ref()) == Some(&login);
    Ok(found.iter().find(theirs).and_then(Wire::level))
}

/// Gives or takes a right.
pub(super) async fn set(
    dc: &DataCenter,
    ground: &Ground,
    who: &PersonId,
    level: Option<Level>,
) -> Result<()> {
    let login = login(dc, who).await?;
    change(dc, (ground, PEOPLE), &login, level).await
}

/// The same for a group.
pub(super) async fn set_group(
    dc: &DataCenter,
    ground: &Ground,
    group: &str,
    level: Option<Level>,
) -> Result<()> {
    change(dc, (ground, GROUPS), group.trim(), level).await
}

async fn change(
    dc: &DataCenter,
    place: (&Ground, (&'static str, &'static str)),
    name: &str,
    level: Option<Level>,
) -> Result<()> {
    let request = match level {
        Some(level) => {
            let request = on(dc, (Method::PUT, "give the right"), place)?;
            request.query("permission", &permission(place.0, level)).repeatable()
        }
        None => on(dc, (Method::DELETE, "take the right away"), place)?,
    };
    dc.api.send(&request.query("name", name)).await?;
    Ok(())
}

/// A right as Data Center writes it: `REPO_READ`, `PROJECT_ADMIN`, and `REPO_CREATE` in a project.
fn permission(ground: &Ground, level: Level) -> String {
    let of = match ground {
        Ground::Project(_) if level != Level::Create => "PROJECT",
        Ground::Project(_) | Ground::Repository(_) => "REPO",
    };
    format!("{of}_{}", level.word().to_uppercase())
}

/// A question about rights in a repository or in a project.
fn on(
    dc: &DataCenter,
    ask: Ask,
    (ground, (in_repo, in_project)): (&Ground, (&'static str, &'static str)),
) -> Result<Request> {
    match ground {
        Ground::Repository(repo) => Ok(dc.in_repo(ask, in_repo, repo, &[])?.allowed_by(SETS_UP)),
        Ground::Project(project) => {
            Ok(dc.api.request(ask, in_project, &[&project.key])?.allowed_by(SETS_UP_PROJECTS))
        }
    }
}

/// The login by which rights are kept.
async fn login(dc: &DataCenter, who: &PersonId) -> Result<String> {
    let user = people::user(dc, who).await?;
    Ok(user.name.0.unwrap_or_else(|| who.as_str().to_owned()))
}
