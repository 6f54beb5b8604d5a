//! Webhooks and builds, on both editions.

use std::sync::Arc;

use dipper::bitbucket::{Credential, CredentialKind, Edition, HookSettings, Kind, Result, TokenSource};
use dipper::seal::Secret;
use dipper::words::build::{BuildState, NewBuild};
use dipper::words::webhook::{HookPlace, Webhook};
use serde_json::{Value, json};

use crate::bitbucket_client::server::{HASH, Server, dc, in_cloud, in_dc, ok, page, repo, says, sorted};

fn settings() -> HookSettings {
    HookSettings {
        name: "Dipper".to_owned(),
        url: "https://bot.example.com/x".to_owned(),
        active: true,
        kinds: vec![Kind::Opened, Kind::Updated, Kind::ChangesRequested, Kind::ThreadResolved],
    }
}

fn on_repository() -> HookPlace {
    HookPlace::Repository(repo())
}

fn of_owner() -> HookPlace {
    HookPlace::Owner("web".to_owned())
}

#[tokio::test]
async fn a_webhook_asks_for_exactly_the_keys_its_edition_takes() {
    let (server, cloud) = Server::of(Edition::Cloud).await;
    let made =
        json!({"uuid": "{h}", "description": "Dipper", "url": "https://bot.example.com/x", "active": true});
    server.on(&in_cloud("POST", "/hooks"), says(201, &made.to_string()));
    let first = cloud.create_webhook(&on_repository(), &settings()).await.unwrap();
    let sent = server.sent(&in_cloud("POST", "/hooks"));
    let keys = [
        "pullrequest:changes_request_created",
        "pullrequest:comment_resolved",
        "pullrequest:created",
        "pullrequest:updated",
    ];
    assert_eq!(sent["events"], json!(keys));
    assert_eq!(sent["secret"], json!(first.secret.reveal()));
    let second = cloud.create_webhook(&on_repository(), &settings()).await.unwrap();
    assert!(first.secret != second.secret && first.secret.reveal().len() == 64);

    let (server, site) = Server::of(Edition::DataCenter).await;
    server.on(&in_dc("POST", "/webhooks"), says(201, &json!({"id": 3, "name": "Dipper"}).to_string()));
    assert_eq!(site.create_webhook(&on_repository(), &settings()).await.unwrap().hook.id, "3");
    let sent = server.sent(&in_dc("POST", "/webhooks"));
    assert_eq!(sent["events"], json!(["pr:modified", "pr:opened", "pr:reviewer:needs_work"]));
    assert_eq!(sent["configuration"]["secret"].as_str().unwrap().len(), 64);
}

#[tokio::test]
async fn a_webhook_that_would_tell_nothing_is_not_made() {
    let (_server, site) = Server::of(Edition::DataCenter).await;
    let nothing = HookSettings { kinds: vec![Kind::ThreadResolved], ..settings() };
    let words = sorted(site.create_webhook(&on_repository(), &nothing).await);
    assert_eq!(words, "refused: This Bitbucket sends none of these events to a webhook.");
}

#[tokio::test]
async fn webhooks_hang_on_workspaces_and_projects_too() {
    let (server, cloud) = Server::of(Edition::Cloud).await;
    let hook = json!({"uuid": "{h}", "events": ["repo:push"]});
    server
        .on("GET /2.0/workspaces/web/hooks", page(json!([hook])))
        .on("PUT /2.0/workspaces/web/hooks/%7Bh%7D", ok(&hook))
        .on("DELETE /2.0/workspaces/web/hooks/%7Bh%7D", says(404, "gone"));
    assert_eq!(cloud.webhooks(&of_owner(), 5).await.unwrap()[0].events, ["repo:push"]);
    cloud.update_webhook(&of_owner(), "{h}", &settings(), &"hush".into()).await.unwrap();
    assert_eq!(server.sent("PUT /2.0/workspaces/web/hooks/%7Bh%7D")["secret"], "hush");
    cloud.delete_webhook(&of_owner(), "{h}").await.unwrap();

    let (server, site) = Server::of(Edition::DataCenter).await;
    let one = "/api/latest/projects/web/webhooks/7";
    server
        .on(&dc("GET", "/api/latest/projects/web/webhooks"), page(json!([{"id": 7, "active": false}])))
        .on(&dc("PUT", one), ok(&json!({"id": 7})))
        .on(&dc("DELETE", one), says(204, ""));
    assert_eq!(site.webhooks(&of_owner(), 5).await.unwrap()[0].id, "7");
    site.update_webhook(&of_owner(), "7", &settings(), &"hush".into()).await.unwrap();
    assert_eq!(server.sent(&dc("PUT", one))["configuration"], json!({"secret": "hush"}));
    site.delete_webhook(&of_owner(), "7").await.unwrap();
}

