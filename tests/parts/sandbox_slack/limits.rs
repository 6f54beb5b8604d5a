//! Every limit of Block Kit, tripped once.

use serde_json::{Value, json};

use super::stage::{actions, button, input, modal, option, plain, stage};

fn long(length: usize) -> String {
    "x".repeat(length)
}

fn section(text: &str) -> Value {
    json!({"type": "section", "text": {"type": "mrkdwn", "text": text}})
}

fn select(more: &Value) -> Value {
    let mut select = json!({"type": "static_select", "action_id": "s"});
    for (key, value) in more.as_object().unwrap() {
        select[key] = value.clone();
    }
    select
}

fn options(count: usize) -> Vec<Value> {
    (0..count).map(|it| option(&format!("o{it}"), &format!("v{it}"))).collect()
}

fn buttons(count: usize) -> Vec<Value> {
    (0..count).map(|it| button(&format!("b{it}"), "1")).collect()
}

/// Blocks of text, and what Slack says about them.
fn refused_texts() -> Vec<(Value, &'static str)> {
    vec![
        (json!(vec![json!({"type": "divider"}); 51]), "no more than 50 items allowed"),
        (json!([{"type": "nonsense"}]), "unsupported type: nonsense"),
        (json!([{"text": "x"}]), "missing required field: type"),
        (json!(["x"]), "must be an object"),
        (json!([{"type": "divider", "colour": 1}]), "invalid additional property: colour"),
        (json!([{"type": "divider", "block_id": long(256)}]), "less than 256 characters"),
        (
            json!([{"type": "divider", "block_id": "a"}, {"type": "divider", "block_id": "a"}]),
            "`block_id` a already",
        ),
        (json!([{"type": "section"}]), "must provide one of: text, fields"),
        (json!([section(&long(3001))]), "less than 3001 characters"),
        (json!([section("")]), "more than 0 characters"),
        (json!([{"type": "section", "fields": vec![plain("x"); 11]}]), "no more than 10 items"),
        (json!([{"type": "section", "fields": [plain(&long(2001))]}]), "less than 2001 characters"),
        (json!([{"type": "header", "text": plain(&long(151))}]), "less than 151 characters"),
        (json!([{"type": "header", "text": {"type": "mrkdwn", "text": "x"}}]), "unsupported type: mrkdwn"),
    ]
}

/// Pictures and lists of elements, and what Slack says about them.
fn refused_lists() -> Vec<(Value, &'static str)> {
    vec![
        (json!([{"type": "image", "image_url": long(3001), "alt_text": "x"}]), "less than 3001"),
        (json!([{"type": "image", "image_url": "x", "alt_text": long(2001)}]), "less than 2001"),
        (
            json!([{"type": "image", "image_url": "x", "alt_text": "x", "title": plain(&long(2001))}]),
            "less than 2001",
        ),
        (json!([{"type": "image", "alt_text": "x"}]), "must provide one of: image_url"),
        (json!([actions(json!(buttons(26)))]), "no more than 25 items"),
        (json!([actions(json!([]))]), "at least 1 items"),
        (json!([actions(json!([button("a", "1"), button("a", "1")]))]), "`action_id` do a already"),
        (json!([actions(json!([{"type": "nonsense"}]))]), "unsupported type: nonsense"),
        (json!([{"type": "context", "elements": vec![plain("x"); 11]}]), "no more than 10 items"),
    ]
}

/// Buttons, and what Slack says about them.
fn refused_buttons() -> Vec<(Value, &'static str)> {
    let confirm = |title: usize, text: usize, confirm: usize| {
        let mut it = button("Go", "1");
        it["confirm"] = json!({"title": plain(&long(title)), "text": plain(&long(text)),
            "confirm": plain(&long(confirm)), "deny": plain("No")});
        json!([actions(json!([it]))])
    };
    vec![
        (json!([actions(json!([button(&long(76), "1")]))]), "less than 76"),
        (json!([actions(json!([button("Go", &long(2001))]))]), "less than 2001"),
        (
            json!([actions(json!([{"type": "button", "text": plain("x"), "url": long(3001)}]))]),
            "less than 3001",
        ),
        (
            json!([actions(json!([{"type": "button", "text": plain("x"), "style": "blue"}]))]),
            "one of: primary, danger",
        ),
        (confirm(101, 1, 1), "less than 101"),
        (confirm(1, 301, 1), "less than 301"),
        (confirm(1, 1, 31), "less than 31"),
    ]
}

