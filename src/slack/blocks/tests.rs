//! Whatever is said stays within Slack's limits, and what people wrote cannot act.

use proptest::prelude::*;
use slack_morphism::blocks::SlackBlock;

use super::*;
use crate::words::message::{Action, Row, Span};
use crate::words::names::{Channel, Team};

/// Fails where blocks break one of Slack's limits.
pub(crate) fn assert_within_limits(blocks: &[Value], most_blocks: usize) {
    assert!((1..=most_blocks).contains(&blocks.len()), "{} blocks", blocks.len());
    for block in blocks {
        let elements = block["elements"].as_array().map_or(0, Vec::len);
        match block["type"].as_str().unwrap() {
            "rich_text" => assert!(elements >= 1 && units(&block.to_string()) <= 3_000),
            "context" => assert!((1..=10).contains(&elements)),
            "actions" => assert!((1..=25).contains(&elements)),
            "input" | "divider" | "section" => {}
            other => panic!("unexpected block {other}"),
        }
        walk(block);
    }
}

fn units(text: &str) -> usize {
    text.encode_utf16().count()
}

fn walk(value: &Value) {
    match value {
        Value::Array(items) => items.iter().for_each(walk),
        Value::Object(fields) => {
            for key in ["text", "label", "hint", "title"] {
                if let Some(Value::String(text)) = fields.get(key) {
                    assert!((1..=3_000).contains(&units(text)), "{key}: {}", units(text));
                }
            }
            if fields.get("type").is_some_and(|kind| kind == "button") {
                assert!(units(value["text"]["text"].as_str().unwrap()) <= 75);
                assert!(units(value["value"].as_str().unwrap()) <= 2_000);
            }
            if let Some(confirm) = fields.get("confirm").filter(|confirm| confirm["title"].is_object()) {
                for (key, most) in [("title", 100), ("text", 300), ("confirm", 30), ("deny", 30)] {
                    assert!((1..=most).contains(&units(confirm[key]["text"].as_str().unwrap())));
                }
            }
            fields.values().for_each(walk);
        }
        _ => {}
    }
}

/// Every object of a type within some JSON.
fn all<'a>(value: &'a Value, kind: &str, found: &mut Vec<&'a Value>) {
    if value["type"] == kind {
        found.push(value);
    }
    match value {
        Value::Array(items) => items.iter().for_each(|item| all(item, kind, found)),
        Value::Object(fields) => fields.values().for_each(|item| all(item, kind, found)),
        _ => {}
    }
}

fn found<'a>(blocks: &'a Value, kind: &str) -> Vec<&'a Value> {
    let mut found = Vec::new();
    all(blocks, kind, &mut found);
    found
}

fn words() -> impl Strategy<Value = String> {
    prop_oneof![
        16 => "[a-zA-Z0-9 .,/#]{0,20}",
        6 => "[<>!@#&|*_~`:a-z \n\"\\\\]{0,20}",
        2 => Just("<!channel> <@U1> <https://evil.example|x> @here :tada: *b* `c`".to_owned()),
        2 => any::<String>(),
        1 => "[\u{200b}\u{202e}\u{2066}\u{ad}\0\u{feff}a]{1,20}",
        1 => (1_usize..6_000).prop_map(|count| "long \"&\" ".repeat(count / 9 + 1)),
    ]
}

fn span() -> impl Strategy<Value = Span> {
    let person = |id| Span::Person(SlackUser { team: Team::new("T1"), id });
    prop_oneof![
        4 => words().prop_map(Span::Text),
        1 => words().prop_map(Span::Bold),
        1 => words().prop_map(Span::Code),
        1 => words().prop_map(Span::Block),
        1 => (words(), "https://[a-z]{1,9}\\.example/[a-z|<>&?=]{0,20}|[a-z:/]{0,20}")
            .prop_map(|(text, url)| Span::Link { text, url }),
        1 => "[UW][A-Z0-9]{1,10}|[<>!a-z]{0,10}".prop_map(person),
        1 => "[CG][A-Z0-9]{1,10}|[<>!a-z]{0,10}"
            .prop_map(|id| Span::Channel(Channel { team: Team::new("T1"), id })),
        1 => any::<i64>().prop_map(Span::Moment),
        1 => (0_i64..4_000_000_000_000).prop_map(Span::Moment),
    ]
}

