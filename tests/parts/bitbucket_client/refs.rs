//! Branches and tags, on both editions.

use dipper::bitbucket::Edition;
use dipper::words::commit::NewTag;
use serde_json::json;

use crate::bitbucket_client::server::{HASH, Server, dc, in_cloud, in_dc, ok, page, repo, says, sorted};

#[tokio::test]
async fn a_branch_is_made_at_a_commit_on_cloud() {
    let (server, cloud) = Server::of(Edition::Cloud).await;
    let made = json!({"name": "feature/x", "target": {"hash": HASH}});
    server
        .on(&in_cloud("GET", "/commits"), page(json!([{"hash": HASH}])))
        .on(&in_cloud("POST", "/refs/branches"), says(201, &made.to_string()))
        .on(&in_cloud("DELETE", "/refs/branches/feature%2Fx"), says(204, ""));
    assert_eq!(cloud.create_branch(&repo(), "feature/x", "main").await.unwrap().head, HASH);
    assert_eq!(
        server.sent(&in_cloud("POST", "/refs/branches")),
        json!({"name": "feature/x", "target": {"hash": HASH}})
    );
    cloud.delete_branch(&repo(), "feature/x").await.unwrap();
}

#[tokio::test]
async fn a_branch_is_made_at_a_commit_on_data_center() {
    let (server, site) = Server::of(Edition::DataCenter).await;
    let utils = |method: &str| dc(method, "/branch-utils/latest/projects/web/repos/api/branches");
    let made = json!({"id": "refs/heads/feature/x", "displayId": "feature/x", "latestCommit": HASH});
    server
        .on(&in_dc("GET", "/commits"), page(json!([{"id": HASH}])))
        .on(&utils("POST"), says(201, &made.to_string()))
        .on(&utils("DELETE"), says(204, ""));
    assert_eq!(site.create_branch(&repo(), "feature/x", "main").await.unwrap().name, "feature/x");
    assert_eq!(server.sent(&utils("POST")), json!({"name": "feature/x", "startPoint": HASH}));
    site.delete_branch(&repo(), "feature/x").await.unwrap();
    assert_eq!(server.sent(&utils("DELETE")), json!({"name": "refs/heads/feature/x", "dryRun": false}));
}

#[tokio::test]
async fn a_tag_is_set_and_read_and_goes() {
    let new = NewTag { name: "v1".to_owned(), at: HASH.to_owned(), message: Some("First".to_owned()) };
    let (server, cloud) = Server::of(Edition::Cloud).await;
    let tag = json!({"name": "v1", "target": {"hash": HASH}, "message": "First\n"});
    server
        .on(&in_cloud("POST", "/refs/tags"), says(201, &tag.to_string()))
        .on(&in_cloud("GET", "/refs/tags"), page(json!([tag])))
        .on(&in_cloud("DELETE", "/refs/tags/v1"), says(204, ""));
    let on_cloud = cloud.create_tag(&repo(), &new).await.unwrap();
    assert_eq!(cloud.tags(&repo(), "v", 5).await.unwrap()[0], on_cloud);
    cloud.delete_tag(&repo(), "v1").await.unwrap();

    let (server, site) = Server::of(Edition::DataCenter).await;
    let tag = json!({"displayId": "v1", "latestCommit": HASH});
    server
        .on(&in_dc("POST", "/tags"), ok(&tag))
        .on(&in_dc("GET", "/tags"), page(json!([tag])))
        .on(&dc("DELETE", "/git/latest/projects/web/repos/api/tags/v1"), says(204, ""));
    assert_eq!(site.create_tag(&repo(), &new).await.unwrap(), on_cloud);
    assert_eq!(
        server.sent(&in_dc("POST", "/tags")),
        json!({"name": "v1", "startPoint": HASH, "message": "First"})
    );
    assert_eq!(site.tags(&repo(), "v", 5).await.unwrap()[0].head, HASH);
    site.delete_tag(&repo(), "v1").await.unwrap();
}

#[tokio::test]
async fn a_branch_that_may_have_been_made_is_looked_for() {
    let (server, cloud) = Server::of(Edition::Cloud).await;
    let made = json!({"name": "x", "target": {"hash": HASH}});
    server
        .on(&in_cloud("POST", "/refs/branches"), says(201, &made.to_string()).cut_short())
        .on(&in_cloud("GET", "/refs/branches"), page(json!([made])));
    assert_eq!(cloud.create_branch(&repo(), "x", HASH).await.unwrap().name, "x");
    assert_eq!(server.times(&in_cloud("POST", "/refs/branches")), 1);
}

#[tokio::test]
async fn what_cannot_be_done_to_a_branch_is_said_in_bitbuckets_words() {
    let (server, cloud) = Server::of(Edition::Cloud).await;
    let taken = json!({"type": "error", "error": {"message": "Branch \"x\" already exists."}});
    server
        .on(&in_cloud("POST", "/refs/branches"), says(400, &taken.to_string()))
        .on(&in_cloud("DELETE", "/refs/branches/main"), says(400, &taken.to_string()))
        .on(&in_cloud("GET", "/commits"), page(json!([])));
    let words = "refused: Branch \"x\" already exists.";
    assert_eq!(sorted(cloud.create_branch(&repo(), "x", HASH).await), words);
    assert_eq!(sorted(cloud.delete_branch(&repo(), "main").await), words);
    let nothing = sorted(cloud.create_branch(&repo(), "x", "gone").await);
    assert_eq!(nothing, "not found: `gone` is no branch, tag or commit.");
}

#[tokio::test]
async fn default_reviewers_are_told_for_two_branches() {
    let (server, cloud) = Server::of(Edition::Cloud).await;
    let entry = json!({"user": {"uuid": "{bob}", "display_name": "Bob"}});
    server.on(&in_cloud("GET", "/effective-default-reviewers"), page(json!([entry, {"user": null}])));
    assert_eq!(cloud.default_reviewers(&repo(), "x", "main").await.unwrap()[0].name, "Bob");
    let (server, site) = Server::of(Edition::DataCenter).await;
    let reviewers = dc("GET", "/default-reviewers/latest/projects/web/repos/api/reviewers");
    server
        .on(&in_dc("GET", ""), ok(&json!({"id": 4, "slug": "api", "project": {"key": "web"}})))
        .on(&reviewers, ok(&json!([{"name": "bob", "slug": "bob", "displayName": "Bob"}])));
    assert_eq!(site.default_reviewers(&repo(), "x", "main").await.unwrap()[0].name, "Bob");
    assert!(
        server.asked(&reviewers)[0]
            .query
            .starts_with("sourceRepoId=4&targetRepoId=4&sourceRefId=refs%2Fheads%2Fx")
    );
}
