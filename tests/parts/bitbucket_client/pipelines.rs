//! Pipelines as Cloud writes them, known states and unknown, and logs that are stored elsewhere.

use dipper::bitbucket::{Edition, Error};
use dipper::words::pipeline::RunState::{self, Failed, Passed, Paused, Running, Stopped, Waiting};
use serde_json::{Value, json};

use crate::bitbucket_client::server::{Server, in_cloud, page, repo, says};

fn run(number: u64, state: &Value) -> Value {
    json!({"uuid": format!("{{{number}}}"), "build_number": number, "state": state, "created_on": "2026-11-21T08:00:00Z"})
}

#[tokio::test]
async fn states_are_read_and_unknown_ones_are_named_as_they_are() {
    let (server, cloud) = Server::of(Edition::Cloud).await;
    let done = |result: &str| json!({"name": "COMPLETED", "result": {"name": result}});
    let states = [
        json!({"name": "PENDING"}),
        json!({"name": "IN_PROGRESS", "stage": {"name": "RUNNING"}}),
        json!({"name": "IN_PROGRESS", "stage": {"name": "PAUSED"}}),
        json!({"name": "HALTED"}),
        done("SUCCESSFUL"),
        done("FAILED"),
        done("ERROR"),
        done("STOPPED"),
        done("EXPIRED"),
        json!(null),
    ];
    let all: Vec<Value> = states.iter().enumerate().map(|(at, state)| run(at as u64 + 1, state)).collect();
    server.on(&in_cloud("GET", "/pipelines"), page(json!(all)));
    let found = cloud.runs(&repo(), None, 50).await.unwrap();
    let [expired, unknown] = ["expired", ""].map(|word| RunState::Other(word.to_owned()));
    let read: Vec<RunState> = found.into_iter().map(|run| run.state).collect();
    assert_eq!(read, [Waiting, Running, Paused, Paused, Passed, Failed, Failed, Stopped, expired, unknown]);
}

#[tokio::test]
async fn what_is_stored_elsewhere_is_read_without_a_token() {
    let (server, cloud) = Server::of(Edition::Cloud).await;
    let (storage, _) = Server::of(Edition::Cloud).await;
    let key = in_cloud("GET", "/pipelines/%7B1%7D/steps/%7B2%7D/log");
    let place = format!("{}/log?signed=yes", storage.url);
    server.on(&key, says(307, "").with("location", &place));
    storage.on("GET /log", says(206, "the end of it"));
    assert_eq!(cloud.step_log(&repo(), "{1}", "{2}").await.unwrap(), "the end of it");
    let asked = &storage.asked("GET /log")[0];
    assert_eq!((asked.query.as_str(), asked.authorization.as_str()), ("signed=yes", ""));
    let gone = in_cloud("GET", "/pipelines/%7B1%7D/steps/%7B3%7D/log");
    server.on(&gone, says(307, "").with("location", &format!("{}/gone", storage.url)));
    storage.on("GET /gone", says(404, "NoSuchKey"));
    assert!(matches!(cloud.step_log(&repo(), "{1}", "{3}").await, Err(Error::NotFound(_))));
}
