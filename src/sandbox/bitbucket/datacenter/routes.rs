//! Which path of which REST module is answered by what.

use serde_json::json;

use super::super::exchange::{Answer, Reply};
use super::super::world::RepoId;
use super::{
    Here, branches, builds, comments, commits, hooks, merges, no_such_page, pull_requests, repositories,
    reviews, users,
};

/// Answers a path below `/rest/{module}/latest`.
pub(super) fn answer(here: &mut Here<'_>, module: &str, path: &[&str]) -> Reply {
    match (module, here.ask.method.as_str(), path) {
        ("api", "GET", ["application-properties"]) => Ok(properties()),
        ("api", "GET", ["users"]) => users::list(here),
        ("api", "GET", ["users", slug]) => users::show(here, slug),
        ("api", "GET", ["repos"]) => repositories::search(here),
        ("api", "GET", ["projects"]) => repositories::projects(here),
        ("api", "GET", ["projects", key, "repos"]) => repositories::list(here, key),
        ("api", "GET", ["dashboard", "pull-requests"]) => pull_requests::dashboard(here),
        ("api", _, ["projects", key, "repos", slug, rest @ ..]) => {
            let repo = here.repository(key, slug)?.id;
            in_repository(here, repo, rest)
        }
        ("default-reviewers", "GET", ["projects", key, "repos", slug, "reviewers"]) => {
            repositories::default_reviewers(here, key, slug)
        }
        ("build-status", "GET", ["commits", "stats", hash]) => Ok(builds::stats(here, hash)),
        ("build-status", "GET", ["commits", hash]) => builds::of_commit(here, hash),
        _ => Err(no_such_page(here.ask)),
    }
}

fn in_repository(here: &mut Here<'_>, repo: RepoId, path: &[&str]) -> Reply {
    match (here.ask.method.as_str(), path) {
        ("GET", []) => repositories::show(here, repo),
        ("GET", ["default-branch"]) => branches::default(here, repo),
        ("GET", ["branches"]) => branches::list(here, repo),
        ("GET", ["commits"]) => commits::list(here, repo),
        ("GET", ["commits", hash]) => commits::show(here, repo, hash),
        ("GET", ["commits", hash, "builds"]) => builds::show(here, repo, hash),
        ("POST", ["commits", hash, "builds"]) => builds::report(here, repo, hash),
        ("GET", ["commits", hash, "changes"]) => commits::changes(here, repo, hash),
        ("GET", ["settings", "pull-requests"]) => repositories::settings(here, repo),
        ("GET", ["webhooks"]) => hooks::list(here, repo),
        ("POST", ["webhooks"]) => hooks::create(here, repo),
        ("DELETE", ["webhooks", id]) => hooks::delete(here, repo, id),
        ("GET", ["pull-requests"]) => pull_requests::list(here, repo),
        ("POST", ["pull-requests"]) => pull_requests::create(here, repo),
        (_, ["pull-requests", number, rest @ ..]) => {
            let number = number.parse().map_err(|_| no_such_page(here.ask))?;
            pull_requests::known(here, (repo, number))?;
            in_pull_request(here, (repo, number), rest)
        }
        _ => Err(no_such_page(here.ask)),
    }
}

fn in_pull_request(here: &mut Here<'_>, at: (RepoId, u64), path: &[&str]) -> Reply {
    match (here.ask.method.as_str(), path) {
        ("GET", []) => pull_requests::show(here, at),
        ("GET", ["participants"]) => reviews::list(here, at),
        ("PUT", ["participants", slug]) => reviews::decide(here, at, slug),
        ("GET", ["merge"]) => merges::ask_first(here, at),
        ("POST", ["merge"]) => merges::merge(here, at),
        ("POST", ["decline"]) => merges::decline(here, at),
        ("GET", ["comments"]) => comments::list(here, at),
        ("POST", ["comments"]) => comments::create(here, at),
        ("GET", ["comments", id]) => comments::show(here, at, id),
        ("GET", ["activities"]) => comments::activities(here, at),
        ("GET", ["commits"]) => commits::of_pull_request(here, at),
        ("GET", ["changes"]) => commits::changes_of(here, at),
        _ => Err(no_such_page(here.ask)),
    }
}

pub(super) fn properties() -> Answer {
    let body = json!({
        "version": "9.4.0",
        "buildNumber": "9004000",
        "buildDate": "1731283200000",
        "displayName": "Bitbucket",
    });
    Answer::json(200, &body)
}
