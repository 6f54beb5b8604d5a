//! Pull requests that change: words, target, draft, reviewers; declined and opened again.

use dipper::sandbox::bitbucket::Edition;
use reqwest::Method;
use serde_json::{Value, json};

use super::{BOTH, Stage};

#[tokio::test]
async fn words_target_and_draft_are_changed_and_told() {
    for edition in BOTH {
        let stage = Stage::with_pull_request(edition).await;
        stage.repo.branch("release").tip().unwrap();
        let words = json!({"title": "Limit every rate", "description": "All of them", "draft": true});
        let (mut cloud, mut data_center) = (words.clone(), words);
        cloud["destination"] = json!({"branch": {"name": "release"}});
        data_center["toRef"] = json!({"id": "refs/heads/release"});
        let changed = stage.changes("ada", cloud, data_center).await;
        assert_eq!((changed.status, &changed.body["draft"]), (200, &true.into()), "{}", changed.text);
        let now = stage.bitbucket.pull_request(&stage.repo, 1).unwrap();
        assert_eq!((now.title.as_str(), now.destination.as_str()), ("Limit every rate", "release"));
        assert_eq!((now.description.as_str(), now.draft), ("All of them", true));
        let told = stage.bitbucket.take_deliveries();
        assert_eq!(
            (told.len(), told[0].key.as_str()),
            (1, stage.either("pullrequest:updated", "pr:modified"))
        );
        let body: Value = serde_json::from_slice(&told[0].body).unwrap();
        let before = stage.either(Value::Null, json!("Limit the rate"));
        assert_eq!(body["previousTitle"], before);
        assert!(stage.merges("ada").await.text.contains("draft"));
    }
}

#[tokio::test]
async fn only_open_ones_are_changed_by_those_who_may() {
    for edition in BOTH {
        let stage = Stage::with_pull_request(edition).await;
        let title = || (json!({"title": "Mine"}), json!({"title": "Mine"}));
        let (cloud, data_center) = title();
        assert_eq!(stage.changes("edsger", cloud, data_center).await.status, stage.either(403, 401));
        stage.bitbucket.decline(&stage.repo, 1, "ada").unwrap();
        let (cloud, data_center) = title();
        assert_eq!(stage.changes("ada", cloud, data_center).await.status, stage.either(400, 409));
    }
}

#[tokio::test]
async fn people_are_asked_for_review_and_let_off() {
    for edition in BOTH {
        let stage = Stage::with_pull_request(edition).await;
        let people = ["grace", "edsger"];
        let cloud: Vec<Value> = people.iter().map(|one| json!({"uuid": stage.uuid(one)})).collect();
        let data_center: Vec<Value> = people.iter().map(|one| json!({"user": {"name": one}})).collect();
        let both = (json!({"reviewers": cloud}), json!({"reviewers": data_center}));
        assert_eq!(stage.changes("ada", both.0, both.1).await.status, 200);
        assert_eq!(stage.bitbucket.pull_request(&stage.repo, 1).unwrap().reviewers, people);
        assert_eq!(stage.told(), [stage.either("pullrequest:updated", "pr:reviewer:updated")]);
        let nobody = (json!({"reviewers": []}), json!({"reviewers": []}));
        assert_eq!(stage.changes("ada", nobody.0, nobody.1).await.status, 200);
        assert_eq!(stage.bitbucket.pull_request(&stage.repo, 1).unwrap().reviewers, [""; 0]);
        let stranger = json!([{"uuid": stage.uuid("mallory")}]);
        let both = (json!({"reviewers": stranger}), json!({"reviewers": [{"user": {"name": "mallory"}}]}));
        assert_eq!(stage.changes("ada", both.0, both.1).await.status, stage.either(400, 409));
    }
}

#[tokio::test]
async fn data_center_asks_one_reviewer_at_a_time() {
    let stage = Stage::with_pull_request(Edition::DataCenter).await;
    let asked = json!({"user": {"name": "edsger"}, "role": "REVIEWER"});
    let path = stage.pr("/participants");
    let added = stage.post("ada", &path, asked.clone()).await;
    assert_eq!((added.status, added.body["role"].as_str()), (200, Some("REVIEWER")), "{}", added.text);
    assert_eq!(stage.post("edsger", &path, asked).await.status, 401);
    let author = json!({"user": {"name": "ada"}, "role": "REVIEWER"});
    assert_eq!(stage.post("ada", &path, author).await.status, 400);
    let told = stage.bitbucket.take_deliveries();
    let body: Value = serde_json::from_slice(&told[0].body).unwrap();
    assert_eq!(body["addedReviewers"][0]["name"], "edsger");
    assert_eq!(stage.delete("ada", &format!("{path}/grace")).await.status, 204);
    assert_eq!(stage.bitbucket.pull_request(&stage.repo, 1).unwrap().reviewers, ["edsger"]);
}

