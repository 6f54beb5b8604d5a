//! One field ↔ one input block. The action id says how the field is answered, so that it can be read
//! back from the block alone.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::super::blocks::text::plain;
use super::super::loose;
use super::OURS;
use super::options::{choices_of, digest, offered, option};
use crate::words::message::{Choice, Field, FieldKind, TICKED};

/// How much can be typed into a field.
const TYPED: usize = 3000;
/// How long labels and hints are at most.
const LABEL: usize = 2000;
/// How many boxes can be ticked in one field.
const MOST_BOXES: usize = 10;
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
    if field.refills {
        block["dispatch_action"] = json!(true);
    }
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
    let value = field.value.as_deref().filter(|value| !value.is_empty());
    match &field.kind {
        FieldKind::LongText => typed(&id_of("long", field), true, value),
        // A secret never stands in a view that we send.
        FieldKind::Secret => typed(&id_of("secret", field), false, None),
        FieldKind::Choice(choices) if !choices.is_empty() => {
            let chosen = choices.iter().filter(|choice| Some(choice.value.as_str()) == value).take(1);
            one_of(choices, chosen, &id_of("choice", field), kept)
        }
        FieldKind::Many(choices) if !choices.is_empty() => {
            let chosen = choices.iter().filter(|choice| field.values.contains(&choice.value));
            some_of(choices, chosen, &id_of("many", field), kept)
        }
        FieldKind::Flag => {
            let yes = Choice { text: "Yes".to_owned(), value: TICKED.to_owned() };
            let chosen = value.map(|_| &yes).into_iter();
            some_of(std::slice::from_ref(&yes), chosen, &id_of("flag", field), kept)
        }
        FieldKind::Lookup(what) => {
            let mut element = looked_up("external_select", &id_of(&format!("lookup:{what}"), field));
            if let Some(value) = value {
                element["initial_option"] = option(&chosen(field, value), kept);
            }
            element
        }
        FieldKind::LookupMany(what) => {
            let mut element = looked_up("multi_external_select", &id_of(&format!("lookups:{what}"), field));
            let held = field.values.iter().map(|value| option(&chosen(field, value), kept));
            let held: Vec<Value> = held.collect();
            if !held.is_empty() {
                element["initial_options"] = json!(held);
            }
            element
        }
        FieldKind::Text | FieldKind::Choice(_) | FieldKind::Many(_) => {
            typed(&id_of("text", field), false, value)
        }
    }
}

/// A value that was looked up, as it was shown to whoever chose it.
fn chosen(field: &Field, value: &str) -> Choice {
    let text = field.labels.get(value).map_or(value, String::as_str);
    Choice { text: text.to_owned(), value: value.to_owned() }
}

/// How the field is answered, its name, and what it starts with: Slack keeps what was typed under an id,
/// so that a field which is to start with something else needs another.
fn id_of(kind: &str, field: &Field) -> String {
    let starts = json!([field.value, field.values]).to_string();
    let nothing = field.value.is_none() && field.values.is_empty();
    let mark = if nothing { String::new() } else { format!("~{}", digest(&starts)) };
    format!("{kind}:{}{mark}", field.name)
}

fn one_of<'a>(
    choices: &'a [Choice],
    mut chosen: impl Iterator<Item = &'a Choice>,
    action_id: &str,
    kept: &mut BTreeMap<String, String>,
) -> Value {
    let mut element = json!({"type": "static_select", "action_id": action_id});
    let (key, options) = offered(choices, kept);
    element[key] = options;
    if let Some(chosen) = chosen.next() {
        element["initial_option"] = option(chosen, kept);
    }
    element
}

/// Boxes to tick, or a menu where there are more than a form shows.
fn some_of<'a>(
    choices: &'a [Choice],
    chosen: impl Iterator<Item = &'a Choice>,
    action_id: &str,
    kept: &mut BTreeMap<String, String>,
) -> Value {
    let kind = if choices.len() > MOST_BOXES { "multi_static_select" } else { "checkboxes" };
    let mut element = json!({"type": kind, "action_id": action_id});
    let (key, options) = offered(choices, kept);
    element[key] = options;
    let chosen: Vec<Value> = chosen.map(|choice| option(choice, kept)).collect();
    if !chosen.is_empty() {
        element["initial_options"] = json!(chosen);
    }
    element
}

fn looked_up(kind: &str, action_id: &str) -> Value {
    json!({"type": kind, "action_id": action_id, "min_query_length": 0})
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

/// Whether an action id is that of a form's field.
pub fn is_field(action_id: &str) -> bool {
    let kinds = ["text:", "long:", "secret:", "choice:", "many:", "flag:", "lookup:", "lookups:"];
    kinds.iter().any(|kind| action_id.starts_with(kind))
}

/// What is looked up under an action id.
pub fn lookup_of(action_id: &str) -> Option<&str> {
    let rest = action_id.strip_prefix("lookup:").or_else(|| action_id.strip_prefix("lookups:"))?;
    Some(rest.split_once(':')?.0)
}

/// The field an input block was drawn from, but for what stands in it.
pub(super) fn field_of(block: &Value, kept: &BTreeMap<String, String>) -> Option<Field> {
    let action_id = loose::text(block, "/element/action_id")?;
    let kind = match action_id.split_once(':')?.0 {
        "text" => FieldKind::Text,
        "long" => FieldKind::LongText,
        "secret" => FieldKind::Secret,
        "choice" => FieldKind::Choice(choices_of(block, kept)),
        "many" => FieldKind::Many(choices_of(block, kept)),
        "flag" => FieldKind::Flag,
        "lookup" => FieldKind::Lookup(lookup_of(action_id)?.to_owned()),
        "lookups" => FieldKind::LookupMany(lookup_of(action_id)?.to_owned()),
        _ => return None,
    };
    let hint = loose::text(block, "/hint/text").map(|hint| hint.trim_end_matches(CUT).trim_end());
    Some(Field {
        name: loose::text(block, "/block_id")?.to_owned(),
        label: loose::text(block, "/label/text").unwrap_or_default().to_owned(),
        kind,
        value: None,
        values: Vec::new(),
        labels: BTreeMap::new(),
        hint: hint.filter(|hint| !hint.is_empty()).map(str::to_owned),
        optional: loose::flag(block, "/optional"),
        refills: loose::flag(block, "/dispatch_action"),
    })
}
