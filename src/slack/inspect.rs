//! A look at ourselves with Slack's eyes: who we are there, what we may do, and how far apart our clocks are.

use chrono::DateTime;
use serde_json::Value;
use url::Url;

use super::calls::identity_of;
use super::{Error, Identity, Outage, SCOPES, SlackBot, loose};

/// Requests whose time is further away than this are refused, by Slack and by us.
const TOO_FAR: i64 = 5 * 60 * 1000;
/// So much is worth a word.
const FAR: i64 = 60 * 1000;

/// What Slack says of us.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inspection {
    /// Who the token belongs to.
    pub identity: Identity,
    /// What the workspace is called.
    pub team_name: String,
    /// What the token may do; none where Slack does not say.
    pub granted: Option<Vec<String>>,
    /// How far our clock is ahead of Slack's, in milliseconds, where Slack says the time.
    pub ahead: Option<i64>,
}

impl SlackBot {
    /// Asks who we are, and looks at what comes with the answer.
    pub async fn inspect(&self) -> Result<Inspection, Error> {
        const METHOD: &str = "auth.test";
        let address = format!("{}/{METHOD}", self.slack.api.as_str().trim_end_matches('/'));
        let url: Url = address.parse().map_err(|_| Error::down(METHOD, Outage::Unreached))?;
        let connector = &self.slack.client.http_api.connector;
        let reply = connector.post_as(&self.token.token_value.0, &url, METHOD).await;
        let reply = reply.map_err(|trouble| Error::trouble(METHOD, trouble))?;
        if reply.status == reqwest::StatusCode::TOO_MANY_REQUESTS {
            return Err(Error::limited(METHOD, reply.retry_after));
        }
        if reply.status.is_server_error() {
            return Err(Error::down(METHOD, Outage::Status(reply.status.as_u16())));
        }
        let said: Value = serde_json::from_slice(&reply.body).map_err(|_| Error::unreadable(METHOD))?;
        if !loose::flag(&said, "/ok") {
            return Err(Error::said(METHOD, loose::text(&said, "/error").unwrap_or_default(), Vec::new()));
        }
        let header = |name: &str| reply.headers.get(name).and_then(|value| value.to_str().ok());
        let granted = header("x-oauth-scopes")
            .map(|list| list.split(',').map(|scope| scope.trim().to_owned()).collect());
        let theirs = header("date").and_then(|text| DateTime::parse_from_rfc2822(text).ok());
        Ok(Inspection {
            identity: identity_of(&said).ok_or_else(|| Error::unreadable(METHOD))?,
            team_name: loose::text(&said, "/team").unwrap_or_default().to_owned(),
            granted,
            ahead: theirs.map(|theirs| connector.now() - theirs.timestamp_millis()),
        })
    }
}

impl Inspection {
    /// What we need and may not do.
    pub fn missing(&self) -> Vec<&'static str> {
        let Some(granted) = &self.granted else {
            return Vec::new();
        };
        SCOPES
            .iter()
            .map(|(scope, _)| *scope)
            .filter(|scope| !granted.iter().any(|one| one == scope))
            .collect()
    }

    /// What is wrong with the scopes, and the mend.
    pub fn scopes_amiss(&self) -> Option<String> {
        let missing = self.missing();
        (!missing.is_empty()).then(|| {
            format!(
                "{} not granted; add what the manifest lists and install the app again",
                missing.join(", ")
            )
        })
    }

    /// What is wrong with the clock, and the mend; and whether nothing works with it.
    pub fn clock_amiss(&self) -> Option<(String, bool)> {
        let ahead = self.ahead.filter(|ahead| ahead.abs() > FAR)?;
        let way = if ahead > 0 { "ahead of" } else { "behind" };
        let seconds = ahead.abs() / 1000;
        let says = format!("this machine's clock is {seconds} s {way} Slack's; let it be set by NTP");
        Some((says, ahead.abs() > TOO_FAR))
    }
}
