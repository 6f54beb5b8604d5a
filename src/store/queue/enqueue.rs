//! Into the queue: ids that grow in the order of commits inside a key, and who stands before whom.

use sha2::{Digest, Sha256};

use crate::store::engine::Engine;
use crate::store::error::Error;
use crate::store::rows::{Columns, Named, sql};
use crate::store::tx::Tx;
use crate::words::work::NewJob;

const ADD: &str = "INSERT INTO jobs \
     (id, kind, payload, body, order_key, unique_key, seen_key, urgency, run_at, ready_at, created_at, origin) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) \
     ON CONFLICT (unique_key) WHERE state = 'waiting' AND unique_key IS NOT NULL DO NOTHING";

/// The line of a key: its newest id, done or not, and from when a job at its end may be looked at. None while one
/// runs or is due; else when the last of those that hold the key without being due gives way.
const LINE: &str = "SELECT \
     CAST(COALESCE((SELECT MAX(id) FROM jobs WHERE order_key = $1 AND turn >= 0), 0) AS BIGINT) AS newest, \
     CAST(CASE WHEN EXISTS (SELECT 1 FROM jobs WHERE order_key = $1 AND state = 'running') \
         OR EXISTS (SELECT 1 FROM jobs WHERE order_key = $1 AND state = 'waiting' AND run_at <= $2) \
         THEN NULL \
         ELSE (SELECT COALESCE(MAX(holds_until), 0) FROM jobs \
             WHERE order_key = $1 AND state = 'waiting' AND holds_until > $2) END AS BIGINT) AS free_at";

/// The first of a key that is not ready yet becomes so, not before this moment.
const NEXT: &str = "UPDATE jobs SET ready_at = CASE WHEN run_at < $2 THEN $2 ELSE run_at END \
     WHERE id = (SELECT id FROM jobs WHERE order_key = $1 AND state = 'waiting' \
         AND (ready_at IS NULL OR ready_at > run_at) ORDER BY id LIMIT 1)";

const LOCK: &str = "SELECT pg_advisory_xact_lock($1)";

pub(super) const ALL: &[Named] = &[("job add", ADD), ("job line", LINE), ("job next", NEXT)];
pub(super) const ON_POSTGRES: &[Named] = &[("job lock", LOCK)];

/// By what a request is known when it comes again.
pub(in crate::store) struct Seen(pub(in crate::store) Option<String>);

impl Tx {
    /// Adds a job and says its id; none when one with its unique key waits already.
    ///
    /// An order key stays locked until the commit. Whoever adds jobs of several keys adds them in the
    /// order of the keys: two who cross would wait for each other, and one would end in
    /// [`Error::Contended`].
    pub async fn enqueue(&mut self, job: NewJob) -> Result<Option<i64>, Error> {
        self.enqueue_seen(job, Seen(None)).await
    }

    /// Adds a job that is known by what it was seen as.
    pub(in crate::store) async fn enqueue_seen(
        &mut self,
        job: NewJob,
        seen: Seen,
    ) -> Result<Option<i64>, Error> {
        let now = self.now();
        let run_at = job.run_at.unwrap_or(now);
        let (id, ready_at) = match &job.order_key {
            None => (self.base.ids.next(), Some(run_at)),
            Some(key) => self.end_of_line(key, run_at).await?,
        };
        let added = sql(ADD)
            .bind(id)
            .bind(job.kind)
            .bind(job.payload)
            .bind(job.body)
            .bind(job.order_key)
            .bind(job.unique_key)
            .bind(seen.0)
            .bind(job.urgency as i64)
            .bind(run_at)
            .bind(ready_at)
            .bind(now)
            .bind(job.origin.or(self.origin()));
        Ok((self.write(added).await? > 0).then_some(id))
    }

    /// An id beyond all that live under a key, and when a worker may look at it. The lock is kept until
    /// the commit, so that nobody else gets a greater id and commits it sooner.
    async fn end_of_line(&mut self, key: &str, run_at: i64) -> Result<(i64, Option<i64>), Error> {
        let now = self.now();
        lock_key(self, key).await?;
        let Some(line) = self.row(sql(LINE).bind(key).bind(now)).await? else {
            return Err(Error::Unreadable("line".to_owned()));
        };
        let newest = line.number("newest")?;
        let id = self.base.ids.above(newest);
        // A delayed job holds nothing and stands behind nobody until it is due; then the claim decides.
        if run_at > now {
            return Ok((id, Some(run_at)));
        }
        Ok((id, line.maybe_number("free_at")?.map(|free| free.max(run_at))))
    }

    /// Whoever stands next under this key may be looked at, but not before this moment.
    pub(super) async fn next_in_line(&mut self, key: Option<&str>, not_before: i64) -> Result<(), Error> {
        if let Some(key) = key {
            lock_key(self, key).await?;
            self.write(sql(NEXT).bind(key).bind(not_before)).await?;
        }
        Ok(())
    }
}

/// One at a time under this key until the commit. SQLite has one writer anyway.
pub(in crate::store) async fn lock_key(tx: &mut Tx, key: &str) -> Result<(), Error> {
    if tx.base.engine == Engine::Postgres {
        let mut number = [0_u8; 8];
        number.copy_from_slice(&Sha256::digest(key.as_bytes())[..8]);
        tx.rows(sql(LOCK).bind(i64::from_be_bytes(number))).await?;
    }
    Ok(())
}
