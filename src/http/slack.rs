//! Slack's doors: verified, read far enough to refuse nonsense, stored, and only then acknowledged.

use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::{BytesRejection, QueryRejection};
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::Value;

use super::{Doors, Rejection};
use crate::reception::{self, Came};
use crate::slack::payload::Suggestion;
use crate::slack::signature;
use crate::words::work::Door;

/// What Slack asks with when it tries the certificate.
#[derive(Deserialize)]
pub struct Probe {
    ssl_check: Option<String>,
}

/// `GET /slack/commands?ssl_check=1`
pub async fn ssl_check(probe: Result<Query<Probe>, QueryRejection>) -> Response {
    if probe.is_ok_and(|Query(probe)| probe.ssl_check.as_deref() == Some("1")) {
        StatusCode::OK.into_response()
    } else {
        Rejection::Method.into_response()
    }
}

/// `POST /slack/commands`
pub async fn command(
    State(doors): State<Doors>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let is_probe = body.as_ref().is_ok_and(|body| form_says(body, "ssl_check", "1"));
    if is_probe {
        return StatusCode::OK.into_response();
    }
    counted("commands", take(&doors, Door::Command, &headers, body).await)
}

/// `POST /slack/interactions`
pub async fn interaction(
    State(doors): State<Doors>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    counted("interactions", take(&doors, Door::Interaction, &headers, body).await)
}

/// `POST /slack/events`
pub async fn event(
    State(doors): State<Doors>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    if let Some(retry) = headers.get("x-slack-retry-num") {
        tracing::info!(?retry, "Slack sends an event again");
    }
    counted("events", take(&doors, Door::Event, &headers, body).await)
}

/// `POST /slack/options`: what a form looks up while somebody types. Nothing is stored.
pub async fn options(
    State(doors): State<Doors>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let read = async {
        let body = checked(&doors, &headers, body, Door::Interaction)?;
        Suggestion::from_form(&body).map_err(|_| Rejection::Malformed)
    };
    let answer = match read.await {
        Ok(suggestion) => Ok(Json(reception::look_up(&doors.bot, suggestion).await).into_response()),
        Err(rejection) => Err(rejection),
    };
    counted("options", answer)
}

/// Verifies, reads, stores.
async fn take(
    doors: &Doors,
    door: Door,
    headers: &HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Rejection> {
    let body = checked(doors, headers, body, door)?;
    let answer = reception::take(&doors.bot, Came { door, body: &body, envelope: None }).await?;
    Ok(answered(answer))
}

fn answered(answer: Option<Value>) -> Response {
    answer.map_or_else(|| StatusCode::OK.into_response(), |answer| Json(answer).into_response())
}

fn checked(
    doors: &Doors,
    headers: &HeaderMap,
    body: Result<Bytes, BytesRejection>,
    door: Door,
) -> Result<Bytes, Rejection> {
    let secret = doors.signing_secret.as_ref().ok_or(Rejection::Shut)?;
    let body = body?;
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let now = doors.bot.clock.millis();
    signature::verify(secret, text("x-slack-request-timestamp"), text("x-slack-signature"), &body, now)
        .map_err(|_| Rejection::Unsigned)?;
    let wanted = if door == Door::Event { "application/json" } else { "application/x-www-form-urlencoded" };
    let kind = text(header::CONTENT_TYPE.as_str()).unwrap_or_default();
    if kind.starts_with(wanted) { Ok(body) } else { Err(Rejection::Malformed) }
}

fn form_says(body: &[u8], name: &str, value: &str) -> bool {
    url::form_urlencoded::parse(body).next().is_some_and(|(first, says)| first == name && says == value)
        || (body.len() < 200
            && url::form_urlencoded::parse(body).any(|(any, says)| any == name && says == value))
}

fn counted(door: &'static str, answer: Result<Response, Rejection>) -> Response {
    let outcome = match &answer {
        Ok(_) => "ok",
        Err(rejection) => rejection.word(),
    };
    metrics::counter!("dipper_intake_total", "door" => door, "outcome" => outcome).increment(1);
    answer.unwrap_or_else(|rejection| match (rejection, door) {
        // Slack never sends these again: the person is told that nothing was done.
        (Rejection::Busy, "commands" | "interactions") => answered(Some(reception::busy())),
        (rejection, _) => rejection.into_response(),
    })
}
