//! From finding a repository to merging what was opened in it.

use std::collections::BTreeSet;

use dipper::sandbox::bitbucket::Edition;
use dipper::words::pull_request::{NewPullRequest, State};

use super::{Stage, does};

pub async fn walk(edition: Edition) -> BTreeSet<&'static str> {
    let stage = Stage::set(edition).await;
    let repo = stage.repo();
    assert_eq!(does!(stage, ada, me()).unwrap().name, "ada Example");
    assert_eq!(does!(stage, ada, repository(&repo)).unwrap().main_branch.as_deref(), Some("main"));
    assert_eq!(does!(stage, ada, find_repositories("api", 10)).unwrap()[0].name, repo);
    let _ = stage.handle.branch("limit").with_commit("Limit", "ada");
    assert_eq!(does!(stage, ada, branches(&repo, "lim", 10)).unwrap()[0].name, "limit");
    assert_eq!(does!(stage, ada, commits(&repo, Some("limit"), 1)).unwrap()[0].message, "Limit");
    let new = NewPullRequest {
        repo: repo.clone(),
        title: "Limit the rate".to_owned(),
        description: "Ten a minute".to_owned(),
        source: "limit".to_owned(),
        target: Some("main".to_owned()),
    };
    let opened = does!(stage, ada, open_pull_request(&new)).unwrap();
    assert_eq!((opened.name.clone(), opened.reviews.len()), (stage.pr(1), 1));
    stage.opened("other");
    assert_eq!(does!(stage, grace, open_pull_requests(&repo, 10)).unwrap().len(), 2);
    does!(stage, grace, approve(&opened.name)).unwrap();
    assert_eq!(does!(stage, ada, pull_request(&opened.name)).unwrap().approvals().count(), 1);
    assert_eq!(does!(stage, ada, merge(&opened.name)).unwrap().state, State::Merged);
    stage.ends()
}
