//! Repositories made, changed, forked and deleted on Data Center.

use serde_json::Value;

use super::super::exchange::{Answer, Reply, text_at};
use super::super::world::{Edition, Permission, RepoId};
use super::answers::{bad_body, bad_field, not_permitted, problem};
use super::repositories::{full, no_such_project};
use super::{Here, repositories};

/// `POST /projects/{key}/repos`: for those who administer something in the project.
pub(super) fn create(here: &mut Here<'_>, key: &str) -> Reply {
    let body = here.ask.json().map_err(|why| bad_body(&why))?;
    let slug = text_at(&body, "/name").map(str::to_owned);
    let slug = slug.ok_or_else(|| bad_field("name", "A name is required."))?;
    free(here, key, &slug)?;
    let private = !body["public"].as_bool().unwrap_or_default();
    let what = (text_at(&body, "/description").unwrap_or_default(), private);
    let name = format!("{key}/{slug}");
    let id = here.world.create(Edition::DataCenter, &name, &here.caller.nickname, what);
    Ok(Answer::json(201, &full(here.world, here.world.repo(id)?)))
}

/// Whether that name may be taken by the caller.
fn free(here: &Here<'_>, key: &str, slug: &str) -> Result<(), Answer> {
    let me = &here.caller.nickname;
    let own = key == format!("~{me}");
    let theirs = here.world.repositories.iter().filter(|repo| repo.edition == Edition::DataCenter);
    let mut theirs = theirs.filter(|repo| repo.space.eq_ignore_ascii_case(key)).peekable();
    if theirs.peek().is_none() && !own {
        return Err(no_such_project(key));
    }
    if !own && !theirs.any(|repo| repo.permission(me) >= Some(Permission::Admin)) {
        return Err(not_permitted());
    }
    if here.world.find(Edition::DataCenter, key, slug).is_some() {
        let text = "This repository URL is already taken.";
        return Err(problem(409, "repository.DuplicateRepositoryException", text));
    }
    Ok(())
}

/// `PUT P`
pub(super) fn update(here: &mut Here<'_>, repo: RepoId) -> Reply {
    here.may(repo, Permission::Admin)?;
    let body = here.ask.json().map_err(|why| bad_body(&why))?;
    if let Some(public) = body.get("public").and_then(Value::as_bool) {
        here.world.repo_mut(repo)?.private = !public;
    }
    if let Some(archived) = body.get("archived").and_then(Value::as_bool) {
        here.world.repo_mut(repo)?.archived = archived;
    }
    if let Some(description) = text_at(&body, "/description") {
        here.world.keep_up(repo, &here.caller.nickname, (None, Some(description)))?;
    }
    let shown = repositories::show(here, repo)?;
    Ok(Answer::json(201, &shown.json_body().unwrap_or_default()))
}

/// `PUT P/default-branch`
pub(super) fn main_branch(here: &mut Here<'_>, repo: RepoId) -> Reply {
    here.may(repo, Permission::Admin)?;
    let body = here.ask.json().map_err(|why| bad_body(&why))?;
    let main = text_at(&body, "/id").and_then(|id| id.strip_prefix("refs/heads/"));
    let main = main.ok_or_else(|| bad_field("id", "A branch is required."))?.to_owned();
    let here = here.world.repo_mut(repo)?;
    if !here.branches.contains_key(&main) {
        return Err(problem(404, "NoSuchBranchException", &format!("Branch {main} does not exist.")));
    }
    here.main_branch = main;
    Ok(Answer::empty(204))
}

/// `POST P`
pub(super) fn fork(here: &mut Here<'_>, repo: RepoId) -> Reply {
    let body = here.ask.json().map_err(|why| bad_body(&why))?;
    let slug = text_at(&body, "/name").map(str::to_owned);
    let slug = slug.unwrap_or(here.world.repo(repo)?.slug.clone());
    let own = format!("~{}", here.caller.nickname);
    let key = text_at(&body, "/project/key").unwrap_or(&own).to_owned();
    free(here, &key, &slug)?;
    let id = here.world.fork(repo, &here.caller.nickname, &format!("{key}/{slug}"))?;
    Ok(Answer::json(201, &full(here.world, here.world.repo(id)?)))
}

/// `DELETE P`
pub(super) fn delete(here: &mut Here<'_>, repo: RepoId) -> Reply {
    here.may(repo, Permission::Admin)?;
    here.world.repo_mut(repo)?.deleted = true;
    let text = "The repository has been scheduled for deletion.";
    Ok(Answer::json(202, &serde_json::json!({"context": null, "message": text, "exceptionName": null})))
}
