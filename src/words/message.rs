//! What is said, before anyone decides how it looks: messages, buttons and forms.
//!
//! A line is made of spans, so that a pull request called `<!channel>` is inert by construction: only
//! `slack/blocks.rs` turns spans into markup, and it escapes every one.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Advice;
use super::names::{Channel, SlackUser};

pub use super::form::{Choice, Field, FieldKind, Form, TICKED};

/// Something said to people.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Message {
    /// What it says, line by line.
    pub lines: Vec<Line>,
    /// What it lists, each with what can be done about it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rows: Vec<Row>,
    /// Short facts under it, in one quiet row each.
    pub facts: Vec<Line>,
    /// What its colour says.
    pub tone: Tone,
    /// What can be done about it.
    pub buttons: Vec<Button>,
    /// What can be done about it besides, in one menu.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub more: Vec<Button>,
    /// Who may see it.
    pub audience: Audience,
    /// Whether it takes the place of the message whose button was pressed, where only its reader sees that.
    #[serde(default, skip_serializing_if = "is_false")]
    pub in_place: bool,
}

/// One line of a listing, with what can be done about it at its end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// What it says.
    pub line: Line,
    /// What can be done about it.
    pub button: Option<Button>,
    /// What can be done instead, where one is to choose.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub other: Option<Button>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands it over by reference")]
pub(super) fn is_false(flag: &bool) -> bool {
    !flag
}

/// What the colour of a message says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Tone {
    /// No colour at all.
    #[default]
    Plain,
    /// Under way: an open pull request.
    Open,
    /// It went well: approved.
    Good,
    /// Done: merged.
    Done,
    /// It needs somebody.
    Warning,
    /// It went wrong, or was declined.
    Bad,
}

/// Who may see an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Audience {
    /// Only the one who asked.
    #[default]
    Asker,
    /// Everybody in the channel.
    Channel,
}

impl Message {
    /// A message of one line.
    pub fn line(line: impl Into<Line>) -> Self {
        Self { lines: vec![line.into()], ..Self::default() }
    }

    /// Adds a line.
    #[must_use]
    pub fn and(mut self, line: impl Into<Line>) -> Self {
        self.lines.push(line.into());
        self
    }

    /// Adds a line to what it lists.
    #[must_use]
    pub fn row(mut self, line: impl Into<Line>, button: Option<Button>) -> Self {
        self.rows.push(Row { line: line.into(), button, other: None });
        self
    }

    /// Adds a line of which one of two things is to be done.
    #[must_use]
    pub fn choice(mut self, line: impl Into<Line>, [this, that]: [Button; 2]) -> Self {
        self.rows.push(Row { line: line.into(), button: Some(this), other: Some(that) });
        self
    }

    /// Adds a fact.
    #[must_use]
    pub fn fact(mut self, line: impl Into<Line>) -> Self {
        self.facts.push(line.into());
        self
    }

    /// Gives it a colour.
    #[must_use]
    pub fn tone(mut self, tone: Tone) -> Self {
        self.tone = tone;
        self
    }

    /// Adds a button.
    #[must_use]
    pub fn button(mut self, button: Button) -> Self {
        self.buttons.push(button);
        self
    }

    /// Adds something to its menu. A menu asks nothing before it acts: what destroys opens a form.
    #[must_use]
    pub fn more(mut self, button: Button) -> Self {
        self.more.push(button);
        self
    }

    /// Lets it take the place of the message whose button was pressed.
    #[must_use]
    pub fn in_place(mut self) -> Self {
        self.in_place = true;
        self
    }

    /// Lets the whole channel see it.
    #[must_use]
    pub fn to_channel(mut self) -> Self {
        self.audience = Audience::Channel;
        self
    }

    /// What it says as plain text, for notifications and screen readers.
    pub fn plain(&self) -> String {
        let rows = self.rows.iter().map(|row| &row.line);
        self.lines.iter().chain(rows).map(Line::plain).collect::<Vec<_>>().join("\n")
    }
}

/// One line of spans.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Line(pub Vec<Span>);

/// A stretch of a line that looks one way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Span {
    /// Plain text.
    Text(String),
    /// Text that stands out.
    Bold(String),
    /// Something to type, or a name in code.
    Code(String),
    /// Several lines kept as they are, in a fixed width.
    Block(String),
    /// Text that leads somewhere.
    Link {
        /// What is shown.
        text: String,
        /// Where it leads.
        url: String,
    },
    /// A Slack person, shown as a mention.
    Person(SlackUser),
    /// A channel, shown by its name to those who may see it.
    Channel(Channel),
    /// A moment, shown in each reader's own time zone; epoch milliseconds.
    Moment(i64),
}

