//! Claims work, runs it under a lease, and settles it: finished, tried again, or buried.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tracing::Instrument;

use crate::bot::{Bot, Failure};
use crate::clock::{millis_of, random_name};
use crate::commands::reference;
use crate::jobs;
use crate::store::{self, Ask, Claim};
use crate::words::work::Urgency;

/// How long a claim is good for without being renewed.
const LEASE: Duration = Duration::from_mins(1);
/// A claim is renewed this often while its job runs.
const RENEW: Duration = Duration::from_secs(20);
/// Jobs that run at once; the last two places are kept for people who wait.
const PLACES: usize = 8;
/// A job that has failed this often is buried.
const ATTEMPTS: i64 = 12;
/// A job that was only ever asked to wait is buried when it is this old.
const TOO_OLD: i64 = 24 * 60 * 60 * 1000;
/// While more than this wait to be stored, the doors are not quiet, and a job begins no sooner than this
/// after the last; it is looked every glance.
const QUIET: usize = 8;
const BREATH: Duration = Duration::from_millis(50);
const GLANCE: Duration = Duration::from_millis(5);
/// How often the queue is looked at when nothing nudges.
const POLL: Duration = Duration::from_secs(1);

/// A worker: one owner's name, any number of jobs at once.
#[derive(Clone)]
pub struct Worker {
    bot: Bot,
    owner: Arc<str>,
}

impl Worker {
    /// A worker under a name of its own.
    pub fn new(bot: Bot) -> Self {
        Self { bot, owner: random_name(8).into() }
    }

    /// Claims one job and runs it to its end; false when none is due.
    pub async fn step(&self) -> Result<bool, store::Error> {
        let claim = self.bot.store.claim(&self.owner, jobs::KINDS, LEASE, Urgency::Whenever).await?;
        let Some(claim) = claim else {
            return Ok(false);
        };
        self.carry_out(claim).await;
        Ok(true)
    }

    /// Works until told to stop, then lets what runs come to its end.
    pub async fn run(self, stop: CancellationToken) {
        let running = TaskTracker::new();
        let places = Arc::new(Semaphore::new(PLACES));
        while !stop.is_cancelled() {
            let nudged = self.bot.nudge.clone();
            // Interest is registered before looking, so that no nudge between the two is lost.
            let nudged = nudged.notified();
            if self.fill(&running, &places).await {
                continue;
            }
            tokio::select! {
                () = nudged => {}
                () = tokio::time::sleep(POLL) => self.reap().await,
                () = stop.cancelled() => {}
            }
        }
        running.close();
        running.wait().await;
    }

    /// Fills the free places, with as many as there are at once; false when there was nothing to claim.
    async fn fill(&self, running: &TaskTracker, places: &Arc<Semaphore>) -> bool {
        let Ok(first) = Arc::clone(places).acquire_owned().await else {
            return false;
        };
        self.give_way().await;
        let (up_to, most) = match places.available_permits() {
            0 | 1 => (Urgency::Soon, 1),
            free => (Urgency::Whenever, free - 1),
        };
        let ask = Ask { owner: &self.owner, kinds: jobs::KINDS, lease: LEASE, up_to };
        match self.bot.store.claim_many(&ask, most).await {
            Ok(claims) => {
                let some = !claims.is_empty();
                let mut first = Some(first);
                for claim in claims {
                    // Nobody else takes places: those that were free still are.
                    let place = first.take().or_else(|| Arc::clone(places).try_acquire_owned().ok());
                    self.begin(running, claim, place);
                }
                some
            }
            Err(error) => {
                tracing::warn!(%error, "the queue could not be read");
                tokio::time::sleep(POLL).await;
                false
            }
        }
    }

    /// Carries a job out beside the others; its place is free again when it has ended.
    fn begin(&self, running: &TaskTracker, claim: Claim, place: Option<OwnedSemaphorePermit>) {
        let worker = self.clone();
        running.spawn(async move {
            worker.carry_out(claim).await;
            drop(place);
            worker.bot.nudge.notify_waiters();
        });
    }

