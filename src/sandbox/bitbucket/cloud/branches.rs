//! Branches, as Cloud shows them.

use serde_json::{Value, json};

use super::super::exchange::{Answer, Reply, encoded};
use super::super::world::{RepoId, Repository, World};
use super::Here;
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
