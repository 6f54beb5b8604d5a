//! The newest that is known of each pull request, whatever the order in which news of it came.

use sqlx::any::AnyRow;

use super::Store;
use super::error::Error;
use super::rows::{Columns, Named, each, sql};
use super::tx::Tx;
use crate::words::names::{PrName, RepoName};
use crate::words::pull_request::{PullRequest, State};

const ONE: &str = "SELECT snapshot FROM pull_requests WHERE repo = $1 AND number = $2";
const OPEN_IN: &str = "SELECT snapshot FROM pull_requests WHERE repo = $1 AND state = 'open' \
     ORDER BY updated_at DESC, number DESC";
const MERGED_IN: &str = "SELECT snapshot FROM pull_requests WHERE repo = $1 AND state = 'merged' \
     ORDER BY updated_at DESC, number DESC LIMIT 20";
const TOLD: &str = "SELECT told AS snapshot FROM pull_requests \
     WHERE repo = $1 AND number = $2 AND told IS NOT NULL";
const TELL: &str = "UPDATE pull_requests SET told = $3, told_state = $4 WHERE repo = $1 AND number = $2";
/// Only where nobody has told anything of it meanwhile.
const TELL_QUIETLY: &str = "UPDATE pull_requests SET told = $3, told_state = $4 \
     WHERE repo = $1 AND number = $2 AND COALESCE(told, '') = $5";
const TOLD_OPEN: &str = "SELECT told AS snapshot FROM pull_requests \
     WHERE repo = $1 AND told_state = 'open' AND told IS NOT NULL ORDER BY number";
const SEEN: &str = "UPDATE pull_requests SET seen_at = $3 WHERE repo = $1 AND number = $2";
const SEEN_AT: &str = "SELECT seen_at FROM pull_requests \
     WHERE repo = $1 AND number = $2 AND seen_at IS NOT NULL";
/// Newer by version where both have one, and by time where they do not or it is the same. Within one
/// moment what is closed is the newer.
const REMEMBER: &str = "INSERT INTO pull_requests (repo, number, updated_at, version, state, snapshot) \
     VALUES ($1, $2, $3, $4, $5, $6) \
     ON CONFLICT (repo, number) DO UPDATE SET updated_at = excluded.updated_at, \
     version = excluded.version, state = excluded.state, snapshot = excluded.snapshot \
     WHERE (pull_requests.version IS NOT NULL AND excluded.version > pull_requests.version) \
     OR ((pull_requests.version IS NULL OR excluded.version IS NULL \
         OR excluded.version = pull_requests.version) \
         AND (excluded.updated_at > pull_requests.updated_at \
             OR (excluded.updated_at = pull_requests.updated_at \
                 AND (pull_requests.state = 'open' OR excluded.state <> 'open'))))";

pub(super) const ALL: &[Named] = &[
    ("pull request", ONE),
    ("pull requests open", OPEN_IN),
    ("pull requests merged", MERGED_IN),
    ("pull request told", TOLD),
    ("pull request tell", TELL),
    ("pull request tell quietly", TELL_QUIETLY),
    ("pull requests told open", TOLD_OPEN),
    ("pull request seen", SEEN),
    ("pull request seen at", SEEN_AT),
    ("pull request remember", REMEMBER),
];

fn from_row(row: &AnyRow) -> Result<PullRequest, Error> {
    let snapshot = row.text("snapshot")?;
    serde_json::from_str(&snapshot).map_err(|_| Error::Unreadable("snapshot".to_owned()))
}

fn word(state: State) -> &'static str {
    match state {
        State::Open => "open",
        State::Merged => "merged",
        State::Declined => "declined",
        State::Superseded => "superseded",
        State::Deleted => "deleted",
    }
}

fn number(name: &PrName) -> i64 {
    i64::try_from(name.number).unwrap_or(i64::MAX)
}

impl Store {
    /// The newest that is known of it.
    pub async fn pull_request(&self, name: &PrName) -> Result<Option<PullRequest>, Error> {
        let query = sql(ONE).bind(name.repo.to_string()).bind(number(name));
        self.base.row(query).await?.as_ref().map(from_row).transpose()
    }

