//! `reactions.*`: the bot's small signs on a message.

use serde_json::json;

use super::args::Args;
use super::conversations::visible;
use super::{Answer, Refusal};
use crate::sandbox::slack::message::Message;
use crate::sandbox::slack::world::{Change, World, ts_micros};

/// The reaction's name, and the message it goes on.
fn target<'a>(world: &'a mut World, args: &Args) -> Result<(String, &'a mut Message), Refusal> {
    let name = args.needed("name")?;
    let letters = |it: char| it.is_ascii_lowercase() || it.is_ascii_digit() || "_-+':".contains(it);
    if !name.chars().all(letters) || name.starts_with(':') {
        return Err(Refusal::mistake("invalid_name", Vec::new()));
    }
    let (Some(channel), Some(ts)) = (args.text("channel"), args.text("timestamp")) else {
        return Err(Refusal::mistake("no_item_specified", Vec::new()));
    };
    if ts_micros(&ts).is_none() {
        return Err(Refusal::mistake("bad_timestamp", Vec::new()));
    }
    let channel = visible(world, &channel)?;
    if world.public_message(&channel.id, &ts).is_none() {
        return Err(Refusal::happens("message_not_found"));
    }
    let message = world.message_mut(&channel.id, &ts);
    let message = message.ok_or_else(|| Refusal::happens("message_not_found"))?;
    Ok((name, message))
}

fn changed(message: &Message) -> Change {
    Change::Message { channel: message.channel.clone(), ts: message.ts.clone() }
}

pub(super) fn add(world: &mut World, args: &Args) -> Answer {
    let bot = world.bot.user.clone();
    let (name, message) = target(world, args)?;
    let users = message.reactions.entry(name).or_default();
    if users.contains(&bot) {
        return Err(Refusal::happens("already_reacted"));
    }
    users.push(bot);
    let change = changed(message);
    world.changed(change);
    Ok(json!({}))
}

pub(super) fn remove(world: &mut World, args: &Args) -> Answer {
    let bot = world.bot.user.clone();
    let (name, message) = target(world, args)?;
    let users = message.reactions.get_mut(&name);
    let users = users.filter(|it| it.contains(&bot));
    let users = users.ok_or_else(|| Refusal::happens("no_reaction"))?;
    users.retain(|it| *it != bot);
    message.reactions.retain(|_, users| !users.is_empty());
    let change = changed(message);
    world.changed(change);
    Ok(json!({}))
}
