//! Merging and declining, as Data Center has them.

use serde_json::{Value, json};

use super::super::exchange::{Answer, Reply, text_at};
use super::super::world::{MergeWish, NewComment, Obstacle, Permission, Refusal, RepoId, State};
use super::Here;
use super::answers::{bad_body, problem, vetoes};
use super::pull_requests::{current, show};
use super::repositories::STRATEGIES;

/// `GET P/pull-requests/{id}/merge`
pub(super) fn ask_first(here: &Here<'_>, (repo, number): (RepoId, u64)) -> Reply {
    let repo = here.world.repo(repo)?;
    let pr = repo.pull_request(number)?;
    if pr.state != State::Open {
        return Err(Refusal::NotOpen(number, pr.state).into());
    }
    let obstacles = repo.obstacles(pr);
    let conflicted = obstacles.contains(&Obstacle::Conflicts);
    let body = json!({
        "canMerge": obstacles.is_empty(),
        "conflicted": conflicted,
        "outcome": if conflicted { "CONFLICTED" } else { "CLEAN" },
        "vetoes": vetoes(&obstacles),
    });
    Ok(Answer::json(200, &body))
}

/// `POST P/pull-requests/{id}/merge`
pub(super) fn merge(here: &mut Here<'_>, (repo, number): (RepoId, u64)) -> Reply {
    // A merge is a commit, and a commit is somebody's.
    here.somebody()?;
    here.may(repo, Permission::Write)?;
    let body = here.ask.json().map_err(|why| bad_body(&why))?;
    if body["autoMerge"].as_bool() == Some(true) {
        return Err(problem(403, "pull.AutoMergeDisabledException", "Auto-merge is not enabled here."));
    }
    let version = version(here, &body)?;
    let version = version.ok_or_else(|| bad_body("the version is missing"))?;
    open(here, (repo, number))?;
    current(here, (repo, number), version)?;
    let named = text_at(&body, "/strategyId").map(|wanted| {
        let known = STRATEGIES.iter().find(|(_, id, ..)| *id == wanted);
        let unknown = || {
            let text = format!("The merge strategy {wanted} is not known.");
            problem(400, "pull.InvalidMergeStrategyException", &text).complaining(wanted)
        };
        known.map(|(strategy, ..)| *strategy).ok_or_else(unknown)
    });
    let wish = MergeWish {
        strategy: named.transpose()?,
        message: text_at(&body, "/message").map(str::to_owned),
        close_source: None,
    };
    here.world.merge((repo, number), &here.caller.nickname, &wish)?;
    show(here, (repo, number))
}

/// `POST P/pull-requests/{id}/decline`
pub(super) fn decline(here: &mut Here<'_>, (repo, number): (RepoId, u64)) -> Reply {
    let pr = here.world.repo(repo)?.pull_request(number)?;
    if pr.author != here.caller.nickname {
        here.may(repo, Permission::Write)?;
    }
    let body = here.ask.json().map_err(|why| bad_body(&why))?;
    open(here, (repo, number))?;
    if let Some(version) = version(here, &body)? {
        current(here, (repo, number), version)?;
    }
    if let Some(text) = text_at(&body, "/comment").filter(|text| !text.trim().is_empty()) {
        let wish = NewComment { text: text.to_owned(), ..NewComment::default() };
        here.world.comment((repo, number), &here.caller.nickname, wish)?;
    }
    here.world.decline((repo, number), &here.caller.nickname)?;
    show(here, (repo, number))
}

/// `POST P/pull-requests/{id}/reopen`
pub(super) fn reopen(here: &mut Here<'_>, (repo, number): (RepoId, u64)) -> Reply {
    let pr = here.world.repo(repo)?.pull_request(number)?;
    let state = pr.state;
    if pr.author != here.caller.nickname {
        here.may(repo, Permission::Write)?;
    }
    let body = here.ask.json().map_err(|why| bad_body(&why))?;
    if state != State::Declined {
        return Err(Refusal::NotDeclined(number, state).into());
    }
    if let Some(version) = version(here, &body)? {
        current(here, (repo, number), version)?;
    }
    here.world.reopen((repo, number), &here.caller.nickname)?;
    show(here, (repo, number))
}

fn open(here: &Here<'_>, (repo, number): (RepoId, u64)) -> Result<(), Answer> {
    let pr = here.world.repo(repo)?.pull_request(number)?;
    match pr.state {
        State::Open => Ok(()),
        state => Err(Refusal::NotOpen(number, state).into()),
    }
}

/// The version that the caller knows, from the query or the body.
fn version(here: &Here<'_>, body: &Value) -> Result<Option<u64>, Answer> {
    let query = here.ask.param("version").map(str::parse);
    let query = query.transpose().map_err(|_| bad_body("the version is not a number"))?;
    Ok(query.or_else(|| body["version"].as_u64()))
}
