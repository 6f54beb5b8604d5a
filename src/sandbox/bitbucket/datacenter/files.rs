//! Files and folders at a commit, as Data Center shows them: line by line, or as they are.

use std::sync::Arc;

use serde_json::{Value, json};

use super::super::exchange::{Answer, Reply};
use super::super::world::{Content, RepoId, Repository, digest};
use super::Here;
use super::answers::problem;
use super::commits::parts;

/// The most lines on one page.
const LINES: usize = 5000;

fn at<'a>(here: &'a Here<'_>, repo: RepoId) -> Result<(&'a Repository, &'a str), Answer> {
    let repo = here.world.repo(repo)?;
    let name = here.ask.param("at").filter(|name| !name.is_empty()).unwrap_or(&repo.main_branch);
    Ok((repo, &repo.resolve(name)?.hash))
}

fn found(repo: &Repository, hash: &str, path: &str) -> Result<Arc<Content>, Answer> {
    repo.file(hash, path).map_err(|_| missing(path, hash))
}

fn missing(path: &str, hash: &str) -> Answer {
    let text = format!("The path \"{path}\" does not exist at revision \"{hash}\"");
    problem(404, "content.NoSuchPathException", &text)
}

/// `GET P/raw/{path}`: the bytes; of a large file only its pointer.
pub(super) fn raw(here: &Here<'_>, repo: RepoId, path: &str) -> Reply {
    let (repo, hash) = at(here, repo)?;
    let content = found(repo, hash, path)?;
    let kind = if content.text().is_some() { "text/plain;charset=UTF-8" } else { "application/octet-stream" };
    Ok(Answer::file(kind, content.bytes()))
}

/// `GET P/browse/{path}`: a page of lines, or what a folder holds.
pub(super) fn browse(here: &Here<'_>, repo: RepoId, path: &str) -> Reply {
    let (repo, hash) = at(here, repo)?;
    let Ok(content) = repo.file(hash, path) else {
        return folder(here, repo, (hash, path));
    };
    if here.ask.param("size") == Some("true") {
        return Ok(Answer::json(200, &json!({"size": content.bytes().len()})));
    }
    if here.ask.param("type") == Some("true") {
        return Ok(Answer::json(200, &json!({"type": "FILE"})));
    }
    let Some(text) = content.text() else {
        return Ok(Answer::json(200, &json!({"binary": true, "path": parts(path)})));
    };
    let start = here.number("start", 0)?;
    let limit = here.number("limit", 500)?.clamp(1, LINES);
    let lines: Vec<Value> = text.lines().skip(start).take(limit).map(|line| json!({"text": line})).collect();
    let end = start.saturating_add(lines.len());
    let more = end < text.lines().count();
    let mut body =
        json!({"size": lines.len(), "limit": limit, "isLastPage": !more, "start": start, "lines": lines});
    if more {
        body["nextPageStart"] = end.into();
    }
    Ok(Answer::json(200, &body))
}

fn folder(here: &Here<'_>, repo: &Repository, (hash, path): (&str, &str)) -> Reply {
    let within = if path.is_empty() { String::new() } else { format!("{path}/") };
    let mut names: Vec<(String, bool)> = Vec::new();
    for file in repo.tree(hash).keys().filter_map(|file| file.strip_prefix(within.as_str())) {
        let (name, deeper) = file.split_once('/').map_or((file, false), |(name, _)| (name, true));
        if !names.iter().any(|(known, _)| known == name) {
            names.push((name.to_owned(), deeper));
        }
    }
    if names.is_empty() {
        return Err(missing(path, hash));
    }
    let children: Vec<Value> = names
        .iter()
        .map(|(name, deeper)| {
            let id = &digest(&format!("{hash} {within}{name}"))[..40];
            let kind = if *deeper { "DIRECTORY" } else { "FILE" };
            json!({"path": parts(name), "contentId": id, "type": kind})
        })
        .collect();
    let page = here.page(children)?.json_body().unwrap_or_default();
    Ok(Answer::json(200, &json!({"path": parts(path), "revision": hash, "children": page})))
}

/// `GET P/files/{path}`: the names of all files.
pub(super) fn list(here: &Here<'_>, repo: RepoId, path: &str) -> Reply {
    let (repo, hash) = at(here, repo)?;
    let within = if path.is_empty() { String::new() } else { format!("{path}/") };
    let names: Vec<Value> =
        repo.tree(hash).keys().filter_map(|file| Some(file.strip_prefix(within.as_str())?.into())).collect();
    if names.is_empty() {
        return Err(missing(path, hash));
    }
    here.page(names)
}