impl Line {
    /// An empty line to add to.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds plain text.
    #[must_use]
    pub fn text(self, text: impl Into<String>) -> Self {
        self.span(Span::Text(text.into()))
    }

    /// Adds text that stands out.
    #[must_use]
    pub fn bold(self, text: impl Into<String>) -> Self {
        self.span(Span::Bold(text.into()))
    }

    /// Adds something to type.
    #[must_use]
    pub fn code(self, text: impl Into<String>) -> Self {
        self.span(Span::Code(text.into()))
    }

    /// Adds a link.
    #[must_use]
    pub fn link(self, text: impl Into<String>, url: impl Into<String>) -> Self {
        self.span(Span::Link { text: text.into(), url: url.into() })
    }

    /// Adds a Slack person.
    #[must_use]
    pub fn person(self, person: SlackUser) -> Self {
        self.span(Span::Person(person))
    }

    /// Adds a moment.
    #[must_use]
    pub fn moment(self, millis: i64) -> Self {
        self.span(Span::Moment(millis))
    }

    /// Adds another line at its end.
    #[must_use]
    pub fn join(mut self, other: Self) -> Self {
        self.0.extend(other.0);
        self
    }

    /// Adds a span.
    #[must_use]
    pub fn span(mut self, span: Span) -> Self {
        self.0.push(span);
        self
    }

    /// The line without its looks.
    pub fn plain(&self) -> String {
        self.0.iter().map(Span::plain).collect()
    }
}

impl Span {
    fn plain(&self) -> String {
        match self {
            Self::Text(text)
            | Self::Bold(text)
            | Self::Code(text)
            | Self::Block(text)
            | Self::Link { text, .. } => text.clone(),
            Self::Person(_) => "someone".to_owned(),
            Self::Channel(_) => "a channel".to_owned(),
            Self::Moment(millis) => chrono::DateTime::from_timestamp_millis(*millis)
                .map(|at| at.format("%Y-%m-%d %H:%M UTC").to_string())
                .unwrap_or_default(),
        }
    }
}

/// Prose, in which a pair of backticks sets code: so that a sentence can be written as one.
impl From<&str> for Line {
    fn from(prose: &str) -> Self {
        let spans = prose.split('`').enumerate().filter(|(_, part)| !part.is_empty()).map(|(at, part)| {
            if at % 2 == 0 { Span::Text(part.to_owned()) } else { Span::Code(part.to_owned()) }
        });
        Self(spans.collect())
    }
}

impl From<String> for Line {
    fn from(prose: String) -> Self {
        Self::from(prose.as_str())
    }
}

/// A button: a command in waiting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Button {
    /// What is on it.
    pub label: String,
    /// What it does.
    pub does: Action,
    /// What is asked before it does so.
    pub confirm: Option<Confirm>,
    /// Whether it is the one most people want.
    pub main: bool,
}

impl Button {
    /// A plain button.
    pub fn new(label: impl Into<String>, does: Action) -> Self {
        Self { label: label.into(), does, confirm: None, main: false }
    }

    /// Makes it the one most people want.
    #[must_use]
    pub fn main(mut self) -> Self {
        self.main = true;
        self
    }

    /// Asks before it acts.
    #[must_use]
    pub fn confirm(mut self, question: impl Into<String>, yes: impl Into<String>) -> Self {
        self.confirm = Some(Confirm { question: question.into(), yes: yes.into() });
        self
    }
}

/// A question before something that is hard to take back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confirm {
    /// The question.
    pub question: String,
    /// What is on the button that goes ahead.
    pub yes: String,
}

/// A command by its name and fields, so that floor 0 and the views need not know commands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Action {
    /// The command's name: `pr.approve`.
    #[serde(rename = "do")]
    pub name: String,
    /// Its fields, as the command's struct serialises.
    #[serde(flatten)]
    pub fields: BTreeMap<String, Value>,
}

impl Action {
    /// A command without fields.
    pub fn named(name: impl Into<String>) -> Self {
        Self { name: name.into(), fields: BTreeMap::new() }
    }

    /// Adds a field.
    #[must_use]
    pub fn with(mut self, field: &str, value: impl Into<Value>) -> Self {
        self.fields.insert(field.to_owned(), value.into());
        self
    }

    /// A command from its struct.
    pub fn of(name: &str, fields: &impl Serialize) -> Self {
        let fields = match serde_json::to_value(fields) {
            Ok(Value::Object(map)) => map.into_iter().filter(|(_, value)| !value.is_null()).collect(),
            _ => BTreeMap::new(),
        };
        Self { name: name.to_owned(), fields }
    }

    /// The command's struct from the fields, or advice that says which one does not read.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, Advice> {
        let object = Value::Object(self.fields.clone().into_iter().collect());
        serde_json::from_value(object).map_err(|error| Advice(error.to_string()))
    }
}
