//! Response URLs: five answers within half an hour, to the place where the bot was asked.

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::Value;

use super::args::Args;
use super::content::{Content, POST_TEXT};
use super::{Refusal, record};
use crate::sandbox::slack::town::Town;
use crate::sandbox::slack::world::World;
use crate::sandbox::slack::world::keys::ResponseUrl;
use crate::sandbox::slack::world::messages::{Draft, Edit};

/// The method name under which these calls are written down.
const NAME: &str = "response_url";

const KNOWN: &[&str] = &[
    "attachments",
    "blocks",
    "delete_original",
    "link_names",
    "metadata",
    "mrkdwn",
    "parse",
    "replace_original",
    "response_type",
    "text",
    "thread_ts",
    "unfurl_links",
    "unfurl_media",
];

pub(super) async fn respond(State(town): State<Town>, Path(id): Path<String>, body: Bytes) -> Response {
    // It begins with its workspace.
    let Some(shared) = town.whose(|world| id.split('/').next() == Some(&world.team.id)) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let mut world = shared.world();
    let (args, (status, answer)) = match world.live_response_url(&id) {
        Err(gone) => (Value::Null, (StatusCode::NOT_FOUND, Err(Refusal::happens(gone)))),
        Ok(url) => answered(&mut world, &url, &body),
    };
    let body = answer.as_ref().err().map_or_else(|| "ok".to_owned(), |it| it.word.clone());
    record(&mut world, NAME, args, status.as_u16(), &answer.map(|()| Value::Null));
    drop(world);
    (status, body).into_response()
}

type Said = (StatusCode, Result<(), Refusal>);

fn answered(world: &mut World, url: &ResponseUrl, body: &[u8]) -> (Value, Said) {
    let Some(args) = Args::of_response(body) else {
        let refusal = Refusal::mistake("invalid_payload", Vec::new());
        return (Value::Null, (StatusCode::BAD_REQUEST, Err(refusal)));
    };
    for extra in args.names().filter(|it| !KNOWN.contains(it)) {
        world.unexpected.push(format!("{NAME}: unknown argument `{extra}`"));
    }
    let said = match say(world, url, &args) {
        Ok(said) => {
            world.spend_response_url(&url.id, said.as_deref());
            (StatusCode::OK, Ok(()))
        }
        Err(refusal) => (StatusCode::BAD_REQUEST, Err(refusal)),
    };
    (args.without_token(), said)
}

/// Does what the body asks for; the timestamp of what was said, if anything new was.
fn say(world: &mut World, url: &ResponseUrl, args: &Args) -> Result<Option<String>, Refusal> {
    let origin = url.origin.as_deref();
    if args.flag("delete_original") {
        if let Some(ts) = origin {
            world.delete(&url.channel, ts);
        }
        return Ok(None);
    }
    if url.of_message && !args.has("replace_original") {
        world.note(format!("{NAME}: an answer to a message does not say `replace_original`"));
    }
    let content = Content::read(args, POST_TEXT)?;
    if args.flag("replace_original")
        && let Some(ts) = origin.filter(|ts| world.message(&url.channel, ts).is_some())
    {
        world.edit(&url.channel, ts, replacing(content));
        return Ok(None);
    }
    let in_channel = args.text("response_type").as_deref() == Some("in_channel");
    let message = world.post(Draft {
        channel: url.channel.clone(),
        user: world.bot.user.clone(),
        text: content.text,
        blocks: content.blocks.unwrap_or_default(),
        attachments: content.attachments.unwrap_or_default(),
        metadata: content.metadata,
        thread_ts: args.text("thread_ts"),
        broadcast: false,
        ephemeral_to: (!in_channel).then(|| url.user.clone()),
    });
    Ok(Some(message.ts))
}

/// Through a response URL the whole message is replaced, also what is not given.
fn replacing(content: Content) -> Edit {
    Edit {
        text: content.text,
        blocks: Some(content.blocks.unwrap_or_default()),
        attachments: Some(content.attachments.unwrap_or_default()),
        metadata: content.metadata,
    }
}
