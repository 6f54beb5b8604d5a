//! Who can read which repository, as it was last looked at.

use std::collections::HashMap;

use super::Store;
use super::error::Error;
use super::rows::{Columns, Named, sql};
use super::tx::Tx;
use crate::words::names::{RepoName, SlackUser, Team};

/// How long an answer is kept, in milliseconds: it counts for a day, and beyond that while nobody can be asked.
pub(super) const TRUSTED: i64 = 7 * 24 * 60 * 60 * 1000;

const OF_REPO: &str = "SELECT team, user_id, may, at FROM reads WHERE repo = $1";
const KEEP: &str = "INSERT INTO reads (repo, team, user_id, may, at) VALUES ($1, $2, $3, $4, $5) \
     ON CONFLICT (repo, team, user_id) DO UPDATE SET may = excluded.may, at = excluded.at";

pub(super) const ALL: &[Named] = &[("reads of a repository", OF_REPO), ("reads keep", KEEP)];

/// Whether somebody could read a repository, and when that was looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    /// Whether they could.
    pub may: bool,
    /// When, in epoch milliseconds.
    pub at: i64,
}

impl Store {
    /// Everybody of whom it is known whether they can read a repository.
    pub async fn readers_of(&self, repo: &RepoName) -> Result<HashMap<SlackUser, Seen>, Error> {
        let rows = self.base.rows(sql(OF_REPO).bind(repo.to_string().to_lowercase())).await?;
        let seen = rows.iter().map(|row| {
            let user = SlackUser { team: Team::new(row.text("team")?), id: row.text("user_id")? };
            Ok((user, Seen { may: row.number("may")? != 0, at: row.number("at")? }))
        });
        seen.collect()
    }
}

impl Tx {
    /// They were seen to read it, or not to.
    pub async fn saw_reading(&mut self, repo: &RepoName, user: &SlackUser, may: bool) -> Result<(), Error> {
        let query = sql(KEEP)
            .bind(repo.to_string().to_lowercase())
            .bind(user.team.as_str().to_owned())
            .bind(user.id.clone())
            .bind(i64::from(may))
            .bind(self.now());
        self.write(query).await.map(|_| ())
    }
}
