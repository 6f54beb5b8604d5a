//! Places that only so many replicas may have at once: each is taken under a lease, and free again when that ends.

use std::time::Duration;

use super::Store;
use super::error::Error;
use super::rows::{Named, sql};
use crate::clock::millis_of;

/// Whoever has it keeps it, even when the lease has ended, as long as nobody else took it.
const TAKE: &str = "INSERT INTO seats (what, number, owner, until_at) VALUES ($1, $2, $3, $4) \
     ON CONFLICT (what, number) DO UPDATE SET owner = excluded.owner, until_at = excluded.until_at \
     WHERE seats.owner = excluded.owner OR seats.until_at <= $5";
const LEAVE: &str = "DELETE FROM seats WHERE what = $1 AND owner = $2";

pub(super) const ALL: &[Named] = &[("seat take", TAKE), ("seat leave", LEAVE)];

impl Store {
    /// Takes one seat of so many, the first that is free; none when others have all of them.
    pub async fn take_seat(
        &self,
        what: &str,
        seats: i64,
        owner: &str,
        lease: Duration,
    ) -> Result<Option<i64>, Error> {
        for number in 1..=seats {
            if self.keep_seat(what, number, owner, lease).await? {
                return Ok(Some(number));
            }
        }
        Ok(None)
    }

    /// Takes this seat, or keeps it for another while; false when it is another's.
    pub async fn keep_seat(
        &self,
        what: &str,
        number: i64,
        owner: &str,
        lease: Duration,
    ) -> Result<bool, Error> {
        let now = self.base.now();
        let until = now.saturating_add(millis_of(lease));
        let query = sql(TAKE).bind(what).bind(number).bind(owner.to_owned()).bind(until).bind(now);
        Ok(self.base.write(query).await? > 0)
    }

    /// Leaves it to others.
    pub async fn leave_seat(&self, what: &str, owner: &str) -> Result<(), Error> {
        self.base.write(sql(LEAVE).bind(what).bind(owner)).await.map(|_| ())
    }
}
