//! Pipelines and deployments, as Cloud shows them and lets them be started and stopped.

use serde_json::{Value, json};

use super::super::exchange::{Answer, Reply, text_at};
use super::super::moments::iso_micros;
use super::super::world::{Deployed, Permission, RepoId, Run, RunState, Step, uuid};
use super::answers::{bad_body, bad_field, not_found, problem};
use super::repositories::brief;
use super::users::by_nickname;
use super::{Here, no_such_page};

/// Answers a path below `~/pipelines`.
pub(super) fn answer(here: &mut Here<'_>, repo: RepoId, path: &[&str]) -> Reply {
    let reads = here.ask.method == "GET";
    here.scope(if reads { "pipeline" } else { "pipeline:write" })?;
    here.may(repo, if reads { Permission::Read } else { Permission::Write })?;
    here.world.let_runs_go_on(repo)?;
    match (here.ask.method.as_str(), path) {
        ("GET", []) => list(here, repo),
        ("POST", []) => start(here, repo),
        ("GET", [id]) => Ok(Answer::json(200, &full(here, repo, &known(here, repo, id)?)?)),
        ("GET", [id, "steps"]) => {
            let run = known(here, repo, id)?;
            here.page(run.steps.iter().map(step).collect(), 10)
        }
        ("GET", [id, "steps", step, "log"]) => log(here, repo, (id, step)),
        ("POST", [id, "stopPipeline"]) => stop(here, repo, id),
        _ => Err(no_such_page(here.ask)),
    }
}

fn list(here: &Here<'_>, repo: RepoId) -> Reply {
    let branch = here.ask.param("target.branch");
    let mut runs: Vec<&Run> = here.world.repo(repo)?.runs.iter().collect();
    runs.retain(|run| branch.is_none_or(|branch| run.branch == branch));
    if here.ask.param("sort") == Some("-created_on") {
        runs.sort_by_key(|run| std::cmp::Reverse(run.number));
    }
    let values: Result<Vec<Value>, Answer> = runs.into_iter().map(|run| full(here, repo, run)).collect();
    here.page(values?, 10)
}

fn start(here: &mut Here<'_>, repo: RepoId) -> Reply {
    let body = here.ask.json().map_err(|why| bad_body(&why))?;
    let branch = text_at(&body, "/target/ref_name").map(str::to_owned);
    let branch = branch.ok_or_else(|| bad_field("target", "required key not provided"))?;
    if !here.world.repo(repo)?.branches.contains_key(&branch) {
        return Err(problem(400, &format!("Branch {branch} does not exist.")));
    }
    let custom = text_at(&body, "/target/selector/pattern").map(str::to_owned);
    let listed = body["variables"].as_array().cloned().unwrap_or_default();
    let variable = |one: &Value| {
        let text = |name: &str| one[name].as_str().unwrap_or_default().to_owned();
        (text("key"), text("value"), one["secured"].as_bool().unwrap_or_default())
    };
    let variables = listed.iter().map(variable).collect();
    let me = here.caller.nickname.clone();
    let run = here.world.start_run(repo, &me, (&branch, custom.as_deref()), variables)?;
    Ok(Answer::json(201, &full(here, repo, &run)?))
}

fn stop(here: &mut Here<'_>, repo: RepoId, id: &str) -> Reply {
    let run = known(here, repo, id)?;
    let all = &mut here.world.repo_mut(repo)?.runs;
    let run = all.iter_mut().find(|one| one.number == run.number).ok_or_else(not_found)?;
    if run.state.is_over() {
        return Err(problem(400, "Pipeline is already complete."));
    }
    run.state = RunState::Stopped;
    for step in run.steps.iter_mut().filter(|step| !step.state.is_over()) {
        step.state = RunState::Stopped;
    }
    Ok(Answer::empty(204))
}

/// The log: here while the step runs, at a place of storage afterwards.
fn log(here: &Here<'_>, repo: RepoId, (id, step): (&str, &str)) -> Reply {
    let run = known(here, repo, id)?;
    let step = run.steps.iter().find(|one| one.uuid == step).ok_or_else(not_found)?;
    if step.log.is_empty() {
        return Err(not_found());
    }
    if step.state.is_over() {
        let to = format!("{}/stored/{}", here.world.cloud_url, hex::encode(&step.uuid));
        return Ok(Answer::empty(307).with("Location", to));
    }
    Ok(Answer::text(200, &step.log))
}

