//! Webhook subscriptions, as Data Center keeps them.

use serde_json::{Value, json};

use super::super::exchange::{Answer, Reply, text_at};
use super::super::world::{Hook, Permission, RepoId};
use super::Here;
use super::answers::{bad_body, bad_field, problem};
use super::webhooks::KEYS;

/// `GET P/webhooks`
pub(super) fn list(here: &Here<'_>, repo: RepoId) -> Reply {
    here.may(repo, Permission::Admin)?;
    let repo = here.world.repo(repo)?;
    let event = here.ask.param("event");
    let wanted = repo
        .hooks
        .iter()
        .filter(|hook| event.is_none_or(|event| hook.events.iter().any(|known| known == event)));
    here.page(wanted.map(full).collect())
}

/// `POST P/webhooks`: one unknown event spoils the whole.
pub(super) fn create(here: &mut Here<'_>, repo: RepoId) -> Reply {
    here.may(repo, Permission::Admin)?;
    let body = here.ask.json().map_err(|why| bad_body(&why))?;
    let required = |name: &str| {
        let value = text_at(&body, name).filter(|value| !value.is_empty());
        value.map(str::to_owned).ok_or_else(|| bad_field(&name[1..], "is required"))
    };
    let listed = body["events"].as_array().map(Vec::as_slice).unwrap_or_default();
    let events: Vec<String> = listed.iter().filter_map(Value::as_str).map(str::to_owned).collect();
    if let Some(event) = events.iter().find(|event| !KEYS.contains(&event.as_str())) {
        let why = format!("The event '{event}' is unknown.");
        return Err(bad_field("events", &why).complaining(why));
    }
    let hook = Hook {
        id: 0,
        uuid: String::new(),
        name: required("/name")?,
        url: required("/url")?,
        events,
        active: body["active"].as_bool().unwrap_or(true),
        secret: text_at(&body, "/configuration/secret").map(str::to_owned),
        created: 0,
    };
    let hook = here.world.add_hook(repo, hook)?;
    Ok(Answer::json(200, &full(&hook)))
}

/// `DELETE P/webhooks/{id}`
pub(super) fn delete(here: &mut Here<'_>, repo: RepoId, id: &str) -> Reply {
    here.may(repo, Permission::Admin)?;
    if here.world.drop_hook(repo, id)? {
        Ok(Answer::empty(204))
    } else {
        let text = format!("There is no webhook with id {id}.");
        Err(problem(404, "webhook.NoSuchWebhookException", &text))
    }
}

fn full(hook: &Hook) -> Value {
    let mut configuration = json!({"createdBy": "bitbucket"});
    if let Some(secret) = &hook.secret {
        configuration["secret"] = secret.clone().into();
    }
    json!({
        "id": hook.id,
        "name": hook.name,
        "createdDate": hook.created,
        "updatedDate": hook.created,
        "events": hook.events,
        "configuration": configuration,
        "url": hook.url,
        "active": hook.active,
        "scopeType": "repository",
        "sslVerificationRequired": true,
    })
}
