//! What Slack refuses in blocks, attachments, views and metadata, said in Slack's words.

use std::collections::BTreeSet;

use serde_json::Value;

mod elements;
mod kinds;
mod rules;
mod walk;

use rules::Surface;
use walk::Walk;

/// The most that all text of a message's blocks may sum up to, as measured.
const BLOCKS_TEXT: usize = 13_200;
const MARKDOWN_TEXT: usize = 12_000;
const MESSAGE_BLOCKS: usize = 50;
const VIEW_BLOCKS: usize = 100;
const VIEW_BYTES: usize = 250_000;
const METADATA_BYTES: usize = 16_000;
const ATTACHMENTS: usize = 100;

/// Why a message's blocks, a view or metadata are refused: Slack's word, and where it hurts.
#[derive(Clone, Debug, PartialEq)]
pub struct Refused {
    pub word: &'static str,
    pub messages: Vec<String>,
}

fn refuse(word: &'static str, messages: Vec<String>) -> Result<(), Refused> {
    if messages.is_empty() { Ok(()) } else { Err(Refused { word, messages }) }
}

/// The blocks of a message.
pub fn blocks(blocks: &[Value]) -> Result<(), Refused> {
    let mut walk = Walk::default();
    walk.blocks(blocks, Surface::Message, MESSAGE_BLOCKS, "/blocks");
    refuse("invalid_blocks", walk.faults)?;
    let words: usize = blocks.iter().map(text_length).sum();
    let too_long = format!("[ERROR] {words} characters in all blocks [json-pointer:/blocks]");
    let too_long = if words > BLOCKS_TEXT { vec![too_long] } else { Vec::new() };
    refuse("msg_blocks_too_long", too_long)
}

/// The attachments of a message.
pub fn attachments(list: &[Value]) -> Result<(), Refused> {
    if list.len() > ATTACHMENTS {
        return refuse("too_many_attachments", vec!["[ERROR] too many attachments".into()]);
    }
    let mut walk = Walk::default();
    for (at, attachment) in list.iter().enumerate() {
        let at = format!("/attachments/{at}");
        if !attachment.is_object() {
            walk.fault(&at, "must be an object");
        }
        if let Some(inner) = attachment.get("blocks") {
            let inner = inner.as_array().map_or(&[][..], Vec::as_slice);
            walk.blocks(inner, Surface::Message, MESSAGE_BLOCKS, &format!("{at}/blocks"));
        }
        if attachment["footer"].as_str().is_some_and(|it| it.chars().count() > 300) {
            walk.fault(&format!("{at}/footer"), "must be less than 301 characters");
        }
    }
    refuse("invalid_attachments", walk.faults)
}

/// A view: a modal, or with `home` a home tab.
pub fn view(view: &Value, home: bool) -> Result<(), Refused> {
    let mut walk = Walk::default();
    let surface = if home { Surface::Home } else { Surface::Modal };
    walk.kind(view, &[if home { "home" } else { "modal" }], kinds::VIEWS, "/view");
    let list = view["blocks"].as_array().map_or(&[][..], Vec::as_slice);
    walk.blocks(list, surface, VIEW_BLOCKS, "/view/blocks");
    let has_input = list.iter().any(|block| block["type"] == "input");
    if has_input && !home && !view["submit"].is_object() {
        walk.fault("/view/submit", "missing required field: submit");
    }
    refuse("invalid_arguments", walk.faults)?;
    let too_large = view.to_string().len() > VIEW_BYTES;
    let too_large = too_large.then(|| "[ERROR] the view is too large".to_owned());
    refuse("view_too_large", too_large.into_iter().collect())
}

/// A message's metadata: a type, and flat values.
pub fn metadata(metadata: &Value) -> Result<(), Refused> {
    let plain = |it: &Value| it.is_string() || it.is_number() || it.is_boolean();
    let flat = |it: &Value| plain(it) || it.as_array().is_some_and(|list| list.iter().all(plain));
    let mut faults = Vec::new();
    let kind = metadata["event_type"].as_str().unwrap_or_default();
    if kind.is_empty() || kind.len() > 255 {
        faults.push("[ERROR] missing required field: event_type [json-pointer:/metadata]".to_owned());
    }
    match metadata["event_payload"].as_object() {
        None => {
            faults.push("[ERROR] missing required field: event_payload [json-pointer:/metadata]".to_owned());
        }
        Some(payload) => faults.extend(payload.iter().filter(|(_, value)| !flat(value)).map(|(key, _)| {
            format!(
                "[ERROR] must be a string, a number or a flag [json-pointer:/metadata/event_payload/{key}]"
            )
        })),
    }
    refuse("invalid_metadata_format", faults)?;
    let too_large = metadata.to_string().len() > METADATA_BYTES;
    let too_large = too_large.then(|| "[ERROR] the metadata is too large".to_owned());
    refuse("metadata_too_large", too_large.into_iter().collect())
}

/// The options that answer a `block_suggestion`.
pub fn suggestions(answer: &Value) -> Result<(), Refused> {
    let mut walk = Walk::default();
    walk.suggestions(answer);
    refuse("invalid_options", walk.faults)
}

/// Ids that must not come twice.
fn repeated<'a>(ids: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let mut seen = BTreeSet::new();
    let mut ids = ids;
    ids.find(|id| !seen.insert(*id))
}

/// All characters of text under a value: its text objects and plain `text` fields.
fn text_length(value: &Value) -> usize {
    match value {
        Value::Array(list) => list.iter().map(text_length).sum(),
        Value::Object(map) => map
            .iter()
            .map(|(key, it)| match it {
                Value::String(text) if key == "text" => text.chars().count(),
                _ => text_length(it),
            })
            .sum(),
        _ => 0,
    }
}
