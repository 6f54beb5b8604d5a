//! Who may do what in a repository or a project, as Cloud shows it and lets it be changed.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::super::exchange::{Answer, Reply, text_at};
use super::super::world::{Credential, Permission, RepoId, Repository};
use super::answers::problem;
use super::users::{by_nickname, on_cloud};
use super::{Here, no_such_page};

/// The groups that every workspace of the sandbox has.
const OF_THE_WORKSPACE: [&str; 1] = ["Developers"];

/// What rights are given on.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Of {
    Repository,
    Project,
}

type Given = BTreeMap<String, Permission>;

impl Of {
    fn word(self) -> &'static str {
        match self {
            Self::Repository => "repository",
            Self::Project => "project",
        }
    }

    /// What it gives people, and what groups.
    fn given(self, repo: &Repository) -> (&Given, &Given) {
        match self {
            Self::Repository => (&repo.permissions, &repo.groups),
            Self::Project => (&repo.by_project, &repo.groups_by_project),
        }
    }

    /// Changes that, in all repositories of a project.
    fn change(self, here: &mut Here<'_>, id: RepoId, change: impl Fn(&mut Given, &mut Given)) {
        for repo in here.world.beside(id) {
            match self {
                Self::Project => change(&mut repo.by_project, &mut repo.groups_by_project),
                Self::Repository if repo.id == id => change(&mut repo.permissions, &mut repo.groups),
                Self::Repository => {}
            }
        }
    }
}

fn word(permission: Permission) -> &'static str {
    match permission {
        Permission::Read => "read",
        Permission::Write => "write",
        Permission::Create => "create-repo",
        Permission::Admin => "admin",
    }
}

/// What is wanted, as far as it can be given there.
fn wanted(here: &Here<'_>, of: Of) -> Result<Permission, Answer> {
    let body = here.ask.json().map_err(|why| problem(400, &why).complaining(&why))?;
    let all = [Permission::Read, Permission::Write, Permission::Create, Permission::Admin];
    let known = |one: &Permission| of == Of::Project || *one != Permission::Create;
    let wanted = text_at(&body, "/permission");
    let found = all.into_iter().filter(known).find(|one| Some(word(*one)) == wanted);
    found.ok_or_else(|| problem(400, "Bad Request").complaining("no such permission"))
}

/// Answers a path below `~/permissions-config`.
pub(super) fn answer(here: &mut Here<'_>, repo: RepoId, path: &[&str]) -> Reply {
    own_token(here)?;
    here.scope("repository:admin")?;
    here.may(repo, Permission::Admin)?;
    below(here, (Of::Repository, repo), path)
}

/// Answers a path below `/workspaces/{workspace}/projects/{key}/permissions-config`, for those who administer the
/// project itself.
pub(super) fn of_project(here: &mut Here<'_>, (space, key): (&str, &str), path: &[&str]) -> Reply {
    own_token(here)?;
    here.scope("project:admin")?;
    let same = |repo: &&Repository| {
        on_cloud(repo) && repo.space.eq_ignore_ascii_case(space) && repo.space.eq_ignore_ascii_case(key)
    };
    let repo = here.world.repositories.iter().find(same).ok_or_else(|| problem(404, key))?;
    if repo.by_project.get(&here.caller.nickname) != Some(&Permission::Admin) {
        return Err(problem(403, "You do not administer this project."));
    }
    let id = repo.id;
    below(here, (Of::Project, id), path)
}

fn own_token(here: &Here<'_>) -> Result<(), Answer> {
    if here.ask.method != "GET" && here.caller.kind != Credential::Personal {
        return Err(problem(403, "This endpoint does not support OAuth or access tokens.")
            .complaining("permissions are changed with a person's own token alone"));
    }
    Ok(())
}

fn below(here: &mut Here<'_>, (of, repo): (Of, RepoId), path: &[&str]) -> Reply {
    match (here.ask.method.as_str(), path) {
        ("GET", ["users"]) => people(here, (of, repo)),
        ("GET", ["users", id]) => one(here, (of, repo), id),
        ("PUT", ["users", id]) => {
            let (wanted, name) = (wanted(here, of)?, nickname(here, id)?);
            of.change(here, repo, |people, _| {
                people.insert(name.clone(), wanted);
            });
            Ok(Answer::json(200, &of_person(here, of, &name, word(wanted))))
        }
        ("DELETE", ["users", id]) => {
            let name = nickname(here, id)?;
            of.change(here, repo, |people, _| {
                people.remove(&name);
            });
            Ok(Answer::empty(204))
        }
        ("GET", ["groups"]) => {
            let groups = of.given(here.world.repo(repo)?).1.iter();
            here.page(groups.map(|(name, may)| of_group(of, name, *may)).collect(), 10)
        }
        ("PUT", ["groups", slug]) => {
            let (wanted, name) = (wanted(here, of)?, group(here, (of, repo), slug)?);
            of.change(here, repo, |_, groups| {
                groups.insert(name.clone(), wanted);
            });
            Ok(Answer::json(200, &of_group(of, &name, wanted)))
        }
        ("DELETE", ["groups", slug]) => {
            let name = group(here, (of, repo), slug)?;
            of.change(here, repo, |_, groups| {
                groups.remove(&name);
            });
            Ok(Answer::empty(204))
        }
        _ => Err(no_such_page(here.ask)),
    }
}

/// A group by the short form of its name: one that was given something, or one of the workspace's.
fn group(here: &Here<'_>, (of, repo): (Of, RepoId), slug: &str) -> Result<String, Answer> {
    let known = of.given(here.world.repo(repo)?).1.keys().map(String::as_str).chain(OF_THE_WORKSPACE);
    let same = |name: &&str| name.to_lowercase().replace(' ', "-") == slug;
    let found = known.into_iter().find(same).map(str::to_owned);
    found.ok_or_else(|| problem(404, &format!("No group with identifier '{slug}'.")))
}

fn people(here: &Here<'_>, (of, repo): (Of, RepoId)) -> Reply {
    let given = of.given(here.world.repo(repo)?).0.iter();
    let values = given.filter(|(name, _)| here.world.person(name).is_ok_and(|person| !person.service));
    here.page(values.map(|(name, may)| of_person(here, of, name, word(*may))).collect(), 10)
}

fn one(here: &Here<'_>, (of, repo): (Of, RepoId), id: &str) -> Reply {
    let name = nickname(here, id)?;
    let given = of.given(here.world.repo(repo)?).0.get(&name).copied();
    Ok(Answer::json(200, &of_person(here, of, &name, given.map_or("none", word))))
}

fn nickname(here: &Here<'_>, id: &str) -> Result<String, Answer> {
    let person = here.world.person_by_cloud_id(id).ok_or_else(|| problem(404, id))?;
    Ok(person.nickname.clone())
}

fn of_person(here: &Here<'_>, of: Of, name: &str, permission: &str) -> Value {
    json!({
        "type": format!("{}_user_permission", of.word()),
        "permission": permission,
        "user": by_nickname(here.world, name),
    })
}

fn of_group(of: Of, name: &str, permission: Permission) -> Value {
    json!({
        "type": format!("{}_group_permission", of.word()),
        "permission": word(permission),
        "group": {"type": "group", "name": name, "slug": name.to_lowercase().replace(' ', "-")},
    })
}
