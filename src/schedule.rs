//! Due times become jobs: once per occurrence, whatever the number of replicas, by a row written with the job.

use std::time::Duration;

use chrono_tz::Tz;
use tokio_util::sync::CancellationToken;

use crate::bot::{Bot, Failure, ending, ringing, showing};
use crate::jobs::LOOK_FOR_CONFLICT_EVERY as EVERY;
use crate::store::{Digest, Slot};
use crate::words::times::Times;
use crate::words::work::{LookAtHooks, LookForConflict, NewJob, Reconcile, SendDigest, Tidy};

const TICK: Duration = Duration::from_secs(1);
const HOUR: i64 = 60 * 60 * 1000;
const MINUTE: i64 = 60 * 1000;
/// How often it is seen whose turn it is to be looked at.
const LOOKING: i64 = 5 * MINUTE;
/// A digest that was due this long ago is still sent.
const GRACE: i64 = 6 * HOUR;
/// Nobody was there when no replica has noted for so long that it is awake.
const AWAY: i64 = 3 * MINUTE;

/// Looks at the clock until told to stop.
pub async fn run(bot: Bot, keep: Tidy, stop: CancellationToken) {
    while !stop.is_cancelled() {
        if let Err(failure) = tick(&bot, keep).await {
            tracing::warn!(?failure, "the schedule could not be read");
        }
        tokio::select! {
            () = tokio::time::sleep(TICK) => {}
            () = stop.cancelled() => {}
        }
    }
}

/// Makes jobs of everything that is due.
pub async fn tick(bot: &Bot, keep: Tidy) -> Result<(), Failure> {
    let now = bot.clock.millis();
    for digest in bot.store.digests_due(now).await? {
        fire(bot, &digest, now).await?;
    }
    if let Slot::Theirs(_) = bot.store.take_slot_within("tidy", HOUR, Duration::ZERO).await? {
        let mut tx = bot.store.begin().await?;
        tx.enqueue(NewJob::of(&keep).once("tidy")).await?;
        // In the same hour: a webhook is one question to Bitbucket, and what it loses meanwhile is lost anyway.
        tx.enqueue(NewJob::of(&LookAtHooks {}).once("hooks")).await?;
        // A job may be buried; a right that should have ended is not left to that.
        for grant in bot.store.grants_over(now - HOUR).await? {
            tx.enqueue(ending(grant.id, now)).await?;
        }
        for request in bot.store.requests_over(now).await? {
            tx.enqueue(showing(request)).await?;
        }
        for alarm in bot.store.alarms_over(now - HOUR).await? {
            tx.enqueue(ringing(alarm.id, now)).await?;
        }
        tx.commit().await?;
    }
    if let Slot::Theirs(_) = bot.store.take_slot_within("conflicts", EVERY, Duration::ZERO).await? {
        let mut tx = bot.store.begin().await?;
        tx.enqueue(NewJob::of(&LookForConflict { pr: None }).once("conflicts")).await?;
        tx.commit().await?;
    }
    look(bot, now).await
}

/// Has repositories looked at for what no webhook told: in their turn, and all of them after a time when nobody
/// was there to hear webhooks.
async fn look(bot: &Bot, now: i64) -> Result<(), Failure> {
    let awake = bot.store.take_slot_within("awake", MINUTE, Duration::ZERO).await?;
    let all = match awake {
        Slot::Theirs(_) => bot.store.beat("schedule").await?.is_some_and(|last| now - last > AWAY),
        Slot::Later(_) => false,
    };
    for instance in bot.sites.keys() {
        let turn = bot.store.take_slot_within(&format!("look:{instance}"), LOOKING, Duration::ZERO).await?;
        if all || matches!(turn, Slot::Theirs(_)) {
            let mut tx = bot.store.begin().await?;
            let work = Reconcile { instance: instance.clone(), all };
            tx.enqueue(NewJob::of(&work).once(format!("reconcile:{instance}"))).await?;
            tx.commit().await?;
        }
    }
    Ok(())
}

async fn fire(bot: &Bot, digest: &Digest, now: i64) -> Result<(), Failure> {
    let Some(due) = digest.what.next_at else {
        return Ok(());
    };
    let zone = digest.what.zone.parse::<Tz>().unwrap_or(Tz::UTC);
    let times = digest.what.times.parse::<Times>().ok();
    let next = times.as_ref().and_then(|times| times.next_after(now, zone));
    // What was due while nobody was there is sent late, unless the next was due, too, or it was too long ago.
    let late = times.and_then(|times| times.last_between((due - 1).max(now - GRACE), now, zone));
    let sent = late.map(|due| {
        let work = SendDigest { digest: digest.id, due };
        (due, NewJob::of(&work))
    });
    let missed = sent.is_none();
    let mut tx = bot.store.begin().await?;
    if tx.fire(digest.id, (due, next), sent).await? && missed {
        tx.digest_ran(digest.id, due, "not sent: nobody was there to send it").await?;
    }
    tx.commit().await?;
    bot.nudge.notify_waiters();
    Ok(())
}
