//! Whose home tab was ever opened, when it was last drawn, and what it has to show.

use super::Store;
use super::error::Error;
use super::rows::{Columns, Named, each, sql};
use super::tx::Tx;
use crate::words::names::{Instance, PersonId, SlackUser, Team};

const ONE: &str = "SELECT drawn_at FROM homes WHERE team = $1 AND user_id = $2";
const OF_PERSON: &str = "SELECT homes.team, homes.user_id, homes.drawn_at FROM homes \
     JOIN links ON links.team = homes.team AND links.user_id = homes.user_id \
     WHERE links.instance = $1 AND links.person_id = $2 ORDER BY homes.team, homes.user_id";
const DRAWN: &str = "INSERT INTO homes (team, user_id, drawn_at) VALUES ($1, $2, $3) \
     ON CONFLICT (team, user_id) DO UPDATE SET drawn_at = excluded.drawn_at";

pub(super) const ALL: &[Named] = &[("home", ONE), ("homes of a person", OF_PERSON), ("home drawn", DRAWN)];

/// A home tab that its person has opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Home {
    /// Whose.
    pub user: SlackUser,
    /// When it was last drawn, in epoch milliseconds.
    pub drawn_at: i64,
}

impl Store {
    /// This person's home tab, if they ever opened it.
    pub async fn home(&self, user: &SlackUser) -> Result<Option<Home>, Error> {
        let query = sql(ONE).bind(user.team.as_str()).bind(user.id.as_str());
        let Some(row) = self.base.row(query).await? else {
            return Ok(None);
        };
        Ok(Some(Home { user: user.clone(), drawn_at: row.number("drawn_at")? }))
    }

    /// The home tabs that show what concerns this person on Bitbucket.
    pub async fn homes_of(&self, instance: &Instance, person: &PersonId) -> Result<Vec<Home>, Error> {
        let query = sql(OF_PERSON).bind(instance.as_str()).bind(person.as_str());
        each(&self.base.rows(query).await?, |row| {
            let user = SlackUser { team: Team::new(row.text("team")?), id: row.text("user_id")? };
            Ok(Home { user, drawn_at: row.number("drawn_at")? })
        })
    }
}

impl Tx {
    /// A person's home tab is drawn now.
    pub async fn home_drawn(&mut self, user: &SlackUser) -> Result<(), Error> {
        let query = sql(DRAWN).bind(user.team.as_str()).bind(user.id.as_str()).bind(self.now());
        self.write(query).await.map(|_| ())
    }
}
