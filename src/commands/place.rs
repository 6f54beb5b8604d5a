//! Whether the bot can speak in a channel: it joins public ones, asks to be invited to private ones, and says
//! when a channel is archived or shared with others.

use crate::bot::{Context, Failure};
use crate::slack;
use crate::words::message::Line;
use crate::words::names::Channel;

/// Comes into the channel it was asked in, to be where it feeds; what its people should know before.
pub(super) async fn come_in(cx: &Context<'_>) -> Result<Option<Line>, Failure> {
    come_in_to(cx, &cx.caller.channel).await
}

/// The same with any channel.
pub(super) async fn come_in_to(cx: &Context<'_>, channel: &Channel) -> Result<Option<Line>, Failure> {
    if channel.is_direct() {
        return Ok(None);
    }
    let invite = || Failure::told("I'm not in this channel. Type `/invite @Dipper`, then ask again.");
    let slack = cx.bot.slack(&channel.team).await?;
    let info = match slack.channel_info(channel).await {
        Ok(info) => info,
        Err(slack::Error::Api { .. }) => return Err(invite()),
        Err(error) => return Err(error.into()),
    };
    if info.archived {
        return Err(Failure::told("This channel is archived: nothing can be told here any more."));
    }
    if !info.member && info.private {
        return Err(invite());
    }
    if !info.member {
        match slack.join(channel).await {
            Ok(()) => {}
            Err(slack::Error::Api { .. }) => return Err(invite()),
            Err(error) => return Err(error.into()),
        }
    }
    speak_again(cx, channel).await?;
    let warning = "This channel is shared with another organisation: its people see what is told here.";
    Ok(info.shared.then(|| Line::from(warning)))
}

/// Where nothing could be said for a while it can again: the newest cards are brought up to date.
async fn speak_again(cx: &Context<'_>, channel: &Channel) -> Result<(), Failure> {
    if !cx.bot.store.held().await?.is_shut(channel) {
        return Ok(());
    }
    let cards = cx.bot.redraw(channel).await?;
    let mut tx = cx.bot.store.begin().await?;
    if tx.open_channel(channel).await? {
        for card in cards {
            tx.enqueue(card.because_of(cx.origin)).await?;
        }
    }
    tx.commit().await?;
    cx.bot.nudge.notify_waiters();
    Ok(())
}
