//! Data Center's incoming link: the authorize page, and tokens for codes with the client in the body.

use serde_json::json;

use super::super::exchange::{Answer, Ask, Reply};
use super::super::oauth::{ask_person, field, person_answers, refused, verifies};
use super::super::world::{CodeWish, Edition, Issued, World};
use super::no_such_page;

/// How long an access token lives.
const LIFETIME_SECONDS: i64 = 3600;

/// Answers a path below `/rest/oauth2/latest`.
pub(super) fn answer(world: &mut World, ask: &Ask, page: &str) -> Reply {
    match (ask.method.as_str(), page) {
        ("GET", "authorize") => ask_person(world, ask, Edition::DataCenter),
        ("POST", "authorize") => person_answers(world, ask, Edition::DataCenter),
        ("POST", "token") => exchange(world, ask),
        _ => Err(no_such_page(ask)),
    }
}

fn exchange(world: &mut World, ask: &Ask) -> Reply {
    let client = world.client(Edition::DataCenter).clone();
    let form = ask.form();
    let id = field(&form, "client_id") == Some(client.id.as_str());
    if !id || field(&form, "client_secret") != Some(client.secret.as_str()) {
        return Err(refused(401, "invalid_client", "The client's credentials are wrong.")
            .complaining("wrong client credentials"));
    }
    let issued = match field(&form, "grant_type") {
        Some("authorization_code") => {
            let secret = field(&form, "code").unwrap_or_default();
            let code = world.take_code(Edition::DataCenter, secret);
            let code = code.filter(|code| answers(code, &form));
            let code = code.ok_or_else(|| refused(400, "invalid_grant", "The code is not valid."))?;
            world.issue_tokens(&code, LIFETIME_SECONDS * 1000)
        }
        Some("refresh_token") => {
            let secret = field(&form, "refresh_token").unwrap_or_default();
            world
                .refresh(Edition::DataCenter, &client.id, secret, LIFETIME_SECONDS * 1000)
                .ok_or_else(|| refused(400, "invalid_grant", "The refresh token is not valid."))?
        }
        _ => {
            return Err(refused(400, "unsupported_grant_type", "The grant type is not supported.")
                .complaining("unsupported grant type"));
        }
    };
    Ok(granted(world, &issued))
}

/// Whether an exchange comes from the one who asked for the code.
fn answers(code: &CodeWish, form: &[(String, String)]) -> bool {
    let same = field(form, "redirect_uri") == Some(code.redirect_uri.as_str());
    same && verifies(code.challenge.as_deref(), field(form, "code_verifier"))
}

fn granted(world: &World, issued: &Issued) -> Answer {
    let body = json!({
        "access_token": issued.access,
        "refresh_token": issued.refresh,
        "token_type": "bearer",
        "expires_in": LIFETIME_SECONDS,
        "created_at": world.now() / 1000,
        "scope": issued.scopes.join(" "),
    });
    Answer::json(200, &body).with("Cache-Control", "no-store")
}
