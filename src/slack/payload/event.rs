//! What the Events API sends: an address to confirm, something that happened, or a pause.

use serde_json::Value;

use super::{Malformed, channel, id, json, loose, owned, team};
use crate::words::names::{Channel, SlackUser, Team};

/// The envelope of an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EventEnvelope {
    /// Slack asks us to say this back.
    Challenge(String),
    /// Something happened.
    Event(Box<Event>),
    /// Slack sends no more for a while, because it sent too much.
    RateLimited,
    /// Something else, by Slack's word for it.
    Unknown(String),
}

/// Something that happened in Slack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Its id; one that comes again is the same event.
    pub event_id: String,
    /// The workspace it happened in.
    pub team: Team,
    /// Slack's word for what happened.
    pub kind: String,
    /// Who did it, or whom it is about.
    pub user: Option<SlackUser>,
    /// Whether that is the bot itself.
    pub by_us: bool,
    /// Where.
    pub channel: Option<Channel>,
    /// When, in epoch milliseconds, to the second.
    pub at: Option<i64>,
    /// Which tab of the bot's home was opened.
    pub tab: Option<String>,
    /// All of it, for what is read at one place only.
    pub inner: Value,
}

impl EventEnvelope {
    /// Reads the body of a request, or the payload of an envelope from the socket.
    pub fn from_json(body: &[u8]) -> Result<Self, Malformed> {
        let body = json(body)?;
        let kind = loose::text(&body, "/type").ok_or_else(|| Malformed::new("it has no type"))?;
        Ok(match kind {
            "url_verification" => {
                let challenge = owned(&body, "/challenge");
                Self::Challenge(challenge.ok_or_else(|| Malformed::new("it holds no challenge"))?)
            }
            "event_callback" => Self::Event(Box::new(event(&body)?)),
            "app_rate_limited" => Self::RateLimited,
            other => Self::Unknown(other.chars().take(80).collect()),
        })
    }
}

fn event(body: &Value) -> Result<Event, Malformed> {
    // In a channel shared with others `team_id` may be theirs; the authorization names where the app
    // is installed, and so whose token answers.
    let team = team(loose::first(
        body,
        &["/authorizations/0/team_id", "/team_id", "/authorizations/0/enterprise_id", "/enterprise_id"],
    ))?;
    let inner = body.get("event").cloned().unwrap_or(Value::Null);
    let user = loose::first(&inner, &["/user", "/user/id", "/user_id"]);
    let place = loose::first(&inner, &["/channel", "/channel/id", "/item/channel", "/channel_id"]);
    let person = |id| SlackUser { team: team.clone(), id };
    let by_us = user.is_some() && user == loose::text(body, "/authorizations/0/user_id");
    Ok(Event {
        by_us,
        event_id: owned(body, "/event_id").ok_or_else(|| Malformed::new("it has no event id"))?,
        kind: owned(&inner, "/type").ok_or_else(|| Malformed::new("its event has no type"))?,
        user: user.map(|user| id(user).map(person)).transpose()?,
        channel: channel(&team, place)?,
        at: body.get("event_time").and_then(Value::as_i64).and_then(|seconds| seconds.checked_mul(1000)),
        tab: owned(&inner, "/tab"),
        team,
        inner,
    })
}
