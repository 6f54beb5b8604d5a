//! Who may do what in a repository and in its project, as Data Center shows it and lets it be changed.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::super::exchange::{Answer, Reply};
use super::super::world::{Permission, RepoId, Repository};
use super::answers::{bad_field, no_such_user, not_permitted, problem};
use super::repositories::no_such_project;
use super::users::{by_nickname, in_project};
use super::{Here, no_such_page};

fn word(of: &str, permission: Permission) -> String {
    let level = match permission {
        Permission::Read => "READ",
        Permission::Write => "WRITE",
        Permission::Admin => "ADMIN",
    };
    format!("{of}_{level}")
}

/// Answers `P/permissions/{users|groups}`.
pub(super) fn answer(here: &mut Here<'_>, repo: RepoId, whose: &str) -> Reply {
    here.may(repo, Permission::Admin)?;
    match (here.ask.method.as_str(), whose) {
        ("GET", "users") => {
            let given = here.world.repo(repo)?.permissions.clone();
            people(here, "REPO", &given)
        }
        ("GET", "groups") => {
            let groups = here.world.repo(repo)?.groups.iter();
            let value = |(name, may): (&String, &Permission)| json!({"group": {"name": name}, "permission": word("REPO", *may)});
            here.page(groups.map(value).collect())
        }
        ("PUT", "users") => give(here, repo),
        ("DELETE", "users") => {
            let name = login(here)?;
            here.world.repo_mut(repo)?.permissions.remove(&name);
            Ok(Answer::empty(204))
        }
        ("PUT", "groups") => {
            let (wanted, name) = (wanted(here)?, here.ask.param("name").unwrap_or_default().to_owned());
            let known = here.world.repo(repo)?.groups.contains_key(&name) || name == "Developers";
            if !known {
                let text = format!("The group {name} does not exist.");
                return Err(problem(404, "NoSuchGroupException", &text));
            }
            here.world.repo_mut(repo)?.groups.insert(name, wanted);
            Ok(Answer::empty(204))
        }
        ("DELETE", "groups") => {
            let name = here.ask.param("name").unwrap_or_default().to_owned();
            here.world.repo_mut(repo)?.groups.remove(&name);
            Ok(Answer::empty(204))
        }
        _ => Err(no_such_page(here.ask)),
    }
}

fn wanted(here: &Here<'_>) -> Result<Permission, Answer> {
    let levels = [Permission::Read, Permission::Write, Permission::Admin];
    let wanted = here.ask.param("permission").unwrap_or_default();
    let wanted = levels.into_iter().find(|level| word("REPO", *level) == wanted);
    wanted.ok_or_else(|| bad_field("permission", "no such permission").complaining("no such permission"))
}

fn people(here: &Here<'_>, of: &str, given: &BTreeMap<String, Permission>) -> Reply {
    let filter = here.ask.param("filter").unwrap_or_default().to_lowercase();
    let fits = |name: &String| {
        name.to_lowercase().contains(&filter) && here.world.humans().any(|one| one.nickname == *name)
    };
    let values = given
        .iter()
        .filter(|(name, _)| fits(name))
        .map(|(name, may)| json!({"user": by_nickname(here.world, name), "permission": word(of, *may)}));
    here.page(values.collect::<Vec<Value>>())
}

fn give(here: &mut Here<'_>, repo: RepoId) -> Reply {
    let wanted = wanted(here)?;
    let name = login(here)?;
    if name == here.caller.nickname && wanted < Permission::Admin {
        let text = "You cannot lower your own permission.";
        return Err(problem(409, "IllegalEntityStateException", text));
    }
    here.world.repo_mut(repo)?.permissions.insert(name, wanted);
    Ok(Answer::empty(204))
}

fn login(here: &Here<'_>) -> Result<String, Answer> {
    let name = here.ask.param("name").unwrap_or_default();
    let person = here.world.person(name).map_err(|_| no_such_user(name))?;
    Ok(person.nickname.clone())
}

/// `GET /projects/{key}/permissions/users`: for the project's administrators.
pub(super) fn of_project(here: &Here<'_>, key: &str) -> Reply {
    let mut given: BTreeMap<String, Permission> = BTreeMap::new();
    for repo in administered(here, key)? {
        for (name, may) in &repo.by_project {
            given.insert(name.clone(), *may);
        }
    }
    people(here, "PROJECT", &given)
}

/// `GET /projects/{key}/permissions/groups`
pub(super) fn groups_of_project(here: &Here<'_>, key: &str) -> Reply {
    let _theirs = administered(here, key)?;
    here.page(Vec::new())
}

fn administered<'a>(here: &'a Here<'_>, key: &'a str) -> Result<Vec<&'a Repository>, Answer> {
    let repos: Vec<&Repository> = in_project(here, key).collect();
    if !repos.iter().any(|repo| here.sees(repo)) {
        return Err(no_such_project(key));
    }
    if !repos.iter().any(|repo| here.may(repo.id, Permission::Admin).is_ok()) {
        return Err(not_permitted());
    }
    Ok(repos)
}
