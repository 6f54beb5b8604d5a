//! Pipelines that run on Cloud, and what was deployed.

use super::{Refusal, RepoId, World, uuid};

/// How a run or a step stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunState {
    Pending,
    InProgress,
    Successful,
    Failed,
    Stopped,
}

impl RunState {
    /// Whether nothing more comes of it.
    pub fn is_over(self) -> bool {
        !matches!(self, Self::Pending | Self::InProgress)
    }
}

/// One step of a run.
#[derive(Clone, Debug)]
pub(in super::super) struct Step {
    pub(in super::super) uuid: String,
    pub(in super::super) name: String,
    pub(in super::super) state: RunState,
    pub(in super::super) seconds: u64,
    pub(in super::super) log: String,
}

/// One run.
#[derive(Clone, Debug)]
pub(in super::super) struct Run {
    pub(in super::super) uuid: String,
    pub(in super::super) number: u64,
    pub(in super::super) state: RunState,
    pub(in super::super) branch: String,
    pub(in super::super) custom: Option<String>,
    pub(in super::super) hash: String,
    pub(in super::super) by: String,
    pub(in super::super) at: i64,
    pub(in super::super) steps: Vec<Step>,
    /// Key, value, and whether it is secured.
    pub(in super::super) variables: Vec<(String, String, bool)>,
}

/// What was deployed somewhere.
#[derive(Clone, Debug)]
pub(in super::super) struct Deployed {
    pub(in super::super) uuid: String,
    pub(in super::super) environment: String,
    pub(in super::super) run: u64,
    pub(in super::super) hash: String,
    pub(in super::super) by: String,
    pub(in super::super) at: i64,
    pub(in super::super) failed: bool,
}

/// What every pipeline of the sandbox does.
const STEPS: [&str; 2] = ["Build", "Test"];
/// So many seconds pass before the first begins, and each takes so many.
const WAITS: i64 = 4;
const TAKES: i64 = 12;
const PASSED: &str = "+ make\nEverything is as it should be.\n";
const FAILED: &str = "+ make test\nrunning 214 tests\n\u{1b}[31merror:\u{1b}[0m login_is_limited: expected 429, got 200\n  at tests/login.rs:41\n213 passed, 1 failed\n";

impl World {
    /// Starts a run.
    pub(in super::super) fn start_run(
        &mut self,
        repo: RepoId,
        by: &str,
        (branch, custom): (&str, Option<&str>),
        variables: Vec<(String, String, bool)>,
    ) -> Result<Run, Refusal> {
        let at = self.now();
        let here = self.repo_mut(repo)?;
        let hash = here.tip(branch)?.to_owned();
        let number = here.runs.len() as u64 + 1;
        let name = format!("{} run {number}", here.full_name());
        let step = |step: &&str| Step {
            uuid: format!("{{{}}}", uuid(&format!("{name} {step}"))),
            name: (*step).to_owned(),
            state: RunState::Pending,
            seconds: 0,
            log: String::new(),
        };
        let run = Run {
            uuid: format!("{{{}}}", uuid(&name)),
            number,
            state: RunState::Pending,
            branch: branch.to_owned(),
            custom: custom.map(str::to_owned),
            hash,
            by: by.to_owned(),
            at,
            steps: STEPS.iter().map(step).collect(),
            variables,
        };
        here.runs.push(run.clone());
        Ok(run)
    }

    /// A run goes on: a step comes to stand so, after so many seconds and with this said.
    pub(in super::super) fn step_run(
        &mut self,
        repo: RepoId,
        number: u64,
        (step, state): (&str, RunState),
        (seconds, log): (u64, &str),
    ) -> Result<(), Refusal> {
        let all = &mut self.repo_mut(repo)?.runs;
        let Some(run) = all.iter_mut().find(|run| run.number == number) else {
            return Ok(());
        };
        if let Some(step) = run.steps.iter_mut().find(|one| one.name == step) {
            (step.state, step.seconds) = (state, seconds);
            log.clone_into(&mut step.log);
        }
        run.state = if run.steps.iter().any(|step| step.state == RunState::Failed) {
            RunState::Failed
        } else if run.steps.iter().all(|step| step.state == RunState::Successful) {
            RunState::Successful
        } else {
            RunState::InProgress
        };
        Ok(())
    }

    /// Where runs go on by themselves: each step takes its time, and every other run meets a test that fails.
    pub(in super::super) fn let_runs_go_on(&mut self, repo: RepoId) -> Result<(), Refusal> {
        if !self.runs_by_themselves {
            return Ok(());
        }
        let now = self.now();
        let open = self.repo(repo)?.runs.iter().filter(|run| !run.state.is_over());
        let open: Vec<(u64, i64)> = open.map(|run| (run.number, (now - run.at) / 1000)).collect();
        for (number, seconds) in open {
            for (at, step) in (0..).zip(STEPS) {
                let since = seconds - WAITS - at * TAKES;
                let fails = number % 2 == 1 && step == "Test";
                let (state, log) = match since {
                    ..0 => continue,
                    _ if since < TAKES => (RunState::InProgress, ""),
                    _ if fails => (RunState::Failed, FAILED),
                    _ => (RunState::Successful, PASSED),
                };
                let took = u64::try_from(since.min(TAKES)).unwrap_or_default();
                self.step_run(repo, number, (step, state), (took, log))?;
            }
        }
        Ok(())
    }
}
