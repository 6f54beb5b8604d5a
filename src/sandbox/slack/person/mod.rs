//! A person: types, reads, and has forms open. What cannot be done is told in the answer and noted.

use serde_json::{Value, json};

use super::form::Form;
use super::message::Message;
use super::send::{Ack, FORM};
use super::world::messages::Draft;
use super::world::people::{Rank, Status};
use super::world::{Change, World};
use super::{Slack, check, payload};

mod fill;
mod hands;
mod press;
mod shortcuts;
mod submit;

pub use hands::{Spot, Touch};

/// A member of the workspace; clones are the same person.
#[derive(Clone, Debug)]
pub struct Person {
    /// `U…`
    pub id: String,
    /// What people call them.
    pub name: String,
    slack: Slack,
}

impl Person {
    pub(super) fn new(slack: Slack, id: String, name: String) -> Self {
        Self { id, name, slack }
    }

    /// Makes them an admin of the workspace.
    #[must_use]
    pub fn admin(self) -> Self {
        self.ranked(Rank::Admin)
    }

    /// Makes them an owner of the workspace.
    #[must_use]
    pub fn owner(self) -> Self {
        self.ranked(Rank::Owner)
    }

    /// Makes them a guest, invited to some channels only.
    #[must_use]
    pub fn guest(self) -> Self {
        self.ranked(Rank::Guest)
    }

    /// Makes them somebody from another workspace, in a shared channel.
    #[must_use]
    pub fn stranger(self) -> Self {
        self.ranked(Rank::Stranger)
    }

    fn ranked(self, rank: Rank) -> Self {
        if let Some(account) = self.slack.world().account_mut(&self.id) {
            account.rank = rank;
        }
        self
    }

    /// They have not shown yet that their address is theirs.
    pub fn unconfirmed(&self) {
        if let Some(account) = self.slack.world().account_mut(&self.id) {
            account.confirmed = false;
        }
    }

    /// They leave the company: the account stays, deactivated.
    pub fn leaves(&self) {
        let mut world = self.slack.world();
        if let Some(account) = world.account_mut(&self.id) {
            account.deactivated = true;
        }
        world.changed(Change::People);
    }

    /// Sets a status, with its picture and until when (in seconds of the epoch; 0 for as long as it stands).
    pub fn status(&self, emoji: &str, text: &str, until: i64) {
        let mut world = self.slack.world();
        if let Some(account) = world.account_mut(&self.id) {
            account.status = Status { emoji: emoji.to_owned(), text: text.to_owned(), until };
        }
        world.changed(Change::People);
    }

    /// Types into a channel (`#web`) or a direct message (`@dipper`): a slash command goes to the
    /// bot, anything else is said; said to the bot, the bot gets the event.
    pub async fn types(&self, channel: &str, text: &str) -> Ack {
        if !text.starts_with('/') {
            return self.says(channel, text, None).await;
        }
        let body = payload::slash(&mut self.slack.world(), &self.id, channel, text);
        let body = match body {
            Ok(body) => body,
            Err(why) => return self.mishap(why),
        };
        let mut ack = self.slack.deliver("/slack/commands", FORM, body.clone()).await;
        ack.inline = self.shows(&ack, &body);
        ack
    }

    async fn says(&self, channel: &str, text: &str, thread: Option<&str>) -> Ack {
        let event = self.said(&mut self.slack.world(), channel, text, thread);
        match event {
            Ok(Some(event)) => self.slack.event(&event).await,
            Ok(None) => Ack::done(),
            Err(why) => self.mishap(why),
        }
    }

    /// Keeps what was said; the event for the bot, if it is meant.
    fn said(
        &self,
        world: &mut World,
        channel: &str,
        text: &str,
        thread: Option<&str>,
    ) -> Result<Option<Value>, String> {
        let place = world.place(&self.id, channel)?;
        let escaped = super::escape::said(world, text);
        let message = world.post(Draft {
            channel: place.id.clone(),
            user: self.id.clone(),
            text: escaped,
            thread_ts: thread.map(str::to_owned),
            ..Draft::default()
        });
        let here = place.members.contains(&world.bot.user);
        let named = message.text.contains(&format!("<@{}", world.bot.user));
        let kind = match (here, place.is_direct(), named) {
            (true, true, _) => "message",
            (true, false, true) => "app_mention",
            _ => return Ok(None),
        };
        let mut event = message.to_api(world, false);
        event["type"] = json!(kind);
        event["channel"] = json!(place.id);
        event["event_ts"] = json!(message.ts);
        if kind == "message" {
            event["channel_type"] = json!("im");
        }
        Ok(Some(event))
    }

