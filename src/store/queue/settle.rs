//! Letting go of a job: finished, to be tried again, buried, handed back. Each is written only by the
//! worker whose job it still is.

use std::time::Duration;

use super::claim::Claim;
use crate::clock::millis_of;
use crate::store::Store;
use crate::store::error::Error;
use crate::store::rows::{Named, Query, sql};
use crate::store::tx::Tx;

const RENEW: &str = "UPDATE jobs SET lease_until = $4 \
     WHERE id = $1 AND owner = $2 AND turn = $3 AND state = 'running'";
const FINISH: &str = "UPDATE jobs SET state = 'done', finished_at = $4, owner = NULL, lease_until = NULL \
     WHERE id = $1 AND owner = $2 AND turn = $3 AND state = 'running'";
const BURY: &str = "UPDATE jobs SET state = 'buried', finished_at = $4, last_error = $5, owner = NULL, \
     lease_until = NULL WHERE id = $1 AND owner = $2 AND turn = $3 AND state = 'running'";

/// Back into the line. Where another of its unique key waits by now, this one gives the key up.
macro_rules! back {
    ($change:literal) => {
        concat!(
            "UPDATE jobs SET state = 'waiting', owner = NULL, lease_until = NULL, \
             unique_key = CASE WHEN EXISTS (SELECT 1 FROM jobs AS w WHERE w.unique_key = jobs.unique_key \
                 AND w.state = 'waiting') THEN NULL ELSE unique_key END, ",
            $change,
            " WHERE id = $1 AND owner = $2 AND turn = $3 AND state = 'running'"
        )
    };
}
pub(super) use back;

const RETRY: &str = back!(
    "run_at = $4, ready_at = $4, last_error = $5, failed_at = COALESCE(failed_at, $6), holds_until = $7"
);
const HAND_BACK: &str = back!(
    "attempt = attempt - 1, run_at = COALESCE($4, run_at), ready_at = COALESCE($4, run_at), \
     holds_until = CASE WHEN holds_until > COALESCE($4, run_at) THEN holds_until \
         ELSE COALESCE($4, run_at) END"
);

pub(super) const ALL: &[Named] = &[
    ("job renew", RENEW),
    ("job finish", FINISH),
    ("job bury", BURY),
    ("job retry", RETRY),
    ("job hand back", HAND_BACK),
];

/// So long after its first failure a job that waits to be tried again still keeps the next of its key
/// waiting.
const HOLDS_FOR: Duration = Duration::from_mins(10);

impl Tx {
    /// The job is done.
    pub async fn finish(&mut self, claim: &Claim) -> Result<(), Error> {
        let now = self.now();
        self.let_go_of(claim, FINISH, |query| query.bind(now)).await?;
        self.next_in_line(claim.order_key.as_deref(), 0).await
    }

    /// The job failed and is tried again at this moment. Its key waits with it, but not for ever.
    pub async fn retry(&mut self, claim: &Claim, at: i64, error: &str) -> Result<(), Error> {
        let now = self.now();
        let first = claim.failed_at.unwrap_or(now);
        let holds_until = first.saturating_add(millis_of(HOLDS_FOR));
        self.let_go_of(claim, RETRY, |query| {
            query.bind(at).bind(readable(error)).bind(now).bind(holds_until)
        })
        .await?;
        self.next_in_line(claim.order_key.as_deref(), holds_until).await
    }

    /// The job will not succeed: it is laid aside for a person to see, and its key goes on.
    pub async fn bury(&mut self, claim: &Claim, error: &str) -> Result<(), Error> {
        let now = self.now();
        self.let_go_of(claim, BURY, |query| query.bind(now).bind(readable(error))).await?;
        self.next_in_line(claim.order_key.as_deref(), 0).await
    }

    /// The job was not tried after all: the attempt does not count. It waits until this moment, or is due
    /// as before when none; its key waits with it.
    pub async fn hand_back(&mut self, claim: &Claim, run_at: Option<i64>) -> Result<(), Error> {
        self.let_go_of(claim, HAND_BACK, |query| query.bind(run_at)).await
    }

    async fn let_go_of(
        &mut self,
        claim: &Claim,
        how: &'static str,
        with: impl FnOnce(Query) -> Query,
    ) -> Result<(), Error> {
        let fence = claim.fence();
        let fenced = sql(how).bind(fence.id).bind(fence.owner.as_str()).bind(fence.turn);
        if self.write(with(fenced)).await? == 0 {
            return Err(Error::LostClaim);
        }
        self.let_go(&fence);
        Ok(())
    }
}

impl Store {
    /// Keeps the job for so much longer.
    pub async fn renew(&self, claim: &Claim, lease: Duration) -> Result<(), Error> {
        let until = self.base.now().saturating_add(millis_of(lease));
        let fence = claim.fence();
        let renewed = sql(RENEW).bind(fence.id).bind(fence.owner).bind(fence.turn).bind(until);
        match self.base.write(renewed).await? {
            0 => Err(Error::LostClaim),
            _ => Ok(()),
        }
    }

    /// [`Tx::finish`] and nothing else.
    pub async fn finish(&self, claim: &Claim) -> Result<(), Error> {
        let mut tx = self.begin().await?;
        tx.finish(claim).await?;
        tx.commit().await
    }

    /// [`Tx::retry`] and nothing else.
    pub async fn retry(&self, claim: &Claim, at: i64, error: &str) -> Result<(), Error> {
        let mut tx = self.begin().await?;
        tx.retry(claim, at, error).await?;
        tx.commit().await
    }

    /// [`Tx::bury`] and nothing else.
    pub async fn bury(&self, claim: &Claim, error: &str) -> Result<(), Error> {
        let mut tx = self.begin().await?;
        tx.bury(claim, error).await?;
        tx.commit().await
    }

    /// [`Tx::hand_back`] and nothing else.
    pub async fn hand_back(&self, claim: &Claim, run_at: Option<i64>) -> Result<(), Error> {
        let mut tx = self.begin().await?;
        tx.hand_back(claim, run_at).await?;
        tx.commit().await
    }
}

/// What went wrong, as far as every engine can keep it: a failure to write down a failure helps nobody.
fn readable(error: &str) -> String {
    error.chars().filter(|c| *c != '\0').take(2_000).collect()
}
