//! The operations as Data Center plays them, the awkward answers above all.

use std::sync::Arc;

use dipper::bitbucket::{Edition, Error};
use dipper::words::commit::CommitFilter;
use dipper::words::merge::Merge;
use dipper::words::pull_request::{NewPullRequest, State, Verdict};
use serde_json::{Value, json};

use crate::bitbucket_client::server::{Server, Tokens, dc_pr, ok, pr, repo, says, sorted};

const PROPERTIES: &str = "GET /bitbucket/rest/api/latest/application-properties";
const USER: &str = "GET /bitbucket/rest/api/latest/users/ada";
const REPO: &str = "GET /bitbucket/rest/api/latest/projects/web/repos/api";
const MAIN: &str = "GET /bitbucket/rest/api/latest/projects/web/repos/api/default-branch";
const COMMITS: &str = "GET /bitbucket/rest/api/latest/projects/web/repos/api/commits";
const BRANCHES: &str = "GET /bitbucket/rest/api/latest/projects/web/repos/api/branches";
const LIST: &str = "GET /bitbucket/rest/api/latest/projects/web/repos/api/pull-requests";
const OPEN: &str = "POST /bitbucket/rest/api/latest/projects/web/repos/api/pull-requests";
const ONE: &str = "GET /bitbucket/rest/api/latest/projects/web/repos/api/pull-requests/7";
const CAN_MERGE: &str = "GET /bitbucket/rest/api/latest/projects/web/repos/api/pull-requests/7/merge";
const MERGE: &str = "POST /bitbucket/rest/api/latest/projects/web/repos/api/pull-requests/7/merge";
const APPROVE: &str =
    "PUT /bitbucket/rest/api/latest/projects/web/repos/api/pull-requests/7/participants/ada";
const REVIEWERS: &str = "GET /bitbucket/rest/default-reviewers/latest/projects/web/repos/api/reviewers";

fn error(message: &str, exception: &str) -> String {
    json!({"errors": [{"context": null, "message": message, "exceptionName": exception}]}).to_string()
}

async fn server() -> Server {
    let server = Server::start().await;
    server
        .on(PROPERTIES, ok(&json!({"version": "9.4.0"})).with("X-AUSERNAME", "ada"))
        .on(USER, ok(&json!({"name": "ada", "slug": "ada", "displayName": "Ada"})))
        .on(REPO, ok(&json!({"slug": "api", "id": 12, "project": {"key": "web"}})))
        .on(MAIN, ok(&json!({"id": "refs/heads/main", "displayId": "main"})))
        .on(CAN_MERGE, ok(&json!({"canMerge": true, "conflicted": false, "vetoes": []})));
    server
}

#[tokio::test]
async fn a_pull_request_reads_in_our_words() {
    let server = server().await;
    server.on(ONE, ok(&dc_pr("OPEN", 3)));
    let read = server.dc().pull_request(&pr()).await.unwrap();
    assert_eq!((read.name, read.version, read.state), (pr(), Some(3), State::Open));
    assert_eq!(read.url, format!("{}/bitbucket/projects/web/repos/api/pull-requests/7", server.url));
    assert_eq!((read.created_at, read.updated_at), (1, 1_767_312_000_000));
    assert_eq!((read.reviews[0].verdict, read.reviews[0].asked), (Verdict::NeedsWork, true));
}

#[tokio::test]
async fn a_login_is_not_always_a_slug() {
    let server = Server::start().await;
    let alike = json!({"values": [
        {"name": "ada@example.org", "slug": "ada_example.org"},
        {"name": "Ada@example.com", "slug": "ada_example.com", "displayName": "Ada"},
    ], "isLastPage": true});
    server
        .on(PROPERTIES, ok(&json!({})).with("X-AUSERNAME", "ada%40example.com"))
        .on("GET /bitbucket/rest/api/latest/users", ok(&alike));
    assert_eq!(server.dc().me().await.unwrap().id.as_str(), "ada_example.com");
}