/// Blocks seldom used, and what Slack says about them.
fn refused_rarities() -> Vec<(Value, &'static str)> {
    let row = |count: usize| vec![json!({"type": "raw_text", "text": "x"}); count];
    let table = |rows: usize, cells: usize| json!({"type": "table", "rows": vec![row(cells); rows]});
    let card = json!({"type": "card", "title": {"type": "mrkdwn", "text": "t"}});
    let icon = json!({"type": "icon_button", "icon": "trash", "text": plain("x")});
    vec![
        (json!([{"type": "markdown", "text": long(12_001)}]), "less than 12001"),
        (
            json!([{"type": "markdown", "text": long(6_500)}, {"type": "markdown", "text": long(6_500)}]),
            "12000 characters of markdown",
        ),
        (json!([table(101, 1)]), "no more than 100 items"),
        (json!([table(1, 21)]), "no more than 20 items"),
        (json!([table(1, 1), table(1, 1)]), "only_one_table_allowed"),
        (json!([{"type": "carousel", "elements": vec![card; 11]}]), "no more than 10 items"),
        (json!([{"type": "card", "title": plain(&long(151))}]), "less than 151"),
        (json!([{"type": "card", "body": plain(&long(201))}]), "less than 201"),
        (json!([{"type": "alert", "text": plain("x")}]), "unsupported type: alert"),
        (json!([{"type": "context_actions", "elements": vec![icon; 6]}]), "no more than 5 items"),
        (json!(vec![section(&long(2900)); 5]), "characters in all blocks"),
    ]
}

/// Elements of an actions block, and what Slack says about them.
fn refused_elements() -> Vec<(Value, &'static str)> {
    let group = |count: usize| json!({"label": plain("g"), "options": options(count)});
    let overflow = |count: usize| json!({"type": "overflow", "options": options(count)});
    let boxes = |count: usize| json!({"type": "checkboxes", "options": options(count)});
    vec![
        (select(&json!({"options": options(101)})), "no more than 100 items"),
        (select(&json!({"options": []})), "at least 1 items"),
        (select(&json!({})), "must provide one of: options"),
        (select(&json!({"options": options(1), "option_groups": [group(1)]})), "only one of: options"),
        (select(&json!({"option_groups": vec![group(1); 101]})), "no more than 100 items"),
        (select(&json!({"option_groups": [group(101)]})), "no more than 100 items"),
        (select(&json!({"options": [option(&long(76), "v")]})), "less than 76"),
        (select(&json!({"options": [option("o", &long(76))]})), "less than 76"),
        (
            select(&json!({"options": options(2), "initial_option": option("o9", "v9")})),
            "must match one of the options",
        ),
        (select(&json!({"options": options(1), "placeholder": plain(&long(151))})), "less than 151"),
        (overflow(1), "at least 2 items"),
        (overflow(6), "no more than 5 items"),
        (boxes(11), "no more than 10 items"),
        (json!({"type": "radio_buttons", "options": options(11)}), "no more than 10 items"),
        (json!({"type": "plain_text_input"}), "unsupported type: plain_text_input"),
    ]
}

#[tokio::test]
async fn a_message_beyond_a_limit_is_refused() {
    let stage = stage().await;
    let elements = refused_elements().into_iter();
    let elements = elements.map(|(element, said)| (json!([actions(json!([element]))]), said));
    let blocks = [refused_texts(), refused_lists(), refused_buttons(), refused_rarities()];
    for (blocks, said) in blocks.into_iter().flatten().chain(elements) {
        let message = json!({"channel": stage.web, "text": "x", "blocks": blocks});
        let answer = stage.call("chat.postMessage", message).await;
        let words = ["invalid_blocks", "msg_blocks_too_long"];
        assert!(words.iter().any(|it| answer["error"] == *it), "{said}: {answer}");
        let messages = answer["response_metadata"]["messages"].to_string();
        assert!(messages.contains(said), "{said}: {messages}");
        assert_eq!(stage.slack.forgive().len(), 1);
    }
    stage.finish();
}

