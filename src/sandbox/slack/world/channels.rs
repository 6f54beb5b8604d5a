//! Channels and direct messages, and who is in them.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{Change, World};

/// What kind of conversation it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Public,
    Private,
    /// Two people, or a person and the bot.
    Direct,
    /// A direct message of several.
    Group,
}

/// One conversation.
#[derive(Clone, Debug, PartialEq)]
pub struct Channel {
    pub id: String,
    /// Without `#`; empty for direct messages.
    pub name: String,
    pub kind: Kind,
    pub members: BTreeSet<String>,
    pub archived: bool,
    /// Whether people of another organisation are in it.
    pub shared: bool,
    pub creator: String,
    /// Epoch seconds.
    pub created: i64,
}

impl Channel {
    /// The name payloads give, which hides that of a private channel.
    pub fn payload_name(&self) -> &str {
        match self.kind {
            Kind::Public => &self.name,
            Kind::Private => "privategroup",
            Kind::Direct => "directmessage",
            Kind::Group => "mpdm",
        }
    }

    pub fn is_direct(&self) -> bool {
        matches!(self.kind, Kind::Direct | Kind::Group)
    }

    /// The conversation as `conversations.info` shows it.
    pub fn to_api(&self, world: &World) -> Value {
        let bot = &world.bot.user;
        if self.kind == Kind::Direct {
            let other = self.members.iter().find(|it| *it != bot);
            return json!({
                "id": self.id, "created": self.created, "is_im": true, "is_archived": self.archived,
                "is_org_shared": false, "user": other, "is_open": true, "priority": 0,
                "context_team_id": world.team.id,
            });
        }
        let plain = |purpose: &str| json!({"value": purpose, "creator": "", "last_set": 0});
        json!({
            "id": self.id, "name": self.name, "name_normalized": self.name,
            "is_channel": self.kind != Kind::Group, "is_group": false, "is_im": false,
            "is_mpim": self.kind == Kind::Group, "is_private": self.kind != Kind::Public,
            "is_archived": self.archived, "is_general": self.name == "general",
            "is_member": self.members.contains(bot), "is_shared": self.shared, "is_ext_shared": self.shared,
            "is_org_shared": false, "is_pending_ext_shared": false, "pending_shared": [],
            "created": self.created, "creator": self.creator, "unlinked": 0,
            "context_team_id": world.team.id, "shared_team_ids": [world.team.id],
            "topic": plain(""), "purpose": plain(""), "previous_names": [],
        })
    }
}

impl World {
    /// A new channel with these members, and without the bot.
    pub fn add_channel(&mut self, name: &str, kind: Kind, members: &[String]) -> Channel {
        let channel = Channel {
            id: self.id(if kind == Kind::Direct { 'D' } else { 'C' }),
            name: name.trim_start_matches('#').to_owned(),
            kind,
            members: members.iter().cloned().collect(),
            archived: false,
            shared: false,
            creator: members.first().cloned().unwrap_or_default(),
            created: self.now() / 1000,
        };
        self.channels.push(channel.clone());
        self.changed(Change::Channels);
        channel
    }

    pub fn channel(&self, id: &str) -> Option<&Channel> {
        self.channels.iter().find(|it| it.id == id)
    }

    pub fn channel_mut(&mut self, id: &str) -> Option<&mut Channel> {
        self.channels.iter_mut().find(|it| it.id == id)
    }

    /// By its name, with or without `#`.
    pub fn channel_named(&self, name: &str) -> Option<&Channel> {
        let name = name.trim_start_matches('#');
        self.channels.iter().find(|it| !it.is_direct() && it.name == name)
    }

    /// The direct conversation of exactly these, if there is one.
    pub fn direct_between(&self, members: &BTreeSet<String>) -> Option<&Channel> {
        self.channels.iter().find(|it| it.is_direct() && it.members == *members)
    }

    /// The direct conversation of exactly these, made if need be; and whether it was there.
    pub fn open_direct(&mut self, members: BTreeSet<String>) -> (Channel, bool) {
        if let Some(there) = self.direct_between(&members) {
            return (there.clone(), true);
        }
        let kind = if members.len() > 2 { Kind::Group } else { Kind::Direct };
        let members: Vec<String> = members.into_iter().collect();
        (self.add_channel("", kind, &members), false)
    }

    /// Where a person goes who says `#web`, `@dipper` or a channel's id.
    pub fn place(&mut self, who: &str, said: &str) -> Result<Channel, String> {
        if let Some(name) = said.strip_prefix('@') {
            let other = self.account_named(name).map(|it| it.id.clone());
            let other = other.ok_or_else(|| format!("there is nobody called {said}"))?;
            return Ok(self.open_direct([who.to_owned(), other].into()).0);
        }
        let found = self.channel(said).or_else(|| self.channel_named(said));
        let found = found.ok_or_else(|| format!("there is no channel {said}"))?;
        if found.kind == Kind::Public || found.members.contains(who) {
            Ok(found.clone())
        } else {
            Err(format!("{} is not a member of {said}", self.name_of(who)))
        }
    }

    /// The channel as people call it: `#web`, `@ada`.
    pub fn called(&self, channel: &Channel) -> String {
        if !channel.is_direct() {
            return format!("#{}", channel.name);
        }
        let others = channel.members.iter().filter(|it| **it != self.bot.user);
        let names: Vec<String> = others.map(|it| format!("@{}", self.name_of(it))).collect();
        names.join(" ")
    }

    /// Makes the bot a member.
    pub fn invite_bot(&mut self, name: &str) -> bool {
        let bot = self.bot.user.clone();
        self.seat(name, |members| members.insert(bot))
    }

    /// Takes the bot out.
    pub fn kick_bot(&mut self, name: &str) -> bool {
        let bot = self.bot.user.clone();
        self.seat(name, |members| members.remove(&bot))
    }

    fn seat(&mut self, name: &str, change: impl FnOnce(&mut BTreeSet<String>) -> bool) -> bool {
        let id = self.channel_named(name).map(|it| it.id.clone());
        let done = id.and_then(|id| self.channel_mut(&id)).is_some_and(|it| change(&mut it.members));
        self.changed(Change::Channels);
        done
    }
}
