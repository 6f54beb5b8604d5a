//! A view as it comes back: which one, what it carried, what was typed.

use serde_json::Value;

use super::{Malformed, loose, owned};

/// A view somebody has open, with what stands in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ViewState {
    /// Its id.
    pub id: String,
    /// Its state, to be named when it is changed.
    pub hash: Option<String>,
    /// The word we gave it.
    pub callback_id: String,
    /// Its title.
    pub title: String,
    /// What is on the button that sends it.
    pub submit: String,
    /// What we made it carry.
    pub private_metadata: String,
    /// What it shows.
    pub blocks: Vec<Value>,
    /// Whether it is the home tab, as against a modal.
    pub home: bool,
    /// What was typed and chosen: block id, then action id, then a value.
    pub values: Value,
}

impl ViewState {
    /// A view that was opened a moment ago, of which no more is needed than to draw another in its place.
    pub fn shown(id: String, title: &str) -> Self {
        Self {
            id,
            hash: None,
            callback_id: String::new(),
            title: title.to_owned(),
            submit: String::new(),
            private_metadata: String::new(),
            blocks: Vec::new(),
            home: false,
            values: Value::Null,
        }
    }

    pub(super) fn of(payload: &Value) -> Result<Option<Self>, Malformed> {
        let Some(view) = payload.get("view").filter(|view| view.is_object()) else {
            return Ok(None);
        };
        let text = |pointer: &str| owned(view, pointer).unwrap_or_default();
        Ok(Some(Self {
            id: owned(view, "/id").ok_or_else(|| Malformed::new("its view has no id"))?,
            hash: owned(view, "/hash"),
            callback_id: text("/callback_id"),
            title: text("/title/text"),
            submit: text("/submit/text"),
            private_metadata: text("/private_metadata"),
            home: text("/type") == "home",
            blocks: loose::items(view, "/blocks").to_vec(),
            values: view.pointer("/state/values").cloned().unwrap_or(Value::Null),
        }))
    }
}
