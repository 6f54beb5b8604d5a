//! Saying something in Slack once: the intent is written first, and looked for before it is repeated.

use std::time::Duration;

use sha2::{Digest, Sha256};

use super::{Turn, channels};
use crate::bot::{Bot, Failure};
use crate::slack::{self, SlackBot};
use crate::store::{Post, PostState, Slot};
use crate::words::message::Message;
use crate::words::names::{Channel, Team};

/// Slack takes one message a second in a channel.
const PACE: i64 = 1000;
/// Slack names a message by its own clock, which may be so far behind ours.
const SKEW: i64 = 5 * 60 * 1000;

/// Something to say in a place, under a key that is said once.
#[derive(Clone, Copy)]
pub struct Saying<'a> {
    /// Where.
    pub channel: &'a Channel,
    /// Under which message, if any.
    pub thread: Option<&'a str>,
    /// What makes it this one and no other in that channel.
    pub key: &'a str,
    /// What.
    pub message: &'a Message,
}

impl Saying<'_> {
    /// Says it, unless it was said; the message's timestamp either way, none if it was taken away since.
    pub async fn once(&self, turn: &Turn<'_>, drawn: &str) -> Result<Option<String>, Failure> {
        self.say(turn, drawn, false).await
    }

    /// The same; in a thread it is shown in the channel too, if that is wanted.
    pub async fn say(&self, turn: &Turn<'_>, drawn: &str, to_all: bool) -> Result<Option<String>, Failure> {
        let identity = self.identity(turn);
        if !self.channel.is_direct() && turn.bot.store.held().await?.is_shut(self.channel) {
            return Ok(None);
        }
        let mut tx = turn.begin().await?;
        let post = tx.about_to_post(self.channel, self.key, &identity).await?;
        tx.commit().await?;
        match post.state {
            PostState::Gone => Ok(None),
            PostState::Posted => Ok(post.ts),
            PostState::About => self.post(turn, &post, (drawn, to_all)).await,
        }
    }

    /// Says it, or brings what was said up to date; whether it is there, or was and somebody took it away.
    pub async fn keep(&self, turn: &Turn<'_>) -> Result<bool, Failure> {
        let drawn = fingerprint(self.message);
        match turn.bot.store.post(self.channel, self.key).await? {
            Some(post) if post.state == PostState::Gone || post.drawn.as_deref() == Some(&drawn) => Ok(true),
            Some(post) if post.state == PostState::Posted => {
                self.redraw(turn, post.ts.as_deref().unwrap_or_default(), &drawn).await?;
                Ok(true)
            }
            _ => {
                let Some(ts) = self.once(turn, &drawn).await? else { return Ok(false) };
                let post = turn.bot.store.post(self.channel, self.key).await?;
                if post.is_some_and(|post| post.drawn.as_deref() != Some(&drawn)) {
                    self.redraw(turn, &ts, &drawn).await?;
                }
                Ok(true)
            }
        }
    }

    async fn redraw(&self, turn: &Turn<'_>, ts: &str, drawn: &str) -> Result<(), Failure> {
        let slack = turn.bot.slack(&self.channel.team).await?;
        await_edits(turn.bot, &self.channel.team).await?;
        let updated = slack.update_message(self.channel, ts, self.message).await;
        mind_edits(turn.bot, &self.channel.team, &updated).await?;
        // Somebody took it away: it is not brought back.
        let gone = updated.as_ref().is_err_and(slack::Error::is_gone_message);
        if !gone && still_there(turn.bot, self.channel, updated).await?.is_none() {
            return Ok(());
        }
        let mut tx = turn.begin().await?;
        if gone {
            tx.post_gone(self.channel, self.key).await?;
        } else {
            tx.posted(self.channel, self.key, ts, Some(drawn)).await?;
        }
        Ok(tx.commit().await?)
    }

    /// What it is known by in Slack when this job says it.
    pub fn identity(&self, turn: &Turn<'_>) -> String {
        format!("{:x}:{}", turn.claim.id, self.key)
    }

    async fn post(
        &self,
        turn: &Turn<'_>,
        post: &Post,
        (drawn, to_all): (&str, bool),
    ) -> Result<Option<String>, Failure> {
        let bot = turn.bot;
        let slack = bot.slack(&self.channel.team).await?;
        let found = if post.first { Ok(None) } else { self.find(&slack, post).await };
        // What an earlier attempt said may read otherwise by now.
        let drawn = Some(drawn).filter(|_| !matches!(found, Ok(Some(_))));
        let said = match found {
            Ok(Some(ts)) => Ok(ts),
            Ok(None) => {
                pace(bot, self.channel).await?;
                match self.thread.filter(|_| to_all) {
                    Some(ts) => {
                        slack.post_reply_to_all(self.channel, self.message, ts, Some(&post.identity)).await
                    }
                    None => {
                        slack
                            .post_message(self.channel, self.message, self.thread, Some(&post.identity))
                            .await
                    }
                }
            }
            Err(error) => Err(error),
        };
        let Some(ts) = still_there(bot, self.channel, said).await? else {
            return Ok(None);
        };
        let mut tx = turn.begin().await?;
        tx.posted(self.channel, self.key, &ts, drawn).await?;
        tx.commit().await?;
        Ok(Some(ts))
    }

    /// An earlier attempt may have said it and died before it could write so down.
    async fn find(&self, slack: &SlackBot, post: &Post) -> Result<Option<String>, slack::Error> {
        slack.find_posted(self.channel, self.thread, &post.identity, post.at - SKEW).await
    }
}

