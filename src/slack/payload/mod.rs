//! What Slack sends us, read loosely: only what we need, wherever it stands, and never a panic.
//!
//! A payload is first read as plain JSON, whose nesting serde_json bounds, and then asked for single
//! values. So a null workspace, an unknown field or a field that changed its type costs that value and
//! not the whole request; what we cannot do without is missed in words.

mod command;
mod event;
mod form;
mod interaction;
mod view;

use serde_json::Value;

pub use command::{Slash, SlashCommand};
pub use event::{Event, EventEnvelope};
pub use interaction::{Closed, Interaction, MessageRef, Pressed, Shortcut, Submitted, Suggestion};
pub use view::ViewState;

use super::loose;
use crate::seal::Secret;
use crate::words::names::{Channel, SlackUser, Team};

/// Why a payload cannot be read, in words that hold nothing of it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Malformed(pub String);

impl Malformed {
    pub(super) fn new(reason: impl Into<String>) -> Self {
        Self(reason.into())
    }
}

fn json(bytes: &[u8]) -> Result<Value, Malformed> {
    let value: Value =
        serde_json::from_slice(bytes).map_err(|error| Malformed(format!("it is not JSON: {error}")))?;
    if !value.is_object() {
        return Err(Malformed::new("it is not a JSON object"));
    }
    if has_nul(&value) {
        return Err(Malformed::new("it holds a NUL character"));
    }
    Ok(value)
}

/// No database keeps a NUL in a text, and nothing in Slack writes one.
fn has_nul(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains('\0'),
        Value::Array(items) => items.iter().any(has_nul),
        Value::Object(fields) => fields.iter().any(|(key, value)| key.contains('\0') || has_nul(value)),
        _ => false,
    }
}

/// An id as Slack makes them, and nothing that could mean anything elsewhere.
fn id(text: &str) -> Result<String, Malformed> {
    let plain = (1..=64).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
    if plain { Ok(text.to_owned()) } else { Err(Malformed::new("one of its ids is none")) }
}

fn team(text: Option<&str>) -> Result<Team, Malformed> {
    id(text.ok_or_else(|| Malformed::new("it names no workspace"))?).map(Team)
}

fn user(team: &Team, text: Option<&str>) -> Result<SlackUser, Malformed> {
    let id = id(text.ok_or_else(|| Malformed::new("it names no person"))?)?;
    Ok(SlackUser { team: team.clone(), id })
}

fn channel(team: &Team, text: Option<&str>) -> Result<Option<Channel>, Malformed> {
    let channel = |id| Channel { team: team.clone(), id };
    text.map(|text| id(text).map(channel)).transpose()
}

fn secret(value: &Value, pointer: &str) -> Option<Secret> {
    loose::text(value, pointer).map(Secret::from)
}

fn owned(value: &Value, pointer: &str) -> Option<String> {
    loose::text(value, pointer).map(str::to_owned)
}

#[cfg(test)]
mod tests;
