//! What differs between two commits, as Data Center shows it: in lines, or as text.

use serde_json::{Value, json};

use super::super::exchange::{Answer, Reply};
use super::super::patches;
use super::super::world::diffs::{Hunk, Side, hunks};
use super::super::world::{FileChange, Refusal, RepoId, Repository};
use super::Here;
use super::commits::{changed, full, parts};

/// How many unchanged lines are shown around a change unless asked otherwise.
const CONTEXT: usize = 10;

/// The two commits of a comparison: what has the changes, and where they parted.
fn ends<'a>(here: &Here<'_>, repo: &'a Repository) -> Result<(&'a str, Option<&'a str>), Refusal> {
    let side = |name: &str| repo.resolve(here.ask.param(name).unwrap_or(&repo.main_branch));
    let (from, to) = (&side("from")?.hash, &side("to")?.hash);
    Ok((from, repo.merge_base(from, to).map(|commit| commit.hash.as_str())))
}

/// `GET P/compare/commits`
pub(super) fn compared_commits(here: &Here<'_>, repo: RepoId) -> Reply {
    let repo = here.world.repo(repo)?;
    let (from, base) = ends(here, repo)?;
    here.page(repo.log(from, base).into_iter().map(|commit| full(here.world, commit)).collect())
}

/// `GET P/compare/changes`
pub(super) fn compared_changes(here: &Here<'_>, repo: RepoId) -> Reply {
    let repo = here.world.repo(repo)?;
    let (from, base) = ends(here, repo)?;
    here.page(repo.changes(base, from).iter().map(|one| changed(here.world, repo, one)).collect())
}

/// `GET P/compare/diff{path}`
pub(super) fn compared(here: &Here<'_>, repo: RepoId, path: &str) -> Reply {
    let repo = here.world.repo(repo)?;
    let (from, base) = ends(here, repo)?;
    shown(here, repo, (base, from, path))
}

/// `GET P/commits/{hash}/diff/{path}`
pub(super) fn of_commit(here: &Here<'_>, repo: RepoId, (hash, path): (&str, &str)) -> Reply {
    let repo = here.world.repo(repo)?;
    let commit = repo.resolve(hash)?;
    let since = here.ask.param("since").map(|since| repo.resolve(since)).transpose()?;
    let base = since.map(|commit| &commit.hash).or(commit.parents.first());
    shown(here, repo, (base.map(String::as_str), &commit.hash, path))
}

/// `GET P/pull-requests/{id}/diff/{path}`
pub(super) fn of_pull_request(here: &Here<'_>, (repo, number): (RepoId, u64), path: &str) -> Reply {
    let repo = here.world.repo(repo)?;
    let pr = repo.pull_request(number)?;
    let base = repo.merge_base(&pr.source_hash, &pr.destination_hash).map(|commit| commit.hash.as_str());
    shown(here, repo, (base, &pr.source_hash, path))
}

/// `GET P/pull-requests/{id}.diff`
pub(super) fn text_of(here: &Here<'_>, (repo, number): (RepoId, u64)) -> Reply {
    let repo = here.world.repo(repo)?;
    let pr = repo.pull_request(number)?;
    let base = repo.merge_base(&pr.source_hash, &pr.destination_hash).map(|commit| commit.hash.as_str());
    let context = here.number("contextLines", 3)?;
    Ok(Answer::text(200, &patches::written(&repo.changes(base, &pr.source_hash), context)))
}

fn shown(here: &Here<'_>, repo: &Repository, (base, tip, path): (Option<&str>, &str, &str)) -> Reply {
    let context = here.number("contextLines", CONTEXT)?;
    let folder = format!("{path}/");
    let mut changes = repo.changes(base, tip);
    changes.retain(|one| path.is_empty() || one.path == path || one.path.starts_with(&folder));
    if here.ask.header("accept").starts_with("text/plain") {
        return Ok(Answer::text(200, &patches::written(&changes, context)));
    }
    let diffs: Vec<Value> = changes.iter().map(|change| diff(change, context)).collect();
    let body = json!({
        "fromHash": base,
        "toHash": tip,
        "contextLines": context,
        "whitespace": "SHOW",
        "diffs": diffs,
        "truncated": false,
    });
    Ok(Answer::json(200, &body))
}

fn diff(change: &FileChange, context: usize) -> Value {
    let was = change.was.as_ref().unwrap_or(&change.path);
    let mut value = json!({
        "source": change.old.as_ref().map(|_| parts(was)),
        "destination": change.new.as_ref().map(|_| parts(&change.path)),
        "truncated": false,
    });
    if change.is_binary() {
        value["binary"] = true.into();
    } else {
        let hunks = hunks(&change.text(false), &change.text(true), context);
        value["hunks"] = hunks.iter().map(hunk).collect();
    }
    value
}

fn hunk(hunk: &Hunk) -> Value {
    let ((source, source_span), (destination, destination_span)) = (hunk.span(false), hunk.span(true));
    let mut segments: Vec<(Side, Vec<Value>)> = Vec::new();
    for line in &hunk.lines {
        let value =
            json!({"source": line.old, "destination": line.new, "line": line.text, "truncated": false});
        match segments.last_mut() {
            Some((side, lines)) if *side == line.side => lines.push(value),
            _ => segments.push((line.side, vec![value])),
        }
    }
    let segments = segments.into_iter().map(|(side, lines)| {
        let kind = match side {
            Side::Context => "CONTEXT",
            Side::Added => "ADDED",
            Side::Removed => "REMOVED",
        };
        json!({"type": kind, "lines": lines, "truncated": false})
    });
    json!({
        "sourceLine": source,
        "sourceSpan": source_span,
        "destinationLine": destination,
        "destinationSpan": destination_span,
        "segments": segments.collect::<Vec<_>>(),
        "truncated": false,
    })
}
