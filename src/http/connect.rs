//! Connecting an account, seen from the browser: a page that names the Slack account, Bitbucket's own
//! page, a page that names both, and only then the link.

use askama::Template;
use axum::extract::{Form, Path, Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use serde::Deserialize;
use subtle::ConstantTimeEq;
use url::Url;

use super::{Doors, Rejection};
use crate::bitbucket::Site;
use crate::bitbucket::oauth::{OAuth, Pkce, Tokens};
use crate::bot::{Bot, Failure};
use crate::clock::random_name;
use crate::seal::Secret;
use crate::store::links::LinkKey;
use crate::store::tickets::{Ticket, TicketState, hash};
use crate::words::message::{Action, Button, Line, Message};
use crate::words::names::{Instance, SlackUser};
use crate::words::pull_request::Person;
use crate::words::work::{NewJob, TellPerson, Urgency};

const COOKIE: &str = "dipper_connect";

/// One page: a heading, what it says, and at most one button.
#[derive(Template)]
#[template(
    ext = "html",
    source = r#"<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{{ heading }} · Dipper</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:34rem;margin:12vh auto;padding:0 1rem}
button{font:inherit;padding:.6rem 1.2rem;border:0;border-radius:.4rem;background:#0b57d0;color:#fff;cursor:pointer}
b{overflow-wrap:anywhere}</style></head><body><main><h1>{{ heading }}</h1>
{% for line in lines %}<p>{{ line }}</p>{% endfor %}
{% if let Some(button) = button %}<form method="post" action="{{ button.action }}">
<input type="hidden" name="proof" value="{{ button.proof }}"><button>{{ button.label }}</button></form>{% endif %}
</main></body></html>"#
)]
struct Page {
    heading: String,
    lines: Vec<String>,
    button: Option<PageButton>,
}

struct PageButton {
    action: String,
    proof: String,
    label: String,
}

impl Page {
    fn say(heading: &str, lines: &[&str]) -> Self {
        let lines = lines.iter().map(|line| (*line).to_owned()).collect();
        Self { heading: heading.to_owned(), lines, button: None }
    }

