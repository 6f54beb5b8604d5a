//! Branch permissions, as Data Center shows them and lets them be changed.

use serde_json::{Value, json};

use super::super::exchange::{Answer, Reply, text_at};
use super::super::world::{Permission, RepoId, Restriction};
use super::answers::{bad_body, bad_field, problem};
use super::users::by_nickname;
use super::{Here, no_such_page};

const KINDS: [&str; 4] = ["read-only", "no-deletes", "fast-forward-only", "pull-request-only"];

/// Answers a path below the branch module's `restrictions`.
pub(super) fn answer(here: &mut Here<'_>, repo: RepoId, path: &[&str]) -> Reply {
    here.may(repo, Permission::Admin)?;
    match (here.ask.method.as_str(), path) {
        ("GET", []) => {
            let all = here.world.repo(repo)?.restrictions.iter();
            here.page(all.map(|one| full(here, one)).collect())
        }
        ("POST", []) => {
            let mut made = Vec::new();
            for (kind, branches) in wishes(here)? {
                let (one, _) = here.world.restrict(repo, (&kind, &branches, None), &[])?;
                made.push(full(here, &one));
            }
            Ok(Answer::json(200, &Value::Array(made)))
        }
        ("GET", [id]) => {
            let all = here.world.repo(repo)?.restrictions.iter();
            let found =
                all.clone().find(|one| one.id.to_string() == *id).cloned().ok_or_else(|| no_such(id))?;
            Ok(Answer::json(200, &full(here, &found)))
        }
        ("DELETE", [id]) => {
            let lifted = here.world.lift(repo, id.parse().map_err(|_| no_such(id))?)?;
            if lifted { Ok(Answer::empty(204)) } else { Err(no_such(id)) }
        }
        _ => Err(no_such_page(here.ask)),
    }
}

fn no_such(id: &str) -> Answer {
    problem(404, "NoSuchRefRestrictionException", &format!("No restriction exists with the id {id}."))
}

/// What is to hold for which branches: one, or several in the form for that.
fn wishes(here: &Here<'_>) -> Result<Vec<(String, String)>, Answer> {
    let bulk = here.ask.header("content-type").contains("bulk");
    let body = if bulk { here.ask.several() } else { here.ask.json().map(|one| vec![one]) };
    let several = body.map_err(|why| bad_body(&why))?;
    several.iter().map(wish).collect()
}

fn wish(one: &Value) -> Result<(String, String), Answer> {
    let kind = text_at(one, "/type").filter(|kind| KINDS.contains(kind));
    let kind = kind.ok_or_else(|| bad_field("type", "unknown").complaining("no such kind of restriction"))?;
    let (id, form) = (text_at(one, "/matcher/id"), text_at(one, "/matcher/type/id"));
    let branches = match (id, form) {
        (Some(id), Some("BRANCH")) => id.strip_prefix("refs/heads/"),
        (Some(id), Some("PATTERN")) => Some(id),
        _ => None,
    };
    let branches =
        branches.ok_or_else(|| bad_field("matcher", "unreadable").complaining("no such matcher"))?;
    Ok((kind.to_owned(), branches.to_owned()))
}

fn full(here: &Here<'_>, one: &Restriction) -> Value {
    let form = one.branches.contains('*');
    let (id, kind, name) = if form {
        (one.branches.clone(), "PATTERN", "Pattern")
    } else {
        (format!("refs/heads/{}", one.branches), "BRANCH", "Branch")
    };
    let except = one.except.iter().map(|name| by_nickname(here.world, name));
    json!({
        "id": one.id,
        "scope": {"type": "REPOSITORY", "resourceId": 1},
        "type": one.kind,
        "matcher": {"id": id, "displayId": one.branches, "type": {"id": kind, "name": name}, "active": true},
        "users": except.collect::<Vec<Value>>(),
        "groups": [],
        "accessKeys": [],
    })
}
