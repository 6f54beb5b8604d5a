//! Slack's pace: so many calls of a method a minute, and one message a second in a channel.

use std::collections::{BTreeMap, VecDeque};

const MINUTE: i64 = 60_000;
const SECOND: i64 = 1_000;

/// What was called when, in epoch milliseconds.
#[derive(Clone, Debug, Default)]
pub struct Pace {
    calls: BTreeMap<String, VecDeque<i64>>,
    posts: BTreeMap<String, i64>,
}

impl Pace {
    /// Counts a call, or says after how many seconds it may come again.
    pub fn call(&mut self, method: &str, per_minute: usize, now: i64) -> Result<(), u64> {
        let calls = self.calls.entry(method.to_owned()).or_default();
        while calls.front().is_some_and(|at| now - at >= MINUTE) {
            calls.pop_front();
        }
        match calls.front() {
            Some(first) if calls.len() >= per_minute => Err(seconds(first + MINUTE - now)),
            _ => {
                calls.push_back(now);
                Ok(())
            }
        }
    }

    /// Counts a message in a channel, or says after how many seconds it may come.
    pub fn post(&mut self, channel: &str, now: i64) -> Result<(), u64> {
        match self.posts.get(channel) {
            Some(last) if now - last < SECOND => Err(seconds(last + SECOND - now)),
            _ => {
                self.posts.insert(channel.to_owned(), now);
                Ok(())
            }
        }
    }
}

fn seconds(millis: i64) -> u64 {
    u64::try_from(millis).unwrap_or_default().div_ceil(1_000).max(1)
}

#[cfg(test)]
mod tests {
    use super::Pace;

    #[test]
    fn a_method_frees_up_as_its_minute_passes() {
        let mut pace = Pace::default();
        assert_eq!(pace.call("m", 2, 0), Ok(()));
        assert_eq!(pace.call("m", 2, 10_000), Ok(()));
        assert_eq!(pace.call("m", 2, 20_500), Err(40));
        assert_eq!(pace.call("other", 2, 20_500), Ok(()));
        assert_eq!(pace.call("m", 2, 60_000), Ok(()));
    }

    #[test]
    fn a_channel_takes_one_message_a_second() {
        let mut pace = Pace::default();
        assert_eq!(pace.post("C1", 0), Ok(()));
        assert_eq!(pace.post("C1", 999), Err(1));
        assert_eq!(pace.post("C2", 999), Ok(()));
        assert_eq!(pace.post("C1", 1_000), Ok(()));
    }
}
