//! `apps.connections.open`, and the sockets behind the addresses it hands out.

use std::future::pending;

use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::mpsc;

use super::{APP_TOKEN, Line, MOST, Push, Sockets, parting};
use crate::sandbox::slack::api::{Answer, Refusal, record, reply};
use crate::sandbox::slack::town::Town;
use crate::sandbox::slack::world::World;

/// Tier 1: one a minute, and a few more at once are let through.
const A_MINUTE: usize = 10;
const METHOD: &str = "apps.connections.open";

/// `POST /api/apps.connections.open`
pub(in crate::sandbox::slack) async fn open(State(town): State<Town>, headers: HeaderMap) -> Response {
    let Some(home) = town.workspaces().into_iter().next() else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let mut world = home.world();
    let answer = address(&mut world, &town.sockets, &headers);
    let status = match &answer {
        Err(refusal) if refusal.retry_after().is_some() => StatusCode::TOO_MANY_REQUESTS,
        _ => StatusCode::OK,
    };
    record(&mut world, METHOD, Value::Null, status.as_u16(), &answer);
    reply(status, answer)
}

fn address(world: &mut World, sockets: &Sockets, headers: &HeaderMap) -> Answer {
    let token = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    match token.and_then(|token| token.strip_prefix("Bearer ")) {
        None => return Err(Refusal::mistake("not_authed", Vec::new())),
        Some(token) if token.starts_with("xoxb-") => return Err(Refusal::happens("not_allowed_token_type")),
        Some(token) if token != APP_TOKEN => return Err(Refusal::happens("invalid_auth")),
        Some(_) => {}
    }
    if world.enforce_pace {
        let now = world.now();
        world.pace.call(METHOD, A_MINUTE, now).map_err(Refusal::wait)?;
    }
    if !sockets.switched_on() {
        return Err(Refusal::happens("link_disabled"));
    }
    if let Some(elsewhere) = sockets.inner().elsewhere.clone() {
        return Ok(json!({ "url": elsewhere }));
    }
    let ticket = world.random(24);
    world.minted.push(ticket.clone());
    let host = world.url.replacen("http", "ws", 1);
    let url = format!("{host}/link/?ticket={ticket}&app_id={}", world.bot.app_id);
    sockets.inner().tickets.push(ticket);
    Ok(json!({ "url": url }))
}

#[derive(Deserialize)]
pub(in crate::sandbox::slack) struct Ticket {
    ticket: String,
}

/// `GET /link/?ticket=…`: each ticket opens one socket.
pub(in crate::sandbox::slack) async fn connect(
    State(town): State<Town>,
    Query(Ticket { ticket }): Query<Ticket>,
    upgrade: WebSocketUpgrade,
) -> Response {
    let mut inner = town.sockets.inner();
    let Some(at) = inner.tickets.iter().position(|known| *known == ticket) else {
        return StatusCode::UNAUTHORIZED.into_response();
    };
    inner.tickets.remove(at);
    drop(inner);
    let app = town.workspaces().first().map(|home| home.world().bot.app_id.clone()).unwrap_or_default();
    upgrade.on_upgrade(move |socket| serve(town.sockets.clone(), app, socket))
}

async fn serve(sockets: Sockets, app: String, mut socket: WebSocket) {
    let (to, mut pushed) = mpsc::unbounded_channel();
    let (number, open) = {
        let mut inner = sockets.inner();
        inner.opened += 1;
        (inner.opened, inner.lines.len())
    };
    if open >= MOST {
        let _ = socket.send(Message::text(parting("too_many_websockets").to_string())).await;
        return;
    }
    let hello = json!({
        "type": "hello", "num_connections": open + 1, "connection_info": {"app_id": app},
        "debug_info": {"host": "applink-sandbox", "build_number": 1, "approximate_connection_time": 18060},
    });
    if socket.send(Message::text(hello.to_string())).await.is_err() {
        return;
    }
    sockets.opened(Line { number, to });
    loop {
        let goes_on = tokio::select! {
            push = pushed.recv() => match push {
                Some(Push::Text(text)) => socket.send(Message::text(text)).await.is_ok(),
                Some(Push::Ping) => socket.send(Message::Ping(Vec::new().into())).await.is_ok(),
                Some(Push::Mute) => pending().await,
                Some(Push::Cut) | None => false,
            },
            heard = socket.recv() => heard.is_some_and(|heard| heard.is_ok_and(|it| hears(&sockets, it))),
        };
        if !goes_on {
            break;
        }
    }
    sockets.ended(number);
}

/// Whether the socket goes on after what it heard.
fn hears(sockets: &Sockets, heard: Message) -> bool {
    match heard {
        Message::Text(text) => {
            let said: Value = serde_json::from_str(&text).unwrap_or_default();
            let mut inner = sockets.inner();
            let waiting = said["envelope_id"].as_str().and_then(|id| inner.waiting.remove(id));
            if let Some(waiting) = waiting {
                // Who waited too long has gone.
                let _ = waiting.answer.send(said);
            }
            true
        }
        Message::Pong(_) => {
            sockets.inner().pongs += 1;
            true
        }
        Message::Close(_) => false,
        Message::Ping(_) | Message::Binary(_) => true,
    }
}
