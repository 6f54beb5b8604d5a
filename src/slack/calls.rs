//! The Web API calls we make, by the words of this house.

use serde_json::{Value, json};

use super::blocks::draw;
use super::forms::View;
use super::{Error, SlackBot, loose};
use crate::seal::Secret;
use crate::words::message::Message;
use crate::words::names::{Channel, SlackUser, Team};

/// The type of the metadata that our messages carry.
const METADATA: &str = "dipper";
/// How many messages one page of a conversation holds.
const PAGE: &str = "100";
/// How many pages are looked through at most.
const MOST_PAGES: usize = 10;

/// Who the token belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// The workspace, or the enterprise where the app is installed for all of it.
    pub team: Team,
    /// The bot's user id.
    pub user: String,
    /// The bot's own id.
    pub bot_id: Option<String>,
    /// The workspace's address.
    pub url: Option<String>,
}

/// What a conversation is.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "Slack tells them one by one")]
pub struct ChannelInfo {
    /// Its name; none between two people.
    pub name: Option<String>,
    /// Whether only its members see it.
    pub private: bool,
    /// Whether the bot is in it.
    pub member: bool,
    /// Whether it was archived.
    pub archived: bool,
    /// Whether people of another organisation are in it.
    pub shared: bool,
}

/// A view that Slack shows somebody now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ViewId {
    /// Its id.
    pub id: String,
    /// Its state, to be named when it is changed so that a newer one is not overwritten.
    pub hash: Option<String>,
}

/// The body of a message to post.
fn to_post(channel: &Channel, message: &Message, thread: Option<&str>, identity: Option<&str>) -> Value {
    let mut body = draw(message).for_post();
    body["channel"] = json!(channel.id);
    body["unfurl_links"] = json!(false);
    body["unfurl_media"] = json!(false);
    if let Some(thread) = thread {
        body["thread_ts"] = json!(thread);
    }
    if let Some(identity) = identity {
        // Strings only: several readers of message metadata choke on anything else.
        body["metadata"] = json!({"event_type": METADATA, "event_payload": {"identity": identity}});
    }
    body
}

impl SlackBot {
    /// Asks who the token belongs to.
    pub async fn auth_test(&self) -> Result<Identity, Error> {
        const METHOD: &str = "auth.test";
        let answer = self.read(METHOD, &[]).await?;
        identity_of(&answer).ok_or_else(|| Error::unreadable(METHOD))
    }

    /// Posts a message and gives back its timestamp. With an identity it can be found again by
    /// [`SlackBot::find_posted`].
    pub async fn post_message(
        &self,
        channel: &Channel,
        message: &Message,
        thread: Option<&str>,
        identity: Option<&str>,
    ) -> Result<String, Error> {
        self.post(to_post(channel, message, thread, identity)).await
    }

    /// The same into a thread, and shown in the channel too.
    pub async fn post_reply_to_all(
        &self,
        channel: &Channel,
        message: &Message,
        thread: &str,
        identity: Option<&str>,
    ) -> Result<String, Error> {
        let mut body = to_post(channel, message, Some(thread), identity);
        body["reply_broadcast"] = json!(true);
        self.post(body).await
    }

    async fn post(&self, body: Value) -> Result<String, Error> {
        const METHOD: &str = "chat.postMessage";
        let answer = self.write(METHOD, &body).await?;
        owned(&answer, "/ts").ok_or_else(|| Error::unreadable(METHOD))
    }

    /// Turns a message of ours into another.
    pub async fn update_message(&self, channel: &Channel, ts: &str, message: &Message) -> Result<(), Error> {
        let mut body = draw(message).for_update();
        body["channel"] = json!(channel.id);
        body["ts"] = json!(ts);
        self.write("chat.update", &body).await.map(drop)
    }

    /// Takes a message of ours away.
    pub async fn delete_message(&self, channel: &Channel, ts: &str) -> Result<(), Error> {
        let body = json!({"channel": channel.id, "ts": ts});
        self.write("chat.delete", &body).await.map(drop)
    }

    /// Tells one person something in a conversation where others do not see it.
    pub async fn post_ephemeral(
        &self,
        channel: &Channel,
        to: &SlackUser,
        message: &Message,
    ) -> Result<(), Error> {
        let mut body = draw(message).for_post();
        body["channel"] = json!(channel.id);
        body["user"] = json!(to.id);
        self.write("chat.postEphemeral", &body).await.map(drop)
    }

    /// The conversation between the bot and one person.
    pub async fn open_direct(&self, with: &SlackUser) -> Result<Channel, Error> {
        const METHOD: &str = "conversations.open";
        let answer = self.write(METHOD, &json!({"users": with.id})).await?;
        let id = owned(&answer, "/channel/id").ok_or_else(|| Error::unreadable(METHOD))?;
        Ok(Channel { team: with.team.clone(), id })
    }

