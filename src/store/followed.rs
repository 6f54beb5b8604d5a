//! Which repositories a workspace follows, whichever channel hears of them.

use super::Store;
use super::error::Error;
use super::rows::{Columns, Named, sql};
use crate::words::names::{RepoName, Team};

const FOLLOWED: &str = "SELECT DISTINCT repo FROM subscriptions WHERE team = $1 ORDER BY repo";

const ANYWHERE: &str = "SELECT DISTINCT repo FROM subscriptions ORDER BY repo";

pub(super) const ALL: &[Named] = &[("followed repositories", FOLLOWED), ("followed anywhere", ANYWHERE)];

impl Store {
    /// The repositories that channels of a workspace hear of. What names more than one repository is no
    /// name of one, and is left out.
    pub async fn followed(&self, team: &Team) -> Result<Vec<RepoName>, Error> {
        let rows = self.base.rows(sql(FOLLOWED).bind(team.as_str())).await?;
        let names = rows.iter().map(|row| row.text("repo")).collect::<Result<Vec<_>, _>>()?;
        Ok(names.iter().filter_map(|name| name.parse().ok()).collect())
    }

    /// The same of all workspaces.
    pub async fn followed_anywhere(&self) -> Result<Vec<RepoName>, Error> {
        let rows = self.base.rows(sql(ANYWHERE)).await?;
        let names = rows.iter().map(|row| row.text("repo")).collect::<Result<Vec<_>, _>>()?;
        Ok(names.iter().filter_map(|name| name.parse().ok()).collect())
    }
}
