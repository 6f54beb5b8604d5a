//! Installing the bot into a workspace, seen from the browser: on to Slack's own page, and back.

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::browser::{Cookie, address};
use super::page::Page;
use super::{Doors, Rejection};
use crate::bot::{Bot, Failure};
use crate::seal::{Secret, fingerprint};
use crate::slack;
use crate::workspaces::Installing;

const COOKIE: Cookie = Cookie { name: "dipper_install", path: "/slack" };
const CALLBACK: &str = "/slack/oauth/callback";
/// How long somebody may look at Slack's page.
const LIVES_FOR: i64 = 10 * 60 * 1000;

/// `GET /slack/install`: on to Slack. Nothing is kept: all it takes to go on is in the state, sealed to
/// this browser's cookie, so that anybody may ask as often as they like.
pub async fn begin(State(doors): State<Doors>, headers: HeaderMap) -> Response {
    let bot = &doors.bot;
    let Some(installing) = bot.workspaces.installer() else {
        return Rejection::NotFound.into_response();
    };
    let cookie = COOKIE.of_or_new(&headers);
    let ends = bot.clock.millis() + LIVES_FOR;
    let state = bot.seal.seal(&place(&cookie), &Secret::new(ends.to_string()));
    let to = bot.workspaces.slack().authorize_url(&installing.client_id, &state, &address(bot, CALLBACK));
    let mut response = Redirect::to(to.as_str()).into_response();
    Page::guard(&mut response, "");
    COOKIE.set(bot, &cookie, &mut response);
    response
}

fn place(cookie: &str) -> String {
    format!("install:{}", fingerprint(cookie))
}

/// What Slack sends the browser back with.
#[derive(Deserialize)]
pub struct CameBack {
    code: Option<String>,
    state: Option<String>,
}

/// `GET /slack/oauth/callback`: the code is exchanged, and the workspace's token kept.
pub async fn callback(
    State(doors): State<Doors>,
    returned: Result<Query<CameBack>, QueryRejection>,
    headers: HeaderMap,
) -> Response {
    let bot = &doors.bot;
    let Some(installing) = bot.workspaces.installer() else {
        return Rejection::NotFound.into_response();
    };
    let Ok(Query(CameBack { code, state: Some(state) })) = returned else {
        return strange();
    };
    let ours = COOKIE.of(&headers).and_then(|cookie| bot.seal.open(&place(&cookie), &state).ok());
    let Some(ends) = ours.and_then(|ends| ends.reveal().parse::<i64>().ok()) else {
        return strange();
    };
    if ends <= bot.clock.millis() || !matches!(spent(bot, &state, ends).await, Ok(true)) {
        return Page::say(
            "This page is too old",
            &["It was used, or it is older than ten minutes. Begin again where you found the link."],
        )
        .answer(StatusCode::NOT_FOUND);
    }
    let Some(code) = code.map(Secret::new) else {
        return not("Slack was not allowed to install Dipper; nothing was changed.", StatusCode::OK);
    };
    installed(bot, installing, &code).await.unwrap_or_else(|failure| failed(&failure))
}

/// A state counts once.
async fn spent(bot: &Bot, state: &str, ends: i64) -> Result<bool, Failure> {
    let mut tx = bot.store.begin().await?;
    let first = tx.spend(&fingerprint(state), ends).await?;
    tx.commit().await?;
    Ok(first)
}

async fn installed(bot: &Bot, installing: &Installing, code: &Secret) -> Result<Response, Failure> {
    let client = (installing.client_id.as_str(), &installing.client_secret);
    let granted = bot.workspaces.slack().exchange(client, code, &address(bot, CALLBACK)).await;
    let granted = granted.map_err(|error| match error {
        slack::Error::Api { code, .. } if code.contains("code") => {
            Failure::told("Slack does not take that sign-in any more; begin again.")
        }
        other => other.into(),
    })?;
    if !installing.allows(&granted) {
        tracing::warn!(team = ?granted.team, "a workspace that is not allowed tried to install Dipper");
        let why = "This Dipper does not serve that workspace. Whoever runs it decides which it serves.";
        return Ok(not(why, StatusCode::FORBIDDEN));
    }
    let Some(install) = bot.workspaces.sealed(&granted) else {
        let why = "Dipper cannot be installed for a whole organisation yet; install it into a workspace.";
        return Ok(not(why, StatusCode::FORBIDDEN));
    };
    let mut tx = bot.store.begin().await?;
    tx.save_install(&install).await?;
    tx.commit().await?;
    tracing::info!(team = %install.team, "installed into a workspace");
    let line = format!("Dipper is in {} now. Type {} there.", granted.name, bot.slash("help"));
    Ok(Page::say("Installed", &[&line]).answer(StatusCode::OK))
}

fn strange() -> Response {
    Page::say(
        "Not from this browser",
        &["This page was not opened from our own link, in this browser. Begin again where you found it."],
    )
    .answer(StatusCode::FORBIDDEN)
}

fn not(why: &str, status: StatusCode) -> Response {
    Page::say("Not installed", &[why]).answer(status)
}

fn failed(failure: &Failure) -> Response {
    match failure {
        Failure::Told(message) | Failure::Waits(message) => not(&message.plain(), StatusCode::BAD_GATEWAY),
        Failure::Later { why, .. } => {
            not(&format!("{why} Nothing was changed; begin again in a moment."), StatusCode::BAD_GATEWAY)
        }
        other => {
            tracing::error!(?other, "a workspace could not be installed");
            not("Something went wrong on Dipper's side; nothing was changed.", StatusCode::BAD_GATEWAY)
        }
    }
}
