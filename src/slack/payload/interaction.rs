//! Presses, submitted forms, shortcuts and lookups: what people do with what we show them.

use std::collections::BTreeMap;

use serde_json::Value;

use super::super::{blocks, forms};
use super::{Malformed, ViewState, channel, form, json, loose, owned, secret, team, user};
use crate::seal::Secret;
use crate::words::Advice;
use crate::words::message::Action;
use crate::words::names::{Channel, SlackUser, Team};

/// Something a person did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Interaction {
    /// A button was pressed, or an option chosen, in a message or a view.
    Pressed(Box<Pressed>),
    /// A form was sent.
    Submitted(Box<Submitted>),
    /// A form was closed.
    Closed(Box<Closed>),
    /// A shortcut was taken, from anywhere or on a message.
    Shortcut(Box<Shortcut>),
    /// Options are asked for while somebody types.
    Suggestion(Box<Suggestion>),
    /// Something else, by Slack's word for it.
    Unknown(String),
}

/// A button pressed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pressed {
    /// The command behind it, or what to say when it cannot be read any more.
    pub action: Result<Action, Advice>,
    /// Whether it is a field of a form that changed, rather than a button.
    pub is_field: bool,
    /// Who pressed it.
    pub user: SlackUser,
    /// Where; in a form, where the form was asked for.
    pub channel: Option<Channel>,
    /// The message it stands under.
    pub message: Option<MessageRef>,
    /// The view it stands in.
    pub view: Option<ViewState>,
    /// Where it may be answered.
    pub response_url: Option<Secret>,
    /// What opens a view for this person.
    pub trigger_id: Option<Secret>,
}

/// A message, as far as it needs to be known again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageRef {
    /// Where it was said.
    pub channel: Channel,
    /// Its timestamp.
    pub ts: String,
    /// The timestamp of the thread it belongs to.
    pub thread_ts: Option<String>,
    /// Whether only one person sees it.
    pub ephemeral: bool,
}

/// A form sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Submitted {
    /// Who sent it.
    pub user: SlackUser,
    /// What was sent.
    pub view: ViewState,
    /// What opens a view for this person.
    pub trigger_id: Option<Secret>,
}

/// A form closed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Closed {
    /// Who closed it.
    pub user: SlackUser,
    /// What stood in it.
    pub view: ViewState,
}

/// A shortcut taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shortcut {
    /// The word we gave it.
    pub callback_id: String,
    /// Who took it.
    pub user: SlackUser,
    /// Where, unless it was taken from nowhere in particular.
    pub channel: Option<Channel>,
    /// On which message.
    pub message: Option<MessageRef>,
    /// What that message says, as Slack writes it.
    pub text: Option<String>,
    /// Where it may be answered.
    pub response_url: Option<Secret>,
    /// What opens a view for this person.
    pub trigger_id: Option<Secret>,
}

/// Options asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    /// What is looked up: `repository`, `branch` …
    pub lookup: String,
    /// The field it is looked up for.
    pub field: String,
    /// What was typed so far.
    pub typed: String,
    /// What stands in the other fields, and what the form is about.
    pub filled: BTreeMap<String, Value>,
    /// Who asks.
    pub user: SlackUser,
    /// Where the form was asked for.
    pub channel: Option<Channel>,
}

impl Interaction {
    /// Reads a urlencoded body with its one field `payload`.
    pub fn from_form(body: &[u8]) -> Result<Self, Malformed> {
        let fields = form::fields(body)?;
        let payload = fields.get("payload");
        let payload = payload.ok_or_else(|| Malformed::new("it has no field `payload`"))?;
        Self::from_json(payload.as_bytes())
    }

    /// Reads the payload itself.
    pub fn from_json(payload: &[u8]) -> Result<Self, Malformed> {
        let payload = json(payload)?;
        let kind = loose::text(&payload, "/type").ok_or_else(|| Malformed::new("it has no type"))?;
        Ok(match kind {
            "block_actions" => Self::Pressed(Box::new(pressed(&payload)?)),
            "view_submission" => Self::Submitted(Box::new(Submitted {
                user: person(&payload)?,
                view: view(&payload)?,
                trigger_id: secret(&payload, "/trigger_id"),
            })),
            "view_closed" => {
                Self::Closed(Box::new(Closed { user: person(&payload)?, view: view(&payload)? }))
            }
            "shortcut" | "message_action" => Self::Shortcut(Box::new(shortcut(&payload)?)),
            "block_suggestion" => Self::Suggestion(Box::new(suggestion(&payload)?)),
            other => Self::Unknown(other.chars().take(80).collect()),
        })
    }
}

