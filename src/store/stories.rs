//! The lines under cards, from when they are known until they are said.

use sqlx::any::AnyRow;

use super::Store;
use super::error::Error;
use super::rows::{Columns, Named, each, sql};
use super::tx::Tx;
use crate::words::names::{Channel, PrName};
use crate::words::story::Told;

const KEEP: &str = "INSERT INTO thread_lines (team, channel, repo, number, identity, topic, message, \
     broadcast, at, kept_at, said) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0) \
     ON CONFLICT (team, channel, repo, number, identity) DO NOTHING";
const UNSAID: &str = "SELECT identity, topic, message, broadcast, at, kept_at, burst FROM thread_lines \
     WHERE team = $1 AND channel = $2 AND repo = $3 AND number = $4 AND said = 0 ORDER BY at, identity";
const BEGIN: &str = "UPDATE thread_lines SET burst = $6 WHERE team = $1 AND channel = $2 AND repo = $3 \
     AND number = $4 AND identity = $5 AND said = 0";
const SAID: &str = "UPDATE thread_lines SET said = 1 WHERE team = $1 AND channel = $2 AND repo = $3 \
     AND number = $4 AND burst = $5 AND said = 0";
const FORGET: &str = "UPDATE thread_lines SET said = 1 WHERE team = $1 AND channel = $2 AND repo = $3 \
     AND number = $4 AND said = 0";

const TOLD: &str = "SELECT identity FROM thread_lines WHERE team = $1 AND channel = $2 AND repo = $3 \
     AND number = $4 AND identity = $5 AND said = 1";

const BURSTS: &str = "SELECT identity, burst FROM thread_lines WHERE team = $1 AND channel = $2 AND repo = $3 \
     AND number = $4 AND burst IS NOT NULL ORDER BY at DESC, identity LIMIT 1000";
const IN_BURST: &str = "SELECT identity FROM thread_lines WHERE team = $1 AND channel = $2 AND burst = $3 \
     ORDER BY at, identity LIMIT 1000";

pub(super) const ALL: &[Named] = &[
    ("line keep", KEEP),
    ("lines unsaid", UNSAID),
    ("line told", TOLD),
    ("lines in bursts", BURSTS),
    ("lines in burst", IN_BURST),
    ("burst begin", BEGIN),
    ("burst said", SAID),
    ("lines forget", FORGET),
];

/// A line that has not been said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unsaid {
    /// The line.
    pub told: Told,
    /// Since when it waits, in epoch milliseconds.
    pub kept_at: i64,
    /// The burst it is being said with.
    pub burst: Option<String>,
}

fn from_row(row: &AnyRow) -> Result<Unsaid, Error> {
    let message = row.text("message")?;
    Ok(Unsaid {
        told: Told {
            identity: row.text("identity")?,
            topic: row.read("topic")?,
            message: serde_json::from_str(&message).map_err(|_| Error::Unreadable("message".to_owned()))?,
            broadcast: row.number("broadcast")? != 0,
            at: row.number("at")?,
        },
        kept_at: row.number("kept_at")?,
        burst: row.maybe_text("burst")?,
    })
}

/// A statement about the lines under a card.
fn under(text: &'static str, channel: &Channel, pr: &PrName) -> super::rows::Query {
    sql(text)
        .bind(channel.team.as_str())
        .bind(channel.id.as_str())
        .bind(pr.repo.to_string())
        .bind(i64::try_from(pr.number).unwrap_or(i64::MAX))
}

impl Store {
    /// What is still to be said under a card, in the order in which it happened.
    pub async fn unsaid(&self, channel: &Channel, pr: &PrName) -> Result<Vec<Unsaid>, Error> {
        each(&self.base.rows(under(UNSAID, channel, pr)).await?, from_row)
    }

    /// The lines under a card that were said, or are being said, and in which burst each was.
    pub async fn bursts(&self, channel: &Channel, pr: &PrName) -> Result<Vec<(String, String)>, Error> {
        let rows = self.base.rows(under(BURSTS, channel, pr)).await?;
        each(&rows, |row| Ok((row.text("identity")?, row.text("burst")?)))
    }

    /// The lines that a burst said, in the order in which they happened.
    pub async fn in_burst(&self, channel: &Channel, burst: &str) -> Result<Vec<String>, Error> {
        let query = sql(IN_BURST).bind(channel.team.as_str()).bind(channel.id.as_str()).bind(burst);
        each(&self.base.rows(query).await?, |row| row.text("identity"))
    }

    /// Whether a line has been said, or was left unsaid for good.
    pub async fn was_told(&self, channel: &Channel, pr: &PrName, identity: &str) -> Result<bool, Error> {
        let query = under(TOLD, channel, pr).bind(identity.to_owned());
        Ok(self.base.row(query).await?.is_some())
    }
}

impl Tx {
    /// Keeps a line, unless it is known.
    pub async fn keep_line(&mut self, channel: &Channel, pr: &PrName, told: &Told) -> Result<(), Error> {
        let message =
            serde_json::to_string(&told.message).map_err(|_| Error::Unreadable("message".to_owned()))?;
        let query = under(KEEP, channel, pr)
            .bind(told.identity.clone())
            .bind(told.topic.word())
            .bind(message)
            .bind(i64::from(told.broadcast))
            .bind(told.at)
            .bind(self.now());
        self.write(query).await.map(|_| ())
    }

    /// A line is about to be said with a burst.
    pub async fn begin_burst(
        &mut self,
        channel: &Channel,
        pr: &PrName,
        (identity, burst): (&str, &str),
    ) -> Result<(), Error> {
        let query = under(BEGIN, channel, pr).bind(identity.to_owned()).bind(burst.to_owned());
        self.write(query).await.map(|_| ())
    }

    /// A burst was said.
    pub async fn said(&mut self, channel: &Channel, pr: &PrName, burst: &str) -> Result<(), Error> {
        self.write(under(SAID, channel, pr).bind(burst.to_owned())).await.map(|_| ())
    }

    /// What waits will not be said.
    pub async fn forget_unsaid(&mut self, channel: &Channel, pr: &PrName) -> Result<(), Error> {
        self.write(under(FORGET, channel, pr)).await.map(|_| ())
    }
}
