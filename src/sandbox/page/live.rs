//! The world as it changes: each window is sent the whole state again after whatever happened.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use serde::Deserialize;
use serde_json::json;
use tokio::sync::{broadcast, watch};

use super::super::slack::Change;
use super::{Desk, state};

/// What happens within this time is sent as one.
const BREATH: Duration = Duration::from_millis(50);
const SIGN_OF_LIFE: Duration = Duration::from_secs(15);

#[derive(Deserialize)]
pub(super) struct Looker {
    #[serde(rename = "as")]
    who: Option<String>,
}

/// One window that looks.
struct Window {
    desk: Desk,
    person: String,
    slack: broadcast::Receiver<Change>,
    bitbucket: watch::Receiver<u64>,
    own: watch::Receiver<u64>,
    last: Option<String>,
    version: u64,
}

/// `GET /events?as=U…`
pub(super) async fn events(State(desk): State<Desk>, Query(looker): Query<Looker>) -> Response {
    let Some(person) = state::cast_member(&desk, looker.who.as_deref()) else {
        return (StatusCode::NOT_FOUND, "Nobody of this demo is called so.\n").into_response();
    };
    let window = Window {
        slack: desk.0.slack.subscribe(),
        bitbucket: desk.0.bitbucket.subscribe(),
        own: desk.0.changed.subscribe(),
        person: person.id,
        last: None,
        version: 0,
        desk,
    };
    let events = stream::unfold(window, |mut window| async move {
        let state = window.next().await?;
        Some((Ok::<_, Infallible>(Event::default().event("state").data(state)), window))
    });
    Sse::new(events).keep_alive(KeepAlive::new().interval(SIGN_OF_LIFE)).into_response()
}

impl Window {
    /// The next state that differs from the last; none when there is nothing more to come.
    async fn next(&mut self) -> Option<String> {
        loop {
            if self.last.is_some() {
                self.something().await?;
                tokio::time::sleep(BREATH).await;
                self.catch_up();
            }
            let mut state = state::of(&self.desk, &self.person).await;
            let text = state.to_string();
            if self.last.as_ref() != Some(&text) {
                self.last = Some(text);
                self.version += 1;
                state["version"] = json!(self.version);
                return Some(state.to_string());
            }
        }
    }

    /// Waits until something happens; none when nothing can any more.
    async fn something(&mut self) -> Option<()> {
        tokio::select! {
            said = self.slack.recv() => !matches!(said, Err(broadcast::error::RecvError::Closed)),
            done = self.bitbucket.changed() => done.is_ok(),
            own = self.own.changed() => own.is_ok(),
        }
        .then_some(())
    }

    /// What has happened until now is in the state that is about to be drawn.
    fn catch_up(&mut self) {
        self.slack = self.slack.resubscribe();
        self.bitbucket.mark_unchanged();
        self.own.mark_unchanged();
    }
}
