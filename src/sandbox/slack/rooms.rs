//! What people do to a channel as a whole, and what Slack tells the app of it.

use serde_json::{Value, json};

use super::Slack;
use super::send::Ack;
use super::world::Change;
use super::world::channels::{Channel, Kind};

impl Slack {
    /// Somebody archives a channel.
    pub async fn archives(&self, channel: &str) -> Ack {
        self.marked(channel, true).await
    }

    /// Somebody unarchives it.
    pub async fn unarchives(&self, channel: &str) -> Ack {
        self.marked(channel, false).await
    }

    async fn marked(&self, channel: &str, archived: bool) -> Ack {
        let Some(it) = self.room(channel) else { return Ack::default() };
        self.with_world(|world| {
            if let Some(there) = world.channel_mut(&it.id) {
                there.archived = archived;
            }
            world.changed(Change::Channels);
        });
        self.event(&told(&it, if archived { "archive" } else { "unarchive" })).await
    }

    /// Somebody deletes a channel.
    pub async fn deletes_channel(&self, channel: &str) -> Ack {
        let Some(it) = self.room(channel) else { return Ack::default() };
        self.with_world(|world| {
            world.channels.retain(|there| there.id != it.id);
            world.changed(Change::Channels);
        });
        self.event(&told(&it, "deleted")).await
    }

    /// Somebody takes the bot out of a channel, and it is told.
    pub async fn removes_bot(&self, channel: &str) -> Ack {
        let Some(it) = self.room(channel) else { return Ack::default() };
        self.kick_bot(channel);
        self.event(&told(&it, "left")).await
    }

    /// Somebody invites the bot into a channel, and it is told.
    pub async fn lets_bot_in(&self, channel: &str) -> Ack {
        let Some(it) = self.room(channel) else { return Ack::default() };
        self.invite_bot(channel);
        let bot = self.with_world(|world| world.bot.user.clone());
        let kind = if it.kind == Kind::Private { "G" } else { "C" };
        let joined = json!({
            "type": "member_joined_channel", "user": bot, "channel": it.id, "channel_type": kind,
            "inviter": it.creator,
        });
        self.event(&joined).await
    }

    fn room(&self, name: &str) -> Option<Channel> {
        self.with_world(|world| {
            let found = world.channel_named(name).cloned();
            if found.is_none() {
                world.note(format!("there is no channel {name}"));
            }
            found
        })
    }
}

/// Slack has one word for public channels and another for private ones.
fn told(channel: &Channel, what: &str) -> Value {
    let sort = if channel.kind == Kind::Private { "group" } else { "channel" };
    json!({"type": format!("{sort}_{what}"), "channel": channel.id, "user": channel.creator})
}
