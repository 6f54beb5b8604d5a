//! Buttons, menus and fields as a person reads them.

use serde_json::Value;

use super::{Names, mrkdwn};

const EMPTY: &str = "____";

/// An element that stands on its own: a button, a menu, a choice.
pub(super) fn element(element: &Value, held: &Value, names: &Names) -> String {
    let text = || mrkdwn::text(&element["text"], names);
    match element["type"].as_str().unwrap_or_default() {
        "button" | "workflow_button" | "icon_button" => format!("[{}]", text()),
        "feedback_buttons" => {
            let each = |key: &str| format!("[{}]", mrkdwn::text(&element[key]["text"], names));
            format!("{} {}", each("positive_button"), each("negative_button"))
        }
        "overflow" => "[…]".to_owned(),
        "image" => format!("(picture: {})", element["alt_text"].as_str().unwrap_or_default()),
        "checkboxes" | "radio_buttons" => choices(element, held),
        kind if kind.ends_with("_select") || kind.ends_with("picker") => {
            format!("[{} ▾]", shown_or_placeholder(element, held, names))
        }
        kind if kind.ends_with("_input") => value(element, held, names),
        unknown => format!("[??? unknown element {unknown}]"),
    }
}

/// What a field holds, as it shows beside its label.
pub(super) fn value(element: &Value, held: &Value, names: &Names) -> String {
    match element["type"].as_str().unwrap_or_default() {
        "checkboxes" | "radio_buttons" => choices(element, held),
        _ => shown(held_or_initial(element, held), names).unwrap_or_else(|| EMPTY.to_owned()),
    }
}

fn shown_or_placeholder(element: &Value, held: &Value, names: &Names) -> String {
    let shown = shown(held_or_initial(element, held), names);
    shown.unwrap_or_else(|| match element["placeholder"].as_object() {
        Some(_) => mrkdwn::text(&element["placeholder"], names),
        None => "…".to_owned(),
    })
}

/// The values of the state, or those an element starts with where there is no state.
fn held_or_initial<'a>(element: &'a Value, held: &'a Value) -> Vec<&'a Value> {
    let of = |value: &'a Value, picks: fn(&str) -> bool| {
        let map = value.as_object().into_iter().flatten();
        map.filter(move |(key, _)| picks(key)).map(|(_, it)| it)
    };
    if held.is_object() {
        of(held, |key| key != "type").collect()
    } else {
        of(element, |key| key.starts_with("initial_")).collect()
    }
}

fn shown(values: Vec<&Value>, names: &Names) -> Option<String> {
    let words: Vec<String> = values.into_iter().filter_map(|it| words(it, names)).collect();
    let words = words.join(", ");
    (!words.is_empty()).then_some(words)
}

fn words(value: &Value, names: &Names) -> Option<String> {
    match value {
        Value::String(text) => Some(names.get(text).unwrap_or(text).clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Array(list) => shown(list.iter().collect(), names),
        Value::Object(map) if map.contains_key("elements") => {
            Some(super::rich::lines(value, names).join(" "))
        }
        Value::Object(_) => Some(option_words(value).to_owned()),
        _ => None,
    }
}

/// The words of an option.
pub(super) fn option_words(option: &Value) -> &str {
    option["text"]["text"].as_str().unwrap_or_default()
}

fn choices(element: &Value, held: &Value) -> String {
    let picked = held_or_initial(element, held);
    let is_picked = |option: &Value| {
        picked.iter().any(|it| match it {
            Value::Array(list) => list.iter().any(|it| it["value"] == option["value"]),
            one => one.is_object() && one["value"] == option["value"],
        })
    };
    let (open, close) = if element["type"] == "checkboxes" { ("[", "]") } else { ("(", ")") };
    let options = element["options"].as_array().into_iter().flatten();
    let options = options.map(|it| {
        let mark = if is_picked(it) { "x" } else { " " };
        format!("{open}{mark}{close} {}", mrkdwn::unescaped(option_words(it)))
    });
    options.collect::<Vec<_>>().join(" ")
}
