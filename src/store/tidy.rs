//! What is older than its retention is removed, a little at a time so that others can write in between.

use std::time::Duration;

use super::Store;
use super::error::Error;
use super::ids::first_of;
use super::people::STALE;
use super::reads::TRUSTED;
use super::rows::{Named, Query, sql};
use crate::clock::millis_of;

const A_FEW: i64 = 500;
const TWO_DAYS: i64 = 48 * 60 * 60 * 1000;
const A_MONTH: i64 = 15 * TWO_DAYS;
const HALF_A_YEAR: i64 = 6 * A_MONTH;
/// A commit that nobody has built for so long is no open pull request's newest; if it is, it is asked for.
const TWO_MONTHS: i64 = 60 * 24 * 60 * 60 * 1000;

const DELIVERIES: &str = "DELETE FROM deliveries WHERE id IN \
     (SELECT id FROM deliveries WHERE id < $1 ORDER BY id LIMIT $2)";
/// Ids are ordered by time: what was made after the limit is never looked at.
const JOBS: &str = "DELETE FROM jobs WHERE id IN \
     (SELECT id FROM jobs WHERE id < $1 AND finished_at < $2 ORDER BY id LIMIT $3)";
const TICKETS: &str = "DELETE FROM tickets WHERE hash IN \
     (SELECT hash FROM tickets WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2)";
const PARKED: &str = "DELETE FROM parked WHERE id IN \
     (SELECT id FROM parked WHERE until_at <= $1 ORDER BY until_at LIMIT $2)";
const PAUSES: &str = "DELETE FROM pauses WHERE scope IN \
     (SELECT scope FROM pauses WHERE until_at <= $1 LIMIT $2)";
const SLOTS: &str = "DELETE FROM slots WHERE scope IN \
     (SELECT scope FROM slots WHERE next_at <= $1 LIMIT $2)";
const SPENT: &str = "DELETE FROM spent WHERE hash IN \
     (SELECT hash FROM spent WHERE until_at <= $1 ORDER BY until_at LIMIT $2)";
/// A day is over everywhere after two.
const NUDGES: &str = "DELETE FROM nudges WHERE (team, user_id, pr, day) IN \
     (SELECT team, user_id, pr, day FROM nudges WHERE at < $1 ORDER BY at LIMIT $2)";

const MATCHES: &str = "DELETE FROM matches WHERE (team, instance, person_id) IN \
     (SELECT team, instance, person_id FROM matches WHERE until_at <= $1 ORDER BY until_at LIMIT $2)";
const KNOWN: &str = "DELETE FROM known WHERE what IN \
     (SELECT what FROM known WHERE until_at <= $1 ORDER BY until_at LIMIT $2)";
/// Nobody fills in a form for that long.
const FILLS: &str = "DELETE FROM fills WHERE view IN \
     (SELECT view FROM fills WHERE at < $1 ORDER BY at LIMIT $2)";
/// Who has not been looked at for so long hears of nothing there.
const READS: &str = "DELETE FROM reads WHERE (repo, team, user_id) IN \
     (SELECT repo, team, user_id FROM reads WHERE at < $1 ORDER BY at LIMIT $2)";

const REMARKS: &str = "DELETE FROM remarks_told WHERE (repo, number, remark) IN \
     (SELECT repo, number, remark FROM remarks_told WHERE at < $1 ORDER BY at LIMIT $2)";
const MUTES: &str = "DELETE FROM mutes WHERE (team, user_id, pr) IN \
     (SELECT team, user_id, pr FROM mutes WHERE at < $1 ORDER BY at LIMIT $2)";
/// What is told once is known for so long.
const WHISPERS: &str = "DELETE FROM whispers WHERE id IN \
     (SELECT id FROM whispers WHERE at < $1 ORDER BY at LIMIT $2)";

const BUILDS: &str = "DELETE FROM builds WHERE (repo, hash, build_key) IN \
     (SELECT repo, hash, build_key FROM builds WHERE kept_at < $1 ORDER BY kept_at LIMIT $2)";

const LINES: &str = "DELETE FROM thread_lines WHERE (team, channel, repo, number, identity) IN \
     (SELECT team, channel, repo, number, identity FROM thread_lines WHERE kept_at < $1 \
     ORDER BY kept_at LIMIT $2)";

/// What has ended is of use for a while to whoever asks why.
const GRANTS: &str = "DELETE FROM grants WHERE id IN \
     (SELECT id FROM grants WHERE state NOT IN ('holds', 'in project') AND until_at < $1 ORDER BY until_at LIMIT $2)";

