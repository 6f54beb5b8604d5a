//! What was said: posting, editing, deleting, and who has read what.

use serde_json::{Value, json};

use super::super::message::Message;
use super::{Change, World, ts_micros};

/// What is to be said.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    pub channel: String,
    pub user: String,
    pub text: String,
    pub blocks: Vec<Value>,
    pub attachments: Vec<Value>,
    pub metadata: Option<Value>,
    pub thread_ts: Option<String>,
    pub broadcast: bool,
    pub ephemeral_to: Option<String>,
}

/// What is to be said instead; `None` leaves a part as it is, the text is always replaced.
#[derive(Clone, Debug, Default)]
pub struct Edit {
    pub text: String,
    pub blocks: Option<Vec<Value>>,
    pub attachments: Option<Vec<Value>>,
    pub metadata: Option<Value>,
}

impl World {
    /// Says it. What the bot says is unread until somebody looks.
    pub fn post(&mut self, draft: Draft) -> Message {
        let by_bot = draft.user == self.bot.user;
        let (mut blocks, mut attachments) = (draft.blocks, draft.attachments);
        self.fill_in(&mut blocks);
        self.fill_in_attachments(&mut attachments);
        let called = self.channel(&draft.channel).map(|it| self.called(it));
        let message = Message {
            channel_name: called.unwrap_or_default(),
            channel: draft.channel,
            ts: self.fresh_ts(),
            thread_ts: draft.thread_ts,
            subtype: draft.broadcast.then(|| "thread_broadcast".to_owned()),
            bot_id: by_bot.then(|| self.bot.bot_id.clone()),
            user: draft.user,
            text: draft.text,
            blocks,
            attachments,
            metadata: draft.metadata,
            ephemeral_to: draft.ephemeral_to,
            unread: by_bot,
            stirred: self.stir(),
            ..Message::default()
        };
        self.messages.push(message.clone());
        self.tell(&message);
        message
    }

    /// Changes what was said, and marks it unread again.
    pub fn edit(&mut self, channel: &str, ts: &str, edit: Edit) -> Option<Message> {
        let (mut blocks, mut attachments) = (edit.blocks, edit.attachments);
        if let Some(list) = &mut blocks {
            self.fill_in(list);
        }
        if let Some(list) = &mut attachments {
            self.fill_in_attachments(list);
        }
        let (stirred, edited_ts) = (self.stir(), self.fresh_ts());
        let message = self.message_mut(channel, ts)?;
        message.text = edit.text;
        message.blocks = blocks.unwrap_or_else(|| message.blocks.clone());
        message.attachments = attachments.unwrap_or_else(|| message.attachments.clone());
        if let Some(metadata) = edit.metadata {
            let empty = metadata.as_object().is_some_and(serde_json::Map::is_empty);
            message.metadata = (!empty).then_some(metadata);
        }
        message.edited = true;
        message.edited_ts = Some(edited_ts);
        message.stirred = stirred;
        message.reread |= !message.unread;
        message.unread = message.bot_id.is_some();
        let message = message.clone();
        self.tell(&message);
        Some(message)
    }

    /// Takes it back; a deleted message is nobody's to read.
    pub fn delete(&mut self, channel: &str, ts: &str) -> bool {
        let Some(message) = self.message_mut(channel, ts) else {
            return false;
        };
        message.deleted = true;
        message.unread = false;
        let message = message.clone();
        self.tell(&message);
        true
    }

    fn tell(&self, message: &Message) {
        self.changed(Change::Message { channel: message.channel.clone(), ts: message.ts.clone() });
    }

    /// The message, unless it was deleted.
    pub fn message(&self, channel: &str, ts: &str) -> Option<&Message> {
        let same = |it: &&Message| it.channel == channel && it.ts == ts && !it.deleted;
        self.messages.iter().find(same)
    }

    pub fn message_mut(&mut self, channel: &str, ts: &str) -> Option<&mut Message> {
        let same = |it: &&mut Message| it.channel == channel && it.ts == ts && !it.deleted;
        self.messages.iter_mut().find(same)
    }

