//! Connecting a person, at both editions.

use std::time::Duration;

use dipper::bitbucket::oauth::{challenge_of, new_verifier};
use dipper::bitbucket::{Edition, Error};
use serde_json::json;

use crate::bitbucket_client::server::{Server, ok, says};

const BACK: &str = "https://bot.example.com/bitbucket/here/oauth/callback";
const CLOUD: &str = "POST /bitbucket/site/oauth2/access_token";
const DATA_CENTER: &str = "POST /bitbucket/rest/oauth2/latest/token";

#[tokio::test]
async fn cloud_knows_its_client_by_basic_and_no_pkce() {
    let server = Server::start().await;
    let site = server.site(Edition::Cloud);
    let oauth = site.oauth().unwrap();
    let url = oauth.authorize_url("s", BACK, "c", &[]).to_string();
    assert!(url.starts_with(&format!("{}/bitbucket/site/oauth2/authorize?client_id=an-id", server.url)));
    assert!(url.contains("state=s") && !url.contains("challenge") && !url.contains("scope"));
    server.on(
        CLOUD,
        ok(&json!({"access_token": "a", "refresh_token": "r", "expires_in": 7200, "scopes": "account repository"})),
    );
    let tokens = oauth.exchange("the-code", BACK, &new_verifier()).await.unwrap();
    assert_eq!((tokens.access.reveal().as_str(), tokens.scopes.len()), ("a", 2));
    assert_eq!(tokens.expires_in, Some(Duration::from_hours(2)));
    assert!(!format!("{tokens:?}{oauth:?}{site:?}").contains("a-secret"));
    let asked = &server.asked(CLOUD)[0];
    assert_eq!(asked.authorization, "Basic YW4taWQ6YS1zZWNyZXQ=");
    assert!(asked.body.contains("code=the-code") && !asked.body.contains("verifier"));
}

#[tokio::test]
async fn data_center_knows_its_client_by_the_form_and_pkce() {
    let server = Server::start().await;
    let site = server.site(Edition::DataCenter);
    let oauth = site.oauth().unwrap();
    let verifier = new_verifier();
    let challenge = challenge_of(&verifier);
    let url = oauth.authorize_url("s", BACK, &challenge, &[]).to_string();
    assert!(url.starts_with(&format!("{}/bitbucket/rest/oauth2/latest/authorize?", server.url)));
    assert!(url.contains(&challenge) && url.contains("S256") && url.contains("scope=REPO_WRITE"));
    server.on(DATA_CENTER, ok(&json!({"access_token": "a", "scope": "REPO_WRITE"})));
    oauth.exchange("the-code", BACK, &verifier).await.unwrap();
    let asked = &server.asked(DATA_CENTER)[0];
    assert_eq!(asked.authorization, "");
    assert!(asked.body.contains("client_secret=a-secret") && asked.body.contains(verifier.reveal()));
}

#[tokio::test]
async fn a_grant_that_is_gone_means_connecting_again() {
    let server = Server::start().await;
    let site = server.site(Edition::DataCenter);
    let oauth = site.oauth().unwrap();
    server
        .on(DATA_CENTER, says(400, r#"{"error":"invalid_grant"}"#))
        .on(DATA_CENTER, says(400, r#"{"error":"invalid_grant"}"#))
        .on(DATA_CENTER, says(401, r#"{"error":"invalid_client"}"#))
        .on(DATA_CENTER, says(503, "busy"))
        .on(DATA_CENTER, says(200, "{}"));
    assert!(matches!(oauth.refresh(&"r".into()).await, Err(Error::SignIn(_))));
    assert!(matches!(oauth.exchange("c", BACK, &"v".into()).await, Err(Error::Refused(_))));
    assert!(matches!(oauth.refresh(&"r".into()).await, Err(Error::Forbidden(_))));
    assert!(matches!(oauth.refresh(&"r".into()).await, Err(Error::Down(_))));
    assert!(matches!(oauth.refresh(&"r".into()).await, Err(Error::Unreadable(_))));
}

#[tokio::test]
async fn a_site_knows_its_own_addresses() {
    let server = Server::start().await;
    let site = server.site(Edition::DataCenter);
    assert!(site.owns_url(&format!("{}/bitbucket", server.url)));
    assert!(site.owns_url(&format!("{}/bitbucket/", server.url)));
    assert!(!site.owns_url(&server.url));
    assert!(!site.owns_url("https://bitbucket.org"));
    assert!(!site.owns_url("nonsense"));
    assert_eq!(site.delivery_headers().request_id, "X-Request-Id");
    assert_eq!(server.site(Edition::Cloud).delivery_headers().request_id, "X-Request-UUID");
}
