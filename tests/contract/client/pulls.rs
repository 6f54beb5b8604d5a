//! Pull requests: opened, found, changed, merged, declined.

use std::collections::BTreeSet;

use dipper::bitbucket::Error;
use dipper::sandbox::bitbucket::{Edition, Strategy};
use dipper::words::merge::Merge;
use dipper::words::pull_request::{NewPullRequest, PullRequestChange, PullRequestFilter, State};
use futures_util::StreamExt;

use super::{Stage, does};

pub async fn walk(edition: Edition) -> BTreeSet<&'static str> {
    let stage = Stage::set(edition).await;
    opens_and_changes(&stage).await;
    finds(&stage).await;
    looks_closer(&stage).await;
    merges(&stage).await;
    declines(&stage).await;
    stage.ends()
}

async fn opens_and_changes(stage: &Stage) {
    let _ = stage.handle.branch("limit").with_commit("Limit", "ada");
    stage.handle.branch("release").tip().unwrap();
    let new = NewPullRequest {
        description: "Ten a minute".to_owned(),
        target: Some("main".to_owned()),
        reviewers: vec![stage.id("edsger")],
        draft: true,
        close_source: true,
        ..NewPullRequest::new(stage.repo(), "Limit the rate", "limit")
    };
    let opened = does!(stage, ada, open_pull_request(&new)).unwrap();
    assert_eq!((opened.name.clone(), opened.draft, opened.reviews.len()), (stage.pr(1), true, 2));
    let change = PullRequestChange {
        title: Some("Limit every rate".to_owned()),
        description: Some("All".to_owned()),
        target: Some("release".to_owned()),
        draft: Some(false),
    };
    let changed = does!(stage, ada, update_pull_request(&opened.name, &change)).unwrap();
    assert_eq!((changed.title.as_str(), changed.target.as_str()), ("Limit every rate", "release"));
    does!(stage, ada, remove_reviewer(&opened.name, &stage.id("edsger"))).unwrap();
    does!(stage, ada, add_reviewer(&opened.name, &stage.id("edsger"))).unwrap();
    let now = does!(stage, ada, pull_request(&opened.name)).unwrap();
    assert_eq!((now.reviews.len(), now.draft, now.state), (2, false, State::Open));
}

async fn finds(stage: &Stage) {
    let repo = stage.repo();
    for n in 0..30 {
        stage.opened(&format!("many-{n}"));
    }
    let wide = PullRequestFilter { states: vec![State::Open, State::Merged], ..PullRequestFilter::open() };
    assert_eq!(does!(stage, ada, pull_requests(&repo, &wide, 3)).unwrap().len(), 3);
    let narrow = PullRequestFilter {
        author: Some(stage.id("ada")),
        reviewer: Some(stage.id("edsger")),
        target: Some("release".to_owned()),
        source: Some("limit".to_owned()),
        text: Some("every".to_owned()),
        ..PullRequestFilter::open()
    };
    assert_eq!(stage.ada.pull_requests(&repo, &narrow, 9).await.unwrap()[0].name.number, 1);
    stage.note("each_pull_request");
    let all = PullRequestFilter::open();
    assert_eq!(stage.ada.each_pull_request(&repo, &all, 100).count().await, 31, "page after page");
    assert_eq!(does!(stage, ada, my_pull_requests(50)).unwrap().len(), 31);
    let queue = does!(stage, grace, review_queue(std::slice::from_ref(&repo), 50)).unwrap();
    assert_eq!((queue.waiting.len(), queue.unseen.len()), (31, 0));
}

async fn looks_closer(stage: &Stage) {
    let pr = stage.opened("closer");
    stage.sandbox.comment(&stage.handle, pr.number, "grace", "Why?").unwrap();
    stage.sandbox.approve(&stage.handle, pr.number, "grace").unwrap();
    assert_eq!(does!(stage, ada, activity(&pr, 10)).unwrap().len(), 3);
    assert_eq!(does!(stage, ada, checks(&pr, 10)).unwrap().len(), 0);
    assert_eq!(does!(stage, ada, pull_request_commits(&pr, 10)).unwrap().len(), 1);
    assert_eq!(does!(stage, ada, pull_request_changes(&pr, 10)).unwrap().files.len(), 1);
    assert!(does!(stage, ada, pull_request_diff(&pr)).unwrap().text.contains("+++ b/src/"));
}

async fn merges(stage: &Stage) {
    let pr = stage.opened("merged");
    let handle = stage.handle.clone().requires_approvals(1);
    let offered = does!(stage, ada, merge_strategies(&pr)).unwrap();
    assert_eq!(offered.offered.len(), 3);
    let before = does!(stage, ada, mergeability(&pr)).unwrap();
    assert_ne!(before.can, Some(true));
    let how = Merge {
        strategy: offered.offered.iter().find(|one| one.id.contains("squash")).map(|one| one.id.clone()),
        message: Some("One commit".to_owned()),
        close_source: Some(true),
    };
    assert!(does!(stage, ada, merge(&pr, &how)).is_err());
    stage.sandbox.approve(&handle, pr.number, "grace").unwrap();
    let handle = handle.merges_slowly(true);
    assert_eq!(stage.ada.merge(&pr, &how).await.unwrap().state, State::Merged);
    let merged = stage.sandbox.pull_request(&handle, pr.number).unwrap();
    assert_eq!(merged.merge_commit.unwrap().message, "One commit");
    let _ = handle.merges_slowly(false).strategies(&[Strategy::Merge]).requires_approvals(0);
}

async fn declines(stage: &Stage) {
    let pr = stage.opened("declined");
    assert_eq!(does!(stage, ada, decline(&pr, Some("Not now"))).unwrap().state, State::Declined);
    let again = does!(stage, ada, reopen(&pr));
    match stage.edition {
        Edition::Cloud => assert!(matches!(again, Err(Error::NotOffered(_)))),
        Edition::DataCenter => assert_eq!(again.unwrap().state, State::Open),
    }
}
