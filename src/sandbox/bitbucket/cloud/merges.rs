//! Merging and declining, as Cloud has them.

use serde_json::json;

use super::super::exchange::{Answer, Reply, text_at};
use super::super::world::{MergeTask, MergeWish, Obstacle, Permission, Refusal, RepoId, State};
use super::Here;
use super::answers::{bad_body, bad_field, problem};
use super::pull_requests::{full, show};
use super::repositories::STRATEGIES;

/// `POST ~/pullrequests/{id}/merge`
pub(super) fn merge(here: &mut Here<'_>, (repo, number): (RepoId, u64)) -> Reply {
    here.scope("pullrequest:write")?;
    here.may(repo, Permission::Write)?;
    let wish = wish(here)?;
    let slowly = here.world.repo(repo)?.merges_slowly || here.ask.param("async") == Some("true");
    let outcome = here.world.merge((repo, number), &here.caller.nickname, &wish);
    if slowly && !matches!(outcome, Err(Refusal::NotOpen(..))) {
        return queued(here, (repo, number), outcome);
    }
    outcome?;
    show(here, (repo, number))
}

fn wish(here: &Here<'_>) -> Result<MergeWish, Answer> {
    let body = here.ask.json().map_err(|why| bad_body(&why))?;
    let named = text_at(&body, "/merge_strategy");
    let strategy = named.map(|wanted| {
        let known = STRATEGIES.iter().find(|(_, name)| *name == wanted);
        known
            .map(|(strategy, _)| *strategy)
            .ok_or_else(|| bad_field("merge_strategy", "not a valid choice").complaining(wanted))
    });
    Ok(MergeWish {
        strategy: strategy.transpose()?,
        message: text_at(&body, "/message").map(str::to_owned),
        close_source: body["close_source_branch"].as_bool(),
    })
}

fn queued(here: &mut Here<'_>, (repo, number): (RepoId, u64), outcome: Result<(), Refusal>) -> Reply {
    let count = here.world.count();
    let id = super::super::world::uuid(&format!("merge {count}"));
    let location = task_address(here, (repo, number), &id)?;
    here.world.merge_tasks.push(MergeTask {
        id,
        repo,
        number,
        owner: here.caller.nickname.clone(),
        polls: 0,
        outcome,
    });
    Ok(Answer::empty(202).with("Location", location))
}

fn task_address(here: &Here<'_>, (repo, number): (RepoId, u64), id: &str) -> Result<String, Refusal> {
    let name = here.world.repo(repo)?.full_name();
    let api = format!("{}/2.0/repositories/{name}/pullrequests", here.world.cloud_url);
    Ok(format!("{api}/{number}/merge/task-status/{id}"))
}

/// `GET ~/pullrequests/{id}/merge/task-status/{task}`: pending when first asked.
pub(super) fn task(here: &mut Here<'_>, at: (RepoId, u64), id: &str) -> Reply {
    let mine = |task: &&mut MergeTask| task.id == id && (task.repo, task.number) == at;
    let task = here.world.merge_tasks.iter_mut().find(mine);
    let task = task.ok_or_else(|| problem(400, "The task does not belong to this pull request."))?;
    if task.owner != here.caller.nickname {
        return Err(problem(403, "The merge was queued by somebody else."));
    }
    task.polls += 1;
    let (polls, outcome) = (task.polls, task.outcome.clone());
    let links = json!({"self": {"href": task_address(here, at, id)?}});
    if polls == 1 {
        return Ok(Answer::json(200, &json!({"task_status": "PENDING", "links": links})));
    }
    match outcome {
        Err(Refusal::MayNotMerge(obstacles)) if obstacles == [Obstacle::Conflicts] => {
            return Err(problem(400, "You can't merge until you resolve all merge conflicts."));
        }
        other => other?,
    }
    let repo = here.world.repo(at.0)?;
    let result = full(here.world, repo, repo.pull_request(at.1)?);
    let body = json!({"task_status": "SUCCESS", "links": links, "merge_result": result});
    Ok(Answer::json(200, &body))
}

/// `POST ~/pullrequests/{id}/decline`
pub(super) fn decline(here: &mut Here<'_>, (repo, number): (RepoId, u64)) -> Reply {
    here.scope("pullrequest:write")?;
    let pr = here.world.repo(repo)?.pull_request(number)?;
    if pr.author != here.caller.nickname && pr.state == State::Open {
        here.may(repo, Permission::Write)?;
    }
    here.world.decline((repo, number), &here.caller.nickname)?;
    show(here, (repo, number))
}
