//! The app's web sockets: who gets an address, how often it may be used, and what goes over it.

use dipper::sandbox::slack::APP_TOKEN;
use serde_json::{Value, json};

use super::stage::{Stage, TOKEN, stage};

/// What `apps.connections.open` answers to this token.
async fn opened(stage: &Stage, token: &str) -> Value {
    let url = format!("{}/apps.connections.open", stage.slack.api_url());
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    client.post(url).bearer_auth(token).send().await.unwrap().json().await.unwrap()
}

/// The status with which an address answers somebody who would like to talk over it.
async fn knocked(url: &str) -> u16 {
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let request = client.get(url.replacen("ws", "http", 1)).header("connection", "Upgrade");
    let request = request.header("upgrade", "websocket").header("sec-websocket-version", "13");
    let answer = request.header("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==").send().await.unwrap();
    answer.status().as_u16()
}

#[tokio::test]
async fn an_address_is_for_the_app_alone_and_for_one_use() {
    let stage = stage().await;
    assert_eq!(opened(&stage, APP_TOKEN).await, json!({"ok": false, "error": "link_disabled"}));
    stage.slack.switch_on_sockets();
    assert_eq!(opened(&stage, TOKEN).await["error"], "not_allowed_token_type");
    assert_eq!(opened(&stage, "xapp-of-another").await["error"], "invalid_auth");
    let url = opened(&stage, APP_TOKEN).await["url"].as_str().unwrap().to_owned();
    assert!(url.starts_with("ws://127.0.0.1:"), "{url}");
    assert_eq!((knocked(&url).await, knocked(&url).await), (101, 401));
}

#[tokio::test]
async fn nothing_goes_over_http_then_and_nothing_without_a_socket() {
    let stage = stage().await;
    stage.slack.switch_on_sockets();
    let ack = stage.ada.types("#web", "/bb help").await;
    assert_eq!((ack.status, ack.body.as_str()), (0, "dispatch_failed"));
    assert_eq!(stage.got_count(), 0);
}