fn line() -> impl Strategy<Value = Line> {
    proptest::collection::vec(span(), 0..4).prop_map(Line)
}

fn button() -> impl Strategy<Value = Button> {
    (words(), words(), any::<bool>(), proptest::option::of((words(), words()))).prop_map(
        |(label, value, main, confirm)| {
            let mut button = Button::new(label, Action::named("x").with("y", value));
            button.main = main;
            match confirm {
                Some((question, yes)) => button.confirm(question, yes),
                None => button,
            }
        },
    )
}

fn message() -> impl Strategy<Value = Message> {
    let lines = proptest::collection::vec(line(), 0..5);
    let facts = proptest::collection::vec(line(), 0..4);
    let buttons = prop_oneof![
        29 => proptest::collection::vec(button(), 0..3),
        1 => proptest::collection::vec(button(), 0..60),
    ];
    let tone = prop_oneof![Just(Tone::Plain), Just(Tone::Open), Just(Tone::Bad)];
    let rows = proptest::collection::vec(
        (line(), [proptest::option::of(button()), proptest::option::of(button())]),
        0..4,
    );
    let more = proptest::collection::vec(button(), 0..3);
    (lines, rows, facts, (buttons, more), tone).prop_map(|(lines, rows, facts, (buttons, more), tone)| {
        let rows = rows.into_iter().map(|(line, [button, other])| Row { line, button, other }).collect();
        Message { lines, rows, facts, tone, buttons, more, ..Message::default() }
    })
}

fn spans(message: &Message) -> Vec<&Span> {
    let rows = message.rows.iter().map(|row| &row.line);
    message.lines.iter().chain(rows).chain(&message.facts).flat_map(|line| &line.0).collect()
}

/// What mrkdwn lets act: only what spans of the message stand for.
fn assert_inert_markup(text: &str, message: &Message) {
    for token in text.split('<').skip(1) {
        let token = token.split('>').next().unwrap();
        let known = spans(message).into_iter().any(|span| match span {
            Span::Person(person) => token == format!("@{}", person.id),
            Span::Channel(channel) => token == format!("#{}", channel.id),
            Span::Moment(_) => token.starts_with("!date^"),
            Span::Link { url, .. } => {
                let url = safe_url(url).map(|url| text::escape(&url).replace('|', "%7C"));
                url.is_some_and(|url| token.starts_with(&format!("{url}|")))
            }
            _ => false,
        });
        assert!(known, "{token:?} acts in {text:?}");
    }
}

fn assert_inert(blocks: &Value, message: &Message) {
    for channel in found(blocks, "channel") {
        let meant = |span: &&Span| matches!(span, Span::Channel(meant) if channel["channel_id"] == meant.id);
        assert!(spans(message).iter().any(meant));
    }
    for kind in ["broadcast", "emoji", "usergroup", "markdown", "image"] {
        assert!(found(blocks, kind).is_empty(), "{kind}");
    }
    for mention in found(blocks, "user") {
        let meant = |span: &&Span| matches!(span, Span::Person(person) if mention["user_id"] == person.id);
        assert!(spans(message).iter().any(meant));
    }
    for link in found(blocks, "link") {
        let meant = |span: &&Span| matches!(span, Span::Link { url, .. } if safe_url(url).is_some_and(|url| link["url"] == url));
        assert!(spans(message).iter().any(meant));
    }
    for markup in found(blocks, "mrkdwn") {
        assert_inert_markup(markup["text"].as_str().unwrap(), message);
        assert_eq!(markup["verbatim"], true);
    }
    for text in found(blocks, "text") {
        let text = text["text"].as_str().unwrap();
        let hides = |c: char| {
            (c.is_control() && !matches!(c, '\n' | '\t'))
                || matches!(c, '\u{AD}' | '\u{200B}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
        };
        assert!(!text.contains(hides), "something hides in {text:?}");
    }
}

#[test]
fn a_card_reads_as_it_was_said() {
    let message = Message::line(Line::new().link("web/api#1", "https://example.com/1").text(" Limit"))
        .and(Line::new().code("limit-rate").text(" → ").code("main"))
        .fact(Line::new().text("0 of 1 approvals"))
        .tone(Tone::Open)
        .button(Button::new("Approve", Action::named("pr.approve").with("pr", "cloud:web/api#1")).main());
    let drawn = draw(&message);
    let blocks = &drawn.attachments[0]["blocks"];
    let said = json!([
        {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [
            {"type": "link", "url": "https://example.com/1", "text": "web/api#1"},
            {"type": "text", "text": " Limit\n"},
            {"type": "text", "text": "limit-rate", "style": {"code": true}},
            {"type": "text", "text": " → "},
            {"type": "text", "text": "main", "style": {"code": true}},
        ]}]},
        {"type": "context", "elements": [{"type": "plain_text", "text": "0 of 1 approvals", "emoji": false}]},
        {"type": "actions", "elements": [{
            "type": "button", "action_id": "act:0", "style": "primary",
            "text": {"type": "plain_text", "text": "Approve", "emoji": false},
            "value": "{\"do\":\"pr.approve\",\"pr\":\"cloud:web/api#1\"}",
        }]},
    ]);
    assert_eq!(blocks, &said);
    assert_eq!(drawn.attachments[0]["fallback"], drawn.text.as_str());
    assert_eq!(drawn.for_post().get("text"), None);
    assert_eq!(drawn.for_update()["blocks"], json!([]));
}

