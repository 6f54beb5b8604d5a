//! What differs between two commits, as Cloud shows it: the changes come first, the base second.

use serde_json::{Value, json};

use super::super::exchange::{Answer, Reply, encoded};
use super::super::patches;
use super::super::world::{ChangeKind, FileChange, RepoId, Repository, World};
use super::Here;
use super::answers::{bad_field, problem};
use super::commits::full;

/// The most files on a page of a diffstat.
const FILES: usize = 500;

/// The two commits of a spec: what it starts from, and what has the changes.
fn ends<'a>(repo: &'a Repository, spec: &str, topic: bool) -> Result<(Option<&'a str>, &'a str), Answer> {
    let Some((changes, base)) = spec.split_once("..") else {
        let commit = repo.resolve(spec)?;
        return Ok((commit.parents.first().map(String::as_str), &commit.hash));
    };
    let (to, from) = (&repo.resolve(changes)?.hash, &repo.resolve(base)?.hash);
    let parted = repo.merge_base(to, from).map(|commit| commit.hash.as_str());
    Ok((if topic { parted } else { Some(from) }, to))
}

fn changes(here: &Here<'_>, repo: &Repository, spec: &str) -> Result<(String, Vec<FileChange>), Answer> {
    let topic = here.ask.param("topic").is_none_or(|topic| topic == "true");
    let (from, to) = ends(repo, spec, topic)?;
    let paths: Vec<&str> = here.ask.params("path").collect();
    let mut changes = repo.changes(from, to);
    changes.retain(|change| paths.is_empty() || paths.contains(&change.path.as_str()));
    Ok((from.unwrap_or(to).to_owned(), changes))
}

/// `GET ~/diffstat/{spec}`
pub(super) fn stat(here: &Here<'_>, repo: RepoId, spec: &str) -> Reply {
    here.scope("repository")?;
    let repo = here.world.repo(repo)?;
    let (base, changes) = changes(here, repo, spec)?;
    let to = spec.split_once("..").map_or(spec, |(to, _)| to);
    let tip = &repo.resolve(to)?.hash;
    let shown = changes.iter().map(|one| {
        let mut shown = changed(here.world, repo, one, (&base, tip));
        if fights(repo, tip) {
            shown["status"] = json!("merge conflict");
        }
        shown
    });
    here.page(shown.collect(), FILES)
}

/// Whether what comes from there conflicts with where it is to go.
fn fights(repo: &Repository, tip: &str) -> bool {
    repo.pull_requests.iter().any(|pr| pr.conflicted && pr.source_hash == tip)
}

fn changed(world: &World, repo: &Repository, change: &FileChange, (old, new): (&str, &str)) -> Value {
    let side = |hash: &str, path: &str| {
        let name = repo.full_name();
        let href = format!("{}/2.0/repositories/{name}/src/{hash}/{path}", world.cloud_url);
        json!({"type": "commit_file", "path": path, "escaped_path": path, "links": {"self": {"href": href}}})
    };
    let was = change.was.as_ref().unwrap_or(&change.path);
    json!({
        "type": "diffstat",
        "status": match change.kind {
            ChangeKind::Added => "added",
            ChangeKind::Modified => "modified",
            ChangeKind::Removed => "removed",
            ChangeKind::Renamed => "renamed",
        },
        "lines_added": change.lines_added,
        "lines_removed": change.lines_removed,
        "old": change.old.as_ref().map(|_| side(old, was)),
        "new": change.new.as_ref().map(|_| side(new, &change.path)),
    })
}

/// `GET ~/diff/{spec}`: as Git writes it.
pub(super) fn text(here: &Here<'_>, repo: RepoId, spec: &str) -> Reply {
    here.scope("repository")?;
    let context = match here.ask.param("context").map(str::parse) {
        None => 3,
        Some(Ok(lines)) => lines,
        Some(Err(_)) => return Err(bad_field("context", "not a number").complaining("context is a number")),
    };
    let (_, changes) = changes(here, here.world.repo(repo)?, spec)?;
    Ok(Answer::text(200, &patches::written(&changes, context)))
}

/// `GET ~/merge-base/{spec}`
pub(super) fn merge_base(here: &Here<'_>, repo: RepoId, spec: &str) -> Reply {
    here.scope("repository")?;
    let repo = here.world.repo(repo)?;
    let (one, other) = spec.split_once("..").ok_or_else(|| problem(400, "Two commits are needed."))?;
    let (one, other) = (&repo.resolve(one)?.hash, &repo.resolve(other)?.hash);
    let base = repo.merge_base(one, other).ok_or_else(|| problem(404, "There is no merge base."))?;
    Ok(Answer::json(200, &full(here.world, repo, base)))
}

/// `GET ~/file-conflicts/{spec}`: the files that a conflicting pull request fights over.
pub(super) fn conflicts(here: &Here<'_>, repo: RepoId, spec: &str) -> Reply {
    here.scope("repository")?;
    let repo = here.world.repo(repo)?;
    let (_, changes) = changes(here, repo, spec)?;
    let tip = spec.split_once("..").map_or(spec, |(tip, _)| tip);
    let tip = &repo.resolve(tip)?.hash;
    let fought = fights(repo, tip);
    let shown = changes.iter().filter(|_| fought).map(|change| {
        let message = "File modified in both source and destination";
        json!({"path": change.path, "scenario": "content", "message": message})
    });
    here.page_of(shown.collect(), FILES)
}

/// `GET ~/pullrequests/{id}/diff`, `…/diffstat`, `…/conflicts`: it is elsewhere.
pub(super) fn to(here: &Here<'_>, (repo, number): (RepoId, u64), noun: &str) -> Reply {
    let repo = here.world.repo(repo)?;
    let pr = repo.pull_request(number)?;
    let to = address(here.world, repo, (noun, &pr.source_hash, &pr.destination_hash), number);
    Ok(Answer::redirect(302, &to))
}

/// Where a pull request's changes are shown.
pub(super) fn address(
    world: &World,
    repo: &Repository,
    (noun, from, to): (&str, &str, &str),
    number: u64,
) -> String {
    let (name, spec) = (repo.full_name(), encoded(&format!("{from}..{to}")));
    let base = &world.cloud_url;
    format!("{base}/2.0/repositories/{name}/{noun}/{spec}?from_pullrequest_id={number}&topic=true")
}
