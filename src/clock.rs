//! Time and chance, as the bot sees them: the system's, or a test's.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use chrono::{DateTime, Utc};

/// A handle on time; clones share it.
#[derive(Clone, Debug)]
pub struct Clock(Arc<Inner>);

#[derive(Debug)]
enum Inner {
    System { ahead: AtomicI64 },
    Still { now: AtomicI64, chance: AtomicU64 },
}

impl Clock {
    /// The machine's time.
    pub fn system() -> Self {
        Self(Arc::new(Inner::System { ahead: AtomicI64::new(0) }))
    }

    /// A time that stands still at these epoch milliseconds until it is advanced.
    pub fn still(at_millis: i64) -> Self {
        Self(Arc::new(Inner::Still { now: AtomicI64::new(at_millis), chance: AtomicU64::new(0) }))
    }

    /// Epoch milliseconds.
    pub fn millis(&self) -> i64 {
        match &*self.0 {
            Inner::System { ahead } => system_millis() + ahead.load(Ordering::SeqCst),
            Inner::Still { now, .. } => now.load(Ordering::SeqCst),
        }
    }

    /// The moment as a date.
    pub fn now(&self) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(self.millis()).unwrap_or_default()
    }

    /// Moves time on; the system's goes by itself besides, and stays that much ahead.
    pub fn advance(&self, by: Duration) {
        match &*self.0 {
            Inner::System { ahead: cell } | Inner::Still { now: cell, .. } => {
                cell.fetch_add(millis_of(by), Ordering::SeqCst)
            }
        };
    }

    /// A share of a duration between nothing and all of it, so that many who wait do not come back at once.
    pub fn jitter(&self, up_to: Duration) -> Duration {
        let draw = match &*self.0 {
            Inner::System { .. } => random_u64(),
            Inner::Still { chance, .. } => chance.fetch_add(0x9E37_79B9_7F4A_7C15, Ordering::SeqCst),
        };
        let millis = up_to.as_millis().min(u128::from(u32::MAX));
        let share = millis * u128::from(draw >> 32) / u128::from(u32::MAX);
        Duration::from_millis(u64::try_from(share).unwrap_or(0))
    }
}

/// A duration in whole milliseconds, as the store keeps them.
pub fn millis_of(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

/// A name nobody can guess: `bytes` random bytes in hex.
pub fn random_name(bytes: usize) -> String {
    let mut buffer = vec![0_u8; bytes];
    fill(&mut buffer);
    hex::encode(buffer)
}

fn random_u64() -> u64 {
    let mut buffer = [0_u8; 8];
    fill(&mut buffer);
    u64::from_le_bytes(buffer)
}

#[expect(clippy::disallowed_methods, reason = "this file owns chance")]
fn fill(buffer: &mut [u8]) {
    // A system without randomness cannot keep a secret either: there is nothing sensible to go on with.
    getrandom::fill(buffer).expect("the system gives random bytes");
}

#[expect(clippy::disallowed_methods, reason = "this file owns time")]
fn system_millis() -> i64 {
    millis_of(SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default())
}
