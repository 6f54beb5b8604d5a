//! `conversations.history` and `conversations.replies`: looking up what was said.

use serde_json::{Value, json};

use super::args::Args;
use super::conversations::{joined, page};
use super::{Answer, Refusal};
use crate::sandbox::slack::message::Message;
use crate::sandbox::slack::world::messages::within;
use crate::sandbox::slack::world::{World, ts_micros};

/// A bound of the search, or the word for one that is no timestamp.
fn bound(args: &Args, name: &str, word: &str) -> Result<Option<i64>, Refusal> {
    let given = args.text(name);
    given.map(|it| ts_micros(&it).ok_or_else(|| Refusal::mistake(word, Vec::new()))).transpose()
}

/// The messages of the list that lie between the bounds.
fn between(args: &Args, list: Vec<Message>) -> Result<Vec<Message>, Refusal> {
    let oldest = bound(args, "oldest", "invalid_ts_oldest")?;
    let latest = bound(args, "latest", "invalid_ts_latest")?;
    let inclusive = args.flag("inclusive");
    let inside = |it: &Message| within(&it.ts, oldest, latest, inclusive);
    Ok(list.into_iter().filter(inside).collect())
}

fn shown(world: &World, list: &[Message], args: &Args) -> Vec<Value> {
    let with_metadata = args.flag("include_all_metadata");
    list.iter().map(|it| it.to_api(world, with_metadata)).collect()
}

fn answer(messages: &[Value], next: &str) -> Value {
    let mut answer = json!({"messages": messages, "has_more": !next.is_empty()});
    if !next.is_empty() {
        answer["response_metadata"] = json!({"next_cursor": next});
    }
    answer
}

pub(super) fn history(world: &mut World, args: &Args) -> Answer {
    let channel = joined(world, &args.needed("channel")?)?;
    let on_top = |it: &&Message| it.thread_ts.is_none() || it.subtype.is_some();
    let mut list: Vec<Message> = world.seen_by_all(&channel.id).filter(on_top).cloned().collect();
    list.reverse();
    let (found, next) = page(&between(args, list)?, args, 999)?;
    let mut answer = answer(&shown(world, &found, args), &next);
    answer["pin_count"] = json!(0);
    answer["channel_actions_ts"] = Value::Null;
    answer["channel_actions_count"] = json!(0);
    Ok(answer)
}

pub(super) fn replies(world: &mut World, args: &Args) -> Answer {
    let channel = joined(world, &args.needed("channel")?)?;
    let ts = args.needed("ts")?;
    let parent = world.public_message(&channel.id, &ts).cloned();
    let parent = parent.ok_or_else(|| Refusal::happens("thread_not_found"))?;
    let replies = world.replies(&channel.id, &ts).into_iter().cloned().collect();
    let (found, next) = page(&between(args, replies)?, args, 1000)?;
    let mut messages = shown(world, std::slice::from_ref(&parent), args);
    messages.extend(shown(world, &found, args));
    Ok(answer(&messages, &next))
}