    /// The message everybody in the channel can see.
    pub fn public_message(&self, channel: &str, ts: &str) -> Option<&Message> {
        self.message(channel, ts).filter(|it| it.ephemeral_to.is_none())
    }

    /// The replies to a message, oldest first.
    pub fn replies(&self, channel: &str, ts: &str) -> Vec<&Message> {
        self.seen_by_all(channel).filter(|it| it.thread_ts.as_deref() == Some(ts)).collect()
    }

    /// What everybody in the channel can see, oldest first.
    pub fn seen_by_all(&self, channel: &str) -> impl Iterator<Item = &Message> {
        self.messages
            .iter()
            .filter(move |it| it.channel == channel && it.ephemeral_to.is_none() && !it.deleted)
    }

    /// Unread messages that `mine` picks, in the order they came or changed, now read.
    pub fn read(&mut self, mine: impl Fn(&Message) -> bool) -> Vec<Message> {
        let mut found = Vec::new();
        for message in self.messages.iter_mut().filter(|it| it.unread && mine(it)) {
            found.push(message.clone());
            message.unread = false;
        }
        found.sort_by_key(|it| it.stirred);
        found
    }

    /// Unread messages, in the order they came or changed, still unread.
    pub fn unread(&self) -> Vec<Message> {
        let mut found: Vec<Message> = self.messages.iter().filter(|it| it.unread).cloned().collect();
        found.sort_by_key(|it| it.stirred);
        found
    }

    /// Gives blocks and their elements the ids and defaults that Slack gives them.
    pub fn fill_in(&mut self, blocks: &mut [Value]) {
        for block in blocks {
            self.fill_in_block(block);
        }
    }

    fn fill_in_attachments(&mut self, attachments: &mut [Value]) {
        for (at, attachment) in attachments.iter_mut().enumerate() {
            if let Some(map) = attachment.as_object_mut() {
                map.insert("id".into(), json!(at + 1));
                if let Some(blocks) = map.get_mut("blocks").and_then(Value::as_array_mut) {
                    self.fill_in(blocks);
                }
            }
        }
    }

    fn fill_in_block(&mut self, block: &mut Value) {
        let Some(map) = block.as_object_mut() else {
            return;
        };
        if !map.contains_key("block_id") {
            map.insert("block_id".into(), json!(self.mark()));
        }
        for key in ["text", "label", "hint", "title", "placeholder"] {
            if let Some(text) = map.get_mut(key) {
                finish_text(text);
            }
        }
        for key in ["elements", "actions"] {
            let list = map.get_mut(key).and_then(Value::as_array_mut);
            for element in list.into_iter().flatten() {
                self.fill_in_element(element);
            }
        }
        for key in ["element", "accessory"] {
            if let Some(element) = map.get_mut(key) {
                self.fill_in_element(element);
            }
        }
    }

    fn fill_in_element(&mut self, element: &mut Value) {
        finish_text(element);
        let still = ["image", "plain_text", "mrkdwn"];
        let kind = element["type"].as_str().unwrap_or_default();
        let live = !still.contains(&kind) && !kind.starts_with("rich_text_");
        let live = live || kind == "rich_text_input";
        if let Some(map) = element.as_object_mut() {
            if live && !map.contains_key("action_id") {
                map.insert("action_id".into(), json!(self.mark()));
            }
            for key in ["text", "placeholder"] {
                if let Some(text) = map.get_mut(key) {
                    finish_text(text);
                }
            }
        }
    }
}

fn finish_text(text: &mut Value) {
    if let Some(map) = text.as_object_mut() {
        let (key, default) = match map.get("type").and_then(Value::as_str) {
            Some("plain_text") => ("emoji", true),
            Some("mrkdwn") => ("verbatim", false),
            _ => return,
        };
        map.entry(key).or_insert(json!(default));
    }
}

/// Whether `ts` lies between the bounds, which count only when `inclusive`.
pub fn within(ts: &str, oldest: Option<i64>, latest: Option<i64>, inclusive: bool) -> bool {
    let at = ts_micros(ts).unwrap_or_default();
    let after = oldest.is_none_or(|it| if inclusive { at >= it } else { at > it });
    let before = latest.is_none_or(|it| if inclusive { at <= it } else { at < it });
    after && before
}
