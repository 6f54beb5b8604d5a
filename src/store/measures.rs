//! What was looked up of pull requests for their cards, and how commits were built.

use sqlx::any::AnyRow;

use super::Store;
use super::error::Error;
use super::rows::{Columns, Named, each, sql};
use super::tx::Tx;
use crate::words::build::{Build, BuildState};
use crate::words::measure::{Extent, Measure};
use crate::words::names::{PrName, RepoName};

const ONE: &str = "SELECT head, files, added, removed, more, comments, tasks FROM measures \
     WHERE repo = $1 AND number = $2";
const KEEP: &str = "INSERT INTO measures (repo, number, head, files, added, removed, more, comments, tasks) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (repo, number) DO UPDATE SET \
     head = excluded.head, files = excluded.files, added = excluded.added, removed = excluded.removed, \
     more = excluded.more, comments = excluded.comments, tasks = excluded.tasks";
const BUILDS: &str = "SELECT state FROM builds WHERE repo = $1 AND hash = $2 ORDER BY build_key";
/// What was said later stands, in whatever order it comes.
const BUILT: &str = "INSERT INTO builds (repo, hash, build_key, state, at, kept_at) \
     VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (repo, hash, build_key) DO UPDATE SET \
     state = excluded.state, at = excluded.at, kept_at = excluded.kept_at WHERE builds.at <= excluded.at";

pub(super) const ALL: &[Named] =
    &[("measure", ONE), ("measure keep", KEEP), ("builds of", BUILDS), ("built", BUILT)];

/// Hashes are cut short in places: so much of them is always told.
const ENOUGH: usize = 12;

fn cut(hash: &str) -> String {
    hash.chars().take(ENOUGH).collect()
}

fn word(state: BuildState) -> &'static str {
    match state {
        BuildState::Passed => "passed",
        BuildState::Failed => "failed",
        BuildState::Running => "running",
        BuildState::Stopped => "stopped",
        BuildState::Unknown => "unknown",
    }
}

fn state(word: &str) -> BuildState {
    let all = [BuildState::Passed, BuildState::Failed, BuildState::Running, BuildState::Stopped];
    all.into_iter().find(|state| self::word(*state) == word).unwrap_or(BuildState::Unknown)
}

fn number(name: &PrName) -> i64 {
    i64::try_from(name.number).unwrap_or(i64::MAX)
}

fn stored(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

fn counted(row: &AnyRow, column: &str) -> Result<Option<u64>, Error> {
    Ok(row.maybe_number(column)?.and_then(|count| u64::try_from(count).ok()))
}

fn from_row(row: &AnyRow) -> Result<Measure, Error> {
    let more = row.number("more")? != 0;
    let (added, removed) = (counted(row, "added")?, counted(row, "removed")?);
    let size = counted(row, "files")?.map(|files| Extent { files, added, removed, more });
    Ok(Measure {
        head: row.maybe_text("head")?,
        size,
        comments: counted(row, "comments")?,
        tasks: counted(row, "tasks")?,
    })
}

impl Store {
    /// What was looked up of a pull request.
    pub async fn measure(&self, pr: &PrName) -> Result<Option<Measure>, Error> {
        let query = sql(ONE).bind(pr.repo.to_string()).bind(number(pr));
        self.base.row(query).await?.as_ref().map(from_row).transpose()
    }

    /// How a commit was built, as far as anybody said.
    pub async fn builds_of(&self, repo: &RepoName, hash: &str) -> Result<Vec<BuildState>, Error> {
        let rows = self.base.rows(sql(BUILDS).bind(repo.to_string()).bind(cut(hash))).await?;
        each(&rows, |row| Ok(state(&row.text("state")?)))
    }
}

impl Tx {
    /// Keeps what was looked up.
    pub async fn keep_measure(&mut self, pr: &PrName, measure: &Measure) -> Result<(), Error> {
        let size = measure.size;
        let query = sql(KEEP)
            .bind(pr.repo.to_string())
            .bind(number(pr))
            .bind(measure.head.clone())
            .bind(size.map(|size| stored(size.files)))
            .bind(size.and_then(|size| size.added).map(stored))
            .bind(size.and_then(|size| size.removed).map(stored))
            .bind(i64::from(size.is_some_and(|size| size.more)))
            .bind(measure.comments.map(stored))
            .bind(measure.tasks.map(stored));
        self.write(query).await.map(|_| ())
    }

    /// A commit was built, or is being built, like this.
    pub async fn built(&mut self, repo: &RepoName, hash: &str, build: &Build) -> Result<(), Error> {
        let query = sql(BUILT)
            .bind(repo.to_string())
            .bind(cut(hash))
            .bind(build.key.clone())
            .bind(word(build.state))
            .bind(build.at)
            .bind(self.now());
        self.write(query).await.map(|_| ())
    }
}
