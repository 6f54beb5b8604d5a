//! Commits and what they changed, as Cloud shows them.

use serde_json::{Value, json};

use super::super::exchange::{Answer, Reply};
use super::super::moments::iso_seconds;
use super::super::world::{Commit, RepoId, Repository, World};
use super::Here;
use super::repositories::brief;
use super::users::by_nickname;

/// `GET ~/commits` and `GET ~/commits/{revision}`, or `POST` of the same where the lists are long.
pub(super) fn list(here: &Here<'_>, repo: RepoId, revision: Option<&str>) -> Reply {
    here.scope("repository")?;
    let repo = here.world.repo(repo)?;
    let form = if here.ask.method == "POST" { here.ask.form() } else { Vec::new() };
    let posted = |name: &'static str| form.iter().filter(move |(key, _)| key == name);
    let posted = |name| posted(name).map(|(_, value)| value.as_str());
    let included: Vec<&str> = here.ask.params("include").chain(posted("include")).chain(revision).collect();
    let tips = match included.as_slice() {
        [] => repo.branches.values().map(String::as_str).collect(),
        names => hashes(repo, names)?,
    };
    let excluded: Vec<&str> = here.ask.params("exclude").chain(posted("exclude")).collect();
    let hidden = hashes(repo, &excluded)?;
    let path = here.ask.param("path");
    let mut commits: Vec<&Commit> = tips.iter().flat_map(|tip| repo.log(tip, None)).collect();
    let gone: Vec<&str> =
        hidden.iter().flat_map(|tip| repo.log(tip, None)).map(|commit| commit.hash.as_str()).collect();
    commits.retain(|commit| !gone.contains(&commit.hash.as_str()));
    commits.sort_by_key(|commit| std::cmp::Reverse(commit.sequence));
    commits.dedup_by_key(|commit| commit.sequence);
    commits.retain(|commit| path.is_none_or(|path| commit.touches(path)));
    here.iterated(commits.iter().map(|commit| full(here.world, repo, commit)).collect())
}

fn hashes<'a>(repo: &'a Repository, names: &[&str]) -> Result<Vec<&'a str>, Answer> {
    let found = names.iter().map(|name| Ok(repo.resolve(name)?.hash.as_str()));
    found.collect()
}

/// `GET ~/commit/{hash}`
pub(super) fn show(here: &Here<'_>, repo: RepoId, hash: &str) -> Reply {
    here.scope("repository")?;
    let repo = here.world.repo(repo)?;
    let commit = repo.resolve(hash)?;
    Ok(Answer::json(200, &full(here.world, repo, commit)))
}

/// `GET ~/pullrequests/{id}/commits`
pub(super) fn of_pull_request(here: &Here<'_>, (repo, number): (RepoId, u64)) -> Reply {
    let repo = here.world.repo(repo)?;
    let pr = repo.pull_request(number)?;
    let commits = repo.log(&pr.source_hash, Some(&pr.destination_hash));
    here.iterated(commits.into_iter().map(|commit| full(here.world, repo, commit)).collect())
}

/// A commit with everything.
pub(super) fn full(world: &World, repo: &Repository, commit: &Commit) -> Value {
    let mut value = detailed(world, repo, &commit.hash);
    value["repository"] = brief(world, repo);
    value["rendered"] = json!({"message": rendered(&commit.message)});
    value
}

/// A commit with the links of one that is shown for itself.
pub(super) fn detailed(world: &World, repo: &Repository, hash: &str) -> Value {
    let mut value = mentioned(world, repo, hash);
    let api = format!("{}/2.0/repositories/{}", world.cloud_url, repo.full_name());
    for (noun, path) in [
        ("diff", format!("diff/{hash}")),
        ("patch", format!("patch/{hash}")),
        ("approve", format!("commit/{hash}/approve")),
        ("comments", format!("commit/{hash}/comments")),
        ("statuses", format!("commit/{hash}/statuses")),
    ] {
        value["links"][noun] = json!({"href": format!("{api}/{path}")});
    }
    value
}

/// A commit as a branch in a push mentions it.
pub(super) fn mentioned(world: &World, repo: &Repository, hash: &str) -> Value {
    let mut value = linked(world, repo, hash);
    let Ok(commit) = repo.commit(hash) else {
        return value;
    };
    value["date"] = iso_seconds(commit.date).into();
    value["author"] = author(world, &commit.author);
    value["message"] = commit.message.clone().into();
    value["summary"] = rendered(&commit.message);
    value["rendered"] = json!({});
    value["properties"] = json!({});
    value["parents"] = commit.parents.iter().map(|one| linked(world, repo, one)).collect();
    value
}

/// A commit by its hash and where to find it.
pub(super) fn linked(world: &World, repo: &Repository, hash: &str) -> Value {
    let (web, name) = (&world.cloud_url, repo.full_name());
    json!({
        "type": "commit",
        "hash": hash,
        "links": {
            "self": {"href": format!("{web}/2.0/repositories/{name}/commit/{hash}")},
            "html": {"href": format!("{web}/{name}/commits/{hash}")},
        },
    })
}

pub(super) fn author(world: &World, nickname: &str) -> Value {
    match world.person(nickname) {
        Ok(person) => json!({
            "type": "author",
            "raw": format!("{} <{}>", person.display_name, person.email),
            "user": by_nickname(world, nickname),
        }),
        Err(_) => json!({"type": "author", "raw": format!("{nickname} <{nickname}@example.test>")}),
    }
}

/// Text and the HTML made of it.
pub(super) fn rendered(raw: &str) -> Value {
    let html = raw.trim().replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let html = if html.is_empty() { html } else { format!("<p>{html}</p>") };
    json!({"raw": raw, "markup": "markdown", "html": html})
}

/// Marks rendered texts as webhooks do, where the published schema of answers has no room for it.
pub(super) fn mark_rendered(value: &mut Value, pointers: &[&str]) {
    for pointer in pointers {
        if let Some(text) = value.pointer_mut(pointer) {
            text["type"] = "rendered".into();
        }
    }
}
