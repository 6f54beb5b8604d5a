//! A slash command, from the form Slack posts or the JSON its socket carries.

use super::{Malformed, channel, form, json, team, user};
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
        Self::read(|name| fields.get(name))
    }

    /// Reads the same fields from a JSON object.
    pub fn from_json(body: &[u8]) -> Result<Self, Malformed> {
        let fields = json(body)?;
        Self::read(|name| fields.get(name)?.as_str().filter(|text| !text.is_empty()))
    }

    fn read<'a>(field: impl Fn(&str) -> Option<&'a str>) -> Result<Self, Malformed> {
        if field("ssl_check") == Some("1") {
            return Ok(Self::SslCheck);
        }
        let team = team(field("team_id").or_else(|| field("enterprise_id")))?;
        let channel = channel(&team, field("channel_id"))?;
        Ok(Self::Command(Box::new(SlashCommand {
            user: user(&team, field("user_id"))?,
            channel: channel.ok_or_else(|| Malformed::new("it names no channel"))?,
            command: field("command").ok_or_else(|| Malformed::new("it names no command"))?.to_owned(),
            text: field("text").unwrap_or_default().to_owned(),
            response_url: field("response_url").map(Secret::from),
            trigger_id: field("trigger_id").map(Secret::from),
            team,
        })))
    }
}
