//! The bodies Slack sends to an app, from the recorded ones.

use serde_json::{Value, json};

use super::controls::{self, Control};
use super::escape::escaped;
use super::form::{Form, Typed};
use super::message::Message;
use super::world::World;

/// A slash command's form body, with a fresh trigger and response URL.
pub(super) fn slash(world: &mut World, user: &str, channel: &str, typed: &str) -> Result<String, String> {
    let place = world.place(user, channel)?;
    let (command, text) = typed.split_once(char::is_whitespace).unwrap_or((typed, ""));
    let text = escaped(world, text.trim());
    let trigger = world.mint_trigger(user);
    let response_url = world.mint_response_url(&place.id, user, None);
    let mut form = url::form_urlencoded::Serializer::new(String::new());
    form.append_pair("token", &world.verification_token)
        .append_pair("team_id", &world.team.id)
        .append_pair("team_domain", &world.team.domain)
        .append_pair("channel_id", &place.id)
        .append_pair("channel_name", place.payload_name())
        .append_pair("user_id", user)
        .append_pair("user_name", &world.name_of(user))
        .append_pair("command", command)
        .append_pair("text", &text)
        .append_pair("api_app_id", &world.bot.app_id)
        .append_pair("is_enterprise_install", "false")
        .append_pair("response_url", &response_url)
        .append_pair("trigger_id", &trigger);
    Ok(form.finish())
}

/// What every interaction says about who and where.
fn envelope(world: &World, kind: &str, user: &str) -> Value {
    let name = world.name_of(user);
    json!({
        "type": kind,
        "user": {"id": user, "username": name, "name": name, "team_id": world.team.id},
        "api_app_id": world.bot.app_id,
        "token": world.verification_token,
        "team": {"id": world.team.id, "domain": world.team.domain},
        "enterprise": null,
        "is_enterprise_install": false,
    })
}

/// What was done with a control, as an entry of `actions`; `chosen` is what was picked in it.
pub(super) fn action(world: &mut World, control: &Control, chosen: Option<&Value>) -> Value {
    let element = &control.element;
    let mut action = json!({
        "type": control.kind(),
        "action_id": control.action_id(),
        "block_id": control.block_id(),
        "action_ts": world.fresh_ts(),
    });
    for key in ["text", "value", "url", "style", "placeholder"] {
        if let Some(held) = element.get(key) {
            action[key] = held.clone();
        }
    }
    for (key, held) in chosen.and_then(Value::as_object).into_iter().flatten() {
        action[key] = held.clone();
    }
    action
}

/// A control of a message was used.
pub(super) fn message_action(world: &mut World, user: &str, message: &Message, action: &Value) -> Value {
    let mut payload = envelope(world, "block_actions", user);
    let block_id = action["block_id"].as_str().unwrap_or_default().to_owned();
    let ephemeral = message.ephemeral_to.is_some();
    let mut container = json!({
        "type": "message",
        "message_ts": message.ts,
        "channel_id": message.channel,
        "is_ephemeral": ephemeral,
    });
    if let Some(parent) = &message.thread_ts {
        container["thread_ts"] = json!(parent);
    }
    if let Some(at) = message.attachment_of(&block_id) {
        container["type"] = json!("message_attachment");
        container["attachment_id"] = json!(at);
        container["is_app_unfurl"] = json!(false);
    }
    payload["container"] = container;
    let name = world.channel(&message.channel).map(|it| it.payload_name().to_owned());
    payload["channel"] = json!({"id": message.channel, "name": name});
    if !ephemeral {
        payload["message"] = message.to_api(world, true);
    }
    let state = controls::state(&message.all_blocks(), &with_action(action));
    payload["state"] = json!({"values": state});
    payload["trigger_id"] = json!(world.mint_trigger(user));
    payload["response_url"] = json!(world.mint_response_url(&message.channel, user, Some(&message.ts)));
    payload["actions"] = json!([action]);
    payload
}

/// A control of a modal or a home tab was used.
pub(super) fn view_action(world: &mut World, form: &Form, action: &Value) -> Value {
    let mut payload = envelope(world, "block_actions", &form.user);
    payload["container"] = json!({"type": "view", "view_id": form.id});
    payload["view"] = form.to_api(world);
    payload["trigger_id"] = json!(world.mint_trigger(&form.user));
    payload["actions"] = json!([action]);
    payload
}

/// A shortcut was taken from the menu that is offered everywhere.
pub(super) fn global_shortcut(world: &mut World, user: &str, callback_id: &str) -> Value {
    let mut payload = envelope(world, "shortcut", user);
    payload["callback_id"] = json!(callback_id);
    payload["action_ts"] = json!(world.fresh_ts());
    payload["trigger_id"] = json!(world.mint_trigger(user));
    payload
}

/// A shortcut was taken from a message's menu.
pub(super) fn message_shortcut(world: &mut World, user: &str, callback_id: &str, message: &Message) -> Value {
    let mut payload = envelope(world, "message_action", user);
    let name = world.channel(&message.channel).map(|it| it.payload_name().to_owned());
    payload["callback_id"] = json!(callback_id);
    payload["action_ts"] = json!(world.fresh_ts());
    payload["trigger_id"] = json!(world.mint_trigger(user));
    payload["response_url"] = json!(world.mint_response_url(&message.channel, user, None));
    payload["message_ts"] = json!(message.ts);
    payload["channel"] = json!({"id": message.channel, "name": name});
    payload["message"] = message.to_api(world, true);
    payload
}

/// A modal was submitted.
pub(super) fn submission(world: &mut World, form: &Form) -> Value {
    let mut payload = envelope(world, "view_submission", &form.user);
    payload["view"] = form.to_api(world);
    payload["trigger_id"] = json!(world.mint_trigger(&form.user));
    payload["response_urls"] = json!([]);
    payload
}

/// A modal was closed.
pub(super) fn closing(world: &World, form: &Form, all: bool) -> Value {
    let mut payload = envelope(world, "view_closed", &form.user);
    payload["view"] = form.to_api(world);
    payload["is_cleared"] = json!(all);
    payload
}

/// Somebody types into an external select, in a view or in a message.
pub(super) fn suggestion(world: &World, user: &str, control: &Control, typed: &str) -> Value {
    let mut payload = envelope(world, "block_suggestion", user);
    payload["action_id"] = json!(control.action_id());
    payload["block_id"] = json!(control.block_id());
    payload["value"] = json!(typed);
    payload
}

/// What a message's menus hold once this action is done.
fn with_action(action: &Value) -> Typed {
    let mut typed = Typed::new();
    let kind = action["type"].as_str().unwrap_or_default();
    let (Some(block), Some(id)) = (action["block_id"].as_str(), action["action_id"].as_str()) else {
        return typed;
    };
    if let Some((key, _, _)) = controls::keeps(kind) {
        let held = json!({"type": kind, key: action[key]});
        typed.entry(block.to_owned()).or_default().insert(id.to_owned(), held);
    }
    typed
}
