//! The story under a card: what comes in a burst waits for a moment of quiet, and is said as one message.

use std::time::Duration;

use super::post::Saying;
use super::{Job, Turn};
use crate::bot::{Bot, Failure};
use crate::notices::ThreadLine;
use crate::store::{Post, PostState, Tx, Unsaid};
use crate::views::story;
use crate::words::work::{NewJob, SayStory};

/// Keeps lines until they are said, each under its card.
pub(super) async fn keep(bot: &Bot, tx: &mut Tx, lines: &[ThreadLine]) -> Result<(), Failure> {
    let quiet = bot.clock.millis().saturating_add(bot.fold);
    for line in lines {
        tx.keep_line(&line.channel, &line.pr, &line.told).await?;
        let key = format!("story:{}:{}:{}", line.channel.team, line.channel.id, line.pr);
        let work = SayStory { channel: line.channel.clone(), pr: line.pr.clone() };
        tx.enqueue(NewJob::of(&work).in_order(key.clone()).once(key).at(quiet)).await?;
    }
    Ok(())
}

/// A burst that does not end is said after so many times the quiet.
const PATIENCE: i64 = 5;

impl Job for SayStory {
    async fn run(self, turn: &Turn<'_>) -> Result<(), Failure> {
        loop {
            let lines = turn.bot.store.unsaid(&self.channel, &self.pr).await?;
            if lines.is_empty() {
                return Ok(());
            }
            self.say_some(turn, lines).await?;
        }
    }
}

impl SayStory {
    async fn say_some(&self, turn: &Turn<'_>, lines: Vec<Unsaid>) -> Result<(), Failure> {
        let card = turn.bot.store.post(&self.channel, &Post::card_key(&self.pr)).await?;
        let ts = match card.map(|card| (card.state, card.ts)) {
            Some((PostState::Posted, Some(ts))) => ts,
            // A card that was taken away takes its thread with it.
            Some((PostState::Gone, _)) => return self.drop_all(turn).await,
            _ => return Err(Failure::Later { why: "Its card is not there yet.".to_owned(), after: None }),
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
        Ok(tx.commit().await?)
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
        let (quiet, now) = (turn.bot.fold, turn.bot.clock.millis());
        let first = lines.iter().map(|line| line.kept_at).min().unwrap_or(now);
        let last = lines.iter().map(|line| line.kept_at).max().unwrap_or(now);
        let due = last.saturating_add(quiet).min(first.saturating_add(quiet.saturating_mul(PATIENCE)));
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
