//! A pipeline's run, told as it goes: one message, brought up to date until the run is over.

use super::look::eyes_of;
use super::post::Saying;
use super::{Job, Turn};
use crate::bitbucket::{self, Bitbucket};
use crate::bot::Failure;
use crate::views;
use crate::words::message::Message;
use crate::words::pipeline::{Run, RunState, Step};
use crate::words::work::FollowRun;

/// It is looked at so often: soon at first, then less often.
const SOON: i64 = 10 * 1000;
const LATER: i64 = 30 * 1000;
const SELDOM: i64 = 2 * 60 * 1000;
/// After so many looks it is left to Bitbucket: about a day.
const MOST: u32 = 750;

impl Job for FollowRun {
    async fn run(self, turn: &Turn<'_>) -> Result<(), Failure> {
        let eyes = match eyes_of(turn, &self.repo, &self.user).await {
            Ok(Some(eyes)) => eyes,
            // Whoever started it has disconnected: nobody looks any more.
            Ok(None) => return Ok(()),
            Err(Failure::Later { .. }) => return self.go_on(turn).await,
            Err(failure) => return Err(failure),
        };
        let (run, steps, wrong) = match seen(&*eyes, &self).await {
            Ok(seen) => seen,
            Err(bitbucket::Error::Slow { .. } | bitbucket::Error::Down(_)) => return self.go_on(turn).await,
            Err(error) => {
                tracing::info!(%error, "a run is followed no longer");
                return Ok(());
            }
        };
        let message = views::pipeline::run(&self.repo, &run, &steps, wrong.as_deref());
        self.tell(turn, &message).await?;
        if run.state.is_over() { Ok(()) } else { self.go_on(turn).await }
    }
}

/// The run, its steps, and the end of what the failed one said.
async fn seen(eyes: &dyn Bitbucket, work: &FollowRun) -> bitbucket::Result<(Run, Vec<Step>, Option<String>)> {
    let run = eyes.run(&work.repo, &work.id).await?;
    let steps = eyes.run_steps(&work.repo, &work.id).await?;
    let failed = steps.iter().find(|step| step.state == RunState::Failed);
    let log = match failed.filter(|_| run.state.is_over()) {
        // What cannot be read is seen in the browser.
        Some(step) => eyes.step_log(&work.repo, &work.id, &step.id).await.ok(),
        None => None,
    };
    Ok((run, steps, log))
}

impl FollowRun {
    async fn tell(&self, turn: &Turn<'_>, message: &Message) -> Result<(), Failure> {
        let channel = match &self.channel {
            Some(channel) => channel.clone(),
            None => turn.bot.slack(&self.user.team).await?.open_direct(&self.user).await?,
        };
        let key = format!("run:{}:{}", self.repo, self.id);
        let saying = Saying { channel: &channel, thread: None, key: &key, message };
        saying.keep(turn).await.map(drop)
    }

    /// Looks again in a while.
    async fn go_on(self, turn: &Turn<'_>) -> Result<(), Failure> {
        let wait = match self.looks {
            0..12 => SOON,
            12..40 => LATER,
            MOST.. => return Ok(()),
            _ => SELDOM,
        };
        let next = Self { looks: self.looks + 1, ..self };
        let mut tx = turn.begin().await?;
        tx.enqueue(next.job().at(turn.bot.clock.millis() + wait)).await?;
        Ok(tx.commit().await?)
    }
}
