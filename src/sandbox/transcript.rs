//! The words a person would read: messages and forms as plain text, `[Approve]` for a button.

use std::collections::BTreeMap;

use serde_json::Value;

use super::slack::{Form, Message};

mod mrkdwn;
mod parts;
mod rich;

use parts::element;

/// Ids of people and channels to their names.
pub type Names = BTreeMap<String, String>;

const DIVIDER: &str = "———";

/// A message as a person reads it.
pub fn message(message: &Message, names: &Names) -> String {
    let mut lines = Vec::new();
    if message.blocks.is_empty() && !message.text.is_empty() {
        lines.push(mrkdwn::plain(&message.text, names));
    }
    lines.extend(blocks(&message.blocks, &Filled::nothing(names)));
    for attachment in &message.attachments {
        lines.extend(attached(attachment, names));
    }
    lines.join("\n")
}

/// A modal or a home tab as a person reads it.
pub fn form(form: &Form, names: &Names) -> String {
    let filled = Filled { names, values: form.values(), errors: &form.errors };
    let mut lines = Vec::new();
    if !form.title().is_empty() {
        lines.push(mrkdwn::unescaped(form.title()));
    }
    lines.extend(blocks(form.blocks(), &filled));
    if let Some(error) = form.errors.get("") {
        lines.push(format!("! {error}"));
    }
    if let Some(submit) = form.body["submit"]["text"].as_str() {
        lines.push(format!("[{}]", mrkdwn::unescaped(submit)));
    }
    lines.join("\n")
}

/// What the fields hold, and what is wrong with them.
struct Filled<'a> {
    names: &'a Names,
    values: Value,
    errors: &'a BTreeMap<String, String>,
}

static NO_ERRORS: BTreeMap<String, String> = BTreeMap::new();

impl<'a> Filled<'a> {
    fn nothing(names: &'a Names) -> Self {
        Self { names, values: Value::Null, errors: &NO_ERRORS }
    }

    /// What the element of a block holds.
    fn held(&self, block: &Value, element: &Value) -> &Value {
        let id = |it: &Value, key: &str| it[key].as_str().unwrap_or_default().to_owned();
        &self.values[id(block, "block_id")][id(element, "action_id")]
    }
}

fn blocks(blocks: &[Value], filled: &Filled<'_>) -> Vec<String> {
    blocks.iter().flat_map(|it| block(it, filled)).collect()
}

fn block(block: &Value, filled: &Filled<'_>) -> Vec<String> {
    let names = filled.names;
    match block["type"].as_str().unwrap_or_default() {
        "header" | "alert" => vec![mrkdwn::text(&block["text"], names)],
        "section" => section(block, filled),
        "context" => vec![spaced(&block["elements"], |it| context(it, names))],
        "divider" => vec![DIVIDER.to_owned()],
        "actions" | "context_actions" => {
            let each = |it: &Value| element(it, filled.held(block, it), names);
            vec![spaced(&block["elements"], each)]
        }
        "image" => image(block, names),
        "input" => input(block, filled),
        "markdown" => vec![block["text"].as_str().unwrap_or_default().to_owned()],
        "rich_text" => rich::lines(block, names),
        "table" | "data_table" => rich::table(block, names),
        "video" => vec![format!("(video: {})", mrkdwn::text(&block["title"], names))],
        "card" => card(block, filled),
        "carousel" => {
            let cards = block["elements"].as_array().into_iter().flatten();
            cards.flat_map(|it| card(it, filled)).collect()
        }
        unknown => vec![format!("??? unknown block {unknown}")],
    }
}

fn spaced(list: &Value, each: impl Fn(&Value) -> String) -> String {
    let list = list.as_array().into_iter().flatten();
    list.map(each).collect::<Vec<_>>().join(" ")
}

fn section(block: &Value, filled: &Filled<'_>) -> Vec<String> {
    let names = filled.names;
    let mut lines = Vec::new();
    if block["text"].is_object() {
        lines.push(mrkdwn::text(&block["text"], names));
    }
    let fields = block["fields"].as_array().map_or(&[][..], Vec::as_slice);
    for pair in fields.chunks(2) {
        let pair: Vec<String> = pair.iter().map(|it| mrkdwn::text(it, names).replace('\n', " ")).collect();
        lines.push(pair.join(" · "));
    }
    let beside = &block["accessory"];
    if beside.is_object() {
        let shown = element(beside, filled.held(block, beside), names);
        match lines.last_mut() {
            Some(last) if !last.contains('\n') => *last = format!("{last} {shown}"),
            _ => lines.push(shown),
        }
    }
    lines
}

fn context(part: &Value, names: &Names) -> String {
    if part["type"] == "image" { picture(part) } else { mrkdwn::text(part, names) }
}

fn picture(part: &Value) -> String {
    format!("(picture: {})", part["alt_text"].as_str().unwrap_or_default())
}

fn image(block: &Value, names: &Names) -> Vec<String> {
    let title = block["title"].is_object().then(|| mrkdwn::text(&block["title"], names));
    title.into_iter().chain([picture(block)]).collect()
}

