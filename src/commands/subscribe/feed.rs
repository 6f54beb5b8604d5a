//! A feed belongs to its channel: whoever can read what it is about may take it over, and whoever asked for it
//! may end it from elsewhere.

use super::{Subscribe, Unsubscribe, spoken};
use crate::bot::{Context, DONE, Failure, Outcome};
use crate::commands::Runs;
use crate::commands::place::come_in;
use crate::commands::repos::Repos;
use crate::store::Subscription;
use crate::words::message::{Action, Button, Line, Message};
use crate::words::names::Channel;
use crate::words::wish::RepoPattern;

/// The button by which somebody lends a feed their eyes.
pub fn take_over_button(repos: &RepoPattern) -> Button {
    let does = Action::named(Subscribe::NAME).with("repo", repos.to_string()).with("takes_over", true);
    let question = format!(
        "From now on this channel is told what your account can read of {}. Others here will see it.",
        repos.short()
    );
    Button::new("Take over", does).main().confirm(question, "Take over")
}

/// The button that ends a feed where it stands.
pub fn stop_button(repos: &RepoPattern) -> Button {
    Button::new("Stop", Action::named(Unsubscribe::NAME).with("repo", repos.to_string()))
}

/// The button that ends a channel's feed from elsewhere.
pub fn end_button(repos: &RepoPattern, channel: &Channel) -> Button {
    let does = Action::named(Unsubscribe::NAME).with("repo", repos.to_string());
    Button::new(format!("End {}", repos.short()), does.with("channel", serde_json::json!(channel)))
}

/// Goes on with a feed as it was, by the eyes of the one who asks.
pub(super) async fn take_over(cx: &Context<'_>, wanted: &Repos) -> Outcome {
    let repos = wanted.readable(cx).await?.repos;
    let channel = &cx.caller.channel;
    let told = cx.bot.store.subscriptions_in(channel).await?;
    let Some(feed) = told.into_iter().find(|one| one.repos == repos) else {
        let line = Line::new().text("This channel is not told of ").bold(repos.short()).text(" any more.");
        return Ok(Message::line(line));
    };
    if !cx.bot.store.held().await?.waits(channel, &repos) {
        let line = Line::new().bold(repos.short()).text(" is seen again, with the account of ");
        return Ok(Message::line(line.person(feed.asked_by).text(": there is nothing to take over.")));
    }
    come_in(cx).await?;
    seen_to_read(cx, &repos).await?;
    let deed = cx.deed(DONE).await?;
    let cards = cx.bot.redraw(channel).await?;
    let mut tx = cx.bot.store.begin().await?;
    tx.subscribe(channel, &repos, &feed.wish, &cx.caller.user).await?;
    tx.free_feed(channel, &repos).await?;
    for card in cards {
        tx.enqueue(card.because_of(cx.origin)).await?;
    }
    tx.write_down(&cx.bot.seal, &deed).await?;
    tx.commit().await?;
    cx.bot.nudge.notify_waiters();
    let line = Line::new().person(cx.caller.user.clone()).text(" took over ").bold(repos.short());
    let line = line.text(format!(": this channel is told of it again: {}.", spoken(&feed.wish)));
    Ok(Message::line(line).button(stop_button(&repos)).to_channel())
}

/// It was read a moment ago, with the caller's own account: that need not be asked again today.
pub(super) async fn seen_to_read(cx: &Context<'_>, repos: &RepoPattern) -> Result<(), Failure> {
    if let Some(repo) = repos.one() {
        let mut tx = cx.bot.store.begin().await?;
        tx.saw_reading(&repo, &cx.caller.user, true).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// The channel whose feed is to end: this one, or another where the feed is the caller's own.
pub(super) fn may_end(cx: &Context<'_>, channel: &Channel, told: &Subscription) -> Result<(), Failure> {
    if *channel == cx.caller.channel || told.asked_by == cx.caller.user {
        return Ok(());
    }
    Err(Failure::told("Only whoever asked for it can end it from here; anyone can where it is told."))
}
