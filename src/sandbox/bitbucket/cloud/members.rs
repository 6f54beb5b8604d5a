//! Who belongs to a workspace, as Cloud shows it.

use serde_json::{Value, json};

use super::super::exchange::{Answer, Reply, encoded};
use super::super::world::{Credential, Permission, Person, Repository};
use super::Here;
use super::answers::problem;
use super::fields::Fields;
use super::query::{addresses, narrow};
use super::repositories::workspace;
use super::users::{on_cloud, user};

/// The most addresses that one question may name.
const ADDRESSES: usize = 90;

/// The repositories of a workspace that the caller belongs to.
fn there<'a>(here: &'a Here<'_>, space: &str) -> Result<Vec<&'a Repository>, Answer> {
    let same = |repo: &&Repository| {
        on_cloud(repo) && (repo.space.eq_ignore_ascii_case(space) || repo.space_uuid() == space)
    };
    let repos: Vec<&Repository> = here.world.repositories.iter().filter(same).collect();
    if repos.iter().any(|repo| here.sees(repo)) {
        Ok(repos)
    } else {
        Err(problem(404, &format!("No workspace with identifier '{space}'.")))
    }
}

fn people<'a>(here: &'a Here<'_>, repos: &'a [&Repository]) -> impl Iterator<Item = &'a Person> {
    let belongs = |person: &&Person| repos.iter().any(|repo| repo.permissions.contains_key(&person.nickname));
    here.world.humans().filter(belongs)
}

/// `GET /workspaces/{workspace}/members`
pub(super) fn list(here: &Here<'_>, space: &str) -> Reply {
    here.scope("account")?;
    let repos = there(here, space)?;
    let asked = here.ask.param("q").map(addresses).unwrap_or_default();
    if !asked.is_empty() && !administers(here, &repos) {
        return Err(problem(403, "Only administrators of the workspace can filter by email."));
    }
    if asked.len() > ADDRESSES {
        return Err(
            problem(400, "You can query up to 90 emails at a time.").complaining("too many addresses")
        );
    }
    let mut values: Vec<Value> = people(here, &repos).map(|one| full(here, &repos, one)).collect();
    narrow(here.ask, &mut values)?;
    let shown = !asked.is_empty() && Fields::of(here.ask).add("values.user.email");
    if !shown {
        values.iter_mut().filter_map(|value| value["user"].as_object_mut()).for_each(|user| {
            user.remove("email");
        });
    }
    here.page_of(values, 50)
}

/// `GET /workspaces/{workspace}/members/{member}`
pub(super) fn show(here: &Here<'_>, space: &str, id: &str) -> Reply {
    here.scope("account")?;
    let repos = there(here, space)?;
    let person = people(here, &repos).find(|one| one.uuid == id || one.account_id == id);
    let mut value = full(here, &repos, person.ok_or_else(|| problem(404, id))?);
    if let Some(user) = value["user"].as_object_mut() {
        user.remove("email");
    }
    Ok(Answer::json(200, &value))
}

fn administers(here: &Here<'_>, repos: &[&Repository]) -> bool {
    let admin = |repo: &&Repository| repo.permission(&here.caller.nickname) == Some(Permission::Admin);
    here.caller.kind == Credential::Access || repos.iter().any(admin)
}

fn full(here: &Here<'_>, repos: &[&Repository], person: &Person) -> Value {
    let mut account = user(here.world, person);
    account["email"] = person.email.clone().into();
    let Some(repo) = repos.first() else { return Value::Null };
    let (web, id) = (&here.world.cloud_url, encoded(&person.uuid));
    json!({
        "type": "workspace_membership",
        "user": account,
        "workspace": workspace(here.world, repo),
        "links": {"self": {"href": format!("{web}/2.0/workspaces/{}/members/{id}", repo.space)}},
    })
}
