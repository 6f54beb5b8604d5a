//! Every recorded delivery through the real door: what the channel hears of it, or why it hears nothing.

use std::fs;
use std::path::{Path, PathBuf};

use dipper::sandbox::bitbucket::Edition;
use dipper::words::names::{Channel, SlackUser, Team, Topic};
use dipper::words::wish::{RepoPattern, Wish};

use crate::doors::knock::Knock;
use crate::world::World;

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

/// What a recording is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum About {
    /// A pull request that was opened or changed.
    Changes,
    /// How a pull request ended.
    Ends,
    /// What is said and judged.
    Talk,
    /// Branches that moved.
    Branches,
    /// Several moves at once, and tags.
    Others,
    /// A repository, its commits and its builds.
    Repositories,
    /// What the bot has no topic for, or nobody could read.
    Nothing,
}

fn about(name: &str) -> About {
    let has = |words: &[&str]| words.iter().any(|word| name.contains(word));
    if has(&["addon-post", "issue-", "mirror-", "comment-edited__", "project-modified", "no-changes"])
        || has(&["repo-comment-deleted", "repo-comment-edited"])
    {
        About::Nothing
    } else if has(&["comment", "approved", "unapproved", "needs_work", "changes_request", "reviewer"]) {
        if has(&["repo-"]) { About::Repositories } else { About::Talk }
    } else if has(&["fulfilled", "rejected", "pr-merged", "pr-declined", "pr-deleted"]) {
        About::Ends
    } else if has(&["pullrequest-", "pr-"]) {
        About::Changes
    } else if has(&["tag", "multi-change"]) {
        About::Others
    } else if has(&["repo-push", "refs_changed"]) {
        About::Branches
    } else {
        About::Repositories
    }
}

/// Whether a recording is of this edition; altered ones lie together.
fn is_of(edition: Edition, name: &str) -> bool {
    let altered = name.starts_with("DERIVED");
    let of_cloud = name.contains("pullrequest");
    !name.ends_with(".headers.json") && (!altered || of_cloud == (edition == Edition::Cloud))
}

/// Every recording of an edition, by name; none where they are not beside the repository.
fn all_of(edition: Edition) -> Option<Vec<PathBuf>> {
    let own = if edition == Edition::Cloud { "cloud-webhooks" } else { "dc-webhooks" };
    let folders = [own, "derived"].iter().map(|name| folder(name)).collect::<Option<Vec<_>>>()?;
    let files = folders.iter().flat_map(|folder| fs::read_dir(folder).unwrap());
    let mut files: Vec<PathBuf> = files.map(|file| file.unwrap().path()).collect();
    files.retain(|path| is_of(edition, &name_of(path)) && !name_of(path).contains("diagnostics-ping"));
    files.sort();
    Some(files)
}

fn name_of(path: &Path) -> String {
    path.file_name().unwrap().to_string_lossy().into_owned()
}

/// What the channel hears of each recording about this, one after the other, through the real door and
/// signed; where it hears nothing, why. None where there are no recordings.
pub async fn heard(edition: Edition, wanted: About) -> Option<String> {
    let files = all_of(edition)?;
    let world = World::on(edition).await;
    everything(&world).await;
    let mut read = Vec::new();
    for path in files.into_iter().filter(|path| about(&name_of(path)) == wanted) {
        let name = name_of(&path);
        let before = world.bot().store.deliveries(None, 1).await.unwrap().first().map(|row| row.id);
        let knock = Knock::bitbucket(world.instance(), &key_of(edition, &name), fs::read(&path).unwrap());
        assert!(knock.called(&name).at(&world).await.is_an_empty_yes(), "{name}");
        world.settle().await;
        let last = world.bot().store.deliveries(None, 1).await.unwrap().remove(0);
        let (outcome, heard) = (last.outcome.unwrap_or_default(), world.hears("#web"));
        let told = match heard.as_str() {
            "" if before == Some(last.id) => "seen before".to_owned(),
            "" if outcome.starts_with("told") => "its card stands so already".to_owned(),
            "" => outcome,
            heard => heard.to_owned(),
        };
        let indented: Vec<String> =
            told.lines().map(|line| format!("    {line}").trim_end().to_owned()).collect();
        read.push(format!("{}\n{}", name.trim_end_matches(".json"), indented.join("\n")));
    }
    world.finish().await;
    Some(read.join("\n"))
}

/// Compares what is heard of recordings, where there are any.
macro_rules! heard {
    ($edition:ident, $about:ident, @$text:literal) => {
        if let Some(read) = heard(Edition::$edition, About::$about).await {
            snapshot!(read, @$text);
        }
    };
}

mod cloud;
mod cloud_repositories;
mod datacenter;
mod datacenter_repositories;

/// Has the channel told of whatever a recording may name, as if somebody had asked before.
async fn everything(world: &World) {
    let invited = world.person("ada").connected().await;
    let _joined = invited.types("/bb subscribe web/api none").await;
    let team = Team::new("T0DIPPER");
    let repo = format!("{}:{}", world.instance(), world.called("web/api")).parse().unwrap();
    let there = world.bot().store.subscriptions_to(&repo).await.unwrap().remove(0);
    let channel: Channel = there.channel.clone();
    let asker = SlackUser { team, id: invited.slack.id.clone() };
    let (names, mut read) = (names(world), Vec::new());
    let mut tx = world.bot().store.begin().await.unwrap();
    for name in names {
        let Ok(repos) = format!("{}:{name}", world.instance()).parse::<RepoPattern>() else { continue };
        tx.subscribe(&channel, &repos, &Wish::of(Topic::ALL), &asker).await.unwrap();
        read.push(repos);
    }
    tx.commit().await.unwrap();
    // No such repository is there to be read: it counts as read a moment ago.
    for repo in read.iter().filter_map(RepoPattern::one) {
        let mut tx = world.bot().store.begin().await.unwrap();
        tx.saw_reading(&repo, &asker, true).await.unwrap();
        tx.commit().await.unwrap();
    }
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
