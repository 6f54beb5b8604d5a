//! Who may do what: shown, given and taken away.

use std::collections::BTreeSet;

use dipper::sandbox::bitbucket::{Edition, Permission};
use dipper::words::access::{Level, Source};

use super::{Stage, does};

pub async fn walk(edition: Edition) -> BTreeSet<&'static str> {
    let stage = Stage::set(edition).await;
    let handle = stage.handle.clone().allow_by_project("edsger", Permission::Write);
    let _handle = handle.allow_group("backend", Permission::Read);
    let (repo, edsger) = (stage.repo(), stage.id("edsger"));
    let rights = does!(stage, grace, rights(&repo, 50)).unwrap();
    assert_eq!(rights.len(), 5);
    assert_eq!(rights.iter().filter(|right| right.source == Source::Project).count(), 1);
    assert_eq!(does!(stage, grace, right_of(&repo, &edsger)).unwrap(), Some(Level::Read));
    does!(stage, grace, set_right(&repo, &edsger, Some(Level::Write))).unwrap();
    assert_eq!(stage.handle.given("edsger"), Some(Permission::Write));
    does!(stage, grace, set_right(&repo, &edsger, None)).unwrap();
    assert_eq!(does!(stage, grace, right_of(&repo, &edsger)).unwrap(), None);
    does!(stage, grace, set_group_right(&repo, "Developers", Some(Level::Write))).unwrap();
    stage.grace.set_group_right(&repo, "Developers", None).await.unwrap();
    assert!(does!(stage, grace, administers(&repo)).unwrap());
    assert!(!stage.ada.administers(&repo).await.unwrap());
    assert!(does!(stage, ada, rights(&repo, 50)).is_err(), "for administrators alone");
    stage.ends()
}
