//! Repositories, as Cloud shows them.

use serde_json::{Value, json};

use super::super::exchange::{Answer, Reply, encoded};
use super::super::moments::iso_micros;
use super::super::world::{Permission, RepoId, Repository, Strategy, World};
use super::Here;
use super::answers::problem;
use super::users::{by_nickname, on_cloud};

/// `GET /repositories/{workspace}`
pub(super) fn list(here: &Here<'_>, space: &str) -> Reply {
    here.scope("repository")?;
    let least = match here.ask.param("role") {
        Some("admin" | "owner") => Permission::Admin,
        Some("contributor") => Permission::Write,
        _ => Permission::Read,
    };
    let same = |repo: &&Repository| repo.space.eq_ignore_ascii_case(space) || repo.space_uuid() == space;
    let mut there = here.world.repositories.iter().filter(|repo| on_cloud(repo)).filter(same).peekable();
    if there.peek().is_none() {
        return Err(problem(404, &format!("No workspace with identifier '{space}'.")));
    }
    let role =
        |repo: &&Repository| here.caller.reads_all() || repo.permission(&here.caller.nickname) >= Some(least);
    let shown = there.filter(|repo| here.sees(repo)).filter(role);
    here.page(shown.map(|repo| full(here.world, repo)).collect(), 10)
}

/// `GET ~`
pub(super) fn show(here: &Here<'_>, repo: RepoId) -> Reply {
    here.scope("repository")?;
    Ok(Answer::json(200, &full(here.world, here.world.repo(repo)?)))
}

/// `GET ~/default-reviewers` and `GET ~/effective-default-reviewers`
pub(super) fn default_reviewers(here: &Here<'_>, repo: RepoId, effective: bool) -> Reply {
    here.scope("pullrequest")?;
    let reviewers = here.world.repo(repo)?.default_reviewers.iter();
    let values = reviewers.map(|nickname| {
        let user = by_nickname(here.world, nickname);
        if effective {
            json!({"type": "default_reviewer", "reviewer_type": "repository", "user": user})
        } else {
            user
        }
    });
    here.page(values.collect(), 20)
}

/// The few fields by which others mention a repository.
pub(super) fn brief(world: &World, repo: &Repository) -> Value {
    let (web, name) = (&world.cloud_url, repo.full_name());
    json!({
        "type": "repository",
        "full_name": name,
        "name": repo.slug,
        "uuid": repo.uuid,
        "links": {
            "self": {"href": format!("{web}/2.0/repositories/{name}")},
            "html": {"href": format!("{web}/{name}")},
            "avatar": {"href": format!("{web}/ravatar/{}?ts=default", encoded(&repo.uuid))},
        },
    })
}

/// Brief, and what webhooks say besides.
pub(super) fn in_webhook(world: &World, repo: &Repository) -> Value {
    let mut value = brief(world, repo);
    value["scm"] = "git".into();
    value["website"] = Value::Null;
    value["is_private"] = repo.private.into();
    value["owner"] = owner(world, repo);
    value["workspace"] = workspace(world, repo);
    value["project"] = project(world, repo);
    value["parent"] = Value::Null;
    value
}

/// A repository with everything.
fn full(world: &World, repo: &Repository) -> Value {
    let mut value = in_webhook(world, repo);
    if let Some(links) = value["project"]["links"].as_object_mut() {
        links.remove("self");
    }
    let api = format!("{}/2.0/repositories/{}", world.cloud_url, repo.full_name());
    let https = format!("{}/{}.git", world.cloud_url, repo.full_name());
    value["slug"] = repo.slug.clone().into();
    value["description"] = repo.description.clone().into();
    value["created_on"] = iso_micros(repo.created).into();
    value["updated_on"] = iso_micros(updated(repo)).into();
    value["size"] = (repo.commits.len() * 2048).into();
    value["language"] = "".into();
    value["has_issues"] = false.into();
    value["has_wiki"] = false.into();
    value["fork_policy"] = "allow_forks".into();
    value["mainbranch"] = json!({"type": "branch", "name": repo.main_branch});
    for noun in ["pullrequests", "commits", "forks", "watchers", "downloads", "hooks"] {
        value["links"][noun] = json!({"href": format!("{api}/{noun}")});
    }
    value["links"]["clone"] = json!([
        {"name": "https", "href": https},
        {"name": "ssh", "href": format!("ssh://git@127.0.0.1/{}.git", repo.full_name())},
    ]);
    value
}

fn updated(repo: &Repository) -> i64 {
    let changes = repo.commits.values().map(|commit| commit.date);
    changes.max().unwrap_or(repo.created)
}

pub(super) fn workspace(world: &World, repo: &Repository) -> Value {
    let web = &world.cloud_url;
    let slug = &repo.space;
    json!({
        "type": "workspace",
        "uuid": repo.space_uuid(),
        "name": slug,
        "slug": slug,
        "links": {
            "self": {"href": format!("{web}/2.0/workspaces/{slug}")},
            "html": {"href": format!("{web}/{slug}/")},
            "avatar": {"href": format!("{web}/workspaces/{slug}/avatar/?ts=1543460518")},
        },
    })
}

fn owner(world: &World, repo: &Repository) -> Value {
    let web = &world.cloud_url;
    let id = encoded(&repo.space_uuid());
    json!({
        "type": "team",
        "display_name": repo.space,
        "uuid": repo.space_uuid(),
        "username": repo.space,
        "links": {
            "self": {"href": format!("{web}/2.0/workspaces/{id}")},
            "html": {"href": format!("{web}/{id}/")},
            "avatar": {"href": format!("{web}/account/{}/avatar/", repo.space)},
        },
    })
}

fn project(world: &World, repo: &Repository) -> Value {
    let (web, slug) = (&world.cloud_url, &repo.space);
    let key = slug.to_uppercase();
    let links = json!({
        "self": {"href": format!("{web}/2.0/workspaces/{slug}/projects/{key}")},
        "html": {"href": format!("{web}/{slug}/workspace/projects/{key}")},
        "avatar": {"href": format!("{web}/{slug}/workspace/projects/{key}/avatar/32?ts=1543460518")},
    });
    let uuid = super::super::world::uuid(&format!("project {slug}"));
    json!({
        "type": "project",
        "key": key,
        "uuid": format!("{{{uuid}}}"),
        "name": slug,
        "links": links,
    })
}

/// The names that Cloud has for ways of merging.
pub(super) const STRATEGIES: [(Strategy, &str); 6] = [
    (Strategy::Merge, "merge_commit"),
    (Strategy::Squash, "squash"),
    (Strategy::FastForward, "fast_forward"),
    (Strategy::SquashFastForward, "squash_fast_forward"),
    (Strategy::RebaseFastForward, "rebase_fast_forward"),
    (Strategy::RebaseMerge, "rebase_merge"),
];

/// Those allowed in a repository, the default first.
pub(super) fn strategies(repo: &Repository) -> Vec<&'static str> {
    let named = |wanted: &Strategy| STRATEGIES.iter().find(|(strategy, _)| strategy == wanted);
    repo.strategies.iter().filter_map(named).map(|(_, name)| *name).collect()
}
