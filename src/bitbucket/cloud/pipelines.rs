//! Pipelines and deployments on Bitbucket Cloud.

use std::collections::HashMap;

use reqwest::Method;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::bitbucket::Result;
use crate::bitbucket::lenient::{Maybe, Moment};
use crate::bitbucket::transport::listed;
use crate::words::names::RepoName;
use crate::words::pipeline::{Deployment, NewRun, Run, RunState, Step};

use super::wire::{Account, Hashed, Named};
use super::{Ask, Cloud, LARGEST_PAGE, page, repo};

const ALL: &str = repo!("/pipelines");
/// What reads and what starts them; API tokens have scopes of the same meaning.
const READS: &[&str] = &["pipeline", "read:pipeline:bitbucket"];
const STARTS: &[&str] = &["pipeline:write", "write:pipeline:bitbucket"];
/// The end of a log is in its last so many bytes.
const TAIL: usize = 24_000;

/// A run as Cloud writes it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Wire {
    uuid: Maybe<String>,
    build_number: Maybe<u64>,
    state: Maybe<State>,
    target: Maybe<Target>,
    creator: Maybe<Account>,
    created_on: Maybe<Moment>,
    duration_in_seconds: Maybe<u64>,
    build_seconds_used: Maybe<u64>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct State {
    name: Maybe<String>,
    result: Maybe<Named>,
    stage: Maybe<Named>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Target {
    ref_name: Maybe<String>,
    source: Maybe<String>,
    selector: Maybe<Selector>,
    commit: Maybe<Hashed>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Selector {
    r#type: Maybe<String>,
    pattern: Maybe<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct StepWire {
    uuid: Maybe<String>,
    name: Maybe<String>,
    state: Maybe<State>,
    duration_in_seconds: Maybe<u64>,
}

impl State {
    fn read(&self) -> RunState {
        let result = self.result.as_ref().and_then(|result| result.name.as_deref());
        let stage = self.stage.as_ref().and_then(|stage| stage.name.as_deref());
        match (self.name.as_deref().unwrap_or_default(), stage, result) {
            ("PENDING" | "READY", ..) => RunState::Waiting,
            ("IN_PROGRESS", Some("PAUSED" | "HALTED"), _) | ("PAUSED" | "HALTED", ..) => RunState::Paused,
            ("IN_PROGRESS", ..) => RunState::Running,
            (_, _, Some("SUCCESSFUL")) => RunState::Passed,
            (_, _, Some("FAILED" | "ERROR")) => RunState::Failed,
            (_, _, Some("STOPPED")) => RunState::Stopped,
            (name, _, result) => RunState::Other(result.unwrap_or(name).to_lowercase().replace('_', " ")),
        }
    }
}

impl Wire {
    fn run(self, cloud: &Cloud, repo: &RepoName) -> Option<Run> {
        let number = self.build_number.0?;
        let target = self.target.0.unwrap_or_default();
        let selector = target.selector.0.filter(|one| one.r#type.as_deref() == Some("custom"));
        let path = [repo.owner.as_str(), &repo.slug, "pipelines", "results"];
        Some(Run {
            id: self.uuid.0?,
            number,
            state: self.state.0.unwrap_or_default().read(),
            branch: target.ref_name.0.or(target.source.0),
            custom: selector.and_then(|one| one.pattern.0),
            hash: target.commit.0.and_then(|commit| commit.hash.0),
            by: self.creator.0.map(|creator| creator.person().name),
            at: self.created_on.0.map_or(0, |at| at.0),
            seconds: self.duration_in_seconds.0.or(self.build_seconds_used.0),
            url: cloud.home.page(&[path.as_slice(), &[&number.to_string()]].concat()),
        })
    }
}

fn unread<T>(found: Option<T>) -> Result<T> {
    found.ok_or_else(|| crate::bitbucket::lenient::Lacks("the run's number").into())
}

/// The newest runs.
pub(super) async fn list(
    cloud: &Cloud,
    repo: &RepoName,
    branch: Option<&str>,
    limit: usize,
) -> Result<Vec<Run>> {
    let request = cloud.in_repo((Method::GET, "list the pipelines"), ALL, repo, &[])?;
    let mut request = request.query("sort", "-created_on").query("pagelen", &page(limit, LARGEST_PAGE));
    if let Some(branch) = branch {
        request = request.query("target.branch", branch);
    }
    let found: Vec<Wire> = listed(&cloud.api, request.allowed_by(READS), limit).await?;
    Ok(found.into_iter().filter_map(|one| one.run(cloud, repo)).collect())
}

/// One run as it stands now; Cloud takes its number, too.
pub(super) async fn one(cloud: &Cloud, repo: &RepoName, id: &str) -> Result<Run> {
    let template = repo!("/pipelines/{pipeline_uuid}");
    let request = cloud.in_repo((Method::GET, "show the pipeline"), template, repo, &[id])?;
    let found: Wire = cloud.api.read(&request.allowed_by(READS)).await?;
    unread(found.run(cloud, repo))
}

/// The steps of a run.
pub(super) async fn steps(cloud: &Cloud, repo: &RepoName, id: &str) -> Result<Vec<Step>> {
    let template = repo!("/pipelines/{pipeline_uuid}/steps");
    let request = cloud.in_repo((Method::GET, "list the steps"), template, repo, &[id])?;
    let found: Vec<StepWire> = listed(&cloud.api, request.allowed_by(READS), LARGEST_PAGE).await?;
    let steps = found.into_iter().enumerate().filter_map(|(at, step)| {
        Some(Step {
            id: step.uuid.0?,
            name: step.name.0.unwrap_or_else(|| format!("Step {}", at + 1)),
            state: step.state.0.unwrap_or_default().read(),
            seconds: step.duration_in_seconds.0,
        })
    });
    Ok(steps.collect())
}

/// Starts a run.
pub(super) async fn start(cloud: &Cloud, repo: &RepoName, new: &NewRun) -> Result<Run> {
    let mut target = json!({"type": "pipeline_ref_target", "ref_type": "branch", "ref_name": new.branch});
    if let Some(custom) = &new.custom {
        target["selector"] = json!({"type": "custom", "pattern": custom});
    }
    let mut body = json!({"target": target});
    let variables = new.variables.iter();
    let variables: Vec<Value> =
        variables.map(|one| json!({"key": one.key, "value": one.value, "secured": one.secured})).collect();
    if !variables.is_empty() {
        body["variables"] = json!(variables);
    }
    let request = cloud.in_repo((Method::POST, "start the pipeline"), ALL, repo, &[])?;
    let made: Wire = cloud.api.read(&request.json(body).allowed_by(STARTS)).await?;
    unread(made.run(cloud, repo))
}

/// Stops a run.
pub(super) async fn stop(cloud: &Cloud, repo: &RepoName, id: &str) -> Result<()> {
    let template = repo!("/pipelines/{pipeline_uuid}/stopPipeline");
    let request = cloud.in_repo((Method::POST, "stop the pipeline"), template, repo, &[id])?;
    cloud.api.send(&request.repeatable().allowed_by(STARTS)).await?;
    Ok(())
}

/// The end of a step's log.
pub(super) async fn log(cloud: &Cloud, repo: &RepoName, id: &str, step: &str) -> Result<String> {
    const ASK: Ask = (Method::GET, "read the log");
    let template = repo!("/pipelines/{pipeline_uuid}/steps/{step_uuid}/log");
    let request = cloud.in_repo(ASK, template, repo, &[id, step])?;
    let answer = cloud.api.send(&request.its_end(TAIL).allowed_by(READS)).await?;
    Ok(String::from_utf8_lossy(&answer.body).into_owned())
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Environment {
    uuid: Maybe<String>,
    name: Maybe<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct DeploymentWire {
    environment: Maybe<Environment>,
    state: Maybe<DeployedState>,
    release: Maybe<Release>,
    deployable: Maybe<Release>,
    last_update_time: Maybe<Moment>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct DeployedState {
    name: Maybe<String>,
    status: Maybe<Named>,
    deployer: Maybe<Account>,
    url: Maybe<String>,
    completion_date: Maybe<Moment>,
    start_date: Maybe<Moment>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Release {
    name: Maybe<String>,
    url: Maybe<String>,
    commit: Maybe<Hashed>,
    created_on: Maybe<Moment>,
}

/// What was deployed where, the newest first.
pub(super) async fn deployments(cloud: &Cloud, repo: &RepoName, limit: usize) -> Result<Vec<Deployment>> {
    let ask = (Method::GET, "list the environments");
    let request = cloud.in_repo(ask, repo!("/environments"), repo, &[])?.allowed_by(READS);
    let environments: Vec<Environment> = listed(&cloud.api, request, LARGEST_PAGE).await?;
    let names: HashMap<String, String> =
        environments.into_iter().filter_map(|one| Some((one.uuid.0?, one.name.0?))).collect();
    let request = cloud.in_repo((Method::GET, "list the deployments"), repo!("/deployments"), repo, &[])?;
    let request = request.query("pagelen", &page(limit, LARGEST_PAGE));
    let found: Vec<DeploymentWire> = listed(&cloud.api, request.allowed_by(READS), limit).await?;
    Ok(found.into_iter().filter_map(|one| one.read(&names)).collect())
}

impl DeploymentWire {
    fn read(self, names: &HashMap<String, String>) -> Option<Deployment> {
        let environment = self.environment.0?;
        let id = environment.uuid.0;
        let called = environment.name.0.or_else(|| names.get(id.as_ref()?).cloned());
        let (state, release) =
            (self.state.0.unwrap_or_default(), self.release.0.or(self.deployable.0).unwrap_or_default());
        let word = state.status.0.and_then(|status| status.name.0).or(state.name.0);
        let at = self
            .last_update_time
            .0
            .or(state.completion_date.0)
            .or(state.start_date.0)
            .or(release.created_on.0);
        Some(Deployment {
            environment: called.or(id)?,
            state: word.unwrap_or_default().to_lowercase().replace('_', " "),
            release: release.name.0,
            hash: release.commit.0.and_then(|commit| commit.hash.0),
            by: state.deployer.0.map(|who| who.person().name),
            at: at.map(|at| at.0),
            url: state.url.0.or(release.url.0),
        })
    }
}
