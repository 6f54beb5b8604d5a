//! Which path of REST 2.0 is answered by what.

use super::super::exchange::Reply;
use super::super::world::{RepoId, Verdict};
use super::answers::not_found;
use super::{
    Here, branches, builds, comments, commits, hooks, merges, no_such_page, pull_requests, repositories,
    reviews, users,
};

/// Answers a path below `/2.0`.
pub(super) fn answer(here: &mut Here<'_>, path: &[&str]) -> Reply {
    match (here.ask.method.as_str(), path) {
        ("GET", ["user"]) => users::myself(here),
        ("GET", ["user", "workspaces"]) => users::workspaces(here),
        ("GET", ["users", id]) => users::show(here, id),
        ("GET", ["repositories", space]) => repositories::list(here, space),
        ("GET", ["workspaces", space, "pullrequests", id]) => pull_requests::of_author(here, space, id),
        (_, ["repositories", space, slug, rest @ ..]) => {
            let repo = here.repository(space, slug)?.id;
            in_repository(here, repo, rest)
        }
        _ => Err(no_such_page(here.ask)),
    }
}

fn in_repository(here: &mut Here<'_>, repo: RepoId, path: &[&str]) -> Reply {
    match (here.ask.method.as_str(), path) {
        ("GET", []) => repositories::show(here, repo),
        ("GET", ["refs", "branches"]) => branches::list(here, repo),
        ("GET", ["refs", "branches", name]) => branches::show(here, repo, name),
        ("GET", ["commits"]) => commits::list(here, repo, None),
        ("GET", ["commits", revision]) => commits::list(here, repo, Some(revision)),
        ("GET", ["commit", hash]) => commits::show(here, repo, hash),
        ("GET", ["commit", hash, "statuses"]) => builds::of_commit(here, repo, hash),
        ("POST", ["commit", hash, "statuses", "build"]) => builds::report(here, repo, hash),
        ("GET", ["diffstat", spec]) => commits::diffstat(here, repo, spec),
        ("GET", ["default-reviewers"]) => repositories::default_reviewers(here, repo, false),
        ("GET", ["effective-default-reviewers"]) => repositories::default_reviewers(here, repo, true),
        ("GET", ["hooks"]) => hooks::list(here, repo),
        ("POST", ["hooks"]) => hooks::create(here, repo),
        ("DELETE", ["hooks", id]) => hooks::delete(here, repo, id),
        ("GET", ["pullrequests"]) => pull_requests::list(here, repo),
        ("POST", ["pullrequests"]) => pull_requests::create(here, repo),
        (_, ["pullrequests", number, rest @ ..]) => {
            let number = number.parse().map_err(|_| not_found())?;
            here.scope("pullrequest")?;
            here.world.repo(repo)?.pull_request(number)?;
            in_pull_request(here, (repo, number), rest)
        }
        _ => Err(no_such_page(here.ask)),
    }
}

fn in_pull_request(here: &mut Here<'_>, at: (RepoId, u64), path: &[&str]) -> Reply {
    match (here.ask.method.as_str(), path) {
        ("GET", []) => pull_requests::show(here, at),
        ("POST", ["approve"]) => reviews::give(here, at, Verdict::Approved),
        ("DELETE", ["approve"]) => reviews::take_back(here, at, Verdict::Approved),
        ("POST", ["request-changes"]) => reviews::give(here, at, Verdict::ChangesRequested),
        ("DELETE", ["request-changes"]) => reviews::take_back(here, at, Verdict::ChangesRequested),
        ("POST", ["merge"]) => merges::merge(here, at),
        ("GET", ["merge", "task-status", task]) => merges::task(here, at, task),
        ("POST", ["decline"]) => merges::decline(here, at),
        ("GET", ["comments"]) => comments::list(here, at),
        ("POST", ["comments"]) => comments::create(here, at),
        ("GET", ["comments", id]) => comments::show(here, at, id),
        ("GET", ["commits"]) => commits::of_pull_request(here, at),
        ("GET", ["statuses"]) => builds::of_pull_request(here, at),
        ("GET", ["diffstat"]) => commits::to_diffstat(here, at),
        _ => Err(no_such_page(here.ask)),
    }
}