    /// As the last delivery about it told it.
    pub async fn told_of(&self, name: &PrName) -> Result<Option<PullRequest>, Error> {
        let query = sql(TOLD).bind(name.repo.to_string()).bind(number(name));
        self.base.row(query).await?.as_ref().map(from_row).transpose()
    }

    /// Those of a repository that were told to be open, as they were told.
    pub async fn told_open_in(&self, repo: &RepoName) -> Result<Vec<PullRequest>, Error> {
        each(&self.base.rows(sql(TOLD_OPEN).bind(repo.to_string())).await?, from_row)
    }

    /// When all about it was last told by looking, in epoch milliseconds; none if it never was.
    pub async fn seen_at(&self, name: &PrName) -> Result<Option<i64>, Error> {
        let query = sql(SEEN_AT).bind(name.repo.to_string()).bind(number(name));
        self.base.row(query).await?.map(|row| row.number("seen_at")).transpose()
    }

    /// Those known to be open in a repository, the last changed first.
    pub async fn open_in(&self, repo: &RepoName) -> Result<Vec<PullRequest>, Error> {
        each(&self.base.rows(sql(OPEN_IN).bind(repo.to_string())).await?, from_row)
    }

    /// Those merged last in a repository, the last first.
    pub async fn merged_in(&self, repo: &RepoName) -> Result<Vec<PullRequest>, Error> {
        each(&self.base.rows(sql(MERGED_IN).bind(repo.to_string())).await?, from_row)
    }
}

impl Tx {
    /// Keeps a snapshot unless a newer one is known. Whether it was kept.
    pub async fn remember(&mut self, pr: &PullRequest) -> Result<bool, Error> {
        let snapshot = serde_json::to_string(pr).map_err(|_| Error::Unreadable("snapshot".to_owned()))?;
        let query = sql(REMEMBER)
            .bind(pr.name.repo.to_string())
            .bind(number(&pr.name))
            .bind(pr.updated_at)
            .bind(pr.version)
            .bind(word(pr.state))
            .bind(snapshot);
        Ok(self.write(query).await? > 0)
    }

    /// A delivery tells it so. It has to be remembered before.
    pub async fn tell_of(&mut self, pr: &PullRequest) -> Result<(), Error> {
        let snapshot = serde_json::to_string(pr).map_err(|_| Error::Unreadable("snapshot".to_owned()))?;
        let query = sql(TELL)
            .bind(pr.name.repo.to_string())
            .bind(number(&pr.name))
            .bind(snapshot)
            .bind(word(pr.state));
        self.write(query).await.map(|_| ())
    }

    /// It counts as told so, where it still stands as it was told before, or was never told. It has to be
    /// remembered before.
    pub async fn count_as_told(
        &mut self,
        before: Option<&PullRequest>,
        pr: &PullRequest,
    ) -> Result<(), Error> {
        let text = |pr: &PullRequest| {
            serde_json::to_string(pr).map_err(|_| Error::Unreadable("snapshot".to_owned()))
        };
        let query = sql(TELL_QUIETLY)
            .bind(pr.name.repo.to_string())
            .bind(number(&pr.name))
            .bind(text(pr)?)
            .bind(word(pr.state))
            .bind(before.map(text).transpose()?.unwrap_or_default());
        self.write(query).await.map(|_| ())
    }

    /// All about it that was to be seen at this moment is told now.
    pub async fn all_told(&mut self, name: &PrName, at: i64) -> Result<(), Error> {
        let query = sql(SEEN).bind(name.repo.to_string()).bind(number(name)).bind(at);
        self.write(query).await.map(|_| ())
    }

    /// [`Store::pull_request`], as this unit of work sees it.
    pub async fn pull_request(&mut self, name: &PrName) -> Result<Option<PullRequest>, Error> {
        let query = sql(ONE).bind(name.repo.to_string()).bind(number(name));
        self.row(query).await?.as_ref().map(from_row).transpose()
    }
}
