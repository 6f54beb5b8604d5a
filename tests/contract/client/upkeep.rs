//! Repositories as such: protected, made, changed, forked and deleted.

use std::collections::BTreeSet;

use dipper::bitbucket::Error;
use dipper::sandbox::bitbucket::Edition;
use dipper::words::names::RepoName;
use dipper::words::protection::Guard;
use dipper::words::repository::{NewRepository, RepositoryChange};

use super::{Stage, does};

pub async fn walk(edition: Edition) -> BTreeSet<&'static str> {
    let stage = Stage::set(edition).await;
    let repo = stage.repo();
    protected(&stage, &repo).await;
    let made = RepoName { slug: "counts".to_owned(), ..repo.clone() };
    let description = Some("Counts things".to_owned());
    let new = NewRepository { name: made.clone(), project: None, description, public: false };
    let repository = does!(stage, grace, create_repository(&new)).unwrap();
    assert_eq!((repository.name, repository.public), (made.clone(), false));
    let change = RepositoryChange {
        description: Some("Counts other things".to_owned()),
        public: Some(true),
        main_branch: Some("main".to_owned()),
        archived: None,
    };
    let changed = does!(stage, grace, update_repository(&made, &change)).unwrap();
    assert_eq!((changed.description.as_deref(), changed.public), (Some("Counts other things"), true));
    let archived = RepositoryChange { archived: Some(true), ..RepositoryChange::default() };
    match (edition, stage.grace.update_repository(&made, &archived).await) {
        (Edition::Cloud, answer) => assert!(matches!(answer, Err(Error::NotOffered(_))), "{answer:?}"),
        (Edition::DataCenter, answer) => assert!(answer.unwrap().archived),
    }
    let into = RepoName { owner: stage.either("grace", "~grace").to_owned(), ..repo.clone() };
    let fork = does!(stage, grace, fork_repository(&repo, &into)).unwrap();
    assert_eq!(fork.name, into);
    does!(stage, grace, delete_repository(&into)).unwrap();
    assert!(matches!(stage.grace.repository(&into).await, Err(Error::NotFound(_))));
    assert!(stage.ada.delete_repository(&repo).await.is_err(), "for administrators alone");
    stage.ends()
}

async fn protected(stage: &Stage, repo: &RepoName) {
    for guard in [Guard::NoDirectPush, Guard::NoRewrite, Guard::NoDelete] {
        does!(stage, grace, protect(repo, ("release/*", &guard), None)).unwrap();
    }
    let more = stage.grace.protect(repo, ("main", &Guard::Approvals(2)), None).await;
    if stage.edition == Edition::Cloud {
        more.unwrap();
        let all = stage.grace.protections(repo, 50).await.unwrap();
        let known = all.iter().find(|one| one.guard == Guard::Approvals(2)).map(|one| one.id.as_str());
        stage.grace.protect(repo, ("main", &Guard::Approvals(1)), known).await.unwrap();
    } else {
        assert!(matches!(more, Err(Error::NotOffered(_))), "{more:?}");
        stage.grace.protect(repo, ("main", &Guard::ReadOnly), None).await.unwrap();
    }
    let all = does!(stage, grace, protections(repo, 50)).unwrap();
    assert_eq!(all.len(), 4, "{all:?}");
    for one in all {
        does!(stage, grace, unprotect(repo, &one.id)).unwrap();
    }
    assert!(stage.grace.protections(repo, 50).await.unwrap().is_empty());
    assert!(stage.ada.protections(repo, 50).await.is_err(), "for administrators alone");
}
