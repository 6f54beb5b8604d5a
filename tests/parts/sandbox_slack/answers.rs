//! Response URLs: five uses, half an hour, and what they replace.

use std::time::Duration;

use serde_json::{Value, json};

use super::stage::{Stage, actions, button, stage};

async fn respond(stage: &Stage, url: &str, body: Value) -> (u16, Value) {
    let json = [("content-type", "application/json")];
    stage.raw(url, &json, &body.to_string()).await
}

/// The response URL of a fresh command of ada's in #web.
async fn asked(stage: &Stage) -> String {
    assert!(stage.ada.types("#web", "/bb help").await.is_ok());
    stage.got().field("response_url")
}

#[tokio::test]
async fn an_answer_is_for_the_asker_unless_it_says_otherwise() {
    let stage = stage().await;
    let url = asked(&stage).await;
    assert_eq!(respond(&stage, &url, json!({"text": "you"})).await, (200, json!("ok")));
    respond(&stage, &url, json!({"text": "all", "response_type": "in_channel"})).await;
    assert_eq!(stage.ada.told()[0].text, "you");
    assert_eq!(stage.slack.heard("#web")[0].text, "all");
    assert!(stage.slack.minted().contains(&url));
    stage.finish();
}

#[tokio::test]
async fn a_response_url_wears_out() {
    let stage = stage().await;
    let url = asked(&stage).await;
    for _ in 0..5 {
        assert_eq!(respond(&stage, &url, json!({"text": "x"})).await.0, 200);
    }
    assert_eq!(respond(&stage, &url, json!({"text": "x"})).await, (404, json!("used_url")));
    let url = asked(&stage).await;
    stage.clock.advance(Duration::from_secs(30 * 60 + 1));
    assert_eq!(respond(&stage, &url, json!({"text": "x"})).await, (404, json!("expired_url")));
    assert_eq!(respond(&stage, &format!("{url}x"), json!({"text": "x"})).await.0, 404);
    assert_eq!(stage.ada.told().len(), 5);
    stage.finish();
}

#[tokio::test]
async fn a_command_s_answer_replaces_the_last_one() {
    let stage = stage().await;
    let url = asked(&stage).await;
    respond(&stage, &url, json!({"text": "working"})).await;
    let first = stage.ada.told().remove(0);
    respond(&stage, &url, json!({"text": "done", "replace_original": true})).await;
    let told = stage.ada.told();
    assert_eq!((told[0].ts.as_str(), told[0].text.as_str()), (first.ts.as_str(), "done"));
    assert!(told[0].edited);
    stage.finish();
}

#[tokio::test]
async fn a_button_s_answer_replaces_or_deletes_its_message() {
    let stage = stage().await;
    let card = json!({"channel": stage.web, "user": stage.ada.id, "text": "card",
        "blocks": [actions(json!([button("Go", "1")]))]});
    stage.call("chat.postEphemeral", card).await;
    let card = stage.ada.told().remove(0);
    assert!(stage.grace.clicks(&card, "Go").await.body.contains("only another person"));
    stage.slack.forgive();
    stage.ada.clicks(&card, "Go").await;
    let url = stage.got().payload()["response_url"].as_str().unwrap().to_owned();
    respond(&stage, &url, json!({"text": "gone", "replace_original": true})).await;
    let now = stage.ada.told().remove(0);
    assert_eq!((now.ts, now.text.as_str(), now.blocks.len()), (card.ts.clone(), "gone", 0));
    respond(&stage, &url, json!({"text": "more", "replace_original": false})).await;
    assert_eq!(stage.ada.told()[0].text, "more");
    respond(&stage, &url, json!({"delete_original": true})).await;
    assert!(stage.slack.current(&card).deleted);
    stage.finish();
}

#[tokio::test]
async fn an_answer_is_checked_like_a_message() {
    let stage = stage().await;
    let url = asked(&stage).await;
    let json = [("content-type", "application/json")];
    assert_eq!(stage.raw(&url, &json, "{").await, (400, json!("invalid_payload")));
    assert_eq!(respond(&stage, &url, json!({})).await, (400, json!("no_text")));
    let bad = json!({"text": "x", "blocks": [{"type": "nonsense"}]});
    assert_eq!(respond(&stage, &url, bad).await, (400, json!("invalid_blocks")));
    respond(&stage, &url, json!({"text": "x", "colour": "red"})).await;
    let noted = stage.slack.forgive();
    assert_eq!(noted.len(), 4);
    assert_eq!(noted[3], "response_url: unknown argument `colour`");
    let calls = stage.slack.requests();
    assert_eq!((calls[1].method.as_str(), calls[1].status), ("response_url", 400));
    stage.ada.told();
    stage.finish();
}
