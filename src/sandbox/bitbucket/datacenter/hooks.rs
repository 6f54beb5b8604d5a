//! Webhook subscriptions, as Data Center keeps them: a repository's, and a project's.

use serde_json::{Value, json};

use super::super::exchange::{Answer, Reply, text_at};
use super::super::world::{Hook, HookPlace, HookWish, Permission, RepoId};
use super::answers::{bad_body, bad_field, not_permitted, problem};
use super::webhooks::KEYS;
use super::{Here, no_such_page};

/// Answers what is below `…/webhooks`.
pub(super) fn answer(here: &mut Here<'_>, place: HookPlace, path: &[&str]) -> Reply {
    administers(here, &place)?;
    match (here.ask.method.as_str(), path) {
        ("GET", []) => list(here, &place),
        ("POST", []) => {
            let wish = wish(here, None)?;
            Ok(Answer::json(200, &full(&here.world.add_hook(place, wish))))
        }
        ("POST", ["test"]) => test(here, &place),
        ("GET", [id]) => Ok(Answer::json(200, &full(known(here, &place, id)?))),
        ("PUT", [id]) => {
            let hook = known(here, &place, id)?.clone();
            let wish = wish(here, Some(&hook.wish))?;
            let hook = here.world.change_hook(hook.id, wish).ok_or_else(|| no_such_hook(id))?;
            Ok(Answer::json(200, &full(&hook)))
        }
        ("DELETE", [id]) => {
            let known = known(here, &place, id)?.id;
            here.world.drop_hook(known);
            Ok(Answer::empty(204))
        }
        _ => Err(no_such_page(here.ask)),
    }
}

fn administers(here: &Here<'_>, place: &HookPlace) -> Result<(), Answer> {
    let heard = here.world.repositories.iter().filter(|repo| place.hears(repo));
    let heard: Vec<RepoId> = heard.map(|repo| repo.id).collect();
    if heard.iter().any(|repo| here.may(*repo, Permission::Admin).is_ok()) {
        Ok(())
    } else {
        Err(not_permitted())
    }
}

fn list(here: &Here<'_>, place: &HookPlace) -> Reply {
    let event = here.ask.param("event");
    let wanted = |hook: &&Hook| event.is_none_or(|event| hook.wish.events.iter().any(|known| known == event));
    let counted = here.ask.param("statistics") == Some("true");
    let shown = |hook: &Hook| {
        let mut shown = full(hook);
        if counted && !hook.sent.is_empty() {
            shown["statistics"] = statistics(hook);
        }
        shown
    };
    here.page(here.world.hooks_at(place).filter(wanted).map(shown).collect())
}

fn known<'a>(here: &'a Here<'_>, place: &HookPlace, id: &str) -> Result<&'a Hook, Answer> {
    here.world.hook(place, id).ok_or_else(|| no_such_hook(id))
}

fn no_such_hook(id: &str) -> Answer {
    problem(404, "webhook.NoSuchWebhookException", &format!("There is no webhook with id {id}."))
}

/// What the body asks for: one unknown event spoils the whole.
fn wish(here: &Here<'_>, before: Option<&HookWish>) -> Result<HookWish, Answer> {
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
    let secret = match body.pointer("/configuration/secret") {
        None => before.and_then(|wish| wish.secret.clone()),
        Some(secret) => secret.as_str().filter(|secret| !secret.is_empty()).map(str::to_owned),
    };
    Ok(HookWish {
        name: required("/name")?,
        url: required("/url")?,
        events,
        active: body["active"].as_bool().unwrap_or(true),
        secret,
    })
}

/// `POST …/webhooks/test?url=`: knocks at that door and says what came back.
fn test(here: &Here<'_>, place: &HookPlace) -> Reply {
    let hook = here.ask.param("webhookId").and_then(|id| here.world.hook(place, id));
    let url = here.ask.param("url").or(hook.map(|hook| hook.wish.url.as_str()));
    let url = url.ok_or_else(|| bad_field("url", "is required").complaining("there is no url to test"))?;
    let secret = hook.and_then(|hook| hook.wish.secret.clone());
    Ok(Answer::json(200, &json!({})).knocking(url, secret))
}

/// How its deliveries went: answered well, answered ill, or not at all.
fn statistics(hook: &Hook) -> Value {
    let of = |fits: fn(u16) -> bool| hook.sent.iter().filter(move |sent| fits(sent.status));
    let [well, ill, lost]: [fn(u16) -> bool; 3] = [
        |status| (200..300).contains(&status),
        |status| status != 0 && !(200..300).contains(&status),
        |status| status == 0,
    ];
    let mut all = json!({"counts": {
        "successes": of(well).count(), "failures": of(ill).count(), "errors": of(lost).count(),
        "window": {"start": hook.created, "duration": 86_400_000},
    }});
    for (name, fits, outcome) in
        [("lastSuccess", well, "SUCCESS"), ("lastFailure", ill, "FAILURE"), ("lastError", lost, "ERROR")]
    {
        if let Some(last) = of(fits).next_back() {
            let told =
                if last.status == 0 { "Connection refused".to_owned() } else { last.status.to_string() };
            all[name] = json!({
                "id": hook.sent.len(), "event": last.event, "duration": 12, "start": last.at, "finish": last.at + 12,
                "request": {"method": "POST", "url": hook.wish.url},
                "result": {"description": told, "outcome": outcome},
            });
        }
    }
    all
}

fn full(hook: &Hook) -> Value {
    let wish = &hook.wish;
    let mut configuration = json!({"createdBy": "bitbucket"});
    if let Some(secret) = &wish.secret {
        configuration["secret"] = secret.clone().into();
    }
    json!({
        "id": hook.id,
        "name": wish.name,
        "createdDate": hook.created,
        "updatedDate": hook.updated,
        "events": wish.events,
        "configuration": configuration,
        "url": wish.url,
        "active": wish.active,
        "scopeType": if matches!(hook.place, HookPlace::Space(..)) { "project" } else { "repository" },
        "sslVerificationRequired": true,
    })
}
