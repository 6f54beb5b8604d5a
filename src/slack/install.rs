//! Coming into a workspace: what the app hears of, the page that allows it, and the code's
//! exchange for the bot's token.

use serde_json::Value;
use url::Url;

use super::{Error, SCOPES, Slack, loose};
use crate::seal::Secret;
use crate::words::names::Team;

/// What the bot hears of, and why.
pub const EVENTS: &[(&str, &str)] = &[
    ("app_home_opened", "to show people their home tab when they open it"),
    ("channel_archive", "to hold back what it cannot say there, and to say so to whoever asked for it"),
    ("channel_deleted", "the same"),
    ("channel_left", "the same, when it is taken out of a channel"),
    ("channel_unarchive", "to go on"),
    ("group_archive", "the same for private channels"),
    ("group_deleted", "the same"),
    ("group_left", "the same"),
    ("group_unarchive", "the same"),
    ("member_joined_channel", "to go on when it is invited again"),
    ("app_uninstalled", "to forget a workspace that takes it out"),
    ("tokens_revoked", "to forget a token that is taken back"),
];

/// What somebody allowed.
#[derive(Debug)]
pub struct Granted {
    /// The workspace; none where it is all of an enterprise.
    pub team: Option<Team>,
    /// What people call it.
    pub name: String,
    /// The enterprise it belongs to, where it does.
    pub enterprise: Option<String>,
    /// The bot's token.
    pub token: Secret,
    /// Who the bot is there.
    pub bot_user: Option<String>,
    /// What it may do.
    pub scopes: String,
    /// Who allowed it.
    pub by: Option<String>,
}

impl Slack {
    /// The page on which somebody allows the bot into a workspace.
    pub fn authorize_url(&self, client_id: &str, state: &str, redirect_uri: &str) -> Url {
        let mut url = self.api.clone();
        url.set_path("/oauth/v2/authorize");
        let scopes: Vec<&str> = SCOPES.iter().map(|(scope, _)| *scope).collect();
        url.query_pairs_mut()
            .clear()
            .append_pair("client_id", client_id)
            .append_pair("scope", &scopes.join(","))
            .append_pair("state", state)
            .append_pair("redirect_uri", redirect_uri);
        url
    }

    /// The origin of that page.
    pub fn origin(&self) -> String {
        self.api.origin().ascii_serialization()
    }

    /// Turns the code that came back into a token.
    pub async fn exchange(
        &self,
        client: (&str, &Secret),
        code: &Secret,
        redirect_uri: &str,
    ) -> Result<Granted, Error> {
        const METHOD: &str = "oauth.v2.access";
        let url = format!("{}/{METHOD}", self.api.as_str().trim_end_matches('/'));
        let url = url.parse().map_err(|_| Error::unreadable(METHOD))?;
        let form = [("code", code.reveal().as_str()), ("redirect_uri", redirect_uri)];
        let answer = self.client.http_api.connector.post_as_client(url, METHOD, client, &form).await;
        let answer = answer.map_err(|error| Error::from_client(METHOD, error))?;
        granted(&answer).ok_or_else(|| Error::unreadable(METHOD))
    }
}

fn granted(answer: &Value) -> Option<Granted> {
    let owned = |pointer: &str| loose::text(answer, pointer).map(str::to_owned);
    let everywhere = loose::flag(answer, "/is_enterprise_install");
    let team = owned("/team/id").filter(|_| !everywhere).map(Team::new);
    let name = owned("/team/name").or_else(|| owned("/enterprise/name")).or_else(|| owned("/team/id"));
    if team.is_none() && !everywhere {
        return None;
    }
    Some(Granted {
        team,
        name: name.unwrap_or_default(),
        enterprise: owned("/enterprise/id"),
        token: Secret::new(owned("/access_token")?),
        bot_user: owned("/bot_user_id"),
        scopes: owned("/scope").unwrap_or_default().replace(',', " "),
        by: owned("/authed_user/id"),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_was_allowed_is_read_whatever_is_null() {
        let answer = json!({"ok": true, "access_token": "xoxb-1", "team": {"id": "T1"}, "enterprise": null});
        let read = granted(&answer).unwrap();
        assert_eq!((read.team, read.name.as_str(), read.enterprise), (Some(Team::new("T1")), "T1", None));
        let everywhere = json!({"access_token": "xoxb-1", "team": null, "is_enterprise_install": true,
            "enterprise": {"id": "E1", "name": "all"}});
        let read = granted(&everywhere).unwrap();
        assert_eq!((read.team, read.enterprise.as_deref()), (None, Some("E1")));
        for answer in [json!({"team": {"id": "T1"}}), json!({"access_token": "x", "team": null})] {
            assert!(granted(&answer).is_none(), "{answer}");
        }
    }
}
