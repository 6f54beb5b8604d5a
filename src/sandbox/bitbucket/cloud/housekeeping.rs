//! Repositories made, changed, forked and deleted on Cloud.

use serde_json::Value;

use super::super::exchange::{Answer, Reply, text_at};
use super::super::world::{Edition, Permission, RepoId};
use super::answers::{bad_body, bad_field, problem};
use super::{Here, repositories};

/// `POST /repositories/{workspace}/{slug}`: for those who may write in the workspace.
pub(super) fn create(here: &mut Here<'_>, space: &str, slug: &str) -> Reply {
    here.scope("repository:admin")?;
    let body = here.ask.json().map_err(|why| bad_body(&why))?;
    free(here, space, slug)?;
    if let Some(key) = text_at(&body, "/project/key").filter(|key| !key.eq_ignore_ascii_case(space)) {
        return Err(problem(400, &format!("Project with key {key} does not exist.")));
    }
    let name = format!("{space}/{slug}");
    let private = body["is_private"].as_bool().unwrap_or(true);
    let what = (text_at(&body, "/description").unwrap_or_default(), private);
    let id = here.world.create(Edition::Cloud, &name, &here.caller.nickname, what);
    repositories::show(here, id)
}

/// Whether that name may be taken by the caller.
fn free(here: &Here<'_>, space: &str, slug: &str) -> Result<(), Answer> {
    let me = &here.caller.nickname;
    let theirs = here.world.repositories.iter().filter(|repo| repo.edition == Edition::Cloud);
    let mut theirs = theirs.filter(|repo| repo.space.eq_ignore_ascii_case(space)).peekable();
    if theirs.peek().is_none() && space != me {
        return Err(problem(404, &format!("No workspace with identifier '{space}'.")));
    }
    if space != me && !theirs.any(|repo| repo.permission(me) >= Some(Permission::Write)) {
        return Err(problem(403, "You cannot create repositories in this workspace."));
    }
    if here.world.find(Edition::Cloud, space, slug).is_some() {
        return Err(problem(400, "Repository with this Slug and Owner already exists."));
    }
    Ok(())
}

/// `PUT ~`
pub(super) fn update(here: &mut Here<'_>, repo: RepoId) -> Reply {
    here.scope("repository:admin")?;
    here.may(repo, Permission::Admin)?;
    let body = here.ask.json().map_err(|why| bad_body(&why))?;
    if let Some(main) = text_at(&body, "/mainbranch/name") {
        let there = here.world.repo(repo)?.branches.contains_key(main);
        if !there {
            return Err(bad_field("mainbranch", "There is no such branch."));
        }
        main.clone_into(&mut here.world.repo_mut(repo)?.main_branch);
    }
    if let Some(private) = body.get("is_private").and_then(Value::as_bool) {
        here.world.repo_mut(repo)?.private = private;
    }
    if let Some(description) = text_at(&body, "/description") {
        here.world.keep_up(repo, &here.caller.nickname, (None, Some(description)))?;
    }
    repositories::show(here, repo)
}

/// `POST ~/forks`
pub(super) fn fork(here: &mut Here<'_>, repo: RepoId) -> Reply {
    here.scope("repository:write")?;
    let body = here.ask.json().map_err(|why| bad_body(&why))?;
    let slug = text_at(&body, "/name").map(str::to_owned);
    let slug = slug.ok_or_else(|| bad_field("name", "required key not provided"))?;
    let space = text_at(&body, "/workspace/slug").unwrap_or(&here.caller.nickname).to_owned();
    free(here, &space, &slug)?;
    let id = here.world.fork(repo, &here.caller.nickname, &format!("{space}/{slug}"))?;
    let shown = repositories::show(here, id)?;
    Ok(Answer::json(201, &shown.json_body().unwrap_or_default()))
}

/// `DELETE ~`
pub(super) fn delete(here: &mut Here<'_>, repo: RepoId) -> Reply {
    here.scope("repository:delete")?;
    here.may(repo, Permission::Admin)?;
    here.world.repo_mut(repo)?.deleted = true;
    Ok(Answer::empty(204))
}
