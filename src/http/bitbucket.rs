//! Bitbucket's door: a delivery is verified, stored, and acknowledged; all else happens later.

use axum::body::Bytes;
use axum::extract::rejection::{BytesRejection, PathRejection};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::{Doors, Rejection};
use crate::bitbucket::{Site, Unverified, event, signature};
use crate::store::{Accepted, Arrival, DONE_HERE, FOUND, Hook, NewDelivery};
use crate::words::names::Instance;

/// `POST /bitbucket/{instance}/webhook`
pub async fn webhook(
    State(doors): State<Doors>,
    instance: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let delivery = By::Hand(instance);
    counted(take(&doors, delivery, &headers, body).await)
}

/// `POST /bitbucket/{instance}/webhook/{hook}`
pub async fn own_webhook(
    State(doors): State<Doors>,
    door: Result<Path<(String, String)>, PathRejection>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let delivery = By::Us(door);
    counted(take(&doors, delivery, &headers, body).await)
}

/// Who made the webhook that a delivery comes by.
enum By {
    Hand(Result<Path<String>, PathRejection>),
    Us(Result<Path<(String, String)>, PathRejection>),
}

impl By {
    /// The Bitbucket it is from, and the webhook's own door, where it has one.
    fn door(self) -> Result<(String, Option<String>), Rejection> {
        Ok(match self {
            Self::Hand(instance) => (instance?.0, None),
            Self::Us(door) => {
                let Path((instance, hook)) = door?;
                (instance, Some(hook))
            }
        })
    }
}

fn counted(taken: Result<&'static str, Rejection>) -> Response {
    let outcome = match &taken {
        Ok(word) => word,
        Err(rejection) => rejection.word(),
    };
    metrics::counter!("dipper_intake_total", "door" => "bitbucket", "outcome" => outcome.to_owned())
        .increment(1);
    taken.map_or_else(IntoResponse::into_response, |_| StatusCode::OK.into_response())
}

async fn take(
    doors: &Doors,
    by: By,
    headers: &HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<&'static str, Rejection> {
    let (instance, hook) = by.door()?;
    let site = doors.bot.sites.get(&Instance::new(instance.as_str())).ok_or(Rejection::NotFound)?;
    let body = body?;
    match &hook {
        None => verify(site, headers, &body)?,
        Some(hook) => verify_own(doors, site, hook, (headers, &body)).await?,
    }
    let event_key = text(headers, "x-event-key")
        .filter(|key| (1..=100).contains(&key.len()) && ![FOUND, DONE_HERE].contains(key));
    let event_key = event_key.ok_or(Rejection::Malformed)?;
    if event::is_ping(event_key) {
        return Ok("ping");
    }
    let json =
        text(headers, header::CONTENT_TYPE.as_str()).is_some_and(|kind| kind.starts_with("application/json"));
    // What is skipped over is not looked at: that it is text has to be asked first.
    let reads = |text| serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok();
    if !json || !std::str::from_utf8(&body).is_ok_and(reads) {
        return Err(Rejection::Malformed);
    }
    let delivery = NewDelivery {
        instance: site.name().clone(),
        request_id: text(headers, site.delivery_headers().request_id)
            .filter(|id| id.len() <= 200)
            .map(str::to_owned),
        event_key: event_key.to_owned(),
        hook,
        body: body.to_vec(),
    };
    let accepted = doors.bot.store.accept(Arrival::Delivery(delivery)).await?;
    match accepted {
        Accepted::Stored(id) => {
            tracing::info!(reference = crate::commands::reference(id), %instance, event_key, "delivery accepted");
            doors.bot.nudge.notify_waiters();
            Ok("new")
        }
        Accepted::Seen(_) => Ok("seen"),
    }
}

fn verify(site: &Site, headers: &HeaderMap, body: &[u8]) -> Result<(), Rejection> {
    site.verify(text(headers, "x-hub-signature"), body).map_err(|unverified| match unverified {
        Unverified::NoSecret => Rejection::Shut,
        Unverified::Wrong | Unverified::Missing => Rejection::Unsigned,
    })
}

/// By the secret of its own; of which Bitbucket it is, is asked as well, so that no door opens for another.
async fn verify_own(
    doors: &Doors,
    site: &Site,
    hook: &str,
    (headers, body): (&HeaderMap, &[u8]),
) -> Result<(), Rejection> {
    let known = doors.bot.store.hook(hook).await?.filter(|known| known.site.instance == *site.name());
    let known = known.ok_or(Rejection::NotFound)?;
    let secret = doors.bot.seal.open(&Hook::place_of(hook), &known.secret_sealed).map_err(|error| {
        tracing::error!(%error, hook, "the secret of a webhook does not open");
        Rejection::Shut
    })?;
    let signed = signature::verify(std::slice::from_ref(&secret), text(headers, "x-hub-signature"), body);
    signed.map_err(|_| Rejection::Unsigned)
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}
