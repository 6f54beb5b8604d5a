//! Commits and what they changed, as Data Center shows them.

use serde_json::{Value, json};

use super::super::exchange::{Answer, Reply};
use super::super::world::{ChangeKind, Commit, FileChange, RepoId, Repository, World};
use super::Here;
use super::answers::bad_field;

/// `GET P/commits`
pub(super) fn list(here: &Here<'_>, repo: RepoId) -> Reply {
    let repo = here.world.repo(repo)?;
    let until = here.ask.param("until").unwrap_or(&repo.main_branch);
    let until = repo.resolve(until)?;
    let since = here.ask.param("since").map(|since| repo.resolve(since));
    let since = since.transpose()?;
    let merges = here.ask.param("merges").unwrap_or("include");
    let log = repo.log(&until.hash, since.map(|commit| commit.hash.as_str()));
    let path = here.ask.param("path");
    let wanted = log.into_iter().filter(|commit| match merges {
        "exclude" => commit.parents.len() < 2,
        "only" => commit.parents.len() > 1,
        _ => true,
    });
    let wanted = wanted.filter(|commit| path.is_none_or(|path| commit.touches(path)));
    here.page(wanted.map(|commit| full(here.world, commit)).collect())
}

/// `GET P/commits/{hash}`
pub(super) fn show(here: &Here<'_>, repo: RepoId, hash: &str) -> Reply {
    let repo = here.world.repo(repo)?;
    let commit = repo.resolve(hash)?;
    Ok(Answer::json(200, &full(here.world, commit)))
}

/// `GET P/commits/{hash}/merge-base?otherCommitId=`
pub(super) fn merge_base(here: &Here<'_>, repo: RepoId, hash: &str) -> Reply {
    let repo = here.world.repo(repo)?;
    let other = here.ask.param("otherCommitId");
    let other =
        other.ok_or_else(|| bad_field("otherCommitId", "is required").complaining("no other commit"))?;
    let (one, other) = (&repo.resolve(hash)?.hash, &repo.resolve(other)?.hash);
    match repo.merge_base(one, other) {
        Some(base) => Ok(Answer::json(200, &full(here.world, base))),
        None => Ok(Answer::empty(204)),
    }
}

/// `GET P/pull-requests/{id}/commits`
pub(super) fn of_pull_request(here: &Here<'_>, (repo, number): (RepoId, u64)) -> Reply {
    let repo = here.world.repo(repo)?;
    let pr = repo.pull_request(number)?;
    let commits = repo.log(&pr.source_hash, Some(&pr.destination_hash));
    here.page(commits.into_iter().map(|commit| full(here.world, commit)).collect())
}

/// `GET P/pull-requests/{id}/changes`
pub(super) fn changes_of(here: &Here<'_>, (repo, number): (RepoId, u64)) -> Reply {
    let repo = here.world.repo(repo)?;
    let pr = repo.pull_request(number)?;
    let base = repo.merge_base(&pr.source_hash, &pr.destination_hash).map(|commit| commit.hash.as_str());
    let changes = repo.changes(base, &pr.source_hash);
    here.page(changes.iter().map(|one| changed(here.world, repo, one)).collect())
}

/// `GET P/commits/{hash}/changes`
pub(super) fn changes(here: &Here<'_>, repo: RepoId, hash: &str) -> Reply {
    let repo = here.world.repo(repo)?;
    let changes = repo.changes_of(&repo.resolve(hash)?.hash);
    here.page(changes.iter().map(|one| changed(here.world, repo, one)).collect())
}

/// A file that differs.
pub(super) fn changed(world: &World, repo: &Repository, change: &FileChange) -> Value {
    let page = format!("{}/projects/{}/repos/{}", world.dc_url, repo.space, repo.slug);
    let mut value = json!({
        "contentId": super::super::world::digest(&change.path)[..40],
        "path": parts(&change.path),
        "executable": false,
        "percentUnchanged": -1,
        "type": match change.kind {
            ChangeKind::Added => "ADD",
            ChangeKind::Modified => "MODIFY",
            ChangeKind::Removed => "DELETE",
            ChangeKind::Renamed => "MOVE",
        },
        "nodeType": "FILE",
        "links": {"self": [{"href": format!("{page}/browse/{}", change.path)}]},
    });
    if let Some(was) = &change.was {
        value["srcPath"] = parts(was);
        value["percentUnchanged"] = 100.into();
    }
    value
}

/// A path taken apart.
pub(super) fn parts(path: &str) -> Value {
    let components: Vec<&str> = path.split('/').filter(|one| !one.is_empty()).collect();
    let name = components.last().copied().unwrap_or_default();
    let parent = components[..components.len().saturating_sub(1)].join("/");
    let mut value = json!({"components": components, "parent": parent, "name": name, "toString": path});
    if let Some((_, extension)) = name.rsplit_once('.') {
        value["extension"] = extension.into();
    }
    value
}

/// A commit with everything.
pub(super) fn full(world: &World, commit: &Commit) -> Value {
    let by = by(world, &commit.author);
    let parents = commit.parents.iter().map(|hash| minimal(hash));
    let mut value = minimal(&commit.hash);
    value["author"] = by.clone();
    value["authorTimestamp"] = commit.date.into();
    value["committer"] = by;
    value["committerTimestamp"] = commit.date.into();
    value["message"] = commit.message.clone().into();
    value["parents"] = parents.collect();
    value
}

/// A commit by its hash alone.
pub(super) fn minimal(hash: &str) -> Value {
    json!({"id": hash, "displayId": hash.get(..11).unwrap_or(hash)})
}

fn by(world: &World, nickname: &str) -> Value {
    match world.person(nickname) {
        Ok(person) => super::users::user(world, person),
        Err(_) => json!({"name": nickname, "emailAddress": format!("{nickname}@example.test")}),
    }
}
