//! What all calls to one Bitbucket have in common, whoever makes them: what was answered before, what is
//! still allowed, and what time it is over there.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::DateTime;

use crate::bitbucket::credential::Credential;
use crate::bitbucket::site::Edition;
use crate::clock::Clock;
use crate::words::names::Instance;

use super::allowance::{Allowance, Ledger};
use super::cache::Cache;
use super::http::Answer;

/// One Bitbucket's common things.
#[derive(Debug)]
pub(in crate::bitbucket) struct Shared {
    instance: Instance,
    edition: Edition,
    pub(super) cache: Cache,
    allowance: Option<Allowance>,
    skew: AtomicI64,
}

impl Shared {
    /// With a ledger to book calls in, or none to go by.
    pub(in crate::bitbucket) fn new(
        instance: &Instance,
        edition: Edition,
        ledger: Option<Arc<dyn Ledger>>,
    ) -> Self {
        Self {
            instance: instance.clone(),
            edition,
            cache: Cache::default(),
            allowance: ledger.map(|ledger| Allowance::new(ledger, edition)),
            skew: AtomicI64::new(0),
        }
    }

    /// Who pays for a call with this credential, where that is counted.
    pub(super) fn charge(&self, credential: &Credential) -> Option<(&Allowance, String)> {
        let payer = credential.payer(self.edition)?;
        Some((self.allowance.as_ref()?, format!("{}:{payer}", self.instance)))
    }

    /// By how much the server's clock is ahead of ours, in milliseconds.
    pub(super) fn skew(&self) -> i64 {
        self.skew.load(Ordering::Relaxed)
    }

    /// Hears from an answer what time it is over there.
    pub(super) fn learn_time(&self, answer: &Answer, ours: &Clock) {
        let told = answer.header("date").and_then(|date| DateTime::parse_from_rfc2822(date).ok());
        if let Some(theirs) = told {
            self.skew.store(theirs.timestamp_millis().saturating_sub(ours.millis()), Ordering::Relaxed);
        }
    }
}
