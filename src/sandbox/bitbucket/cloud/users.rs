//! People and their workspaces, as Cloud shows them.

use serde_json::{Value, json};

use super::super::exchange::{Answer, Reply, encoded};
use super::super::world::{Edition, Permission, Person, Repository, World};
use super::Here;
use super::answers::problem;

/// `GET /user`
pub(super) fn myself(here: &Here<'_>) -> Reply {
    here.somebody()?;
    here.scope("account")?;
    let person = here.world.person(&here.caller.nickname)?;
    Ok(Answer::json(200, &user(here.world, person)))
}

/// `GET /users/{id}`
pub(super) fn show(here: &Here<'_>, id: &str) -> Reply {
    let person = here.world.person_by_cloud_id(id);
    let person = person.ok_or_else(|| problem(404, id))?;
    Ok(Answer::json(200, &user(here.world, person)))
}

/// `GET /user/workspaces`
pub(super) fn workspaces(here: &Here<'_>) -> Reply {
    here.somebody()?;
    here.scope("account")?;
    let mut seen: Vec<&str> = Vec::new();
    let mut values = Vec::new();
    for repo in here.world.repositories.iter().filter(|repo| on_cloud(repo)) {
        if here.sees(repo) && !seen.contains(&repo.space.as_str()) {
            seen.push(&repo.space);
            let administers = here.world.repositories.iter().any(|one| {
                one.space == repo.space && one.permission(&here.caller.nickname) == Some(Permission::Admin)
            });
            values.push(json!({
                "type": "workspace_access",
                "administrator": administers,
                "workspace": {
                    "type": "workspace_base",
                    "uuid": repo.space_uuid(),
                    "slug": repo.space,
                    "links": {
                        "self": {"href": format!("{}/2.0/workspaces/{}", here.world.cloud_url, repo.space)},
                        "avatar": {"href": format!("{}/workspaces/{}/avatar/", here.world.cloud_url, repo.space)},
                    },
                },
            }));
        }
    }
    here.page(values, 25)
}

pub(super) fn on_cloud(repo: &Repository) -> bool {
    repo.edition == Edition::Cloud
}

/// A person's public face.
pub(super) fn user(world: &World, person: &Person) -> Value {
    let web = &world.cloud_url;
    let id = encoded(&person.uuid);
    json!({
        "type": if person.service { "app_user" } else { "user" },
        "display_name": person.display_name,
        "uuid": person.uuid,
        "account_id": person.account_id,
        "nickname": person.nickname,
        "links": {
            "self": {"href": format!("{web}/2.0/users/{id}")},
            "html": {"href": format!("{web}/{id}/")},
            "avatar": {"href": format!("{web}/account/{id}/avatar/")},
        },
    })
}

/// The person of that nickname; nothing for somebody without an account.
pub(super) fn by_nickname(world: &World, nickname: &str) -> Value {
    world.person(nickname).map_or(Value::Null, |person| user(world, person))
}
