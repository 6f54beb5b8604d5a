//! Commits and what they changed, as Data Center shows them.

use serde_json::{Value, json};

use super::super::exchange::{Answer, Reply};
use super::super::world::{Commit, FileChange, RepoId, Repository, World};
use super::Here;

/// `GET P/commits`
pub(super) fn list(here: &Here<'_>, repo: RepoId) -> Reply {
    let repo = here.world.repo(repo)?;
    let until = here.ask.param("until").unwrap_or(&repo.main_branch);
    let until = repo.resolve(until)?;
    let since = here.ask.param("since").map(|since| repo.resolve(since));
    let since = since.transpose()?;
    let merges = here.ask.param("merges").unwrap_or("include");
    let log = repo.log(&until.hash, since.map(|commit| commit.hash.as_str()));
    let wanted = log.into_iter().filter(|commit| match merges {
        "exclude" => commit.parents.len() < 2,
        "only" => commit.parents.len() > 1,
        _ => true,
    });
    here.page(wanted.map(|commit| full(here.world, commit)).collect())
}

/// `GET P/commits/{hash}`
pub(super) fn show(here: &Here<'_>, repo: RepoId, hash: &str) -> Reply {
    let repo = here.world.repo(repo)?;
    let commit = repo.resolve(hash)?;
    Ok(Answer::json(200, &full(here.world, commit)))
}

/// `GET P/pull-requests/{id}/commits`
pub(super) fn of_pull_request(here: &Here<'_>, at: (RepoId, u64)) -> Reply {
    let commits = coming(here, at)?.1;
    here.page(commits.into_iter().map(|commit| full(here.world, commit)).collect())
}

/// `GET P/pull-requests/{id}/changes`
pub(super) fn changes_of(here: &Here<'_>, at: (RepoId, u64)) -> Reply {
    let (repo, commits) = coming(here, at)?;
    page_of_changes(here, repo, &commits)
}

/// `GET P/commits/{hash}/changes`
pub(super) fn changes(here: &Here<'_>, repo: RepoId, hash: &str) -> Reply {
    let repo = here.world.repo(repo)?;
    let commit = repo.resolve(hash)?;
    page_of_changes(here, repo, &[commit])
}

fn coming<'a>(
    here: &'a Here<'_>,
    (repo, number): (RepoId, u64),
) -> Result<(&'a Repository, Vec<&'a Commit>), Answer> {
    let repo = here.world.repo(repo)?;
    let pr = repo.pull_request(number)?;
    Ok((repo, repo.log(&pr.source_hash, Some(&pr.destination_hash))))
}

fn page_of_changes(here: &Here<'_>, repo: &Repository, commits: &[&Commit]) -> Reply {
    let files = Repository::files(commits);
    here.page(files.iter().map(|file| changed(here.world, repo, file)).collect())
}

fn changed(world: &World, repo: &Repository, file: &FileChange) -> Value {
    let components: Vec<&str> = file.path.split('/').collect();
    let name = components.last().copied().unwrap_or_default();
    let parent = components[..components.len() - 1].join("/");
    let extension = name.rsplit_once('.').map(|(_, extension)| extension);
    let page = format!("{}/projects/{}/repos/{}", world.dc_url, repo.space, repo.slug);
    json!({
        "contentId": super::super::world::digest(&file.path)[..40],
        "path": {
            "components": components,
            "parent": parent,
            "name": name,
            "extension": extension,
            "toString": file.path,
        },
        "executable": false,
        "percentUnchanged": -1,
        "type": if file.added { "ADD" } else { "MODIFY" },
        "nodeType": "FILE",
        "links": {"self": [{"href": format!("{page}/browse/{}", file.path)}]},
    })
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
