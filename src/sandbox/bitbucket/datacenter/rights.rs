//! Who may do what in a repository and in its project, as Data Center shows it and lets it be changed.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::super::exchange::{Answer, Reply};
use super::super::world::{Permission, RepoId, Repository};
use super::answers::{bad_field, no_such_user, not_permitted, problem};
use super::repositories::no_such_project;
use super::users::{by_nickname, in_project};
use super::{Here, no_such_page};

/// What rights are given on.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Of {
    Repository,
    Project,
}

type Given = BTreeMap<String, Permission>;

impl Of {
    /// A right in words: `REPO_READ`, `PROJECT_ADMIN`.
    fn word(self, permission: Permission) -> &'static str {
        match (self, permission) {
            (_, Permission::Create) => "REPO_CREATE",
            (Self::Repository, Permission::Read) => "REPO_READ",
            (Self::Repository, Permission::Write) => "REPO_WRITE",
            (Self::Repository, Permission::Admin) => "REPO_ADMIN",
            (Self::Project, Permission::Read) => "PROJECT_READ",
            (Self::Project, Permission::Write) => "PROJECT_WRITE",
            (Self::Project, Permission::Admin) => "PROJECT_ADMIN",
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

/// Answers `P/permissions/{users|groups}`.
pub(super) fn answer(here: &mut Here<'_>, repo: RepoId, whose: &str) -> Reply {
    here.may(repo, Permission::Admin)?;
    below(here, (Of::Repository, repo), whose)
}

/// Answers `/projects/{key}/permissions/{users|groups}`, for those who administer the project itself.
pub(super) fn of_project(here: &mut Here<'_>, key: &str, whose: &str) -> Reply {
    let seen = in_project(here, key).find(|repo| here.sees(repo));
    let repo = seen.ok_or_else(|| no_such_project(key))?;
    if repo.by_project.get(&here.caller.nickname) != Some(&Permission::Admin) {
        return Err(not_permitted());
    }
    let id = repo.id;
    here.may(id, Permission::Admin)?;
    below(here, (Of::Project, id), whose)
}

fn below(here: &mut Here<'_>, (of, repo): (Of, RepoId), whose: &str) -> Reply {
    match (here.ask.method.as_str(), whose) {
        ("GET", "users") => people(here, (of, repo)),
        ("GET", "groups") => {
            let groups = of.given(here.world.repo(repo)?).1.iter();
            let value = |(name, may): (&String, &Permission)| json!({"group": {"name": name}, "permission": of.word(*may)});
            here.page(groups.map(value).collect())
        }
        ("PUT", "users") => give(here, (of, repo)),
        ("DELETE", "users") => {
            let name = login(here)?;
            of.change(here, repo, |people, _| {
                people.remove(&name);
            });
            Ok(Answer::empty(204))
        }
        ("PUT", "groups") => {
            let (wanted, name) = (wanted(here, of)?, here.ask.param("name").unwrap_or_default().to_owned());
            let known = of.given(here.world.repo(repo)?).1.contains_key(&name) || name == "Developers";
            if !known {
                let text = format!("The group {name} does not exist.");
                return Err(problem(404, "NoSuchGroupException", &text));
            }
            of.change(here, repo, |_, groups| {
                groups.insert(name.clone(), wanted);
            });
            Ok(Answer::empty(204))
        }
        ("DELETE", "groups") => {
            let name = here.ask.param("name").unwrap_or_default().to_owned();
            of.change(here, repo, |_, groups| {
                groups.remove(&name);
            });
            Ok(Answer::empty(204))
        }
        _ => Err(no_such_page(here.ask)),
    }
}

fn wanted(here: &Here<'_>, of: Of) -> Result<Permission, Answer> {
    let levels = [Permission::Read, Permission::Write, Permission::Admin];
    let wanted = here.ask.param("permission").unwrap_or_default();
    let wanted = levels.into_iter().find(|level| of.word(*level) == wanted);
    wanted.ok_or_else(|| bad_field("permission", "no such permission").complaining("no such permission"))
}

fn people(here: &Here<'_>, (of, repo): (Of, RepoId)) -> Reply {
    let filter = here.ask.param("filter").unwrap_or_default().to_lowercase();
    let fits = |name: &String| {
        name.to_lowercase().contains(&filter) && here.world.humans().any(|one| one.nickname == *name)
    };
    let given = of.given(here.world.repo(repo)?).0.iter().filter(|(name, _)| fits(name));
    let values =
        given.map(|(name, may)| json!({"user": by_nickname(here.world, name), "permission": of.word(*may)}));
    here.page(values.collect::<Vec<Value>>())
}

fn give(here: &mut Here<'_>, (of, repo): (Of, RepoId)) -> Reply {
    let wanted = wanted(here, of)?;
    let name = login(here)?;
    if name == here.caller.nickname && wanted < Permission::Admin {
        let text = "You cannot lower your own permission.";
        return Err(problem(409, "IllegalEntityStateException", text));
    }
    of.change(here, repo, |people, _| {
        people.insert(name.clone(), wanted);
    });
    Ok(Answer::empty(204))
}

fn login(here: &Here<'_>) -> Result<String, Answer> {
    let name = here.ask.param("name").unwrap_or_default();
    let person = here.world.person(name).map_err(|_| no_such_user(name))?;
    Ok(person.nickname.clone())
}
