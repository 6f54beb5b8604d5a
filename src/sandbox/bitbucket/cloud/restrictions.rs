//! Branch restrictions, as Cloud shows them and lets them be changed.

use serde_json::{Value, json};

use super::super::exchange::{Answer, Reply, text_at};
use super::super::world::{Permission, RepoId, Restriction};
use super::answers::{bad_body, bad_field, not_found, problem};
use super::users::by_nickname;
use super::{Here, no_such_page};

const KINDS: [&str; 6] = [
    "push",
    "force",
    "delete",
    "require_approvals_to_merge",
    "require_passing_builds_to_merge",
    "require_tasks_to_be_completed",
];

/// Answers a path below `~/branch-restrictions`.
pub(super) fn answer(here: &mut Here<'_>, repo: RepoId, path: &[&str]) -> Reply {
    here.scope("repository:admin")?;
    here.may(repo, Permission::Admin)?;
    match (here.ask.method.as_str(), path) {
        ("GET", []) => {
            let all = here.world.repo(repo)?.restrictions.iter();
            here.page(all.map(|one| full(here, one)).collect(), 10)
        }
        ("POST", []) => {
            let (kind, branches, value) = wish(here)?;
            let (made, new) = here.world.restrict(repo, (&kind, &branches, value), &[])?;
            if !new {
                let text = "A branch restriction of this kind exists for this pattern already.";
                return Err(problem(409, text).complaining("one rule for a kind and a pattern"));
            }
            Ok(Answer::json(201, &full(here, &made)))
        }
        ("GET", [id]) => Ok(Answer::json(200, &full(here, &known(here, repo, id)?))),
        ("PUT", [id]) => {
            let known = known(here, repo, id)?;
            let (kind, branches, value) = wish(here)?;
            let all = &mut here.world.repo_mut(repo)?.restrictions;
            let changed = all.iter_mut().find(|one| one.id == known.id).ok_or_else(not_found)?;
            (changed.kind, changed.branches, changed.value) = (kind, branches, value);
            let changed = changed.clone();
            Ok(Answer::json(200, &full(here, &changed)))
        }
        ("DELETE", [id]) => {
            let known = known(here, repo, id)?;
            here.world.lift(repo, known.id)?;
            Ok(Answer::empty(204))
        }
        _ => Err(no_such_page(here.ask)),
    }
}

fn known(here: &Here<'_>, repo: RepoId, id: &str) -> Result<Restriction, Answer> {
    let all = &here.world.repo(repo)?.restrictions;
    all.iter().find(|one| one.id.to_string() == id).cloned().ok_or_else(not_found)
}

fn wish(here: &Here<'_>) -> Result<(String, String, Option<u64>), Answer> {
    let body = here.ask.json().map_err(|why| bad_body(&why))?;
    let kind = text_at(&body, "/kind").filter(|kind| KINDS.contains(kind));
    let kind = kind.ok_or_else(|| bad_field("kind", "unknown").complaining("no such kind of restriction"))?;
    let pattern = text_at(&body, "/pattern").filter(|pattern| !pattern.is_empty());
    let pattern = pattern.ok_or_else(|| bad_field("pattern", "required key not provided"))?;
    Ok((kind.to_owned(), pattern.to_owned(), body["value"].as_u64()))
}

fn full(here: &Here<'_>, one: &Restriction) -> Value {
    let except = one.except.iter().map(|name| by_nickname(here.world, name));
    json!({
        "type": "branchrestriction",
        "id": one.id,
        "kind": one.kind,
        "branch_match_kind": "glob",
        "pattern": one.branches,
        "value": one.value,
        "users": except.collect::<Vec<Value>>(),
        "groups": [],
        "links": {},
    })
}
