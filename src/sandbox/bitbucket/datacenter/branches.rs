//! Branches, as Data Center shows them.

use serde_json::{Value, json};

use super::super::exchange::{Answer, Reply, text_at};
use super::super::world::{Permission, Refusal, RepoId, Repository};
use super::Here;
use super::answers::{bad_body, bad_field};

/// `GET P/branches`
pub(super) fn list(here: &Here<'_>, repo: RepoId) -> Reply {
    let repo = here.world.repo(repo)?;
    let filter = here.ask.param("filterText").unwrap_or_default().to_lowercase();
    let names = repo.branches.keys();
    let mut names: Vec<&String> = names.filter(|name| name.to_lowercase().contains(&filter)).collect();
    if here.ask.param("orderBy") == Some("MODIFICATION") {
        let newest = |name: &&String| repo.resolve(name).map_or(0, |commit| commit.sequence);
        names.sort_by_key(|name| std::cmp::Reverse(newest(name)));
    }
    here.page(names.into_iter().map(|name| full(repo, name)).collect())
}

/// `GET P/default-branch`
pub(super) fn default(here: &Here<'_>, repo: RepoId) -> Reply {
    let repo = here.world.repo(repo)?;
    Ok(Answer::json(200, &named(&repo.main_branch)))
}

/// `POST` in the branch module, and `POST P/branches`, which answers with another status.
pub(super) fn create(here: &mut Here<'_>, repo: RepoId, status: u16) -> Reply {
    here.may(repo, Permission::Write)?;
    let (name, at, _) = start(here)?;
    here.world.create_branch(repo, (&name, &at), &here.caller.nickname)?;
    Ok(Answer::json(status, &full(here.world.repo(repo)?, &name)))
}

/// What a new branch or tag is to be called, where it is to point, and what is to be said about it.
pub(super) fn start(here: &Here<'_>) -> Result<(String, String, Option<String>), Answer> {
    let body = here.ask.json().map_err(|why| bad_body(&why))?;
    let name = text_at(&body, "/name").ok_or_else(|| bad_field("name", "A name is required."))?;
    let at = text_at(&body, "/startPoint");
    let at = at.ok_or_else(|| bad_field("startPoint", "A start point is required."))?;
    let name = name.strip_prefix("refs/heads/").unwrap_or(name);
    Ok((name.to_owned(), at.to_owned(), text_at(&body, "/message").map(str::to_owned)))
}

/// `DELETE` in the branch module: a branch that is not there is as good as deleted.
pub(super) fn delete(here: &mut Here<'_>, repo: RepoId) -> Reply {
    here.may(repo, Permission::Write)?;
    let body = here.ask.json().map_err(|why| bad_body(&why))?;
    let name = text_at(&body, "/name").ok_or_else(|| bad_field("name", "A name is required."))?;
    let branch = name.strip_prefix("refs/heads/").unwrap_or(name);
    let tip = here.world.repo(repo)?.tip(branch).ok();
    let expected = text_at(&body, "/endPoint");
    if expected.is_some() && tip.is_some() && expected != tip {
        return Err(bad_field("endPoint", "The branch has moved on.").complaining("another end point"));
    }
    if body["dryRun"].as_bool() == Some(true) {
        return Ok(Answer::empty(204));
    }
    match here.world.delete_branch(repo, branch, &here.caller.nickname) {
        Ok(()) | Err(Refusal::NoSuchBranch(_)) => Ok(Answer::empty(204)),
        Err(other) => Err(other.into()),
    }
}

fn full(repo: &Repository, name: &str) -> Value {
    let mut value = named(name);
    let tip = repo.branches.get(name);
    value["latestCommit"] = tip.cloned().into();
    value["latestChangeset"] = tip.cloned().into();
    value["isDefault"] = (name == repo.main_branch).into();
    value
}

/// A branch by its names alone.
pub(super) fn named(name: &str) -> Value {
    json!({"id": format!("refs/heads/{name}"), "displayId": name, "type": "BRANCH"})
}
