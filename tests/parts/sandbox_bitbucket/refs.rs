//! Branches and tags, made and taken away over REST.

use serde_json::{Value, json};

use super::asks::module;
use super::{BOTH, Stage};

#[tokio::test]
async fn a_branch_is_made_told_of_and_deleted() {
    for edition in BOTH {
        let stage = Stage::set(edition).await;
        let (main, pushed) = (stage.tip("main"), stage.either("repo:push", "repo:refs_changed"));
        let made = stage.makes_branch("ada", "feature/one", &main).await;
        assert_eq!(made.status, 201, "{}", made.text);
        assert_eq!(made.body[stage.either("name", "displayId")], "feature/one");
        assert_eq!(stage.tip("feature/one"), main);
        assert_eq!(stage.told(), [pushed]);
        assert_eq!(stage.drops_branch("ada", "feature/one").await.status, 204);
        assert_eq!(stage.told(), [pushed]);
        let listed = stage.get("ada", &stage.at(stage.either("/refs/branches", "/branches"))).await;
        assert_eq!(listed.each(stage.either("/name", "/displayId")), ["limit-rate", "main"]);
        assert_eq!(stage.bitbucket.unexpected(), [""; 0]);
    }
}

#[tokio::test]
async fn a_branch_that_cannot_be_is_refused() {
    for edition in BOTH {
        let stage = Stage::set(edition).await;
        let main = stage.tip("main");
        let twice = stage.makes_branch("ada", "limit-rate", &main).await;
        assert_eq!((twice.status, twice.text.contains("already exists")), (stage.either(400, 409), true));
        assert_eq!(stage.makes_branch("ada", "no such name", &main).await.status, 400);
        let nowhere = stage.makes_branch("ada", "x", &"0".repeat(40)).await;
        assert_eq!(nowhere.status, stage.either(400, 404), "{}", nowhere.text);
        assert_eq!(stage.makes_branch("edsger", "x", &main).await.status, stage.either(403, 401));
        assert_eq!(stage.drops_branch("ada", "main").await.status, 400);
        assert_eq!(stage.drops_branch("edsger", "limit-rate").await.status, stage.either(403, 401));
        let gone = stage.drops_branch("ada", "no-such").await;
        assert_eq!(gone.status, stage.either(404, 204), "what is not there is as good as deleted on one");
        assert_eq!(stage.told(), [""; 0]);
    }
}

#[tokio::test]
async fn a_tag_is_made_told_of_and_deleted() {
    for edition in BOTH {
        let stage = Stage::set(edition).await;
        let made = stage.tags("ada", "v1.0/rc", "The first").await;
        assert_eq!(made.status, stage.either(201, 200), "{}", made.text);
        let told = stage.bitbucket.take_deliveries();
        let body: Value = serde_json::from_slice(&told[0].body).unwrap();
        let kind = stage.either("/push/changes/0/new/type", "/changes/0/ref/type");
        assert_eq!(body.pointer(kind), Some(&json!(stage.either("tag", "TAG"))));
        let path = stage.at(stage.either("/refs/tags/v1.0%2Frc", "/tags/v1.0/rc"));
        let shown = stage.get("edsger", &path).await;
        let hash = shown.body.pointer(stage.either("/target/hash", "/latestCommit"));
        assert_eq!(hash, Some(&json!(stage.tip("main"))));
        assert_eq!(stage.tags("ada", "v1.0/rc", "Again").await.status, stage.either(400, 409));
        assert_eq!(stage.drops_tag("edsger", "v1.0/rc").await.status, stage.either(403, 401));
        assert_eq!(stage.drops_tag("ada", "v1.0/rc").await.status, 204);
        assert_eq!(stage.drops_tag("ada", "v1.0/rc").await.status, 404);
        assert_eq!(stage.told().len(), 1);
        assert_eq!(stage.get("ada", &path).await.status, 404);
    }
}

#[tokio::test]
async fn tags_are_listed_and_narrowed() {
    for edition in BOTH {
        let stage = Stage::set(edition).await;
        for name in ["v1", "v2", "nightly"] {
            stage.bitbucket.tag(&stage.repo, name, "main", "ada").unwrap();
        }
        let name = stage.either("/name", "/displayId");
        let all = stage.get("ada", &stage.at(stage.either("/refs/tags", "/tags"))).await;
        assert_eq!(all.each(name), ["nightly", "v1", "v2"]);
        let some =
            stage.either("/refs/tags?q=name+~+%22V%22&sort=-name", "/tags?filterText=V&orderBy=ALPHABETICAL");
        let some = stage.get("ada", &stage.at(some)).await;
        assert_eq!(some.each(name), stage.either(["v2", "v1"], ["v1", "v2"]));
        stage.bitbucket.delete_tag(&stage.repo, "nightly", "ada").unwrap();
        let commits = stage.either("/commits?include=v1", "/commits?until=v1");
        assert_eq!(stage.get("ada", &stage.at(commits)).await.each("/message"), ["Start the repository"]);
    }
}

#[tokio::test]
async fn data_center_makes_branches_and_tags_in_two_places() {
    let stage = Stage::set(dipper::sandbox::bitbucket::Edition::DataCenter).await;
    let body = json!({"name": "elsewhere", "startPoint": "refs/heads/main"});
    assert_eq!(stage.post("ada", &stage.at("/branches"), body.clone()).await.status, 200);
    let tag = json!({"name": "v1", "startPoint": "main", "type": "LIGHTWEIGHT"});
    let made = stage.post("ada", &module("git", "/tags"), tag).await;
    assert_eq!((made.status, &made.body["hash"]), (201, &Value::Null), "nothing was said about it");
    let dry = json!({"name": "elsewhere", "dryRun": true});
    let path = module("branch-utils", "/branches");
    assert_eq!(stage.call("ada", reqwest::Method::DELETE, &path, dry).await.status, 204);
    assert_eq!(stage.tip("elsewhere"), stage.tip("main"));
    let moved = json!({"name": "elsewhere", "endPoint": "0".repeat(40)});
    assert_eq!(stage.call("ada", reqwest::Method::DELETE, &path, moved).await.status, 400);
    let default = stage.get("ada", &stage.at("/default-branch")).await;
    assert_eq!(default.body["displayId"], "main");
}
