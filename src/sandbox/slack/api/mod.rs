//! The Web API's front door: finds the method, checks token, pace and arguments, writes it all down.

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderName, Method as Verb, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get, post};
use chrono::DateTime;
use serde_json::{Value, json};

use super::sockets;
use super::town::Town;
use super::world::{ApiCall, Change, World};

mod args;
mod auth;
mod chat;
mod content;
mod conversations;
mod history;
mod install;
mod methods;
mod reactions;
mod response;
mod users;
mod views;

use args::Args;
use methods::Method;

/// What a method answers: the fields beside `ok`, or Slack's word for the refusal.
pub(super) type Answer = Result<Value, Refusal>;

/// Why Slack refuses.
#[derive(Clone, Debug, Default)]
pub(super) struct Refusal {
    word: String,
    messages: Vec<String>,
    /// A mistake of the bot rather than something that happens.
    mistake: bool,
    /// Seconds to wait.
    retry_after: Option<u64>,
}

impl Refusal {
    /// Something that happens: a channel that is gone, a view that is closed.
    pub(super) fn happens(word: &str) -> Self {
        Self { word: word.to_owned(), ..Self::default() }
    }

    /// A mistake of the bot.
    pub(super) fn mistake(word: &str, messages: Vec<String>) -> Self {
        Self { word: word.to_owned(), messages, mistake: true, retry_after: None }
    }

    /// Too fast.
    pub(super) fn wait(seconds: u64) -> Self {
        Self { word: "ratelimited".into(), retry_after: Some(seconds), ..Self::default() }
    }
}

impl Refusal {
    /// Seconds to wait, where waiting helps.
    pub(super) fn retry_after(&self) -> Option<u64> {
        self.retry_after
    }
}

impl From<super::check::Refused> for Refusal {
    fn from(refused: super::check::Refused) -> Self {
        Self::mistake(refused.word, refused.messages)
    }
}

/// The routes of the Web API and of response URLs.
pub(super) fn router(town: Town) -> Router {
    Router::new()
        .route("/api/{method}", any(call))
        .route("/api/oauth.v2.access", post(install::access))
        .route("/api/apps.connections.open", post(sockets::open))
        .route("/link/", get(sockets::connect))
        .route("/oauth/v2/authorize", get(install::ask).post(install::decided))
        .route("/response/{*id}", post(response::respond))
        .with_state(town)
}

/// One request as it came.
struct Asked {
    verb: Verb,
    query: String,
    headers: HeaderMap,
    body: Bytes,
}

async fn call(
    State(town): State<Town>,
    Path(method): Path<String>,
    verb: Verb,
    (uri, headers): (Uri, HeaderMap),
    body: Bytes,
) -> Response {
    let query = uri.query().unwrap_or_default().to_owned();
    let asked = Asked { verb, query, headers, body };
    // Whose token it is says which workspace is meant.
    let token = auth::bearer(&asked.headers);
    let Some(shared) = town.whose(|world| token.as_deref() == Some(&world.bot_token)) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let mut world = shared.world();
    let (args, answer) = answer(&mut world, &method, &asked);
    let status = match &answer {
        Err(Refusal { retry_after: Some(_), .. }) => StatusCode::TOO_MANY_REQUESTS,
        _ => StatusCode::OK,
    };
    record(&mut world, &method, args, status.as_u16(), &answer);
    let date = DateTime::from_timestamp_millis(world.now()).unwrap_or_default();
    let date = date.format("%a, %d %b %Y %H:%M:%S GMT").to_string();
    let known = [(header::DATE, date), (HeaderName::from_static("x-oauth-scopes"), world.scopes.join(","))];
    drop(world);
    (known, reply(status, answer)).into_response()
}

fn answer(world: &mut World, name: &str, asked: &Asked) -> (Value, Answer) {
    let Some(method) = methods::find(name) else {
        return (Value::Null, Err(Refusal::mistake("unknown_method", Vec::new())));
    };
    let args = match Args::read(asked, method.takes_json) {
        Ok(args) => args,
        Err(refusal) => return (Value::Null, Err(refusal)),
    };
    let answer = checked(world, method, &args, asked);
    (args.without_token(), answer)
}

fn checked(world: &mut World, method: &Method, args: &Args, asked: &Asked) -> Answer {
    auth::check(world, args, &asked.headers)?;
    if world.enforce_pace {
        let now = world.now();
        let paced = world.pace.call(method.name, method.per_minute, now);
        paced.map_err(Refusal::wait)?;
    }
    for extra in args.names().filter(|it| !method.knows(it)) {
        world.unexpected.push(format!("{}: unknown argument `{extra}`", method.name));
    }
    let missing = |name: &&&str| !args.has(name);
    let missing: Vec<String> = method
        .needs
        .iter()
        .filter(missing)
        .map(|name| format!("[ERROR] missing required field: {name}"))
        .collect();
    if !missing.is_empty() {
        return Err(Refusal::mistake("invalid_arguments", missing));
    }
    (method.run)(world, args)
}

/// Writes a call down, and notes it where the bot made a mistake.
pub(super) fn record(world: &mut World, method: &str, args: Value, status: u16, answer: &Answer) {
    let refusal = answer.as_ref().err();
    if let Some(refusal) = refusal.filter(|it| it.mistake) {
        let more = refusal.messages.join("; ");
        world.note(format!("{method}: {} {more}", refusal.word).trim_end().to_owned());
    }
    let at = world.now();
    world.calls.push(ApiCall {
        method: method.to_owned(),
        args,
        status,
        error: refusal.map(|it| it.word.clone()),
        at,
    });
    world.changed(Change::Called { method: method.to_owned() });
}

pub(super) fn reply(status: StatusCode, answer: Answer) -> Response {
    match answer {
        Ok(mut value) => {
            if let Some(map) = value.as_object_mut() {
                map.insert("ok".into(), json!(true));
            }
            (status, axum::Json(value)).into_response()
        }
        Err(refusal) => {
            let mut body = json!({"ok": false, "error": refusal.word});
            if !refusal.messages.is_empty() {
                body["response_metadata"] = json!({"messages": refusal.messages});
            }
            let mut response = (status, axum::Json(body)).into_response();
            if let Some(seconds) = refusal.retry_after {
                response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
            }
            response
        }
    }
}
