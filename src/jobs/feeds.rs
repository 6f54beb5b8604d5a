//! A feed belongs to its channel: it goes on without the one who asked for it where the bot's own credential
//! sees the repository, and else waits until somebody takes it over.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::sight::{self, Sight};
use super::{Turn, channels, look};
use crate::bot::Failure;
use crate::commands::{stop_button, take_over_button};
use crate::store::{HeldFeeds, Subscription};
use crate::words::message::{Line, Message};
use crate::words::names::{Channel, RepoName};
use crate::words::work::{NewJob, Say};

/// Those that may be told of a repository now: their channel can be spoken in, and somebody's account sees it.
pub(super) async fn listening(
    turn: &Turn<'_>,
    repo: &RepoName,
    mut all: Vec<Arc<Subscription>>,
) -> Result<Vec<Arc<Subscription>>, Failure> {
    let mut held = turn.bot.store.held().await?;
    let shut: BTreeSet<&Channel> =
        all.iter().map(|one| &one.channel).filter(|channel| held.is_shut(channel)).collect();
    if !shut.is_empty() {
        for channel in shut {
            channels::look_again(turn, channel, &held).await?;
        }
        held = turn.bot.store.held().await?;
    }
    all.retain(|one| !held.is_shut(&one.channel));
    let seen = look::keep_readable(turn, repo, all).await?;
    go_on(turn, &held, &seen).await?;
    Ok(seen)
}

/// Those whose asker does not see the repository, as far as they go on all the same. Of the others the channel
/// is told, once.
pub(super) async fn without_asker(
    turn: &Turn<'_>,
    repo: &RepoName,
    all: Vec<(Arc<Subscription>, Sight)>,
) -> Result<Vec<Arc<Subscription>>, Failure> {
    let mut kept = Vec::new();
    for (one, sight) in all {
        let goes_on = match (one.repos.is_wide(), sight) {
            (_, Sight::Sees) => true,
            // Who asked for one repository has read it; who asked for many need not have read this one.
            (wide, Sight::Unsure) => !wide,
            // What they never saw was never told.
            (true, Sight::Refused) => continue,
            (false, _) => sight::service_reads(turn, repo).await?,
            (true, Sight::Gone) if sight::has_service(turn, repo)? => {
                if !(sight::once_read(turn, repo, &one.asked_by).await?
                    && sight::service_reads(turn, repo).await?)
                {
                    continue;
                }
                true
            }
            (true, Sight::Gone) => false,
        };
        if goes_on {
            kept.push(one);
        } else {
            hold(turn, &one, sight).await?;
        }
    }
    Ok(kept)
}

/// Nothing more is told until somebody takes it over; the channel is told so, once.
async fn hold(turn: &Turn<'_>, feed: &Subscription, sight: Sight) -> Result<(), Failure> {
    let mut tx = turn.begin().await?;
    let Some(since) = tx.hold_feed(&feed.channel, &feed.repos).await? else {
        return Ok(());
    };
    let work = Say {
        channel: feed.channel.clone(),
        root: None,
        identity: format!("held:{}:{since}", feed.repos),
        message: unseen(feed, sight),
        broadcast: false,
    };
    tx.enqueue(NewJob::of(&work).in_order(format!("say:{}:{}", feed.channel.team, feed.channel.id))).await?;
    Ok(tx.commit().await?)
}

fn unseen(feed: &Subscription, sight: Sight) -> Message {
    let line = Line::new().text("I can no longer see ").bold(feed.repos.short()).text(" for this channel: ");
    let line = line.person(feed.asked_by.clone()).text(", who asked for it, ").text(match sight {
        Sight::Gone => "has no account connected any more.",
        _ => "may not read it any more.",
    });
    Message::line(line)
        .and("Anyone here who can read it may take the feed over; until then nothing of it is told here.")
        .button(take_over_button(&feed.repos))
        .button(stop_button(&feed.repos))
}

/// Those that were held back and are seen again go on, with their cards as things stand now.
async fn go_on(turn: &Turn<'_>, held: &HeldFeeds, seen: &[Arc<Subscription>]) -> Result<(), Failure> {
    for one in seen.iter().filter(|one| held.waits(&one.channel, &one.repos)) {
        let cards = turn.bot.redraw(&one.channel).await?;
        let mut tx = turn.begin().await?;
        if tx.free_feed(&one.channel, &one.repos).await? {
            for card in cards {
                tx.enqueue(card).await?;
            }
        }
        tx.commit().await?;
    }
    Ok(())
}
