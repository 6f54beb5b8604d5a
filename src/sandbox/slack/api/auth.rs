//! Who is asking.

use axum::http::{HeaderMap, header};
use serde_json::json;

use super::args::Args;
use super::{Answer, Refusal};
use crate::sandbox::slack::world::World;

/// The token in the header, or else among the arguments, must be the bot's.
pub(super) fn check(world: &World, args: &Args, headers: &HeaderMap) -> Result<(), Refusal> {
    let token = bearer(headers).or_else(|| args.text("token"));
    match token {
        None => Err(Refusal::mistake("not_authed", Vec::new())),
        Some(token) if token != world.bot_token => Err(Refusal::happens("invalid_auth")),
        Some(_) => world.token_refused.map_or(Ok(()), |word| Err(Refusal::happens(word))),
    }
}

/// The token in the header.
pub(super) fn bearer(headers: &HeaderMap) -> Option<String> {
    let header = headers.get(header::AUTHORIZATION)?;
    header.to_str().ok()?.strip_prefix("Bearer ").map(str::to_owned)
}

#[expect(clippy::unnecessary_wraps, reason = "every method has one shape")]
pub(super) fn test(world: &mut World, _: &Args) -> Answer {
    Ok(json!({
        "url": format!("https://{}.slack.com/", world.team.domain),
        "team": world.team.name,
        "team_id": world.team.id,
        "user": world.bot.name,
        "user_id": world.bot.user,
        "bot_id": world.bot.bot_id,
        "is_enterprise_install": false,
    }))
}
