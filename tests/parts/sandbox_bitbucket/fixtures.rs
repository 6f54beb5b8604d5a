//! Webhook bodies beside recorded ones: nothing that nobody ever saw, nothing missing that all have.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use dipper::sandbox::bitbucket::{BuildState, Delivery, Edition};
use serde_json::Value;

use super::{BOTH, Stage};

/// In the published schema or text, but in no recording, since those are older.
const NEWER: [&str; 6] = [
    ".previousDraft",
    "comment.pending",
    "comment.severity",
    "comment.state",
    "comment.threadResolved",
    "permittedOperations.transitionable",
];

/// Absent when empty, though every recording happens to have it.
const MAY_BE_ABSENT: &str = "pullRequest.description";

fn folders(edition: Edition) -> Vec<PathBuf> {
    let names = match edition {
        Edition::Cloud => ["cloud-webhooks", "cloud-rest", "derived"],
        Edition::DataCenter => ["dc-webhooks", "dc-rest", "derived"],
    };
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let known = ["../shared/fixtures", "../../shared/fixtures"].map(|path| root.join(path));
    let there = known.into_iter().find(|path| path.is_dir());
    there.map(|path| names.map(|name| path.join(name)).to_vec()).unwrap_or_default()
}

fn files(folder: &Path) -> Vec<(String, Value)> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let read = entries.filter_map(|path| {
        let name = path.file_name()?.to_string_lossy().into_owned();
        let body = serde_json::from_slice(&std::fs::read(&path).ok()?).ok()?;
        (!name.contains("headers")).then_some((name, body))
    });
    read.collect()
}

/// Every field as `what it is in`.`its name`, whatever the depth.
fn fields(value: &Value, within: &str, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                found.insert(format!("{within}.{name}"));
                fields(member, name, found);
            }
        }
        Value::Array(members) => members.iter().for_each(|one| fields(one, within, found)),
        _ => {}
    }
}

/// The fields of the body and of what it is about; people and repositories differ with the years.
fn outer(value: &Value) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (name, member) in value.as_object().into_iter().flatten() {
        found.insert(name.clone());
        if !["actor", "repository"].contains(&name.as_str()) {
            let inner = member.as_object().into_iter().flatten();
            found.extend(inner.map(|(inner, _)| format!("{name}.{inner}")));
        }
    }
    found
}

async fn played(edition: Edition) -> Vec<Delivery> {
    let stage = Stage::set(edition).await;
    let (bitbucket, repo) = (&stage.bitbucket, &stage.repo);
    bitbucket.open_pull_request(repo, "ada", "Limit the rate", ("limit-rate", "main")).unwrap();
    bitbucket.comment(repo, 1, "grace", "Fine").unwrap();
    bitbucket.push(repo, "limit-rate", "ada", &["More"]).unwrap();
    bitbucket.add_build(repo, "limit-rate", "test", BuildState::InProgress).unwrap();
    bitbucket.add_build(repo, "limit-rate", "test", BuildState::Successful).unwrap();
    bitbucket.retitle(repo, 1, "ada", "Limit every rate").unwrap();
    bitbucket.request_changes(repo, 1, "grace").unwrap();
    bitbucket.unapprove(repo, 1, "grace").unwrap();
    bitbucket.approve(repo, 1, "grace").unwrap();
    bitbucket.unapprove(repo, 1, "grace").unwrap();
    bitbucket.merge(repo, 1, "ada").unwrap();
    bitbucket.push(repo, "other", "ada", &["Other"]).unwrap();
    bitbucket.open_pull_request(repo, "ada", "Other", ("other", "main")).unwrap();
    bitbucket.decline(repo, 2, "ada").unwrap();
    bitbucket.take_deliveries()
}

#[tokio::test]
async fn bodies_are_like_recorded_ones() {
    for edition in BOTH {
        let folders = folders(edition);
        if folders.is_empty() {
            eprintln!("skipped: there are no recorded deliveries of {edition:?} at hand");
            continue;
        }
        let recorded: Vec<(String, Value)> = folders.iter().flat_map(|folder| files(folder)).collect();
        let mut seen = BTreeSet::new();
        for (_, body) in &recorded {
            fields(body, "", &mut seen);
        }
        let mut by_key: BTreeMap<String, Value> = BTreeMap::new();
        for delivery in played(edition).await {
            by_key.insert(delivery.key, serde_json::from_slice(&delivery.body).unwrap());
        }
        assert!(by_key.len() >= 9, "{:?}", by_key.keys());
        let mut trouble = Vec::new();
        for (key, body) in &by_key {
            let mut ours = BTreeSet::new();
            fields(body, "", &mut ours);
            let unseen = ours.difference(&seen).filter(|field| !NEWER.contains(&field.as_str()));
            trouble.extend(unseen.map(|field| format!("{key}: nobody recorded {field}")));
            let part = format!("__{}", key.replace(':', "-"));
            let same = recorded.iter().filter(|(name, _)| name.contains(&part));
            let common = same.map(|(_, body)| outer(body)).reduce(|a, b| &a & &b).unwrap_or_default();
            let ours = outer(body);
            let missing = common.difference(&ours).filter(|field| *field != MAY_BE_ABSENT);
            trouble.extend(missing.map(|field| format!("{key}: every recording has {field}")));
        }
        assert!(trouble.is_empty(), "{}", trouble.join("\n"));
    }
}
