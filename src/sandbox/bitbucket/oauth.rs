//! Signing in: the page on which a person agrees, and the words of a token exchange.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::json;
use sha2::{Digest, Sha256};
use url::Url;

use super::exchange::{Answer, Ask, Reply};
use super::world::{CodeWish, Edition, World};

/// What every field of the authorize page's forms is called.
const CARRIED: [&str; 7] = [
    "client_id",
    "response_type",
    "state",
    "redirect_uri",
    "scope",
    "code_challenge",
    "code_challenge_method",
];

/// What somebody who signs in agrees to.
const WISH: &str = "<p><b>Dipper</b> asks to read your account, and to work on repositories and pull \
     requests as you. Whoever signs in grants it that.</p>";

const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;max-width:26rem;margin:12vh auto;padding:0 1rem}\
     h1{font-size:1.4rem}form{margin:.5rem 0}button{width:100%;padding:.6rem;font:inherit;cursor:pointer}";

/// A request to authorize that can be answered: the client exists and the way back is its own.
struct Request {
    fields: Vec<(String, String)>,
    client: String,
    ticked: Vec<String>,
    redirect_uri: String,
}

impl Request {
    fn field(&self, name: &str) -> Option<&str> {
        field(&self.fields, name)
    }

    fn back(&self, pairs: &[(&str, &str)]) -> Reply {
        let mut url = Url::parse(&self.redirect_uri).map_err(|_| bad_page("The redirect_uri is no URL."))?;
        {
            let mut query = url.query_pairs_mut();
            query.extend_pairs(pairs);
            if let Some(state) = self.field("state") {
                query.append_pair("state", state);
            }
        }
        Ok(Answer::redirect(303, url.as_str()))
    }
}

/// The first non-empty value of a form's field.
pub(super) fn field<'a>(fields: &'a [(String, String)], name: &str) -> Option<&'a str> {
    let same = fields.iter().filter(|(key, _)| key == name);
    same.map(|(_, value)| value.as_str()).find(|value| !value.is_empty())
}

/// `GET` of the authorize page.
pub(super) fn ask_person(world: &mut World, ask: &Ask, edition: Edition) -> Reply {
    let request = understood(world, ask.query.clone(), edition)?;
    if let Some(trouble) = trouble(&request, edition) {
        return request.back(&[("error", trouble)]);
    }
    let carried: String =
        CARRIED.iter().filter_map(|name| request.field(name).map(|value| hidden(name, value))).collect();
    let action = &ask.path;
    let forms: String = world
        .humans()
        .map(|person| {
            let (who, label) = (hidden("person", &person.nickname), escaped(&person.nickname));
            form(action, &format!("{carried}{who}"), &format!("Sign in as {label}"))
        })
        .collect();
    let deny = form(action, &format!("{carried}{}", hidden("deny", "yes")), "Deny");
    Ok(Answer::page(200, document("Sign in to Bitbucket", &format!("{WISH}{forms}{deny}"))))
}

/// `POST` of one of its forms.
pub(super) fn person_answers(world: &mut World, ask: &Ask, edition: Edition) -> Reply {
    let request = understood(world, ask.form(), edition)?;
    if request.field("deny").is_some() {
        return request.back(&[("error", "access_denied")]);
    }
    if let Some(trouble) = trouble(&request, edition) {
        return request.back(&[("error", trouble)]);
    }
    let nickname = request.field("person").unwrap_or_default();
    let person = world.person(nickname).map_err(|_| bad_page("Nobody is called so."))?;
    let wish = CodeWish {
        edition,
        client: request.client.clone(),
        person: person.nickname.clone(),
        redirect_uri: request.redirect_uri.clone(),
        scopes: granted(&request, edition),
        challenge: request.field("code_challenge").map(str::to_owned),
    };
    let lifetime = match edition {
        Edition::Cloud => 600_000,
        Edition::DataCenter => 10_000,
    };
    let code = world.issue_code(wish, lifetime);
    request.back(&[("code", &code)])
}

fn understood(world: &mut World, fields: Vec<(String, String)>, edition: Edition) -> Result<Request, Answer> {
    let client = world.client(edition);
    if field(&fields, "client_id") != Some(client.id.as_str()) {
        return Err(bad_page("There is no such client."));
    }
    let asked = field(&fields, "redirect_uri").map(str::to_owned);
    let redirect_uri = asked
        .or_else(|| client.callbacks.first().cloned())
        .filter(|uri| client.callbacks.iter().any(|known| uri.starts_with(known.as_str())))
        .ok_or_else(|| bad_page("The redirect_uri is not one that was registered."))?;
    Ok(Request { client: client.id.clone(), ticked: client.ticked.clone(), fields, redirect_uri })
}

/// What the application did wrong, in OAuth's word for it.
fn trouble(request: &Request, edition: Edition) -> Option<&'static str> {
    let plain =
        request.field("code_challenge").is_some() && request.field("code_challenge_method") != Some("S256");
    if request.field("response_type") != Some("code") {
        Some("unsupported_response_type")
    } else if edition == Edition::DataCenter && plain {
        Some("invalid_request")
    } else if edition == Edition::DataCenter && !scopes_known(request) {
        Some("invalid_scope")
    } else {
        None
    }
}

fn scopes_known(request: &Request) -> bool {
    let asked = request.field("scope").unwrap_or_default();
    asked.split_whitespace().all(|scope| super::datacenter::SCOPES.contains(&scope))
}

/// Cloud grants what the consumer's page ticks; Data Center what was asked.
fn granted(request: &Request, edition: Edition) -> Vec<String> {
    match edition {
        Edition::Cloud => request.ticked.clone(),
        Edition::DataCenter => {
            let asked = request.field("scope").unwrap_or("PUBLIC_REPOS");
            asked.split_whitespace().map(str::to_owned).collect()
        }
    }
}

/// Whether a verifier answers the challenge; without a challenge any does.
pub(super) fn verifies(challenge: Option<&str>, verifier: Option<&str>) -> bool {
    match (challenge, verifier) {
        (None, _) => true,
        (Some(challenge), Some(verifier)) => {
            URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes())) == challenge
        }
        (Some(_), None) => false,
    }
}

/// A token endpoint's refusal.
pub(super) fn refused(status: u16, error: &str, why: &str) -> Answer {
    Answer::json(status, &json!({"error": error, "error_description": why}))
}

fn bad_page(why: &str) -> Answer {
    let body = format!("<p>{}</p>", escaped(why));
    Answer::page(400, document("This cannot be authorized", &body)).complaining(why)
}

fn document(title: &str, body: &str) -> String {
    format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>{title}</title>\
         <meta name=\"color-scheme\" content=\"light dark\"><style>{STYLE}</style></head><body><h1>{title}</h1>{body}</body></html>"
    )
}

fn form(action: &str, fields: &str, label: &str) -> String {
    let action = escaped(action);
    format!("<form method=\"post\" action=\"{action}\">{fields}<button>{label}</button></form>")
}

fn hidden(name: &str, value: &str) -> String {
    format!("<input type=\"hidden\" name=\"{name}\" value=\"{}\">", escaped(value))
}

fn escaped(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;");
    text.replace('>', "&gt;").replace('"', "&quot;")
}
