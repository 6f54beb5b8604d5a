//! What only Cloud does, and how it says it.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use dipper::sandbox::bitbucket::{BuildState, Edition, Strategy};
use reqwest::Method;
use serde_json::{Value, json};

use super::{Stage, got};

async fn stage() -> Stage {
    Stage::with_pull_request(Edition::Cloud).await
}

#[tokio::test]
async fn errors_have_their_shape() {
    let stage = stage().await;
    let missing = stage.get("ada", "/repositories/web/nothing").await;
    assert_eq!((missing.status, missing.body["type"].as_str()), (404, Some("error")));
    assert!(missing.body["error"]["message"].is_string());
    let pr = stage.get("ada", &stage.at("/pullrequests/9")).await;
    assert_eq!((pr.status, pr.text.as_str()), (404, "Not Found"));
    let branch = json!({"title": "x", "source": {"branch": {"name": "no-such"}}});
    let refused = stage.post("ada", &stage.at("/pullrequests"), branch).await;
    assert_eq!(
        (refused.status, &refused.body["error"]["fields"]["source"][0]),
        (400, &json!("branch not found: no-such"))
    );
    assert_eq!(stage.get("ada", &stage.at("/refs/branches?pagelen=101")).await.status, 400);
    assert_eq!(stage.get("ada", "/nonsense").await.status, 404);
    assert_eq!(stage.bitbucket.unexpected().len(), 2);
}

#[tokio::test]
async fn scopes_are_shown_and_enforced() {
    let stage = stage().await;
    let shown = stage.get("service", &stage.pr("")).await;
    assert_eq!(shown.header("x-oauth-scopes"), "repository, pullrequest");
    let refused = stage.get("service", "/user").await;
    assert_eq!((refused.status, &refused.body["error"]["detail"]["required"]), (403, &json!(["account"])));
    let me = stage.get("ada", "/user").await;
    assert_eq!(me.body["nickname"], "ada");
    let by_id = stage.get("ada", &format!("/users/{}", me.body["account_id"].as_str().unwrap())).await;
    assert_eq!(by_id.body, me.body);
}

#[tokio::test]
async fn an_api_token_goes_with_its_owners_address() {
    let stage = stage().await;
    let token = stage.bitbucket.personal_token(Edition::Cloud, "ada");
    for (email, status) in [("ada@example.test", 200), ("grace@example.test", 401)] {
        let coded = STANDARD.encode(format!("{email}:{token}"));
        let url = format!("{}/user", stage.bitbucket.cloud_api_url());
        let request = stage.http.get(url).header("Authorization", format!("Basic {coded}"));
        assert_eq!(got(request.send().await.unwrap()).await.status, status);
    }
}

#[tokio::test]
async fn a_slow_merge_is_asked_about_until_it_is_done() {
    let stage = stage().await;
    let repo = stage.repo.clone().merges_slowly(true).requires_approvals(1);
    let queued = stage.merges("ada").await;
    assert_eq!(queued.status, 202);
    let location = queued.header("location").to_owned();
    assert_eq!(stage.get("grace", &location).await.status, 403);
    assert_eq!(stage.get("ada", &location).await.body["task_status"], "PENDING");
    let failed = stage.get("ada", &location).await;
    assert_eq!(failed.status, 400);
    assert!(failed.text.contains("1 more approval"));
    stage.bitbucket.approve(&repo, 1, "grace").unwrap();
    let location = stage.merges("ada").await.header("location").to_owned();
    stage.get("ada", &location).await;
    let done = stage.get("ada", &location).await;
    assert_eq!(done.body["task_status"], "SUCCESS");
    assert_eq!(done.body["merge_result"]["state"], "MERGED");
}

#[tokio::test]
async fn a_merge_takes_a_strategy_and_a_message() {
    let stage = stage().await;
    let wish = json!({"type": "pullrequest_merge_parameters", "merge_strategy": "rebase_merge"});
    assert_eq!(stage.post("ada", &stage.pr("/merge"), wish).await.status, 400);
    let wish = json!({"type": "pullrequest_merge_parameters", "merge_strategy": "squash", "message": "One commit",
        "close_source_branch": true});
    assert_eq!(stage.post("ada", &stage.pr("/merge"), wish).await.status, 200);
    let merge = stage.bitbucket.pull_request(&stage.repo, 1).unwrap().merge_commit.unwrap();
    assert_eq!((merge.message.as_str(), merge.parents.len()), ("One commit", 1));
    assert_eq!(stage.get("ada", &stage.at("/refs/branches/limit-rate")).await.status, 404);
    let _ = stage.repo.clone().strategies(&[Strategy::FastForward]);
    let main = stage.get("ada", &stage.at("/refs/branches/main")).await;
    assert_eq!(main.body["default_merge_strategy"], "fast_forward");
}

