//! Recorded REST answers of real Bitbuckets, served to the operations that would get them.

use std::fs;

use dipper::bitbucket::Bitbucket;
use serde_json::{Value, json};

use crate::bitbucket_client::server::{Server, fixtures, pr, repo, says};

const CLOUD: &str = "/2.0/repositories/web/api";
const DATA_CENTER: &str = "/bitbucket/rest/api/latest/projects/web/repos/api";

/// What a recording shows, by its file's name.
#[derive(Clone, Copy, PartialEq)]
enum Shows {
    PullRequest,
    PullRequests,
    Repository,
    Branches,
    Commits,
}

impl Shows {
    fn path(self, base: &str) -> String {
        let cloud = base == CLOUD;
        match self {
            Self::PullRequest if cloud => format!("GET {base}/pullrequests/7"),
            Self::PullRequest => format!("GET {base}/pull-requests/7"),
            Self::PullRequests if cloud => format!("GET {base}/pullrequests"),
            Self::PullRequests => format!("GET {base}/pull-requests"),
            Self::Repository => format!("GET {base}"),
            Self::Branches if cloud => format!("GET {base}/refs/branches"),
            Self::Branches => format!("GET {base}/branches"),
            Self::Commits => format!("GET {base}/commits"),
        }
    }

    /// How many entries the operation made of it.
    async fn count(self, bitbucket: &dyn Bitbucket) -> usize {
        match self {
            Self::PullRequest => bitbucket.pull_request(&pr()).await.map(|_| 1).unwrap(),
            Self::PullRequests => bitbucket.open_pull_requests(&repo(), 500).await.unwrap().len(),
            Self::Repository => bitbucket.repository(&repo()).await.map(|_| 1).unwrap(),
            Self::Branches => bitbucket.branches(&repo(), "", 500).await.unwrap().len(),
            Self::Commits => bitbucket.commits(&repo(), Some("main"), 500).await.unwrap().len(),
        }
    }
}

/// By what is in it; single branches and commits are shown as lists of one.
fn sorted(body: Value) -> Option<(Shows, Value)> {
    let list = body["values"].is_array();
    let sample = if list { body["values"][0].clone() } else { body.clone() };
    let has = |field: &str| !sample[field].is_null();
    let shows = if has("title") && has("id") && (has("destination") || has("toRef")) {
        if list { Shows::PullRequests } else { Shows::PullRequest }
    } else if (has("full_name") && has("scm") || has("scmId") && has("project")) && !list {
        Shows::Repository
    } else if has("hash") && has("message") || has("authorTimestamp") && has("message") {
        Shows::Commits
    } else if has("target") && sample["type"] == "branch" || has("latestCommit") && sample["type"] == "BRANCH"
    {
        Shows::Branches
    } else {
        return None;
    };
    let wrap = !list && matches!(shows, Shows::Commits | Shows::Branches);
    Some((shows, if wrap { json!({"values": [body], "isLastPage": true}) } else { body }))
}

fn entries(shows: Shows, body: &Value) -> usize {
    match shows {
        Shows::PullRequest | Shows::Repository => 1,
        _ => body["values"].as_array().unwrap().len(),
    }
}

async fn all_decode(folder: &str, base: &str) {
    let Some(folder) = fixtures(folder) else { return };
    let mut decoded = 0;
    for file in fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        let body = serde_json::from_slice::<Value>(&fs::read(&path).unwrap()).unwrap_or_default();
        let Some((shows, mut body)) = sorted(body) else {
            continue;
        };
        let expected = entries(shows, &body);
        body["next"] = Value::Null;
        body["isLastPage"] = json!(true);
        let server = Server::start().await;
        server.on(&shows.path(base), says(200, &body.to_string()));
        let bitbucket = if base == CLOUD { server.cloud() } else { server.dc() };
        assert_eq!(shows.count(&*bitbucket).await, expected, "{}", path.display());
        decoded += 1;
    }
    println!("{decoded} recordings decoded");
    assert!(decoded > 15);
}

#[tokio::test]
async fn recorded_cloud_answers_decode() {
    all_decode("cloud-rest", CLOUD).await;
}

#[tokio::test]
async fn recorded_data_center_answers_decode() {
    all_decode("dc-rest", DATA_CENTER).await;
}
