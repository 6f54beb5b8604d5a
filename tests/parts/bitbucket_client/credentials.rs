//! What each sort of credential can do, and one renewal for any number of calls that wait for it.

use std::sync::Arc;
use std::time::Duration;

use dipper::accounts::Accounts;
use dipper::bitbucket::{Bitbucket, Edition};
use dipper::clock::Clock;
use dipper::seal::Seal;
use dipper::store::Store;
use dipper::words::names::{PersonId, SlackUser, Team};
use dipper::words::pull_request::Person;
use serde_json::json;

use crate::bitbucket_client::server::{NOW, Server, in_cloud, ok, pr, repo, says, site, sorted};

fn service(server: &Server, token: &str) -> Box<dyn Bitbucket> {
    site(&server.url, Edition::Cloud, token).as_service().unwrap()
}

#[tokio::test]
async fn an_access_token_is_nobody_and_hears_it_before_anything_is_asked() {
    let (server, _) = Server::of(Edition::Cloud).await;
    let token = service(&server, "an-access-token");
    let words = "forbidden: an access token stands for no person; use an API token (`address:token`), or connect \
                 an account.";
    assert_eq!(sorted(token.me().await), words);
    assert_eq!(sorted(token.my_pull_requests(5).await), words);
    assert_eq!(sorted(token.review_queue(&[repo()], 5).await), words);
    assert_eq!(sorted(token.find_repositories("api", 5).await), words);
    assert_eq!(server.times("GET /2.0/user"), 0);
}

#[tokio::test]
async fn the_bots_own_token_reads_and_changes_nothing() {
    let (server, _) = Server::of(Edition::Cloud).await;
    server.on(&in_cloud("GET", ""), ok(&json!({"full_name": "web/api"})));
    let token = service(&server, "an-access-token");
    token.repository(&repo()).await.unwrap();
    assert_eq!(server.asked(&in_cloud("GET", ""))[0].authorization, "Bearer an-access-token");
    let words = "forbidden: the bot's own credential only reads; nothing is changed with it.";
    assert_eq!(sorted(token.approve(&pr()).await), words);
    assert_eq!(sorted(token.delete_branch(&repo(), "main").await), words);
    let new = dipper::words::pull_request::NewPullRequest::new(repo(), "Limit the rate", "limit");
    assert_eq!(sorted(token.open_pull_request(&new).await), words);
}

#[tokio::test]
async fn a_workspace_is_read_with_the_token_that_is_its_own() {
    let (server, _) = Server::of(Edition::Cloud).await;
    server.on(&in_cloud("GET", ""), ok(&json!({"full_name": "web/api"})));
    server.on("GET /2.0/repositories/pay/api", ok(&json!({"full_name": "pay/api"})));
    let site = site(&server.url, Edition::Cloud, "usual");
    for (repo, token) in [("here:web/api", "Bearer usual"), ("here:pay/api", "Bearer of-pay")] {
        let repo: dipper::words::names::RepoName = repo.parse().unwrap();
        site.as_service_in(&repo.owner).unwrap().repository(&repo).await.unwrap();
        let line = format!("GET /2.0/repositories/{}", repo.short());
        assert_eq!(server.asked(&line)[0].authorization, token);
    }
}

#[tokio::test]
async fn an_api_token_stands_for_its_person() {
    let (server, _) = Server::of(Edition::Cloud).await;
    let token = service(&server, "ada@example.com:token");
    assert_eq!(token.me().await.unwrap().name, "Ada");
    assert!(server.asked("GET /2.0/user")[0].authorization.starts_with("Basic "));
}

#[tokio::test]
async fn what_nobody_can_take_back_for_a_person_is_said_with_where_they_can() {
    for (edition, page) in
        [(Edition::Cloud, "App authorizations"), (Edition::DataCenter, "Authorized applications")]
    {
        let (server, _) = Server::of(edition).await;
        let words = sorted(server.site(edition).oauth().unwrap().revoke());
        assert!(words.starts_with("not offered: `here` lets nobody") && words.contains(page), "{words}");
    }
}

/// Ada, connected with a token that Bitbucket no longer takes.
async fn ada(server: &Server, folder: &tempfile::TempDir) -> Arc<dyn Bitbucket> {
    let clock = Clock::still(NOW);
    let url = format!("sqlite://{}", folder.path().join("dipper.db").display());
    let store = Store::open(&url, clock.clone()).await.unwrap();
    store.migrate().await.unwrap();
    let seal = Seal::from_keys(&"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=".into()).unwrap();
    let accounts = Accounts::new(store.clone(), seal, clock);
    let site = server.site(Edition::Cloud);
    let user = SlackUser { team: Team::new("T1"), id: "U1".to_owned() };
    let tokens = dipper::bitbucket::Tokens {
        access: "old".into(),
        refresh: Some("refresh-1".into()),
        expires_in: None,
        scopes: Vec::new(),
    };
    let sealed = accounts.sealed(&user, site.name(), &tokens);
    let person = Person { id: PersonId::new("{ada}"), name: "Ada".to_owned(), nickname: None };
    let mut tx = store.begin().await.unwrap();
    tx.save_link(&user, site.name(), &person, &sealed).await.unwrap();
    tx.commit().await.unwrap();
    site.as_person(accounts.tokens(&user, &site).await.unwrap()).into()
}

#[tokio::test]
async fn twenty_calls_that_wait_for_a_new_token_ask_for_one() {
    let server = Server::start().await;
    let folder = tempfile::tempdir().unwrap();
    let renewal = "POST /bitbucket/site/oauth2/access_token";
    let renewed = json!({"access_token": "new", "refresh_token": "refresh-2", "expires_in": 7200});
    server
        .on_token("old", says(401, "expired"))
        .on(renewal, ok(&renewed).after(Duration::from_millis(200)))
        .on(&in_cloud("GET", ""), ok(&json!({"full_name": "web/api"})));
    let ada = ada(&server, &folder).await;
    let calls = (0..20).map(|_| {
        let ada = Arc::clone(&ada);
        tokio::spawn(async move { ada.repository(&repo()).await.map(|found| found.name) })
    });
    for call in calls.collect::<Vec<_>>() {
        assert_eq!(call.await.unwrap().unwrap(), repo());
    }
    assert_eq!(server.times(renewal), 1);
    assert!(server.asked(renewal)[0].body.contains("refresh_token=refresh-1"));
}

#[tokio::test]
async fn a_consent_taken_back_means_connecting_again() {
    let server = Server::start().await;
    let folder = tempfile::tempdir().unwrap();
    server
        .on_token("old", says(401, "revoked"))
        .on("POST /bitbucket/site/oauth2/access_token", says(400, r#"{"error":"invalid_grant"}"#));
    let ada = ada(&server, &folder).await;
    assert_eq!(sorted(ada.repository(&repo()).await), "sign in");
    assert_eq!(sorted(ada.me().await), "sign in");
}
