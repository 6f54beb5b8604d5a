//! Webhook subscriptions: a repository's and a whole workspace's or project's.

use dipper::sandbox::bitbucket::{Delivery, Edition};
use serde_json::{Value, json};

use super::receiver::Receiver;
use super::{BOTH, Stage};

impl Stage {
    /// Where hooks are kept: the repository's, and those of what it is in.
    fn hook_places(&self) -> [String; 2] {
        let space = self.either("/workspaces/web/hooks", "/api/latest/projects/WEB/webhooks");
        [self.at(self.either("/hooks", "/webhooks")), space.to_owned()]
    }

    fn hook(&self, url: &str, events: &[&str]) -> Value {
        let cloud = json!({"description": "d", "url": url, "active": true, "secret": "s", "events": events});
        let data_center = json!({"name": "d", "url": url, "active": true, "events": events,
            "configuration": {"secret": "s"}});
        self.either(cloud, data_center)
    }

    fn approval(&self) -> &'static str {
        self.either("pullrequest:approved", "pr:reviewer:approved")
    }
}

fn id(edition: Edition, hook: &Value) -> String {
    match edition {
        Edition::Cloud => hook["uuid"].as_str().unwrap().replace('{', "%7B").replace('}', "%7D"),
        Edition::DataCenter => hook["id"].to_string(),
    }
}

fn urls(deliveries: &[Delivery]) -> Vec<&str> {
    deliveries.iter().filter_map(|one| one.url.as_deref()).collect()
}

#[tokio::test]
async fn a_hook_is_made_changed_and_dropped_in_either_place() {
    for edition in BOTH {
        let stage = Stage::with_pull_request(edition).await;
        for place in stage.hook_places() {
            let made =
                stage.post("grace", &place, stage.hook("http://127.0.0.1:9/a", &[stage.approval()])).await;
            assert_eq!(made.status, stage.either(201, 200), "{}", made.text);
            let path = format!("{place}/{}", id(edition, &made.body));
            assert_eq!(stage.get("grace", &path).await.body["url"], "http://127.0.0.1:9/a");
            let other = stage.hook("http://127.0.0.1:9/b", &[stage.approval()]);
            assert_eq!(stage.put("grace", &path, other).await.status, 200);
            stage.bitbucket.approve(&stage.repo, 1, "grace").unwrap();
            assert_eq!(urls(&stage.bitbucket.take_deliveries()), ["http://127.0.0.1:9/b"]);
            stage.bitbucket.unapprove(&stage.repo, 1, "grace").unwrap();
            assert_eq!(urls(&stage.bitbucket.take_deliveries()), [""; 0], "it asked for approvals alone");
            assert_eq!(stage.get("grace", &place).await.body["size"], 1);
            assert_eq!(stage.delete("grace", &path).await.status, 204);
            assert_eq!(stage.get("grace", &path).await.status, 404);
        }
        assert_eq!(stage.bitbucket.unexpected(), [""; 0]);
    }
}

#[tokio::test]
async fn a_hook_above_hears_every_repository_below() {
    for edition in BOTH {
        let stage = Stage::set(edition).await;
        let other = stage
            .bitbucket
            .add_repository(edition, "web/other")
            .allow_everyone(dipper::sandbox::bitbucket::Permission::Write);
        let stranger = stage
            .bitbucket
            .add_repository(edition, "ops/deploy")
            .allow_everyone(dipper::sandbox::bitbucket::Permission::Write);
        let push = stage.either("repo:push", "repo:refs_changed");
        let [_, above] = stage.hook_places();
        stage.post("grace", &above, stage.hook("http://127.0.0.1:9/a", &[push])).await;
        for repo in [&stage.repo, &other, &stranger] {
            stage.bitbucket.push(repo, "news", "ada", &["Something"]).unwrap();
        }
        assert_eq!(urls(&stage.bitbucket.take_deliveries()).len(), 2);
    }
}

#[tokio::test]
async fn each_edition_takes_its_own_events_alone() {
    for edition in BOTH {
        let stage = Stage::set(edition).await;
        let [below, above] = stage.hook_places();
        let refused = stage.either(
            ["pr:opened", "pullrequest:reopened", "diagnostics:ping"],
            ["pr:to_ref_updated", "pr:reviewer:changes_requested", "repo:push"],
        );
        for event in refused {
            for place in [&below, &above] {
                let hook = stage.hook("http://127.0.0.1:9/a", &[stage.approval(), event]);
                assert_eq!(stage.post("grace", place, hook).await.status, 400, "{event}");
            }
        }
        assert_eq!(stage.get("grace", &below).await.body["size"], 0, "one bad key spoils the whole");
        assert_eq!(stage.get("ada", &below).await.status, stage.either(403, 401));
        assert_eq!(stage.get("ada", &above).await.status, stage.either(403, 401));
    }
}

#[tokio::test]
async fn cloud_lists_what_may_be_subscribed_to() {
    let stage = Stage::set(Edition::Cloud).await;
    for (subject, more) in [("repository", 26), ("workspace", 29)] {
        let events = stage.get("ada", &format!("/hook_events/{subject}?pagelen=100")).await;
        assert_eq!(events.body["size"], more);
    }
    let [below, above] = stage.hook_places();
    let hook = stage.hook("http://127.0.0.1:9/a", &["project:updated"]);
    assert_eq!(stage.post("grace", &below, hook.clone()).await.status, 400);
    let made = stage.post("grace", &above, hook).await;
    assert_eq!((made.status, &made.body["subject_type"]), (201, &"workspace".into()));
    let path = format!("{above}/{}", id(Edition::Cloud, &made.body));
    let quiet = json!({"description": "e", "url": "http://127.0.0.1:9/a", "active": false, "secret": ""});
    let changed = stage.put("grace", &path, quiet).await;
    assert_eq!(
        (&changed.body["secret_set"], &changed.body["events"][0]),
        (&false.into(), &"project:updated".into())
    );
    let long = json!({"url": "http://127.0.0.1:9/a", "secret": "s".repeat(129), "events": ["repo:push"]});
    assert_eq!(stage.post("grace", &below, long).await.status, 400);
}

#[tokio::test]
async fn data_center_tries_a_door_before_using_it() {
    let stage = Stage::set(Edition::DataCenter).await;
    let (receiver, base) = Receiver::listen().await;
    let [below, _] = stage.hook_places();
    let made = stage.post("grace", &below, stage.hook(&base, &["pr:opened"])).await;
    let path = format!("{below}/test?webhookId={}&url={base}/door", made.body["id"]);
    let tried = stage.post("grace", &path, json!({})).await;
    assert_eq!((tried.status, &tried.body["response"]["statusCode"]), (200, &200.into()), "{}", tried.text);
    let arrived = receiver.arrived();
    assert_eq!((arrived[0].path.as_str(), arrived[0].json()), ("/door", json!({"test": true})));
    assert!(arrived[0].is_signed_with("s") && arrived[0].header("x-event-key") == "diagnostics:ping");
    let nobody = stage.post("grace", &format!("{below}/test?url=http://127.0.0.1:1/"), json!({})).await;
    assert!(nobody.body["error"].is_string() && nobody.status == 200);
    assert_eq!(stage.post("grace", &format!("{below}/test"), json!({})).await.status, 400);
}