/// `GET /stored/{step}`: what storage holds, for whoever has the address; it wants no token.
pub(in super::super) fn stored(world: &super::super::world::World, name: &str) -> Answer {
    let steps = world.repositories.iter().flat_map(|repo| &repo.runs).flat_map(|run| &run.steps);
    let found = steps.into_iter().find(|step| hex::encode(&step.uuid) == name);
    found.map_or_else(|| Answer::text(404, "NoSuchKey"), |step| Answer::text(200, &step.log))
}

fn known(here: &Here<'_>, repo: RepoId, id: &str) -> Result<Run, Answer> {
    let all = &here.world.repo(repo)?.runs;
    let same = |run: &&Run| run.uuid == id || run.number.to_string() == id;
    all.iter().find(same).cloned().ok_or_else(not_found)
}

fn full(here: &Here<'_>, repo: RepoId, run: &Run) -> Result<Value, Answer> {
    let here_ = here.world.repo(repo)?;
    let mut target = json!({
        "type": "pipeline_ref_target",
        "ref_type": "branch",
        "ref_name": run.branch,
        "selector": {"type": "branches", "pattern": run.branch},
        "commit": {"type": "commit", "hash": run.hash},
    });
    if let Some(custom) = &run.custom {
        target["selector"] = json!({"type": "custom", "pattern": custom});
    }
    let variable = |(key, value, secured): &(String, String, bool)| {
        let value = if *secured { "" } else { value.as_str() };
        json!({"type": "pipeline_variable", "key": key, "value": value, "secured": secured})
    };
    Ok(json!({
        "type": "pipeline",
        "uuid": run.uuid,
        "build_number": run.number,
        "creator": by_nickname(here.world, &run.by),
        "repository": brief(here.world, here_),
        "target": target,
        "trigger": {"type": "pipeline_trigger_manual", "name": "MANUAL"},
        "state": state("pipeline", run.state),
        "created_on": iso_micros(run.at),
        "duration_in_seconds": run.steps.iter().map(|step| step.seconds).sum::<u64>(),
        "variables": run.variables.iter().map(variable).collect::<Vec<Value>>(),
    }))
}

fn state(of: &str, state: RunState) -> Value {
    let done = |result: &str| {
        json!({
            "type": format!("{of}_state_completed"),
            "name": "COMPLETED",
            "result": {"type": format!("{of}_state_completed_{}", result.to_lowercase()), "name": result},
        })
    };
    match state {
        RunState::Pending => json!({"type": format!("{of}_state_pending"), "name": "PENDING"}),
        RunState::InProgress => json!({
            "type": format!("{of}_state_in_progress"),
            "name": "IN_PROGRESS",
            "stage": {"type": format!("{of}_state_in_progress_running"), "name": "RUNNING"},
        }),
        RunState::Successful => done("SUCCESSFUL"),
        RunState::Failed => done("FAILED"),
        RunState::Stopped => done("STOPPED"),
    }
}

fn step(one: &Step) -> Value {
    json!({
        "type": "pipeline_step",
        "uuid": one.uuid,
        "name": one.name,
        "state": state("pipeline_step", one.state),
        "duration_in_seconds": one.seconds,
    })
}

/// `GET ~/environments`
pub(super) fn environments(here: &Here<'_>, repo: RepoId) -> Reply {
    here.scope("pipeline")?;
    let mut names: Vec<&String> =
        here.world.repo(repo)?.deployed.iter().map(|one| &one.environment).collect();
    names.sort();
    names.dedup();
    let value = |name: &String| json!({"type": "deployment_environment", "uuid": place(name), "name": name});
    here.page(names.into_iter().map(value).collect(), 10)
}

fn place(name: &str) -> String {
    format!("{{{}}}", uuid(&format!("environment {name}")))
}

/// `GET ~/deployments`
pub(super) fn deployments(here: &Here<'_>, repo: RepoId) -> Reply {
    here.scope("pipeline")?;
    let all = here.world.repo(repo)?.deployed.iter();
    here.page(all.map(|one| deployed(here, one)).collect(), 10)
}

fn deployed(here: &Here<'_>, one: &Deployed) -> Value {
    let result = if one.failed { "FAILED" } else { "SUCCESSFUL" };
    json!({
        "type": "deployment",
        "uuid": one.uuid,
        "environment": {"type": "deployment_environment", "uuid": place(&one.environment)},
        "release": {
            "type": "deployment_release",
            "name": format!("#{}", one.run),
            "commit": {"type": "commit", "hash": one.hash},
        },
        "state": {
            "type": "deployment_state_completed",
            "name": "COMPLETED",
            "status": {"type": "deployment_state_completed_status", "name": result},
            "deployer": by_nickname(here.world, &one.by),
            "completion_date": iso_micros(one.at),
        },
    })
}
