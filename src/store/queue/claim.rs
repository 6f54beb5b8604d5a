//! Claiming: the most urgent job whose turn it is, under a lease.

use std::fmt;
use std::time::Duration;

use sqlx::any::AnyRow;

use super::enqueue;
use crate::clock::millis_of;
use crate::store::Store;
use crate::store::engine::Engine;
use crate::store::error::Error;
use crate::store::rows::{Columns, Named, each, sql};
use crate::store::tx::Tx;
use crate::words::work::Urgency;

/// Takes the first few of one urgency. A keyed job must be the head of its key: none of the key runs, and
/// none before it is due or still holds the key. `$skipping` is how an engine passes by what others take.
macro_rules! take {
    ($skipping:literal) => {
        concat!(
            "WITH picked AS (SELECT j.id AS id FROM jobs AS j \
             WHERE j.state = 'waiting' AND j.urgency = $1 AND j.ready_at <= $2 \
             AND $3 LIKE '% ' || j.kind || ' %' AND (j.order_key IS NULL OR (\
                 NOT EXISTS (SELECT 1 FROM jobs AS r WHERE r.order_key = j.order_key AND r.state = 'running') \
                 AND NOT EXISTS (SELECT 1 FROM jobs AS w WHERE w.order_key = j.order_key \
                     AND w.state = 'waiting' AND w.id < j.id AND (w.run_at <= $2 OR w.holds_until > $2)))) \
             ORDER BY j.ready_at, j.id LIMIT $4",
            $skipping,
            ") UPDATE jobs SET state = 'running', owner = $5, lease_until = $6, ready_at = NULL, \
             attempt = attempt + 1, turn = turn + 1 WHERE id IN (SELECT id FROM picked) \
             RETURNING id, kind, payload, body, order_key, seen_key, urgency, run_at, attempt, turn, owner, \
             created_at, failed_at, COALESCE(origin, id) AS origin"
        )
    };
}

const TAKE_ON_SQLITE: &str = take!("");
const TAKE_ON_POSTGRES: &str = take!(" FOR UPDATE OF j SKIP LOCKED");

pub(super) const ON_SQLITE: &[Named] = &[("job take", TAKE_ON_SQLITE)];
pub(super) const ON_POSTGRES: &[Named] = &[("job take", TAKE_ON_POSTGRES), enqueue::ON_POSTGRES[0]];

/// How often a lost race is run again before the worker is told that there is nothing.
const TRIES: usize = 5;

/// What a worker asks for.
#[derive(Debug, Clone, Copy)]
pub struct Ask<'a> {
    /// Who asks: a name no other living worker has.
    pub owner: &'a str,
    /// The kinds of work it knows; others are left alone.
    pub kinds: &'a [&'a str],
    /// How long it may be silent before another takes over.
    pub lease: Duration,
    /// The least urgent work it takes now.
    pub up_to: Urgency,
}

/// A job that is being run: proof that it is this worker's, for as long as the lease lasts.
#[derive(Clone, PartialEq, Eq)]
pub struct Claim {
    /// The job's id.
    pub id: i64,
    /// What kind of work.
    pub kind: String,
    /// The work, as JSON.
    pub payload: String,
    /// The raw bytes that belong to it.
    pub body: Option<Vec<u8>>,
    /// The key it is in line for.
    pub order_key: Option<String>,
    /// What its request was known by when it came.
    pub seen_key: Option<String>,
    /// Who waits for it: 0 now, 1 soon, 2 nobody.
    pub urgency: i64,
    /// The moment it was due.
    pub run_at: i64,
    /// Which attempt this is; 1 is the first.
    pub attempt: i64,
    /// The worker it belongs to.
    pub owner: String,
    /// The request or delivery it came of, or itself.
    pub origin: i64,
    /// When it was enqueued.
    pub created_at: i64,
    /// When it first failed, if it has.
    pub failed_at: Option<i64>,
    turn: i64,
}

impl fmt::Debug for Claim {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} {} (attempt {} of {})", self.kind, self.id, self.attempt, self.owner)
    }
}

/// What every write of a running job is conditional on. The turn, unlike the attempt, is never counted
/// back, so that a claim that was handed back means nothing for ever.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::store) struct Fence {
    pub(in crate::store) id: i64,
    pub(in crate::store) owner: String,
    pub(in crate::store) turn: i64,
}

impl Claim {
    /// What its writes are conditional on.
    pub(in crate::store) fn fence(&self) -> Fence {
        Fence { id: self.id, owner: self.owner.clone(), turn: self.turn }
    }

    fn from_row(row: &AnyRow) -> Result<Self, Error> {
        Ok(Self {
            id: row.number("id")?,
            kind: row.text("kind")?,
            payload: row.text("payload")?,
            body: row.maybe_bytes("body")?,
            order_key: row.maybe_text("order_key")?,
            seen_key: row.maybe_text("seen_key")?,
            urgency: row.number("urgency")?,
            run_at: row.number("run_at")?,
            attempt: row.number("attempt")?,
            owner: row.text("owner")?,
            origin: row.number("origin")?,
            created_at: row.number("created_at")?,
            failed_at: row.maybe_number("failed_at")?,
            turn: row.number("turn")?,
        })
    }
}

impl Store {
    /// Claims the job whose turn it is, if there is one.
    pub async fn claim(
        &self,
        owner: &str,
        kinds: &[&str],
        lease: Duration,
        up_to: Urgency,
    ) -> Result<Option<Claim>, Error> {
        let ask = Ask { owner, kinds, lease, up_to };
        Ok(self.claim_many(&ask, 1).await?.pop())
    }

    /// Claims several at once, the most urgent first: that costs about as much as one.
    pub async fn claim_many(&self, ask: &Ask<'_>, most: usize) -> Result<Vec<Claim>, Error> {
        for _ in 0..TRIES {
            match self.try_to_claim(ask, most).await {
                // Another worker was first with a job of the same key.
                Err(error) if error.is_conflict() || error.is_busy() => {}
                other => return other,
            }
        }
        Ok(Vec::new())
    }

    async fn try_to_claim(&self, ask: &Ask<'_>, most: usize) -> Result<Vec<Claim>, Error> {
        let kinds = format!(" {} ", ask.kinds.join(" "));
        let mut claims = Vec::new();
        let mut tx = self.begin().await?;
        for urgency in [Urgency::Now, Urgency::Soon, Urgency::Whenever] {
            let room = most.saturating_sub(claims.len());
            if room == 0 || urgency > ask.up_to {
                break;
            }
            claims.extend(tx.take(ask, &kinds, urgency, room).await?);
        }
        tx.commit().await?;
        Ok(claims)
    }
}

impl Tx {
    /// Takes some of one urgency.
    async fn take(
        &mut self,
        ask: &Ask<'_>,
        kinds: &str,
        urgency: Urgency,
        most: usize,
    ) -> Result<Vec<Claim>, Error> {
        let now = self.now();
        let text = match self.base.engine {
            Engine::Sqlite => TAKE_ON_SQLITE,
            Engine::Postgres => TAKE_ON_POSTGRES,
        };
        let query = sql(text)
            .bind(urgency as i64)
            .bind(now)
            .bind(kinds)
            .bind(i64::try_from(most).unwrap_or(i64::MAX))
            .bind(ask.owner)
            .bind(now.saturating_add(millis_of(ask.lease)));
        let mut claims = each(&self.rows(query).await?, Claim::from_row)?;
        claims.sort_by_key(|claim| (claim.run_at, claim.id));
        Ok(claims)
    }
}
