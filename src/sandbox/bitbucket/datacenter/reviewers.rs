//! Asking people for review and letting them off, as Data Center has it.

use super::super::exchange::{Answer, Reply, text_at};
use super::super::world::{Edit, Permission, RepoId};
use super::Here;
use super::answers::{bad_body, bad_field, no_such_user};
use super::reviews::participant;

/// `POST P/pull-requests/{id}/participants`
pub(super) fn add(here: &mut Here<'_>, at: (RepoId, u64)) -> Reply {
    here.may(at.0, Permission::Write)?;
    let body = here.ask.json().map_err(|why| bad_body(&why))?;
    if text_at(&body, "/role") != Some("REVIEWER") {
        return Err(bad_field("role", "Only the REVIEWER role may be assigned.").complaining("no such role"));
    }
    let name = text_at(&body, "/user/name").ok_or_else(|| bad_body("there is no user.name"))?;
    let who = here.world.person(name)?.nickname.clone();
    let pr = here.world.repo(at.0)?.pull_request(at.1)?;
    if pr.author == who {
        return Err(bad_field("user", "The author of a pull request cannot review it."));
    }
    let others = pr.reviewers.iter().filter(|one| **one != who).cloned();
    let reviewers = others.chain([who.clone()]).collect();
    ask(here, at, reviewers)?;
    let pr = here.world.repo(at.0)?.pull_request(at.1)?;
    Ok(Answer::json(200, &participant(here.world, pr, &who)))
}

/// `DELETE P/pull-requests/{id}/participants/{slug}`
pub(super) fn remove(here: &mut Here<'_>, at: (RepoId, u64), slug: &str) -> Reply {
    here.may(at.0, Permission::Write)?;
    let person = here.world.person_by_slug(slug).ok_or_else(|| no_such_user(slug))?;
    let pr = here.world.repo(at.0)?.pull_request(at.1)?;
    let rest = pr.reviewers.iter().filter(|one| **one != person.nickname).cloned().collect();
    ask(here, at, rest)?;
    Ok(Answer::empty(204))
}

fn ask(here: &mut Here<'_>, at: (RepoId, u64), reviewers: Vec<String>) -> Result<(), Answer> {
    let wish = Edit { reviewers: Some(reviewers), ..Edit::default() };
    Ok(here.world.edit(at, &here.caller.nickname, wish)?)
}
