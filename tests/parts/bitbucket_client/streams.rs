//! Long lists, read page by page: everything in order, nothing held, and an end to every list.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::extract::{Query, State};
use axum::routing::get;
use dipper::bitbucket::{Bitbucket, Edition};
use dipper::words::commit::CommitFilter;
use dipper::words::pull_request::PullRequestFilter;
use futures_util::{StreamExt, TryStreamExt};
use serde_json::{Value, json};

use crate::bitbucket_client::server::{Server, cloud_pr, dc_pr, repo, site_at};

#[derive(serde::Deserialize, Default)]
#[serde(default)]
struct Asked {
    page: Option<usize>,
    pagelen: Option<usize>,
    start: Option<usize>,
    limit: Option<usize>,
}

#[derive(Clone)]
struct Lists {
    url: String,
    entries: usize,
    asked: Arc<AtomicUsize>,
}

/// A server of lists as long as one likes, made page by page.
async fn lists(entries: usize) -> Lists {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let lists = Lists { url, entries, asked: Arc::default() };
    let router = Router::new()
        .route("/2.0/repositories/web/api/commits", get(cloud_commits))
        .route("/2.0/repositories/web/api/pullrequests", get(cloud_pull_requests))
        .route("/bitbucket/rest/api/latest/projects/web/repos/api/commits", get(dc_commits))
        .route("/bitbucket/rest/api/latest/projects/web/repos/api/pull-requests", get(dc_pull_requests))
        .with_state(lists.clone());
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    lists
}

impl Lists {
    fn cloud_page(&self, path: &str, asked: &Asked, entry: impl Fn(usize) -> Value) -> axum::Json<Value> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        let (size, from) = (asked.pagelen.unwrap_or(10), asked.page.unwrap_or(0));
        let to = (from + size).min(self.entries);
        let next = format!("{}{path}?page={to}&pagelen={size}", self.url);
        let next = if to < self.entries { json!(next) } else { Value::Null };
        axum::Json(json!({"values": (from..to).map(entry).collect::<Vec<_>>(), "next": next}))
    }

    fn dc_page(&self, asked: &Asked, entry: impl Fn(usize) -> Value) -> axum::Json<Value> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        let (size, from) = (asked.limit.unwrap_or(25), asked.start.unwrap_or(0));
        let to = (from + size).min(self.entries);
        let values: Vec<Value> = (from..to).map(entry).collect();
        axum::Json(json!({"values": values, "isLastPage": to == self.entries, "nextPageStart": to}))
    }

    fn site(&self, edition: Edition) -> Box<dyn Bitbucket> {
        site_at(&self.url, edition)
    }
}

async fn cloud_commits(State(lists): State<Lists>, Query(asked): Query<Asked>) -> axum::Json<Value> {
    let commit = |n: usize| json!({"hash": format!("{n:040}"), "message": "x".repeat(500)});
    lists.cloud_page("/2.0/repositories/web/api/commits", &asked, commit)
}

async fn cloud_pull_requests(State(lists): State<Lists>, Query(asked): Query<Asked>) -> axum::Json<Value> {
    lists.cloud_page("/2.0/repositories/web/api/pullrequests", &asked, |n| numbered(cloud_pr("OPEN"), n))
}

async fn dc_commits(State(lists): State<Lists>, Query(asked): Query<Asked>) -> axum::Json<Value> {
    lists.dc_page(&asked, |n| json!({"id": format!("{n:040}"), "message": "x".repeat(500)}))
}

async fn dc_pull_requests(State(lists): State<Lists>, Query(asked): Query<Asked>) -> axum::Json<Value> {
    lists.dc_page(&asked, |n| numbered(dc_pr("OPEN", 1), n))
}

fn numbered(mut pr: Value, n: usize) -> Value {
    pr["id"] = json!(n + 1);
    pr
}

const BOTH: [Edition; 2] = [Edition::Cloud, Edition::DataCenter];

#[tokio::test]
async fn ten_thousand_commits_go_by_one_page_at_a_time() {
    for edition in BOTH {
        let lists = lists(10_000).await;
        let site = lists.site(edition);
        let (repo, filter) = (repo(), CommitFilter::of(Some("0000000000000000000000000000000000000000")));
        let mut commits = site.each_commit(&repo, &filter, 20_000);
        let mut seen = 0;
        while let Some(commit) = commits.try_next().await.unwrap() {
            assert_eq!(commit.hash, format!("{seen:040}"));
            // Nothing is read ahead: what is held is one page, however long the list.
            assert_eq!(lists.asked.load(Ordering::SeqCst), seen / 100 + 1);
            seen += 1;
        }
        assert_eq!(seen, 10_000);
    }
}

#[tokio::test]
async fn five_thousand_pull_requests_go_by_one_page_at_a_time() {
    for (edition, size) in BOTH.into_iter().zip([50, 100]) {
        let lists = lists(5_000).await;
        let site = lists.site(edition);
        let (repo, filter) = (repo(), PullRequestFilter::open());
        let mut pull_requests = site.each_pull_request(&repo, &filter, 20_000);
        let mut seen = 0;
        while let Some(pr) = pull_requests.try_next().await.unwrap() {
            assert_eq!(lists.asked.load(Ordering::SeqCst), seen / size + 1);
            seen += 1;
            assert_eq!(pr.name.number, u64::try_from(seen).unwrap());
        }
        assert_eq!(seen, 5_000);
    }
}

#[tokio::test]
async fn no_more_is_read_than_is_wanted() {
    for edition in BOTH {
        let lists = lists(10_000).await;
        let site = lists.site(edition);
        let (repo, filter) = (repo(), PullRequestFilter::open());
        let most: Vec<_> = site.each_pull_request(&repo, &filter, 120).collect().await;
        let (three, asked) = (most.len(), lists.asked.swap(0, Ordering::SeqCst));
        assert!(three == 120 && asked <= 3, "{three} in {asked}");
        drop(site.each_pull_request(&repo, &filter, 120));
        assert_eq!(lists.asked.load(Ordering::SeqCst), 0);
    }
}

#[tokio::test]
async fn trouble_in_the_middle_ends_a_stream_with_its_reason() {
    let (server, cloud) = Server::of(Edition::Cloud).await;
    let line = "GET /2.0/repositories/web/api/pullrequests";
    let next = format!("{}/2.0/repositories/web/api/more", server.url);
    let first = json!({"values": [cloud_pr("OPEN")], "next": next});
    server.on(line, crate::bitbucket_client::server::ok(&first));
    let (repo, filter) = (repo(), PullRequestFilter::open());
    let told: Vec<bool> =
        cloud.each_pull_request(&repo, &filter, 9).map(|answer| answer.is_ok()).collect().await;
    assert_eq!(told, [true, false]);
}
