//! `users.*`: who is who.

use serde_json::{Value, json};

use super::args::Args;
use super::conversations::page;
use super::{Answer, Refusal};
use crate::sandbox::slack::world::World;

pub(super) fn info(world: &mut World, args: &Args) -> Answer {
    let account = world.account(&args.needed("user")?);
    let account = account.ok_or_else(|| Refusal::happens("user_not_found"))?;
    Ok(json!({"user": account.to_api(world, args.flag("include_locale"))}))
}

pub(super) fn list(world: &mut World, args: &Args) -> Answer {
    let with_locale = args.flag("include_locale");
    let (found, next) = page(&world.people, args, 1000)?;
    let members: Vec<Value> = found.iter().map(|it| it.to_api(world, with_locale)).collect();
    let cache_ts = world.now() / 1000;
    Ok(json!({"members": members, "cache_ts": cache_ts, "response_metadata": {"next_cursor": next}}))
}

pub(super) fn by_email(world: &mut World, args: &Args) -> Answer {
    let email = args.needed("email")?;
    if !world.may_see_addresses() {
        return Err(Refusal::happens("missing_scope"));
    }
    let found = world
        .people
        .iter()
        .find(|it| !it.deactivated && !it.email.is_empty() && it.email.eq_ignore_ascii_case(&email));
    let account = found.ok_or_else(|| Refusal::happens("users_not_found"))?;
    Ok(json!({"user": account.to_api(world, false)}))
}
