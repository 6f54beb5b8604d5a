//! Coming into a workspace: who is not let in, and what a code is worth.

use dipper::sandbox::browser::Browser;
use dipper::sandbox::slack::town::{CLIENT_ID, CLIENT_SECRET};
use serde_json::Value;
use url::Url;

use super::stage::{Stage, stage};

/// The authorize page's address, with this way back.
fn authorize(stage: &Stage, client: &str, redirect_uri: &str) -> String {
    let mut url = Url::parse(&stage.slack.api_url()).unwrap();
    url.set_path("/oauth/v2/authorize");
    url.query_pairs_mut()
        .append_pair("client_id", client)
        .append_pair("scope", "commands,chat:write")
        .append_pair("state", "the state")
        .append_pair("redirect_uri", redirect_uri);
    url.into()
}

/// The code that comes of pressing a workspace's button.
async fn code(stage: &Stage, workspace: &str) -> String {
    let mut browser = Browser::new().unwrap();
    let page = browser.open(&authorize(stage, CLIENT_ID, &stage.way_back())).await.unwrap();
    let page = browser.press(&page, &format!("Allow in {workspace}")).await.unwrap();
    let back = Url::parse(&page.url).unwrap();
    let part = |name: &str| back.query_pairs().find(|(key, _)| key == name).unwrap().1.into_owned();
    assert_eq!(part("state"), "the state");
    part("code")
}

async fn access(stage: &Stage, (id, secret): (&str, &str), code: &str, way_back: &str) -> Value {
    let url = format!("{}/oauth.v2.access", stage.slack.api_url());
    let form = [("code", code), ("redirect_uri", way_back)];
    let request = reqwest::Client::builder().no_proxy().build().unwrap().post(url);
    request.basic_auth(id, Some(secret)).form(&form).send().await.unwrap().json().await.unwrap()
}

#[tokio::test]
async fn a_code_is_worth_one_token_of_its_own_workspace() {
    let stage = stage().await;
    let other = stage.slack.another("T0NEXT", "next door");
    let (client, back) = ((CLIENT_ID, CLIENT_SECRET), stage.way_back());
    let code = code(&stage, "next door").await;
    let granted = access(&stage, client, &code, &back).await;
    assert_eq!((&granted["ok"], &granted["team"]["id"]), (&Value::Bool(true), &Value::from("T0NEXT")));
    assert_eq!(granted["scope"], "commands,chat:write");
    let token = granted["access_token"].as_str().unwrap();
    assert!(other.minted().iter().any(|known| known == token));
    assert_eq!(access(&stage, client, &code, &back).await["error"], "code_already_used");
}

#[tokio::test]
async fn who_is_not_the_app_gets_nothing() {
    let stage = stage().await;
    let (code, back) = (code(&stage, "The Stage").await, stage.way_back());
    for (client, code, way_back, word) in [
        (("1.2", CLIENT_SECRET), code.as_str(), back.as_str(), "invalid_client_id"),
        ((CLIENT_ID, "guess"), &code, &back, "bad_client_secret"),
        ((CLIENT_ID, CLIENT_SECRET), "guess", &back, "invalid_code"),
        ((CLIENT_ID, CLIENT_SECRET), &code, "http://elsewhere/", "bad_redirect_uri"),
    ] {
        assert_eq!(access(&stage, client, code, way_back).await["error"], word);
    }
    assert_eq!(stage.slack.forgive().len(), 3);
}

#[tokio::test]
async fn the_page_sends_nobody_elsewhere() {
    let stage = stage().await;
    let mut browser = Browser::new().unwrap();
    for (client, way_back, why) in [
        ("1.2", stage.way_back(), "Invalid client_id"),
        (CLIENT_ID, "https://evil.example/".to_owned(), "did not match any configured URIs"),
    ] {
        let page = browser.open(&authorize(&stage, client, &way_back)).await.unwrap();
        assert!(page.status == 400 && page.text().contains(why), "{}", page.text());
    }
}
