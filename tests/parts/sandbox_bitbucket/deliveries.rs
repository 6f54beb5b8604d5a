//! Deliveries: signed, in order, and playable: twice, backwards, spoilt.

use dipper::sandbox::bitbucket::{Delivered, Edition};

use super::receiver::Receiver;
use super::{BOTH, SECRETS, Stage};

fn statuses(delivered: &[Delivered]) -> Vec<u16> {
    delivered.iter().map(|one| one.status).collect()
}

#[tokio::test]
async fn deliveries_arrive_signed_and_in_order() {
    for edition in BOTH {
        let stage = Stage::with_pull_request(edition).await;
        let (receiver, base) = Receiver::listen().await;
        stage.bitbucket.approve(&stage.repo, 1, "grace").unwrap();
        assert_eq!(stage.bitbucket.deliver().await, [], "nobody has said where to");
        stage.bitbucket.point_at(&base);
        stage.bitbucket.decline(&stage.repo, 1, "ada").unwrap();
        let delivered = stage.bitbucket.deliver().await;
        assert_eq!(statuses(&delivered), [200, 200]);
        let arrived = receiver.arrived();
        let (path, keys, secret, id) = match edition {
            Edition::Cloud => {
                let keys = ["pullrequest:approved", "pullrequest:rejected"];
                ("/bitbucket/cloud/webhook", keys, SECRETS[0], "x-request-uuid")
            }
            Edition::DataCenter => {
                let keys = ["pr:reviewer:approved", "pr:declined"];
                ("/bitbucket/dc/webhook", keys, SECRETS[1], "x-request-id")
            }
        };
        for (one, (key, sent)) in arrived.iter().zip(keys.iter().zip(&delivered)) {
            assert_eq!((one.path.as_str(), one.header("x-event-key")), (path, *key));
            assert_eq!(one.header(id), sent.request_id);
            assert!(one.is_signed_with(secret) && !one.is_signed_with("another secret"));
            assert!(one.header("content-type").starts_with("application/json"));
        }
        if edition == Edition::Cloud {
            assert_eq!(arrived[0].header("user-agent"), "Bitbucket-Webhooks/2.0");
            assert_eq!(
                (arrived[0].header("x-attempt-number"), arrived[0].header("x-hook-uuid").len()),
                ("1", 36)
            );
            assert!(arrived[0].json()["approval"]["user"]["uuid"].is_string());
        } else {
            let body = arrived[0].json();
            assert_eq!(
                (body["eventKey"].as_str(), body["previousStatus"].as_str()),
                (Some(keys[0]), Some("UNAPPROVED"))
            );
        }
    }
}

#[tokio::test]
async fn deliveries_can_be_doubled_reversed_and_spoilt() {
    for edition in BOTH {
        let stage = Stage::with_pull_request(edition).await;
        let (receiver, base) = Receiver::listen().await;
        stage.bitbucket.point_at(&base);
        stage.bitbucket.approve(&stage.repo, 1, "grace").unwrap();
        stage.bitbucket.comment(&stage.repo, 1, "grace", "Fine").unwrap();
        let mut taken = stage.bitbucket.take_deliveries();
        assert_eq!(stage.bitbucket.deliver().await, []);
        let mut again = taken[0].attempt(2);
        again.body.push(b' ');
        taken.reverse();
        for one in taken.iter().chain([&again, &again]) {
            assert_eq!(stage.bitbucket.send(one).await.status, 200);
        }
        let arrived = receiver.arrived();
        let secret = SECRETS[usize::from(edition == Edition::DataCenter)];
        let signed: Vec<bool> = arrived.iter().map(|one| one.is_signed_with(secret)).collect();
        assert_eq!(signed, [true, true, false, false]);
        assert_eq!(arrived[1].header("x-event-key"), arrived[2].header("x-event-key"));
        again.sign(secret);
        receiver.answers(503);
        assert_eq!(stage.bitbucket.send(&again).await.status, 503);
        assert!(receiver.arrived()[4].is_signed_with(secret));
        assert_eq!(stage.bitbucket.delivery_counter(), 3);
    }
}

#[tokio::test]
async fn deliveries_leave_by_themselves_when_told_to() {
    let stage = Stage::with_pull_request(Edition::DataCenter).await;
    let (receiver, base) = Receiver::listen().await;
    stage.bitbucket.auto_deliver(true);
    stage.bitbucket.point_at(&base);
    stage.approves("grace").await;
    stage.bitbucket.ping();
    let arrived = receiver.until(2).await;
    let keys: Vec<String> = arrived.iter().map(|one| one.header("x-event-key").to_owned()).collect();
    assert_eq!(keys, ["pr:reviewer:approved", "diagnostics:ping"]);
    assert_eq!(arrived[1].json(), serde_json::json!({"test": true}));
}

#[tokio::test]
async fn a_bot_that_is_not_there_does_not_answer() {
    let stage = Stage::with_pull_request(Edition::Cloud).await;
    stage.bitbucket.point_at("http://127.0.0.1:1");
    stage.bitbucket.approve(&stage.repo, 1, "grace").unwrap();
    assert_eq!(statuses(&stage.bitbucket.deliver().await), [0]);
}

#[tokio::test]
async fn a_long_push_names_five_commits_on_cloud() {
    let stage = Stage::set(Edition::Cloud).await;
    let messages = ["1", "2", "3", "4", "5", "6"];
    stage.bitbucket.push(&stage.repo, "new", "ada", &messages).unwrap();
    stage.bitbucket.delete_branch(&stage.repo, "new", "ada").unwrap();
    let taken = stage.bitbucket.take_deliveries();
    let pushed: serde_json::Value = serde_json::from_slice(&taken[0].body).unwrap();
    let change = &pushed["push"]["changes"][0];
    assert_eq!((change["truncated"].as_bool(), change["created"].as_bool()), (Some(true), Some(true)));
    assert_eq!(change["commits"].as_array().map(Vec::len), Some(5));
    let deleted: serde_json::Value = serde_json::from_slice(&taken[1].body).unwrap();
    assert!(deleted["push"]["changes"][0]["new"].is_null());
}
