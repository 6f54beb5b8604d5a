//! Connecting an account, seen from the browser: a page that names the Slack account, Bitbucket's own
//! page, a page that names both, and only then the link.

use axum::extract::rejection::{FormRejection, PathRejection, QueryRejection};
use axum::extract::{Form, Path, Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use serde_json::json;
use url::Url;

use super::browser::{Cookie, Proof, address, proof, same};
use super::page::{Page, PageButton};
use super::{Doors, Rejection};
use crate::bitbucket::oauth::{challenge_of, new_verifier};
use crate::bitbucket::{OAuth, Site};
use crate::bot::{Bot, DONE, Failure};
use crate::clock::random_name;
use crate::commands::keep_link;
use crate::seal::{Secret, fingerprint};
use crate::slack::Standing;
use crate::store::{Deed, Returned, Sent, Ticket, TicketState};
use crate::words::message::{Action, Button, Line, Message};
use crate::words::names::{Instance, SlackUser};
use crate::words::pull_request::Person;
use crate::words::work::{NewJob, TellPerson, Urgency};

const COOKIE: Cookie = Cookie { name: "dipper_connect", path: "/" };

/// `GET /connect/{ticket}`: whose Slack account this is. A link scanner's visit uses nothing up.
pub async fn page(
    State(doors): State<Doors>,
    ticket: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
) -> Response {
    let Ok(Path(ticket)) = ticket else { return gone() };
    let (found, site) = match usable(&doors.bot, &ticket).await {
        Ok(usable) => usable,
        Err(rejection) => return not_now_or_gone(rejection),
    };
    let cookie = COOKIE.of_or_new(&headers);
    let Some(who) = slack_name(&doors.bot, &found.user).await else {
        return gone();
    };
    let instance = &found.instance;
    let mut lines = vec![
        format!(
            "You are about to connect the Slack account {who} with your own Bitbucket account on {instance}."
        ),
        "Go on only if this is your Slack account and you asked for this link yourself.".to_owned(),
    ];
    if !found.wider.is_empty() {
        lines.push(format!("You are asked to allow more than usual: {}.", found.wider.join(", ")));
    }
    let page = Page {
        heading: format!("Connect {instance}"),
        lines,
        button: Some(PageButton {
            action: address(&doors.bot, &format!("/connect/{ticket}")),
            proof: proof(&cookie, &ticket),
            label: "Go on to Bitbucket".to_owned(),
        }),
        leads_to: site.oauth().map(OAuth::origin).unwrap_or_default(),
    };
    let mut response = page.answer(StatusCode::OK);
    COOKIE.set(&doors.bot, &cookie, &mut response);
    response
}

/// `POST /connect/{ticket}`: on to Bitbucket's own page.
pub async fn send(
    State(doors): State<Doors>,
    ticket: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
    form: Result<Form<Proof>, FormRejection>,
) -> Response {
    let Ok(Path(ticket)) = ticket else { return gone() };
    let (found, site) = match usable(&doors.bot, &ticket).await {
        Ok(usable) => usable,
        Err(rejection) => return not_now_or_gone(rejection),
    };
    let Some(cookie) = COOKIE.proven(&headers, form, &ticket) else {
        return strange();
    };
    match sent(&doors.bot, &ticket, &found, site, &cookie).await {
        Ok(url) => on_to(&url),
        Err(failure) => failed(&failure),
    }
}

/// No page of Bitbucket's learns where its visitor came from.
fn on_to(url: &Url) -> Response {
    let mut response = Redirect::to(url.as_str()).into_response();
    Page::guard(&mut response, "");
    response
}

async fn sent(bot: &Bot, ticket: &str, found: &Ticket, site: &Site, cookie: &str) -> Result<Url, Failure> {
    let (oauth, redirect) = oauth_of(bot, site)?;
    let (state, verifier) = (random_name(32), new_verifier());
    let challenge = challenge_of(&verifier);
    // The ticket travels with the verifier: what comes back from Bitbucket names only the state.
    let carried = Secret::new(format!("{} {ticket}", verifier.reveal()));
    let sent = Sent {
        state_hash: fingerprint(&state),
        cookie_hash: fingerprint(cookie),
        verifier_sealed: bot.seal.seal(&place(&found.hash), &carried),
    };
    let mut tx = bot.store.begin().await?;
    let kept = tx.send_ticket(&found.hash, &sent).await?;
    tx.commit().await?;
    if kept { Ok(oauth.authorize_url(&state, &redirect, &challenge, &found.wider)) } else { Err(used()) }
}

fn used() -> Failure {
    Failure::told("This link was used already.")
}

/// What Bitbucket sends the browser back with.
#[derive(Deserialize)]
pub struct CameBack {
    code: Option<String>,
    state: Option<String>,
}

/// `GET /bitbucket/{instance}/oauth/callback`: the code is exchanged at once, then both accounts are shown.
pub async fn callback(
    State(doors): State<Doors>,
    instance: Result<Path<String>, PathRejection>,
    returned: Result<Query<CameBack>, QueryRejection>,
    headers: HeaderMap,
) -> Response {
    let Ok(Path(instance)) = instance else { return Rejection::NotFound.into_response() };
    let instance = Instance::new(instance);
    let Some(site) = doors.bot.sites.get(&instance) else {
        return Rejection::NotFound.into_response();
    };
    let Ok(Query(CameBack { code, state: Some(state) })) = returned else {
        return gone();
    };
    let ticket = match doors.bot.store.ticket_by_state(&fingerprint(&state)).await {
        Ok(Some(ticket)) => ticket,
        Ok(None) => return gone(),
        Err(error) => return not_now_or_gone(error.into()),
    };
    let cookie = COOKIE
        .of(&headers)
        .filter(|cookie| same(&fingerprint(cookie), ticket.cookie_hash.as_deref().unwrap_or_default()));
    let Some(cookie) = cookie else { return strange() };
    if ticket.instance != instance || ticket.state != TicketState::Sent {
        return gone();
    }
    let Some(code) = code.map(Secret::new) else {
        return Page::say("Not connected", &["Bitbucket was not allowed to connect; nothing was changed."])
            .answer(StatusCode::OK);
    };
    match came_back(&doors.bot, &ticket, site, &code).await {
        Ok((name, person)) => both(&doors.bot, &ticket, &name, &person, &cookie).await,
        Err(failure) => failed(&failure),
    }
}

/// Exchanges the code, asks whose it is, and keeps both for the confirmation. The ticket's name, and the person.
async fn came_back(
    bot: &Bot,
    ticket: &Ticket,
    site: &Site,
    code: &Secret,
) -> Result<(String, Person), Failure> {
    let (oauth, redirect) = oauth_of(bot, site)?;
    let carried =
        bot.seal.open(&place(&ticket.hash), ticket.verifier_sealed.as_deref().unwrap_or_default())?;
    let (verifier, name) = carried.reveal().split_once(' ').ok_or_else(used)?;
    let tokens = oauth.exchange(code.reveal(), &redirect, &verifier.into()).await?;
    let person = site.as_person(bot.accounts.just_typed(&tokens.access, site.name())).me().await?;
    let sealed = bot.accounts.sealed(&ticket.user, &ticket.instance, &tokens);
    let mut tx = bot.store.begin().await?;
    let kept = tx.return_ticket(&ticket.hash, &Returned { person: person.clone(), tokens: sealed }).await?;
    tx.commit().await?;
    if kept { Ok((name.to_owned(), person)) } else { Err(used()) }
}

/// Both accounts, and one button: a person lured into somebody else's link sees whose it is.
async fn both(bot: &Bot, ticket: &Ticket, name: &str, person: &Person, cookie: &str) -> Response {
    let who = slack_name(bot, &ticket.user).await.unwrap_or_else(|| ticket.user.id.clone());
    Page {
        heading: "Is this right?".to_owned(),
        lines: vec![
            format!("Slack: {who}"),
            format!("Bitbucket ({}): {}", ticket.instance, person.name),
            "From then on, what this Slack account asks Dipper to do is done as this Bitbucket account."
                .to_owned(),
        ],
        button: Some(PageButton {
            action: address(bot, &format!("/connect/{name}/confirm")),
            proof: proof(cookie, &format!("{name}/confirm")),
            label: "Connect them".to_owned(),
        }),
        ..Page::default()
    }
    .answer(StatusCode::OK)
}

/// `POST /connect/{ticket}/confirm`: links the two, and tells the Slack person.
pub async fn confirm(
    State(doors): State<Doors>,
    name: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
    form: Result<Form<Proof>, FormRejection>,
) -> Response {
    let Ok(Path(name)) = name else { return gone() };
    let ticket = match doors.bot.store.ticket(&fingerprint(&name)).await {
        Ok(Some(ticket)) => ticket,
        Ok(None) => return gone(),
        Err(error) => return not_now_or_gone(error.into()),
    };
    let cookie = COOKIE.proven(&headers, form, &format!("{name}/confirm"));
    if !cookie
        .is_some_and(|cookie| same(&fingerprint(&cookie), ticket.cookie_hash.as_deref().unwrap_or_default()))
    {
        return strange();
    }
    match link(&doors.bot, &ticket).await {
        Ok(person) => {
            let line = format!(
                "You are {} on {} now. You can close this page and go back to Slack.",
                person.name, ticket.instance
            );
            Page::say("Connected", &[&line]).answer(StatusCode::OK)
        }
        Err(failure) => failed(&failure),
    }
}

async fn link(bot: &Bot, ticket: &Ticket) -> Result<Person, Failure> {
    let Some(Returned { person, tokens }) = &ticket.returned else {
        return Err(used());
    };
    if bot.has_left(&ticket.user).await? {
        return Err(Failure::told("That Slack account is closed; nothing was connected."));
    }
    let before = bot.store.linked_person(&ticket.user.team, &ticket.instance, &person.id).await?;
    let home = bot.home_changed(&ticket.user).await?;
    let mut tx = bot.store.begin().await?;
    if !tx.use_up_ticket(&ticket.hash).await? {
        return Err(used());
    }
    let told = tx.enqueue(NewJob::of(&welcome(ticket, person)).urgency(Urgency::Soon)).await?;
    tx.write_down(&bot.seal, &deed(ticket, person, told.unwrap_or_default())).await?;
    if let Some(other) = before.filter(|other| *other != ticket.user) {
        tx.enqueue(NewJob::of(&warning(ticket, person, other)).urgency(Urgency::Soon)).await?;
    }
    keep_link(&mut tx, (&ticket.user, &ticket.instance), person, tokens).await?;
    if let Some(home) = home {
        tx.enqueue(home).await?;
    }
    tx.commit().await?;
    bot.nudge.notify_waiters();
    Ok(person.clone())
}

/// What the audit log keeps of it; the job that tells the person is its reference.
fn deed(ticket: &Ticket, person: &Person, told: i64) -> Deed {
    Deed {
        user: ticket.user.clone(),
        person: Some(format!("{} on {} ({})", person.name, ticket.instance, person.id)),
        channel: ticket.channel.clone(),
        message: None,
        command: "connect".to_owned(),
        fields: json!({ "instance": ticket.instance }).to_string(),
        repo: None,
        version: None,
        result: DONE.to_owned(),
        reference: format!("{told:x}"),
        once: ticket.hash.clone(),
    }
}

fn welcome(ticket: &Ticket, person: &Person) -> TellPerson {
    let line = Line::new()
        .text("Your Slack account now acts as ")
        .bold(&person.name)
        .text(format!(" on {}.", ticket.instance));
    let undo = Action::named("disconnect").with("instance", ticket.instance.as_str());
    let message = Message::line(line).and("If that was not you, undo it.").button(Button::new("Undo", undo));
    TellPerson { to: ticket.user.clone(), identity: format!("connected:{}", ticket.hash), message }
}

/// Whoever is that Bitbucket account already hears of another Slack account that acts as it: perhaps they
/// were talked into it.
fn warning(ticket: &Ticket, person: &Person, to: SlackUser) -> TellPerson {
    let line = Line::new()
        .text("Your account ")
        .bold(&person.name)
        .text(format!(" on {} was connected to another Slack account just now: ", ticket.instance))
        .person(ticket.user.clone())
        .text(".");
    let advice = "If that was not you, take Dipper's access back on Bitbucket, and tell whoever runs Dipper.";
    TellPerson { to, identity: format!("shared:{}", ticket.hash), message: Message::line(line).and(advice) }
}

/// The ticket and the Bitbucket it is for, if it can still be used.
async fn usable<'a>(bot: &'a Bot, ticket: &str) -> Result<(Ticket, &'a Site), Rejection> {
    let found = bot.store.ticket(&fingerprint(ticket)).await?.ok_or(Rejection::NotFound)?;
    let site = bot.sites.get(&found.instance).ok_or(Rejection::NotFound)?;
    let open = matches!(found.state, TicketState::Fresh | TicketState::Sent);
    if open { Ok((found, site)) } else { Err(Rejection::NotFound) }
}

