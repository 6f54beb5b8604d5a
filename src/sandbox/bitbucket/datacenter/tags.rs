//! Tags, as Data Center shows them.

use serde_json::{Value, json};

use super::super::exchange::{Answer, Reply};
use super::super::world::{Permission, RepoId, Repository, Tag, digest};
use super::Here;
use super::branches::start;

/// `GET P/tags`
pub(super) fn list(here: &Here<'_>, repo: RepoId) -> Reply {
    let repo = here.world.repo(repo)?;
    let filter = here.ask.param("filterText").unwrap_or_default().to_lowercase();
    let like = |name: &&String| name.to_lowercase().contains(&filter);
    let mut names: Vec<&String> = repo.tags.keys().filter(like).collect();
    if here.ask.param("orderBy") == Some("MODIFICATION") {
        let newest =
            |name: &&String| repo.resolve(&format!("refs/tags/{name}")).map_or(0, |one| one.sequence);
        names.sort_by_key(|name| std::cmp::Reverse(newest(name)));
    }
    let tags = names.into_iter().filter_map(|name| Some(full(repo, name, repo.tags.get(name)?)));
    here.page(tags.collect())
}

/// `GET P/tags/{name}`
pub(super) fn show(here: &Here<'_>, repo: RepoId, name: &str) -> Reply {
    let repo = here.world.repo(repo)?;
    Ok(Answer::json(200, &full(repo, name, repo.tag(name)?)))
}

/// `POST P/tags`, and `POST` in the Git module, which answers with another status.
pub(super) fn create(here: &mut Here<'_>, repo: RepoId, status: u16) -> Reply {
    here.may(repo, Permission::Write)?;
    let (name, at, message) = start(here)?;
    here.world.create_tag(repo, (&name, &at), message.as_deref(), &here.caller.nickname)?;
    Ok(show(here, repo, &name)?.under(status))
}

/// `DELETE /rest/git/latest/…/tags/{name}`
pub(super) fn delete(here: &mut Here<'_>, repo: RepoId, name: &str) -> Reply {
    here.may(repo, Permission::Write)?;
    here.world.delete_tag(repo, name, &here.caller.nickname)?;
    Ok(Answer::empty(204))
}

fn full(repo: &Repository, name: &str, tag: &Tag) -> Value {
    let annotated = tag.message.as_ref().map(|text| digest(&format!("{} {name} {text}", repo.uuid)));
    let mut value = named(name);
    value["latestCommit"] = tag.hash.clone().into();
    value["latestChangeset"] = tag.hash.clone().into();
    value["hash"] = annotated.map(|hash| hash[..40].to_owned()).into();
    value
}

/// A tag by its names alone.
pub(super) fn named(name: &str) -> Value {
    json!({"id": format!("refs/tags/{name}"), "displayId": name, "type": "TAG"})
}