#[tokio::test]
async fn data_center_refuses_what_it_has_moved_on_from() {
    let stage = Stage::with_pull_request(Edition::DataCenter).await;
    let outdated = json!({"title": "x", "version": 4});
    assert_eq!(stage.changes("ada", Value::Null, outdated).await.status, 409);
    let unversioned = stage.put("ada", &stage.pr(""), json!({"title": "x"})).await;
    assert_eq!(unversioned.status, 400);
    let let_off = stage.put("ada", &stage.pr(""), json!({"title": "x", "version": 0})).await;
    assert_eq!(let_off.body["reviewers"], json!([]), "who is not named is let off");
}

#[tokio::test]
async fn a_declined_one_is_opened_again_where_that_can_be() {
    for edition in BOTH {
        let stage = Stage::with_pull_request(edition).await;
        let now = || stage.bitbucket.pull_request(&stage.repo, 1).unwrap();
        let (why, version) = ("Not now", now().version);
        let (path, body) = stage.either(
            ("/decline".to_owned(), Value::Null),
            (format!("/decline?version={version}"), json!({"version": version, "comment": why})),
        );
        assert_eq!(stage.post("ada", &stage.pr(&path), body).await.body["state"], "DECLINED");
        assert_eq!(now().comments.len(), stage.either(0, 1));
        let version = now().version;
        let again = stage.post("ada", &stage.pr(&format!("/reopen?version={version}")), Value::Null).await;
        assert_eq!(again.status, stage.either(404, 200), "{}", again.text);
        assert_eq!(now().is_open(), edition == Edition::DataCenter);
        let version = now().version;
        let twice = stage.post("ada", &stage.pr(&format!("/reopen?version={version}")), Value::Null).await;
        assert_eq!(twice.status, stage.either(404, 409));
    }
}

#[tokio::test]
async fn its_history_is_told_newest_first() {
    for edition in BOTH {
        let stage = Stage::with_pull_request(edition).await;
        let pr = stage.repo.pull_request(1);
        pr.comment("grace", "Why?").unwrap();
        stage.bitbucket.push(&stage.repo, "limit-rate", "ada", &["Explain"]).unwrap();
        pr.set_reviewers("ada", &["edsger"]).unwrap();
        stage.bitbucket.request_changes(&stage.repo, 1, "grace").unwrap();
        pr.approve("edsger").unwrap();
        pr.merge("ada").unwrap();
        let log = stage.get("edsger", &stage.pr(stage.either("/activity", "/activities"))).await;
        let entries = log.body["values"].as_array().unwrap();
        let kinds: Vec<&str> = match edition {
            Edition::Cloud => {
                let kind = |one: &'_ Value| {
                    ["update", "approval", "changes_request", "comment"]
                        .into_iter()
                        .find(|kind| one.get(kind).is_some())
                };
                entries.iter().filter_map(kind).collect()
            }
            Edition::DataCenter => entries.iter().filter_map(|one| one["action"].as_str()).collect(),
        };
        let expected = stage.either(
            ["update", "approval", "changes_request", "update", "update", "comment", "update"],
            ["MERGED", "APPROVED", "REVIEWED", "UPDATED", "RESCOPED", "COMMENTED", "OPENED"],
        );
        assert_eq!(kinds, expected);
        let merged = entries[0].pointer(stage.either("/update/state", "/commit/message"));
        assert!(merged.is_some_and(|one| !one.is_null()));
    }
}

#[tokio::test]
async fn data_centers_inbox_holds_what_waits_for_me() {
    let stage = Stage::with_pull_request(Edition::DataCenter).await;
    let inbox = "/api/latest/inbox/pull-requests";
    assert_eq!(stage.get("grace", inbox).await.each("/title"), ["Limit the rate"]);
    assert_eq!(stage.get("grace", &format!("{inbox}/count")).await.body["count"], 1);
    assert_eq!(stage.get("ada", inbox).await.body["size"], 0);
    assert_eq!(stage.get("ada", &format!("{inbox}?role=author")).await.body["size"], 1);
    stage.approves("grace").await;
    assert_eq!(stage.get("grace", inbox).await.body["size"], 0);
    let mine = "/api/latest/dashboard/pull-requests?role=REVIEWER&participantStatus=UNAPPROVED&order=OLDEST";
    assert_eq!(stage.get("grace", mine).await.body["size"], 0);
}

#[tokio::test]
async fn cloud_names_the_ways_of_merging_when_asked() {
    let stage = Stage::with_pull_request(Edition::Cloud).await;
    let plain = stage.get("ada", &stage.pr("")).await;
    assert!(plain.body["destination"]["branch"].get("merge_strategies").is_none());
    let fields = "%2Bdestination.branch.merge_strategies,%2Bdestination.branch.default_merge_strategy";
    let asked = stage.get("ada", &stage.pr(&format!("?fields={fields}"))).await;
    let branch = &asked.body["destination"]["branch"];
    assert_eq!(branch["merge_strategies"], json!(["merge_commit", "squash", "fast_forward"]));
    assert_eq!(branch["default_merge_strategy"], "merge_commit");
    assert_eq!(asked.body["title"], "Limit the rate", "nothing else is left out");
    let body = json!({"title": " "});
    assert_eq!(stage.call("ada", Method::PUT, &stage.pr(""), body).await.status, 400);
}
