//! Jobs whose worker fell silent: back into the line, or buried when they have had their attempts.

use super::settle::back;
use crate::store::Store;
use crate::store::error::Error;
use crate::store::rows::{Columns, Named, sql};

const SILENT: &str = "SELECT id, owner, turn, attempt, order_key FROM jobs \
     WHERE state = 'running' AND lease_until <= $1 ORDER BY lease_until LIMIT 100";
const RETURN: &str = concat!(back!("ready_at = run_at, last_error = $5"), " AND lease_until <= $4");
const BURY: &str = "UPDATE jobs SET state = 'buried', finished_at = $4, last_error = $5, owner = NULL, \
     lease_until = NULL \
     WHERE id = $1 AND owner = $2 AND turn = $3 AND state = 'running' AND lease_until <= $4";

const LEAVE: &str = "UPDATE jobs SET lease_until = 0 WHERE state = 'running' AND owner = $1";

pub(super) const ALL: &[Named] =
    &[("job leave", LEAVE), ("job silent", SILENT), ("job return", RETURN), ("job bury silent", BURY)];

const WORDS: &str = "the worker that ran it stopped before it was done";

/// What became of the jobs of silent workers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reaped {
    /// How many wait again.
    pub returned: usize,
    /// Which were buried, having had all their attempts.
    pub buried: Vec<i64>,
}

/// A job whose lease has ended.
struct Silent {
    id: i64,
    owner: String,
    turn: i64,
    order_key: Option<String>,
    /// Whether it has had its attempts.
    spent: bool,
}

impl Store {
    /// Takes the jobs whose leases have ended from their workers. They wait again, attempt kept; one that
    /// has been tried so many times is buried instead, so that a job that kills its worker ends too.
    pub async fn reap(&self, max_attempts: i64) -> Result<Reaped, Error> {
        let mut reaped = Reaped::default();
        // One by one, so that a job that cannot go back leaves the others alone.
        for row in self.base.rows(sql(SILENT).bind(self.base.now())).await? {
            let silent = Silent {
                id: row.number("id")?,
                owner: row.text("owner")?,
                turn: row.number("turn")?,
                order_key: row.maybe_text("order_key")?,
                spent: row.number("attempt")? >= max_attempts,
            };
            if self.take_from_silent(&silent).await? {
                if silent.spent {
                    reaped.buried.push(silent.id);
                } else {
                    reaped.returned += 1;
                }
            }
        }
        Ok(reaped)
    }

    /// A worker that is leaving gives up all it holds. The attempts count: nobody knows how far they got.
    pub async fn hand_back_all(&self, owner: &str) -> Result<Reaped, Error> {
        self.base.write(sql(LEAVE).bind(owner)).await?;
        self.reap(i64::MAX).await
    }

    /// Whether it was still silent. Losing a race to another writer is left to the next round.
    async fn take_from_silent(&self, silent: &Silent) -> Result<bool, Error> {
        match self.try_to_take(silent).await {
            Err(error) if error.is_conflict() || error.is_busy() => Ok(false),
            other => other,
        }
    }

    async fn try_to_take(&self, silent: &Silent) -> Result<bool, Error> {
        let mut tx = self.begin().await?;
        let query = sql(if silent.spent { BURY } else { RETURN })
            .bind(silent.id)
            .bind(silent.owner.as_str())
            .bind(silent.turn)
            .bind(tx.now())
            .bind(WORDS);
        let taken = tx.write(query).await? > 0;
        if taken && silent.spent {
            tx.next_in_line(silent.order_key.as_deref(), 0).await?;
        }
        tx.commit().await?;
        Ok(taken)
    }
}
