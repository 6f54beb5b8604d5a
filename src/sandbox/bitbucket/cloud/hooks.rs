//! Webhook subscriptions, as Cloud keeps them: a repository's, and a workspace's.

use serde_json::{Value, json};

use super::super::exchange::{Answer, Reply, encoded, text_at};
use super::super::moments::iso_zulu;
use super::super::world::{Hook, HookPlace, HookWish, Permission, Repository};
use super::answers::{bad_body, bad_field, problem};
use super::repositories::{brief, workspace};
use super::users::on_cloud;
use super::webhooks::{KEYS, OF_A_WORKSPACE};
use super::{Here, no_such_page};

/// The longest secret.
const LONGEST_SECRET: usize = 128;

/// Answers what is below `/workspaces/{workspace}/hooks`.
pub(super) fn of_space(here: &mut Here<'_>, space: &str, path: &[&str]) -> Reply {
    let same = |repo: &&Repository| on_cloud(repo) && (repo.space == space || repo.space_uuid() == space);
    let known = here.world.repositories.iter().find(same).map(|repo| (repo.space.clone(), repo.edition));
    let (space, edition) =
        known.ok_or_else(|| problem(404, &format!("No workspace with identifier '{space}'.")))?;
    answer(here, HookPlace::Space(edition, space), path)
}

/// Answers what is below `…/hooks`.
pub(super) fn answer(here: &mut Here<'_>, place: HookPlace, path: &[&str]) -> Reply {
    here.scope("webhook")?;
    administers(here, &place)?;
    match (here.ask.method.as_str(), path) {
        ("GET", []) => here.page(here.world.hooks_at(&place).map(|hook| full(here, hook)).collect(), 10),
        ("POST", []) => {
            let wish = wish(here, &place, None)?;
            let hook = here.world.add_hook(place, wish);
            Ok(Answer::json(201, &full(here, &hook)))
        }
        ("GET", [uid]) => Ok(Answer::json(200, &full(here, known(here, &place, uid)?))),
        ("PUT", [uid]) => {
            let hook = known(here, &place, uid)?.clone();
            let wish = wish(here, &place, Some(&hook.wish))?;
            let hook = here.world.change_hook(hook.id, wish).ok_or_else(|| problem(404, uid))?;
            Ok(Answer::json(200, &full(here, &hook)))
        }
        ("DELETE", [uid]) => {
            let id = known(here, &place, uid)?.id;
            here.world.drop_hook(id);
            Ok(Answer::empty(204))
        }
        _ => Err(no_such_page(here.ask)),
    }
}

fn administers(here: &Here<'_>, place: &HookPlace) -> Result<(), Answer> {
    let mut heard = here.world.repositories.iter().filter(|repo| place.hears(repo));
    let who = &here.caller.nickname;
    if heard.any(|repo| repo.permission(who) == Some(Permission::Admin)) {
        return Ok(());
    }
    Err(problem(403, "You do not have the permission to administer webhooks here."))
}

fn known<'a>(here: &'a Here<'_>, place: &HookPlace, uid: &str) -> Result<&'a Hook, Answer> {
    let braced = format!("{{{}}}", uid.trim_matches(['{', '}']));
    here.world.hook(place, &braced).ok_or_else(|| problem(404, uid))
}

fn wish(here: &Here<'_>, place: &HookPlace, before: Option<&HookWish>) -> Result<HookWish, Answer> {
    let body = here.ask.json().map_err(|why| bad_body(&why))?;
    let text = |name: &str| body[name].as_str().map(str::to_owned);
    let old = before.cloned().unwrap_or_default();
    let url = text("url").or(Some(old.url)).filter(|url| !url.is_empty());
    let secret = match body.get("secret") {
        None => old.secret,
        Some(_) => text_at(&body, "/secret").filter(|secret| !secret.is_empty()).map(str::to_owned),
    };
    if secret.as_ref().is_some_and(|secret| secret.len() > LONGEST_SECRET) {
        let refused = bad_field("secret", "Ensure this value has at most 128 characters.");
        return Err(refused.complaining("a secret is 128 characters at most"));
    }
    Ok(HookWish {
        name: text("description").unwrap_or(old.name),
        url: url.ok_or_else(|| bad_field("url", "required key not provided"))?,
        events: if body.get("events").is_some() { named(&body, place)? } else { old.events },
        active: body["active"].as_bool().unwrap_or(old.active),
        secret,
    })
}

/// The events named, each of which must be one that can happen there.
fn named(body: &Value, place: &HookPlace) -> Result<Vec<String>, Answer> {
    let listed = body["events"].as_array().map(Vec::as_slice).unwrap_or_default();
    let events: Vec<String> = listed.iter().filter_map(Value::as_str).map(str::to_owned).collect();
    let everywhere = matches!(place, HookPlace::Space(..));
    let unknown = events.iter().find(|event| !takes(event, everywhere));
    if events.is_empty() || unknown.is_some() {
        let why = format!("{} is not a valid event", unknown.map_or("nothing", String::as_str));
        return Err(bad_field("events", &why).complaining(why));
    }
    Ok(events)
}

fn takes(event: &str, everywhere: bool) -> bool {
    KEYS.contains(&event) && (everywhere || !OF_A_WORKSPACE.contains(&event))
}

/// `GET /hook_events/{subject}`
pub(super) fn events(here: &Here<'_>, everywhere: bool) -> Reply {
    let keys = KEYS.iter().filter(|key| takes(key, everywhere));
    let values = keys.map(|key| {
        let (category, label) = key.split_once(':').unwrap_or_default();
        json!({"event": key, "category": category, "label": label, "description": label})
    });
    here.page_of(values.collect(), 30)
}

fn full(here: &Here<'_>, hook: &Hook) -> Value {
    let (world, id) = (&here.world, encoded(&hook.uuid));
    let repo = world.repositories.iter().find(|repo| hook.place.hears(repo));
    let (kind, path, subject) = match (&hook.place, repo) {
        (HookPlace::Space(_, space), Some(repo)) => {
            ("workspace", format!("workspaces/{space}"), workspace(world, repo))
        }
        (_, Some(repo)) => ("repository", format!("repositories/{}", repo.full_name()), brief(world, repo)),
        (_, None) => ("repository", String::new(), Value::Null),
    };
    json!({
        "type": "webhook_subscription",
        "uuid": hook.uuid,
        "url": hook.wish.url,
        "description": hook.wish.name,
        "subject_type": kind,
        "subject": subject,
        "active": hook.wish.active,
        "created_at": iso_zulu(hook.created),
        "events": hook.wish.events,
        "secret_set": hook.wish.secret.is_some(),
        "skip_cert_verification": false,
        "history_enabled": false,
        "source": null,
        "read_only": null,
        "links": {"self": {"href": format!("{}/2.0/{path}/hooks/{id}", world.cloud_url)}},
    })
}