fn oauth_of<'a>(bot: &Bot, site: &'a Site) -> Result<(&'a OAuth, String), Failure> {
    let Some(oauth) = site.oauth().filter(|_| bot.public_url.is_some()) else {
        return Err(Failure::told("Accounts cannot be connected here any more; tell whoever runs Dipper."));
    };
    Ok((oauth, address(bot, &format!("/bitbucket/{}/oauth/callback", site.name()))))
}

/// What a Slack account is called, as far as Slack says it now; none once it is closed.
async fn slack_name(bot: &Bot, user: &SlackUser) -> Option<String> {
    let info = bot.slack(&user.team).await.ok()?.user_info(user).await;
    match info {
        Ok(info) => (info.standing != Standing::Gone).then(|| format!("{} ({})", info.name, user.id)),
        Err(error) => (!error.is_gone_person()).then(|| user.id.clone()),
    }
}

fn place(ticket: &str) -> String {
    format!("tickets:{ticket}:verifier")
}

fn gone() -> Response {
    Page::say(
        "This link is no good any more",
        &["It was used, or it is older than ten minutes. Ask for a new one in Slack."],
    )
    .answer(StatusCode::NOT_FOUND)
}

/// A link of which nobody can say now whether it is good is not called bad.
fn not_now_or_gone(rejection: Rejection) -> Response {
    if rejection != Rejection::Busy {
        return gone();
    }
    let words = "Dipper cannot reach its database. Your link is as good as before; try again in a moment.";
    let mut response = Page::say("Not just now", &[words]).answer(StatusCode::SERVICE_UNAVAILABLE);
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
    response
}

fn strange() -> Response {
    Page::say(
        "Not from this browser",
        &["This page was not opened from your link in Slack, in this browser. Ask for a new link there."],
    )
    .answer(StatusCode::FORBIDDEN)
}

fn failed(failure: &Failure) -> Response {
    let line = match failure {
        Failure::Told(message) | Failure::Waits(message) => message.plain(),
        Failure::SignIn(_) => "Bitbucket did not accept it. Ask for a new link in Slack.".to_owned(),
        Failure::Wider(lacking) => {
            format!("{lacking} Whoever runs Dipper has to give its OAuth client more.")
        }
        Failure::Later { why, .. } => format!("{why} Nothing was changed; try again in a moment."),
        Failure::Removed(_) => "Dipper is not in that workspace any more.".to_owned(),
        Failure::Ours(why) => {
            tracing::error!(why, "an account could not be connected");
            "Something went wrong on Dipper's side; nothing was changed.".to_owned()
        }
    };
    Page::say("Not connected", &[&line]).answer(StatusCode::BAD_GATEWAY)
}
