//! What reviewers say with a button.

use std::collections::BTreeSet;

use dipper::sandbox::bitbucket::Edition;

use super::{Stage, does};

pub async fn walk(edition: Edition) -> BTreeSet<&'static str> {
    let stage = Stage::set(edition).await;
    let pr = stage.opened("reviewed");
    let now = || stage.sandbox.pull_request(&stage.handle, pr.number).unwrap();
    does!(stage, grace, approve(&pr)).unwrap();
    stage.grace.approve(&pr).await.unwrap();
    assert_eq!(now().approvals, ["grace"]);
    does!(stage, grace, unapprove(&pr)).unwrap();
    assert_eq!(now().approvals, [""; 0]);
    does!(stage, grace, request_changes(&pr)).unwrap();
    assert_eq!(now().changes_requested, ["grace"]);
    does!(stage, grace, withdraw_request(&pr)).unwrap();
    assert_eq!(now().changes_requested, [""; 0]);
    stage.ends()
}
