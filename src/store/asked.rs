//! Since when somebody's review of a pull request is asked for.

use std::collections::HashMap;

use super::Store;
use super::error::Error;
use super::rows::{Columns, Named, sql};
use super::tx::Tx;
use crate::words::names::{PersonId, PrName, RepoName};

const ASKED: &str = "INSERT INTO asked (repo, number, person, at) VALUES ($1, $2, $3, $4) \
     ON CONFLICT (repo, number, person) DO UPDATE SET at = excluded.at WHERE asked.at < excluded.at";
const IN: &str = "SELECT number, person, at FROM asked WHERE repo = $1";

pub(super) const ALL: &[Named] = &[("asked", ASKED), ("asked in", IN)];

impl Store {
    /// Since when whose review is asked for, in a repository, by pull request and person.
    pub async fn asked_in(&self, repo: &RepoName) -> Result<HashMap<(u64, PersonId), i64>, Error> {
        let rows = self.base.rows(sql(IN).bind(repo.to_string())).await?;
        let read = rows.iter().map(|row| {
            let number = row.number("number")?.unsigned_abs();
            Ok(((number, PersonId::new(row.text("person")?)), row.number("at")?))
        });
        read.collect()
    }
}

impl Tx {
    /// Somebody's review is asked for since this moment.
    pub async fn asked(&mut self, pr: &PrName, person: &PersonId, at: i64) -> Result<(), Error> {
        let number = i64::try_from(pr.number).unwrap_or(i64::MAX);
        let query = sql(ASKED).bind(pr.repo.to_string()).bind(number).bind(person.as_str()).bind(at);
        self.write(query).await.map(|_| ())
    }
}
