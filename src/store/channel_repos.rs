//! Which repository a channel means where nobody names one.

use super::Store;
use super::error::Error;
use super::rows::{Columns, Named, sql};
use super::tx::Tx;
use crate::words::names::{Channel, RepoName, SlackUser, Team};

const ONE: &str = "SELECT repo FROM channel_repos WHERE team = $1 AND channel = $2";
const SET: &str = "INSERT INTO channel_repos (team, channel, repo, set_by, set_at) \
     VALUES ($1, $2, $3, $4, $5) ON CONFLICT (team, channel) DO UPDATE SET repo = excluded.repo, \
     set_by = excluded.set_by, set_at = excluded.set_at";
const RENAME: &str = "UPDATE channel_repos SET repo = $3 WHERE team = $1 AND repo = $2";
const CLEAR: &str = "DELETE FROM channel_repos WHERE team = $1 AND channel = $2";

pub(super) const ALL: &[Named] = &[
    ("channel repo", ONE),
    ("channel repo set", SET),
    ("channel repo renamed", RENAME),
    ("channel repo clear", CLEAR),
];

impl Store {
    /// The repository meant in a channel where none is named.
    pub async fn channel_repo(&self, channel: &Channel) -> Result<Option<RepoName>, Error> {
        let query = sql(ONE).bind(channel.team.as_str()).bind(channel.id.as_str());
        self.base.row(query).await?.map(|row| row.read("repo")).transpose()
    }
}

impl Tx {
    /// From now on, this one is meant there.
    pub async fn set_channel_repo(
        &mut self,
        channel: &Channel,
        repo: &RepoName,
        by: &SlackUser,
    ) -> Result<(), Error> {
        let query = sql(SET)
            .bind(channel.team.as_str())
            .bind(channel.id.as_str())
            .bind(repo.to_string())
            .bind(by.id.as_str())
            .bind(self.now());
        self.write(query).await.map(|_| ())
    }

    /// Bitbucket calls it otherwise now: so it is meant wherever it was, in all channels of a workspace.
    pub async fn rename_channel_repo(
        &mut self,
        team: &Team,
        was: &RepoName,
        is: &RepoName,
    ) -> Result<(), Error> {
        let query = sql(RENAME).bind(team.as_str()).bind(was.to_string()).bind(is.to_string());
        self.write(query).await.map(|_| ())
    }

    /// From now on, none is meant there. Whether one was.
    pub async fn clear_channel_repo(&mut self, channel: &Channel) -> Result<bool, Error> {
        let query = sql(CLEAR).bind(channel.team.as_str()).bind(channel.id.as_str());
        Ok(self.write(query).await? > 0)
    }
}
