//! Everything that a bot can send is drawn; what is not is an error that can be seen.

use dipper::sandbox::slack::world::messages::Draft;
use serde_json::{Value, json};

use crate::play::Play;

/// Says this as the bot, in #web.
fn bot_says(play: &Play, text: &str, blocks: Vec<Value>) -> String {
    play.live.slack().with_world(|world| {
        let channel = world.channel_named("web").unwrap().id.clone();
        let user = world.bot.user.clone();
        world.post(Draft { channel, user, text: text.to_owned(), blocks, ..Draft::default() }).ts
    })
}

fn plain(text: &str) -> Value {
    json!({"type": "plain_text", "text": text})
}

fn option(text: &str) -> Value {
    json!({"text": plain(text), "value": text})
}

/// One of every element that stands in a row of actions.
fn actions() -> Vec<Value> {
    let options = json!([option("One"), option("Two")]);
    let mut all = vec![
        json!({"type": "button", "text": plain("Press me"), "style": "danger"}),
        json!({"type": "overflow", "options": options}),
        json!({"type": "checkboxes", "options": options}),
        json!({"type": "radio_buttons", "options": options}),
        json!({"type": "datepicker", "initial_date": "2040-01-31"}),
        json!({"type": "timepicker", "initial_time": "09:30"}),
        json!({"type": "datetimepicker", "initial_date_time": 1_900_000_000}),
    ];
    for many in ["", "multi_"] {
        all.push(json!({"type": format!("{many}static_select"), "options": options}));
        for kind in ["external", "users", "conversations", "channels"] {
            all.push(json!({"type": format!("{many}{kind}_select")}));
        }
    }
    for (at, element) in all.iter_mut().enumerate() {
        element["action_id"] = json!(format!("all:{at}"));
    }
    all
}

/// One of every block with every kind of text in it.
fn gallery() -> Vec<Value> {
    let mrkdwn = json!({"type": "mrkdwn", "text":
        "*bold* _italic_ ~struck~ `code` <https://example.test|a link> <@U00000002> <!here> :tada:\n> quoted\n```pre```"});
    let text = |text: &str| json!({"type": "text", "text": text});
    let section = |inside: Vec<Value>| json!({"type": "rich_text_section", "elements": inside});
    let rich = json!({"type": "rich_text", "elements": [
        section(vec![text("plain "), json!({"type": "user", "user_id": "U00000002"}),
            json!({"type": "emoji", "name": "tada"}), json!({"type": "color", "value": "#2eb67d"}),
            json!({"type": "date", "timestamp": 1_900_000_000, "format": "{date_short} {time}", "fallback": "then"}),
            json!({"type": "broadcast", "range": "here"})]),
        {"type": "rich_text_list", "style": "ordered", "elements": [section(vec![text("first")])]},
        {"type": "rich_text_quote", "elements": [text("said before")]},
        {"type": "rich_text_preformatted", "elements": [text("as typed")]},
    ]});
    let actions: Vec<Value> = actions();
    vec![
        json!({"type": "header", "text": plain("A header")}),
        json!({"type": "section", "text": mrkdwn, "fields": [plain("left"), plain("right")],
            "accessory": {"type": "image", "image_url": "https://example.test/x.png", "alt_text": "a small picture"}}),
        json!({"type": "divider"}),
        json!({"type": "context", "elements": [plain("small print")]}),
        json!({"type": "image", "image_url": "https://example.test/x.png", "alt_text": "a picture"}),
        rich,
        json!({"type": "markdown", "text": "# Title\n**strong** and\n- a list"}),
        json!({"type": "table", "rows": [[{"type": "raw_text", "text": "a cell"}]]}),
        json!({"type": "actions", "elements": actions}),
    ]
}

#[tokio::test]
async fn everything_a_bot_can_send_is_drawn() {
    let Some(play) = Play::open("every block").await else { return };
    let ts = bot_says(&play, "", gallery());
    let message = format!("#slack [data-ts='{ts}']");
    let read = play.reads(&message, "A header").await;
    for words in [
        "bold",
        "@ada",
        "quoted",
        "first",
        "said before",
        "as typed",
        "small print",
        "a cell",
        "strong",
        "Press me",
    ] {
        assert!(read.contains(words), "{words} in {read}");
    }
    for marks in ["*bold*", "<@", ":tada:", "**"] {
        assert!(!read.contains(marks), "{marks} in {read}");
    }
    let drawn =
        play.asks(&format!("return document.querySelectorAll(\"{message} [data-action]\").length")).await;
    assert!(drawn.as_u64().unwrap() >= actions().len() as u64, "{drawn} of {}", actions().len());
    play.finish().await;
}

#[tokio::test]
async fn what_cannot_be_drawn_is_an_error() {
    let Some(play) = Play::open("an unknown block").await else { return };
    let ts = bot_says(&play, "", vec![json!({"type": "hologram"}), json!({"type": "divider"})]);
    play.reads("[data-undrawn]", "cannot draw “hologram”").await;
    play.live.slack().with_world(|world| {
        let channel = world.channel_named("web").unwrap().id.clone();
        world.delete(&channel, &ts)
    });
    play.gone("[data-undrawn]").await;
    play.finish().await;
}

#[tokio::test]
async fn what_people_write_is_only_ever_text() {
    let Some(play) = Play::open("hostile words").await else { return };
    let evil = "<img src=x onerror=alert(1)> <script>alert(2)</script> <javascript:alert(3)|click> &lt;b&gt;";
    bot_says(&play, evil, Vec::new());
    play.reads("#slack", "<b>").await;
    let made =
        "return document.querySelectorAll('#slack [data-ts] img, #slack script, a[href^=javascript]').length";
    assert_eq!(play.asks(made).await, 0);
    play.finish().await;
}
