//! Ids of rows: 63 bits, ordered by time, strictly increasing within a process.

use std::sync::atomic::{AtomicI64, Ordering};

use crate::clock::{Clock, random_name};

/// The low bits count within a millisecond, from a random start, so that replicas rarely meet.
const COUNTED: u32 = 20;

/// Mints ids.
#[derive(Debug)]
pub(super) struct Ids {
    clock: Clock,
    last: AtomicI64,
}

impl Ids {
    /// Starts anew; the clock keeps it beyond what earlier processes minted.
    pub(super) fn new(clock: Clock) -> Self {
        Self { clock, last: AtomicI64::new(0) }
    }

    /// The next id.
    pub(super) fn next(&self) -> i64 {
        self.above(0)
    }

    /// The next id, and greater than this one in any case.
    pub(super) fn above(&self, floor: i64) -> i64 {
        let now = self.clock.millis().max(0);
        let fresh =
            if self.last.load(Ordering::Relaxed) >> COUNTED < now { first_of(now) | start() } else { 0 };
        let least = fresh.max(floor.saturating_add(1));
        let following = |last: i64| last.saturating_add(1).max(least);
        let before =
            self.last.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |last| Some(following(last)));
        following(before.unwrap_or_default())
    }
}

/// The smallest id of a millisecond.
pub(super) fn first_of(millis: i64) -> i64 {
    millis.clamp(0, i64::MAX >> COUNTED) << COUNTED
}

/// Half the room is left for counting on.
fn start() -> i64 {
    i64::from_str_radix(&random_name(3), 16).unwrap_or_default() >> 5
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn ids_grow_even_when_time_stands_still_or_another_is_ahead() {
        let clock = Clock::still(1_700_000_000_000);
        let ids = Ids::new(clock.clone());
        let (first, second) = (ids.next(), ids.next());
        assert_eq!(second, first + 1);
        assert_eq!(first >> COUNTED, 1_700_000_000_000);
        let far = first_of(1_800_000_000_000);
        assert_eq!(ids.above(far), far + 1);
        clock.advance(Duration::from_secs(1));
        assert!(ids.next() > far);
    }
}
