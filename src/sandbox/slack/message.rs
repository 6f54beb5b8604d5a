//! A message as it stands in a channel, and what can be read off it.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::world::World;

/// A message; a snapshot when handed out, the state itself inside the world.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "what has become of it since, each by itself")]
pub struct Message {
    /// Id of the channel.
    pub channel: String,
    /// The channel as people call it: `#web`, `@ada`.
    pub channel_name: String,
    pub ts: String,
    pub thread_ts: Option<String>,
    /// `thread_broadcast`, or nothing.
    pub subtype: Option<String>,
    /// Id of whoever wrote it.
    pub user: String,
    /// Set when a bot wrote it.
    pub bot_id: Option<String>,
    pub text: String,
    pub blocks: Vec<Value>,
    pub attachments: Vec<Value>,
    pub metadata: Option<Value>,
    /// Emoji name to the ids of those who put it there.
    pub reactions: BTreeMap<String, Vec<String>>,
    /// The one person who sees it.
    pub ephemeral_to: Option<String>,
    pub edited: bool,
    /// Whether somebody had read it before it was edited.
    pub reread: bool,
    pub deleted: bool,
    pub unread: bool,
    /// When the edit was, as a timestamp.
    pub edited_ts: Option<String>,
    /// Grows with every post and edit, so that unread messages keep their order.
    pub stirred: u64,
}

impl Message {
    /// All blocks a person sees: the message's own, then those of its attachments.
    pub fn all_blocks(&self) -> Vec<Value> {
        let inner = self.attachments.iter().filter_map(|it| it["blocks"].as_array());
        self.blocks.iter().chain(inner.flatten()).cloned().collect()
    }

    /// Which attachment (from 1) holds the block with this id.
    pub fn attachment_of(&self, block_id: &str) -> Option<usize> {
        let holds = |it: &Value| {
            let blocks = it["blocks"].as_array();
            blocks.is_some_and(|list| list.iter().any(|block| block["block_id"] == block_id))
        };
        self.attachments.iter().position(holds).map(|at| at + 1)
    }

    /// Where the button or the link reading `label` leads.
    pub fn link(&self, label: &str) -> Option<String> {
        let whole = [Value::from(self.text.as_str()), Value::from(self.all_blocks())];
        whole.iter().find_map(|value| link_in(value, label))
    }

    /// The message as the Web API and the payloads show it; metadata only where asked for.
    pub fn to_api(&self, world: &World, with_metadata: bool) -> Value {
        let mut out = Map::new();
        let mut put = |key: &str, value: Value| out.insert(key.to_owned(), value);
        put("type", json!("message"));
        put("user", json!(self.user));
        put("ts", json!(self.ts));
        put("text", json!(self.text));
        put("team", json!(world.team.id));
        if let Some(bot) = &self.bot_id {
            put("bot_id", json!(bot));
            put("app_id", json!(world.bot.app_id));
        }
        if let Some(subtype) = &self.subtype {
            put("subtype", json!(subtype));
        }
        if !self.blocks.is_empty() {
            put("blocks", json!(self.blocks));
        }
        if !self.attachments.is_empty() {
            put("attachments", json!(self.attachments));
        }
        if let Some(edited) = &self.edited_ts {
            put("edited", json!({"user": self.user, "ts": edited}));
        }
        if with_metadata && let Some(metadata) = &self.metadata {
            put("metadata", metadata.clone());
        }
        if !self.reactions.is_empty() {
            let list = self
                .reactions
                .iter()
                .map(|(name, users)| json!({"name": name, "users": users, "count": users.len()}));
            put("reactions", list.collect());
        }
        self.thread_to_api(world, &mut out);
        Value::Object(out)
    }

    fn thread_to_api(&self, world: &World, out: &mut Map<String, Value>) {
        if let Some(parent) = &self.thread_ts {
            out.insert("thread_ts".into(), json!(parent));
            if let Some(first) = world.message(&self.channel, parent) {
                out.insert("parent_user_id".into(), json!(first.user));
            }
            return;
        }
        let replies = world.replies(&self.channel, &self.ts);
        if let Some(last) = replies.last() {
            out.insert("thread_ts".into(), json!(self.ts));
            out.insert("reply_count".into(), json!(replies.len()));
            out.insert("latest_reply".into(), json!(last.ts));
        }
    }
}

fn link_in(value: &Value, label: &str) -> Option<String> {
    match value {
        Value::String(text) => text.split('<').find_map(|rest| {
            let (inside, _) = rest.split_once('>')?;
            let (url, shown) = inside.split_once('|')?;
            (shown == label).then(|| url.replace("&amp;", "&"))
        }),
        Value::Array(list) => list.iter().find_map(|it| link_in(it, label)),
        Value::Object(map) => {
            let shown = map.get("text").map(|text| text.get("text").unwrap_or(text));
            match map.get("url").and_then(Value::as_str) {
                Some(url) if shown.is_some_and(|it| it == label) => Some(url.to_owned()),
                _ => map.values().find_map(|it| link_in(it, label)),
            }
        }
        _ => None,
    }
}
