//! Branches, as Cloud shows them.

use serde_json::{Value, json};

use super::super::exchange::{Answer, Reply, encoded, text_at};
use super::super::world::{Permission, RepoId, Repository, World};
use super::Here;
use super::answers::{bad_body, bad_field, problem};
use super::commits::{detailed, mark_rendered, mentioned};
use super::repositories::{brief, strategies};

/// `GET ~/refs/branches`
pub(super) fn list(here: &Here<'_>, repo: RepoId) -> Reply {
    here.scope("repository")?;
    let repo = here.world.repo(repo)?;
    let names = repo.branches.keys();
    here.page(names.map(|name| full(here.world, repo, name)).collect(), 10)
}

/// `GET ~/refs/branches/{name}`
pub(super) fn show(here: &Here<'_>, repo: RepoId, name: &str) -> Reply {
    here.scope("repository")?;
    let repo = here.world.repo(repo)?;
    repo.tip(name)?;
    Ok(Answer::json(200, &full(here.world, repo, name)))
}

/// `POST ~/refs/branches`
pub(super) fn create(here: &mut Here<'_>, repo: RepoId) -> Reply {
    here.scope("repository:write")?;
    here.may(repo, Permission::Write)?;
    let body = here.ask.json().map_err(|why| bad_body(&why))?;
    let (name, hash) = pointed_at(here, repo, &body)?;
    here.world.create_branch(repo, (&name, &hash), &here.caller.nickname)?;
    let repo = here.world.repo(repo)?;
    Ok(Answer::json(201, &full(here.world, repo, &name)))
}

/// The name and the whole hash that a new branch or tag is to have.
pub(super) fn pointed_at(here: &Here<'_>, repo: RepoId, body: &Value) -> Result<(String, String), Answer> {
    let name = text_at(body, "/name").ok_or_else(|| bad_field("name", "required key not provided"))?;
    let target = text_at(body, "/target/hash");
    let target = target.ok_or_else(|| bad_field("target", "required key not provided"))?;
    let repo = here.world.repo(repo)?;
    let known = repo.branches.contains_key(target) || repo.commits.contains_key(target);
    if !known {
        return Err(problem(400, &format!("Commit not found: {target}")).complaining("not a whole hash"));
    }
    Ok((name.to_owned(), repo.resolve(target)?.hash.clone()))
}

/// `DELETE ~/refs/branches/{name}`
pub(super) fn delete(here: &mut Here<'_>, repo: RepoId, name: &str) -> Reply {
    here.scope("repository:write")?;
    here.may(repo, Permission::Write)?;
    here.world.delete_branch(repo, name, &here.caller.nickname)?;
    Ok(Answer::empty(204))
}

fn full(world: &World, repo: &Repository, name: &str) -> Value {
    let hash = repo.branches.get(name).map(String::as_str).unwrap_or_default();
    let mut target = detailed(world, repo, hash);
    target["repository"] = brief(world, repo);
    let mut value = named(world, repo, name);
    value["target"] = target;
    value
}

/// A branch in a push: where it pointed then.
pub(super) fn in_push(world: &World, repo: &Repository, (name, hash): (&str, &str)) -> Value {
    let mut value = named(world, repo, name);
    value["target"] = mentioned(world, repo, hash);
    mark_rendered(&mut value, &["/target/summary"]);
    value
}

fn named(world: &World, repo: &Repository, name: &str) -> Value {
    let (web, full_name) = (&world.cloud_url, repo.full_name());
    let api = format!("{web}/2.0/repositories/{full_name}");
    let coded = encoded(name);
    let strategies = strategies(repo);
    json!({
        "type": "branch",
        "name": name,
        "merge_strategies": strategies,
        "default_merge_strategy": strategies.first(),
        "links": {
            "self": {"href": format!("{api}/refs/branches/{coded}")},
            "commits": {"href": format!("{api}/commits/{coded}")},
            "html": {"href": format!("{web}/{full_name}/branch/{coded}")},
        },
    })
}
