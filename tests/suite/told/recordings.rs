//! Every recorded delivery through the real door: it ends in a message, or in a drop for one of few reasons.

use std::fs;
use std::path::PathBuf;

use dipper::sandbox::bitbucket::Edition;
use dipper::words::names::{Channel, SlackUser, Team, Topic};
use dipper::words::wish::Wish;

use crate::doors::knock::Knock;
use crate::world::World;

/// Why a delivery may come to nothing.
const REASONS: &[&str] = &[
    "dropped: no topic carries",
    "dropped: it lacks",
    "dropped: it is in the format of a webhook add-on",
    "dropped: nothing that anybody would see has changed",
    "dropped: `addon:post:webhooks` is not an event of this Bitbucket",
];

fn folder(name: &str) -> Option<PathBuf> {
    let found = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/fixtures").join(name);
    if !found.is_dir() {
        println!("skipped: no recordings beside the repository");
        return None;
    }
    Some(found)
}

/// The event a recording's name stands for: `x__pullrequest-comment_created__inline.json`.
fn key_of(edition: Edition, file: &str) -> String {
    let name = file.trim_end_matches(".json").split("__").nth(1).unwrap_or_default();
    let name = name.trim_end_matches(|c: char| c.is_ascii_digit()).trim_end_matches('-');
    match edition {
        Edition::Cloud => name.replacen('-', ":", 1),
        Edition::DataCenter => name.replace('-', ":"),
    }
}

#[tokio::test]
async fn each_of_cloud_ends_in_a_message_or_a_reason() {
    all(Edition::Cloud, &["cloud-webhooks", "derived"]).await;
}

#[tokio::test]
async fn each_of_data_center_ends_in_a_message_or_a_reason() {
    all(Edition::DataCenter, &["dc-webhooks", "derived"]).await;
}

/// Whether a recording is of this edition; altered ones lie together.
fn is_of(edition: Edition, name: &str) -> bool {
    let altered = name.starts_with("DERIVED");
    let of_cloud = name.contains("pullrequest");
    !name.ends_with(".headers.json") && (!altered || of_cloud == (edition == Edition::Cloud))
}

async fn all(edition: Edition, folders: &[&str]) {
    let Some(folders) = folders.iter().map(|name| folder(name)).collect::<Option<Vec<_>>>() else { return };
    let world = World::on(edition).await;
    everything(&world).await;
    let files = folders.iter().flat_map(|folder| fs::read_dir(folder).unwrap());
    let mut files: Vec<PathBuf> = files.map(|file| file.unwrap().path()).collect();
    files.sort();
    for path in files {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if !is_of(edition, &name) || name.contains("diagnostics-ping") {
            continue;
        }
        let before = world.bot().store.deliveries(None, 1).await.unwrap().first().map(|row| row.id);
        let knock = Knock::bitbucket(world.instance(), &key_of(edition, &name), fs::read(&path).unwrap());
        assert!(knock.called(&name).at(&world).await.is_an_empty_yes(), "{name}");
        world.settle().await;
        let last = world.bot().store.deliveries(None, 1).await.unwrap().remove(0);
        if before == Some(last.id) {
            continue;
        }
        let (outcome, heard) = (last.outcome.unwrap_or_default(), world.hears("#web"));
        if outcome.starts_with("told") {
            assert!(!heard.is_empty() || again(&name), "{name}: {outcome}");
        } else if !outcome.starts_with("brought") {
            assert!(REASONS.iter().any(|reason| outcome.starts_with(reason)), "{name}: {outcome}");
            assert_eq!(heard, "", "{name}: {outcome}");
        }
    }
    world.finish().await;
}

/// Has the channel told of whatever a recording may name, as if somebody had asked before.
async fn everything(world: &World) {
    let invited = world.person("ada").connected().await;
    let _joined = invited.types("/bb subscribe web/api none").await;
    let team = Team::new("T0DIPPER");
    let repo = format!("{}:{}", world.instance(), world.called("web/api")).parse().unwrap();
    let there = world.bot().store.subscriptions_to(&repo).await.unwrap().remove(0);
    let channel: Channel = there.channel.clone();
    let asker = SlackUser { team, id: invited.slack.id.clone() };
    let names = names(world);
    let mut tx = world.bot().store.begin().await.unwrap();
    for name in names {
        let Ok(repos) = format!("{}:{name}", world.instance()).parse() else { continue };
        tx.subscribe(&channel, &repos, &Wish::of(Topic::ALL), &asker).await.unwrap();
    }
    tx.commit().await.unwrap();
}

/// The repositories that recordings name.
fn names(world: &World) -> Vec<String> {
    let mut names = Vec::new();
    for folder in ["cloud-webhooks", "dc-webhooks", "derived"].into_iter().filter_map(folder) {
        for file in fs::read_dir(folder).unwrap() {
            let body: serde_json::Value =
                serde_json::from_slice(&fs::read(file.unwrap().path()).unwrap()).unwrap_or_default();
            collect(world.edition, &body, &mut names);
        }
    }
    names.sort();
    names.dedup();
    names
}

fn collect(edition: Edition, value: &serde_json::Value, names: &mut Vec<String>) {
    let text = |pointer: &str| value.pointer(pointer).and_then(serde_json::Value::as_str);
    match edition {
        Edition::Cloud => names.extend(text("/full_name").map(str::to_owned)),
        Edition::DataCenter => {
            if let (Some(key), Some(slug)) = (text("/project/key"), text("/slug")) {
                names.push(format!("{key}/{slug}"));
            }
        }
    }
    match value {
        serde_json::Value::Object(map) => map.values().for_each(|inner| collect(edition, inner, names)),
        serde_json::Value::Array(all) => all.iter().for_each(|inner| collect(edition, inner, names)),
        _ => {}
    }
}

/// Whether it is of a pull request that an earlier recording left just so: its card stays as it is, and no
/// line is said of its opening.
fn again(name: &str) -> bool {
    let opened = name.contains("pullrequest-created") || name.contains("pr-opened");
    if opened {
        println!("{name}: its card was there");
    }
    opened
}
