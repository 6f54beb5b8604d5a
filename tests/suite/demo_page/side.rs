//! The Bitbucket side: what is done there arrives in Slack, where the bot tells of it.

use serde_json::{Value, json};

use super::window::{Demo, is_ticked, pull_request, says};

fn deed(repo: &str, deed: &Value) -> Value {
    let instance = if repo.starts_with("web/") { "cloud" } else { "dc" };
    let mut all = json!({"do": "bitbucket", "instance": instance, "repo": repo});
    for (key, value) in deed.as_object().unwrap() {
        all[key] = value.clone();
    }
    all
}

#[tokio::test]
async fn what_is_opened_approved_and_merged_is_told_on_both_editions() {
    let demo = Demo::start(1).await;
    for (repo, channel, branch, number) in
        [("web/api", "web", "retry-webhooks", 5), ("BANK/ledger", "payments", "feature/nightly-report", 4)]
    {
        let mut ada = demo.window("ada").await;
        let grace = demo.window("grace").await;
        let heard = ada.channel(channel);
        let open = json!({"deed": "open", "title": "Something new", "from": branch, "into": "main"});
        ada.does(deed(repo, &open)).await;
        ada.until("the card", |state| says(state, &heard, "Something new").then_some(())).await;
        grace.does(deed(repo, &json!({"deed": "approve", "pr": number}))).await;
        ada.until("the approval", |state| says(state, &heard, "approved: Grace").then_some(())).await;
        grace.does(deed(repo, &json!({"deed": "merge", "pr": number}))).await;
        ada.until("the merge", |state| says(state, &heard, "merged by Grace").then_some(())).await;
        assert_eq!(pull_request(&ada.state, repo, number).unwrap()["state"], "merged");
        assert!(is_ticked(&ada.state, "bitbucket"));
    }
    demo.finish().await;
}

#[tokio::test]
async fn everything_else_one_does_there_can_be_seen_there() {
    let demo = Demo::start(1).await;
    let mut ada = demo.window("ada").await;
    let repo = "BANK/ledger";
    for one in [
        json!({"deed": "comment", "pr": 1, "text": "Fine by me"}),
        json!({"deed": "needs_work", "pr": 1}),
        json!({"deed": "build", "pr": 1, "name": "test", "state": "failed"}),
        json!({"deed": "push", "branch": "feature/batch-postings", "message": "One more"}),
        json!({"deed": "build", "pr": 1, "name": "test", "state": "running"}),
        json!({"deed": "build", "pr": 1, "name": "lint", "state": "passed"}),
        json!({"deed": "push", "branch": "brand-new", "message": "Begin"}),
        json!({"deed": "decline", "pr": 2}),
    ] {
        ada.does(deed(repo, &one)).await;
    }
    let declined = |state: &Value| (pull_request(state, repo, 2)?["state"] == "declined").then_some(());
    ada.until("the end", declined).await;
    let pr = pull_request(&ada.state, repo, 1).unwrap();
    assert_eq!(pr["comments"][0]["text"], "Fine by me");
    assert_eq!(pr["commits"][0]["message"], "One more");
    assert!(pr["reviewers"].to_string().contains(r#""ada","verdict":"needs_work""#), "{pr}");
    assert_eq!(
        pr["builds"],
        json!([{"name": "test", "state": "running"}, {"name": "lint", "state": "passed"}])
    );
    ada.does(deed(repo, &json!({"deed": "unapprove", "pr": 1}))).await;
    assert!(ada.state["bitbucket"].to_string().contains(r#"{"name":"brand-new","ahead":1}"#));
    demo.finish().await;
}

#[tokio::test]
async fn what_bitbucket_refuses_is_said_in_words() {
    let demo = Demo::start(1).await;
    let ada = demo.window("ada").await;
    for (repo, one, why) in [
        ("web/api", json!({"deed": "merge", "pr": 4}), "It cannot be merged yet: it needs 1 more approval."),
        ("web/api", json!({"deed": "approve", "pr": 1}), "It is your own; somebody else has to review it."),
        ("web/api", json!({"deed": "approve", "pr": 99}), "There is no pull request 99."),
        ("web/api", json!({"deed": "comment", "pr": 4, "text": " "}), "Write something first."),
        (
            "web/api",
            json!({"deed": "open", "title": "Again", "from": "health-checks", "into": "main"}),
            "There is one already for health-checks: #4.",
        ),
        (
            "web/api",
            json!({"deed": "open", "title": "Nothing", "from": "main", "into": "main"}),
            "Main holds nothing that main does not.",
        ),
        ("web/nothing", json!({"deed": "approve", "pr": 1}), "There is no repository web/nothing."),
        (
            "BANK/ledger",
            json!({"deed": "merge", "pr": 2}),
            "It cannot be merged yet: its branches conflict, it needs 1 more approval.",
        ),
    ] {
        assert_eq!(ada.cannot(deed(repo, &one)).await, why);
    }
    let nowhere = json!({"do": "bitbucket", "instance": "moon", "repo": "a/b", "deed": "merge", "pr": 1});
    assert_eq!(ada.cannot(nowhere).await, "There is no Bitbucket called moon.");
    demo.finish().await;
}
