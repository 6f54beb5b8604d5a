//! Whether the bot lives and is ready, and its figures.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use metrics_exporter_prometheus::PrometheusHandle;

use super::Doors;
use crate::bot::Bot;
use crate::jobs::KINDS;
use crate::store::{Depth, JobState};

/// While the process runs.
pub async fn live() -> &'static str {
    "live\n"
}

/// While the database is writable and the queue runs. Slack's and Bitbucket's links have no say in it.
pub async fn ready(State(doors): State<Doors>) -> Response {
    match doors.bot.store.prove_writable().await {
        Ok(()) => "ready\n".into_response(),
        Err(error) => {
            tracing::warn!(%error, "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, "the database is not writable\n").into_response()
        }
    }
}

/// How things stand, in words for whoever runs it.
pub async fn details(State((bot, _)): State<(Bot, PrometheusHandle)>) -> String {
    let database = match bot.store.prove_writable().await {
        Ok(()) => "it takes what is written".to_owned(),
        Err(error) => error.to_string(),
    };
    format!("database: {database}\nSlack is heard: {}\n", bot.ear.hearing())
}

/// The figures, in Prometheus' words.
pub async fn metrics(State((bot, figures)): State<(Bot, PrometheusHandle)>) -> Response {
    if let Ok(depth) = bot.store.depth().await {
        for ((state, kind), jobs) in counted(&depth) {
            let labels = [("state", state.to_string()), ("kind", kind)];
            metrics::gauge!("dipper_queue_jobs", &labels).set(as_figure(jobs));
        }
        let oldest = depth.iter().filter_map(|row| row.due_since).min();
        let waited = oldest.map_or(0, |since| bot.clock.millis() - since);
        metrics::gauge!("dipper_queue_oldest_seconds").set(as_figure(waited) / 1000.0);
    }
    figures.run_upkeep();
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], figures.render()).into_response()
}

/// How many jobs there are, by state and kind. That there are none is said, too: a figure that nobody sets anew
/// would go on telling of jobs that were replayed or dropped.
fn counted(depth: &[Depth]) -> BTreeMap<(JobState, String), i64> {
    let states = [JobState::Waiting, JobState::Running, JobState::Buried];
    let none = states.iter().flat_map(|state| KINDS.iter().map(|kind| ((*state, (*kind).to_owned()), 0)));
    let found = depth.iter().map(|row| ((row.state, row.kind.clone()), row.jobs));
    none.chain(found).collect()
}

#[expect(clippy::cast_precision_loss, reason = "a figure on a chart needs no more than 52 bits")]
fn as_figure(number: i64) -> f64 {
    number as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jobs_that_are_gone_are_counted_as_none() {
        let buried = Depth { state: JobState::Buried, kind: "deliver".to_owned(), jobs: 2, due_since: None };
        let key = (JobState::Buried, "deliver".to_owned());
        assert_eq!(counted(&[buried])[&key], 2);
        assert_eq!(counted(&[])[&key], 0);
    }
}
