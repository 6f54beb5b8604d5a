//! Files and folders at a commit, as Cloud shows them.

use serde_json::{Value, json};

use super::super::exchange::{Answer, Reply};
use super::super::world::{Content, RepoId, Repository, World, digest};
use super::Here;
use super::answers::{bad_field, problem};
use super::commits::linked;

/// `GET ~/src/{commit}/{path}`: the bytes, what is known of them, or what a folder holds.
pub(super) fn show(here: &Here<'_>, repo: RepoId, (at, path): (&str, &str)) -> Reply {
    here.scope("repository")?;
    let repo = here.world.repo(repo)?;
    let hash = &repo.resolve(at)?.hash;
    let meta = match here.ask.param("format") {
        None => false,
        Some("meta") => true,
        Some(other) => return Err(bad_field("format", "not a valid choice").complaining(other)),
    };
    let Ok(content) = repo.file(hash, path) else {
        return folder(here, repo, (hash, path), meta);
    };
    if meta {
        return Ok(Answer::json(200, &described(here.world, repo, (hash, path), &content)));
    }
    match &*content {
        Content::Lfs(size) => {
            let oid = digest(&format!("large file of {size} bytes"));
            Ok(Answer::redirect(301, &format!("https://media.example.test/file/{oid}/binary")))
        }
        content => {
            Ok(Answer::file(mimetype(path), content.bytes()).with("Content-Disposition", "attachment"))
        }
    }
}

fn folder(here: &Here<'_>, repo: &Repository, (hash, path): (&str, &str), meta: bool) -> Reply {
    let within = if path.is_empty() { String::new() } else { format!("{path}/") };
    let tree = repo.tree(hash);
    let mut folders: Vec<&str> = Vec::new();
    let mut values = Vec::new();
    for (file, content) in tree.iter().filter(|(file, _)| file.starts_with(&within)) {
        match file[within.len()..].split_once('/') {
            None => values.push(described(here.world, repo, (hash, file), content)),
            Some((name, _)) if folders.contains(&name) => {}
            Some((name, _)) => {
                folders.push(name);
                values.push(directory(here.world, repo, (hash, &format!("{within}{name}"))));
            }
        }
    }
    if values.is_empty() {
        return Err(problem(404, &format!("No such file or directory: {path}")));
    }
    if meta {
        return Ok(Answer::json(200, &directory(here.world, repo, (hash, path))));
    }
    here.page(values, 10)
}

fn directory(world: &World, repo: &Repository, (hash, path): (&str, &str)) -> Value {
    let api = format!("{}/2.0/repositories/{}/src/{hash}/{path}/", world.cloud_url, repo.full_name());
    let links = json!({"self": {"href": api}, "meta": {"href": format!("{api}?format=meta")}});
    json!({"type": "commit_directory", "path": path, "commit": linked(world, repo, hash), "links": links})
}

fn described(world: &World, repo: &Repository, (hash, path): (&str, &str), content: &Content) -> Value {
    let api = format!("{}/2.0/repositories/{}", world.cloud_url, repo.full_name());
    let (size, attributes) = match content {
        Content::Lfs(size) => (*size, vec!["lfs"]),
        Content::Binary(bytes) => (bytes.len() as u64, vec!["binary"]),
        Content::Text(text) => (text.len() as u64, vec![]),
    };
    json!({
        "type": "commit_file",
        "path": path,
        "escaped_path": path,
        "commit": linked(world, repo, hash),
        "attributes": attributes,
        "size": size,
        "mimetype": mimetype(path),
        "links": {
            "self": {"href": format!("{api}/src/{hash}/{path}")},
            "meta": {"href": format!("{api}/src/{hash}/{path}?format=meta")},
            "history": {"href": format!("{api}/filehistory/{hash}/{path}")},
        },
    })
}

/// By the name's ending alone, as Cloud guesses it.
fn mimetype(path: &str) -> &'static str {
    match path.rsplit_once('.').map(|(_, ending)| ending) {
        Some("md" | "txt" | "rs" | "toml") => "text/plain",
        Some("json") => "application/json",
        Some("png") => "image/png",
        _ => "application/octet-stream",
    }
}
