//! Comments and tasks: said, answered, mended, settled, taken back.

use std::time::Duration;

use dipper::sandbox::bitbucket::{Anchor, Edition};
use serde_json::{Value, json};

use super::{BOTH, Stage};

#[tokio::test]
async fn a_remark_on_a_line_is_answered_and_settled() {
    for edition in BOTH {
        let stage = Stage::with_pull_request(edition).await;
        let said = stage.says("grace", "Why so many?", Some(3), None).await;
        assert_eq!(said.status, 201, "{}", said.text);
        let id = &said.body["id"];
        let reply = stage.says("ada", "It was asked for", None, Some(id)).await;
        assert_eq!(reply.status, 201, "{}", reply.text);
        let now = stage.bitbucket.pull_request(&stage.repo, 1).unwrap();
        let anchor = Anchor { path: "src/limit_the_rate.rs".to_owned(), line: Some(3), before: false };
        assert_eq!(now.comments[0].inline, Some(anchor));
        assert_eq!(Some(now.comments[0].id), now.comments[1].parent);
        let settled = stage.settles("ada", id, 0, true).await;
        assert_eq!(settled.status, 200, "{}", settled.text);
        assert!(stage.bitbucket.pull_request(&stage.repo, 1).unwrap().comments[0].resolved);
        assert!(stage.settles("ada", id, 1, false).await.status < 300);
        assert!(!stage.bitbucket.pull_request(&stage.repo, 1).unwrap().comments[0].resolved);
        let keys = stage.either(
            ["comment_created", "comment_created", "comment_resolved", "comment_reopened"],
            ["added", "added", "edited", "edited"],
        );
        let told = stage.told();
        assert!(told.iter().zip(keys).all(|(key, end)| key.ends_with(end)), "{told:?}");
    }
}

#[tokio::test]
async fn words_are_mended_by_their_author_alone() {
    for edition in BOTH {
        let stage = Stage::with_pull_request(edition).await;
        let id = stage.says("grace", "Wy?", None, None).await.body["id"].clone();
        assert_eq!(stage.rewords("ada", &id, 0, "Mine").await.status, stage.either(403, 401));
        let mended = stage.rewords("grace", &id, 0, "Why?").await;
        assert_eq!(mended.body.pointer(stage.either("/content/raw", "/text")), Some(&json!("Why?")));
        assert_eq!(stage.rewords("grace", &json!(99), 0, "Nothing").await.status, 404);
        let shown = stage.get("ada", &stage.pr(&format!("/comments/{id}"))).await;
        assert_eq!(shown.body["id"], id);
    }
}

#[tokio::test]
async fn a_late_change_of_words_is_told_and_an_early_one_only_by_data_center() {
    for edition in BOTH {
        let stage = Stage::with_pull_request(edition).await;
        let id = stage.says("grace", "Wy?", None, None).await.body["id"].clone();
        stage.told();
        stage.rewords("grace", &id, 0, "Why?").await;
        assert_eq!(stage.told(), stage.either(&[][..], &["pr:comment:edited"][..]));
        stage.clock.advance(Duration::from_secs(601));
        stage.rewords("grace", &id, 1, "Why, though?").await;
        let told = stage.bitbucket.take_deliveries();
        assert_eq!(told[0].key, stage.either("pullrequest:comment_updated", "pr:comment:edited"));
        let body: Value = serde_json::from_slice(&told[0].body).unwrap();
        let before = stage.either(Value::Null, json!("Why?"));
        assert_eq!(body["previousComment"], before);
    }
}

#[tokio::test]
async fn a_remark_is_taken_back_by_who_made_it_or_an_administrator() {
    for edition in BOTH {
        let stage = Stage::with_pull_request(edition).await;
        let path = |id: &Value, version: u64| {
            stage.pr(&stage.either(format!("/comments/{id}"), format!("/comments/{id}?version={version}")))
        };
        let id = stage.says("edsger", "First!", None, None).await.body["id"].clone();
        stage.told();
        assert_eq!(stage.delete("ada", &path(&id, 0)).await.status, stage.either(403, 401));
        assert_eq!(stage.delete("grace", &path(&id, 0)).await.status, 204);
        assert_eq!(stage.told(), [stage.either("pullrequest:comment_deleted", "pr:comment:deleted")]);
        assert_eq!(stage.delete("grace", &path(&id, 0)).await.status, 404);
        assert_eq!(stage.bitbucket.pull_request(&stage.repo, 1).unwrap().comments.len(), 0);
    }
}

