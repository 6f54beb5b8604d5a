//! Who may do what: shown, given and taken away.

use std::collections::BTreeSet;

use dipper::sandbox::bitbucket::{Edition, Permission};
use dipper::words::access::{Ground, Holder, Level, Right, Source};

use super::{Stage, does};

pub async fn walk(edition: Edition) -> BTreeSet<&'static str> {
    let stage = Stage::set(edition).await;
    let handle = stage.handle.clone().allow_by_project("edsger", Permission::Write);
    let handle = handle.allow_by_project("grace", Permission::Admin);
    let _handle = handle.allow_group("backend", Permission::Read);
    let (repo, edsger) = (stage.repo(), stage.id("edsger"));
    let rights = does!(stage, grace, rights(&repo, 50)).unwrap();
    assert_eq!(rights.len(), 6);
    assert_eq!(rights.iter().filter(|right| right.source == Source::Project).count(), 2);
    let ground = Ground::Repository(repo.clone());
    assert_eq!(does!(stage, grace, right_of(&ground, &edsger)).unwrap(), Some(Level::Read));
    does!(stage, grace, set_right(&ground, &edsger, Some(Level::Write))).unwrap();
    assert_eq!(stage.handle.given("edsger"), Some(Permission::Write));
    does!(stage, grace, set_right(&ground, &edsger, None)).unwrap();
    assert_eq!(does!(stage, grace, right_of(&ground, &edsger)).unwrap(), None);
    does!(stage, grace, set_group_right(&ground, "Developers", Some(Level::Write))).unwrap();
    stage.grace.set_group_right(&ground, "Developers", None).await.unwrap();
    in_its_project(&stage).await;
    assert!(does!(stage, grace, administers(&repo)).unwrap());
    assert!(!stage.ada.administers(&repo).await.unwrap());
    assert!(does!(stage, ada, rights(&repo, 50)).is_err(), "for administrators alone");
    stage.ends()
}

/// The same in the whole project.
async fn in_its_project(stage: &Stage) {
    let edsger = stage.id("edsger");
    let project = does!(stage, grace, project_of(&stage.repo())).unwrap();
    assert_eq!(project.key, "WEB");
    let ground = Ground::Project(project);
    assert_eq!(stage.grace.right_of(&ground, &edsger).await.unwrap(), Some(Level::Write));
    let more = stage.either(Level::Create, Level::Admin);
    stage.grace.set_right(&ground, &edsger, Some(more)).await.unwrap();
    assert_eq!(stage.grace.right_of(&ground, &edsger).await.unwrap(), Some(more));
    stage.grace.set_right(&ground, &edsger, None).await.unwrap();
    assert_eq!(stage.handle.given_by_project("edsger"), None);
    stage.grace.set_group_right(&ground, "Developers", Some(Level::Read)).await.unwrap();
    let all = stage.grace.rights(&stage.repo(), 50).await.unwrap();
    let group = |right: &&Right| right.source == Source::Project && matches!(right.holder, Holder::Group(_));
    assert_eq!(all.iter().filter(group).count(), 1);
    stage.grace.set_group_right(&ground, "Developers", None).await.unwrap();
    assert!(stage.ada.right_of(&ground, &edsger).await.is_err(), "for administrators alone");
}
