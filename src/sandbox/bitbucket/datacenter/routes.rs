//! Which path of which REST module is answered by what.

use serde_json::json;

use super::super::exchange::{Answer, Reply};
use super::super::world::{Edition, HookPlace, RepoId};
use super::{
    Here, branches, builds, comments, commits, diffs, files, history, hooks, housekeeping, merges,
    no_such_page, pull_requests, queues, repositories, restrictions, reviewers, reviews, rights, tags, users,
};

/// Answers a path below `/rest/{module}/latest`.
pub(super) fn answer(here: &mut Here<'_>, module: &str, path: &[&str]) -> Reply {
    let method = here.ask.method.clone();
    match (module, method.as_str(), path) {
        ("api", _, ["projects", key, "repos", slug, rest @ ..]) => {
            // An archive can be opened again.
            let opened = here.ask.method == "PUT" && rest.is_empty();
            let repo = if opened { here.repository(key, slug)?.id } else { here.changeable(key, slug)? };
            in_repository(here, repo, rest)
        }
        ("api", _, ["projects", rest @ ..]) => in_projects(here, rest),
        ("api", "GET", _) => elsewhere(here, path),
        ("default-reviewers", "GET", ["projects", key, "repos", slug, "reviewers"]) => {
            repositories::default_reviewers(here, key, slug)
        }
        ("build-status", "GET", ["commits", "stats", hash]) => Ok(builds::stats(here, hash)),
        ("build-status", "GET", ["commits", hash]) => builds::of_commit(here, hash),
        ("branch-utils" | "git" | "branch-permissions", _, ["projects", key, "repos", slug, rest @ ..]) => {
            let repo = here.changeable(key, slug)?;
            in_modules(here, module, repo, rest)
        }
        _ => Err(no_such_page(here.ask)),
    }
}

fn elsewhere(here: &Here<'_>, path: &[&str]) -> Reply {
    match path {
        ["application-properties"] => Ok(properties()),
        ["users"] => users::list(here),
        ["users", slug] => users::show(here, slug),
        ["repos"] => repositories::search(here),
        ["profile", "recent", "repos"] => repositories::recent(here),
        ["dashboard", "pull-requests"] => queues::dashboard(here),
        ["inbox", "pull-requests"] => queues::inbox(here),
        ["inbox", "pull-requests", "count"] => queues::inbox_count(here),
        _ => Err(no_such_page(here.ask)),
    }
}

fn in_projects(here: &mut Here<'_>, path: &[&str]) -> Reply {
    match (here.ask.method.as_str(), path) {
        ("GET", []) => repositories::projects(here),
        ("GET", [key]) => repositories::show_project(here, key),
        ("GET", [key, "repos"]) => repositories::list(here, key),
        ("POST", [key, "repos"]) => housekeeping::create(here, key),
        (_, [key, "permissions", whose]) => rights::of_project(here, key, whose),
        (_, [key, "webhooks", rest @ ..]) => {
            let place = HookPlace::Space(Edition::DataCenter, key.to_uppercase());
            hooks::answer(here, place, rest)
        }
        _ => Err(no_such_page(here.ask)),
    }
}

fn in_modules(here: &mut Here<'_>, module: &str, repo: RepoId, path: &[&str]) -> Reply {
    match (module, here.ask.method.as_str(), path) {
        ("branch-utils", "POST", ["branches"]) => branches::create(here, repo, 201),
        ("branch-utils", "DELETE", ["branches"]) => branches::delete(here, repo),
        ("branch-permissions", _, ["restrictions", rest @ ..]) => restrictions::answer(here, repo, rest),
        ("git", "POST", ["tags"]) => tags::create(here, repo, 201),
        ("git", "DELETE", ["tags", name @ ..]) => tags::delete(here, repo, &name.join("/")),
        _ => Err(no_such_page(here.ask)),
    }
}

fn in_repository(here: &mut Here<'_>, repo: RepoId, path: &[&str]) -> Reply {
    match (here.ask.method.as_str(), path) {
        ("GET", []) => repositories::show(here, repo),
        ("PUT", []) => housekeeping::update(here, repo),
        ("POST", []) => housekeeping::fork(here, repo),
        ("DELETE", []) => housekeeping::delete(here, repo),
        ("GET", ["settings", "pull-requests"]) => repositories::settings(here, repo),
        (_, ["default-branch" | "branches" | "tags", ..]) => in_refs(here, repo, path),
        (_, ["commits" | "compare" | "files" | "browse" | "raw", ..]) => in_code(here, repo, path),
        (_, ["webhooks", rest @ ..]) => hooks::answer(here, HookPlace::Repository(repo), rest),
        (_, ["permissions", whose]) => rights::answer(here, repo, whose),
        ("GET", ["pull-requests"]) => pull_requests::list(here, repo),
        ("POST", ["pull-requests"]) => pull_requests::create(here, repo),
        (_, ["pull-requests", number, rest @ ..]) => {
            let (number, as_text) = number.strip_suffix(".diff").map_or((*number, false), |one| (one, true));
            let number = number.parse().map_err(|_| no_such_page(here.ask))?;
            pull_requests::known(here, (repo, number))?;
            if as_text && rest.is_empty() {
                return diffs::text_of(here, (repo, number));
            }
            in_pull_request(here, (repo, number), rest)
        }
        _ => Err(no_such_page(here.ask)),
    }
}