fn input(block: &Value, filled: &Filled<'_>) -> Vec<String> {
    let label = mrkdwn::text(&block["label"], filled.names);
    let optional = if block["optional"] == true { " (optional)" } else { "" };
    let inner = &block["element"];
    let held = parts::value(inner, filled.held(block, inner), filled.names);
    let mut lines = vec![format!("{label}{optional}: {held}")];
    if block["hint"].is_object() {
        lines.push(format!("({})", mrkdwn::text(&block["hint"], filled.names)));
    }
    let id = block["block_id"].as_str().unwrap_or_default();
    if let Some(error) = filled.errors.get(id).filter(|_| !id.is_empty()) {
        lines.push(format!("! {error}"));
    }
    lines
}

fn card(card: &Value, filled: &Filled<'_>) -> Vec<String> {
    let texts = ["title", "subtitle", "body", "subtext"].into_iter();
    let texts = texts.filter(|key| card[*key].is_object());
    let mut lines: Vec<String> = texts.map(|key| mrkdwn::text(&card[key], filled.names)).collect();
    if card["hero_image"].is_object() {
        lines.push(picture(&card["hero_image"]));
    }
    if card["actions"].is_array() {
        lines.push(spaced(&card["actions"], |it| element(it, &Value::Null, filled.names)));
    }
    lines
}

fn attached(attachment: &Value, names: &Names) -> Vec<String> {
    let mut lines = Vec::new();
    let text = |key: &str| attachment[key].as_str().map(|it| mrkdwn::plain(it, names));
    if let Some(inner) = attachment["blocks"].as_array() {
        lines.extend(text("pretext"));
        lines.extend(blocks(inner, &Filled::nothing(names)));
        return lines;
    }
    for key in ["pretext", "author_name", "title", "text"] {
        lines.extend(text(key));
    }
    let fields = attachment["fields"].as_array().into_iter().flatten();
    lines.extend(fields.map(|it| {
        let value = it["value"].as_str().unwrap_or_default();
        let title = it["title"].as_str().unwrap_or_default();
        format!("{title} {}", mrkdwn::plain(value, names)).trim_start().to_owned()
    }));
    lines.extend(text("footer"));
    if lines.is_empty() {
        lines.extend(text("fallback"));
    }
    lines
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::slack::{Form, Message};
    use super::{Names, form, message};

    fn names() -> Names {
        [("U1", "ada"), ("C1", "web")].map(|(id, name)| (id.to_owned(), name.to_owned())).into()
    }

    fn plain(text: &str) -> serde_json::Value {
        json!({"type": "plain_text", "text": text})
    }

    #[test]
    fn a_card_reads_from_top_to_bottom() {
        let card = Message {
            text: "the text of the notification".into(),
            blocks: vec![
                json!({"type": "header", "text": plain("Pull request")}),
                json!({"type": "section", "text": {"type": "mrkdwn", "text": "*<https://x/1|web/api#1>* by <@U1> in <#C1>"},
                    "accessory": {"type": "overflow", "options": []}}),
                json!({"type": "section", "fields": [plain("a\nb"), plain("c"), plain("d")]}),
                json!({"type": "divider"}),
                json!({"type": "context", "elements": [
                    {"type": "image", "image_url": "https://x", "alt_text": "green"},
                    {"type": "mrkdwn", "text": "_2 &lt; 3_"},
                ]}),
                json!({"type": "actions", "elements": [
                    {"type": "button", "text": plain("Approve")},
                    {"type": "static_select", "placeholder": plain("More…"), "options": []},
                ]}),
                json!({"type": "mystery"}),
            ],
            attachments: vec![json!({"color": "#36a64f", "blocks": [
                {"type": "section", "text": {"type": "mrkdwn", "text": "inside `a*b*`"}},
            ]})],
            ..Message::default()
        };
        let expected = "Pull request\nweb/api#1 by @ada in #web […]\na b · c\nd\n———\n(picture: green) 2 < 3\n\
            [Approve] [More… ▾]\n??? unknown block mystery\ninside `a*b*`";
        assert_eq!(message(&card, &names()), expected);
    }

    #[test]
    fn a_form_shows_fields_values_and_errors() {
        let field = |id: &str, label: &str, element: serde_json::Value| json!({"type": "input", "block_id": id, "label": plain(label), "element": element});
        let input = json!({"type": "plain_text_input", "action_id": "a"});
        let mut open = Form {
            body: json!({"type": "modal", "title": plain("Comment"), "submit": plain("Send"), "blocks": [
                field("b1", "Words", input.clone()),
                field("b2", "Why", json!({"type": "plain_text_input", "action_id": "a", "initial_value": "because"})),
                field("b3", "How", json!({"type": "checkboxes", "action_id": "a", "options": [
                    {"text": plain("Fast"), "value": "f"}, {"text": plain("Well"), "value": "w"},
                ], "initial_options": [{"text": plain("Well"), "value": "w"}]})),
            ]}),
            ..Form::default()
        };
        open.errors.insert("b1".into(), "say something".into());
        let expected = "Comment\nWords: ____\n! say something\nWhy: because\nHow: [ ] Fast [x] Well\n[Send]";
        assert_eq!(form(&open, &names()), expected);
    }

    #[test]
    fn text_alone_is_read_and_attachments_follow_it() {
        let said = Message {
            text: "hello <!channel>".into(),
            attachments: vec![json!({"title": "T", "fields": [{"title": "a", "value": "*b*"}]})],
            ..Message::default()
        };
        assert_eq!(message(&said, &names()), "hello @channel\nT\na b");
    }
}
