//! Repositories protected, made and changed, on both editions.

use dipper::bitbucket::{Edition, Error};
use dipper::words::protection::Guard;
use dipper::words::repository::{NewRepository, RepositoryChange};
use serde_json::json;

use crate::bitbucket_client::server::{Server, dc, in_cloud, in_dc, ok, page, repo, says};

#[tokio::test]
async fn protections_are_read_in_plain_words() {
    let (server, cloud) = Server::of(Edition::Cloud).await;
    let ada = json!({"uuid": "{ada}", "display_name": "ada"});
    server.on(
        &in_cloud("GET", "/branch-restrictions"),
        page(json!([
            {"id": 1, "kind": "push", "pattern": "main", "users": [ada], "groups": [{"name": "releasers"}]},
            {"id": 2, "kind": "require_approvals_to_merge", "pattern": "main", "value": 2},
            {"id": 3, "kind": "enforce_merge_checks", "branch_match_kind": "branching_model", "branch_type": "release", "pattern": ""},
            {"id": 4, "kind": null}, {},
        ])),
    );
    let found = cloud.protections(&repo(), 50).await.unwrap();
    let read = found.iter().map(|one| format!("{} {} {:?}", one.branches, one.guard, one.except));
    assert_eq!(
        read.collect::<Vec<_>>(),
        [
            r#"main no-direct-push ["ada", "releasers"]"#,
            "main approvals:2 []",
            "every release branch enforce_merge_checks []",
        ]
    );

    let (server, site) = Server::of(Edition::DataCenter).await;
    let of = |id: &str| json!({"id": id, "displayId": id.trim_start_matches("refs/heads/")});
    server.on(
        &dc("GET", "/branch-permissions/latest/projects/web/repos/api/restrictions"),
        page(json!([
            {"id": 1, "type": "pull-request-only", "matcher": of("refs/heads/main"), "groups": ["releasers"]},
            {"id": 2, "type": "read-only", "matcher": of("release/*"), "scope": {"type": "PROJECT"}},
            {"id": 3, "type": "odd-one", "matcher": null}, {},
        ])),
    );
    let found = site.protections(&repo(), 50).await.unwrap();
    let read =
        found.iter().map(|one| format!("{} {} {:?} {}", one.branches, one.guard, one.except, one.by_project));
    assert_eq!(
        read.collect::<Vec<_>>(),
        [r#"main no-direct-push ["releasers"] false"#, "release/* read-only [] true"]
    );
}

#[tokio::test]
async fn a_branch_is_named_and_a_form_of_names_is_a_form() {
    let (server, site) = Server::of(Edition::DataCenter).await;
    let key = dc("POST", "/branch-permissions/latest/projects/web/repos/api/restrictions");
    server.on(&key, ok(&json!([])));
    site.protect(&repo(), ("main", &Guard::NoDelete), None).await.unwrap();
    assert_eq!(server.sent(&key)[0]["matcher"]["id"], "refs/heads/main");
    site.protect(&repo(), ("release/*", &Guard::NoDelete), None).await.unwrap();
    let sent = server.asked(&key);
    let last: serde_json::Value = serde_json::from_str(&sent[1].body).unwrap();
    assert_eq!(last[0]["matcher"]["type"]["id"], "PATTERN");
    let tasks = site.protect(&repo(), ("main", &Guard::Tasks), None).await;
    assert!(matches!(tasks, Err(Error::NotOffered(_))), "{tasks:?}");
}

#[tokio::test]
async fn what_was_made_before_the_line_broke_is_found() {
    let (server, cloud) = Server::of(Edition::Cloud).await;
    server.on(&in_cloud("POST", ""), says(502, "bad gateway")).on(
        &in_cloud("GET", ""),
        ok(&json!({"full_name": "web/api", "is_private": false, "description": " "})),
    );
    let new =
        NewRepository { name: repo(), project: Some("CORE".to_owned()), description: None, public: true };
    let made = cloud.create_repository(&new).await.unwrap();
    assert!(made.public && made.description.is_none());
    let sent = server.sent(&in_cloud("POST", ""));
    assert_eq!(
        sent,
        json!({"type": "repository", "scm": "git", "is_private": false, "project": {"type": "project", "key": "CORE"}})
    );
    assert_eq!(server.times(&in_cloud("POST", "")), 1);
}

#[tokio::test]
async fn only_what_changes_is_sent() {
    let (server, site) = Server::of(Edition::DataCenter).await;
    let shown = json!({"slug": "api", "project": {"key": "web"}, "archived": true});
    server
        .on(&in_dc("PUT", ""), ok(&shown))
        .on(&in_dc("PUT", "/default-branch"), says(204, ""))
        .on(&in_dc("GET", ""), ok(&shown))
        .on(&in_dc("GET", "/default-branch"), says(204, ""));
    let change = RepositoryChange { archived: Some(true), ..RepositoryChange::default() };
    assert!(site.update_repository(&repo(), &change).await.unwrap().archived);
    assert_eq!(server.sent(&in_dc("PUT", "")), json!({"archived": true}));
    let change = RepositoryChange { main_branch: Some("develop".to_owned()), ..RepositoryChange::default() };
    site.update_repository(&repo(), &change).await.unwrap();
    assert_eq!(server.sent(&in_dc("PUT", "/default-branch")), json!({"id": "refs/heads/develop"}));
    assert_eq!(server.times(&in_dc("PUT", "")), 1);
}
