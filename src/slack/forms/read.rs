//! What a view brings back: what was typed, the command it becomes, and the form it was.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::super::blocks::rich;
use super::super::loose;
use super::super::payload::{Malformed, ViewState};
use super::OURS;
use super::inputs::field_of;
use super::options::whole;
use crate::words::message::{Action, FieldKind, Form, TICKED};
use crate::words::names::{Channel, Team};
use crate::words::work::ReplyTo;

/// The channel a form was asked for in.
pub fn asked_in(view: &ViewState) -> Option<Channel> {
    let channel = carried(view).get("in")?.clone();
    serde_json::from_value(channel).ok()
}

/// The answer that only the asker sees, on which the form's button stood.
pub fn asked_by(view: &ViewState) -> Option<ReplyTo> {
    let by = carried(view).remove("by")?;
    serde_json::from_value(by).ok()
}

/// What was typed and chosen, field by field; what was left empty is absent.
pub fn read(view: &ViewState) -> BTreeMap<String, Value> {
    let kept = kept(view);
    let fields = view.values.as_object().into_iter().flatten();
    let filled = fields.filter(|(name, _)| !name.starts_with(OURS));
    let value = |(name, actions): (&String, &Value)| {
        let (action_id, state) = actions.as_object()?.iter().next()?;
        Some((name.clone(), value_of(action_id, state, &kept)?))
    };
    filled.filter_map(value).collect()
}

/// The command that a submitted form becomes: what it carried, and what was typed.
pub fn action(view: &ViewState) -> Result<Action, Malformed> {
    let mut action = does(view)?;
    for block in inputs(view) {
        // What was taken out of a field is not to come back from what the form was opened with.
        if let Some(name) = loose::text(block, "/block_id") {
            action.fields.remove(name);
        }
    }
    action.fields.extend(read(view));
    Ok(action)
}

/// The fields whose values are secrets.
pub fn secret_fields(view: &ViewState) -> BTreeSet<String> {
    let secret = |block: &&Value| {
        loose::text(block, "/element/action_id").is_some_and(|action_id| action_id.starts_with("secret:"))
    };
    let names = inputs(view).filter(secret);
    names.filter_map(|block| loose::text(block, "/block_id").map(str::to_owned)).collect()
}

/// The form that a view was drawn from, with everything typed but secrets.
pub fn rebuild(view: &ViewState, team: &Team) -> Result<Form, Malformed> {
    let kept = kept(view);
    let typed = read(view);
    let fields = inputs(view).filter_map(|block| field_of(block, &kept));
    let fields = fields.map(|mut field| {
        match typed.get(&field.name) {
            Some(Value::String(text)) if field.kind != FieldKind::Secret => field.value = Some(text.clone()),
            Some(Value::Bool(true)) => field.value = Some(TICKED.to_owned()),
            Some(Value::Array(several)) => {
                field.values = several.iter().filter_map(Value::as_str).map(str::to_owned).collect();
            }
            _ => {}
        }
        field.labels = labels(view, &field.name, &kept);
        field
    });
    let intro = |block: &&Value| {
        loose::text(block, "/block_id").is_some_and(|id| id.starts_with(&format!("{OURS}intro:")))
    };
    let intro = view.blocks.iter().filter(intro);
    Ok(Form {
        title: view.title.clone(),
        submit: view.submit.clone(),
        intro: intro.flat_map(|block| rich::lines_of(block, team)).collect(),
        fields: fields.collect(),
        does: does(view)?,
    })
}

/// What the values chosen in a field were shown as, where they were not shown as they are.
fn labels(view: &ViewState, field: &str, kept: &BTreeMap<String, String>) -> BTreeMap<String, String> {
    let state = view.values[field].as_object().and_then(|actions| actions.values().next());
    let state = state.unwrap_or(&Value::Null);
    let options = loose::items(state, "/selected_options").iter().chain(state.get("selected_option"));
    let labels = options.filter_map(|option| {
        let (value, text) = (loose::text(option, "/value")?, loose::text(option, "/text/text")?);
        (value != text).then(|| (whole(value, kept), text.to_owned()))
    });
    labels.collect()
}

fn inputs(view: &ViewState) -> impl Iterator<Item = &Value> {
    view.blocks.iter().filter(|block| block["type"] == "input")
}

fn carried(view: &ViewState) -> Map<String, Value> {
    serde_json::from_str(&view.private_metadata).unwrap_or_default()
}

fn kept(view: &ViewState) -> BTreeMap<String, String> {
    let kept = carried(view).remove("kept").unwrap_or_default();
    serde_json::from_value(kept).unwrap_or_default()
}

fn does(view: &ViewState) -> Result<Action, Malformed> {
    let does = carried(view).remove("does").unwrap_or_default();
    serde_json::from_value(does).map_err(|_| Malformed::new("its form carries no command"))
}

fn value_of(action_id: &str, state: &Value, kept: &BTreeMap<String, String>) -> Option<Value> {
    let kind = action_id.split(':').next().unwrap_or_default();
    if matches!(kind, "flag" | "many" | "lookups") {
        let options = loose::items(state, "/selected_options").iter();
        let values = options.filter_map(|option| loose::text(option, "/value"));
        let values: Vec<String> = values.map(|value| whole(value, kept)).collect();
        return match (kind, values.is_empty()) {
            (_, true) => None,
            ("flag", false) => Some(Value::Bool(true)),
            (_, false) => Some(Value::from(values)),
        };
    }
    let chosen = loose::text(state, "/selected_option/value").map(|chosen| whole(chosen, kept));
    let typed = || {
        let typed = loose::text(state, "/value")?;
        Some(if kind == "long" { typed } else { typed.trim() }.to_owned())
    };
    let value = chosen.or_else(typed)?;
    (!value.trim().is_empty()).then_some(Value::String(value))
}