/// Tells whether a message already looks as it should.
fn fingerprint(message: &Message) -> String {
    let text = serde_json::to_vec(message).unwrap_or_default();
    hex::encode(&Sha256::digest(text)[..16])
}

/// Waits its turn in a channel: the slot is taken, or the job comes back when there is one.
pub async fn pace(bot: &Bot, channel: &Channel) -> Result<(), Failure> {
    let scope = scope(channel);
    let now = bot.clock.millis();
    let free_at = match bot.store.paused_until(&scope).await? {
        Some(until) if until > now => until,
        _ => match bot.store.take_slot_within(&scope, PACE, Duration::ZERO).await? {
            // Taken without patience it is now, although the clock may have ticked on since we looked at it.
            Slot::Theirs(_) => return Ok(()),
            Slot::Later(at) => at,
        },
    };
    wait_until(free_at, now)
}

/// Edits count by workspace: one that was told to wait makes all of them wait, in every replica.
async fn await_edits(bot: &Bot, team: &Team) -> Result<(), Failure> {
    let until = bot.store.paused_until(&edits(team)).await?;
    wait_until(until.unwrap_or_default(), bot.clock.millis())
}

/// Keeps the wait that an edit was answered with.
async fn mind_edits<T>(bot: &Bot, team: &Team, answer: &Result<T, slack::Error>) -> Result<(), Failure> {
    let Err(slack::Error::RateLimited { retry_after, .. }) = answer else {
        return Ok(());
    };
    let now = bot.clock.millis();
    let until = now + crate::clock::millis_of(*retry_after);
    bot.store.pause(&edits(team), until).await?;
    wait_until(until, now)
}

fn edits(team: &Team) -> String {
    format!("slack:{team}:chat.update")
}

fn wait_until(at: i64, now: i64) -> Result<(), Failure> {
    if at <= now {
        return Ok(());
    }
    let after = Duration::from_millis(u64::try_from(at - now).unwrap_or_default());
    Err(Failure::Later { why: "Slack asks to slow down.".to_owned(), after: Some(after) })
}

/// Passes an answer on; a wait that Slack asks for is kept by every replica.
pub async fn minded<T>(bot: &Bot, channel: &Channel, answer: Result<T, slack::Error>) -> Result<T, Failure> {
    if let Err(slack::Error::RateLimited { retry_after, .. }) = &answer {
        let until = bot.clock.millis() + crate::clock::millis_of(*retry_after);
        bot.store.pause(&scope(channel), until).await?;
    }
    Ok(answer?)
}

/// [`minded`]; none where the place is gone: the bot was taken out of the channel, or the thread away.
pub async fn still_there<T>(
    bot: &Bot,
    channel: &Channel,
    answer: Result<T, slack::Error>,
) -> Result<Option<T>, Failure> {
    match answer {
        Err(error) if error.is_gone_channel() || error.is_gone_message() => {
            tracing::warn!(channel = channel.id, %error, "nothing can be said there any more");
            if let Some(why) = channels::why(&error) {
                channels::shut(bot, channel, why).await?;
            }
            Ok(None)
        }
        answer => minded(bot, channel, answer).await.map(Some),
    }
}

fn scope(channel: &Channel) -> String {
    format!("slack:{}:{}", channel.team, channel.id)
}
