//! Commit statuses, as Cloud shows them.

use serde_json::{Value, json};

use super::super::exchange::{Answer, Reply, encoded, text_at};
use super::super::moments::iso_micros;
use super::super::world::{BuildState, RepoId, Repository, Status, World};
use super::Here;
use super::answers::{bad_body, bad_field, problem};
use super::commits::linked;
use super::repositories::brief;

/// Cloud's names for how a build stands.
const STATES: [(BuildState, &str); 4] = [
    (BuildState::InProgress, "INPROGRESS"),
    (BuildState::Successful, "SUCCESSFUL"),
    (BuildState::Failed, "FAILED"),
    (BuildState::Stopped, "STOPPED"),
];

/// The longest key of a build.
const LONGEST_KEY: usize = 40;

/// `GET ~/commit/{hash}/statuses`
pub(super) fn of_commit(here: &Here<'_>, repo: RepoId, hash: &str) -> Reply {
    here.scope("repository")?;
    let repo = here.world.repo(repo)?;
    let hash = &repo.resolve(hash)?.hash;
    page(here, repo, hash)
}

/// `GET ~/pullrequests/{id}/statuses`
pub(super) fn of_pull_request(here: &Here<'_>, (repo, number): (RepoId, u64)) -> Reply {
    let repo = here.world.repo(repo)?;
    page(here, repo, &repo.pull_request(number)?.source_hash)
}

fn page(here: &Here<'_>, repo: &Repository, hash: &str) -> Reply {
    let refname = here.ask.param("refname");
    let same = repo.statuses.iter().filter(|status| status.hash == hash);
    let shown = same.filter(|status| refname.is_none() || status.refname.as_deref() == refname);
    here.page(shown.map(|status| full(here.world, repo, status)).collect(), 10)
}

/// `GET ~/commit/{hash}/statuses/build/{key}`
pub(super) fn show(here: &Here<'_>, repo: RepoId, (hash, key): (&str, &str)) -> Reply {
    here.scope("repository")?;
    let repo = here.world.repo(repo)?;
    let status = repo.status(&repo.resolve(hash)?.hash, key);
    let status = status.ok_or_else(|| problem(404, &format!("There is no build status {key}.")))?;
    Ok(Answer::json(200, &full(here.world, repo, status)))
}

/// `POST ~/commit/{hash}/statuses/build`, and `PUT` of one that is there.
pub(super) fn report(here: &mut Here<'_>, repo: RepoId, (hash, named): (&str, Option<&str>)) -> Reply {
    here.scope("repository")?;
    let body = here.ask.json().map_err(|why| bad_body(&why))?;
    if let Some(key) = named {
        show(here, repo, (hash, key))?;
    }
    let key = named.or(text_at(&body, "/key"));
    let key = key.ok_or_else(|| bad_field("key", "required key not provided"))?;
    if key.len() > LONGEST_KEY {
        return Err(bad_field("key", "Ensure this value has at most 40 characters."));
    }
    let wanted = text_at(&body, "/state");
    let state = STATES.iter().find(|(_, name)| Some(*name) == wanted);
    let (state, _) =
        state.ok_or_else(|| bad_field("state", "not a valid choice").complaining("no such state"))?;
    let field = |name: &str| text_at(&body, name).unwrap_or_default().to_owned();
    let status = Status {
        hash: here.world.repo(repo)?.commit(hash)?.hash.clone(),
        key: key.to_owned(),
        state: *state,
        name: text_at(&body, "/name").unwrap_or(key).to_owned(),
        url: field("/url"),
        description: field("/description"),
        refname: text_at(&body, "/refname").map(str::to_owned),
        created: 0,
        updated: 0,
    };
    let status = here.world.report_build(repo, &here.caller.nickname, status)?;
    let repo = here.world.repo(repo)?;
    let code = if named.is_some() { 200 } else { 201 };
    Ok(Answer::json(code, &full(here.world, repo, &status)))
}

/// A status with everything.
pub(super) fn full(world: &World, repo: &Repository, status: &Status) -> Value {
    let name = repo.full_name();
    let commit = format!("{}/2.0/repositories/{name}/commit/{}", world.cloud_url, status.hash);
    let state = STATES.iter().find(|(state, _)| *state == status.state);
    json!({
        "type": "build",
        "key": status.key,
        "state": state.map(|(_, name)| *name),
        "name": status.name,
        "url": status.url,
        "description": status.description,
        "refname": status.refname,
        "created_on": iso_micros(status.created),
        "updated_on": iso_micros(status.updated),
        "commit": linked(world, repo, &status.hash),
        "repository": brief(world, repo),
        "links": {
            "self": {"href": format!("{commit}/statuses/build/{}", encoded(&status.key))},
            "commit": {"href": commit},
        },
    })
}

/// A status as webhooks carry it: the commit is only linked.
pub(super) fn in_webhook(world: &World, repo: &Repository, status: &Status) -> Value {
    let mut value = full(world, repo, status);
    if let Some(fields) = value.as_object_mut() {
        fields.retain(|name, _| !["commit", "repository", "refname"].contains(&name.as_str()));
    }
    value
}
