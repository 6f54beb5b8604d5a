//! When to ask again, when to stop, whom to follow, and in whose name.

use std::sync::Arc;
use std::time::{Duration, Instant};

use dipper::bitbucket::{Edition, Error};
use dipper::words::merge::Merge;
use dipper::words::pull_request::PullRequestFilter;
use serde_json::json;

use crate::bitbucket_client::server::{Server, Tokens, cloud_pr, ok, pr, repo, says, site_at};

const USER: &str = "GET /2.0/user";
const REPO: &str = "GET /2.0/repositories/web/api";
const PR: &str = "GET /2.0/repositories/web/api/pullrequests/7";
const LIST: &str = "GET /2.0/repositories/web/api/pullrequests";

fn ada() -> crate::bitbucket_client::server::Reply {
    ok(&json!({"uuid": "{ada}", "display_name": "Ada"}))
}

#[tokio::test]
async fn a_short_wait_is_waited_for() {
    let server = Server::start().await;
    server.on(USER, says(429, "").with("Retry-After", "1")).on(USER, ada());
    let begun = Instant::now();
    assert_eq!(server.cloud().me().await.unwrap().name, "Ada");
    assert!(begun.elapsed() >= Duration::from_secs(1));
}

#[tokio::test]
async fn a_long_wait_is_told_at_once() {
    let server = Server::start().await;
    server.on(USER, says(429, "slow").with("Retry-After", "3600"));
    let error = server.cloud().me().await.unwrap_err();
    let retry_after = Some(Duration::from_hours(1));
    assert_eq!(error, Error::Slow { retry_after });
    assert_eq!(error.to_string(), "Bitbucket asks us to slow down for 3600 seconds.");
    assert_eq!(server.times(USER), 1);
}

#[tokio::test]
async fn trouble_is_tried_again_but_not_for_ever() {
    let server = Server::start().await;
    server.on(USER, says(500, "")).on(USER, says(555, "")).on(USER, ada());
    assert_eq!(server.cloud().me().await.unwrap().id.as_str(), "{ada}");
    server.on(REPO, says(502, "<html><title>Bad gateway</title></html>"));
    let error = server.cloud().repository(&repo()).await.unwrap_err().to_string();
    assert_eq!(
        error,
        "Bitbucket is in trouble or cannot be reached: it answered 502 when asked to show the repository: Bad gateway."
    );
    assert_eq!(server.times(REPO), 3);
}

#[tokio::test]
async fn a_body_cut_short_is_asked_for_again() {
    let server = Server::start().await;
    server.on(PR, ok(&cloud_pr("OPEN")).cut_short()).on(PR, ok(&cloud_pr("OPEN")));
    assert_eq!(server.cloud().pull_request(&pr()).await.unwrap().title, "Limit the rate");
    assert_eq!(server.times(PR), 2);
}

#[tokio::test]
async fn a_plain_not_found_is_one() {
    let server = Server::start().await;
    assert!(matches!(server.cloud().pull_request(&pr()).await, Err(Error::NotFound(_))));
    assert_eq!(server.times(PR), 1);
}

#[tokio::test]
async fn what_is_not_json_is_unreadable() {
    let server = Server::start().await;
    server.on(PR, says(200, "<html>log in</html>"));
    let error = server.cloud().pull_request(&pr()).await.unwrap_err();
    assert!(matches!(error, Error::Unreadable(_)), "{error:?}");
}

#[tokio::test]
async fn a_refused_token_is_renewed_once() {
    let server = Server::start().await;
    let tokens = Arc::new(Tokens::default());
    server.on(USER, says(401, "")).on(USER, ada());
    server.site(Edition::Cloud).as_person(tokens.clone()).me().await.unwrap();
    let sent: Vec<String> = server.asked(USER).into_iter().map(|asked| asked.authorization).collect();
    assert_eq!(sent, ["Bearer first", "Bearer second"]);
    server.on(REPO, says(401, ""));
    let error = server.site(Edition::Cloud).as_person(tokens.clone()).repository(&repo()).await.unwrap_err();
    assert!(matches!(error, Error::SignIn(_)));
    assert_eq!((server.times(REPO), tokens.renewals()), (2, 2));
}

