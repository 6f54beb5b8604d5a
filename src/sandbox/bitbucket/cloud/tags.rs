//! Tags, as Cloud shows them.

use serde_json::{Value, json};

use super::super::exchange::{Answer, Reply, encoded, text_at};
use super::super::moments::iso_seconds;
use super::super::world::{Permission, RepoId, Repository, Tag, World};
use super::Here;
use super::answers::bad_body;
use super::branches::pointed_at;
use super::commits::{author, detailed, mark_rendered, mentioned};
use super::repositories::brief;

/// `GET ~/refs/tags`
pub(super) fn list(here: &Here<'_>, repo: RepoId) -> Reply {
    here.scope("repository")?;
    let repo = here.world.repo(repo)?;
    here.page(repo.tags.iter().map(|(name, tag)| full(here.world, repo, (name, tag))).collect(), 10)
}

/// `GET ~/refs/tags/{name}`
pub(super) fn show(here: &Here<'_>, repo: RepoId, name: &str) -> Reply {
    here.scope("repository")?;
    let repo = here.world.repo(repo)?;
    Ok(Answer::json(200, &full(here.world, repo, (name, repo.tag(name)?))))
}

/// `POST ~/refs/tags`
pub(super) fn create(here: &mut Here<'_>, repo: RepoId) -> Reply {
    here.scope("repository:write")?;
    here.may(repo, Permission::Write)?;
    let body = here.ask.json().map_err(|why| bad_body(&why))?;
    let (name, hash) = pointed_at(here, repo, &body)?;
    here.world.create_tag(repo, (&name, &hash), text_at(&body, "/message"), &here.caller.nickname)?;
    let repo = here.world.repo(repo)?;
    Ok(Answer::json(201, &full(here.world, repo, (&name, repo.tag(&name)?))))
}

/// `DELETE ~/refs/tags/{name}`
pub(super) fn delete(here: &mut Here<'_>, repo: RepoId, name: &str) -> Reply {
    here.scope("repository:write")?;
    here.may(repo, Permission::Write)?;
    here.world.delete_tag(repo, name, &here.caller.nickname)?;
    Ok(Answer::empty(204))
}

fn full(world: &World, repo: &Repository, (name, tag): (&str, &Tag)) -> Value {
    let mut value = named(world, repo, name);
    value["target"] = detailed(world, repo, &tag.hash);
    value["target"]["repository"] = brief(world, repo);
    value["date"] = iso_seconds(tag.date).into();
    value["message"] = tag.message.clone().map(|text| format!("{text}\n")).into();
    value["tagger"] = tag.message.as_ref().map(|_| author(world, &tag.tagger)).into();
    value
}

/// A tag in a push.
pub(super) fn in_push(world: &World, repo: &Repository, (name, hash): (&str, &str)) -> Value {
    let mut value = named(world, repo, name);
    value["target"] = mentioned(world, repo, hash);
    mark_rendered(&mut value, &["/target/summary"]);
    for field in ["date", "message", "tagger"] {
        value[field] = Value::Null;
    }
    value
}

fn named(world: &World, repo: &Repository, name: &str) -> Value {
    let (web, full_name, coded) = (&world.cloud_url, repo.full_name(), encoded(name));
    let api = format!("{web}/2.0/repositories/{full_name}");
    json!({
        "type": "tag",
        "name": name,
        "links": {
            "self": {"href": format!("{api}/refs/tags/{coded}")},
            "commits": {"href": format!("{api}/commits/{coded}")},
            "html": {"href": format!("{web}/{full_name}/commits/tag/{coded}")},
        },
    })
}
