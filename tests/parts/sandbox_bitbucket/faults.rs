//! Misbehaving when told to: the world stays true to what the caller was not told.

use std::time::{Duration, Instant};

use dipper::sandbox::bitbucket::Edition;
use dipper::sandbox::wire::Fault;

use super::{BOTH, Stage};

fn refusal(status: u16, retry_after: Option<u64>) -> Fault {
    Fault::Refuse { status, retry_after, body: "Rate limit for this resource has been exceeded" }
}

/// An approval over a connection of its own, which may break.
async fn approve(stage: &Stage) -> Result<(u16, String), reqwest::Error> {
    let token = stage.bitbucket.personal_token(stage.edition, "grace");
    let base = stage.bitbucket.api_url(stage.edition);
    let request = match stage.edition {
        Edition::Cloud => {
            let request = stage.http.post(format!("{base}{}", stage.pr("/approve")));
            request.header("Content-Length", "0")
        }
        Edition::DataCenter => {
            let request = stage.http.put(format!("{base}{}", stage.pr("/participants/grace")));
            request.json(&serde_json::json!({"status": "APPROVED"}))
        }
    };
    let response = request.bearer_auth(token).send().await?;
    let status = response.status().as_u16();
    Ok((status, response.text().await?))
}

fn approvals(stage: &Stage) -> usize {
    stage.bitbucket.pull_request(&stage.repo, 1).unwrap().approvals.len()
}

#[tokio::test]
async fn calls_are_refused_before_anything_is_done() {
    for edition in BOTH {
        let stage = Stage::with_pull_request(edition).await;
        let faults = stage.bitbucket.faults(edition);
        faults.next("/1/", &refusal(429, Some(3)), 1);
        faults.next("/1/", &refusal(500, None), 1);
        let limited = stage.approves("grace").await;
        assert_eq!((limited.status, limited.header("retry-after")), (429, "3"));
        assert_eq!(approve(&stage).await.unwrap().0, 500);
        assert_eq!((approvals(&stage), faults.pending()), (0, 0));
        assert_eq!(approve(&stage).await.unwrap().0, 200);
    }
}

#[tokio::test]
async fn an_allowance_runs_out_header_by_header() {
    for edition in BOTH {
        let stage = Stage::with_pull_request(edition).await;
        let fault = Fault::Header { name: "x-ratelimit-nearlimit", value: "true" };
        stage.bitbucket.faults(edition).next("/1/", &fault, 1);
        let near = stage.approves("grace").await;
        assert_eq!((near.status, near.header("x-ratelimit-nearlimit")), (200, "true"));
        assert_eq!(stage.approves("grace").await.header("x-ratelimit-nearlimit"), "");
    }
}

#[tokio::test]
async fn answers_are_late_lost_or_torn() {
    for edition in BOTH {
        let stage = Stage::with_pull_request(edition).await;
        let faults = stage.bitbucket.faults(edition);
        faults.next("/1/", &Fault::Drop, 1);
        assert!(approve(&stage).await.is_err());
        assert_eq!(approvals(&stage), 0);
        faults.next("/1/", &Fault::ActThenDrop, 1);
        assert!(approve(&stage).await.is_err());
        assert_eq!(approvals(&stage), 1, "it was done all the same");
        faults.next("/1/", &Fault::CutBody, 1);
        assert!(approve(&stage).await.is_err());
        faults.next("/1/", &Fault::Slow(Duration::from_millis(60)), 1);
        let started = Instant::now();
        assert_eq!(approve(&stage).await.unwrap().0, 200);
        assert!(started.elapsed() >= Duration::from_millis(60));
    }
}
