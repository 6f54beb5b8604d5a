//! Which people on Bitbucket are whom in a Slack workspace, and who does not want to be mentioned there.

use super::Store;
use super::error::Error;
use super::rows::{Columns, Named, sql};
use super::tx::Tx;
use crate::words::names::{Instance, PersonId, SlackUser, Team};

const MENTIONABLE: &str = "SELECT user_id FROM links WHERE team = $1 AND instance = $2 AND person_id = $3 \
     AND NOT EXISTS (SELECT 1 FROM unmentioned WHERE unmentioned.team = links.team \
         AND unmentioned.user_id = links.user_id) \
     ORDER BY linked_at DESC, user_id LIMIT 1";
const OFF: &str =
    "INSERT INTO unmentioned (team, user_id) VALUES ($1, $2) ON CONFLICT (team, user_id) DO NOTHING";
const ON: &str = "DELETE FROM unmentioned WHERE team = $1 AND user_id = $2";
const IS_OFF: &str = "SELECT user_id FROM unmentioned WHERE team = $1 AND user_id = $2";

pub(super) const ALL: &[Named] =
    &[("mentionable", MENTIONABLE), ("mentions off", OFF), ("mentions on", ON), ("mentions are off", IS_OFF)];

impl Store {
    /// Who in this workspace may be mentioned for that person on Bitbucket.
    pub async fn mentionable(
        &self,
        team: &Team,
        instance: &Instance,
        person: &PersonId,
    ) -> Result<Option<SlackUser>, Error> {
        let query = sql(MENTIONABLE).bind(team.as_str()).bind(instance.as_str()).bind(person.as_str());
        let Some(row) = self.base.row(query).await? else {
            return Ok(None);
        };
        Ok(Some(SlackUser { team: team.clone(), id: row.text("user_id")? }))
    }

    /// Whether this person may be mentioned.
    pub async fn mentions(&self, user: &SlackUser) -> Result<bool, Error> {
        let query = sql(IS_OFF).bind(user.team.as_str()).bind(user.id.as_str());
        Ok(self.base.row(query).await?.is_none())
    }
}

impl Tx {
    /// Lets a person be mentioned, or not.
    pub async fn set_mentions(&mut self, user: &SlackUser, wanted: bool) -> Result<(), Error> {
        let query = sql(if wanted { ON } else { OFF });
        self.write(query.bind(user.team.as_str()).bind(user.id.as_str())).await.map(|_| ())
    }
}
