//! Webhooks, on a repository and on what it is in.

use std::collections::BTreeSet;

use dipper::bitbucket::{Error, HookSettings, Kind};
use dipper::sandbox::bitbucket::Edition;
use dipper::words::webhook::HookPlace;

use super::{Stage, does};

pub async fn walk(edition: Edition) -> BTreeSet<&'static str> {
    let stage = Stage::set(edition).await;
    for place in [HookPlace::Repository(stage.repo()), HookPlace::Owner(stage.owner().to_owned())] {
        keeps(&stage, &place).await;
    }
    stage.ends()
}

async fn keeps(stage: &Stage, place: &HookPlace) {
    let settings = HookSettings {
        name: "Dipper".to_owned(),
        url: "http://127.0.0.1:1/hook".to_owned(),
        active: true,
        kinds: vec![Kind::Opened, Kind::Merged, Kind::Approved, Kind::Commented],
    };
    let made = does!(stage, grace, create_webhook(place, &settings)).unwrap();
    assert_eq!(made.hook.events.len(), 4);
    assert!(stage.hears_signed(), "the secret was understood");
    let fewer = HookSettings { kinds: vec![Kind::Opened], ..settings };
    let secret = made.secret;
    let changed = does!(stage, grace, update_webhook(place, &made.hook.id, &fewer, &secret)).unwrap();
    assert_eq!(changed.events.len(), 1);
    let kept = does!(stage, grace, webhooks(place, 10)).unwrap();
    assert_eq!((kept.len(), &kept[0]), (1, &changed));
    let tried = does!(stage, grace, test_webhook(place, &changed));
    assert_eq!(matches!(tried, Err(Error::NotOffered(_))), stage.edition == Edition::Cloud);
    does!(stage, grace, delete_webhook(place, &made.hook.id)).unwrap();
    assert_eq!(stage.grace.webhooks(place, 10).await.unwrap(), []);
}

impl Stage {
    /// Whether what happens next is told to the hook, and signed.
    fn hears_signed(&self) -> bool {
        let number = self.sandbox.requests().len();
        self.sandbox.take_deliveries();
        self.opened(&format!("heard-{number}"));
        let told = self.sandbox.take_deliveries();
        let mut told = told.iter().filter(|one| one.url.is_some());
        told.any(|one| one.headers.iter().any(|(name, _)| name == "X-Hub-Signature"))
    }
}