#[tokio::test]
async fn a_token_that_ran_out_unnoticed_is_renewed() {
    let server = Server::start().await;
    let recent = "GET /bitbucket/rest/api/latest/profile/recent/repos";
    server
        .on(PROPERTIES, ok(&json!({})))
        .on(recent, says(401, ""))
        .on(recent, ok(&json!({})).with("X-AUSERNAME", "ada"))
        .on(USER, ok(&json!({"slug": "ada", "displayName": "Ada"})));
    assert_eq!(server.dc().me().await.unwrap().name, "Ada");
    assert_eq!(server.asked(USER)[0].authorization, "Bearer first");
}

#[tokio::test]
async fn a_401_to_somebody_known_is_about_rights() {
    let server = server().await;
    let tokens = Arc::new(Tokens::default());
    let words = error("You may not.", "com.atlassian.bitbucket.AuthorisationException");
    server.on(ONE, says(401, &words).with("X-AUSERNAME", "ada"));
    let dc = server.site(Edition::DataCenter).as_person(tokens.clone());
    assert_eq!(sorted(dc.pull_request(&pr()).await), "forbidden: You may not.");
    assert_eq!(tokens.renewals(), 0);
}

#[tokio::test]
async fn approving_sets_ones_own_state() {
    let server = server().await;
    server.on(APPROVE, ok(&json!({}))).on(APPROVE, says(400, &error("Authors may not.", "x")));
    server.dc().approve(&pr()).await.unwrap();
    assert_eq!(server.asked(APPROVE)[0].body, r#"{"status":"APPROVED"}"#);
    assert_eq!(sorted(server.dc().approve(&pr()).await), "refused: Authors may not.");
}

#[tokio::test]
async fn a_merge_names_the_version_and_reads_again_when_it_is_stale() {
    let server = server().await;
    let stale = error("Out of date.", "com.atlassian.bitbucket.pull.PullRequestOutOfDateException");
    server
        .on(ONE, ok(&dc_pr("OPEN", 3)))
        .on(ONE, ok(&dc_pr("OPEN", 4)))
        .on(MERGE, says(409, &stale))
        .on(MERGE, ok(&dc_pr("MERGED", 5)));
    assert_eq!(server.dc().merge(&pr(), &Merge::default()).await.unwrap().state, State::Merged);
    let versions: Vec<String> = server.asked(MERGE).into_iter().map(|asked| asked.query).collect();
    assert_eq!(versions, ["version=3", "version=4"]);
}

#[tokio::test]
async fn vetoes_and_conflicts_are_told_before_anything_is_tried() {
    for (answer, words) in [
        (
            json!({"canMerge": false, "conflicted": false, "vetoes": [{"summaryMessage": "s", "detailedMessage": "Needs 1 more approval."}]}),
            "Needs 1 more approval.",
        ),
        (json!({"conflicted": true, "vetoes": []}), "It has conflicts, which have to be resolved first."),
        (json!({"canMerge": false}), "Bitbucket says that it cannot be merged yet."),
    ] {
        let server = Server::start().await;
        server.on(ONE, ok(&dc_pr("OPEN", 3))).on(CAN_MERGE, ok(&answer));
        assert_eq!(sorted(server.dc().merge(&pr(), &Merge::default()).await), format!("refused: {words}"));
        assert_eq!(server.times(MERGE), 0);
    }
}

#[tokio::test]
async fn a_merge_refused_at_the_last_moment_is_refused_in_bitbuckets_words() {
    let server = server().await;
    server.on(ONE, ok(&dc_pr("OPEN", 3))).on(MERGE, says(409, &error("A check objects.", "MergeVeto")));
    assert_eq!(sorted(server.dc().merge(&pr(), &Merge::default()).await), "refused: A check objects.");
}

#[tokio::test]
async fn after_a_merge_in_doubt_one_looks_and_never_repeats() {
    for (state, settled) in [("MERGED", true), ("OPEN", false)] {
        let server = server().await;
        server
            .on(ONE, ok(&dc_pr("OPEN", 3)))
            .on(ONE, ok(&dc_pr(state, 4)))
            .on(MERGE, ok(&dc_pr("MERGED", 4)).cut_short());
        match server.dc().merge(&pr(), &Merge::default()).await {
            Ok(merged) => assert!(settled && merged.state == State::Merged),
            Err(error) => assert!(!settled && matches!(error, Error::InDoubt(_)), "{error:?}"),
        }
        assert_eq!(server.times(MERGE), 1);
    }
}

#[tokio::test]
async fn opening_resolves_the_branch_and_the_reviewers() {
    let server = server().await;
    let reviewers = json!([{"name": "ada", "slug": "ada"}, {"reviewers": [{"name": "bob", "slug": "bob"}]}]);
    server.on(REVIEWERS, ok(&reviewers)).on(OPEN, says(201, &dc_pr("OPEN", 0).to_string()));
    let new = NewPullRequest::new(repo(), "Limit the rate", "limit");
    assert_eq!(server.dc().open_pull_request(&new).await.unwrap().name, pr());
    let sent: Value = serde_json::from_str(&server.asked(OPEN)[0].body).unwrap();
    assert_eq!(sent["reviewers"], json!([{"user": {"name": "bob"}}]));
    assert_eq!(
        (&sent["fromRef"]["id"], &sent["toRef"]["id"]),
        (&json!("refs/heads/limit"), &json!("refs/heads/main"))
    );
    let asked = &server.asked(REVIEWERS)[0].query;
    assert_eq!(
        asked,
        "sourceRepoId=12&targetRepoId=12&sourceRefId=refs%2Fheads%2Flimit&targetRefId=refs%2Fheads%2Fmain"
    );

    server.on(OPEN, says(409, &error("There is one already.", "Duplicate"))).on(LIST, ok(&json!({})));
    server.dc().open_pull_request(&new).await.unwrap();
    assert_eq!(sorted(server.dc().open_pull_request(&new).await), "refused: There is one already.");
}

#[tokio::test]
async fn an_empty_repository_has_no_main_branch_and_no_commits() {
    let server = Server::start().await;
    server.on(REPO, ok(&json!({"slug": "api", "id": 12, "project": {"key": "web"}})));
    assert_eq!(server.dc().repository(&repo()).await.unwrap().main_branch, None);
    assert_eq!(server.dc().commits(&repo(), &CommitFilter::default(), 5).await, Ok(vec![]));
    assert!(matches!(
        server.dc().commits(&repo(), &CommitFilter::of(Some("gone")), 5).await,
        Err(Error::NotFound(_))
    ));
}

#[tokio::test]
async fn lists_go_on_where_data_center_says() {
    let server = server().await;
    let branch = |name: &str| json!({"displayId": name, "latestCommit": "abc"});
    server
        .on(BRANCHES, ok(&json!({"values": [branch("a/b")], "isLastPage": false, "nextPageStart": 40})))
        .on(BRANCHES, ok(&json!({"values": [branch("c")], "isLastPage": true, "nextPageStart": null})))
        .on(COMMITS, ok(&json!({"values": [{"id": "abc", "message": "Go", "author": {"name": "Ada"}, "authorTimestamp": 5}]})));
    let names: Vec<String> =
        server.dc().branches(&repo(), "", 9).await.unwrap().into_iter().map(|b| b.name).collect();
    assert_eq!(names, ["a/b", "c"]);
    assert!(server.asked(BRANCHES)[1].query.ends_with("start=40"));
    let commits = server.dc().commits(&repo(), &CommitFilter::of(Some("a/b")), 5).await.unwrap();
    assert_eq!((commits[0].author.as_str(), commits[0].at), ("Ada", 5));
    assert!(server.asked(COMMITS)[0].query.contains("until=refs%2Fheads%2Fa%2Fb"));
}

#[tokio::test]
async fn repositories_are_looked_for_everywhere_at_once() {
    let server = Server::start().await;
    let repos = "GET /bitbucket/rest/api/latest/repos";
    server.on(repos, ok(&json!({"values": [{"slug": "api", "project": {"key": "WEB"}}, {"slug": null}]})));
    let found = server.dc().find_repositories("WEB/ap", 5).await.unwrap();
    assert_eq!(found[0].name.to_string(), "here:WEB/api");
    assert_eq!(server.asked(repos)[0].query, "projectkey=WEB&name=ap&limit=5");
}
