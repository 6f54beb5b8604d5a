//! Form → modal and back. A view carries all it takes to draw it again: its command and the channel
//! it was asked for in travel as private metadata, its fields are read from its own blocks.

mod inputs;
mod options;
mod read;

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::{Value, json};

pub use inputs::{is_field, lookup_of};
pub use options::{carried, meant, shortened, suggestions};
pub use read::{action, asked_by, asked_in, read, rebuild, secret_fields};

use super::blocks;
use super::blocks::rich;
use super::blocks::text::{clip, one_line, plain};
use crate::words::message::{Form, Line, Message};
use crate::words::names::Channel;
use crate::words::work::ReplyTo;

/// The word that a form's submission comes back with.
pub const CALLBACK: &str = "form";
/// How long titles and the labels of a view's buttons are at most.
const TITLE: usize = 24;
/// How much a view can carry.
const METADATA: usize = 3000;
/// How many blocks a view holds.
const MOST_BLOCKS: usize = 100;
/// How much room the words of a view take at most.
const WORDS: usize = 8_000;
/// How long the words under a field are at most.
const COMPLAINT: usize = 500;
/// What begins the ids of blocks that are no fields.
const OURS: &str = "dipper:";

/// A view, as Slack takes it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(transparent)]
pub struct View(Value);

impl View {
    /// A view that is no form.
    pub(super) fn of(view: Value) -> Self {
        Self(view)
    }

    /// The view as JSON.
    pub fn as_json(&self) -> &Value {
        &self.0
    }
}

/// What a form was asked for by: where, and which answer of the bot's its button stood on.
#[derive(Debug, Clone, Copy, Default)]
pub struct Asked<'a> {
    /// The channel.
    pub channel: Option<&'a Channel>,
    /// The answer that only the asker sees, which what comes of the form may replace.
    pub by: Option<&'a ReplyTo>,
}

impl<'a> From<Option<&'a Channel>> for Asked<'a> {
    fn from(channel: Option<&'a Channel>) -> Self {
        Self { channel, by: None }
    }
}

/// A form whose command is longer than a view can carry: it has to be stored, and a short action named
/// in its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this form would carry {0} characters, and Slack lets it carry {METADATA}")]
pub struct TooLarge(pub usize);

/// The modal for a form, with what stands in its fields already.
pub fn view<'a>(form: &Form, asked: impl Into<Asked<'a>>) -> Result<View, TooLarge> {
    modal(form, asked.into(), Vec::new())
}

/// The same form again with everything typed, and on top why it was not taken.
pub fn refused<'a>(form: &Form, asked: impl Into<Asked<'a>>, reason: &Line) -> Result<View, TooLarge> {
    let mut top = named(rich::lay(std::slice::from_ref(reason), WORDS).blocks, "reason");
    top.push(json!({"type": "divider", "block_id": format!("{OURS}reason:end")}));
    modal(form, asked.into(), top)
}

/// A view that says that something is under way.
pub fn working(title: &str, text: &str) -> View {
    let said = Message::line(Line::new().text(text));
    shown(title, "working", "Close", &said)
}

/// A view that shows an answer.
pub fn result(title: &str, message: &Message) -> View {
    shown(title, "result", "Done", message)
}

/// The answer to a submission that turns the view into another.
pub fn update(view: &View) -> Value {
    json!({"response_action": "update", "view": view})
}

/// The answer to a submission that says under each field what is wrong with it.
pub fn errors(complaints: &BTreeMap<String, String>) -> Value {
    let words = |words: &String| clip(&one_line(words), COMPLAINT);
    let complaints: BTreeMap<_, _> = complaints.iter().map(|(field, said)| (field, words(said))).collect();
    json!({"response_action": "errors", "errors": complaints})
}

fn shown(title: &str, callback: &str, close: &str, message: &Message) -> View {
    let (blocks, _) = blocks::lay(message);
    View(json!({
        "type": "modal",
        "callback_id": callback,
        "title": plain(title, TITLE),
        "close": plain(close, TITLE),
        "blocks": blocks,
    }))
}

fn modal(form: &Form, asked: Asked<'_>, top: Vec<Value>) -> Result<View, TooLarge> {
    let intro = rich::lay(&form.intro, WORDS);
    let mut blocks = top;
    blocks.extend(named(intro.blocks, "intro"));
    if intro.hidden > 0 {
        let more = plain(&format!("… and {} more lines", intro.hidden), TITLE);
        let more = json!({"type": "context", "elements": [more], "block_id": format!("{OURS}more")});
        blocks.push(more);
    }
    let mut kept = BTreeMap::new();
    let mut names = BTreeSet::new();
    for field in &form.fields {
        if inputs::is_usable(field) && names.insert(&field.name) && blocks.len() < MOST_BLOCKS {
            blocks.push(inputs::draw(field, &mut kept));
        }
    }
    if blocks.is_empty() {
        blocks.extend(blocks::lay(&Message::default()).0);
    }
    let metadata = carried_by(form, asked, &kept)?;
    let submit = if form.submit.trim().is_empty() { "Send" } else { &form.submit };
    Ok(View(json!({
        "type": "modal",
        "callback_id": CALLBACK,
        "title": plain(&form.title, TITLE),
        "submit": plain(submit, TITLE),
        "close": plain("Cancel", TITLE),
        "private_metadata": metadata,
        "notify_on_close": false,
        "blocks": blocks,
    })))
}

fn carried_by(form: &Form, asked: Asked<'_>, kept: &BTreeMap<String, String>) -> Result<String, TooLarge> {
    // What a field holds comes back with the field.
    let mut does = form.does.clone();
    does.fields.retain(|name, _| !form.fields.iter().any(|field| field.name == *name));
    let mut metadata = json!({"does": does});
    if let Some(channel) = asked.channel {
        metadata["in"] = json!(channel);
    }
    if !kept.is_empty() {
        metadata["kept"] = json!(kept);
    }
    let length = |metadata: &Value| metadata.to_string().encode_utf16().count();
    if let Some(by) = asked.by {
        let more = json!(by);
        // It can be done without: what cannot be replaced stays.
        if length(&metadata) + length(&more) + 10 <= METADATA {
            metadata["by"] = more;
        }
    }
    match length(&metadata) {
        0..=METADATA => Ok(metadata.to_string()),
        length => Err(TooLarge(length)),
    }
}

/// Names blocks, so that they are known again among a view's fields.
fn named(mut blocks: Vec<Value>, what: &str) -> Vec<Value> {
    for (at, block) in blocks.iter_mut().enumerate() {
        block["block_id"] = json!(format!("{OURS}{what}:{at}"));
    }
    blocks
}

#[cfg(test)]
mod tests;
