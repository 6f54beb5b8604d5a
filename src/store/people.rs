//! Which people on Bitbucket are whom in a Slack workspace, as they say themselves or as their addresses do,
//! and who does not want to be mentioned there.

use super::Store;
use super::error::Error;
use super::rows::{Columns, Named, sql};
use super::tx::Tx;
use crate::words::names::{Instance, PersonId, SlackUser, Team};

/// So long it is believed whose address it is, in milliseconds.
pub const MATCH_LIFE: i64 = 3 * 24 * 60 * 60 * 1000;
/// What an address said is believed so long after it should have been asked again, and then forgotten.
pub(super) const STALE: i64 = 7 * 24 * 60 * 60 * 1000;

/// Who has connected says it best; an address counts only for those who have not, and where it may.
const MENTIONABLE: &str = "SELECT user_id FROM (\
     SELECT user_id, linked_at AS at FROM links WHERE team = $1 AND instance = $2 AND person_id = $3 \
     UNION ALL SELECT user_id, until_at AS at FROM matches \
     WHERE team = $1 AND instance = $2 AND person_id = $3 AND user_id IS NOT NULL AND until_at > $4 \
     AND NOT EXISTS (SELECT 1 FROM links WHERE team = $1 AND instance = $2 AND person_id = $3) \
     AND NOT EXISTS (SELECT 1 FROM team_settings WHERE team = $1 AND matching = 0)) AS known \
     WHERE NOT EXISTS (SELECT 1 FROM unmentioned WHERE unmentioned.team = $1 \
         AND unmentioned.user_id = known.user_id) \
     ORDER BY at DESC, user_id LIMIT 1";
/// Whose address it is, while that is believed and may be; the one that was asked for last.
const MATCHED: &str = "SELECT person_id FROM matches WHERE team = $1 AND instance = $2 AND user_id = $3 \
     AND until_at > $4 AND NOT EXISTS (SELECT 1 FROM team_settings WHERE team = $1 AND matching = 0) \
     ORDER BY until_at DESC, person_id LIMIT 1";
const SETTLED: &str = "SELECT person_id FROM links WHERE team = $1 AND instance = $2 AND person_id = $3 \
     UNION ALL SELECT person_id FROM matches \
     WHERE team = $1 AND instance = $2 AND person_id = $3 AND until_at > $4 LIMIT 1";
const MATCH: &str = "INSERT INTO matches (team, instance, person_id, user_id, until_at) \
     VALUES ($1, $2, $3, $4, $5) ON CONFLICT (team, instance, person_id) DO UPDATE SET \
     user_id = excluded.user_id, until_at = excluded.until_at";
const UNMATCH: &str = "DELETE FROM matches WHERE team = $1";
const OFF: &str =
    "INSERT INTO unmentioned (team, user_id) VALUES ($1, $2) ON CONFLICT (team, user_id) DO NOTHING";
const ON: &str = "DELETE FROM unmentioned WHERE team = $1 AND user_id = $2";
const IS_OFF: &str = "SELECT user_id FROM unmentioned WHERE team = $1 AND user_id = $2";

pub(super) const ALL: &[Named] = &[
    ("mentionable", MENTIONABLE),
    ("matched", MATCHED),
    ("match settled", SETTLED),
    ("match", MATCH),
    ("unmatch", UNMATCH),
    ("mentions off", OFF),
    ("mentions on", ON),
    ("mentions are off", IS_OFF),
];

impl Store {
    /// Who in this workspace may be mentioned for that person on Bitbucket: whoever connected that account,
    /// else whoever has its address. It is for showing only, and gives nobody any right.
    pub async fn mentionable(
        &self,
        team: &Team,
        instance: &Instance,
        person: &PersonId,
    ) -> Result<Option<SlackUser>, Error> {
        let query = sql(MENTIONABLE)
            .bind(team.as_str())
            .bind(instance.as_str())
            .bind(person.as_str())
            .bind(self.base.now().saturating_sub(STALE));
        let Some(row) = self.base.row(query).await? else {
            return Ok(None);
        };
        Ok(Some(SlackUser { team: team.clone(), id: row.text("user_id")? }))
    }

    /// Whom on Bitbucket this person is, as their address said lately. It names them, and gives nobody any right.
    pub async fn matched(&self, user: &SlackUser, instance: &Instance) -> Result<Option<PersonId>, Error> {
        let query = sql(MATCHED)
            .bind(user.team.as_str())
            .bind(instance.as_str())
            .bind(user.id.as_str())
            .bind(self.base.now());
        let row = self.base.row(query).await?;
        row.map(|row| Ok(PersonId::new(row.text("person_id")?))).transpose()
    }

    /// Whether nobody needs to ask now who that person is: they have connected, or it was asked lately.
    pub async fn is_settled(
        &self,
        team: &Team,
        instance: &Instance,
        person: &PersonId,
    ) -> Result<bool, Error> {
        let query = sql(SETTLED)
            .bind(team.as_str())
            .bind(instance.as_str())
            .bind(person.as_str())
            .bind(self.base.now());
        Ok(self.base.row(query).await?.is_some())
    }

    /// Whether this person may be mentioned.
    pub async fn mentions(&self, user: &SlackUser) -> Result<bool, Error> {
        let query = sql(IS_OFF).bind(user.team.as_str()).bind(user.id.as_str());
        Ok(self.base.row(query).await?.is_none())
    }
}

impl Tx {
    /// Keeps who has that person's address, or that nobody has, until it is to be asked again.
    pub async fn keep_match(
        &mut self,
        (team, instance): (&Team, &Instance),
        person: &PersonId,
        user: Option<&SlackUser>,
        until: i64,
    ) -> Result<(), Error> {
        let query = sql(MATCH)
            .bind(team.as_str())
            .bind(instance.as_str())
            .bind(person.as_str())
            .bind(user.map(|user| user.id.clone()))
            .bind(until);
        self.write(query).await.map(|_| ())
    }

    /// Forgets whom addresses made out in a workspace.
    pub async fn forget_matches(&mut self, team: &Team) -> Result<(), Error> {
        self.write(sql(UNMATCH).bind(team.as_str())).await.map(|_| ())
    }

    /// Lets a person be mentioned, or not.
    pub async fn set_mentions(&mut self, user: &SlackUser, wanted: bool) -> Result<(), Error> {
        let query = sql(if wanted { ON } else { OFF });
        self.write(query.bind(user.team.as_str()).bind(user.id.as_str())).await.map(|_| ())
    }
}