    /// Joins a public channel; being in it already is as good.
    pub async fn join(&self, channel: &Channel) -> Result<(), Error> {
        let body = json!({"channel": channel.id});
        self.write("conversations.join", &body).await.map(drop)
    }

    /// What a conversation is.
    pub async fn channel_info(&self, channel: &Channel) -> Result<ChannelInfo, Error> {
        let fields = [("channel", channel.id.as_str())];
        let answer = self.read("conversations.info", &fields).await?;
        let direct = loose::flag(&answer, "/channel/is_im");
        Ok(ChannelInfo {
            name: owned(&answer, "/channel/name").filter(|_| !direct),
            private: direct
                || loose::flag(&answer, "/channel/is_private")
                || loose::flag(&answer, "/channel/is_mpim"),
            member: direct || loose::flag(&answer, "/channel/is_member"),
            archived: loose::flag(&answer, "/channel/is_archived"),
            shared: loose::flag(&answer, "/channel/is_ext_shared"),
        })
    }

    /// The timestamp of the message that was posted with this identity, if it was, looking through
    /// what was said since then in the channel or in one thread. The bot must be a member.
    pub async fn find_posted(
        &self,
        channel: &Channel,
        thread: Option<&str>,
        identity: &str,
        since_ms: i64,
    ) -> Result<Option<String>, Error> {
        let since = since_ms.max(0);
        let oldest = format!("{}.{:03}000", since / 1000, since % 1000);
        let mut cursor = String::new();
        for _ in 0..MOST_PAGES {
            let mut fields = vec![
                ("channel", channel.id.as_str()),
                ("oldest", &oldest),
                ("inclusive", "true"),
                ("include_all_metadata", "true"),
                ("limit", PAGE),
            ];
            fields.extend(thread.map(|ts| ("ts", ts)));
            if !cursor.is_empty() {
                fields.push(("cursor", &cursor));
            }
            let method = thread.map_or("conversations.history", |_| "conversations.replies");
            let page = self.read(method, &fields).await?;
            if let Some(ts) = posted_in(&page, identity) {
                return Ok(Some(ts));
            }
            match loose::text(&page, "/response_metadata/next_cursor") {
                Some(next) => next.clone_into(&mut cursor),
                None => return Ok(None),
            }
        }
        Err(Error::Endless)
    }

    /// Opens a view for the person whose trigger this is.
    pub async fn open_view(&self, trigger: &Secret, view: &View) -> Result<ViewId, Error> {
        const METHOD: &str = "views.open";
        let body = json!({"trigger_id": trigger.reveal(), "view": view});
        view_id(METHOD, &self.write(METHOD, &body).await?)
    }

    /// Lays a view on top of the one in which this person's trigger was made.
    pub async fn push_view(&self, trigger: &Secret, view: &View) -> Result<ViewId, Error> {
        const METHOD: &str = "views.push";
        let body = json!({"trigger_id": trigger.reveal(), "view": view});
        view_id(METHOD, &self.write(METHOD, &body).await?)
    }

    /// Turns a view into another, unless it has changed since `hash`.
    pub async fn update_view(&self, id: &str, hash: Option<&str>, view: &View) -> Result<ViewId, Error> {
        const METHOD: &str = "views.update";
        let mut body = json!({"view_id": id, "view": view});
        if let Some(hash) = hash {
            body["hash"] = json!(hash);
        }
        view_id(METHOD, &self.write(METHOD, &body).await?)
    }
}

/// Who an answer of `auth.test` says we are.
pub(super) fn identity_of(answer: &Value) -> Option<Identity> {
    Some(Identity {
        team: Team::new(loose::first(answer, &["/team_id", "/enterprise_id"])?),
        user: owned(answer, "/user_id")?,
        bot_id: owned(answer, "/bot_id"),
        url: owned(answer, "/url"),
    })
}

pub(super) fn owned(answer: &Value, pointer: &str) -> Option<String> {
    loose::text(answer, pointer).map(str::to_owned)
}

fn view_id(method: &str, answer: &Value) -> Result<ViewId, Error> {
    Ok(ViewId {
        id: owned(answer, "/view/id").ok_or_else(|| Error::unreadable(method))?,
        hash: owned(answer, "/view/hash"),
    })
}

fn posted_in(page: &Value, identity: &str) -> Option<String> {
    let ours = |message: &&Value| {
        loose::text(message, "/metadata/event_type") == Some(METADATA)
            && loose::text(message, "/metadata/event_payload/identity") == Some(identity)
    };
    let found = loose::items(page, "/messages").iter().find(ours)?;
    owned(found, "/ts")
}
