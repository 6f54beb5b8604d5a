//! `conversations.*`: what the bot may see, opening, joining, and who is there.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::args::Args;
use super::{Answer, Refusal};
use crate::sandbox::slack::world::World;
use crate::sandbox::slack::world::channels::{Channel, Kind};

/// The channel, if the bot can see it: a public one, or one it is in.
pub(super) fn visible(world: &World, id: &str) -> Result<Channel, Refusal> {
    let found =
        world.channel(id).filter(|it| it.kind == Kind::Public || it.members.contains(&world.bot.user));
    found.cloned().ok_or_else(|| Refusal::happens("channel_not_found"))
}

/// The channel, if the bot is in it.
pub(super) fn joined(world: &World, id: &str) -> Result<Channel, Refusal> {
    let channel = visible(world, id)?;
    if channel.members.contains(&world.bot.user) {
        Ok(channel)
    } else {
        Err(Refusal::happens("not_in_channel"))
    }
}

/// One page of a list, and the cursor of the next one.
pub(super) fn page<T: Clone>(list: &[T], args: &Args, most: usize) -> Result<(Vec<T>, String), Refusal> {
    let limit = args.whole("limit")?.unwrap_or(100);
    if limit == 0 || limit > most {
        return Err(Refusal::mistake("invalid_limit", Vec::new()));
    }
    let start = match args.text("cursor") {
        None => 0,
        Some(cursor) => {
            let place = cursor.strip_prefix("at:").and_then(|it| it.trim_end_matches('=').parse().ok());
            place.ok_or_else(|| Refusal::mistake("invalid_cursor", Vec::new()))?
        }
    };
    let rest = list.get(start..).unwrap_or_default();
    let next = if rest.len() > limit { format!("at:{}=", start + limit) } else { String::new() };
    Ok((rest.iter().take(limit).cloned().collect(), next))
}

pub(super) fn open(world: &mut World, args: &Args) -> Answer {
    if let Some(id) = args.text("channel") {
        let channel = visible(world, &id)?;
        return Ok(opened(world, &channel, true, args));
    }
    let users = match args.get("users") {
        Some(Value::Array(list)) => list.iter().filter_map(|it| it.as_str().map(str::to_owned)).collect(),
        _ => args.text("users").unwrap_or_default().split(',').map(|it| it.trim().to_owned()).collect(),
    };
    let users: Vec<String> = users;
    let mut members: BTreeSet<String> = users.into_iter().filter(|it| !it.is_empty()).collect();
    if members.is_empty() {
        return Err(Refusal::mistake("users_list_not_supplied", Vec::new()));
    }
    for id in &members {
        let account = world.account(id).ok_or_else(|| Refusal::happens("user_not_found"))?;
        if account.deactivated {
            return Err(Refusal::happens("user_disabled"));
        }
    }
    if members.len() > 8 {
        return Err(Refusal::mistake("too_many_users", Vec::new()));
    }
    members.insert(world.bot.user.clone());
    if members.len() == 1 {
        return Err(Refusal::mistake("not_enough_users", Vec::new()));
    }
    let (channel, was_there) = world.open_direct(members);
    Ok(opened(world, &channel, was_there, args))
}

fn opened(world: &World, channel: &Channel, was_there: bool, args: &Args) -> Value {
    let shown = if args.flag("return_im") { channel.to_api(world) } else { json!({"id": channel.id}) };
    if was_there {
        json!({"channel": shown, "no_op": true, "already_open": true})
    } else {
        json!({"channel": shown})
    }
}

pub(super) fn join(world: &mut World, args: &Args) -> Answer {
    let channel = visible(world, &args.needed("channel")?)?;
    if channel.kind != Kind::Public {
        return Err(Refusal::happens("method_not_supported_for_channel_type"));
    }
    if channel.archived {
        return Err(Refusal::happens("is_archived"));
    }
    let already = !world.invite_bot(&channel.name);
    let channel = visible(world, &channel.id)?.to_api(world);
    if already {
        let warning = "already_in_channel";
        Ok(json!({"channel": channel, "warning": warning, "response_metadata": {"warnings": [warning]}}))
    } else {
        Ok(json!({"channel": channel}))
    }
}

pub(super) fn info(world: &mut World, args: &Args) -> Answer {
    let channel = visible(world, &args.needed("channel")?)?;
    let mut shown = channel.to_api(world);
    if let Some(map) = shown.as_object_mut() {
        if args.flag("include_num_members") {
            map.insert("num_members".into(), json!(channel.members.len()));
        }
        if args.flag("include_locale") {
            map.insert("locale".into(), json!("en-GB"));
        }
    }
    Ok(json!({"channel": shown}))
}

pub(super) fn members(world: &mut World, args: &Args) -> Answer {
    let channel = visible(world, &args.needed("channel")?)?;
    let members: Vec<String> = channel.members.into_iter().collect();
    let (members, next) = page(&members, args, 1000)?;
    Ok(json!({"members": members, "response_metadata": {"next_cursor": next}}))
}
