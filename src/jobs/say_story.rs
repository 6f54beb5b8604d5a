//! The story under a card: what comes in a burst waits for a moment of quiet, and is said as one message.

use std::time::Duration;

use super::post::Saying;
use super::{Job, Turn};
use crate::bot::{Bot, Failure};
use crate::notices::ThreadLine;
use crate::store::{Post, PostState, Tx, Unsaid};
use crate::views::story;
use crate::words::names::{Channel, PrName};
use crate::words::work::{NewJob, SayStory};

/// Keeps lines until they are said, each under its card.
pub(super) async fn keep(bot: &Bot, tx: &mut Tx, lines: &[ThreadLine]) -> Result<(), Failure> {
    let quiet = bot.clock.millis().saturating_add(bot.fold);
    for line in lines {
        tx.keep_line(&line.channel, &line.pr, &line.told).await?;
        tx.enqueue(story(&line.channel, &line.pr).at(quiet)).await?;
    }
    Ok(())
}

/// The job that says what waits under a card: one at a time for each, and only one waiting.
fn story(channel: &Channel, pr: &PrName) -> NewJob {
    let key = format!("story:{}:{}:{pr}", channel.team, channel.id);
    let work = SayStory { channel: channel.clone(), pr: pr.clone() };
    NewJob::of(&work).in_order(key.clone()).once(key)
}

/// The card is there: what has waited for it is said.
pub(super) async fn go_on(turn: &Turn<'_>, channel: &Channel, pr: &PrName) -> Result<(), Failure> {
    if turn.bot.store.unsaid(channel, pr).await?.is_empty() {
        return Ok(());
    }
    let mut tx = turn.begin().await?;
    tx.enqueue(story(channel, pr)).await?;
    tx.commit().await?;
    turn.bot.nudge.notify_waiters();
    Ok(())
}

impl Job for SayStory {
    async fn run(self, turn: &Turn<'_>) -> Result<(), Failure> {
        loop {
            let lines = turn.bot.store.unsaid(&self.channel, &self.pr).await?;
            if lines.is_empty() {
                return Ok(());
            }
            if !self.say_some(turn, lines).await? {
                return Ok(());
            }
        }
    }
}

impl SayStory {
    /// Whether there may be more to say.
    async fn say_some(&self, turn: &Turn<'_>, lines: Vec<Unsaid>) -> Result<bool, Failure> {
        let card = turn.bot.store.post(&self.channel, &Post::card_key(&self.pr)).await?;
        let ts = match card.map(|card| (card.state, card.ts)) {
            Some((PostState::Posted, Some(ts))) => ts,
            // A card that was taken away takes its thread with it.
            Some((PostState::Gone, _)) => return self.drop_all(turn).await.map(|()| false),
            // The card goes on with its story as soon as it is there, however long that takes.
            _ => return Ok(false),
        };
        let (burst, lines) = self.burst(turn, lines).await?;
        let broadcast = lines.iter().any(|line| line.told.broadcast);
        let told: Vec<_> = lines.into_iter().map(|line| line.told).collect();
        let message = story::of(&told);
        let key = format!("story:{burst}");
        let saying = Saying { channel: &self.channel, thread: Some(&ts), key: &key, message: &message };
        let said = saying.say(turn, "", broadcast).await?;
        let mut tx = turn.begin().await?;
        match said {
            Some(_) => tx.said(&self.channel, &self.pr, &burst).await?,
            None => tx.forget_unsaid(&self.channel, &self.pr).await?,
        }
        tx.commit().await?;
        Ok(true)
    }

    /// What is said now. A burst that an earlier attempt began is said as it was begun.
    async fn burst(&self, turn: &Turn<'_>, mut lines: Vec<Unsaid>) -> Result<(String, Vec<Unsaid>), Failure> {
        if let Some(burst) = lines.iter().find_map(|line| line.burst.clone()) {
            lines.retain(|line| line.burst.as_ref() == Some(&burst));
            return Ok((burst, lines));
        }
        Self::await_quiet(turn, &lines)?;
        let burst = lines.iter().map(|line| line.told.identity.as_str()).min().unwrap_or_default().to_owned();
        let mut tx = turn.begin().await?;
        for line in &lines {
            tx.begin_burst(&self.channel, &self.pr, (&line.told.identity, &burst)).await?;
        }
        tx.commit().await?;
        Ok((burst, lines))
    }

    fn await_quiet(turn: &Turn<'_>, lines: &[Unsaid]) -> Result<(), Failure> {
        let now = turn.bot.clock.millis();
        let first = lines.iter().map(|line| line.kept_at).min().unwrap_or(now);
        let last = lines.iter().map(|line| line.kept_at).max().unwrap_or(now);
        let due = turn.bot.burst_over(first, last);
        if due <= now {
            return Ok(());
        }
        let after = Duration::from_millis(u64::try_from(due - now).unwrap_or_default());
        Err(Failure::Later { why: "There may be more to say.".to_owned(), after: Some(after) })
    }

    async fn drop_all(&self, turn: &Turn<'_>) -> Result<(), Failure> {
        let mut tx = turn.begin().await?;
        tx.forget_unsaid(&self.channel, &self.pr).await?;
        Ok(tx.commit().await?)
    }
}
