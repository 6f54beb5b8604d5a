//! Projects and repositories, as Data Center shows them.

use serde_json::{Value, json};

use super::super::exchange::{Answer, Reply, encoded};
use super::super::world::{Edition, Permission, RepoId, Repository, Strategy, World, digest};
use super::Here;
use super::answers::{bad_field, problem};
use super::users::by_nickname;

/// The names that Data Center has for ways of merging: id, flag, name.
pub(super) const STRATEGIES: [(Strategy, &str, &str, &str); 6] = [
    (Strategy::Merge, "no-ff", "--no-ff", "Merge commit"),
    (Strategy::Squash, "squash", "--squash", "Squash"),
    (Strategy::FastForward, "ff-only", "--ff-only", "Fast-forward only"),
    (Strategy::SquashFastForward, "squash-ff-only", "--squash --ff-only", "Squash, fast-forward only"),
    (Strategy::RebaseFastForward, "rebase-ff-only", "rebase --ff-only", "Rebase and fast-forward"),
    (Strategy::RebaseMerge, "rebase-no-ff", "rebase --no-ff", "Rebase and merge"),
];

fn shown<'a>(here: &'a Here<'_>) -> impl Iterator<Item = &'a Repository> {
    let ours = |repo: &&Repository| repo.edition == Edition::DataCenter;
    here.world.repositories.iter().filter(ours).filter(|repo| here.sees(repo))
}

/// `GET /projects/{key}/repos`
pub(super) fn list(here: &Here<'_>, key: &str) -> Reply {
    let same = |repo: &&Repository| repo.space.eq_ignore_ascii_case(key);
    let mut all = here.world.repositories.iter().filter(|repo| repo.edition == Edition::DataCenter);
    if !all.any(|repo| same(&repo)) {
        return Err(no_such_project(key));
    }
    let values = shown(here).filter(same);
    here.page(values.map(|repo| full(here.world, repo)).collect())
}

pub(super) fn no_such_project(key: &str) -> Answer {
    problem(404, "project.NoSuchProjectException", &format!("Project {key} does not exist."))
}

/// `GET /repos`
pub(super) fn search(here: &Here<'_>) -> Reply {
    let name = here.ask.param("name").unwrap_or_default().to_lowercase();
    let least = match here.ask.param("permission") {
        None | Some("REPO_READ") => Permission::Read,
        Some("REPO_WRITE") => Permission::Write,
        Some("REPO_ADMIN") => Permission::Admin,
        Some(_) => {
            return Err(bad_field("permission", "no such permission").complaining("no such permission"));
        }
    };
    let may = |repo: &&Repository| {
        least == Permission::Read || repo.permission(&here.caller.nickname) >= Some(least)
    };
    let key = here.ask.param("projectkey");
    let values = shown(here)
        .filter(may)
        .filter(|repo| repo.slug.to_lowercase().contains(&name))
        .filter(|repo| key.is_none_or(|key| repo.space.eq_ignore_ascii_case(key)));
    here.page(values.map(|repo| full(here.world, repo)).collect())
}

/// `GET /profile/recent/repos`
pub(super) fn recent(here: &Here<'_>) -> Reply {
    here.page(shown(here).map(|repo| full(here.world, repo)).collect())
}

/// `GET /projects/{key}`
pub(super) fn show_project(here: &Here<'_>, key: &str) -> Reply {
    let repo = shown(here).find(|repo| repo.space.eq_ignore_ascii_case(key));
    let repo = repo.ok_or_else(|| no_such_project(key))?;
    Ok(Answer::json(200, &project(here.world, repo)))
}

/// `GET /projects`
pub(super) fn projects(here: &Here<'_>) -> Reply {
    let mut values: Vec<Value> = Vec::new();
    for repo in shown(here) {
        let value = project(here.world, repo);
        if !values.contains(&value) {
            values.push(value);
        }
    }
    here.page(values)
}

/// `GET P`
pub(super) fn show(here: &Here<'_>, repo: RepoId) -> Reply {
    let repo = here.world.repo(repo)?;
    Ok(Answer::json(200, &full(here.world, repo)))
}

/// `GET /rest/default-reviewers/latest/…/reviewers`
pub(super) fn default_reviewers(here: &Here<'_>, key: &str, slug: &str) -> Reply {
    let repo = here.repository(key, slug)?;
    for name in ["sourceRepoId", "targetRepoId", "sourceRefId", "targetRefId"] {
        if here.ask.param(name).is_none() {
            return Err(bad_field(name, "is required").complaining(format!("{name} is missing")));
        }
    }
    let people = repo.default_reviewers.iter().map(|one| by_nickname(here.world, one));
    Ok(Answer::json(200, &people.collect()))
}

/// `GET P/settings/pull-requests`
pub(super) fn settings(here: &Here<'_>, repo: RepoId) -> Reply {
    let repo = here.world.repo(repo)?;
    let strategies: Vec<Value> = STRATEGIES
        .iter()
        .map(|(strategy, id, flag, name)| {
            let enabled = repo.strategies.contains(strategy);
            json!({"id": id, "flag": flag, "name": name, "description": name, "enabled": enabled, "links": {}})
        })
        .collect();
    let first = repo.strategies.first().copied().unwrap_or(Strategy::Merge);
    let at = STRATEGIES.iter().position(|(strategy, ..)| *strategy == first);
    let body = json!({
        "mergeConfig": {
            "type": "REPOSITORY",
            "commitSummaries": 20,
            "defaultStrategy": strategies[at.unwrap_or(0)],
            "strategies": strategies,
        },
        "requiredAllApprovers": false,
        "requiredAllTasksComplete": true,
        "requiredApprovers": {
            "enabled": repo.approvals_needed > 0,
            "count": repo.approvals_needed.to_string(),
        },
        "requiredSuccessfulBuilds": {"enabled": false, "count": "0"},
    });
    Ok(Answer::json(200, &body))
}

fn project(world: &World, repo: &Repository) -> Value {
    let key = &repo.space;
    let id = u32::from_str_radix(&digest(key)[..6], 16).unwrap_or(1);
    json!({
        "key": key,
        "id": id,
        "name": key,
        "public": false,
        "type": if key.starts_with('~') { "PERSONAL" } else { "NORMAL" },
        "links": {"self": [{"href": format!("{}/projects/{key}", world.dc_url)}]},
    })
}

/// A repository with everything.
pub(super) fn full(world: &World, repo: &Repository) -> Value {
    let (web, key, slug) = (&world.dc_url, &repo.space, &repo.slug);
    let path = format!("{}/{}.git", key.to_lowercase(), encoded(slug));
    let mut value = json!({
        "slug": slug,
        "id": repo.number(),
        "name": slug,
        "hierarchyId": digest(&repo.uuid)[..20],
        "scmId": "git",
        "state": "AVAILABLE",
        "statusMessage": "Available",
        "forkable": true,
        "project": project(world, repo),
        "public": !repo.private,
        "archived": repo.archived,
        "links": {
            "clone": [
                {"href": format!("{web}/scm/{path}"), "name": "http"},
                {"href": format!("ssh://git@127.0.0.1:7999/{path}"), "name": "ssh"},
            ],
            "self": [{"href": format!("{web}/projects/{key}/repos/{slug}/browse")}],
        },
    });
    if !repo.description.is_empty() {
        value["description"] = repo.description.clone().into();
    }
    value
}
