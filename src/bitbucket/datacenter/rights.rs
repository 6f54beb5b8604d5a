//! Who may do what in a repository on Bitbucket Data Center.

use reqwest::Method;
use serde::Deserialize;

use crate::bitbucket::lenient::Maybe;
use crate::bitbucket::transport::{Request, listed};
use crate::bitbucket::{Error, Result};
use crate::words::access::{Holder, Level, Right, Source};
use crate::words::names::{PersonId, RepoName};

use super::wire::User;
use super::{Ask, DataCenter, SETS_UP, page, people, repo};

const LISTS: Ask = (Method::GET, "list the rights");
const PEOPLE: &str = repo!("/permissions/users");
const GROUPS: &str = repo!("/permissions/groups");
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
            // Whoever may make repositories in a project may write to those that are there.
            "REPO_WRITE" | "PROJECT_WRITE" | "REPO_CREATE" => Some(Level::Write),
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
    for template in [PEOPLE, GROUPS] {
        let request = dc.in_repo(LISTS, template, repo, &[])?.allowed_by(SETS_UP);
        all.extend(list(dc, request, (Source::Repository, limit)).await?);
    }
    for template in [
        "/api/latest/projects/{projectKey}/permissions/users",
        "/api/latest/projects/{projectKey}/permissions/groups",
    ] {
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

/// What somebody was given on the repository itself.
pub(super) async fn of(dc: &DataCenter, repo: &RepoName, who: &PersonId) -> Result<Option<Level>> {
    let login = login(dc, who).await?;
    let request = dc.in_repo((Method::GET, "show somebody's right"), PEOPLE, repo, &[])?.allowed_by(SETS_UP);
    let request = request.query("filter", &login).query("limit", &page(ALIKE));
    let found: Vec<Wire> = listed(&dc.api, request, ALIKE).await?;
    let theirs = |one: &&Wire| one.user.as_ref().and_then(|user| user.name.as_ref()) == Some(&login);
    Ok(found.iter().find(theirs).and_then(Wire::level))
}

/// Gives or takes a right.
pub(super) async fn set(
    dc: &DataCenter,
    repo: &RepoName,
    who: &PersonId,
    level: Option<Level>,
) -> Result<()> {
    let login = login(dc, who).await?;
    change(dc, PEOPLE, (repo, &login), level).await
}

/// The same for a group.
pub(super) async fn set_group(
    dc: &DataCenter,
    repo: &RepoName,
    group: &str,
    level: Option<Level>,
) -> Result<()> {
    change(dc, GROUPS, (repo, group.trim()), level).await
}

async fn change(
    dc: &DataCenter,
    template: &'static str,
    (repo, name): (&RepoName, &str),
    level: Option<Level>,
) -> Result<()> {
    let request = match level {
        Some(level) => {
            let request = dc.in_repo((Method::PUT, "give the right"), template, repo, &[])?;
            let word = format!("REPO_{}", level.word().to_uppercase());
            request.query("permission", &word).repeatable()
        }
        None => dc.in_repo((Method::DELETE, "take the right away"), template, repo, &[])?,
    };
    dc.api.send(&request.query("name", name).allowed_by(SETS_UP)).await?;
    Ok(())
}

/// The login by which rights are kept.
async fn login(dc: &DataCenter, who: &PersonId) -> Result<String> {
    let user = people::user(dc, who).await?;
    Ok(user.name.0.unwrap_or_else(|| who.as_str().to_owned()))
}
