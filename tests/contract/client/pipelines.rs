//! Pipelines run, followed and stopped, and what was deployed; Data Center has none and says so.

use std::collections::BTreeSet;

use dipper::bitbucket::Error;
use dipper::sandbox::bitbucket::{Edition, RunState as Turn};
use dipper::words::pipeline::{NewRun, RunState, Variable};

use super::{Stage, does};

pub async fn walk(edition: Edition) -> BTreeSet<&'static str> {
    let stage = Stage::set(edition).await;
    let _ran = stage.handle.clone().deployed("production", 1, "ada", false);
    let repo = stage.repo();
    let variable =
        |key: &str, secured: bool| Variable { key: key.to_owned(), value: "x".to_owned(), secured };
    let variables = vec![variable("TARGET", false), variable("KEY", true)];
    let new = NewRun { branch: "main".to_owned(), custom: Some("release".to_owned()), variables };
    let run = match does!(stage, ada, start_run(&repo, &new)) {
        Ok(run) => run,
        Err(error) => {
            assert!(edition == Edition::DataCenter && matches!(error, Error::NotOffered(_)), "{error:?}");
            return nothing(stage).await;
        }
    };
    assert_eq!((run.number, run.custom.as_deref(), run.state), (1, Some("release"), RunState::Waiting));
    stage.handle.steps(1, "Build", Turn::Failed, (5, "error: no\n"));
    assert_eq!(does!(stage, ada, run(&repo, &run.id)).unwrap().state, RunState::Failed);
    let steps = does!(stage, ada, run_steps(&repo, &run.id)).unwrap();
    assert_eq!(steps.len(), 2);
    assert_eq!(does!(stage, ada, step_log(&repo, &run.id, &steps[0].id)).unwrap(), "error: no\n");
    let again = NewRun { custom: None, variables: Vec::new(), ..new };
    let second = stage.ada.start_run(&repo, &again).await.unwrap();
    does!(stage, ada, stop_run(&repo, &second.id)).unwrap();
    assert_eq!(does!(stage, ada, runs(&repo, Some("main"), 50)).unwrap()[0].state, RunState::Stopped);
    let deployed = does!(stage, ada, deployments(&repo, 50)).unwrap();
    assert_eq!((deployed[0].environment.as_str(), deployed[0].state.as_str()), ("production", "successful"));
    assert!(stage.sandbox.requests().iter().filter(|call| call.path.contains("/stored/")).count() <= 1);
    stage.ends()
}

/// Everything is refused in words.
async fn nothing(stage: Stage) -> BTreeSet<&'static str> {
    let repo = stage.repo();
    let refused = [
        does!(stage, ada, runs(&repo, None, 1)).err(),
        does!(stage, ada, run(&repo, "1")).err(),
        does!(stage, ada, run_steps(&repo, "1")).err(),
        does!(stage, ada, stop_run(&repo, "1")).err(),
        does!(stage, ada, step_log(&repo, "1", "1")).err(),
        does!(stage, ada, deployments(&repo, 1)).err(),
    ];
    assert!(refused.iter().all(|error| matches!(error, Some(Error::NotOffered(_)))), "{refused:?}");
    stage.ends()
}
