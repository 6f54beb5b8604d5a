//! A slash command, from the form Slack posts or the JSON its socket carries.

use serde_json::{Map, Value};

use super::{Malformed, channel, form, json, loose, owned, secret, team, user};
use crate::seal::Secret;
use crate::words::names::{Channel, SlackUser, Team};

/// What may come to the door for commands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Slash {
    /// Slack looks whether our certificate works.
    SslCheck,
    /// Somebody typed a command.
    Command(Box<SlashCommand>),
}

/// A command somebody typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SlashCommand {
    /// The workspace it was typed in.
    pub team: Team,
    /// Who typed it.
    pub user: SlackUser,
    /// Where.
    pub channel: Channel,
    /// The command's own word, with its slash.
    pub command: String,
    /// All that follows it.
    pub text: String,
    /// Where it may be answered.
    pub response_url: Option<Secret>,
    /// What opens a view for this person.
    pub trigger_id: Option<Secret>,
}

impl Slash {
    /// Reads a urlencoded body.
    pub fn from_form(body: &[u8]) -> Result<Self, Malformed> {
        let fields = form::fields(body)?;
        let fields: Map<_, _> = fields.into_iter().map(|(key, value)| (key, Value::String(value))).collect();
        Self::from_value(&Value::Object(fields))
    }

    /// Reads the same fields from a JSON object.
    pub fn from_json(body: &[u8]) -> Result<Self, Malformed> {
        Self::from_value(&json(body)?)
    }

    fn from_value(fields: &Value) -> Result<Self, Malformed> {
        if loose::text(fields, "/ssl_check") == Some("1") {
            return Ok(Self::SslCheck);
        }
        let team = team(loose::first(fields, &["/team_id", "/enterprise_id"]))?;
        let channel = channel(&team, loose::text(fields, "/channel_id"))?;
        Ok(Self::Command(Box::new(SlashCommand {
            user: user(&team, loose::text(fields, "/user_id"))?,
            channel: channel.ok_or_else(|| Malformed::new("it names no channel"))?,
            command: owned(fields, "/command").ok_or_else(|| Malformed::new("it names no command"))?,
            text: owned(fields, "/text").unwrap_or_default(),
            response_url: secret(fields, "/response_url"),
            trigger_id: secret(fields, "/trigger_id"),
            team,
        })))
    }
}
