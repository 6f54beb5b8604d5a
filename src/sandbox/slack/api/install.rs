//! Coming into a workspace: the page on which somebody allows it, and the code's exchange for a token.

use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use url::Url;
use url::form_urlencoded::parse;

use super::{Refusal, record, reply};
use crate::sandbox::slack::Shared;
use crate::sandbox::slack::town::{CLIENT_ID, CLIENT_SECRET, Town};
use crate::sandbox::slack::world::people::Rank;

/// What the page's forms carry on.
const CARRIED: [&str; 4] = ["client_id", "scope", "state", "redirect_uri"];

/// A request to come in.
struct Request(Vec<(String, String)>);

impl Request {
    fn of(fields: &[u8]) -> Self {
        Self(parse(fields).into_owned().collect())
    }

    fn field(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }

    /// Why Slack would not even ask.
    fn trouble(&self, home: &Shared) -> Option<&'static str> {
        let base = home.0.base.lock().map(|base| base.clone()).unwrap_or_default();
        let way_back = self.field("redirect_uri");
        if self.field("client_id") != Some(CLIENT_ID) {
            Some("Invalid client_id parameter")
        } else if self.field("scope").is_none() {
            Some("Invalid permissions requested")
        } else if way_back.is_some_and(|uri| !uri.starts_with(&format!("{base}/"))) {
            Some("redirect_uri did not match any configured URIs")
        } else {
            None
        }
    }

    fn back(&self, home: &Shared, name: &str, value: &str) -> Response {
        let base = home.0.base.lock().map(|base| base.clone()).unwrap_or_default();
        let to = self.field("redirect_uri").map_or(format!("{base}/slack/oauth/callback"), str::to_owned);
        let Ok(mut url) = Url::parse(&to) else { return bad_page("redirect_uri is no URL") };
        url.query_pairs_mut()
            .append_pair(name, value)
            .append_pair("state", self.field("state").unwrap_or_default());
        Redirect::to(url.as_str()).into_response()
    }
}

/// `GET /oauth/v2/authorize`: one button for each workspace of whoever looks.
pub(super) async fn ask(State(town): State<Town>, RawQuery(query): RawQuery) -> Response {
    let request = Request::of(query.unwrap_or_default().as_bytes());
    let all = town.workspaces();
    if let Some(why) = all.first().and_then(|home| request.trouble(home)) {
        return bad_page(why);
    }
    let carried: String =
        CARRIED.iter().filter_map(|name| Some(hidden(name, request.field(name)?))).collect();
    let allow = all.iter().map(|one| {
        let world = one.world();
        form(&carried, &hidden("team", &world.team.id), &format!("Allow in {}", world.team.name))
    });
    let forms: String = allow.chain([form(&carried, "", "Cancel")]).collect();
    Html(format!("<h1>Dipper is requesting permission to access a workspace</h1>{forms}")).into_response()
}

/// `POST /oauth/v2/authorize`: one of them was pressed.
pub(super) async fn decided(State(town): State<Town>, body: Bytes) -> Response {
    let request = Request::of(&body);
    let Some(home) = town.whose(|_| true) else { return bad_page("there is no workspace") };
    if let Some(why) = request.trouble(&home) {
        return bad_page(why);
    }
    let Some(team) = request.field("team") else {
        return request.back(&home, "error", "access_denied");
    };
    let Some(chosen) = town.whose(|world| world.team.id == team) else {
        return bad_page("there is no workspace");
    };
    let scope = request.field("scope").unwrap_or_default();
    request.back(&home, "code", &town.allow(&chosen, scope, request.field("redirect_uri")))
}

/// `POST /api/oauth.v2.access`
pub(super) async fn access(State(town): State<Town>, headers: HeaderMap, body: Bytes) -> Response {
    const METHOD: &str = "oauth.v2.access";
    let request = Request::of(&body);
    let Some(home) = town.whose(|_| true) else { return bad_page("there is no workspace") };
    let now = home.world().now();
    let mut chosen = home;
    let answer = proven(&headers, &request).and_then(|()| {
        let code = request.field("code").unwrap_or_default();
        let code = town.spend(code, now).map_err(Refusal::happens)?;
        if code.redirect_uri.as_deref() != request.field("redirect_uri") {
            return Err(Refusal::mistake("bad_redirect_uri", Vec::new()));
        }
        if let Some(shared) = town.whose(|world| world.team.id == code.team) {
            chosen = shared;
        }
        Ok(let_in(&chosen, &code.scope))
    });
    record(&mut chosen.world(), METHOD, Value::Null, 200, &answer);
    reply(StatusCode::OK, answer)
}

/// The app's own id and secret, in the header or in the form.
fn proven(headers: &HeaderMap, request: &Request) -> Result<(), Refusal> {
    let basic = headers.get(header::AUTHORIZATION).and_then(|it| it.to_str().ok()?.strip_prefix("Basic "));
    let basic = basic.and_then(|it| String::from_utf8(STANDARD.decode(it).ok()?).ok());
    let (id, secret) = match basic.as_deref().and_then(|it| it.split_once(':')) {
        Some((id, secret)) => (id, secret),
        None => (
            request.field("client_id").unwrap_or_default(),
            request.field("client_secret").unwrap_or_default(),
        ),
    };
    match (id == CLIENT_ID, secret == CLIENT_SECRET) {
        (true, true) => Ok(()),
        (true, false) => Err(Refusal::mistake("bad_client_secret", Vec::new())),
        _ => Err(Refusal::mistake("invalid_client_id", Vec::new())),
    }
}

/// The app is in: a new token works, and none before it.
fn let_in(workspace: &Shared, scope: &str) -> Value {
    let mut world = workspace.world();
    let token = format!("xoxb-{}", world.random(24));
    world.minted.push(token.clone());
    world.bot_token.clone_from(&token);
    world.token_refused = None;
    let person = world.people.iter().find(|it| it.rank != Rank::Bot).map(|it| it.id.clone());
    json!({
        "app_id": world.bot.app_id,
        "authed_user": {"id": person},
        "scope": scope,
        "token_type": "bot",
        "access_token": token,
        "bot_user_id": world.bot.user,
        "team": {"id": world.team.id, "name": world.team.name},
        "enterprise": null,
        "is_enterprise_install": false,
    })
}

fn bad_page(why: &str) -> Response {
    (StatusCode::BAD_REQUEST, Html(format!("<h1>Something went wrong</h1><p>{why}</p>"))).into_response()
}

fn form(carried: &str, own: &str, label: &str) -> String {
    format!(
        r#"<form method="post" action="/oauth/v2/authorize">{carried}{own}<button>{label}</button></form>"#
    )
}

fn hidden(name: &str, value: &str) -> String {
    let value = value.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;");
    format!(r#"<input type="hidden" name="{name}" value="{value}">"#)
}
