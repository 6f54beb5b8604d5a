//! Ids of rows: 63 bits, ordered by time, strictly increasing within a process.

use std::sync::atomic::{AtomicI64, Ordering};

use crate::clock::{Clock, random_name};

/// The low bits: counted within a millisecond from a random start, and below that the process's own mark.
const COUNTED: u32 = 20;
/// How far two ids of one process are apart at least: what lies between belongs to the others.
const STEP: i64 = 1 << 12;

/// Mints ids. Each process has a mark of its own at their end, so that replicas which count on from each
/// other's ids do not meet.
#[derive(Debug)]
pub(super) struct Ids {
    clock: Clock,
    mark: i64,
    last: AtomicI64,
}

impl Ids {
    /// Starts anew; the clock keeps it beyond what earlier processes minted.
    pub(super) fn new(clock: Clock) -> Self {
        Self { clock, mark: random_below(STEP), last: AtomicI64::new(0) }
    }

    /// The next id.
    pub(super) fn next(&self) -> i64 {
        self.above(0)
    }

    /// The next id, and greater than this one in any case.
    pub(super) fn above(&self, floor: i64) -> i64 {
        let now = self.clock.millis().max(0);
        let fresh =
            if self.last.load(Ordering::Relaxed) >> COUNTED < now { first_of(now) + start() } else { 0 };
        let least = fresh.max(floor.saturating_add(1));
        let following = |last: i64| self.marked(last.saturating_add(1).max(least));
        let before =
            self.last.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |last| Some(following(last)));
        following(before.unwrap_or_default())
    }

    /// The first id from this one on that bears our mark.
    fn marked(&self, from: i64) -> i64 {
        from.saturating_add((self.mark - from).rem_euclid(STEP))
    }
}

/// When an id was minted, in epoch milliseconds.
pub fn minted_at(id: i64) -> i64 {
    id >> COUNTED
}

/// The smallest id of a millisecond.
pub(super) fn first_of(millis: i64) -> i64 {
    millis.clamp(0, i64::MAX >> COUNTED) << COUNTED
}

/// Half the room is left for counting on.
fn start() -> i64 {
    random_below(first_of(1) / 2)
}

fn random_below(end: i64) -> i64 {
    i64::from_str_radix(&random_name(4), 16).unwrap_or_default() % end
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
        assert_eq!(second, first + STEP);
        assert_eq!(first >> COUNTED, 1_700_000_000_000);
        let far = first_of(1_800_000_000_000);
        assert!(ids.above(far) > far);
        clock.advance(Duration::from_secs(1));
        assert!(ids.next() > far);
    }

    #[test]
    fn who_counts_on_from_anothers_id_never_mints_it() {
        let clock = Clock::still(1_700_000_000_000);
        let (ours, theirs) = (Ids { mark: 1, ..Ids::new(clock.clone()) }, Ids { mark: 2, ..Ids::new(clock) });
        let mut last = 0;
        for _ in 0..1_000 {
            let one = ours.above(last);
            last = theirs.above(one);
            assert!(last > one && ours.next() != last);
        }
    }
}
