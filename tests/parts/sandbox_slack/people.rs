//! People: what they type and press, how it reaches the bot, and what they see of the answer.

use serde_json::{Value, json};

use dipper::sandbox::slack::Change;
use dipper::sandbox::transcript;

use super::stage::{START, actions, button, option, plain, stage};

#[tokio::test]
async fn a_command_comes_signed_and_escaped() {
    let stage = stage().await;
    let typed = "/bb pr assign web/api#42 @grace #web a&b <x> https://x.y/z?a=1&b=2 me@grace";
    let ack = stage.ada.types("#web", typed).await;
    assert!(ack.is_ok() && ack.inline.is_none());
    let got = stage.got();
    assert_eq!(got.path, "/slack/commands");
    let escaped = format!(
        "pr assign web/api#42 <@{}|grace> <#{}|web> a&amp;b &lt;x&gt; <https://x.y/z?a=1&amp;b=2> me@grace",
        stage.grace.id, stage.web
    );
    assert_eq!(got.field("text"), escaped);
    for (name, value) in [
        ("command", "/bb"),
        ("team_id", "T0STAGE"),
        ("team_domain", "the-stage"),
        ("channel_id", &stage.web),
        ("channel_name", "web"),
        ("user_id", &stage.ada.id),
        ("user_name", "ada"),
        ("api_app_id", "A0DIPPER0"),
        ("is_enterprise_install", "false"),
    ] {
        assert_eq!(got.field(name), value, "{name}");
    }
    let at = START / 1000;
    assert_eq!(got.headers["x-slack-request-timestamp"], at.to_string());
    assert_eq!(got.headers["x-slack-signature"], stage.slack.sign(at, &got.body));
    for key in ["token", "trigger_id", "response_url"] {
        assert!(stage.slack.minted().contains(&got.field(key)), "{key}");
    }
    stage.finish();
}

#[tokio::test]
async fn a_signature_is_slack_s() {
    let stage = stage().await;
    let expected = "v0=ad47b42278e019033be2752656ec75dc1b463ef5424c0525d54f53efeb0f4149";
    let signature = stage.slack.sign(1_531_420_618, "token=x&command=%2Fbb");
    assert_eq!(signature, expected);
    assert_ne!(signature, stage.slack.sign(1_531_420_619, "token=x&command=%2Fbb"));
    assert_ne!(signature, stage.slack.sign(1_531_420_618, "token=x&command=%2Fbbb"));
}

#[tokio::test]
async fn a_test_may_send_in_its_own_way() {
    let stage = stage().await;
    let body = stage.slack.slash_body(&stage.ada, "#web", "/bb x");
    let old = (stage.slack.timestamp() - 301).to_string();
    let headers = [("x-slack-request-timestamp", old.as_str()), ("x-slack-signature", "v0=wrong")];
    stage.answers(401, "no");
    let ack = stage.slack.send("/slack/commands", &headers, body.clone()).await;
    assert_eq!((ack.status, ack.body.as_str()), (401, "no"));
    stage.slack.send("/slack/commands", &headers, body).await;
    assert_eq!(stage.got_count(), 2);
    assert_eq!(stage.slack.slash_body(&stage.grace, "#den", "/bb x"), "");
    assert_eq!(stage.slack.forgive().len(), 1);
    stage.slack.point_at("http://127.0.0.1:1");
    assert_eq!(stage.ada.types("#web", "/bb").await.status, 0);
    stage.finish();
}

#[tokio::test]
async fn private_places_hide_their_names() {
    let stage = stage().await;
    for (place, name) in [("#den", "privategroup"), ("@dipper", "directmessage"), ("@grace", "directmessage")]
    {
        stage.ada.types(place, "/bb").await;
        assert_eq!(stage.got().field("channel_name"), name, "{place}");
    }
    assert!(stage.grace.types("#den", "/bb").await.body.contains("not a member"));
    assert!(stage.grace.types("#nowhere", "/bb").await.body.contains("no channel"));
    assert!(stage.grace.types("@nobody", "/bb").await.body.contains("nobody called"));
    assert_eq!(stage.slack.forgive().len(), 3);
    stage.finish();
}

#[tokio::test]
async fn an_inline_answer_is_seen_by_the_asker() {
    let stage = stage().await;
    stage.answers(200, json!({"response_type": "ephemeral", "text": "try `/bb help`"}));
    let ack = stage.ada.types("#web", "/bb x").await;
    assert_eq!(ack.inline.unwrap().text, "try `/bb help`");
    stage.answers(200, "plain words");
    stage.ada.types("#web", "/bb x").await;
    stage.answers(200, json!({"response_type": "in_channel", "text": "all"}));
    stage.ada.types("#web", "/bb x").await;
    let told: Vec<String> = stage.ada.told().into_iter().map(|it| it.text).collect();
    assert_eq!(told, ["try `/bb help`", "plain words"]);
    assert_eq!(stage.slack.heard("#web")[0].text, "all");
    stage.answers(200, json!({"blocks": [{"type": "nonsense"}]}));
    assert!(stage.ada.types("#web", "/bb x").await.inline.is_none());
    assert!(stage.slack.forgive()[0].contains("invalid_blocks"));
    stage.finish();
}