#[tokio::test]
async fn the_bots_own_token_goes_by_basic_and_its_refusal_is_the_operators() {
    let server = Server::start().await;
    server.on(USER, ada()).on(USER, says(401, ""));
    let service = server.site(Edition::Cloud).as_service().unwrap();
    service.me().await.unwrap();
    assert_eq!(server.asked(USER)[0].authorization, "Basic Ym90QGV4YW1wbGUuY29tOnRva2Vu");
    assert!(matches!(service.me().await, Err(Error::Forbidden(_))));
}

#[tokio::test]
async fn pages_are_followed_on_their_own_host_only() {
    let server = Server::start().await;
    let next = format!("{}/2.0/more?after=x", server.url);
    server.on(LIST, ok(&json!({"values": [cloud_pr("OPEN"), {"odd": 1}], "next": next}))).on(
        "GET /2.0/more",
        ok(&json!({"values": [cloud_pr("OPEN")], "next": "https://evil.example/2.0/x"})),
    );
    let two = server.cloud().pull_requests(&repo(), &PullRequestFilter::open(), 3).await.unwrap();
    assert_eq!(two.len(), 2);
    let error = server.cloud().pull_requests(&repo(), &PullRequestFilter::open(), 9).await.unwrap_err();
    assert!(error.to_string().contains("another host"), "{error}");
}

#[tokio::test]
async fn an_endless_list_ends() {
    let server = Server::start().await;
    let again = format!("{}/2.0/repositories/web/api/pullrequests", server.url);
    server.on(LIST, ok(&json!({"values": [], "next": again})));
    assert!(server.cloud().pull_requests(&repo(), &PullRequestFilter::open(), 3).await.unwrap().is_empty());
    assert_eq!(server.times(LIST), 20);
}

#[tokio::test]
async fn redirects_keep_the_credential_and_stay_at_home() {
    let server = Server::start().await;
    server.on(USER, says(302, "").with("Location", "/2.0/users/ada")).on("GET /2.0/users/ada", ada());
    assert_eq!(server.cloud().me().await.unwrap().name, "Ada");
    assert_eq!(server.asked("GET /2.0/users/ada")[0].authorization, "Bearer first");
    let other = Server::start().await;
    server.on(REPO, says(302, "").with("Location", &format!("{}/2.0/repositories/web/api", other.url)));
    let error = server.cloud().repository(&repo()).await.unwrap_err();
    assert!(matches!(error, Error::Unreadable(_)), "{error:?}");
    assert_eq!(other.times(REPO), 0);
}

#[tokio::test]
async fn nobody_waits_longer_than_the_budget() {
    let server = Server::start().await;
    server.on(USER, ada().after(Duration::from_secs(5)));
    let hurried = server.site(Edition::Cloud).within(Duration::from_millis(200));
    let begun = Instant::now();
    let error = hurried.as_person(Arc::new(Tokens::default())).me().await.unwrap_err();
    assert!(matches!(error, Error::Down(_)), "{error:?}");
    assert!(begun.elapsed() < Duration::from_secs(2));
}

#[tokio::test]
async fn a_host_that_is_not_there_is_down() {
    let nowhere = site_at("http://127.0.0.1:1", Edition::Cloud);
    let error = nowhere.merge(&pr(), &Merge::default()).await.unwrap_err();
    assert!(matches!(error, Error::Down(_)), "{error:?}");
}

#[tokio::test]
async fn a_giant_answer_is_not_taken_in() {
    let server = Server::start().await;
    server.on(USER, says(200, &" ".repeat(11 * 1024 * 1024)));
    assert!(matches!(server.cloud().me().await, Err(Error::Unreadable(_))));
    assert_eq!(server.times(USER), 1);
}
