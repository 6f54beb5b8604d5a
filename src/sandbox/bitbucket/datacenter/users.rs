//! People, as Data Center shows them.

use serde_json::{Value, json};

use super::super::exchange::{Answer, Reply, encoded};
use super::super::world::{Person, World};
use super::Here;
use super::answers::no_such_user;

/// `GET /users`
pub(super) fn list(here: &Here<'_>) -> Reply {
    let filter = here.ask.param("filter").unwrap_or_default().to_lowercase();
    let like = |person: &&Person| {
        let names = [&person.nickname, &person.display_name, &person.email];
        names.iter().any(|name| name.to_lowercase().contains(&filter))
    };
    let people = here.world.humans().filter(like);
    here.page(people.map(|person| user(here.world, person)).collect())
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
