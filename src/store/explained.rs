//! What each delivery was about and what was made of it, to be looked up afterwards.

use sqlx::any::AnyRow;

use super::Store;
use super::deliveries::DeliveryRow;
use super::error::Error;
use super::ids::first_of;
use super::rows::{Columns, Named, each, sql};
use super::tx::Tx;
use crate::words::names::{PrName, RepoName};
use crate::words::reason::Reasons;

const TELL: &str = "UPDATE deliveries SET outcome = $2, settled_at = $3, repo = $4, number = $5, reasons = $6 \
     WHERE id = $1";
const ONE: &str = "SELECT id, instance, request_id, event_key, hook, received_at, settled_at, outcome, repo, \
     number, CAST(LENGTH(body) AS BIGINT) AS size, reasons FROM deliveries WHERE id = $1";
const NAMED: &str = "SELECT id, instance, request_id, event_key, hook, received_at, settled_at, outcome, repo, \
     number, CAST(LENGTH(body) AS BIGINT) AS size, reasons FROM deliveries WHERE instance = $1 AND request_id = $2";
const ABOUT: &str = "SELECT id, instance, request_id, event_key, hook, received_at, settled_at, outcome, repo, \
     number, CAST(LENGTH(body) AS BIGINT) AS size, reasons FROM deliveries \
     WHERE repo = $1 AND number = $2 ORDER BY id DESC LIMIT $3";
const LATEST: &str = "SELECT id, instance, request_id, event_key, hook, received_at, settled_at, outcome, repo, \
     number, CAST(LENGTH(body) AS BIGINT) AS size, reasons FROM deliveries \
     WHERE repo IS NOT NULL ORDER BY id DESC LIMIT $1";
/// An empty text and a zero leave a condition out.
const FILTERED: &str = "SELECT id, instance, request_id, event_key, hook, received_at, settled_at, outcome, repo, \
     number, CAST(LENGTH(body) AS BIGINT) AS size FROM deliveries WHERE id >= $1 \
     AND (CAST($2 AS TEXT) = '' OR LOWER(repo) LIKE $2) \
     AND (CAST($3 AS TEXT) = '' OR LOWER(event_key) LIKE $3) \
     AND (CAST($4 AS BIGINT) = 0 OR outcome LIKE 'dropped%') ORDER BY id DESC LIMIT $5";

pub(super) const ALL: &[Named] = &[
    ("delivery tell", TELL),
    ("delivery explained", ONE),
    ("delivery named", NAMED),
    ("deliveries about", ABOUT),
    ("deliveries latest", LATEST),
    ("deliveries filtered", FILTERED),
];

/// What a delivery is about, and what was made of it.
#[derive(Debug, Clone, Copy)]
pub struct About<'a> {
    /// The repository.
    pub repo: &'a RepoName,
    /// The pull request's number, where it is about one.
    pub number: Option<u64>,
    /// What each subscription made of it.
    pub reasons: &'a Reasons,
}

/// A delivery, and what was made of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explained {
    /// All but its body.
    pub row: DeliveryRow,
    /// What each subscription made of it, where it was understood.
    pub reasons: Option<Reasons>,
}

impl Explained {
    fn from_row(row: &AnyRow) -> Result<Self, Error> {
        let reasons = row.maybe_text("reasons")?;
        let reasons = reasons.and_then(|text| serde_json::from_str(&text).ok());
        Ok(Self { row: DeliveryRow::from_row(row)?, reasons })
    }
}

/// Which deliveries are wanted; what is none does not matter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryFilter {
    /// About this repository, or what its full name ends in.
    pub repo: Option<String>,
    /// Whose event's name holds this.
    pub event: Option<String>,
    /// That came no earlier, in epoch milliseconds.
    pub since: i64,
    /// Only those that were dropped.
    pub dropped: bool,
    /// No more than so many.
    pub most: u32,
}

impl Store {
    /// One delivery, with what was made of it.
    pub async fn explained(&self, id: i64) -> Result<Option<Explained>, Error> {
        self.base.row(sql(ONE).bind(id)).await?.as_ref().map(Explained::from_row).transpose()
    }

    /// The delivery that its sender calls so.
    pub async fn explained_as(&self, instance: &str, request: &str) -> Result<Option<Explained>, Error> {
        let query = sql(NAMED).bind(instance.to_owned()).bind(request.to_owned());
        self.base.row(query).await?.as_ref().map(Explained::from_row).transpose()
    }

    /// The deliveries about a pull request, the newest first.
    pub async fn explained_about(&self, pr: &PrName, most: u32) -> Result<Vec<Explained>, Error> {
        let number = i64::try_from(pr.number).unwrap_or(i64::MAX);
        let query = sql(ABOUT).bind(pr.repo.to_string()).bind(number).bind(i64::from(most));
        each(&self.base.rows(query).await?, Explained::from_row)
    }

    /// The deliveries that were understood, whatever they are about, the newest first.
    pub async fn explained_lately(&self, most: u32) -> Result<Vec<Explained>, Error> {
        each(&self.base.rows(sql(LATEST).bind(i64::from(most))).await?, Explained::from_row)
    }

    /// Those that fit, the newest first.
    pub async fn deliveries_like(&self, filter: &DeliveryFilter) -> Result<Vec<DeliveryRow>, Error> {
        let repo = filter.repo.as_ref().map(|repo| format!("%{}", repo.to_lowercase())).unwrap_or_default();
        let event =
            filter.event.as_ref().map(|event| format!("%{}%", event.to_lowercase())).unwrap_or_default();
        let query = sql(FILTERED)
            .bind(first_of(filter.since))
            .bind(repo)
            .bind(event)
            .bind(i64::from(filter.dropped))
            .bind(i64::from(filter.most));
        each(&self.base.rows(query).await?, DeliveryRow::from_row)
    }
}

impl Tx {
    /// Writes what became of a delivery, what it is about, and why.
    pub async fn tell_delivery(&mut self, id: i64, outcome: &str, about: About<'_>) -> Result<(), Error> {
        let reasons =
            serde_json::to_string(about.reasons).map_err(|_| Error::Unreadable("reasons".to_owned()))?;
        let query = sql(TELL)
            .bind(id)
            .bind(outcome.to_owned())
            .bind(self.now())
            .bind(about.repo.to_string())
            .bind(about.number.map(|number| i64::try_from(number).unwrap_or(i64::MAX)))
            .bind(reasons);
        self.write(query).await.map(|_| ())
    }
}
