//! Buttons → `actions` blocks. What a button does travels in it, within 2,000 characters.

use serde_json::{Value, json};

use super::size;
use super::text::plain;
use crate::words::message::{Action, Button, Confirm};

/// How many buttons a block holds.
const PER_BLOCK: usize = 25;
/// How many blocks there are at most.
const MOST_BLOCKS: usize = 4;
/// How much a button can carry.
const VALUE: usize = 2000;
/// What a block costs besides its buttons.
const FRAME: usize = 40;

/// What became of the buttons.
pub(super) struct Laid {
    pub(super) blocks: Vec<Value>,
    /// How many buttons found no room.
    pub(super) hidden: usize,
    /// The buttons that carry more than a button can.
    pub(super) too_large: Vec<Button>,
}

impl Laid {
    /// Puts a menu at the end of the last row of buttons.
    pub(super) fn with(&mut self, menu: Value) {
        let last = self.blocks.last_mut().and_then(|block| block["elements"].as_array_mut());
        match last.filter(|row| row.len() < PER_BLOCK) {
            Some(row) => row.push(menu),
            None => self.blocks.push(json!({"type": "actions", "elements": [menu]})),
        }
    }
}

/// Whether a button can carry what it does; otherwise it has to be stored, and a short action named
/// in its place.
pub fn fits_a_button(action: &Action) -> bool {
    value_of(action).is_some()
}

/// One button, to stand wherever it belongs; none if it carries more than a button can.
pub(super) fn one(at: usize, button: &Button) -> Option<Value> {
    element(&format!("act:{at}"), button)
}

/// Lays buttons out in blocks that take at most so much room.
pub(super) fn lay(buttons: &[Button], room: usize) -> Laid {
    let (fitting, too_large): (Vec<_>, Vec<_>) =
        buttons.iter().enumerate().partition(|(_, button)| fits_a_button(&button.does));
    let mut left = room.saturating_sub(FRAME * MOST_BLOCKS);
    let fits = |element: &Value| {
        let cost = size(element) + 1;
        let fits = cost <= left;
        left = left.saturating_sub(cost);
        fits
    };
    let most = fitting.iter().take(PER_BLOCK * MOST_BLOCKS);
    let elements: Vec<Value> = most.filter_map(|(at, button)| one(*at, button)).take_while(fits).collect();
    Laid {
        hidden: fitting.len() - elements.len(),
        blocks: elements
            .chunks(PER_BLOCK)
            .map(|chunk| json!({"type": "actions", "elements": chunk}))
            .collect(),
        too_large: too_large.into_iter().map(|(_, button)| button.clone()).collect(),
    }
}

fn value_of(action: &Action) -> Option<String> {
    let value = serde_json::to_string(action).ok()?;
    (value.encode_utf16().count() <= VALUE).then_some(value)
}

fn element(action_id: &str, button: &Button) -> Option<Value> {
    let mut element = json!({
        "type": "button",
        "action_id": action_id,
        "text": plain(&button.label, 75),
        "value": value_of(&button.does)?,
    });
    if button.main {
        element["style"] = json!("primary");
    }
    if let Some(confirm) = &button.confirm {
        element["confirm"] = question(&button.label, confirm);
    }
    Some(element)
}

fn question(label: &str, confirm: &Confirm) -> Value {
    json!({
        "title": plain(label, 100),
        "text": plain(&confirm.question, 300),
        "confirm": plain(&confirm.yes, 30),
        "deny": plain("Cancel", 30),
    })
}