/// Views, and what Slack says about them.
fn refused_views() -> Vec<(Value, &'static str)> {
    let with = |key: &str, value: Value| {
        let mut view = modal("T", json!([]));
        view[key] = value;
        view
    };
    let field = |element: Value| modal("T", json!([input("b", "L", element)]));
    let text = |key: &str, value: Value| {
        let mut element = json!({"type": "plain_text_input"});
        element[key] = value;
        element
    };
    let mut unsent = modal("T", json!([input("b", "L", text("multiline", json!(true)))]));
    unsent.as_object_mut().unwrap().remove("submit");
    let focused = |id: &str| input(id, "L", text("focus_on_load", json!(true)));
    vec![
        (modal(&long(25), json!([])), "less than 25"),
        (with("submit", plain(&long(25))), "less than 25"),
        (with("close", plain(&long(25))), "less than 25"),
        (with("blocks", json!(vec![json!({"type": "divider"}); 101])), "no more than 100 items"),
        (with("private_metadata", json!(long(3001))), "less than 3001"),
        (with("callback_id", json!(long(256))), "less than 256"),
        (with("external_id", json!(long(256))), "less than 256"),
        (with("colour", json!(1)), "invalid additional property: colour"),
        (with("type", json!("home")), "unsupported type: home"),
        (unsent, "missing required field: submit"),
        (modal("T", json!([input("b", &long(2001), text("multiline", json!(true)))])), "less than 2001"),
        (field(text("max_length", json!(3001))), "from 1 to 3000"),
        (field(text("initial_value", json!(long(3001)))), "less than 3001"),
        (field(json!({"type": "number_input"})), "missing required field: is_decimal_allowed"),
        (field(json!({"type": "file_input", "max_files": 11})), "from 1 to 10"),
        (field(json!({"type": "plain_text_input", "action_id": long(256)})), "less than 256"),
        (modal("T", json!([focused("a"), focused("b")])), "only one element may have"),
        (modal("T", json!([{"type": "markdown", "text": "x"}])), "unsupported type: markdown"),
    ]
}

#[tokio::test]
async fn a_view_beyond_a_limit_is_refused_and_uses_no_trigger() {
    let stage = stage().await;
    stage.ada.types("#web", "/bb").await;
    let trigger = stage.got().field("trigger_id");
    for (view, said) in refused_views() {
        let answer = stage.call("views.open", json!({"trigger_id": trigger, "view": view})).await;
        assert_eq!(answer["error"], "invalid_arguments", "{said}: {answer}");
        let messages = answer["response_metadata"]["messages"].to_string();
        assert!(messages.contains(said), "{said}: {messages}");
    }
    let fields =
        (0..90).map(|it| json!({"type": "section", "block_id": it.to_string(), "text": plain(&long(2900))}));
    let large = modal("T", fields.collect());
    let large = json!({"trigger_id": trigger, "view": large});
    assert_eq!(stage.refusal("views.open", large).await, "view_too_large");
    stage.slack.forgive();
    let opened = json!({"trigger_id": trigger, "view": modal("T", json!([]))});
    assert_eq!(stage.call("views.open", opened).await["ok"], true);
    stage.finish();
}

#[tokio::test]
async fn metadata_is_flat_and_small() {
    let stage = stage().await;
    for (metadata, word) in [
        (json!({"event_payload": {}}), "invalid_metadata_format"),
        (json!({"event_type": "x"}), "invalid_metadata_format"),
        (json!({"event_type": "x", "event_payload": {"a": {"b": 1}}}), "invalid_metadata_format"),
        (json!({"event_type": "x", "event_payload": {"a": long(16_001)}}), "metadata_too_large"),
    ] {
        let message = json!({"channel": stage.web, "text": "x", "metadata": metadata});
        assert_eq!(stage.refusal("chat.postMessage", message).await, word);
    }
    assert_eq!(stage.slack.forgive().len(), 4);
}

#[tokio::test]
async fn attachments_are_checked_inside() {
    let stage = stage().await;
    for attachment in [json!({"blocks": [{"type": "nonsense"}]}), json!({"text": "x", "footer": long(301)})] {
        let message = json!({"channel": stage.web, "attachments": [attachment]});
        assert_eq!(stage.refusal("chat.postMessage", message).await, "invalid_attachments");
    }
    assert_eq!(stage.slack.forgive().len(), 2);
}

#[tokio::test]
async fn everything_at_its_limit_passes() {
    let stage = stage().await;
    let blocks = json!([
        {"type": "header", "text": plain(&long(150)), "block_id": long(255)},
        section(&long(3000)),
        actions(json!([button(&long(75), &long(2000)), select(&json!({"options": options(100)}))])),
        {"type": "context", "elements": vec![plain("x"); 10]},
        {"type": "markdown", "text": long(9_000)},
    ]);
    let message = json!({"channel": stage.web, "text": "x", "blocks": blocks});
    let answer = stage.call("chat.postMessage", message).await;
    assert_eq!(answer["ok"], true, "{answer}");
    stage.slack.heard("#web");
    stage.finish();
}
