//! Cloud's OAuth consumer: the authorize page, and tokens for codes by HTTP Basic.

use serde_json::json;

use super::super::exchange::{Answer, Ask, Reply};
use super::super::oauth::{ask_person, field, person_answers, refused};
use super::super::world::{Edition, Issued, World};
use super::no_such_page;

/// How long an access token lives.
const LIFETIME_SECONDS: i64 = 7200;

/// Answers a path below `/site/oauth2`.
pub(super) fn answer(world: &mut World, ask: &Ask, page: &str) -> Reply {
    match (ask.method.as_str(), page) {
        ("GET", "authorize") => ask_person(world, ask, Edition::Cloud),
        ("POST", "authorize") => person_answers(world, ask, Edition::Cloud),
        ("POST", "access_token") => exchange(world, ask),
        _ => Err(no_such_page(ask)),
    }
}

fn exchange(world: &mut World, ask: &Ask) -> Reply {
    let client = world.client(Edition::Cloud).clone();
    if ask.basic() != Some((client.id.clone(), client.secret)) {
        return Err(refused(401, "unauthorized_client", "The client's credentials are wrong.")
            .complaining("wrong client credentials"));
    }
    let form = ask.form();
    let issued = match field(&form, "grant_type") {
        Some("authorization_code") => {
            let secret = field(&form, "code").unwrap_or_default();
            let code = world.take_code(Edition::Cloud, secret).filter(|code| {
                let asked = field(&form, "redirect_uri");
                asked.is_none_or(|uri| uri == code.redirect_uri)
            });
            let code =
                code.ok_or_else(|| refused(400, "invalid_grant", "The specified code is not valid."))?;
            world.issue_tokens(&code, LIFETIME_SECONDS * 1000)
        }
        Some("refresh_token") => {
            let secret = field(&form, "refresh_token").unwrap_or_default();
            world
                .refresh(Edition::Cloud, &client.id, secret, LIFETIME_SECONDS * 1000)
                .ok_or_else(|| refused(400, "invalid_grant", "Invalid refresh_token"))?
        }
        _ => {
            return Err(refused(400, "unsupported_grant_type", "The grant type is not supported.")
                .complaining("unsupported grant type"));
        }
    };
    Ok(granted(&issued))
}

fn granted(issued: &Issued) -> Answer {
    let scopes = issued.scopes.join(" ");
    let body = json!({
        "access_token": issued.access,
        "refresh_token": issued.refresh,
        "token_type": "bearer",
        "expires_in": LIFETIME_SECONDS,
        "state": "authorization_code",
        "scope": scopes,
        "scopes": scopes,
    });
    Answer::json(200, &body).with("Cache-Control", "no-store")
}
