//! Build statuses, written and read over REST.

use dipper::sandbox::bitbucket::Edition;
use serde_json::{Value, json};

use super::{BOTH, Got, Stage};

impl Stage {
    async fn builds(&self, key: &str, state: &str) -> Got {
        let hash = self.tip("limit-rate");
        let (path, name) = self.either(
            (format!("/commit/{hash}/statuses/build"), "refname"),
            (format!("/commits/{hash}/builds"), "ref"),
        );
        let reference = self.either("limit-rate", "refs/heads/limit-rate");
        let body = json!({"key": key, "state": state, "url": "https://example.test/1", "name": key,
            "description": "12 tests", name: reference});
        self.post("edsger", &self.at(&path), body).await
    }
}

#[tokio::test]
async fn a_build_starts_and_fails_and_is_told_where_it_can_be() {
    for edition in BOTH {
        let stage = Stage::with_pull_request(edition).await;
        let written = stage.either(201, 204);
        assert_eq!(stage.builds("test", "INPROGRESS").await.status, written);
        assert_eq!(stage.builds("test", "FAILED").await.status, written);
        assert_eq!(stage.builds("lint", "SUCCESSFUL").await.status, written);
        assert_eq!(stage.builds("lint", "EXPLODED").await.status, 400);
        let hash = stage.tip("limit-rate");
        let all = match edition {
            Edition::Cloud => stage.get("ada", &stage.at(&format!("/commit/{hash}/statuses"))).await,
            Edition::DataCenter => stage.get("ada", &format!("/build-status/latest/commits/{hash}")).await,
        };
        assert_eq!(all.each("/state"), ["FAILED", "SUCCESSFUL"]);
        assert_eq!(all.each("/description"), ["12 tests"; 2]);
        let keys = ["created", "updated", "created"].map(|end| format!("repo:commit_status_{end}"));
        assert_eq!(stage.told(), stage.either(&keys[..], &[][..]));
    }
}

#[tokio::test]
async fn one_build_is_shown_by_its_key() {
    for edition in BOTH {
        let stage = Stage::with_pull_request(edition).await;
        stage.builds("test", "FAILED").await;
        let hash = stage.tip("limit-rate");
        let path = |key: &str| {
            let (cloud, data_center) =
                (format!("/commit/{hash}/statuses/build/{key}"), format!("/commits/{hash}/builds?key={key}"));
            stage.at(&stage.either(cloud, data_center))
        };
        assert_eq!(stage.get("ada", &path("test")).await.body["state"], "FAILED");
        assert_eq!(stage.get("ada", &path("nothing")).await.status, 404);
    }
}

#[tokio::test]
async fn cloud_rewrites_a_build_and_data_center_forgets_one() {
    let stage = Stage::with_pull_request(Edition::Cloud).await;
    stage.builds("test", "INPROGRESS").await;
    let path = stage.at(&format!("/commit/{}/statuses/build", stage.tip("limit-rate")));
    let done = json!({"key": "test", "state": "STOPPED", "url": "https://example.test/2"});
    let rewritten = stage.put("ada", &format!("{path}/test"), done.clone()).await;
    assert_eq!((rewritten.status, rewritten.body["state"].as_str()), (200, Some("STOPPED")));
    assert_eq!(stage.put("ada", &format!("{path}/other"), done).await.status, 404);
    let long = json!({"key": "k".repeat(41), "state": "FAILED", "url": "https://example.test/2"});
    assert_eq!(stage.post("ada", &path, long).await.status, 400);
    let stage = Stage::with_pull_request(Edition::DataCenter).await;
    stage.builds("test", "CANCELLED").await;
    let path = stage.at(&format!("/commits/{}/builds?key=test", stage.tip("limit-rate")));
    assert_eq!(stage.delete("ada", &path).await.status, 401);
    assert_eq!(stage.delete("grace", &path).await.status, 204);
    assert_eq!(stage.get("ada", &path).await.status, 404);
    let short = json!({"key": "test", "state": "FAILED", "url": "https://example.test/1"});
    let refused = stage.post("ada", &stage.at("/commits/abcdef0/builds"), short).await;
    assert_eq!((refused.status, refused.body.get("errors").is_some_and(Value::is_array)), (400, true));
}
