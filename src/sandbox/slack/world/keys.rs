//! Triggers and response URLs: the short-lived keys Slack hands out, and how they wear out.

use super::World;

/// A trigger lives this long.
pub const TRIGGER_MILLIS: i64 = 3_000;
/// A response URL lives this long, and can be used so often.
pub const RESPONSE_MILLIS: i64 = 30 * 60 * 1_000;
pub const RESPONSE_USES: u8 = 5;

/// What lets the bot open one view.
#[derive(Clone, Debug)]
pub struct Trigger {
    pub id: String,
    pub user: String,
    pub at: i64,
    pub used: bool,
}

/// What lets the bot answer where it was asked.
#[derive(Clone, Debug)]
pub struct ResponseUrl {
    pub id: String,
    pub channel: String,
    pub user: String,
    /// The message it replaces or deletes: the one acted on, or the last it said itself.
    pub origin: Option<String>,
    /// Whether it came from a message rather than from a command.
    pub of_message: bool,
    pub at: i64,
    pub uses: u8,
}

impl World {
    /// A fresh trigger for this person.
    pub fn mint_trigger(&mut self, user: &str) -> String {
        let digits = self.now() / 1000;
        let id = format!("{digits}.{}.{}", self.triggers.len() + 1, self.random(32));
        self.triggers.push(Trigger { id: id.clone(), user: user.to_owned(), at: self.now(), used: false });
        self.minted.push(id.clone());
        id
    }

    /// Uses a trigger up and says whose it was, or why not.
    pub fn spend_trigger(&mut self, id: &str) -> Result<String, &'static str> {
        let now = self.now();
        let found = self.triggers.iter_mut().find(|it| it.id == id);
        let trigger = found.ok_or("invalid_trigger_id")?;
        if trigger.used {
            return Err("exchanged_trigger_id");
        }
        if now - trigger.at > TRIGGER_MILLIS {
            return Err("expired_trigger_id");
        }
        trigger.used = true;
        Ok(trigger.user.clone())
    }

    /// A fresh response URL, for a message or (without one) for a command.
    pub fn mint_response_url(&mut self, channel: &str, user: &str, origin: Option<&str>) -> String {
        let secret = self.random(40);
        let id = format!("{}/{secret}", self.team.id);
        let url = format!("{}/response/{id}", self.url);
        self.response_urls.push(ResponseUrl {
            id,
            channel: channel.to_owned(),
            user: user.to_owned(),
            origin: origin.map(str::to_owned),
            of_message: origin.is_some(),
            at: self.now(),
            uses: 0,
        });
        self.minted.push(url.clone());
        url
    }

    /// The response URL, if it can still be used; else Slack's word for why not.
    pub fn live_response_url(&self, id: &str) -> Result<ResponseUrl, &'static str> {
        let found = self.response_urls.iter().find(|it| it.id == id);
        let url = found.ok_or("expired_url")?;
        if self.now() - url.at > RESPONSE_MILLIS {
            Err("expired_url")
        } else if url.uses >= RESPONSE_USES {
            Err("used_url")
        } else {
            Ok(url.clone())
        }
    }

    /// Counts one use, and remembers what it said last.
    pub fn spend_response_url(&mut self, id: &str, said: Option<&str>) {
        if let Some(url) = self.response_urls.iter_mut().find(|it| it.id == id) {
            url.uses += 1;
            if !url.of_message
                && let Some(ts) = said
            {
                url.origin = Some(ts.to_owned());
            }
        }
    }
}
