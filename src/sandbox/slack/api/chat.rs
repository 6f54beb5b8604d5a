//! `chat.*`: saying, changing and taking back.

use serde_json::json;

use super::args::Args;
use super::content::{Content, EDIT_TEXT, POST_TEXT};
use super::conversations::visible;
use super::{Answer, Refusal};
use crate::sandbox::slack::world::World;
use crate::sandbox::slack::world::channels::Channel;
use crate::sandbox::slack::world::messages::{Draft, Edit};

/// Where a post goes: a channel's id or name, or a person's id, whose direct messages it opens.
fn addressed(world: &mut World, said: &str) -> Result<Channel, Refusal> {
    let person = world.account(said).map(|it| (it.id.clone(), it.deactivated));
    if let Some((person, deactivated)) = person {
        if deactivated || person == world.bot.user {
            return Err(Refusal::happens("channel_not_found"));
        }
        let bot = world.bot.user.clone();
        return Ok(world.open_direct([bot, person].into()).0);
    }
    let named = world.channel_named(said).map(|it| it.id.clone());
    let channel = visible(world, named.as_deref().unwrap_or(said))?;
    if channel.archived {
        return Err(Refusal::happens("is_archived"));
    }
    Ok(channel)
}

/// The thread a reply belongs to; a reply to a reply is a mistake that Slack mends.
fn thread(world: &mut World, channel: &str, args: &Args) -> Result<Option<String>, Refusal> {
    let Some(ts) = args.text("thread_ts") else {
        return Ok(None);
    };
    let parent = world.public_message(channel, &ts);
    let parent = parent.ok_or_else(|| Refusal::happens("thread_not_found"))?;
    match parent.thread_ts.clone() {
        None => Ok(Some(ts)),
        Some(root) => {
            world.note(format!("thread_ts {ts} is a reply, not the message that began the thread"));
            Ok(Some(root))
        }
    }
}

pub(super) fn post_message(world: &mut World, args: &Args) -> Answer {
    let channel = addressed(world, &args.needed("channel")?)?;
    let content = Content::read(args, POST_TEXT)?;
    let thread_ts = thread(world, &channel.id, args)?;
    if world.enforce_pace {
        let now = world.now();
        world.pace.post(&channel.id, now).map_err(Refusal::wait)?;
    }
    let message = world.post(Draft {
        channel: channel.id.clone(),
        user: world.bot.user.clone(),
        text: content.text,
        blocks: content.blocks.unwrap_or_default(),
        attachments: content.attachments.unwrap_or_default(),
        metadata: content.metadata,
        broadcast: thread_ts.is_some() && args.flag("reply_broadcast"),
        thread_ts,
        ephemeral_to: None,
    });
    let shown = message.to_api(world, true);
    Ok(json!({"channel": channel.id, "ts": message.ts, "message": shown}))
}

/// The bot's own message at `channel` and `ts`, or this refusal if it is another's.
fn own(world: &World, args: &Args, otherwise: &str) -> Result<(String, String), Refusal> {
    let channel = visible(world, &args.needed("channel")?)?;
    let ts = args.needed("ts")?;
    let there = world.public_message(&channel.id, &ts);
    let there = there.ok_or_else(|| Refusal::happens("message_not_found"))?;
    if there.user == world.bot.user { Ok((channel.id, ts)) } else { Err(Refusal::happens(otherwise)) }
}

pub(super) fn update(world: &mut World, args: &Args) -> Answer {
    let (channel, ts) = own(world, args, "cant_update_message")?;
    if world.channel(&channel).is_some_and(|it| it.archived) {
        return Err(Refusal::happens("is_archived"));
    }
    let content = Content::read(args, EDIT_TEXT)?;
    let edit = Edit {
        text: content.text,
        blocks: content.blocks,
        attachments: content.attachments,
        metadata: content.metadata,
    };
    let message = world.edit(&channel, &ts, edit);
    let message = message.ok_or_else(|| Refusal::happens("message_not_found"))?;
    let shown = message.to_api(world, true);
    Ok(json!({"channel": channel, "ts": ts, "text": message.text, "message": shown}))
}

pub(super) fn delete(world: &mut World, args: &Args) -> Answer {
    let (channel, ts) = own(world, args, "cant_delete_message")?;
    world.delete(&channel, &ts);
    Ok(json!({"channel": channel, "ts": ts}))
}

pub(super) fn post_ephemeral(world: &mut World, args: &Args) -> Answer {
    let channel = visible(world, &args.needed("channel")?)?;
    if channel.archived {
        return Err(Refusal::happens("is_archived"));
    }
    let user = args.needed("user")?;
    if !channel.members.contains(&user) {
        return Err(Refusal::happens("user_not_in_channel"));
    }
    let content = Content::read(args, POST_TEXT)?;
    let message = world.post(Draft {
        channel: channel.id,
        user: world.bot.user.clone(),
        text: content.text,
        blocks: content.blocks.unwrap_or_default(),
        attachments: content.attachments.unwrap_or_default(),
        thread_ts: args.text("thread_ts"),
        ephemeral_to: Some(user),
        ..Draft::default()
    });
    Ok(json!({"message_ts": message.ts}))
}

pub(super) fn permalink(world: &mut World, args: &Args) -> Answer {
    let channel = visible(world, &args.needed("channel")?)?;
    let ts = args.needed("message_ts")?;
    let message = world.public_message(&channel.id, &ts);
    let message = message.ok_or_else(|| Refusal::happens("message_not_found"))?;
    let mut link =
        format!("https://{}.slack.com/archives/{}/p{}", world.team.domain, channel.id, ts.replace('.', ""));
    if let Some(parent) = &message.thread_ts {
        link = format!("{link}?thread_ts={parent}&cid={}", channel.id);
    }
    Ok(json!({"channel": channel.id, "permalink": link}))
}