#[tokio::test]
async fn a_test_is_sent_where_the_edition_can() {
    let hook = Webhook {
        id: "7".to_owned(),
        name: String::new(),
        url: "https://bot.example.com/x".to_owned(),
        active: true,
        events: Vec::new(),
        failing: None,
    };
    let (_server, cloud) = Server::of(Edition::Cloud).await;
    let words = sorted(cloud.test_webhook(&on_repository(), &hook).await);
    assert!(words.starts_with("not offered: Bitbucket Cloud sends no test; "), "{words}");
    let (server, site) = Server::of(Edition::DataCenter).await;
    let test = in_dc("POST", "/webhooks/test");
    server
        .on(&test, ok(&json!({"response": {"statusCode": 200}})))
        .on(&test, ok(&json!({"result": {"outcome": "ERROR", "description": "no route"}})));
    let said = site.test_webhook(&on_repository(), &hook).await.unwrap();
    assert_eq!(said, "Bitbucket sent a ping to it and was answered 200.");
    let said = site.test_webhook(&on_repository(), &hook).await.unwrap();
    assert_eq!(said, "Bitbucket could not send a ping to it: no route");
    assert_eq!(server.asked(&test)[0].query, "webhookId=7&url=https%3A%2F%2Fbot.example.com%2Fx");
}

#[tokio::test]
async fn a_build_is_reported_in_each_editions_words() {
    let new = |state| NewBuild {
        key: "unit".to_owned(),
        name: "Unit tests".to_owned(),
        state,
        description: "All of them".to_owned(),
        url: "https://ci.example.com/1".to_owned(),
        branch: Some("main".to_owned()),
    };
    let (server, cloud) = Server::of(Edition::Cloud).await;
    let line = in_cloud("POST", &format!("/commit/{HASH}/statuses/build"));
    server.on(&line, says(500, "")).on(&line, says(201, "{}"));
    cloud.report_build(&repo(), HASH, &new(BuildState::Stopped)).await.unwrap();
    let on_cloud: Value = server.sent(&line);
    assert_eq!((&on_cloud["state"], &on_cloud["refname"]), (&json!("STOPPED"), &json!("main")));
    assert_eq!(server.times(&line), 2);

    let (server, site) = Server::of(Edition::DataCenter).await;
    let line = in_dc("POST", &format!("/commits/{HASH}/builds"));
    server.on(&line, says(204, ""));
    site.report_build(&repo(), HASH, &new(BuildState::Stopped)).await.unwrap();
    let sent = server.sent(&line);
    assert_eq!((&sent["state"], &sent["ref"]), (&json!("CANCELLED"), &json!("refs/heads/main")));
    assert_eq!(on_cloud["key"], sent["key"]);
}

#[tokio::test]
async fn builds_in_words_we_do_not_know_are_shown_all_the_same() {
    let (server, cloud) = Server::of(Edition::Cloud).await;
    let builds = json!([{"key": "a", "state": "SUCCESSFUL"}, {"key": "b", "state": "HALTED", "url": null}, {"state": "FAILED"}]);
    server.on(&in_cloud("GET", &format!("/commit/{HASH}/statuses")), page(builds));
    let states: Vec<BuildState> =
        cloud.builds(&repo(), HASH, 9).await.unwrap().into_iter().map(|build| build.state).collect();
    assert_eq!(states, [BuildState::Passed, BuildState::Unknown]);
}

/// Somebody who allowed this much by OAuth.
struct Allowed(&'static str);

#[async_trait::async_trait]
impl TokenSource for Allowed {
    async fn token(&self) -> Result<Secret> {
        Ok("token".into())
    }

    async fn renew(&self, _refused: &Secret) -> Result<Secret> {
        Ok("another".into())
    }

    fn credential(&self) -> Credential {
        let granted = vec![self.0.to_owned()];
        Credential { kind: CredentialKind::OAuth, owner: Some("ada".to_owned()), granted, reads_only: false }
    }
}

#[tokio::test]
async fn data_center_names_no_scope_so_what_was_granted_tells_whether_one_is_lacking() {
    let (server, _) = Server::of(Edition::DataCenter).await;
    let body = json!({"errors": [{"message": "You are not permitted to access this resource",
        "exceptionName": "com.atlassian.bitbucket.AuthorisationException"}]});
    for (granted, place, answer) in [
        (
            "REPO_WRITE",
            on_repository(),
            "lacks REPO_ADMIN: What Dipper was allowed on `here` is too little: it lacks `REPO_ADMIN`.",
        ),
        ("REPO_ADMIN", on_repository(), "forbidden: You are not permitted to access this resource"),
        (
            "REPO_ADMIN",
            of_owner(),
            "lacks PROJECT_ADMIN: What Dipper was allowed on `here` is too little: it lacks `PROJECT_ADMIN`.",
        ),
    ] {
        server.on(&in_dc("POST", "/webhooks"), says(401, &body.to_string()));
        server.on(&dc("POST", "/api/latest/projects/web/webhooks"), says(401, &body.to_string()));
        let hands = server.site(Edition::DataCenter).as_person(Arc::new(Allowed(granted)));
        assert_eq!(sorted(hands.create_webhook(&place, &settings()).await), answer);
    }
}