/// So is what was decided.
const REQUESTS: &str = "DELETE FROM requests WHERE id IN \
     (SELECT id FROM requests WHERE state <> 'open' AND until_at < $1 ORDER BY until_at LIMIT $2)";

/// Nobody turns the pages of so old a digest.
const PAGES: &str = "DELETE FROM digest_pages WHERE id IN \
     (SELECT id FROM digest_pages WHERE made_at < $1 ORDER BY made_at LIMIT $2)";
/// What waits for so long waits since it was opened.
const ASKED: &str = "DELETE FROM asked WHERE (repo, number, person) IN \
     (SELECT repo, number, person FROM asked WHERE at < $1 ORDER BY at LIMIT $2)";

pub(super) const ALL: &[Named] = &[
    ("tidy deliveries", DELIVERIES),
    ("tidy jobs", JOBS),
    ("tidy tickets", TICKETS),
    ("tidy parked", PARKED),
    ("tidy pauses", PAUSES),
    ("tidy slots", SLOTS),
    ("tidy spent", SPENT),
    ("tidy nudges", NUDGES),
    ("tidy matches", MATCHES),
    ("tidy known", KNOWN),
    ("tidy remarks", REMARKS),
    ("tidy fills", FILLS),
    ("tidy reads", READS),
    ("tidy mutes", MUTES),
    ("tidy whispers", WHISPERS),
    ("tidy builds", BUILDS),
    ("tidy lines", LINES),
    ("tidy grants", GRANTS),
    ("tidy requests", REQUESTS),
    ("tidy digest pages", PAGES),
    ("tidy asked", ASKED),
];

/// How much was removed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tidied {
    /// Deliveries.
    pub deliveries: u64,
    /// Jobs, done or buried.
    pub jobs: u64,
    /// Tickets that had ended.
    pub tickets: u64,
    /// Parked commands that came too late.
    pub parked: u64,
}

impl Store {
    /// Removes deliveries and finished or buried jobs older than this, tickets and parked commands that
    /// have ended, and waits that are over.
    pub async fn tidy(&self, keep_deliveries: Duration, keep_jobs: Duration) -> Result<Tidied, Error> {
        let now = self.base.now();
        let deliveries_before = now.saturating_sub(millis_of(keep_deliveries));
        let jobs_before = now.saturating_sub(millis_of(keep_jobs));
        let tidied = Tidied {
            deliveries: self.remove(|| sql(DELIVERIES).bind(first_of(deliveries_before))).await?,
            jobs: self.remove(|| sql(JOBS).bind(first_of(jobs_before)).bind(jobs_before)).await?,
            tickets: self.remove(|| sql(TICKETS).bind(now)).await?,
            parked: self.remove(|| sql(PARKED).bind(now)).await?,
        };
        self.remove(|| sql(PAUSES).bind(now)).await?;
        self.remove(|| sql(SLOTS).bind(now)).await?;
        self.remove(|| sql(SPENT).bind(now)).await?;
        self.remove(|| sql(NUDGES).bind(now.saturating_sub(TWO_DAYS))).await?;
        self.remove(|| sql(MATCHES).bind(now.saturating_sub(STALE))).await?;
        self.remove(|| sql(KNOWN).bind(now)).await?;
        self.remove(|| sql(REMARKS).bind(deliveries_before)).await?;
        self.remove(|| sql(FILLS).bind(now.saturating_sub(TWO_DAYS))).await?;
        self.remove(|| sql(READS).bind(now.saturating_sub(TRUSTED))).await?;
        self.remove(|| sql(MUTES).bind(now.saturating_sub(HALF_A_YEAR))).await?;
        self.remove(|| sql(WHISPERS).bind(now.saturating_sub(A_MONTH))).await?;
        self.remove(|| sql(LINES).bind(deliveries_before)).await?;
        self.remove(|| sql(GRANTS).bind(now.saturating_sub(TWO_MONTHS))).await?;
        self.remove(|| sql(REQUESTS).bind(now.saturating_sub(TWO_MONTHS))).await?;
        self.remove(|| sql(PAGES).bind(now.saturating_sub(A_MONTH))).await?;
        self.remove(|| sql(ASKED).bind(now.saturating_sub(HALF_A_YEAR))).await?;
        self.remove(|| sql(BUILDS).bind(now.saturating_sub(TWO_MONTHS))).await?;
        Ok(tidied)
    }

    /// The oldest few, again and again, until few are left.
    async fn remove(&self, oldest: impl Fn() -> Query) -> Result<u64, Error> {
        let mut removed = 0;
        loop {
            let few = self.base.write(oldest().bind(A_FEW)).await?;
            removed += few;
            if few < A_FEW.unsigned_abs() {
                return Ok(removed);
            }
        }
    }
}