#[tokio::test]
async fn what_was_answered_stays_in_one_way_or_the_other() {
    for edition in BOTH {
        let stage = Stage::with_pull_request(edition).await;
        let id = stage.says("grace", "Why?", Some(1), None).await.body["id"].clone();
        stage.says("ada", "Because", None, Some(&id)).await;
        let gone = stage.delete("grace", &stage.pr(&format!("/comments/{id}"))).await;
        assert_eq!(gone.status, stage.either(204, 409), "{}", gone.text);
        if edition == Edition::Cloud {
            let listed = stage.get("ada", &stage.pr("/comments")).await;
            let first = &listed.body["values"][0];
            assert_eq!((&first["deleted"], &first["content"]["raw"]), (&true.into(), &"".into()));
        }
    }
}

#[tokio::test]
async fn tasks_are_left_worded_anew_ticked_off_and_dropped() {
    for edition in BOTH {
        let stage = Stage::with_pull_request(edition).await;
        let left = stage.leaves_task("grace", "Say why").await;
        assert_eq!(left.status, 201, "{}", left.text);
        let path = stage.pr(&format!("{}/{}", stage.either("/tasks", "/comments"), left.body["id"]));
        let words =
            stage.either(json!({"content": {"raw": "Say how"}}), json!({"text": "Say how", "version": 0}));
        assert_eq!(stage.put("grace", &path, words).await.status, 200);
        assert!(stage.merges("ada").await.text.contains("1 unresolved task"));
        let done = json!({"state": "RESOLVED", "version": 1});
        let done = stage.put("ada", &path, stage.either(json!({"state": "RESOLVED"}), done)).await;
        assert_eq!((done.status, done.body["state"].as_str()), (200, Some("RESOLVED")), "{}", done.text);
        let open =
            stage.pr(stage.either("/tasks?q=state+%3D+%22UNRESOLVED%22", "/blocker-comments?states=OPEN"));
        assert_eq!(stage.get("ada", &open).await.body["size"], 0);
        let all = stage.pr(stage.either("/tasks", "/blocker-comments?states=OPEN&states=RESOLVED"));
        let all = stage.get("ada", &all).await;
        assert_eq!(all.each(stage.either("/content/raw", "/text")), ["Say how"]);
        assert_eq!(stage.get("ada", &path).await.status, 200);
        assert_eq!(stage.delete("grace", &path).await.status, 204);
        assert_eq!(stage.merges("ada").await.status, 200);
    }
}

#[tokio::test]
async fn a_task_hangs_on_a_comment() {
    for edition in BOTH {
        let stage = Stage::with_pull_request(edition).await;
        let id = stage.says("grace", "Why?", Some(2), None).await.body["id"].clone();
        let (path, body) = stage.either(
            ("/tasks", json!({"content": {"raw": "Explain"}, "comment": {"id": id}})),
            ("/blocker-comments", json!({"text": "Explain", "parent": {"id": id}})),
        );
        let task = stage.post("grace", &stage.pr(path), body).await;
        assert_eq!(task.status, 201, "{}", task.text);
        let now = stage.bitbucket.pull_request(&stage.repo, 1).unwrap();
        assert_eq!((now.comments[1].task, now.comments[1].parent), (true, id.as_u64()));
    }
}

#[tokio::test]
async fn cloud_settles_only_threads_on_the_diff() {
    let stage = Stage::with_pull_request(Edition::Cloud).await;
    let general = stage.says("grace", "Hello", None, None).await.body["id"].clone();
    assert_eq!(stage.settles("grace", &general, 0, true).await.status, 403);
    let thread = stage.says("grace", "Here", Some(1), None).await.body["id"].clone();
    let reply = stage.says("ada", "Where?", Some(1), Some(&thread)).await.body["id"].clone();
    assert_eq!(stage.settles("grace", &reply, 0, true).await.status, 403);
    assert_eq!(stage.settles("grace", &thread, 0, false).await.status, 404);
    assert_eq!(stage.settles("grace", &thread, 0, true).await.body["type"], "comment_resolution");
    assert_eq!(stage.settles("grace", &thread, 0, true).await.status, 409);
}

#[tokio::test]
async fn data_center_wants_the_version_of_a_comment() {
    let stage = Stage::with_pull_request(Edition::DataCenter).await;
    let id = stage.says("grace", "Wy?", None, None).await.body["id"].clone();
    assert_eq!(stage.rewords("grace", &id, 7, "Why?").await.status, 409);
    let path = stage.pr(&format!("/comments/{id}"));
    let task = stage.put("grace", &path, json!({"severity": "BLOCKER", "version": 0})).await;
    assert_eq!((&task.body["severity"], &task.body["version"]), (&"BLOCKER".into(), &1.into()));
    assert_eq!(stage.put("edsger", &path, json!({"state": "RESOLVED", "version": 1})).await.status, 401);
    let count = stage.get("ada", &stage.pr("/blocker-comments?count=true")).await;
    assert_eq!(count.body, json!({"OPEN": 1, "RESOLVED": 0}));
    assert_eq!(stage.delete("grace", &format!("{path}?version=0")).await.status, 409);
}
