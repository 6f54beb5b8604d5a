//! Webhook subscriptions, as Cloud keeps them.

use serde_json::{Value, json};

use super::super::exchange::{Answer, Reply, encoded, text_at};
use super::super::moments::iso_zulu;
use super::super::world::{Hook, Permission, RepoId, Repository, World};
use super::Here;
use super::answers::{bad_body, bad_field, problem};
use super::repositories::brief;
use super::webhooks::KEYS;

/// `GET ~/hooks`
pub(super) fn list(here: &Here<'_>, repo: RepoId) -> Reply {
    administers(here, repo)?;
    let repo = here.world.repo(repo)?;
    here.page(repo.hooks.iter().map(|hook| full(here.world, repo, hook)).collect(), 10)
}

/// `POST ~/hooks`
pub(super) fn create(here: &mut Here<'_>, repo: RepoId) -> Reply {
    administers(here, repo)?;
    let body = here.ask.json().map_err(|why| bad_body(&why))?;
    let url = text_at(&body, "/url").ok_or_else(|| bad_field("url", "required key not provided"))?;
    let listed = body["events"].as_array().map(Vec::as_slice).unwrap_or_default();
    let events: Vec<String> = listed.iter().filter_map(Value::as_str).map(str::to_owned).collect();
    let unknown = events.iter().find(|event| !KEYS.contains(&event.as_str()));
    if events.is_empty() || unknown.is_some() {
        let why = format!("{} is not a valid event", unknown.map_or("nothing", String::as_str));
        return Err(bad_field("events", &why).complaining(why));
    }
    let hook = Hook {
        id: 0,
        uuid: String::new(),
        name: text_at(&body, "/description").unwrap_or_default().to_owned(),
        url: url.to_owned(),
        events,
        active: body["active"].as_bool().unwrap_or(false),
        secret: text_at(&body, "/secret").filter(|secret| !secret.is_empty()).map(str::to_owned),
        created: 0,
    };
    let hook = here.world.add_hook(repo, hook)?;
    Ok(Answer::json(201, &full(here.world, here.world.repo(repo)?, &hook)))
}

/// `DELETE ~/hooks/{uid}`
pub(super) fn delete(here: &mut Here<'_>, repo: RepoId, uid: &str) -> Reply {
    administers(here, repo)?;
    let braced = format!("{{{}}}", uid.trim_matches(['{', '}']));
    if here.world.drop_hook(repo, &braced)? { Ok(Answer::empty(204)) } else { Err(problem(404, uid)) }
}

fn administers(here: &Here<'_>, repo: RepoId) -> Result<(), Answer> {
    here.scope("webhook")?;
    here.may(repo, Permission::Admin)
}

fn full(world: &World, repo: &Repository, hook: &Hook) -> Value {
    let (name, id) = (repo.full_name(), encoded(&hook.uuid));
    json!({
        "type": "webhook_subscription",
        "uuid": hook.uuid,
        "url": hook.url,
        "description": hook.name,
        "subject_type": "repository",
        "subject": brief(world, repo),
        "active": hook.active,
        "created_at": iso_zulu(hook.created),
        "events": hook.events,
        "secret_set": hook.secret.is_some(),
        "skip_cert_verification": false,
        "history_enabled": false,
        "source": null,
        "read_only": null,
        "links": {"self": {"href": format!("{}/2.0/repositories/{name}/hooks/{id}", world.cloud_url)}},
    })
}
