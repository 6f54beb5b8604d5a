//! Who may do what in a repository, as Cloud shows it and lets it be changed.

use serde_json::{Value, json};

use super::super::exchange::{Answer, Reply, text_at};
use super::super::world::{Credential, Permission, RepoId, Repository};
use super::answers::problem;
use super::users::{by_nickname, on_cloud};
use super::{Here, no_such_page};

/// The groups that every workspace of the sandbox has.
const OF_THE_WORKSPACE: [&str; 1] = ["Developers"];

fn word(permission: Permission) -> &'static str {
    match permission {
        Permission::Read => "read",
        Permission::Write => "write",
        Permission::Admin => "admin",
    }
}

fn named(word: &str) -> Option<Permission> {
    [Permission::Read, Permission::Write, Permission::Admin].into_iter().find(|one| self::word(*one) == word)
}

/// Answers a path below `~/permissions-config`.
pub(super) fn answer(here: &mut Here<'_>, repo: RepoId, path: &[&str]) -> Reply {
    let changes = here.ask.method != "GET";
    if changes && here.caller.kind != Credential::Personal {
        return Err(problem(403, "This endpoint does not support OAuth or access tokens.")
            .complaining("permissions are changed with a person's own token alone"));
    }
    here.scope("repository:admin")?;
    here.may(repo, Permission::Admin)?;
    match (here.ask.method.as_str(), path) {
        ("GET", ["users"]) => people(here, repo),
        ("GET", ["users", id]) => one(here, repo, id),
        ("PUT", ["users", id]) => give(here, repo, id),
        ("DELETE", ["users", id]) => take(here, repo, id),
        ("GET", ["groups"]) => {
            let groups = here.world.repo(repo)?.groups.iter();
            here.page(groups.map(|(name, may)| of_group("repository", name, *may)).collect(), 10)
        }
        ("PUT", ["groups", slug]) => give_group(here, repo, slug),
        ("DELETE", ["groups", slug]) => {
            let name = group(here, repo, slug)?;
            here.world.repo_mut(repo)?.groups.remove(&name);
            Ok(Answer::empty(204))
        }
        _ => Err(no_such_page(here.ask)),
    }
}

/// A group by the short form of its name: one that was given something, or one of the workspace's.
fn group(here: &Here<'_>, repo: RepoId, slug: &str) -> Result<String, Answer> {
    let known = here.world.repo(repo)?.groups.keys().map(String::as_str).chain(OF_THE_WORKSPACE);
    let same = |name: &&str| name.to_lowercase().replace(' ', "-") == slug;
    let found = known.into_iter().find(same).map(str::to_owned);
    found.ok_or_else(|| problem(404, &format!("No group with identifier '{slug}'.")))
}

fn give_group(here: &mut Here<'_>, repo: RepoId, slug: &str) -> Reply {
    let body = here.ask.json().map_err(|why| problem(400, &why).complaining(&why))?;
    let wanted = text_at(&body, "/permission").and_then(named);
    let wanted = wanted.ok_or_else(|| problem(400, "Bad Request").complaining("no such permission"))?;
    let name = group(here, repo, slug)?;
    here.world.repo_mut(repo)?.groups.insert(name.clone(), wanted);
    Ok(Answer::json(200, &of_group("repository", &name, wanted)))
}

fn people(here: &Here<'_>, repo: RepoId) -> Reply {
    let given = here.world.repo(repo)?.permissions.iter();
    let values = given.filter(|(name, _)| here.world.person(name).is_ok_and(|person| !person.service));
    here.page(values.map(|(name, may)| of_person(here, "repository", name, word(*may))).collect(), 10)
}

fn one(here: &Here<'_>, repo: RepoId, id: &str) -> Reply {
    let name = nickname(here, id)?;
    let given = here.world.repo(repo)?.permissions.get(&name).copied();
    Ok(Answer::json(200, &of_person(here, "repository", &name, given.map_or("none", word))))
}

fn give(here: &mut Here<'_>, repo: RepoId, id: &str) -> Reply {
    let body = here.ask.json().map_err(|why| problem(400, &why).complaining(&why))?;
    let wanted = text_at(&body, "/permission").and_then(named);
    let wanted = wanted.ok_or_else(|| problem(400, "Bad Request").complaining("no such permission"))?;
    let name = nickname(here, id)?;
    here.world.repo_mut(repo)?.permissions.insert(name.clone(), wanted);
    Ok(Answer::json(200, &of_person(here, "repository", &name, word(wanted))))
}

fn take(here: &mut Here<'_>, repo: RepoId, id: &str) -> Reply {
    let name = nickname(here, id)?;
    here.world.repo_mut(repo)?.permissions.remove(&name);
    Ok(Answer::empty(204))
}

/// `GET /workspaces/{workspace}/projects/{key}/permissions-config/{users|groups}`
pub(super) fn of_project(here: &Here<'_>, (space, key): (&str, &str), whose: &str) -> Reply {
    here.scope("repository:admin")?;
    let same = |repo: &&Repository| {
        on_cloud(repo) && repo.space.eq_ignore_ascii_case(space) && repo.space.eq_ignore_ascii_case(key)
    };
    let repos: Vec<&Repository> = here.world.repositories.iter().filter(same).collect();
    if !repos.iter().any(|repo| here.may(repo.id, Permission::Admin).is_ok()) {
        return Err(problem(403, "You do not administer this project."));
    }
    if whose != "users" {
        return here.page(Vec::new(), 10);
    }
    let mut values: Vec<Value> = Vec::new();
    for (name, may) in repos.iter().flat_map(|repo| &repo.by_project) {
        let value = of_person(here, "project", name, word(*may));
        if !values.contains(&value) {
            values.push(value);
        }
    }
    here.page(values, 10)
}

fn nickname(here: &Here<'_>, id: &str) -> Result<String, Answer> {
    let person = here.world.person_by_cloud_id(id).ok_or_else(|| problem(404, id))?;
    Ok(person.nickname.clone())
}

fn of_person(here: &Here<'_>, of: &str, name: &str, permission: &str) -> Value {
    json!({
        "type": format!("{of}_user_permission"),
        "permission": permission,
        "user": by_nickname(here.world, name),
    })
}

fn of_group(of: &str, name: &str, permission: Permission) -> Value {
    json!({
        "type": format!("{of}_group_permission"),
        "permission": word(permission),
        "group": {"type": "group", "name": name, "slug": name.to_lowercase().replace(' ', "-")},
    })
}
