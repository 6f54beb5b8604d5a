//! What can be pressed, chosen or filled in among blocks: found by the words a person sees.

use serde_json::{Map, Value, json};

use super::form::Typed;

/// How an element keeps its value: type, key in the state, key of its initial value, many or one.
const STATEFUL: &[(&str, &str, &str, bool)] = &[
    ("plain_text_input", "value", "initial_value", false),
    ("email_text_input", "value", "initial_value", false),
    ("url_text_input", "value", "initial_value", false),
    ("number_input", "value", "initial_value", false),
    ("rich_text_input", "rich_text_value", "initial_value", false),
    ("static_select", "selected_option", "initial_option", false),
    ("external_select", "selected_option", "initial_option", false),
    ("radio_buttons", "selected_option", "initial_option", false),
    ("multi_static_select", "selected_options", "initial_options", true),
    ("multi_external_select", "selected_options", "initial_options", true),
    ("checkboxes", "selected_options", "initial_options", true),
    ("users_select", "selected_user", "initial_user", false),
    ("multi_users_select", "selected_users", "initial_users", true),
    ("channels_select", "selected_channel", "initial_channel", false),
    ("multi_channels_select", "selected_channels", "initial_channels", true),
    ("conversations_select", "selected_conversation", "initial_conversation", false),
    ("multi_conversations_select", "selected_conversations", "initial_conversations", true),
    ("datepicker", "selected_date", "initial_date", false),
    ("timepicker", "selected_time", "initial_time", false),
    ("datetimepicker", "selected_date_time", "initial_date_time", false),
    ("file_input", "files", "initial_files", true),
];

/// One control among blocks.
#[derive(Clone, Debug)]
pub struct Control {
    /// What a person reads on it or beside it.
    pub label: String,
    /// Another name it answers to: its placeholder.
    pub placeholder: String,
    pub block: Value,
    pub element: Value,
}

impl Control {
    /// Its Block Kit type.
    pub fn kind(&self) -> &str {
        self.element["type"].as_str().unwrap_or_default()
    }

    pub fn block_id(&self) -> &str {
        self.block["block_id"].as_str().unwrap_or_default()
    }

    pub fn action_id(&self) -> &str {
        self.element["action_id"].as_str().unwrap_or_default()
    }

    /// A field of a form, as against a control that acts at once.
    pub fn is_input(&self) -> bool {
        self.block["type"] == "input"
    }

    /// Whether using it tells the bot at once.
    pub fn dispatches(&self) -> bool {
        !self.is_input() || self.block["dispatch_action"] == true
    }

    pub fn is_named(&self, name: &str) -> bool {
        self.label == name || self.placeholder == name
    }

    /// The options it offers, those in groups too.
    pub fn options(&self) -> Vec<Value> {
        let groups = self.element["option_groups"].as_array().into_iter().flatten();
        let lists = groups.map(|group| &group["options"]);
        let lists = std::iter::once(&self.element["options"]).chain(lists);
        lists.filter_map(Value::as_array).flatten().cloned().collect()
    }

    /// The option reading `text`.
    pub fn option(&self, text: &str) -> Option<Value> {
        self.options().into_iter().find(|it| option_text(it) == text)
    }
}

/// The words of an option.
pub fn option_text(option: &Value) -> &str {
    option["text"]["text"].as_str().unwrap_or_default()
}

/// Every control among the blocks, in reading order.
pub fn controls(blocks: &[Value]) -> Vec<Control> {
    blocks.iter().flat_map(of_block).collect()
}

fn of_block(block: &Value) -> Vec<Control> {
    let beside = match block["type"].as_str() {
        Some("input") => block["label"]["text"].as_str(),
        Some("section") => block["text"]["text"].as_str(),
        _ => None,
    };
    let many = block["elements"].as_array().into_iter().flatten();
    let cards = block["actions"].as_array().into_iter().flatten();
    let singles = [&block["element"], &block["accessory"]];
    let elements = singles.into_iter().chain(many).chain(cards);
    let live = elements.filter(|it| it["action_id"].is_string());
    live.map(|element| {
        let placeholder = element["placeholder"]["text"].as_str().unwrap_or_default();
        let own = element["text"]["text"].as_str();
        Control {
            label: own.or(beside).unwrap_or(placeholder).to_owned(),
            placeholder: placeholder.to_owned(),
            block: block.clone(),
            element: element.clone(),
        }
    })
    .collect()
}

/// The keys under which an element of this type keeps its value and finds its first one.
pub fn keeps(kind: &str) -> Option<(&'static str, &'static str, bool)> {
    let row = STATEFUL.iter().find(|row| row.0 == kind)?;
    Some((row.1, row.2, row.3))
}

/// `state.values` of the blocks: what was typed, else what the element starts with.
pub fn state(blocks: &[Value], typed: &Typed) -> Value {
    let mut values = Map::new();
    for control in controls(blocks) {
        let Some((key, initial, many)) = keeps(control.kind()) else {
            continue;
        };
        let held = typed.get(control.block_id()).and_then(|actions| actions.get(control.action_id()));
        let value = held.cloned().unwrap_or_else(|| {
            let nothing = if many { json!([]) } else { Value::Null };
            let first = control.element.get(initial).cloned().unwrap_or(nothing);
            json!({"type": control.kind(), key: first})
        });
        let block = values.entry(control.block_id().to_owned()).or_insert_with(|| json!({}));
        if let Some(actions) = block.as_object_mut() {
            actions.insert(control.action_id().to_owned(), value);
        }
    }
    Value::Object(values)
}

/// Whether a field holds nothing.
pub fn is_empty(value: &Value) -> bool {
    let held = value.as_object().into_iter().flatten();
    held.filter(|(key, _)| *key != "type").all(|(_, it)| match it {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(list) => list.is_empty(),
        _ => false,
    })
}
