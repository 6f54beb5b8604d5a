//! The operations as Bitbucket Cloud plays them, the awkward answers above all.

use dipper::bitbucket::Error;
use dipper::words::commit::CommitFilter;
use dipper::words::merge::Merge;
use dipper::words::pull_request::{NewPullRequest, State, Verdict};
use serde_json::{Value, json};

use crate::bitbucket_client::server::{Server, cloud_pr, ok, pr, repo, says, sorted};

const ONE: &str = "GET /2.0/repositories/web/api/pullrequests/7";
const LIST: &str = "GET /2.0/repositories/web/api/pullrequests";
const OPEN: &str = "POST /2.0/repositories/web/api/pullrequests";
const MERGE: &str = "POST /2.0/repositories/web/api/pullrequests/7/merge";
const APPROVE: &str = "POST /2.0/repositories/web/api/pullrequests/7/approve";
const REVIEWERS: &str = "GET /2.0/repositories/web/api/effective-default-reviewers";

fn error(message: &str) -> String {
    json!({"type": "error", "error": {"message": message}}).to_string()
}

async fn server() -> Server {
    let server = Server::start().await;
    server.on("GET /2.0/user", ok(&json!({"uuid": "{ada}", "display_name": "Ada"})));
    server
}

fn new(target: Option<&str>) -> NewPullRequest {
    let new = NewPullRequest::new(repo(), "Limit the rate", "limit");
    NewPullRequest { target: target.map(str::to_owned), ..new }
}

#[tokio::test]
async fn a_pull_request_reads_in_our_words() {
    let server = server().await;
    server.on(ONE, ok(&cloud_pr("OPEN")));
    let read = server.cloud().pull_request(&pr()).await.unwrap();
    assert_eq!(read.name, pr());
    assert_eq!(read.url, format!("{}/bitbucket/web/api/pull-requests/7", server.url));
    assert_eq!((read.source.as_str(), read.target.as_str(), read.source_repo), ("limit", "main", None));
    assert_eq!(read.updated_at, 1_767_312_000_500);
    assert_eq!((read.reviews[0].verdict, read.reviews[0].asked), (Verdict::Approved, true));
}

#[tokio::test]
async fn merging_now_and_merging_behind_end_alike() {
    let server = server().await;
    let task = "/2.0/repositories/web/api/pullrequests/7/merge/task-status/1";
    server
        .on(MERGE, ok(&cloud_pr("MERGED")))
        .on(MERGE, says(202, "").with("Location", &format!("{}{task}", server.url)))
        .on(&format!("GET {task}"), ok(&json!({"task_status": "PENDING"})))
        .on(
            &format!("GET {task}"),
            ok(&json!({"task_status": "SUCCESS", "merge_result": cloud_pr("MERGED")})),
        );
    for _ in 0..2 {
        assert_eq!(server.cloud().merge(&pr(), &Merge::default()).await.unwrap().state, State::Merged);
    }
    let sent: Value = serde_json::from_str(&server.asked(MERGE)[0].body).unwrap();
    assert_eq!(sent, json!({"type": "pullrequest_merge_parameters"}));
}

#[tokio::test]
async fn a_merge_refused_is_refused_in_bitbuckets_words() {
    let server = server().await;
    server
        .on(ONE, ok(&cloud_pr("OPEN")))
        .on(MERGE, says(400, &error("2 approvals needed.")))
        .on(MERGE, says(409, &error("main moved")))
        .on(MERGE, says(403, &error("no")));
    let cloud = server.cloud();
    assert_eq!(sorted(cloud.merge(&pr(), &Merge::default()).await), "refused: 2 approvals needed.");
    assert_eq!(sorted(cloud.merge(&pr(), &Merge::default()).await), "refused: main moved");
    assert_eq!(sorted(cloud.merge(&pr(), &Merge::default()).await), "forbidden: no");
}

#[tokio::test]
async fn a_merge_task_that_fails_says_why() {
    let server = server().await;
    server
        .on(ONE, ok(&cloud_pr("OPEN")))
        .on(MERGE, says(202, "").with("Location", "/2.0/task"))
        .on("GET /2.0/task", says(400, &error("It conflicts.")));
    assert_eq!(sorted(server.cloud().merge(&pr(), &Merge::default()).await), "refused: It conflicts.");
}

#[tokio::test]
async fn after_a_merge_in_doubt_one_looks_and_never_repeats() {
    for (reply, state, settled) in [
        (says(500, ""), "MERGED", true),
        (says(555, ""), "MERGED", true),
        (ok(&cloud_pr("MERGED")).cut_short(), "MERGED", true),
        (says(202, ""), "MERGED", true),
        (says(500, ""), "OPEN", false),
        (says(200, "not json"), "OPEN", false),
    ] {
        let server = server().await;
        server.on(MERGE, reply).on(ONE, ok(&cloud_pr(state)));
        match server.cloud().merge(&pr(), &Merge::default()).await {
            Ok(merged) => assert!(settled && merged.state == State::Merged),
            Err(error) => assert!(!settled && matches!(error, Error::InDoubt(_)), "{error:?}"),
        }
        assert_eq!((server.times(MERGE), server.times(ONE)), (1, 1));
    }
}

