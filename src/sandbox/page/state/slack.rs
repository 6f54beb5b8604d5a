//! The Slack side of the state: channels, what was said in them, open forms, the home tab.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::super::super::slack::world::World;
use super::super::super::slack::world::channels::{Channel, Kind};
use super::super::super::slack::{Form, Message};
use super::super::Desk;

/// Adds it.
pub(super) fn add(desk: &Desk, me: &str, state: &mut Value) {
    desk.0.slack.with_world(|world| {
        let seen = Seen { desk, me, world: &*world };
        let channels: Vec<&Channel> = world.channels.iter().filter(|it| is_open_to(it, me)).collect();
        let messages: Map<String, Value> =
            channels.iter().map(|it| (it.id.clone(), seen.messages(&it.id).into())).collect();
        state["team"] = json!(world.team.name);
        state["app"] = json!(world.bot.user);
        state["channels"] = channels.iter().map(|it| seen.channel(it)).collect();
        state["messages"] = Value::Object(messages);
        let mine = world.views.iter().filter(|it| it.user == me);
        state["forms"] = mine.map(form).collect();
        state["home"] = world.homes.iter().find(|it| it.user == me).map(form).into();
    });
}

fn is_open_to(channel: &Channel, me: &str) -> bool {
    !channel.archived && (channel.kind == Kind::Public || channel.members.contains(me))
}

fn form(form: &Form) -> Value {
    json!({
        "id": form.id,
        "view": form.body,
        "values": form.values(),
        "errors": form.errors,
        "hash": form.hash,
    })
}

/// What one person sees of a world.
struct Seen<'a> {
    desk: &'a Desk,
    me: &'a str,
    world: &'a World,
}

/// What a message's thread has come to.
#[derive(Default)]
struct Thread<'a> {
    replies: usize,
    last: &'a str,
    by: Vec<&'a str>,
}

impl Seen<'_> {
    fn channel(&self, channel: &Channel) -> Value {
        let kind = match channel.kind {
            Kind::Public => "public",
            Kind::Private | Kind::Group => "private",
            Kind::Direct => "im",
        };
        let memory = self.desk.memory();
        let read_ts = memory.read_until(self.me, &channel.id);
        let unread: Vec<&Message> = self.unread(&channel.id, read_ts).collect();
        let mention =
            !unread.is_empty() && (channel.is_direct() || unread.iter().any(|it| self.is_named(it)));
        let with = channel.is_direct().then(|| channel.members.iter().find(|it| *it != self.me)).flatten();
        json!({
            "id": channel.id,
            "name": channel.name,
            "kind": kind,
            "with": with,
            "member": channel.members.contains(self.me),
            "unread": unread.len(),
            "mention": mention,
            "read_ts": read_ts,
        })
    }

    /// What others said in the channel itself since then.
    fn unread<'b>(&'b self, channel: &'b str, read_ts: &'b str) -> impl Iterator<Item = &'b Message> {
        self.world.seen_by_all(channel).filter(move |it| {
            let shown = it.thread_ts.is_none() || it.subtype.is_some();
            shown && it.user != self.me && it.ts.as_str() > read_ts
        })
    }

    fn is_named(&self, message: &Message) -> bool {
        let blocks = message.all_blocks().iter().any(|it| it.to_string().contains(self.me));
        blocks || message.text.contains(&format!("<@{}", self.me))
    }

    fn messages(&self, channel: &str) -> Vec<Value> {
        let mine = |it: &&Message| {
            let to_me = it.ephemeral_to.as_ref().is_none_or(|only| only == self.me);
            it.channel == channel && !it.deleted && to_me
        };
        let mut said: Vec<&Message> = self.world.messages.iter().filter(mine).collect();
        said.sort_by(|one, other| one.ts.cmp(&other.ts));
        let threads = threads(&said);
        said.into_iter().map(|it| message(it, threads.get(it.ts.as_str()))).collect()
    }
}

fn threads<'a>(said: &[&'a Message]) -> BTreeMap<&'a str, Thread<'a>> {
    let mut threads: BTreeMap<&str, Thread<'_>> = BTreeMap::new();
    for reply in said.iter().filter(|it| it.ephemeral_to.is_none()) {
        let Some(parent) = reply.thread_ts.as_deref() else { continue };
        let thread = threads.entry(parent).or_default();
        thread.replies += 1;
        thread.last = &reply.ts;
        if !thread.by.contains(&reply.user.as_str()) {
            thread.by.push(&reply.user);
        }
    }
    threads
}

fn message(message: &Message, thread: Option<&Thread<'_>>) -> Value {
    json!({
        "ts": message.ts,
        "thread_ts": message.thread_ts,
        "user": message.user,
        "bot": message.bot_id.is_some(),
        "text": message.text,
        "blocks": message.blocks,
        "attachments": message.attachments,
        "edited": message.edited,
        "ephemeral": message.ephemeral_to.is_some(),
        "broadcast": message.subtype.is_some(),
        "reactions": message.reactions,
        "replies": thread.map_or(0, |it| it.replies),
        "last_reply": thread.map(|it| it.last),
        "repliers": thread.map(|it| it.by.clone()).unwrap_or_default(),
    })
}
