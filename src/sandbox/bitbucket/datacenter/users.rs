//! People, as Data Center shows them.

use serde_json::{Value, json};

use super::super::exchange::{Answer, Reply, encoded};
use super::super::world::{Edition, Permission, Person, Repository, World};
use super::Here;
use super::answers::{bad_field, no_such_user};

/// `GET /users`
pub(super) fn list(here: &Here<'_>) -> Reply {
    here.somebody()?;
    let filter = here.ask.param("filter").unwrap_or_default().to_lowercase();
    let like = |person: &&Person| {
        let names = [&person.nickname, &person.display_name, &person.email];
        names.iter().any(|name| name.to_lowercase().contains(&filter))
    };
    let mut people: Vec<&Person> = here.world.humans().filter(like).collect();
    for root in ["permission", "permission.1", "permission.2"] {
        if let Some(permission) = here.ask.param(root) {
            let may = permitted(here, root, permission)?;
            people.retain(|person| may.contains(&person.nickname.as_str()));
        }
    }
    here.page(people.into_iter().map(|person| user(here.world, person)).collect())
}

/// Who has a permission on the project, or the repository, that the filter names.
fn permitted<'a>(here: &'a Here<'_>, root: &str, permission: &str) -> Result<Vec<&'a str>, Answer> {
    let least = match permission.split_once('_') {
        Some(("PROJECT" | "REPO", "READ")) => Permission::Read,
        Some(("PROJECT" | "REPO", "WRITE")) => Permission::Write,
        Some(("PROJECT" | "REPO", "ADMIN")) => Permission::Admin,
        _ => return Err(bad_field(root, "no such permission").complaining(permission)),
    };
    let key = here.ask.param(&format!("{root}.projectKey"));
    let key = key.ok_or_else(|| bad_field(root, "a project is required").complaining("no projectKey"))?;
    let slug = here.ask.param(&format!("{root}.repositorySlug"));
    let there = in_project(here, key).filter(|repo| slug.is_none_or(|slug| repo.slug == slug));
    let people = there.flat_map(|repo| &repo.permissions).filter(|(_, has)| **has >= least);
    Ok(people.map(|(name, _)| name.as_str()).collect())
}

pub(super) fn in_project<'a>(here: &'a Here<'_>, key: &str) -> impl Iterator<Item = &'a Repository> {
    let ours = |repo: &&Repository| repo.edition == Edition::DataCenter;
    let all = here.world.repositories.iter().filter(ours);
    all.filter(move |repo| repo.space.eq_ignore_ascii_case(key))
}

/// `GET /users/{slug}`
pub(super) fn show(here: &Here<'_>, slug: &str) -> Reply {
    let person = here.world.person_by_slug(slug).ok_or_else(|| no_such_user(slug))?;
    Ok(Answer::json(200, &user(here.world, person)))
}

/// A person with everything.
pub(super) fn user(world: &World, person: &Person) -> Value {
    let page = format!("{}/users/{}", world.dc_url, encoded(&person.slug));
    json!({
        "name": person.nickname,
        "emailAddress": person.email,
        "active": true,
        "displayName": person.display_name,
        "id": person.id,
        "slug": person.slug,
        "type": if person.service { "SERVICE" } else { "NORMAL" },
        "links": {"self": [{"href": page}]},
    })
}

/// The person of that nickname; nothing for somebody without an account.
pub(super) fn by_nickname(world: &World, nickname: &str) -> Value {
    world.person(nickname).map_or(Value::Null, |person| user(world, person))
}