    /// What a slash command's own answer says, where the person sees it.
    fn shows(&self, ack: &Ack, body: &str) -> Option<Message> {
        if !ack.is_ok() || ack.body.trim().is_empty() {
            return None;
        }
        let field = |name: &str| {
            let mut pairs = url::form_urlencoded::parse(body.as_bytes());
            pairs.find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
        };
        let said = ack.json().unwrap_or_else(|| json!({"text": ack.body}));
        let list = |key: &str| said[key].as_array().cloned().unwrap_or_default();
        let mut guard = self.slack.world();
        let world = &mut *guard;
        let checked = check::blocks(&list("blocks")).and_then(|()| check::attachments(&list("attachments")));
        if let Err(refused) = checked {
            let more = refused.messages.join("; ");
            world.note(format!("the answer to a command: {} {more}", refused.word));
            return None;
        }
        let in_channel = said["response_type"] == "in_channel";
        let message = world.post(Draft {
            channel: field("channel_id")?,
            user: world.bot.user.clone(),
            text: said["text"].as_str().unwrap_or_default().to_owned(),
            blocks: list("blocks"),
            attachments: list("attachments"),
            ephemeral_to: (!in_channel).then(|| self.id.clone()),
            ..Draft::default()
        });
        let url = field("response_url")?;
        let held = world.response_urls.iter_mut().find(|it| url.ends_with(&it.id));
        if let Some(held) = held {
            held.origin = Some(message.ts.clone());
        }
        Some(message)
    }

    /// The modal open on top.
    pub fn form(&self) -> Option<Form> {
        self.slack.world().top_form(&self.id).cloned()
    }

    /// The home tab, once the bot has published one.
    pub fn home(&self) -> Option<Form> {
        let world = self.slack.world();
        world.homes.iter().find(|it| it.user == self.id).cloned()
    }

    /// Opens the bot's home tab.
    pub async fn opens_home(&self) -> Ack {
        let event = {
            let mut world = self.slack.world();
            let bot = world.bot.user.clone();
            let (channel, _) = world.open_direct([bot, self.id.clone()].into());
            let mut event = json!({
                "type": "app_home_opened",
                "user": self.id,
                "channel": channel.id,
                "tab": "home",
                "event_ts": world.fresh_ts(),
            });
            if let Some(home) = world.homes.iter().find(|it| it.user == self.id) {
                event["view"] = home.to_api(&world);
            }
            event
        };
        self.slack.event(&event).await
    }

    /// Unread messages that only this person sees, in order; they are read now.
    pub fn told(&self) -> Vec<Message> {
        let mut world = self.slack.world();
        let pair = [world.bot.user.clone(), self.id.clone()].into();
        let direct = world.direct_between(&pair).map(|it| it.id.clone());
        world.read(|it| match &it.ephemeral_to {
            Some(person) => *person == self.id,
            None => direct.as_ref() == Some(&it.channel),
        })
    }

    /// Whether a message stands in the conversation between them and the bot, for them to read.
    pub fn reads_in_private(&self, message: &Message) -> bool {
        let world = self.slack.world();
        let pair = [world.bot.user.clone(), self.id.clone()].into();
        message.ephemeral_to.is_none()
            && world.direct_between(&pair).is_some_and(|direct| direct.id == message.channel)
    }

    /// What could not be done: told in the answer, and noted as unexpected.
    fn mishap(&self, why: impl Into<String>) -> Ack {
        let why = why.into();
        self.slack.world().note(format!("{}: {why}", self.name));
        Ack::unsent(why)
    }

    /// The bot's answer to an interaction, whose body Slack ignores.
    fn silent(&self, ack: Ack) -> Ack {
        if ack.is_ok() && !ack.body.trim().is_empty() {
            let note = format!("{}: Slack ignores the body of this answer: {}", self.name, ack.body);
            self.slack.world().note(note);
        }
        ack
    }
}