    /// What comes in is accepted first: a job begins when the doors are quiet, or after a breath at the latest.
    async fn give_way(&self) {
        let until = Instant::now() + BREATH;
        while self.bot.store.waiting_arrivals() > QUIET && Instant::now() < until {
            tokio::time::sleep(GLANCE).await;
        }
    }

    /// Whatever this worker still holds goes back into the queue: for when the process ends.
    pub async fn hand_back_all(&self) {
        if let Err(error) = self.bot.store.hand_back_all(&self.owner).await {
            tracing::warn!(%error, "running jobs could not be handed back; they run again when their leases end");
        }
    }

    async fn reap(&self) {
        if let Err(error) = self.bot.store.reap(ATTEMPTS).await {
            tracing::warn!(%error, "ended leases could not be looked for");
        }
    }

    async fn carry_out(&self, claim: Claim) {
        let span = tracing::info_span!("job", reference = reference(claim.origin), kind = %claim.kind, attempt = claim.attempt);
        let started = Instant::now();
        async {
            let outcome = tokio::select! {
                outcome = jobs::run(&self.bot, &claim) => outcome,
                () = self.keep(&claim) => {
                    tracing::warn!("the claim was lost; another worker has the job now");
                    return;
                }
            };
            self.settle(&claim, outcome).await;
        }
        .instrument(span)
        .await;
        metrics::histogram!("dipper_job_seconds", "kind" => claim.kind.clone())
            .record(started.elapsed().as_secs_f64());
    }

    /// Renews the claim while the job runs; ends when it was lost.
    async fn keep(&self, claim: &Claim) {
        loop {
            tokio::time::sleep(RENEW).await;
            match self.bot.store.renew(claim, LEASE).await {
                Ok(()) => {}
                Err(error) if error.is_lost_claim() => return,
                Err(error) => tracing::warn!(%error, "the claim could not be renewed"),
            }
        }
    }

    async fn settle(&self, claim: &Claim, outcome: Result<(), Failure>) {
        let store = &self.bot.store;
        let now = self.bot.clock.millis();
        let settled = match outcome {
            Ok(()) => {
                tracing::debug!("done");
                store.finish(claim).await
            }
            Err(Failure::Removed(team)) => {
                tracing::info!(%team, "dropped: the bot is not in that workspace any more");
                store.finish(claim).await
            }
            Err(Failure::Later { after: Some(after), why }) if now - claim.created_at < TOO_OLD => {
                tracing::debug!(why, ?after, "waits");
                metrics::histogram!("dipper_outgoing_wait_seconds").record(after.as_secs_f64());
                store.hand_back(claim, Some(now + millis_of(after.max(BREATH)))).await
            }
            Err(Failure::Later { why, .. }) if claim.attempt < ATTEMPTS => {
                let at = now + millis_of(self.backoff(claim.attempt));
                tracing::warn!(why, "will be tried again");
                store.retry(claim, at, &why).await
            }
            Err(failure) => {
                let why = in_short(&failure);
                tracing::error!(why, "buried");
                store.bury(claim, &why).await
            }
        };
        match settled {
            Ok(()) => {}
            Err(error) if error.is_lost_claim() => {
                tracing::warn!("the claim was lost; another worker has the job now");
            }
            Err(error) => {
                tracing::error!(%error, "the job could not be settled; it runs again when its lease ends");
            }
        }
    }

    /// Doubles from one second to ten minutes, half of it by chance.
    fn backoff(&self, attempt: i64) -> Duration {
        let doubled = 1_u64 << u32::try_from(attempt.clamp(1, 10) - 1).unwrap_or(0);
        let whole = Duration::from_secs(doubled.min(600));
        whole / 2 + self.bot.clock.jitter(whole / 2)
    }
}

fn in_short(failure: &Failure) -> String {
    match failure {
        Failure::Told(message) | Failure::Waits(message) => message.plain(),
        Failure::Removed(team) => format!("the bot is not in the workspace {team} any more"),
        Failure::SignIn(instance) => format!("nobody is connected on {instance} to do this"),
        Failure::Wider(lacking) => lacking.to_string(),
        Failure::Later { why, .. } | Failure::Ours(why) => why.clone(),
    }
}