    fn answer(&self, status: StatusCode) -> Response {
        let Ok(html) = self.render() else { return super::rejection::broken() };
        let mut response = (status, Html(html)).into_response();
        let headers = [
            (header::CONTENT_SECURITY_POLICY, "default-src 'none'; style-src 'unsafe-inline'; form-action *; frame-ancestors 'none'; base-uri 'none'"),
            (header::REFERRER_POLICY, "no-referrer"),
            (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
            (header::X_FRAME_OPTIONS, "DENY"),
            (header::CACHE_CONTROL, "no-store"),
            (header::STRICT_TRANSPORT_SECURITY, "max-age=31536000"),
        ];
        for (name, value) in headers {
            response.headers_mut().insert(name, HeaderValue::from_static(value));
        }
        response
    }
}

/// `GET /connect/{ticket}`: whose Slack account this is. A link scanner's visit uses nothing up.
pub async fn page(State(doors): State<Doors>, Path(ticket): Path<String>, headers: HeaderMap) -> Response {
    let Ok((found, _)) = usable(&doors.bot, &ticket).await else { return gone() };
    let cookie = cookie_of(&headers).unwrap_or_else(|| random_name(16));
    let who = slack_name(&doors.bot, &found.user).await;
    let instance = &found.instance;
    let page = Page {
        heading: format!("Connect {instance}"),
        lines: vec![
            format!("You are about to connect the Slack account {who} with your own Bitbucket account on {instance}."),
            "Go on only if this is your Slack account and you asked for this link yourself.".to_owned(),
        ],
        button: Some(PageButton {
            action: format!("/connect/{ticket}"),
            proof: proof(&cookie, &ticket),
            label: "Go on to Bitbucket".to_owned(),
        }),
    };
    let mut response = page.answer(StatusCode::OK);
    let secure = doors.bot.public_url.as_ref().is_some_and(|url| url.scheme() == "https");
    let cookie = format!("{COOKIE}={cookie}; Path=/; Max-Age=900; HttpOnly; SameSite=Lax{}", if secure { "; Secure" } else { "" });
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    response
}

/// What a page's own form sends: that the cookie's owner saw that page.
#[derive(Deserialize)]
pub struct Proof {
    proof: String,
}

/// `POST /connect/{ticket}`: on to Bitbucket's own page.
pub async fn send(
    State(doors): State<Doors>,
    Path(ticket): Path<String>,
    headers: HeaderMap,
    form: Option<Form<Proof>>,
) -> Response {
    let Ok((found, site)) = usable(&doors.bot, &ticket).await else { return gone() };
    let Some(cookie) = proven(&headers, form, &ticket) else { return strange() };
    match sent(&doors.bot, &found, site, &cookie).await {
        Ok(url) => Redirect::to(url.as_str()).into_response(),
        Err(failure) => failed(&failure),
    }
}

async fn sent(bot: &Bot, ticket: &Ticket, site: &Site, cookie: &str) -> Result<Url, Failure> {
    let (oauth, redirect) = oauth_of(bot, site)?;
    let (state, pkce) = (random_name(32), Pkce::new());
    let verifier = bot.seal.seal(&place(&ticket.hash, "verifier"), pkce.verifier());
    let mut tx = bot.store.begin().await?;
    let sent = tx.send_ticket(&ticket.hash, &hash(&state), &hash(cookie), &verifier).await?;
    tx.commit().await?;
    if sent { Ok(oauth.authorize_url(&state, &redirect, &pkce)) } else { Err(Failure::told("This link was used already.")) }
}

/// What Bitbucket sends the browser back with.
#[derive(Deserialize)]
pub struct Returned {
    code: Option<String>,
    state: Option<String>,
}

/// `GET /bitbucket/{instance}/oauth/callback`: the code is exchanged at once, then both accounts are shown.
pub async fn callback(
    State(doors): State<Doors>,
    Path(instance): Path<String>,
    Query(returned): Query<Returned>,
    headers: HeaderMap,
) -> Response {
    let instance = Instance::new(instance);
    let Some(site) = doors.bot.sites.get(&instance) else { return Rejection::NotFound.into_response() };
    let Some(state) = returned.state else { return gone() };
    let Ok(Some(ticket)) = doors.bot.store.ticket_by_state(&hash(&state)).await else { return gone() };
    let cookie = cookie_of(&headers).filter(|cookie| same(&hash(cookie), ticket.cookie_hash.as_deref().unwrap_or_default()));
    let Some(cookie) = cookie else { return strange() };
    if ticket.instance != instance || ticket.state != TicketState::Sent || ticket.expires_at <= doors.bot.clock.millis() {
        return gone();
    }
    let Some(code) = returned.code else {
        return Page::say("Not connected", &["Bitbucket was not allowed to connect; nothing was changed."]).answer(StatusCode::OK);
    };
    match came_back(&doors.bot, &ticket, site, &Secret::new(code)).await {
        Ok(person) => both(&doors.bot, &ticket, &person, &cookie, &state).await,
        Err(failure) => failed(&failure),
    }
}

async fn came_back(bot: &Bot, ticket: &Ticket, site: &Site, code: &Secret) -> Result<Person, Failure> {
    let (oauth, redirect) = oauth_of(bot, site)?;
    let verifier = bot.seal.open(&place(&ticket.hash, "verifier"), ticket.verifier.as_deref().unwrap_or_default())?;
    let tokens = oauth.exchange(code, &redirect, &verifier).await?;
    let person = site.as_bearer(&tokens.access).me().await?;
    let text = Secret::new(tokens.to_text());
    let mut tx = bot.store.begin().await?;
    let kept = tx.return_ticket(&ticket.hash, &bot.seal.seal(&place(&ticket.hash, "tokens"), &text), &person).await?;
    tx.commit().await?;
    if kept { Ok(person) } else { Err(Failure::told("This link was used already.")) }
}

/// Both accounts, and one button: a person lured into somebody else's link sees whose it is.
async fn both(bot: &Bot, ticket: &Ticket, person: &Person, cookie: &str, state: &str) -> Response {
    let who = slack_name(bot, &ticket.user).await;
    Page {
        heading: "Is this right?".to_owned(),
        lines: vec![
            format!("Slack: {who}"),
            format!("Bitbucket ({}): {}", ticket.instance, person.name),
            "From then on, what this Slack account asks Dipper to do is done as this Bitbucket account.".to_owned(),
        ],
        // The ticket itself is known only by its hash here; the state stands for it.
        button: Some(PageButton {
            action: format!("/connect/{state}/confirm"),
            proof: proof(cookie, state),
            label: "Connect them".to_owned(),
        }),
    }
    .answer(StatusCode::OK)
}

/// `POST /connect/{ticket}/confirm`: links the two, and tells the Slack person.
pub async fn confirm(
    State(doors): State<Doors>,
    Path(state): Path<String>,
    headers: HeaderMap,
    form: Option<Form<Proof>>,
) -> Response {
    let Ok(Some(ticket)) = doors.bot.store.ticket_by_state(&hash(&state)).await else { return gone() };
    if ticket.state != TicketState::Returned || ticket.expires_at <= doors.bot.clock.millis() {
        return gone();
    }
    let cookie = proven(&headers, form, &state);
    if !cookie.is_some_and(|cookie| same(&hash(&cookie), ticket.cookie_hash.as_deref().unwrap_or_default())) {
        return strange();
    }
    match link(&doors.bot, &ticket).await {
        Ok(person) => {
            let line = format!("You are {} on {} now. You can close this page and go back to Slack.", person.name, ticket.instance);
            Page::say("Connected", &[&line]).answer(StatusCode::OK)
        }
        Err(failure) => failed(&failure),
    }
}

async fn link(bot: &Bot, ticket: &Ticket) -> Result<Person, Failure> {
    let (Some(sealed), Some(person)) = (&ticket.tokens, &ticket.person) else {
        return Err(Failure::Ours("a returned ticket without tokens".to_owned()));
    };
    let text = bot.seal.open(&place(&ticket.hash, "tokens"), sealed)?;
    let tokens = Tokens::from_text(text.reveal()).ok_or_else(|| Failure::Ours("stored tokens do not read".to_owned()))?;
    let key = LinkKey { user: ticket.user.clone(), instance: ticket.instance.clone() };
    let mut tx = bot.store.begin().await?;
    if !tx.use_up_ticket(&ticket.hash).await? {
        return Err(Failure::told("This link was used already."));
    }
    bot.accounts.connect(&mut tx, &key, person, &tokens).await?;
    tx.enqueue(&NewJob::of(&welcome(ticket, person)).urgency(Urgency::Soon)).await?;
    for parked in tx.take_parked(&ticket.user, &ticket.instance).await? {
        tx.enqueue(&NewJob::of(&parked).urgency(Urgency::Soon)).await?;
    }
    tx.commit().await?;
    bot.nudge.notify_waiters();
    Ok(person.clone())
}

fn welcome(ticket: &Ticket, person: &Person) -> TellPerson {
    let line = Line::new().text("Your Slack account now acts as ").bold(&person.name).text(format!(" on {}.", ticket.instance));
    let undo = Action::named("disconnect").with("instance", ticket.instance.as_str());
    let message = Message::line(line).and("If that was not you, undo it.").button(Button::new("Undo", undo));
    TellPerson { to: ticket.user.clone(), identity: format!("connected:{}", ticket.hash), message }
}

/// The ticket and the Bitbucket it is for, if it can still be used.
async fn usable<'a>(bot: &'a Bot, ticket: &str) -> Result<(Ticket, &'a Site), Rejection> {
    let found = bot.store.ticket(&hash(ticket)).await?.ok_or(Rejection::NotFound)?;
    let site = bot.sites.get(&found.instance).ok_or(Rejection::NotFound)?;
    let open = matches!(found.state, TicketState::Fresh | TicketState::Sent);
    if open && found.expires_at > bot.clock.millis() { Ok((found, site)) } else { Err(Rejection::NotFound) }
}