impl Suggestion {
    /// Reads a urlencoded body with its one field `payload`.
    pub fn from_form(body: &[u8]) -> Result<Self, Malformed> {
        match Interaction::from_form(body)? {
            Interaction::Suggestion(suggestion) => Ok(*suggestion),
            _ => Err(Malformed::new("it does not ask for options")),
        }
    }
}

fn pressed(payload: &Value) -> Result<Pressed, Malformed> {
    let team = workspace(payload)?;
    let action = payload.pointer("/actions/0");
    let action = action.ok_or_else(|| Malformed::new("nothing was pressed"))?;
    let view = ViewState::of(payload)?;
    let message = message(&team, payload)?;
    let asked_in = || view.as_ref().and_then(forms::asked_in);
    Ok(Pressed {
        action: behind(action),
        is_field: forms::is_field(loose::text(action, "/action_id").unwrap_or_default()),
        user: person(payload)?,
        channel: place(&team, payload)?.or_else(asked_in),
        message,
        view,
        response_url: secret(payload, "/response_url"),
        trigger_id: secret(payload, "/trigger_id"),
    })
}

fn shortcut(payload: &Value) -> Result<Shortcut, Malformed> {
    let team = workspace(payload)?;
    Ok(Shortcut {
        callback_id: owned(payload, "/callback_id").ok_or_else(|| Malformed::new("it has no callback id"))?,
        user: person(payload)?,
        channel: place(&team, payload)?,
        message: message(&team, payload)?,
        text: owned(payload, "/message/text"),
        response_url: secret(payload, "/response_url"),
        trigger_id: secret(payload, "/trigger_id"),
    })
}

fn suggestion(payload: &Value) -> Result<Suggestion, Malformed> {
    let team = workspace(payload)?;
    let view = ViewState::of(payload)?;
    let action_id = loose::text(payload, "/action_id").unwrap_or_default();
    Ok(Suggestion {
        lookup: forms::lookup_of(action_id).unwrap_or(action_id).to_owned(),
        field: owned(payload, "/block_id").unwrap_or_default(),
        typed: owned(payload, "/value").unwrap_or_default(),
        filled: view.as_ref().map(held).unwrap_or_default(),
        user: person(payload)?,
        channel: place(&team, payload)?.or_else(|| view.as_ref().and_then(forms::asked_in)),
    })
}

/// What a form's command would hold if it were sent now.
fn held(view: &ViewState) -> BTreeMap<String, Value> {
    forms::action(view).map_or_else(|_| forms::read(view), |action| action.fields)
}

/// The command behind a button or an option.
fn behind(action: &Value) -> Result<Action, Advice> {
    let value = loose::first(action, &["/value", "/selected_option/value"]);
    let action_id = loose::text(action, "/action_id").unwrap_or_default();
    let read =
        value.and_then(|value| blocks::chosen(action_id, value).or_else(|| serde_json::from_str(value).ok()));
    read.ok_or_else(|| {
        Advice::new("This button is from another time and no longer works; type the command instead.")
    })
}

/// Where a payload names no workspace, the app is installed for the whole enterprise.
fn workspace(payload: &Value) -> Result<Team, Malformed> {
    team(loose::first(payload, &["/team/id", "/enterprise/id", "/user/team_id", "/view/team_id"]))
}

fn person(payload: &Value) -> Result<SlackUser, Malformed> {
    user(&workspace(payload)?, loose::text(payload, "/user/id"))
}

fn view(payload: &Value) -> Result<ViewState, Malformed> {
    ViewState::of(payload)?.ok_or_else(|| Malformed::new("it holds no view"))
}

fn place(team: &Team, payload: &Value) -> Result<Option<Channel>, Malformed> {
    channel(team, loose::first(payload, &["/container/channel_id", "/channel/id"]))
}

fn message(team: &Team, payload: &Value) -> Result<Option<MessageRef>, Malformed> {
    let ts = loose::first(payload, &["/container/message_ts", "/message/ts", "/message_ts"]);
    let (Some(ts), Some(channel)) = (ts, place(team, payload)?) else {
        return Ok(None);
    };
    let thread = loose::first(payload, &["/container/thread_ts", "/message/thread_ts"]);
    Ok(Some(MessageRef {
        channel,
        ts: ts.to_owned(),
        thread_ts: thread.map(str::to_owned),
        ephemeral: loose::flag(payload, "/container/is_ephemeral")
            || loose::flag(payload, "/message/is_ephemeral"),
    }))
}
