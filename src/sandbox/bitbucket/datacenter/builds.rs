//! Build statuses, as Data Center shows them.

use serde_json::{Value, json};

use super::super::exchange::{Answer, Reply, text_at};
use super::super::world::{BuildState, Edition, Permission, RepoId, Repository, Status};
use super::Here;
use super::answers::{bad_body, bad_field, problem};

/// Data Center's names for how a build stands.
const STATES: [(BuildState, &str); 4] = [
    (BuildState::InProgress, "INPROGRESS"),
    (BuildState::Successful, "SUCCESSFUL"),
    (BuildState::Failed, "FAILED"),
    (BuildState::Stopped, "CANCELLED"),
];

/// The longest key, name or description.
const LONGEST: usize = 255;

/// `GET P/commits/{hash}/builds?key=`: one build.
pub(super) fn show(here: &Here<'_>, repo: RepoId, hash: &str) -> Reply {
    let repo = here.world.repo(repo)?;
    let key = here.ask.param("key");
    let key = key.ok_or_else(|| bad_field("key", "A key is required.").complaining("there is no key"))?;
    let same = repo.status(hash, key);
    let missing = || {
        let text = format!("There is no build status with key {key} on {hash}.");
        problem(404, "build.status.NoSuchBuildStatusException", &text)
    };
    Ok(Answer::json(200, &full(repo, same.ok_or_else(missing)?)))
}

/// `DELETE P/commits/{hash}/builds?key=`
pub(super) fn forget(here: &mut Here<'_>, repo: RepoId, hash: &str) -> Reply {
    here.may(repo, Permission::Admin)?;
    show(here, repo, hash)?;
    let key = here.ask.param("key").unwrap_or_default();
    here.world.forget_build(repo, hash, key)?;
    Ok(Answer::empty(204))
}

/// `GET /rest/build-status/latest/commits/{hash}`: all builds.
pub(super) fn of_commit(here: &Here<'_>, hash: &str) -> Reply {
    let values = of_hash(here, hash).map(|(repo, status)| {
        let mut value = full(repo, status);
        value["dateAdded"] = status.updated.into();
        value
    });
    here.page(values.collect())
}

/// `GET /rest/build-status/latest/commits/stats/{hash}`
pub(super) fn stats(here: &Here<'_>, hash: &str) -> Answer {
    let count = |wanted| of_hash(here, hash).filter(|(_, status)| status.state == wanted).count();
    let body = json!({
        "successful": count(BuildState::Successful),
        "inProgress": count(BuildState::InProgress),
        "failed": count(BuildState::Failed),
        "cancelled": count(BuildState::Stopped),
        "unknown": 0,
    });
    Answer::json(200, &body)
}

fn of_hash<'a>(here: &'a Here<'_>, hash: &'a str) -> impl Iterator<Item = (&'a Repository, &'a Status)> {
    let repos = here.world.repositories.iter();
    let seen = repos.filter(|repo| repo.edition == Edition::DataCenter && here.sees(repo));
    seen.flat_map(move |repo| {
        let same = repo.statuses.iter().filter(move |status| status.hash == hash);
        same.map(move |status| (repo, status))
    })
}

/// `POST P/commits/{hash}/builds`
pub(super) fn report(here: &mut Here<'_>, repo: RepoId, hash: &str) -> Reply {
    let body = here.ask.json().map_err(|why| bad_body(&why))?;
    let text = |name: &'static str| match text_at(&body, name) {
        Some(text) if text.len() > LONGEST => Err(bad_field(name, "is too long").complaining("too long")),
        other => Ok(other.unwrap_or_default().to_owned()),
    };
    let wanted = text_at(&body, "/state");
    let state = STATES.iter().find(|(_, name)| Some(*name) == wanted);
    let (state, _) = state.ok_or_else(|| bad_field("state", "no such state").complaining("no such state"))?;
    let (key, url) = (text("/key")?, text_at(&body, "/url").unwrap_or_default());
    if key.is_empty() || url.is_empty() || hash.len() != 40 {
        return Err(bad_body("a build needs a key, a url and a whole hash"));
    }
    let reference = text_at(&body, "/ref").map(|name| name.strip_prefix("refs/heads/").unwrap_or(name));
    let status = Status {
        hash: hash.to_owned(),
        name: text("/name")?,
        url: url.to_owned(),
        description: text("/description")?,
        refname: reference.map(str::to_owned),
        key,
        state: *state,
        created: 0,
        updated: 0,
    };
    here.world.report_build(repo, &here.caller.nickname, status)?;
    Ok(Answer::empty(204))
}

fn full(repo: &Repository, status: &Status) -> Value {
    let state = STATES.iter().find(|(state, _)| *state == status.state);
    let mut value = json!({
        "key": status.key,
        "state": state.map(|(_, name)| *name),
        "url": status.url,
        "name": status.name,
        "description": status.description,
        "projectKey": repo.space,
        "repositorySlug": repo.slug,
        "createdDate": status.created,
        "updatedDate": status.updated,
    });
    if let Some(name) = &status.refname {
        value["ref"] = format!("refs/heads/{name}").into();
    }
    value
}
