//! What only Data Center does, and how it says it.

use dipper::sandbox::bitbucket::{BuildState, Edition};
use reqwest::Method;
use serde_json::{Value, json};

use super::{Got, Stage};

async fn stage() -> Stage {
    Stage::with_pull_request(Edition::DataCenter).await
}

fn exception(got: &Got) -> &str {
    let name = got.body["errors"][0]["exceptionName"].as_str().unwrap_or_default();
    name.rsplit('.').next().unwrap_or_default()
}

#[tokio::test]
async fn every_answer_says_who_asked() {
    let stage = stage().await;
    let got = stage.get("ada", "/api/latest/application-properties").await;
    assert_eq!((got.header("x-ausername"), got.body["displayName"].as_str()), ("ada", Some("Bitbucket")));
    let ada = stage.get("ada", "/api/1.0/users/ada").await;
    assert_eq!(ada.body["emailAddress"], "ada@example.test");
    let found = stage.get("ada", "/api/latest/users?filter=grace@").await;
    assert_eq!(found.each("/slug"), ["grace"]);
    let missing = stage.get("ada", "/api/latest/users/nobody").await;
    assert_eq!((missing.status, exception(&missing)), (404, "NoSuchUserException"));
    let refused = stage.get("", "/api/latest/users").await;
    assert_eq!((refused.status, exception(&refused)), (401, "IncorrectPasswordAuthenticationException"));
}

#[tokio::test]
async fn a_merge_names_the_version_it_knows() {
    let stage = stage().await;
    stage.bitbucket.retitle(&stage.repo, 1, "ada", "Limit every rate").unwrap();
    let outdated = stage.post("ada", &stage.pr("/merge?version=0"), Value::Null).await;
    assert_eq!((outdated.status, exception(&outdated)), (409, "PullRequestOutOfDateException"));
    assert_eq!(outdated.body["errors"][0]["currentVersion"], 1);
    assert_eq!(stage.post("ada", &stage.pr("/merge"), Value::Null).await.status, 400);
    let wish = json!({"version": 1, "strategyId": "squash", "message": "One commit"});
    assert_eq!(stage.post("ada", &stage.pr("/merge"), wish).await.status, 200);
    let pr = stage.bitbucket.pull_request(&stage.repo, 1).unwrap();
    assert_eq!(pr.merge_commit.unwrap().message, "One commit");
}

#[tokio::test]
async fn it_can_be_asked_whether_a_merge_would_do() {
    let stage = stage().await;
    let repo = stage.repo.clone().requires_approvals(2);
    let before = stage.get("ada", &stage.pr("/merge")).await;
    assert_eq!(
        (before.body["canMerge"].as_bool(), before.body["outcome"].as_str()),
        (Some(false), Some("CLEAN"))
    );
    assert!(before.body["vetoes"][0]["detailedMessage"].as_str().unwrap().contains("2 more approvals"));
    let vetoed = stage.merges("ada").await;
    assert_eq!((vetoed.status, exception(&vetoed)), (409, "PullRequestMergeVetoedException"));
    assert_eq!(vetoed.body["errors"][0]["vetoes"], before.body["vetoes"]);
    let _ = repo.requires_approvals(0);
    assert_eq!(stage.get("ada", &stage.pr("/merge")).await.body["canMerge"], true);
    let task = stage.bitbucket.add_task(&stage.repo, 1, "grace", "Say why").unwrap();
    let tasks = stage.get("ada", &stage.pr("/merge")).await;
    assert!(tasks.text.contains("1 unresolved task"), "{}", tasks.text);
    stage.bitbucket.resolve_task(&stage.repo, 1, task).unwrap();
    assert_eq!(stage.merges("ada").await.status, 200);
}

#[tokio::test]
async fn a_status_is_ones_own_and_never_the_authors() {
    let stage = stage().await;
    let body = json!({"status": "NEEDS_WORK"});
    let path = |slug: &str| stage.pr(&format!("/participants/{slug}"));
    let other = stage.call("grace", Method::PUT, &path("edsger"), body.clone()).await;
    assert_eq!((other.status, exception(&other)), (401, "AuthorisationException"));
    assert_eq!(stage.call("ada", Method::PUT, &path("ada"), body.clone()).await.status, 400);
    let own = stage.call("grace", Method::PUT, &path("grace"), body).await;
    assert_eq!(
        (own.body["status"].as_str(), own.body["approved"].as_bool()),
        (Some("NEEDS_WORK"), Some(false))
    );
    let outdated = json!({"status": "APPROVED", "lastReviewedCommit": "0".repeat(40)});
    assert_eq!(stage.call("grace", Method::PUT, &path("grace"), outdated).await.status, 409);
    assert_eq!(stage.get("ada", &stage.pr("/participants")).await.each("/role"), ["AUTHOR", "REVIEWER"]);
}

