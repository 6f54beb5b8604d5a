//! Message → Block Kit, within Slack's limits whatever is said.
//!
//! Lines are drawn as `rich_text`: its elements are text, link, person and date by type, and Slack
//! does not parse their text, so what a person wrote cannot act, by construction rather than by
//! escaping. Only facts, which are small and grey, need mrkdwn where they hold more than words.
//!
//! Size is measured as the JSON of all blocks: what Slack counts is not documented (messages were
//! refused from 11,341 and from 13,200 characters on), and the JSON is more than either reading.
//!
//! A coloured message is one attachment with blocks. Slack shows a top-level `text` *beside*
//! attachments, so there the words for notifications travel as the attachment's `fallback`.

mod buttons;
mod menu;
mod quiet;
pub(super) mod rich;
mod rows;
pub(super) mod text;

use serde_json::{Value, json};
use url::Url;

pub use buttons::fits_a_button;
pub(in crate::slack) use menu::chosen;

use crate::words::message::{Button, Line, Message, Tone};
use crate::words::names::{Channel, SlackUser};

/// How much room all blocks of a message take at most.
const ROOM: usize = 12_000;
/// What buttons may take of it.
const FOR_BUTTONS: usize = 5_500;
/// What facts may take of it.
const FOR_FACTS: usize = 2_500;
/// What is kept for telling what is missing.
const FOR_NOTE: usize = 500;
/// How long the words for notifications are at most.
const NOTIFICATION: usize = 3_000;
/// How long an address is at most.
const LONGEST_URL: usize = 2_000;

/// A message as Slack takes it.
#[derive(Debug, Clone, PartialEq)]
pub struct Drawn {
    /// What notifications and screen readers say.
    pub text: String,
    /// The blocks of a message without colour.
    pub blocks: Vec<Value>,
    /// The one attachment of a message with colour.
    pub attachments: Vec<Value>,
    /// Buttons that were left out because what they do does not fit in one; see [`fits_a_button`].
    pub left_out: Vec<Button>,
}

impl Drawn {
    /// The content of a message that is new.
    pub fn for_post(&self) -> Value {
        if self.attachments.is_empty() {
            json!({"text": self.text, "blocks": self.blocks})
        } else {
            json!({"attachments": self.attachments})
        }
    }

    /// The content of a message that takes the place of another: what is not named stays, so the
    /// empty parts are named too.
    pub fn for_update(&self) -> Value {
        let text = if self.attachments.is_empty() { self.text.as_str() } else { "" };
        json!({"text": text, "blocks": self.blocks, "attachments": self.attachments})
    }
}

/// Draws a message.
pub fn draw(message: &Message) -> Drawn {
    let (blocks, left_out) = lay(message);
    let text = notification(message);
    match colour(message.tone) {
        None => Drawn { text, blocks, attachments: Vec::new(), left_out },
        Some(colour) => Drawn {
            attachments: vec![json!({"color": colour, "fallback": text, "blocks": blocks})],
            text,
            blocks: Vec::new(),
            left_out,
        },
    }
}

/// The blocks of a message, wherever they are to stand.
pub(super) fn lay(message: &Message) -> (Vec<Value>, Vec<Button>) {
    let mut buttons = buttons::lay(&message.buttons, FOR_BUTTONS);
    let (menu, too_large) = menu::lay(&message.more);
    if let Some(menu) = menu {
        buttons.with(menu);
    }
    let facts = quiet::lay(&message.facts, FOR_FACTS);
    let taken = size(&json!(buttons.blocks)) + size(&json!(facts.blocks)) + FOR_NOTE;
    let lines = rich::lay(&message.lines, ROOM.saturating_sub(taken));
    let rows = rows::lay(&message.rows, ROOM.saturating_sub(taken + size(&json!(lines.blocks))));
    let left_out = [buttons.too_large, too_large, rows.too_large].concat();
    let missing = [
        (lines.hidden + rows.hidden + facts.hidden, "… and", "more line"),
        (buttons.hidden, "… and", "more button"),
        (left_out.len(), "Left out, as it carries too much:", "button"),
    ];
    let missing: Vec<String> = missing
        .into_iter()
        .filter(|(count, ..)| *count > 0)
        .map(|(count, before, what)| format!("{before} {count} {what}{}", if count == 1 { "" } else { "s" }))
        .collect();
    let mut blocks = lines.blocks;
    blocks.extend(rows.blocks);
    blocks.extend(quiet::note(&missing));
    blocks.extend(facts.blocks);
    blocks.extend(buttons.blocks);
    if blocks.is_empty() {
        blocks.extend(quiet::note(&["(nothing)".to_owned()]));
    }
    (blocks, left_out)
}

fn notification(message: &Message) -> String {
    let facts = || message.facts.iter().map(Line::plain).collect::<Vec<_>>().join(" · ");
    let said = [message.plain(), facts()]
        .into_iter()
        .find(|said| !said.trim().is_empty())
        .unwrap_or_else(|| "(nothing)".to_owned());
    text::escape(&text::disarm(&text::clip(&text::tidy(&said), NOTIFICATION)))
}

fn colour(tone: Tone) -> Option<&'static str> {
    match tone {
        Tone::Plain => None,
        Tone::Open => Some("#1D9BD1"),
        Tone::Good => Some("#2EB67D"),
        Tone::Done => Some("#7B4FBF"),
        Tone::Warning => Some("#ECB22E"),
        Tone::Bad => Some("#E01E5A"),
    }
}

/// How much room a piece of JSON takes; never less than Slack may count.
fn size(value: &Value) -> usize {
    let json = value.to_string();
    let escaped: usize = json
        .bytes()
        .map(|byte| match byte {
            b'&' => 4,
            b'<' | b'>' => 3,
            _ => 0,
        })
        .sum();
    json.encode_utf16().count() + escaped
}

/// An address that may be led to: of the web, naming its host and nobody else.
fn safe_url(url: &str) -> Option<String> {
    let url = Url::parse(url).ok()?;
    let web = matches!(url.scheme(), "http" | "https") && url.host_str().is_some();
    let plain = url.username().is_empty() && url.password().is_none();
    let url = String::from(url);
    (web && plain && url.len() <= LONGEST_URL).then_some(url)
}

/// The id to mention somebody by, if it is one.
fn mention_of(person: &SlackUser) -> Option<&str> {
    let id = person.id.as_str();
    let plain = (2..=64).contains(&id.len())
        && id.starts_with(['U', 'W'])
        && id.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
    plain.then_some(id)
}

/// A channel's id, if it is one of Slack's.
fn channel_of(channel: &Channel) -> Option<&str> {
    let id = channel.id.as_str();
    let plain = (2..=64).contains(&id.len())
        && id.starts_with(['C', 'G'])
        && id.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
    plain.then_some(id)
}

/// A moment as Slack shows it, in each reader's own time zone.
struct Date {
    seconds: i64,
    format: &'static str,
}

fn date_of(millis: i64) -> Option<Date> {
    let seconds = millis.div_euclid(1000);
    // Four digits for the year, and nothing before 1970, of which Slack knows nothing.
    let known = (1..=253_402_300_799).contains(&seconds);
    known.then_some(Date { seconds, format: "{date_short_pretty} {time}" })
}

#[cfg(test)]
pub(super) mod tests;