#[test]
fn the_vendor_library_knows_every_block() {
    let person = SlackUser { team: Team::new("T1"), id: "U1".to_owned() };
    let line = Line::new()
        .bold("b")
        .code("c")
        .link("l", "https://example.com")
        .person(person)
        .moment(1_792_000_000_000)
        .span(Span::Block("x\ny".to_owned()));
    let message = Message::line(line.clone())
        .fact(line)
        .fact("plain")
        .row("row", Some(Button::new("Show", Action::named("pr.show"))))
        .more(Button::new("Decline…", Action::named("pr.decline")))
        .button(Button::new("Merge", Action::named("pr.merge")).confirm("Really?", "Merge"));
    for block in draw(&message).blocks {
        let read: SlackBlock = serde_json::from_value(block.clone()).unwrap();
        assert!(!matches!(read, SlackBlock::Unknown(_)), "{block}");
        assert!(!format!("{read:?}").contains("Unknown"), "{read:?}");
    }
}

#[test]
fn a_button_that_carries_too_much_is_handed_back_and_told() {
    let heavy = Button::new("Heavy", Action::named("x").with("y", "z".repeat(2_000)));
    let drawn =
        draw(&Message::line("here").button(heavy.clone()).button(Button::new("Light", Action::named("x"))));
    assert_eq!(drawn.left_out, [heavy]);
    let shown = json!(drawn.blocks).to_string();
    assert!(shown.contains("Left out, as it carries too much: 1 button") && shown.contains("act:1"));
}

#[test]
fn what_is_missing_is_counted() {
    let mut message = Message::default();
    for at in 0..3_000 {
        message = message.and(Line::new().text(format!("row {at}")));
    }
    let drawn = json!(draw(&message).blocks).to_string();
    let shown = drawn.matches("row ").count();
    assert!(drawn.contains(&format!("… and {} more lines", 3_000 - shown)), "{shown}");
}

#[test]
fn an_empty_message_is_still_valid() {
    assert_within_limits(&draw(&Message::default()).blocks, 50);
    assert_within_limits(&draw(&Message::line(Line::new().text("\u{200b}"))).blocks, 50);
}

proptest! {
    #![proptest_config(ProptestConfig { max_shrink_iters: 2_000, ..ProptestConfig::with_cases(10_000) })]

    #[test]
    fn any_message_is_valid_and_inert(message in message()) {
        let drawn = draw(&message);
        let blocks = match drawn.attachments.first() {
            Some(attachment) => attachment["blocks"].clone(),
            None => json!(drawn.blocks),
        };
        assert_within_limits(blocks.as_array().unwrap(), 50);
        prop_assert!(size(&blocks) <= 13_000, "{}", size(&blocks));
        assert_inert(&blocks, &message);
        prop_assert!(!drawn.text.is_empty() && !drawn.text.contains(['<', '>', '*', '`']));
        let heavy = message.buttons.iter().filter(|button| !fits_a_button(&button.does));
        prop_assert!(heavy.clone().all(|button| drawn.left_out.contains(button)));
        prop_assert!(drawn.left_out.len() <= heavy.count() + message.rows.len() + message.more.len());
    }
}
