//! When people work, in each channel and for each person who said so.

use super::Store;
use super::error::Error;
use super::rows::{Columns, Named, sql};
use super::tx::Tx;
use crate::words::calendar::Calendar;
use crate::words::names::{Channel, SlackUser, Team};

const ONE: &str = "SELECT calendar, source, kept_by, read_at FROM calendars WHERE team = $1 AND place = $2";
const KEEP: &str = "INSERT INTO calendars (team, place, calendar, source, kept_by, read_at) \
     VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (team, place) DO UPDATE SET calendar = excluded.calendar, \
     source = excluded.source, kept_by = excluded.kept_by, read_at = excluded.read_at";
const FORGET: &str = "DELETE FROM calendars WHERE team = $1 AND place = $2";

pub(super) const ALL: &[Named] = &[("calendar", ONE), ("calendar keep", KEEP), ("calendar forget", FORGET)];

/// Whose calendar it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// A channel's.
    Channel(Channel),
    /// One person's.
    Person(SlackUser),
}

impl Place {
    fn key(&self) -> (&Team, String) {
        match self {
            Self::Channel(channel) => (&channel.team, channel.id.clone()),
            Self::Person(user) => (&user.team, format!("@{}", user.id)),
        }
    }
}

/// A calendar, and where its days off are read again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// The calendar, without what the file names.
    pub calendar: Calendar,
    /// The file with days off, and those it named when it was last read.
    pub file: Option<(String, Calendar)>,
    /// By whose account it is read.
    pub kept_by: SlackUser,
    /// When it was last read, in epoch milliseconds.
    pub read_at: i64,
}

impl Kept {
    /// All of it.
    pub fn whole(&self) -> Calendar {
        let off = match &self.file {
            Some((_, named)) => self.calendar.off.and(&named.off),
            None => self.calendar.off.clone(),
        };
        Calendar { off, ..self.calendar.clone() }
    }
}

impl Store {
    /// The calendar of a place, if anybody said one.
    pub async fn calendar(&self, place: &Place) -> Result<Option<Kept>, Error> {
        let (team, key) = place.key();
        let Some(row) = self.base.row(sql(ONE).bind(team.as_str()).bind(key)).await? else {
            return Ok(None);
        };
        let read =
            |text: String| serde_json::from_str(&text).map_err(|_| Error::Unreadable("calendar".into()));
        let source = row.maybe_text("source")?;
        Ok(Some(Kept {
            calendar: read(row.text("calendar")?)?,
            file: source.map(|source| serde_json::from_str(&source)).transpose().unwrap_or_default(),
            kept_by: SlackUser { team: team.clone(), id: row.text("kept_by")? },
            read_at: row.number("read_at")?,
        }))
    }
}

impl Tx {
    /// Keeps a calendar.
    pub async fn keep_calendar(&mut self, place: &Place, kept: &Kept) -> Result<(), Error> {
        let (team, key) = place.key();
        let text = |error: serde_json::Error| Error::Unreadable(error.to_string());
        let source = kept.file.as_ref().map(serde_json::to_string).transpose().map_err(text)?;
        let query = sql(KEEP)
            .bind(team.as_str())
            .bind(key)
            .bind(serde_json::to_string(&kept.calendar).map_err(text)?)
            .bind(source)
            .bind(kept.kept_by.id.as_str())
            .bind(kept.read_at);
        self.write(query).await.map(|_| ())
    }

    /// It is as usual again. Whether it was not.
    pub async fn forget_calendar(&mut self, place: &Place) -> Result<bool, Error> {
        let (team, key) = place.key();
        Ok(self.write(sql(FORGET).bind(team.as_str()).bind(key)).await? > 0)
    }
}
