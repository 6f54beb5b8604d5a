//! Branches, as Data Center shows them.

use serde_json::{Value, json};

use super::super::exchange::{Answer, Reply};
use super::super::world::{RepoId, Repository};
use super::Here;

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
