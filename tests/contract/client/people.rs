//! People and repositories.

use std::collections::BTreeSet;

use dipper::sandbox::bitbucket::Edition;

use super::{Stage, does};

pub async fn walk(edition: Edition) -> BTreeSet<&'static str> {
    let stage = Stage::set(edition).await;
    let (owner, repo) = (stage.owner(), stage.repo());
    assert_eq!(does!(stage, ada, me()).unwrap().id, stage.id("ada"));
    let grace = does!(stage, ada, person(&stage.id("grace"))).unwrap();
    assert_eq!(grace.id, stage.id("grace"));
    let email = does!(stage, ada, email_of(&stage.id("grace")));
    assert_eq!(email.is_ok(), edition == Edition::DataCenter);
    let found = does!(stage, ada, people_named(owner, "grac", 5)).unwrap();
    assert_eq!((found.len(), &found[0]), (1, &grace));
    let emails = ["grace@example.test".to_owned(), "nobody@example.test".to_owned()];
    let found = does!(stage, grace, people_by_email(owner, &emails)).unwrap();
    assert_eq!(found, [(emails[0].clone(), grace.clone())]);
    assert_eq!(does!(stage, ada, members(owner, 10)).unwrap().len(), 3);
    assert_eq!(does!(stage, ada, repository(&repo)).unwrap().main_branch.as_deref(), Some("main"));
    assert_eq!(does!(stage, ada, repositories(owner, "ap", 10)).unwrap()[0].name, repo);
    assert_eq!(does!(stage, ada, find_repositories("api", 10)).unwrap()[0].name, repo);
    let _ = stage.handle.branch("work").with_commit("Work", "ada");
    let asked = does!(stage, ada, default_reviewers(&repo, "work", "main")).unwrap();
    assert_eq!(asked, [grace]);
    stage.ends()
}
