//! Which path of REST 2.0 is answered by what.

use super::super::exchange::Reply;
use super::super::world::{HookPlace, RepoId, Verdict};
use super::answers::not_found;
use super::{
    Here, branches, builds, comments, commits, diffs, files, history, hooks, housekeeping, members, merges,
    no_such_page, pipelines, pull_requests, repositories, restrictions, reviews, rights, tags, tasks, users,
};

/// Answers a path below `/2.0`.
pub(super) fn answer(here: &mut Here<'_>, path: &[&str]) -> Reply {
    match (here.ask.method.as_str(), path) {
        ("GET", ["user"]) => users::myself(here),
        ("GET", ["user", "workspaces"]) => users::workspaces(here),
        ("GET", ["users", id]) => users::show(here, id),
        ("GET", ["hook_events", "repository"]) => hooks::events(here, false),
        ("GET", ["hook_events", "workspace"]) => hooks::events(here, true),
        ("GET", ["repositories", space]) => repositories::list(here, space),
        (_, ["workspaces", space, rest @ ..]) => in_workspace(here, space, rest),
        ("POST", ["repositories", space, slug]) => housekeeping::create(here, space, slug),
        (_, ["repositories", space, slug, rest @ ..]) => {
            let repo = here.repository(space, slug)?.id;
            in_repository(here, repo, rest)
        }
        _ => Err(no_such_page(here.ask)),
    }
}

fn in_workspace(here: &mut Here<'_>, space: &str, path: &[&str]) -> Reply {
    match (here.ask.method.as_str(), path) {
        ("GET", ["pullrequests", id]) => pull_requests::of_author(here, space, id),
        ("GET", ["members"]) => members::list(here, space),
        ("GET", ["members", id]) => members::show(here, space, id),
        (_, ["hooks", rest @ ..]) => hooks::of_space(here, space, rest),
        (_, ["projects", key, "permissions-config", rest @ ..]) => {
            rights::of_project(here, (space, key), rest)
        }
        _ => Err(no_such_page(here.ask)),
    }
}