#[tokio::test]
async fn words_to_the_bot_are_an_event() {
    let stage = stage().await;
    stage.ada.types("#web", "just talking").await;
    assert_eq!(stage.got_count(), 0);
    stage.ada.types("#web", "@dipper hello").await;
    let event: Value = serde_json::from_str(&stage.got().body).unwrap();
    assert_eq!((&event["type"], &event["event"]["type"]), (&json!("event_callback"), &json!("app_mention")));
    assert_eq!(event["event"]["text"], "<@U0DIPPER0> hello");
    stage.ada.types("@dipper", "hello").await;
    let event: Value = serde_json::from_str(&stage.got().body).unwrap();
    assert_eq!(event["event"]["channel_type"], "im");
    assert_eq!(event["event"]["text"], "hello");
    assert_eq!(stage.got().headers["content-type"], "application/json");
    stage.finish();
}

#[tokio::test]
async fn a_button_carries_its_message() {
    let stage = stage().await;
    let mut link = button("Open", "2");
    link["url"] = json!("https://x/1");
    let blocks = json!([actions(json!([button("Approve", "1"), link]))]);
    let say = json!({"channel": stage.web, "text": "card", "blocks": blocks});
    stage.call("chat.postMessage", say).await;
    let card = stage.slack.heard("#web").remove(0);
    assert_eq!(card.link("Open").as_deref(), Some("https://x/1"));
    assert!(stage.ada.clicks(&card, "Approve").await.is_ok());
    let payload = stage.got().payload();
    assert_eq!(stage.got().path, "/slack/interactions");
    assert_eq!((&payload["type"], &payload["actions"][0]["value"]), (&json!("block_actions"), &json!("1")));
    assert_eq!(payload["container"]["message_ts"], json!(card.ts));
    assert_eq!(payload["message"]["blocks"][0]["elements"][0]["text"]["emoji"], true);
    assert_eq!((&payload["user"]["id"], &payload["channel"]["name"]), (&json!(stage.ada.id), &json!("web")));
    let missing = stage.ada.clicks(&card, "Merge").await;
    assert_eq!(missing.body, "there is no [Merge], only [Approve] [Open]");
    assert_eq!(stage.slack.forgive().len(), 1);
    stage.answers(200, "text");
    stage.ada.clicks(&card, "Approve").await;
    assert!(stage.slack.forgive()[0].contains("ignores the body"));
    stage.finish();
}

#[tokio::test]
async fn a_button_that_just_went_is_pressed_as_it_was() {
    let stage = stage().await;
    let blocks = |value: &str| json!([actions(json!([button("Go", value)]))]);
    let say = json!({"channel": stage.web, "text": "card", "blocks": blocks("old")});
    let ts = stage.call("chat.postMessage", say).await["ts"].clone();
    let card = stage.slack.heard("#web").remove(0);
    let edit = |blocks: Value| json!({"channel": stage.web, "ts": ts, "text": "x", "blocks": blocks});
    stage.call("chat.update", edit(blocks("new"))).await;
    stage.ada.clicks(&card, "Go").await;
    assert_eq!(stage.got().payload()["actions"][0]["value"], "new");
    stage.call("chat.update", edit(json!([]))).await;
    stage.ada.clicks(&card, "Go").await;
    assert_eq!(stage.got().payload()["actions"][0]["value"], "old");
    stage.slack.heard("#web");
    stage.finish();
}

#[tokio::test]
async fn a_menu_carries_its_choice() {
    let stage = stage().await;
    let options = json!([option("Decline", "d"), option("Rebase", "r")]);
    let select = json!({"type": "static_select", "placeholder": plain("More…"), "options": options});
    let overflow = json!({"type": "overflow", "options": options});
    let say = json!({"channel": stage.web, "text": "card", "attachments": [
        {"color": "#36a64f", "blocks": [actions(json!([select])), actions(json!([overflow]))]},
    ]});
    stage.call("chat.postMessage", say).await;
    let card = stage.slack.heard("#web").remove(0);
    assert_eq!(transcript::message(&card, &stage.slack.names()), "card\n[More… ▾]\n[…]");
    stage.ada.chooses(&card, "More…", "Rebase").await;
    let payload = stage.got().payload();
    assert_eq!(payload["actions"][0]["selected_option"]["value"], "r");
    assert_eq!(payload["container"]["type"], "message_attachment");
    stage.ada.chooses(&card, "…", "Decline").await;
    assert_eq!(stage.got().payload()["actions"][0]["type"], "overflow");
    let wrong = stage.ada.chooses(&card, "More…", "Explode").await;
    assert!(wrong.body.ends_with("only: Decline, Rebase"), "{}", wrong.body);
    stage.slack.forgive();
    stage.finish();
}

#[tokio::test]
async fn changes_can_be_watched() {
    let stage = stage().await;
    let mut changes = stage.slack.subscribe();
    let ts = stage.says("x").await;
    let said = Change::Message { channel: stage.web.clone(), ts };
    assert_eq!(changes.recv().await.unwrap(), said);
    let called = Change::Called { method: "chat.postMessage".into() };
    assert_eq!(changes.recv().await.unwrap(), called);
    assert_eq!(stage.slack.unread().len(), 1);
    assert!(stage.slack.kick_bot("#web") && !stage.slack.kick_bot("#web"));
    stage.slack.heard("#web");
    stage.finish();
}
