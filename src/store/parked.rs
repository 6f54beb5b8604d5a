//! Commands that wait until their person has connected.

use super::error::Error;
use super::rows::{Columns, Named, sql};
use super::tx::Tx;
use crate::words::names::{Instance, SlackUser};

const PARK: &str = "INSERT INTO parked (id, team, user_id, instance, command, parked_at, until_at) \
     VALUES ($1, $2, $3, $4, $5, $6, $7)";
const TAKE: &str = "DELETE FROM parked WHERE team = $1 AND user_id = $2 AND instance = $3 \
     RETURNING id, command, until_at";

pub(super) const ALL: &[Named] = &[("park", PARK), ("take parked", TAKE)];

/// A command that waits for its person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParkedCommand {
    /// Whose.
    pub user: SlackUser,
    /// The Bitbucket they have to connect to.
    pub instance: Instance,
    /// The command and where its answer goes, as JSON.
    pub command: String,
    /// After this moment it is not run any more.
    pub until: i64,
}

impl Tx {
    /// Parks a command.
    pub async fn park(&mut self, parked: &ParkedCommand) -> Result<(), Error> {
        let query = sql(PARK)
            .bind(self.base.ids.next())
            .bind(parked.user.team.as_str())
            .bind(parked.user.id.as_str())
            .bind(parked.instance.as_str())
            .bind(parked.command.as_str())
            .bind(self.now())
            .bind(parked.until);
        self.write(query).await.map(|_| ())
    }

    /// Takes what this person has parked there and is not too late, in the order it came.
    pub async fn take_parked(
        &mut self,
        user: &SlackUser,
        instance: &Instance,
    ) -> Result<Vec<ParkedCommand>, Error> {
        let now = self.now();
        let query = sql(TAKE).bind(user.team.as_str()).bind(user.id.as_str()).bind(instance.as_str());
        let mut taken = Vec::new();
        for row in self.rows(query).await? {
            let parked = ParkedCommand {
                user: user.clone(),
                instance: instance.clone(),
                command: row.text("command")?,
                until: row.number("until_at")?,
            };
            if parked.until > now {
                taken.push((row.number("id")?, parked));
            }
        }
        taken.sort_by_key(|(id, _)| *id);
        Ok(taken.into_iter().map(|(_, parked)| parked).collect())
    }
}
