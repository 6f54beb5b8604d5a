//! Slack's doors: verified, read far enough to refuse nonsense, stored, and only then acknowledged.

use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::{BytesRejection, QueryRejection};
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::time::Duration;

use super::{Doors, Rejection};
use crate::bot::{Context, Trail};
use crate::clock::random_name;
use crate::commands;
use crate::intake::{self, Invocation, Wish};
use crate::jobs::sealed_to;
use crate::slack::payload::Suggestion;
use crate::slack::{blocks, forms, signature};
use crate::store::{Accepted, Arrival};
use crate::words::message::Message;
use crate::words::work::{Caller, Door, NewJob, SlackRequest, Urgency};

/// Slack waits three seconds for options; what was not found by then is not shown.
const LOOKUP_TIME: Duration = Duration::from_millis(2_500);

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
        Ok(suggestion) => Ok(found(&doors, suggestion).await),
        Err(rejection) => Err(rejection),
    };
    counted("options", answer)
}

async fn found(doors: &Doors, asked: Suggestion) -> Response {
    let Some(channel) = asked.channel else {
        return Json(forms::suggestions(&[])).into_response();
    };
    let caller = Caller { user: asked.user, channel, message: None };
    let cx = Context { bot: &doors.bot, caller: &caller, again: false, origin: 0, trail: Trail::default() };
    let plain = |(name, value): (String, Value)| value.as_str().map(|text| (name, text.to_owned()));
    let values: BTreeMap<String, String> = asked.filled.into_iter().filter_map(plain).collect();
    let looking = commands::look_up(&cx, &asked.lookup, &asked.typed, &values);
    let choices = match tokio::time::timeout(LOOKUP_TIME, looking).await {
        Ok(Ok(choices)) => choices,
        Ok(Err(failure)) => {
            tracing::info!(?failure, lookup = asked.lookup, "nothing to choose from");
            Vec::new()
        }
        Err(_) => {
            tracing::warn!(lookup = asked.lookup, "Bitbucket took too long to offer choices");
            Vec::new()
        }
    };
    Json(forms::suggestions(&choices)).into_response()
}

/// Verifies, reads, stores.
async fn take(
    doors: &Doors,
    door: Door,
    headers: &HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Rejection> {
    let body = checked(doors, headers, body, door)?;
    let wish = intake::read(&doors.bot, door, &body).map_err(|_| Rejection::Malformed)?;
    match wish {
        Wish::Say(message) => Ok(said(&message)),
        Wish::Correct(errors) => Ok(Json(forms::errors(&errors)).into_response()),
        Wish::Challenge(challenge) => Ok(Json(json!({ "challenge": challenge })).into_response()),
        Wish::Probe => Ok(StatusCode::OK.into_response()),
        Wish::Prove(invocation) => Ok(proven(doors, &invocation).await),
        Wish::Ask(_) | Wish::Refill(_) | Wish::Take(_) | Wish::Leave(..) => {
            keep(doors, door, &body, Urgency::Now).await.map(acknowledged)
        }
        Wish::Tell(..) | Wish::Home(_) => keep(doors, door, &body, Urgency::Soon).await.map(acknowledged),
        Wish::Drop(_) | Wish::Channel(..) => {
            keep(doors, door, &body, Urgency::Whenever).await.map(acknowledged)
        }
        Wish::Run(invocation) => {
            let form = invocation.sent;
            let title = invocation.view.map(|view| view.title).unwrap_or_default();
            // From the home tab, a view is opened for the answer: its trigger is running out.
            let urgency = if invocation.from_home.is_some() { Urgency::Now } else { Urgency::Soon };
            let kept = keep(doors, door, &body, urgency).await;
            kept.map(|()| if form { working(&title) } else { acknowledged(()) })
        }
    }
}

/// What was typed in secret is proven and sealed before the door answers: no queue ever holds it.
async fn proven(doors: &Doors, invocation: &Invocation) -> Response {
    // No job runs it: it is known by a number of its own.
    let mark = i64::from_str_radix(&random_name(7), 16).unwrap_or_default();
    let trail = Trail::of(&invocation.action, mark);
    let cx = Context { bot: &doors.bot, caller: &invocation.caller, again: false, origin: mark, trail };
    let title = invocation.view.as_ref().map(|view| view.title.as_str()).unwrap_or_default();
    match commands::prove(&cx, &invocation.action).await {
        Ok(message) => Json(forms::update(&forms::result(title, &message))).into_response(),
        Err(errors) => Json(forms::errors(&errors)).into_response(),
    }
}

async fn keep(doors: &Doors, door: Door, body: &Bytes, urgency: Urgency) -> Result<(), Rejection> {
    let bot = &doors.bot;
    let seen = known_by(door, body);
    let sealed = bot.seal.seal_bytes(&sealed_to(&seen), body);
    let request = SlackRequest { door, at: bot.clock.millis(), seen: seen.clone() };
    let job = NewJob::of(&request).urgency(urgency).body(sealed);
    match bot.store.accept(Arrival::Slack { seen_key: seen, job }).await? {
        Accepted::Stored(id) => {
            tracing::info!(reference = commands::reference(id), ?door, "request accepted");
            bot.nudge.notify_waiters();
        }
        Accepted::Seen(_) => tracing::info!(?door, "request seen before"),
    }
    Ok(())
}

/// An event by its own id, anything else by its bytes: they hold a trigger that is never the same twice.
/// Triggers grow, so that a command's comes first: what comes in together then lies together in the index.
fn known_by(door: Door, body: &[u8]) -> String {
    #[derive(Deserialize)]
    struct Known {
        event_id: String,
    }
    let hash = |bytes: &[u8]| hex::encode(Sha256::digest(bytes));
    match door {
        Door::Command => format!("{}:{}", trigger_number(body), hash(body)),
        Door::Interaction => hash(body),
        Door::Event => match serde_json::from_slice::<Known>(body) {
            Ok(known) => format!("event:{}", hash(known.event_id.as_bytes())),
            Err(_) => hash(body),
        },
    }
}

/// The number that a command's trigger begins with, as wide as all others.
fn trigger_number(body: &[u8]) -> String {
    const FIELD: &[u8] = b"trigger_id=";
    let at = body.windows(FIELD.len()).position(|window| window == FIELD);
    let rest = at.map_or(&[][..], |at| &body[at + FIELD.len()..]);
    let digits = rest.iter().take(20).take_while(|byte| byte.is_ascii_digit());
    format!("{:0>20}", digits.map(|byte| char::from(*byte)).collect::<String>())
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

fn acknowledged((): ()) -> Response {
    StatusCode::OK.into_response()
}

fn said(message: &Message) -> Response {
    let mut body = blocks::draw(message).for_post();
    body["response_type"] = json!("ephemeral");
    Json(body).into_response()
}

fn working(title: &str) -> Response {
    Json(forms::update(&forms::working(title, "Working on it…"))).into_response()
}

fn counted(door: &'static str, answer: Result<Response, Rejection>) -> Response {
    let outcome = match &answer {
        Ok(_) => "ok",
        Err(rejection) => rejection.word(),
    };
    metrics::counter!("dipper_intake_total", "door" => door, "outcome" => outcome).increment(1);
    answer.unwrap_or_else(|rejection| match (rejection, door) {
        // Slack never sends these again: the person is told that nothing was done.
        (Rejection::Busy, "commands" | "interactions") => said(&commands::busy()),
        (rejection, _) => rejection.into_response(),
    })
}