fn in_refs(here: &mut Here<'_>, repo: RepoId, path: &[&str]) -> Reply {
    match (here.ask.method.as_str(), path) {
        ("GET", ["default-branch"]) => branches::default(here, repo),
        ("PUT", ["default-branch"]) => housekeeping::main_branch(here, repo),
        ("GET", ["branches"]) => branches::list(here, repo),
        ("POST", ["branches"]) => branches::create(here, repo, 200),
        ("GET", ["tags"]) => tags::list(here, repo),
        ("POST", ["tags"]) => tags::create(here, repo, 200),
        ("GET", ["tags", name @ ..]) => tags::show(here, repo, &name.join("/")),
        _ => Err(no_such_page(here.ask)),
    }
}

fn in_code(here: &mut Here<'_>, repo: RepoId, path: &[&str]) -> Reply {
    match (here.ask.method.as_str(), path) {
        ("GET", ["commits"]) => commits::list(here, repo),
        ("GET", ["commits", hash]) => commits::show(here, repo, hash),
        ("GET", ["commits", hash, "builds"]) => builds::show(here, repo, hash),
        ("POST", ["commits", hash, "builds"]) => builds::report(here, repo, hash),
        ("DELETE", ["commits", hash, "builds"]) => builds::forget(here, repo, hash),
        ("GET", ["commits", hash, "changes"]) => commits::changes(here, repo, hash),
        ("GET", ["commits", hash, "diff", path @ ..]) => {
            diffs::of_commit(here, repo, (hash, &path.join("/")))
        }
        ("GET", ["commits", hash, "merge-base"]) => commits::merge_base(here, repo, hash),
        ("GET", ["commits", hash, "pull-requests"]) => pull_requests::of_commit(here, repo, hash),
        ("GET", ["compare", "commits"]) => diffs::compared_commits(here, repo),
        ("GET", ["compare", "changes"]) => diffs::compared_changes(here, repo),
        ("GET", ["compare", "diff", path @ ..]) => diffs::compared(here, repo, &path.join("/")),
        ("GET", ["files", path @ ..]) => files::list(here, repo, &path.join("/")),
        ("GET", ["browse", path @ ..]) => files::browse(here, repo, &path.join("/")),
        ("GET", ["raw", path @ ..]) => files::raw(here, repo, &path.join("/")),
        _ => Err(no_such_page(here.ask)),
    }
}

fn in_pull_request(here: &mut Here<'_>, at: (RepoId, u64), path: &[&str]) -> Reply {
    match (here.ask.method.as_str(), path) {
        ("GET", []) => pull_requests::show(here, at),
        ("PUT", []) => pull_requests::update(here, at),
        ("GET", ["participants"]) => reviews::list(here, at),
        ("POST", ["participants"]) => reviewers::add(here, at),
        ("PUT", ["participants", slug]) => reviews::decide(here, at, slug),
        ("DELETE", ["participants", slug]) => reviewers::remove(here, at, slug),
        ("GET", ["merge"]) => merges::ask_first(here, at),
        ("POST", ["merge"]) => merges::merge(here, at),
        ("POST", ["decline"]) => merges::decline(here, at),
        ("POST", ["reopen"]) => merges::reopen(here, at),
        ("GET", ["activities"]) => history::list(here, at),
        ("GET", ["commits"]) => commits::of_pull_request(here, at),
        ("GET", ["changes"]) => commits::changes_of(here, at),
        ("GET", ["diff", path @ ..]) => diffs::of_pull_request(here, at, &path.join("/")),
        ("GET", ["blocker-comments"]) => comments::tasks(here, at),
        (_, ["comments", rest @ ..]) => in_comments(here, at, rest, false),
        (_, ["blocker-comments", rest @ ..]) => in_comments(here, at, rest, true),
        _ => Err(no_such_page(here.ask)),
    }
}

fn in_comments(here: &mut Here<'_>, at: (RepoId, u64), path: &[&str], task: bool) -> Reply {
    match (here.ask.method.as_str(), path) {
        ("GET", []) => comments::list(here, at),
        ("POST", []) => comments::create(here, at, task),
        ("GET", [id]) => comments::show(here, at, id),
        ("PUT", [id]) => comments::update(here, at, id),
        ("DELETE", [id]) => comments::delete(here, at, id),
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