#[tokio::test]
async fn what_is_closed_says_how() {
    for (state, words) in [("MERGED", "It is already merged."), ("DECLINED", "It was declined.")] {
        let server = server().await;
        server.on(MERGE, says(400, &error("?"))).on(ONE, ok(&cloud_pr(state)));
        assert_eq!(sorted(server.cloud().merge(&pr(), &Merge::default()).await), format!("refused: {words}"));
    }
}

#[tokio::test]
async fn approving_twice_is_fine_in_any_language() {
    let server = server().await;
    let mut approved = cloud_pr("OPEN");
    approved["participants"][0]["user"]["uuid"] = json!("{ada}");
    server
        .on(APPROVE, ok(&json!({})))
        .on(APPROVE, says(409, &error("Schon genehmigt")))
        .on(ONE, ok(&approved))
        .on(ONE, ok(&cloud_pr("OPEN")));
    for _ in 0..2 {
        server.cloud().approve(&pr()).await.unwrap();
    }
    assert_eq!(sorted(server.cloud().approve(&pr()).await), "refused: Schon genehmigt");
}

#[tokio::test]
async fn opening_asks_the_default_reviewers_but_the_author() {
    let server = server().await;
    let reviewers =
        json!({"values": [{"user": {"uuid": "{ada}"}}, {"user": {"uuid": "{bob}"}}, {"user": null}]});
    server.on(REVIEWERS, ok(&reviewers)).on(OPEN, says(201, &cloud_pr("OPEN").to_string()));
    assert_eq!(server.cloud().open_pull_request(&new(None)).await.unwrap().name, pr());
    let sent: Value = serde_json::from_str(&server.asked(OPEN)[0].body).unwrap();
    assert_eq!(sent["reviewers"], json!([{"uuid": "{bob}"}]));
    assert_eq!(sent["source"], json!({"branch": {"name": "limit"}}));
    assert!(sent.get("destination").is_none());
}

#[tokio::test]
async fn after_opening_in_doubt_one_looks_for_it() {
    for (list, found) in [(json!([cloud_pr("OPEN")]), true), (json!([]), false)] {
        let server = server().await;
        server
            .on(REVIEWERS, says(403, ""))
            .on(OPEN, says(201, &cloud_pr("OPEN").to_string()).cut_short())
            .on(LIST, ok(&json!({"values": list})));
        match server.cloud().open_pull_request(&new(Some("main"))).await {
            Ok(opened) => assert!(found && opened.name == pr()),
            Err(error) => assert!(!found && matches!(error, Error::InDoubt(_)), "{error:?}"),
        }
        assert_eq!(server.times(OPEN), 1);
    }
}

#[tokio::test]
async fn repositories_are_looked_for_in_every_workspace() {
    let server = server().await;
    let workspaces = ["web", "ops", "closed"].map(|slug| json!({"workspace": {"slug": slug}}));
    server
        .on("GET /2.0/user/workspaces", ok(&json!({"values": workspaces})))
        .on(
            "GET /2.0/repositories/web",
            ok(&json!({"values": [{"full_name": "web/api", "mainbranch": {"name": "main"}, "updated_on": "2026-01-01T00:00:00Z"}]})),
        )
        .on(
            "GET /2.0/repositories/ops",
            ok(&json!({"values": [{"full_name": "ops/api-gate", "mainbranch": null, "updated_on": "2026-02-01T00:00:00Z"}]})),
        );
    let found = server.cloud().find_repositories("api", 10).await.unwrap();
    let names: Vec<String> = found.iter().map(|repo| repo.name.short()).collect();
    assert_eq!(names, ["ops/api-gate", "web/api"]);
    assert!(server.asked("GET /2.0/repositories/web")[0].query.contains("q=name+%7E+%22api%22"));
    assert_eq!(server.cloud().find_repositories("web/", 10).await.unwrap().len(), 1);
}

#[tokio::test]
async fn branches_and_commits_read_too() {
    let server = server().await;
    server
        .on("GET /2.0/repositories/web/api", ok(&json!({"full_name": "web/api", "mainbranch": {"name": "main"}})))
        .on(
            "GET /2.0/repositories/web/api/refs/branches",
            ok(&json!({"values": [{"name": "feature/x", "target": {"hash": "abc"}}]})),
        )
        .on(
            "GET /2.0/repositories/web/api/commits",
            ok(&json!({"values": [{"hash": "abc", "message": "Go\n\nnow", "author": {"raw": "Ada <ada@example.com>", "user": null}}]})),
        );
    let branches = server.cloud().branches(&repo(), "x", 5).await.unwrap();
    assert_eq!(branches[0].name, "feature/x");
    let commits = server.cloud().commits(&repo(), &CommitFilter::default(), 5).await.unwrap();
    assert_eq!((commits[0].author.as_str(), commits[0].subject()), ("Ada", "Go"));
    assert!(server.asked("GET /2.0/repositories/web/api/commits")[0].query.contains("include=main"));
}
