//! What is asked, before anyone decides how it looks: a form, its fields, what there is to choose.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::message::{Action, Line, is_false};

/// A form to fill in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Form {
    /// What it is for, in at most 24 characters.
    pub title: String,
    /// What is on the button that sends it.
    pub submit: String,
    /// Words above the fields.
    pub intro: Vec<Line>,
    /// What is asked.
    pub fields: Vec<Field>,
    /// The command it becomes; the fields' values join what stands here already.
    pub does: Action,
}

/// One thing a form asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Field {
    /// The command's field that the answer goes into.
    pub name: String,
    /// What is shown above it.
    pub label: String,
    /// How it is answered.
    pub kind: FieldKind,
    /// What stands in it already.
    pub value: Option<String>,
    /// What stands in it already, where there may be several.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<String>,
    /// What a value that was looked up is shown as, where it is not shown as it is.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub labels: BTreeMap<String, String>,
    /// A hint below it.
    pub hint: Option<String>,
    /// Whether it may stay empty.
    pub optional: bool,
    /// Whether the form is filled anew when it changes.
    #[serde(default, skip_serializing_if = "is_false")]
    pub refills: bool,
}

/// What a ticked box holds.
pub const TICKED: &str = "yes";

/// How a field is answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FieldKind {
    /// One line of text.
    Text,
    /// Several lines of text.
    LongText,
    /// Something that must not be stored as typed.
    Secret,
    /// One of these.
    Choice(Vec<Choice>),
    /// Yes, when ticked.
    Flag,
    /// Some of these.
    Many(Vec<Choice>),
    /// One of many, looked up while typing; names what is looked up (`repository`, `branch` …).
    Lookup(String),
    /// Some of many, looked up while typing.
    LookupMany(String),
}

/// One thing to choose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// What is shown.
    pub text: String,
    /// What is meant.
    pub value: String,
}

impl Choice {
    /// A choice whose value is what is shown.
    pub fn plain(text: impl Into<String>) -> Self {
        let text = text.into();
        Self { value: text.clone(), text }
    }
}

impl Field {
    /// A field that has to be answered.
    pub fn new(name: &str, label: &str, kind: FieldKind) -> Self {
        let (name, label) = (name.to_owned(), label.to_owned());
        // A box may always be left unticked.
        let optional = kind == FieldKind::Flag;
        let (values, labels) = (Vec::new(), BTreeMap::new());
        Self { name, label, kind, value: None, values, labels, hint: None, optional, refills: false }
    }

    /// Fills in several beforehand.
    #[must_use]
    pub fn holding<T: ToString>(mut self, values: impl IntoIterator<Item = T>) -> Self {
        self.values = values.into_iter().map(|value| value.to_string()).collect();
        self
    }

    /// Ticks its box beforehand, or not.
    #[must_use]
    pub fn ticked(mut self, ticked: bool) -> Self {
        self.value = ticked.then(|| TICKED.to_owned());
        self
    }

    /// Has the form filled anew when it changes.
    #[must_use]
    pub fn refills(mut self) -> Self {
        self.refills = true;
        self
    }

    /// Fills it in beforehand.
    #[must_use]
    pub fn filled(mut self, value: Option<impl ToString>) -> Self {
        self.value = value.map(|value| value.to_string());
        self
    }

    /// Shows a value as people write it.
    #[must_use]
    pub fn labelled(mut self, value: &impl ToString, text: impl Into<String>) -> Self {
        self.labels.insert(value.to_string(), text.into());
        self
    }

    /// Adds a hint below it.
    #[must_use]
    pub fn hint(mut self, hint: &str) -> Self {
        self.hint = Some(hint.to_owned());
        self
    }

    /// Lets it stay empty.
    #[must_use]
    pub fn optional(mut self) -> Self {
        self.optional = true;
        self
    }
}
