//! HTTP: the routes, their limits, and how each request is known in the log.

mod bitbucket;
mod browser;
mod connect;
mod health;
mod install;
mod page;
mod rejection;
mod slack;

use std::any::Any;
use std::future::ready;
use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::map_response;
use axum::response::Response;
use axum::routing::{get, post};
use metrics_exporter_prometheus::PrometheusHandle;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::timeout::TimeoutLayer;

use crate::bot::Bot;
use crate::seal::Secret;

pub use rejection::Rejection;

/// The greatest body Slack may send.
const SLACK_LIMIT: usize = 1024 * 1024;
/// The greatest body Bitbucket may send.
const WEBHOOK_LIMIT: usize = 25 * 1024 * 1024;
/// Slack itself waits three seconds; whoever has not sent all of a request by then is not Slack.
const SLACK_TIME: Duration = Duration::from_secs(5);
/// A body of the greatest size over a slow line.
const WEBHOOK_TIME: Duration = Duration::from_secs(30);

/// What the doors need; shared, since every request takes it in hand several times.
#[derive(Clone)]
pub struct Doors(Arc<Behind>);

/// What stands behind the doors.
pub struct Behind {
    bot: Bot,
    signing_secret: Option<Secret>,
}

impl Deref for Doors {
    type Target = Behind;

    fn deref(&self) -> &Behind {
        &self.0
    }
}

impl Doors {
    /// Doors into this bot; without a signing secret, Slack's stay shut.
    pub fn new(bot: Bot, signing_secret: Option<Secret>) -> Self {
        Self(Arc::new(Behind { bot, signing_secret }))
    }
}

/// Everything the outside may reach.
pub fn router(doors: Doors) -> Router {
    let by_https = doors.bot.public_url.as_ref().is_some_and(|url| url.scheme() == "https");
    let slack = Router::new()
        .route("/slack/commands", get(slack::ssl_check).post(slack::command))
        .route("/slack/interactions", post(slack::interaction))
        .route("/slack/options", post(slack::options))
        .route("/slack/events", post(slack::event))
        .layer(in_time(SLACK_TIME))
        .layer(DefaultBodyLimit::max(SLACK_LIMIT));
    let webhooks = Router::new()
        .route("/bitbucket/{instance}/webhook", post(bitbucket::webhook))
        .route("/bitbucket/{instance}/webhook/{hook}", post(bitbucket::own_webhook))
        .layer(in_time(WEBHOOK_TIME))
        .layer(DefaultBodyLimit::max(WEBHOOK_LIMIT));
    let pages = Router::new()
        .route("/slack/install", get(install::begin))
        .route("/slack/oauth/callback", get(install::callback))
        .route("/connect/{ticket}", get(connect::page).post(connect::send))
        .route("/connect/{ticket}/confirm", post(connect::confirm))
        .route("/bitbucket/{instance}/oauth/callback", get(connect::callback))
        .layer(DefaultBodyLimit::max(16 * 1024))
        .layer(map_response(move |answer| ready(never_in_the_clear(answer, by_https))));
    Router::new()
        .merge(slack)
        .merge(webhooks)
        .merge(pages)
        .route("/health/live", get(health::live))
        .route("/health/ready", get(health::ready))
        .fallback(|| async { Rejection::NotFound })
        .method_not_allowed_fallback(|| async { Rejection::Method })
        .layer(CatchPanicLayer::custom(|_: Box<dyn Any + Send>| -> Response { rejection::broken() }))
        .with_state(doors)
}

/// Whoever came by https once is to come so always.
fn never_in_the_clear(mut answer: Response, by_https: bool) -> Response {
    if by_https {
        let year = HeaderValue::from_static("max-age=31536000");
        answer.headers_mut().insert(header::STRICT_TRANSPORT_SECURITY, year);
    }
    answer
}

/// Nobody holds a request open for longer, by sending it slowly or not to its end.
fn in_time(limit: Duration) -> TimeoutLayer {
    TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, limit)
}

/// What only the operator may reach.
pub fn operator(bot: Bot, figures: PrometheusHandle) -> Router {
    let routes =
        Router::new().route("/metrics", get(health::metrics)).route("/health/details", get(health::details));
    routes.with_state((bot, figures))
}
