//! What somebody was just offered while they typed: all there was, so that the next letter asks nobody again.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use crate::words::names::SlackUser;

/// How long it is kept, in milliseconds.
const FRESH: i64 = 60 * 1000;
/// So many lists are kept at most.
const MOST: usize = 2_000;

/// Whose list it is, and of what.
type Key = (SlackUser, String);

/// Lists that were complete, each for the one who saw it.
#[derive(Debug, Default)]
pub struct LookedUp(Mutex<HashMap<Key, (i64, Vec<String>)>>);

impl LookedUp {
    /// All there was, where that was seen since.
    pub fn find(&self, user: &SlackUser, what: &str, since: i64) -> Option<Vec<String>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (at, all) = kept.get(&(user.clone(), what.to_owned()))?;
        (*at > since).then(|| all.clone())
    }

    /// This is all there is.
    pub fn keep(&self, user: &SlackUser, what: String, now: i64, all: Vec<String>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= MOST {
            kept.retain(|_, (at, _)| now - *at < FRESH);
        }
        if kept.len() < MOST {
            kept.insert((user.clone(), what), (now, all));
        }
    }
}
