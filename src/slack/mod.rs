//! Slack, as far as we talk to it: the Web API calls we make, what comes in, and how things look.
//!
//! Outgoing calls go through slack-morphism's client over our own connector; answers are read
//! loosely, since a post that was made must never look as if it had failed. What comes in is read by
//! [`payload`], never by a strict enum. Slack's limits live in [`blocks`] and [`forms`] only.

pub mod blocks;
mod calls;
mod connector;
mod error;
pub mod forms;
pub mod home;
mod inspect;
mod install;
mod line;
mod loose;
pub mod payload;
mod people;
mod scopes;
pub mod signature;
#[cfg(test)]
mod tests;

use connector::Connector;
use serde_json::{Value, json};
use slack_morphism::{ClientResult, SlackApiToken, SlackApiTokenValue, SlackClient};
use url::Url;

pub use calls::{ChannelInfo, Identity, ViewId};
pub use error::{Error, Outage};
pub use inspect::Inspection;
pub use install::{EVENTS, Granted};
pub use line::{Frame, Line, LineAddress};
pub use people::{Away, Member, Standing, UserInfo};
pub use scopes::SCOPES;

use crate::clock::Clock;
use crate::seal::Secret;
use crate::words::message::{Audience, Message};

/// A handle on Slack's Web API; clones share it. It retries nothing but plain reads, and those once:
/// the queue retries.
#[derive(Debug, Clone)]
pub struct Slack {
    client: SlackClient<Connector>,
    api: Url,
}

/// Slack with a token: what a bot may call.
#[derive(Debug, Clone)]
pub struct SlackBot {
    slack: Slack,
    token: SlackApiToken,
}

impl Slack {
    /// A handle on the API at this base, say `https://slack.com/api`. The client must not follow
    /// redirects.
    pub fn new(api_url: Url, http: reqwest::Client, clock: Clock) -> Self {
        Self { client: SlackClient::new(Connector::new(&api_url, http, clock)), api: api_url }
    }

    /// The same with a bot's token.
    pub fn as_bot(&self, token: &Secret) -> SlackBot {
        SlackBot {
            slack: self.clone(),
            token: SlackApiToken::new(SlackApiTokenValue(token.reveal().clone())),
        }
    }

    /// Whether an address that came in a payload may be called: Slack's own hosts over TLS, or the
    /// origin of the API.
    pub fn trusts(&self, url: &Url) -> bool {
        let slacks = url.scheme() == "https"
            && url.port().is_none()
            && url.host_str().is_some_and(|host| host.ends_with(".slack.com"));
        let named = url.username().is_empty() && url.password().is_none();
        named && (slacks || url.origin() == self.api.origin())
    }

    /// Answers at a response URL, in place of the message it belongs to or below it.
    pub async fn respond(
        &self,
        response_url: &Secret,
        message: &Message,
        replace_original: bool,
    ) -> Result<(), Error> {
        let url: Url = response_url.reveal().parse().map_err(|_| Error::Untrusted)?;
        if !self.trusts(&url) {
            return Err(Error::Untrusted);
        }
        let mut body = blocks::draw(message).for_post();
        body["replace_original"] = json!(replace_original);
        body["response_type"] = json!(match message.audience {
            Audience::Asker => "ephemeral",
            Audience::Channel => "in_channel",
        });
        self.deliver(&url, &body).await
    }

    async fn deliver(&self, url: &Url, body: &Value) -> Result<(), Error> {
        const METHOD: &str = "respond";
        let connector = &self.client.http_api.connector;
        let reply = connector.post_json(url, METHOD, body).await;
        let reply = reply.map_err(|trouble| Error::trouble(METHOD, trouble))?;
        let status = reply.status;
        if status == reqwest::StatusCode::TOO_MANY_REQUESTS {
            return Err(Error::limited(METHOD, reply.retry_after));
        }
        let said: Option<Value> = serde_json::from_slice(&reply.body).ok();
        let refused = said.as_ref().filter(|said| said.get("ok") == Some(&Value::Bool(false)));
        match refused {
            Some(said) => {
                Err(Error::said(METHOD, loose::text(said, "/error").unwrap_or_default(), Vec::new()))
            }
            None if status.is_success() => Ok(()),
            None if status.is_client_error() => {
                let word = String::from_utf8_lossy(&reply.body);
                Err(Error::said(METHOD, word.trim(), Vec::new()))
            }
            None => Err(Error::down(METHOD, Outage::Status(status.as_u16()))),
        }
    }
}

impl SlackBot {
    /// A call that changes something, made once.
    async fn write(&self, method: &str, body: &Value) -> Result<Value, Error> {
        let session = self.slack.client.open_session(&self.token);
        let answer: ClientResult<Value> = session.http_session_api.http_post(method, body, None).await;
        answer.map_err(|error| Error::from_client(method, error))
    }

    /// A call that only asks, made once more when Slack was not there.
    async fn read(&self, method: &str, fields: &[(&str, &str)]) -> Result<Value, Error> {
        match self.ask(method, fields).await {
            Err(Error::Down { .. }) => self.ask(method, fields).await,
            answer => answer,
        }
    }

    /// Reading methods know forms only, no JSON.
    async fn ask(&self, method: &str, fields: &[(&str, &str)]) -> Result<Value, Error> {
        let form = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let url = format!("{}/{method}", self.slack.api.as_str().trim_end_matches('/'));
        let url = url.parse().map_err(|_| Error::down(method, Outage::Unreached))?;
        let session = self.slack.client.open_session(&self.token);
        let kind = "application/x-www-form-urlencoded".to_owned();
        let answer: ClientResult<Value> =
            session.http_session_api.http_post_uri_binary(url, kind, form.as_bytes(), None).await;
        answer.map_err(|error| Error::from_client(method, error))
    }
}