fn in_repository(here: &mut Here<'_>, repo: RepoId, path: &[&str]) -> Reply {
    match (here.ask.method.as_str(), path) {
        ("GET", []) => repositories::show(here, repo),
        ("PUT", []) => housekeeping::update(here, repo),
        ("DELETE", []) => housekeeping::delete(here, repo),
        ("POST", ["forks"]) => housekeeping::fork(here, repo),
        (_, ["pipelines", rest @ ..]) => pipelines::answer(here, repo, rest),
        ("GET", ["environments"]) => pipelines::environments(here, repo),
        ("GET", ["deployments"]) => pipelines::deployments(here, repo),
        (_, ["branch-restrictions", rest @ ..]) => restrictions::answer(here, repo, rest),
        ("GET", ["default-reviewers"]) => repositories::default_reviewers(here, repo, false),
        ("GET", ["effective-default-reviewers"]) => repositories::default_reviewers(here, repo, true),
        (_, ["refs", rest @ ..]) => in_refs(here, repo, rest),
        (_, ["commits" | "commit" | "merge-base", ..]) => in_commits(here, repo, path),
        ("GET", ["diffstat", spec]) => diffs::stat(here, repo, spec),
        ("GET", ["diff", spec]) => diffs::text(here, repo, spec),
        ("GET", ["file-conflicts", spec]) => diffs::conflicts(here, repo, spec),
        ("GET", ["src", at, path @ ..]) => files::show(here, repo, (at, &path.join("/"))),
        (_, ["hooks", rest @ ..]) => hooks::answer(here, HookPlace::Repository(repo), rest),
        (_, ["permissions-config", rest @ ..]) => rights::answer(here, repo, rest),
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

fn in_refs(here: &mut Here<'_>, repo: RepoId, path: &[&str]) -> Reply {
    match (here.ask.method.as_str(), path) {
        ("GET", ["branches"]) => branches::list(here, repo),
        ("POST", ["branches"]) => branches::create(here, repo),
        ("GET", ["branches", name]) => branches::show(here, repo, name),
        ("DELETE", ["branches", name]) => branches::delete(here, repo, name),
        ("GET", ["tags"]) => tags::list(here, repo),
        ("POST", ["tags"]) => tags::create(here, repo),
        ("GET", ["tags", name]) => tags::show(here, repo, name),
        ("DELETE", ["tags", name]) => tags::delete(here, repo, name),
        _ => Err(no_such_page(here.ask)),
    }
}

fn in_commits(here: &mut Here<'_>, repo: RepoId, path: &[&str]) -> Reply {
    match (here.ask.method.as_str(), path) {
        ("GET" | "POST", ["commits"]) => commits::list(here, repo, None),
        ("GET" | "POST", ["commits", revision]) => commits::list(here, repo, Some(revision)),
        ("GET", ["merge-base", spec]) => diffs::merge_base(here, repo, spec),
        ("GET", ["commit", hash]) => commits::show(here, repo, hash),
        ("GET", ["commit", hash, "pullrequests"]) => pull_requests::of_commit(here, repo, hash),
        ("GET", ["commit", hash, "statuses"]) => builds::of_commit(here, repo, hash),
        ("POST", ["commit", hash, "statuses", "build"]) => builds::report(here, repo, (hash, None)),
        ("GET", ["commit", hash, "statuses", "build", key]) => builds::show(here, repo, (hash, key)),
        ("PUT", ["commit", hash, "statuses", "build", key]) => builds::report(here, repo, (hash, Some(key))),
        _ => Err(no_such_page(here.ask)),
    }
}

fn in_pull_request(here: &mut Here<'_>, at: (RepoId, u64), path: &[&str]) -> Reply {
    match (here.ask.method.as_str(), path) {
        ("GET", []) => pull_requests::show(here, at),
        ("PUT", []) => pull_requests::update(here, at),
        ("POST", ["approve"]) => reviews::give(here, at, Verdict::Approved),
        ("DELETE", ["approve"]) => reviews::take_back(here, at, Verdict::Approved),
        ("POST", ["request-changes"]) => reviews::give(here, at, Verdict::ChangesRequested),
        ("DELETE", ["request-changes"]) => reviews::take_back(here, at, Verdict::ChangesRequested),
        ("POST", ["merge"]) => merges::merge(here, at),
        ("GET", ["merge", "task-status", task]) => merges::task(here, at, task),
        ("POST", ["decline"]) => merges::decline(here, at),
        ("GET", ["activity"]) => history::list(here, at),
        ("GET", ["commits"]) => commits::of_pull_request(here, at),
        ("GET", ["statuses"]) => builds::of_pull_request(here, at),
        ("GET", ["diffstat"]) => diffs::to(here, at, "diffstat"),
        ("GET", ["diff"]) => diffs::to(here, at, "diff"),
        ("GET", ["conflicts"]) => diffs::to(here, at, "file-conflicts"),
        (_, ["comments", rest @ ..]) => in_comments(here, at, rest),
        (_, ["tasks", rest @ ..]) => in_tasks(here, at, rest),
        _ => Err(no_such_page(here.ask)),
    }
}

fn in_comments(here: &mut Here<'_>, at: (RepoId, u64), path: &[&str]) -> Reply {
    match (here.ask.method.as_str(), path) {
        ("GET", []) => comments::list(here, at),
        ("POST", []) => comments::create(here, at),
        ("GET", [id]) => comments::show(here, at, id),
        ("PUT", [id]) => comments::update(here, at, id),
        ("DELETE", [id]) => comments::delete(here, at, id),
        ("POST", [id, "resolve"]) => comments::resolve(here, at, id),
        ("DELETE", [id, "resolve"]) => comments::reopen(here, at, id),
        _ => Err(no_such_page(here.ask)),
    }
}

fn in_tasks(here: &mut Here<'_>, at: (RepoId, u64), path: &[&str]) -> Reply {
    match (here.ask.method.as_str(), path) {
        ("GET", []) => tasks::list(here, at),
        ("POST", []) => tasks::create(here, at),
        ("GET", [id]) => tasks::show(here, at, id),
        ("PUT", [id]) => tasks::update(here, at, id),
        ("DELETE", [id]) => tasks::delete(here, at, id),
        _ => Err(no_such_page(here.ask)),
    }
}
