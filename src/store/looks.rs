//! When each repository was last looked at for what no webhook told, and which there are to be looked at.

use std::collections::BTreeMap;

use super::Store;
use super::error::Error;
use super::rows::{Columns, Named, sql};
use super::tx::Tx;
use crate::words::names::{Instance, PrName, RepoName};
use crate::words::wish::RepoPattern;

const LOOKED: &str = "INSERT INTO looks (repo, at) VALUES ($1, $2) \
     ON CONFLICT (repo) DO UPDATE SET at = excluded.at WHERE looks.at < excluded.at";
const LOOKS: &str = "SELECT repo, at FROM looks WHERE repo LIKE $1";
const PATTERNS: &str = "SELECT DISTINCT repo FROM subscriptions WHERE repo LIKE $1 \
     UNION SELECT DISTINCT repo FROM digests WHERE repo LIKE $1";
const SEEN: &str = "SELECT DISTINCT repo FROM pull_requests WHERE repo LIKE $1 \
     UNION SELECT DISTINCT repo FROM deliveries WHERE repo LIKE $1";
const REMARKS: &str = "SELECT remark FROM remarks_told WHERE repo = $1 AND number = $2 AND delivery <> $3";
const REMARK: &str = "INSERT INTO remarks_told (repo, number, remark, delivery, at) \
     VALUES ($1, $2, $3, $4, $5) \
     ON CONFLICT (repo, number, remark) DO NOTHING";
const BEAT: &str = "SELECT at FROM pulses WHERE name = $1";
const BEATS: &str = "INSERT INTO pulses (name, at) VALUES ($1, $2) \
     ON CONFLICT (name) DO UPDATE SET at = excluded.at";

pub(super) const ALL: &[Named] = &[
    ("looked", LOOKED),
    ("looks", LOOKS),
    ("look patterns", PATTERNS),
    ("look seen", SEEN),
    ("remarks told", REMARKS),
    ("remark told", REMARK),
    ("beat", BEAT),
    ("beats", BEATS),
];

fn on(instance: &Instance) -> String {
    format!("{instance}:%")
}

fn number(pr: &PrName) -> i64 {
    i64::try_from(pr.number).unwrap_or(i64::MAX)
}

impl Store {
    /// When each repository of a Bitbucket was last looked at.
    pub async fn looks(&self, instance: &Instance) -> Result<BTreeMap<String, i64>, Error> {
        let rows = self.base.rows(sql(LOOKS).bind(on(instance))).await?;
        rows.iter().map(|row| Ok((row.text("repo")?, row.number("at")?))).collect()
    }

    /// What channels hear of there, and have digests of, as they name it.
    pub async fn patterns_on(&self, instance: &Instance) -> Result<Vec<RepoPattern>, Error> {
        let rows = self.base.rows(sql(PATTERNS).bind(on(instance))).await?;
        let names = rows.iter().map(|row| row.text("repo")).collect::<Result<Vec<_>, _>>()?;
        Ok(names.iter().filter_map(|name| name.parse().ok()).collect())
    }

    /// The repositories there of which anything is known.
    pub async fn repositories_seen(&self, instance: &Instance) -> Result<Vec<RepoName>, Error> {
        let rows = self.base.rows(sql(SEEN).bind(on(instance))).await?;
        let names = rows.iter().map(|row| row.text("repo")).collect::<Result<Vec<_>, _>>()?;
        Ok(names.iter().filter_map(|name| name.parse().ok()).collect())
    }

    /// The comments on a pull request that were told of other deliveries than this, by their ids.
    pub async fn remarks_told(&self, pr: &PrName, but: i64) -> Result<Vec<u64>, Error> {
        let query = sql(REMARKS).bind(pr.repo.to_string()).bind(number(pr)).bind(but);
        let rows = self.base.rows(query).await?;
        let ids = rows.iter().map(|row| row.number("remark")).collect::<Result<Vec<_>, _>>()?;
        Ok(ids.into_iter().map(i64::cast_unsigned).collect())
    }

    /// Somebody is awake; when somebody last was, as far as is known.
    pub async fn beat(&self, name: &str) -> Result<Option<i64>, Error> {
        let before = self.base.row(sql(BEAT).bind(name.to_owned())).await?;
        self.base.write(sql(BEATS).bind(name.to_owned()).bind(self.base.now())).await?;
        before.map(|row| row.number("at")).transpose()
    }
}

impl Tx {
    /// The repository was looked at, at this moment.
    pub async fn looked_at(&mut self, repo: &RepoName, at: i64) -> Result<(), Error> {
        self.write(sql(LOOKED).bind(repo.to_string()).bind(at)).await.map(|_| ())
    }

    /// A comment was told of this delivery.
    pub async fn remark_told(&mut self, pr: &PrName, remark: u64, delivery: i64) -> Result<(), Error> {
        let query = sql(REMARK)
            .bind(pr.repo.to_string())
            .bind(number(pr))
            .bind(remark.cast_signed())
            .bind(delivery)
            .bind(self.now());
        self.write(query).await.map(|_| ())
    }
}
