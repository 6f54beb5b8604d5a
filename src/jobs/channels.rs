//! A channel that cannot be spoken in holds its feeds back: whoever asked for them is told once, and they go on
//! when the bot is let in again.

use std::collections::BTreeMap;
use std::time::Duration;

use super::Turn;
use crate::bot::{Bot, Failure};
use crate::commands::end_button;
use crate::slack;
use crate::store::{HeldFeeds, Slot};
use crate::words::channel::{Shut, Stir};
use crate::words::message::{Line, Message, Span};
use crate::words::names::{Channel, SlackUser};
use crate::words::wish::RepoPattern;
use crate::words::work::{NewJob, TellPerson};

/// How often it is looked whether the bot is back in a channel, in milliseconds.
const AGAIN: i64 = 60 * 60 * 1000;
/// No more feeds are named one by one, each with a button.
const NAMED: usize = 5;

/// Something happened to a channel.
pub(super) async fn stirred(turn: &Turn<'_>, channel: &Channel, stir: Stir) -> Result<(), Failure> {
    match stir {
        Stir::Shut(why) => shut(turn.bot, channel, why).await,
        Stir::Open => reopen(turn, channel).await,
    }
}

/// What Slack's refusal says of a channel, if it says anything.
pub(super) fn why(error: &slack::Error) -> Option<Shut> {
    match error.code()? {
        "is_archived" | "is_inactive" => Some(Shut::Archived),
        "channel_not_found" | "not_in_channel" => Some(Shut::Out),
        code if code.starts_with("restricted_action") => Some(Shut::Silenced),
        _ => None,
    }
}

/// Nothing can be said there any more. Those who asked for its feeds are told, once.
pub(super) async fn shut(bot: &Bot, channel: &Channel, why: Shut) -> Result<(), Failure> {
    if channel.is_direct() {
        return Ok(());
    }
    let mut feeds: BTreeMap<SlackUser, Vec<RepoPattern>> = BTreeMap::new();
    for one in bot.store.subscriptions_in(channel).await? {
        feeds.entry(one.asked_by).or_default().push(one.repos);
    }
    let digests = bot.store.digests_in(channel).await?;
    for digest in &digests {
        feeds.entry(digest.what.asked_by.clone()).or_default();
    }
    if feeds.is_empty() {
        return Ok(());
    }
    let mut told = Vec::new();
    for (asker, repos) in &feeds {
        if !bot.has_left(asker).await? {
            told.push((asker.clone(), words(bot, (channel, why), repos)));
        }
    }
    let mut tx = bot.store.begin().await?;
    if let Some(since) = tx.shut_channel(channel, why.word()).await? {
        for (to, message) in told {
            let identity = format!("shut:{}:{since}", channel.id);
            tx.enqueue(NewJob::of(&TellPerson { to, identity, message })).await?;
        }
    }
    if why == Shut::Deleted {
        for repos in feeds.values().flatten() {
            tx.unsubscribe(channel, repos).await?;
        }
        for digest in digests {
            tx.remove_digest(digest.id).await?;
        }
    }
    tx.commit().await?;
    bot.nudge.notify_waiters();
    Ok(())
}

fn words(bot: &Bot, (channel, why): (&Channel, Shut), repos: &[RepoPattern]) -> Message {
    let there = |before: &str| Line::new().text(before).span(Span::Channel(channel.clone()));
    let (what, mend) = match why {
        Shut::Archived => (
            there("").text(" was archived"),
            "When it is unarchived, it goes on; where it is private, type `/invite @Dipper` there then."
                .to_owned(),
        ),
        Shut::Out => {
            (there("I am no longer in "), "Type `/invite @Dipper` there, and it goes on.".to_owned())
        }
        Shut::Silenced => (
            there("Slack no longer lets me post in "),
            format!(
                "Whoever manages the channel can allow it; `{}` there lets it go on then.",
                bot.slash("subscriptions")
            ),
        ),
        Shut::Deleted => (there("").text(" was deleted"), "What it was told goes with it.".to_owned()),
    };
    let names: Vec<String> = repos.iter().take(NAMED).map(RepoPattern::short).collect();
    let more = if repos.len() > NAMED { " and more" } else { "" };
    let line = match names.as_slice() {
        [] => what.text(", so no digest is sent there."),
        names => what.text(", so it is not told of ").bold(names.join(", ")).text(format!("{more}.")),
    };
    let message = Message::line(line).and(mend);
    let ends = repos.iter().take(NAMED).filter(|_| why != Shut::Deleted);
    ends.fold(message, |message, repos| message.button(end_button(repos, channel)))
}

/// Where no event told so, the bot may have been let in again all the same: that is looked at once in a while.
pub(super) async fn look_again(turn: &Turn<'_>, channel: &Channel, held: &HeldFeeds) -> Result<(), Failure> {
    let silenced = held.why_shut(channel) == Some(Shut::Silenced.word());
    let slot = format!("shut:{}:{}", channel.team, channel.id);
    match turn.bot.store.take_slot_within(&slot, AGAIN, Duration::ZERO).await? {
        // Slack does not tell beforehand whether it would take a message.
        Slot::Theirs(_) if !silenced => reopen(turn, channel).await,
        _ => Ok(()),
    }
}

/// It may be spoken in again: where it is, its feeds go on, with their newest cards as things stand now.
async fn reopen(turn: &Turn<'_>, channel: &Channel) -> Result<(), Failure> {
    if !turn.bot.store.held().await?.is_shut(channel) {
        return Ok(());
    }
    let slack = turn.bot.slack(&channel.team).await?;
    let info = match slack.channel_info(channel).await {
        Err(slack::Error::Api { .. }) => return Ok(()),
        info => info?,
    };
    if info.archived || (info.private && !info.member) {
        return Ok(());
    }
    if !info.member && matches!(slack.join(channel).await, Err(slack::Error::Api { .. })) {
        return Ok(());
    }
    let cards = turn.bot.redraw(channel).await?;
    let mut tx = turn.begin().await?;
    if tx.open_channel(channel).await? {
        for card in cards {
            tx.enqueue(card).await?;
        }
    }
    Ok(tx.commit().await?)
}