#[tokio::test]
async fn lists_are_narrowed_by_a_query() {
    let stage = stage().await;
    stage.repo.branch("feature/other one").with_commit("Something else", "ada").tip().unwrap();
    let found = stage.get("ada", &stage.at("/refs/branches?q=name+~+%22LIMIT%22")).await;
    assert_eq!(found.each("/name"), ["limit-rate"]);
    let one = stage.get("ada", &stage.at("/refs/branches/feature%2Fother%20one")).await;
    assert_eq!(one.body["target"]["message"], "Something else");
    let ada = stage.get("ada", "/user").await.body["uuid"].as_str().unwrap().to_owned();
    let q: String =
        url::form_urlencoded::byte_serialize(format!("state=\"OPEN\" AND author.uuid=\"{ada}\"").as_bytes())
            .collect();
    let mine = stage.get("ada", &stage.at(&format!("/pullrequests?q={q}&sort=-updated_on"))).await;
    assert_eq!(mine.each("/title"), ["Limit the rate"]);
    assert!(mine.body["values"][0].get("participants").is_none());
    let full = stage.get("ada", &stage.at("/pullrequests?fields=%2Bvalues.participants")).await;
    assert!(full.body["values"][0]["participants"].is_array());
    let bad = stage.get("ada", &stage.at("/pullrequests?q=author+is+ada")).await;
    assert_eq!(bad.status, 400);
    assert_eq!(stage.get("ada", &stage.at("/pullrequests?pagelen=51")).await.status, 400);
}

#[tokio::test]
async fn commits_are_iterated_without_page_numbers() {
    let stage = stage().await;
    let first = stage.get("ada", &stage.at("/commits/limit-rate?pagelen=2")).await;
    assert_eq!(first.each("/message"), ["Limit the rate", "Count the calls"]);
    assert!(first.body.get("size").is_none() && first.body.get("page").is_none());
    let second = stage.get("ada", first.body["next"].as_str().unwrap()).await;
    assert_eq!(second.each("/message"), ["Start the repository"]);
    assert!(second.body.get("next").is_none());
    let new = stage.get("ada", &stage.at("/commits?include=limit-rate&exclude=main")).await;
    assert_eq!(new.body["values"].as_array().unwrap().len(), 2);
    assert_eq!(stage.get("ada", &stage.pr("/commits")).await.body, new.body);
}

#[tokio::test]
async fn a_diffstat_is_found_by_a_redirect() {
    let stage = stage().await;
    let moved = stage.get("ada", &stage.pr("/diffstat")).await;
    assert_eq!(moved.status, 302);
    let stat = stage.get("ada", moved.header("location")).await;
    assert_eq!(stat.body["values"].as_array().unwrap().len(), 2, "{}", stat.text);
}

#[tokio::test]
async fn statuses_and_reviewers_are_shown() {
    let stage = stage().await;
    stage.bitbucket.add_build(&stage.repo, "limit-rate", "test", BuildState::Successful).unwrap();
    let hash = stage.bitbucket.pull_request(&stage.repo, 1).unwrap().source_hash;
    let body = json!({"key": "lint", "state": "FAILED", "url": "https://example.test/1"});
    let path = stage.at(&format!("/commit/{hash}/statuses/build"));
    assert_eq!(stage.post("edsger", &path, body).await.status, 201);
    let all = stage.get("ada", &stage.pr("/statuses")).await;
    assert_eq!(all.each("/state"), ["SUCCESSFUL", "FAILED"]);
    let defaults = stage.get("ada", &stage.at("/effective-default-reviewers")).await;
    assert_eq!(defaults.each("/user/nickname"), ["grace"]);
    let mine = stage.get("ada", "/user/workspaces").await;
    assert_eq!(mine.each("/workspace/slug"), ["web"]);
    let repos = stage.get("ada", "/repositories/web?role=contributor").await;
    assert_eq!(repos.each("/full_name"), ["web/api"]);
    let by_id = stage.get("ada", &format!("/repositories/%7B%7D/{}", repos.each("/uuid")[0])).await;
    assert_eq!(by_id.status, 200);
}

#[tokio::test]
async fn a_verdict_is_given_and_taken_back() {
    let stage = stage().await;
    let changes = stage.pr("/request-changes");
    assert_eq!(stage.post("ada", &changes, Value::Null).await.status, 400, "it is hers");
    let asked = stage.post("grace", &changes, Value::Null).await;
    assert_eq!(
        (asked.body["state"].as_str(), asked.body["role"].as_str()),
        (Some("changes_requested"), Some("REVIEWER"))
    );
    let approval = stage.call("grace", Method::DELETE, &stage.pr("/approve"), Value::Null).await;
    assert_eq!(approval.status, 404);
    assert_eq!(stage.call("grace", Method::DELETE, &changes, Value::Null).await.status, 204);
    assert_eq!(stage.told(), ["pullrequest:changes_request_created", "pullrequest:changes_request_removed"]);
}

#[tokio::test]
async fn a_post_without_a_length_is_refused() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let stage = stage().await;
    let token = stage.bitbucket.personal_token(Edition::Cloud, "grace");
    let address = stage.bitbucket.cloud_url().replace("http://", "");
    let mut socket = tokio::net::TcpStream::connect(&address).await.unwrap();
    let path = format!("/2.0{}", stage.pr("/approve"));
    let request = format!(
        "POST {path} HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {token}\r\nConnection: close\r\n\r\n"
    );
    socket.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    socket.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 411"), "{answer}");
}
