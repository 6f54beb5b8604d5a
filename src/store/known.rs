//! What is remembered so as not to be asked again: answers of Bitbucket for a while, and how builds ended.

use super::Store;
use super::error::Error;
use super::rows::{Columns, Named, sql};
use super::tx::Tx;
use crate::words::names::RepoName;

const KNOWN: &str = "SELECT answer FROM known WHERE what = $1 AND until_at > $2";
const KEEP: &str = "INSERT INTO known (what, answer, until_at) VALUES ($1, $2, $3) \
     ON CONFLICT (what) DO UPDATE SET answer = excluded.answer, until_at = excluded.until_at";
const ENDED: &str = "SELECT failed FROM build_ends WHERE repo = $1 AND branch = $2 AND build_key = $3";
const ENDS: &str = "INSERT INTO build_ends (repo, branch, build_key, failed, at) VALUES ($1, $2, $3, $4, $5) \
     ON CONFLICT (repo, branch, build_key) DO UPDATE SET failed = excluded.failed, at = excluded.at";

pub(super) const ALL: &[Named] =
    &[("known", KNOWN), ("known keep", KEEP), ("build ended", ENDED), ("build ends", ENDS)];

/// A build of a branch, known again by its key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BuildName {
    /// The repository.
    pub repo: RepoName,
    /// The branch; empty where nobody says which.
    pub branch: String,
    /// The build's key.
    pub key: String,
}

impl Store {
    /// What was answered, if that still counts.
    pub async fn known(&self, what: &str) -> Result<Option<String>, Error> {
        let row = self.base.row(sql(KNOWN).bind(what.to_owned()).bind(self.base.now())).await?;
        row.map(|row| row.text("answer")).transpose()
    }

    /// Keeps an answer until then.
    pub async fn keep_known(&self, what: &str, answer: &str, until: i64) -> Result<(), Error> {
        let query = sql(KEEP).bind(what.to_owned()).bind(answer.to_owned()).bind(until);
        self.base.write(query).await.map(|_| ())
    }

    /// Whether the build failed when it last ended; none if it never did.
    pub async fn build_failed(&self, build: &BuildName) -> Result<Option<bool>, Error> {
        let query =
            sql(ENDED).bind(build.repo.to_string()).bind(build.branch.clone()).bind(build.key.clone());
        let row = self.base.row(query).await?;
        row.map(|row| row.number("failed").map(|failed| failed != 0)).transpose()
    }
}

impl Tx {
    /// The build ended so.
    pub async fn build_ended(&mut self, build: &BuildName, failed: bool) -> Result<(), Error> {
        let query = sql(ENDS)
            .bind(build.repo.to_string())
            .bind(build.branch.clone())
            .bind(build.key.clone())
            .bind(i64::from(failed))
            .bind(self.now());
        self.write(query).await.map(|_| ())
    }
}
