//! One field ↔ one input block. The action id says how the field is answered, so that it can be read
//! back from the block alone.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::super::blocks::text::plain;
use super::super::loose;
use super::OURS;
use super::options::{choices_of, offered, option};
use crate::words::message::{Choice, Field, FieldKind};

/// How much can be typed into a field.
const TYPED: usize = 3000;
/// How long labels and hints are at most.
const LABEL: usize = 2000;
/// What is said where a text was cut to fit.
const CUT: &str = "Only the first 3,000 characters fit here.";

/// Whether a field's name can be a block's.
pub(super) fn is_usable(field: &Field) -> bool {
    (1..=100).contains(&field.name.len()) && !field.name.starts_with(OURS)
}

/// The block for a field. What its options cannot carry is kept aside.
pub(super) fn draw(field: &Field, kept: &mut BTreeMap<String, String>) -> Value {
    let mut block = json!({
        "type": "input",
        "block_id": field.name,
        "label": plain(&field.label, LABEL),
        "optional": field.optional,
        "element": element(field, kept),
    });
    let cut = field
        .value
        .as_ref()
        .is_some_and(|value| is_typed(&field.kind) && value.encode_utf16().count() > TYPED);
    let hint = match (&field.hint, cut) {
        (Some(hint), true) if !hint.ends_with(CUT) => Some(format!("{hint} {CUT}")),
        (None, true) => Some(CUT.to_owned()),
        (hint, _) => hint.clone(),
    };
    if let Some(hint) = hint.filter(|hint| !hint.trim().is_empty()) {
        block["hint"] = plain(&hint, LABEL);
    }
    block
}

fn is_typed(kind: &FieldKind) -> bool {
    matches!(kind, FieldKind::Text | FieldKind::LongText)
}

fn element(field: &Field, kept: &mut BTreeMap<String, String>) -> Value {
    let name = &field.name;
    let value = field.value.as_deref().filter(|value| !value.is_empty());
    match &field.kind {
        FieldKind::LongText => typed(&format!("long:{name}"), true, value),
        // A secret never stands in a view that we send.
        FieldKind::Secret => typed(&format!("secret:{name}"), false, None),
        FieldKind::Choice(choices) if !choices.is_empty() => {
            let mut element = json!({"type": "static_select", "action_id": format!("choice:{name}")});
            let (key, options) = offered(choices, kept);
            element[key] = options;
            let chosen = choices.iter().find(|choice| Some(choice.value.as_str()) == value);
            if let Some(chosen) = chosen {
                element["initial_option"] = option(chosen, kept);
            }
            element
        }
        FieldKind::Lookup(what) => {
            let mut element = json!({
                "type": "external_select",
                "action_id": format!("lookup:{what}:{name}"),
                "min_query_length": 0,
            });
            if let Some(value) = value {
                element["initial_option"] = option(&Choice::plain(value), kept);
            }
            element
        }
        FieldKind::Text | FieldKind::Choice(_) => typed(&format!("text:{name}"), false, value),
    }
}

fn typed(action_id: &str, multiline: bool, value: Option<&str>) -> Value {
    let mut element = json!({
        "type": "plain_text_input",
        "action_id": action_id,
        "multiline": multiline,
        "max_length": TYPED,
    });
    if let Some(value) = value {
        let value = if multiline { value.to_owned() } else { value.replace(['\r', '\n'], " ") };
        let mut room = TYPED;
        let fits = |c: &char| {
            let fits = c.len_utf16() <= room;
            room = if fits { room - c.len_utf16() } else { 0 };
            fits
        };
        element["initial_value"] = json!(value.chars().take_while(fits).collect::<String>());
    }
    element
}

/// What is looked up under an action id.
pub fn lookup_of(action_id: &str) -> Option<&str> {
    let (what, _) = action_id.strip_prefix("lookup:")?.split_once(':')?;
    Some(what)
}

/// The field an input block was drawn from, but for what stands in it.
pub(super) fn field_of(block: &Value, kept: &BTreeMap<String, String>) -> Option<Field> {
    let action_id = loose::text(block, "/element/action_id")?;
    let kind = match action_id.split_once(':')?.0 {
        "text" => FieldKind::Text,
        "long" => FieldKind::LongText,
        "secret" => FieldKind::Secret,
        "choice" => FieldKind::Choice(choices_of(block, kept)),
        "lookup" => FieldKind::Lookup(lookup_of(action_id)?.to_owned()),
        _ => return None,
    };
    let hint = loose::text(block, "/hint/text").map(|hint| hint.trim_end_matches(CUT).trim_end());
    Some(Field {
        name: loose::text(block, "/block_id")?.to_owned(),
        label: loose::text(block, "/label/text").unwrap_or_default().to_owned(),
        kind,
        value: None,
        hint: hint.filter(|hint| !hint.is_empty()).map(str::to_owned),
        optional: loose::flag(block, "/optional"),
    })
}