#[tokio::test]
async fn a_second_pull_request_for_the_same_branches_is_refused() {
    let stage = stage().await;
    let end = |branch: &str| json!({"id": format!("refs/heads/{branch}")});
    let open = |from: &str, to: &str| json!({"title": "Again", "fromRef": end(from), "toRef": end(to)});
    let path = stage.at("/pull-requests");
    let twice = stage.post("grace", &path, open("limit-rate", "main")).await;
    assert_eq!((twice.status, exception(&twice)), (409, "DuplicatePullRequestException"));
    assert_eq!(twice.body["errors"][0]["existingPullRequest"]["id"], 1);
    let same = stage.post("grace", &path, open("main", "main")).await;
    assert_eq!((same.status, exception(&same)), (409, "EmptyPullRequestException"));
    let nowhere = stage.post("grace", &path, open("no-such", "main")).await;
    assert_eq!((nowhere.status, exception(&nowhere)), (404, "NoSuchBranchException"));
    let body = json!({"title": "x", "fromRef": end("main"), "toRef": end("limit-rate"),
        "reviewers": [{"user": {"name": "mallory"}}]});
    stage.repo.branch("main").with_commit("Elsewhere", "grace").tip().unwrap();
    let stranger = stage.post("grace", &path, body).await;
    assert_eq!((stranger.status, exception(&stranger)), (409, "InvalidPullRequestReviewersException"));
}

#[tokio::test]
async fn lists_are_narrowed_by_parameters() {
    let stage = stage().await;
    let count = |got: &Got| got.body["size"].as_u64();
    let path = stage.at("/pull-requests");
    for (query, expected) in [
        ("?at=refs/heads/main", 1),
        ("?at=refs/heads/limit-rate", 0),
        ("?at=refs/heads/limit-rate&direction=OUTGOING", 1),
        ("?state=ALL&filterText=rate", 1),
        ("?username.1=grace&role.1=REVIEWER&approved.1=false", 1),
        ("?username.1=grace&role.1=AUTHOR", 0),
        ("?draft=true", 0),
    ] {
        assert_eq!(count(&stage.get("ada", &format!("{path}{query}")).await), Some(expected), "{query}");
    }
    assert_eq!(stage.get("ada", &format!("{path}?state=GONE")).await.status, 400);
    let mine = stage.get("grace", "/api/latest/dashboard/pull-requests?role=REVIEWER&state=OPEN").await;
    assert_eq!(mine.each("/title"), ["Limit the rate"]);
    let found = stage.get("ada", &stage.at("/branches?filterText=LIMIT")).await;
    assert_eq!(found.each("/displayId"), ["limit-rate"]);
    let repos = stage.get("edsger", "/api/latest/repos?permission=REPO_WRITE").await;
    assert_eq!(count(&repos), Some(0));
    assert_eq!(stage.get("ada", "/api/latest/projects/web/repos").await.each("/slug"), ["api"]);
}

#[tokio::test]
async fn commits_changes_and_builds_are_shown() {
    let stage = stage().await;
    let new = stage.get("ada", &stage.at("/commits?since=main&until=refs/heads/limit-rate&limit=1")).await;
    assert_eq!(new.each("/message"), ["Limit the rate"]);
    assert_eq!(new.body["nextPageStart"], 1);
    assert_eq!(stage.get("ada", &stage.pr("/commits")).await.body["size"], 2);
    assert_eq!(stage.get("ada", &stage.pr("/changes")).await.each("/type"), ["ADD", "ADD"]);
    stage.bitbucket.add_build(&stage.repo, "limit-rate", "test", BuildState::Stopped).unwrap();
    let hash = stage.bitbucket.pull_request(&stage.repo, 1).unwrap().source_hash;
    let builds = stage.at(&format!("/commits/{hash}/builds"));
    assert_eq!(stage.get("ada", &format!("{builds}?key=test")).await.body["state"], "CANCELLED");
    let body = json!({"key": "lint", "state": "SUCCESSFUL", "url": "https://example.test/1"});
    assert_eq!(stage.post("ada", &builds, body).await.status, 204);
    let stats = stage.get("ada", &format!("/build-status/latest/commits/stats/{hash}")).await;
    assert_eq!((&stats.body["successful"], &stats.body["cancelled"]), (&json!(1), &json!(1)));
}

#[tokio::test]
async fn comments_on_a_file_are_asked_for_by_path_and_all_among_the_activities() {
    let stage = stage().await;
    assert_eq!(stage.get("ada", &stage.pr("/comments")).await.status, 400);
    let anchored = json!({"text": "Here", "anchor": {"path": "src/a.rs", "line": 3}});
    let said = stage.post("grace", &stage.pr("/comments"), anchored).await;
    let reply = json!({"text": "Where?", "parent": {"id": said.body["id"]}});
    assert_eq!(stage.post("ada", &stage.pr("/comments"), reply).await.status, 201);
    let there = stage.get("ada", &stage.pr("/comments?path=src/a.rs")).await;
    assert_eq!(there.body["values"][0]["comments"][0]["text"], "Where?");
    stage.approves("grace").await;
    let log = stage.get("ada", &stage.pr("/activities")).await;
    assert_eq!(log.each("/action"), ["APPROVED", "COMMENTED", "OPENED"]);
}

#[tokio::test]
async fn default_reviewers_and_settings_are_shown() {
    let stage = stage().await;
    let base = "/default-reviewers/latest/projects/WEB/repos/api/reviewers";
    assert_eq!(stage.get("ada", base).await.status, 400);
    let query = "sourceRepoId=1&targetRepoId=1&sourceRefId=refs/heads/limit-rate&targetRefId=refs/heads/main";
    let people = stage.get("ada", &format!("{base}?{query}")).await;
    assert_eq!(people.body[0]["slug"], "grace");
    let settings = stage.get("ada", &stage.at("/settings/pull-requests")).await;
    assert_eq!(settings.body["mergeConfig"]["defaultStrategy"]["id"], "no-ff");
}
