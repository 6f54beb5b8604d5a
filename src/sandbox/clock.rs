//! The sandbox's own time: the system's, or one that stands still until a test moves it.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// A handle on time; clones share it.
#[derive(Clone, Debug)]
pub struct Clock(Arc<Inner>);

#[derive(Debug)]
enum Inner {
    System { ahead: AtomicI64 },
    Still { now: AtomicI64 },
}

impl Clock {
    /// The machine's time, which `advance` can put ahead.
    pub fn system() -> Self {
        Self(Arc::new(Inner::System { ahead: AtomicI64::new(0) }))
    }

    /// A time that stands still at these epoch milliseconds until it is advanced.
    pub fn still(at_millis: i64) -> Self {
        Self(Arc::new(Inner::Still { now: AtomicI64::new(at_millis) }))
    }

    /// Epoch milliseconds.
    pub fn millis(&self) -> i64 {
        match &*self.0 {
            Inner::System { ahead } => system_millis() + ahead.load(Ordering::SeqCst),
            Inner::Still { now } => now.load(Ordering::SeqCst),
        }
    }

    /// Moves time forward.
    pub fn advance(&self, by: Duration) {
        let by = i64::try_from(by.as_millis()).unwrap_or(i64::MAX);
        match &*self.0 {
            Inner::System { ahead: cell } | Inner::Still { now: cell } => {
                cell.fetch_add(by, Ordering::SeqCst)
            }
        };
    }
}

#[expect(clippy::disallowed_methods, reason = "the sandbox owns its own time")]
fn system_millis() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}
