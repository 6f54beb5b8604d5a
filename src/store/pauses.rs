//! Waits that all replicas keep: what a server asked for, and the pace of a channel.

use std::time::Duration;

use super::Store;
use super::error::Error;
use super::rows::{Columns, Named, sql};
use crate::clock::millis_of;

const PAUSE: &str = "INSERT INTO pauses (scope, until_at) VALUES ($1, $2) \
     ON CONFLICT (scope) DO UPDATE SET until_at = excluded.until_at \
     WHERE pauses.until_at < excluded.until_at";
const PAUSED: &str = "SELECT until_at FROM pauses WHERE scope = $1 AND until_at > $2";
/// Moves the scope's next slot on by the pace, from now or from where it stands, unless that is too far.
const TAKE: &str = "INSERT INTO slots (scope, next_at) VALUES ($1, CAST($2 AS BIGINT) + CAST($3 AS BIGINT)) \
     ON CONFLICT (scope) DO UPDATE SET next_at = \
     CASE WHEN slots.next_at > $2 THEN slots.next_at ELSE $2 END + $3 \
     WHERE slots.next_at <= $4 RETURNING next_at";
const NEXT: &str = "SELECT next_at FROM slots WHERE scope = $1";

pub(super) const ALL: &[Named] =
    &[("pause", PAUSE), ("paused", PAUSED), ("slot take", TAKE), ("slot next", NEXT)];

/// An answer to somebody who would like to go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Slot {
    /// This moment is theirs.
    Theirs(i64),
    /// Nothing was taken: the first free moment is this, and may be another's by then.
    Later(i64),
}

impl Store {
    /// Nobody calls this scope until then. A shorter wait does not shorten a longer one.
    pub async fn pause(&self, scope: &str, until: i64) -> Result<(), Error> {
        self.base.write(sql(PAUSE).bind(scope).bind(until)).await.map(|_| ())
    }

    /// Until when nobody calls this scope; none when it may be called now.
    pub async fn paused_until(&self, scope: &str) -> Result<Option<i64>, Error> {
        let query = sql(PAUSED).bind(scope).bind(self.base.now());
        match self.base.row(query).await? {
            Some(row) => row.number("until_at").map(Some),
            None => Ok(None),
        }
    }

    /// Takes the next slot of a scope that lets one go in so many milliseconds, and says when it is.
    pub async fn take_slot(&self, scope: &str, every_ms: i64) -> Result<i64, Error> {
        match self.slot_until(scope, every_ms, i64::MAX).await? {
            Some(slot) => Ok(slot),
            None => Err(Error::Contended("no slot was free".to_owned())),
        }
    }

    /// Takes the next slot only if it comes within so long: whoever would not wait for it leaves it to
    /// others.
    pub async fn take_slot_within(
        &self,
        scope: &str,
        every_ms: i64,
        patience: Duration,
    ) -> Result<Slot, Error> {
        let now = self.base.now();
        let latest = now.saturating_add(millis_of(patience));
        if let Some(slot) = self.slot_until(scope, every_ms, latest).await? {
            return Ok(Slot::Theirs(slot));
        }
        match self.base.row(sql(NEXT).bind(scope)).await? {
            Some(row) => Ok(Slot::Later(row.number("next_at")?)),
            None => Ok(Slot::Later(now)),
        }
    }

    async fn slot_until(&self, scope: &str, every_ms: i64, latest: i64) -> Result<Option<i64>, Error> {
        let query = sql(TAKE).bind(scope).bind(self.base.now()).bind(every_ms).bind(latest);
        match self.base.write_returning(query).await?.pop() {
            Some(row) => Ok(Some(row.number("next_at")?.saturating_sub(every_ms))),
            None => Ok(None),
        }
    }
}