fn oauth_of<'a>(bot: &Bot, site: &'a Site) -> Result<(&'a OAuth, String), Failure> {
    let (Some(oauth), Some(public)) = (site.oauth(), &bot.public_url) else {
        return Err(Failure::told("Accounts cannot be connected here any more; tell whoever runs Dipper."));
    };
    Ok((oauth, format!("{}/bitbucket/{}/oauth/callback", public.as_str().trim_end_matches('/'), site.name())))
}

async fn slack_name(bot: &Bot, user: &SlackUser) -> String {
    match bot.slack.user_info(user).await {
        Ok(info) => format!("{} ({})", info.name, user.id),
        Err(_) => user.id.clone(),
    }
}

fn place(ticket: &str, which: &str) -> String {
    format!("tickets:{ticket}:{which}")
}

/// Shows that whoever holds the cookie was shown this very page.
fn proof(cookie: &str, page: &str) -> String {
    hash(&format!("{cookie}:{page}"))
}

fn proven(headers: &HeaderMap, form: Option<Form<Proof>>, page: &str) -> Option<String> {
    let (cookie, Form(form)) = (cookie_of(headers)?, form?);
    same(&proof(&cookie, page), &form.proof).then_some(cookie)
}

fn same(one: &str, other: &str) -> bool {
    one.as_bytes().ct_eq(other.as_bytes()).into()
}

fn cookie_of(headers: &HeaderMap) -> Option<String> {
    let all = headers.get(header::COOKIE)?.to_str().ok()?;
    let mut values = all.split(';').filter_map(|pair| pair.trim().strip_prefix(COOKIE)?.strip_prefix('='));
    values.next().filter(|value| value.len() == 32).map(str::to_owned)
}

fn gone() -> Response {
    Page::say("This link is no good any more", &["It was used, or it is older than ten minutes. Ask for a new one in Slack."])
        .answer(StatusCode::NOT_FOUND)
}

fn strange() -> Response {
    Page::say("Not from this browser", &["This page was not opened from your link in Slack, in this browser. Ask for a new link there."])
        .answer(StatusCode::FORBIDDEN)
}

fn failed(failure: &Failure) -> Response {
    let line = match failure {
        Failure::Told(message) => message.plain(),
        Failure::SignIn(_) => "Bitbucket did not accept it. Ask for a new link in Slack.".to_owned(),
        Failure::Later { why, .. } => format!("{why} Nothing was changed; try again in a moment."),
        Failure::Ours(why) => {
            tracing::error!(why, "an account could not be connected");
            "Something went wrong on Dipper's side; nothing was changed.".to_owned()
        }
    };
    Page::say("Not connected", &[&line]).answer(StatusCode::BAD_GATEWAY)
}
