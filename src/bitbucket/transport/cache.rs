//! Answers kept to be asked after: Bitbucket says whether one is still true, and spares itself sending it.
//!
//! Nothing is believed without asking, and nothing one credential was shown is shown to another.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

const MOST_ANSWERS: usize = 1_000;
const MOST_BYTES: usize = 8 * 1024 * 1024;
/// Longer ones would push out too many others.
const LARGEST: usize = 256 * 1024;

/// Whose answer it is, and to what.
type Key = (String, String);

/// An answer that was given once, and the mark it was given under.
#[derive(Debug, Clone)]
pub(super) struct Kept {
    pub(super) etag: String,
    pub(super) body: Vec<u8>,
    used: u64,
}

/// The answers of one Bitbucket.
#[derive(Debug, Default)]
pub(super) struct Cache(Mutex<Inner>);

#[derive(Debug, Default)]
struct Inner {
    answers: HashMap<Key, Kept>,
    bytes: usize,
    clock: u64,
}

impl Cache {
    /// What that credential was answered there the last time.
    pub(super) fn find(&self, owner: &str, url: &str) -> Option<Kept> {
        let mut inner = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        inner.clock += 1;
        let now = inner.clock;
        let kept = inner.answers.get_mut(&(owner.to_owned(), url.to_owned()))?;
        kept.used = now;
        Some(kept.clone())
    }

    /// Keeps an answer; the longest unused ones go when there are too many.
    pub(super) fn keep(&self, owner: &str, url: &str, etag: &str, body: &[u8]) {
        if body.len() > LARGEST {
            return;
        }
        let mut inner = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        inner.clock += 1;
        let kept = Kept { etag: etag.to_owned(), body: body.to_vec(), used: inner.clock };
        inner.bytes += kept.body.len();
        if let Some(before) = inner.answers.insert((owner.to_owned(), url.to_owned()), kept) {
            inner.bytes -= before.body.len();
        }
        inner.make_room();
    }
}

impl Inner {
    fn make_room(&mut self) {
        while self.answers.len() > MOST_ANSWERS || self.bytes > MOST_BYTES {
            let oldest = self.answers.iter().min_by_key(|(_, kept)| kept.used).map(|(key, _)| key.clone());
            let Some(gone) = oldest.and_then(|key| self.answers.remove(&key)) else {
                return;
            };
            self.bytes -= gone.body.len();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_shown_what_another_saw() {
        let cache = Cache::default();
        cache.keep("ada", "/x", "1", b"hers");
        assert!(cache.find("bob", "/x").is_none());
        cache.keep("ada", "/x", "2", b"newer");
        let kept = cache.find("ada", "/x").unwrap();
        assert_eq!((kept.etag.as_str(), kept.body.as_slice()), ("2", &b"newer"[..]));
    }

    #[test]
    fn it_stays_within_its_bounds_and_keeps_what_is_used() {
        let cache = Cache::default();
        let body = vec![0; LARGEST];
        for url in 0..100 {
            cache.keep("ada", &url.to_string(), "1", &body);
            let _ = cache.find("ada", "0");
        }
        cache.keep("ada", "giant", "1", &vec![0; LARGEST + 1]);
        let inner = cache.0.lock().unwrap();
        assert_eq!(inner.bytes, MOST_BYTES);
        assert_eq!(inner.answers.len(), MOST_BYTES / LARGEST);
        assert!(inner.answers.contains_key(&("ada".to_owned(), "0".to_owned())));
        drop(inner);
        for url in 0..2 * MOST_ANSWERS {
            cache.keep("bob", &url.to_string(), "1", b"");
        }
        assert_eq!(cache.0.lock().unwrap().answers.len(), MOST_ANSWERS);
    }
}
