//! What somebody wants to be reminded of, and which pull requests are to keep still until when: for one person, or
//! in the digests of a channel.

use sqlx::any::AnyRow;

use super::Store;
use super::error::Error;
use super::rows::{Columns, Named, each, sql};
use super::tx::Tx;
use crate::words::names::{Channel, PrName, SlackUser, Team};

macro_rules! select {
    ($which:literal) => {
        concat!("SELECT id, kind, team, user_id, channel, pr, note, at FROM alarms WHERE ", $which)
    };
}

const ONE: &str = select!("id = $1");
const OF: &str = select!("team = $1 AND user_id = $2 AND at > $3 ORDER BY at, id LIMIT 100");
const STILL: &str =
    select!("kind = 'snooze' AND team = $1 AND channel = $2 AND at > $3 AND ($2 <> '' OR user_id = $4)");
const OVER: &str = select!("at < $1 ORDER BY at LIMIT 100");
const SET: &str = "INSERT INTO alarms (id, kind, team, user_id, channel, pr, note, at, made_at) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
/// In a channel a pull request sleeps once, whoever put it to sleep.
const WAKE: &str = "DELETE FROM alarms WHERE kind = 'snooze' AND team = $1 AND channel = $2 \
     AND LOWER(pr) = $3 AND ($2 <> '' OR user_id = $4)";
const OFF: &str = "DELETE FROM alarms WHERE id = $1";

pub(super) const ALL: &[Named] = &[
    ("alarm", ONE),
    ("alarms of", OF),
    ("alarms still", STILL),
    ("alarms over", OVER),
    ("alarm set", SET),
    ("alarm wake", WAKE),
    ("alarm off", OFF),
];

/// What an alarm is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AlarmKind {
    /// To remind somebody.
    Remind,
    /// To keep still until then, and to say when that is over.
    Snooze,
}

impl AlarmKind {
    fn word(self) -> &'static str {
        match self {
            Self::Remind => "remind",
            Self::Snooze => "snooze",
        }
    }
}

/// An alarm, as it was set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAlarm {
    /// What for.
    pub kind: AlarmKind,
    /// Who set it.
    pub user: SlackUser,
    /// The channel whose digests leave it out; none where it is for them alone.
    pub channel: Option<Channel>,
    /// About which pull request.
    pub pr: PrName,
    /// What they want to be told.
    pub note: Option<String>,
    /// When, in epoch milliseconds.
    pub at: i64,
}

/// The same, and its id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alarm {
    /// Its id.
    pub id: i64,
    /// As it was set.
    pub what: NewAlarm,
}

impl Alarm {
    fn from_row(row: &AnyRow) -> Result<Self, Error> {
        let team = Team::new(row.text("team")?);
        let channel = Some(row.text("channel")?).filter(|id| !id.is_empty());
        let kind =
            if row.text("kind")? == AlarmKind::Snooze.word() { AlarmKind::Snooze } else { AlarmKind::Remind };
        Ok(Self {
            id: row.number("id")?,
            what: NewAlarm {
                kind,
                channel: channel.map(|id| Channel { team: team.clone(), id }),
                user: SlackUser { team, id: row.text("user_id")? },
                pr: row.read("pr")?,
                note: row.maybe_text("note")?,
                at: row.number("at")?,
            },
        })
    }
}

impl Store {
    /// One alarm, unless it was taken back.
    pub async fn alarm(&self, id: i64) -> Result<Option<Alarm>, Error> {
        self.base.row(sql(ONE).bind(id)).await?.as_ref().map(Alarm::from_row).transpose()
    }

    /// What somebody has set, the soonest first.
    pub async fn alarms_of(&self, user: &SlackUser) -> Result<Vec<Alarm>, Error> {
        let query = sql(OF).bind(user.team.as_str()).bind(user.id.as_str()).bind(self.base.now());
        each(&self.base.rows(query).await?, Alarm::from_row)
    }

    /// What sleeps for somebody now.
    pub async fn sleeping_for(&self, user: &SlackUser) -> Result<Vec<Alarm>, Error> {
        let query = sql(STILL).bind(user.team.as_str()).bind("").bind(self.base.now()).bind(user.id.as_str());
        each(&self.base.rows(query).await?, Alarm::from_row)
    }

    /// What sleeps in a channel's digests now.
    pub async fn sleeping_in(&self, channel: &Channel) -> Result<Vec<Alarm>, Error> {
        let query =
            sql(STILL).bind(channel.team.as_str()).bind(channel.id.as_str()).bind(self.base.now()).bind("");
        each(&self.base.rows(query).await?, Alarm::from_row)
    }

    /// Those whose time came before this moment and which are still there.
    pub async fn alarms_over(&self, before: i64) -> Result<Vec<Alarm>, Error> {
        each(&self.base.rows(sql(OVER).bind(before)).await?, Alarm::from_row)
    }
}

impl Tx {
    /// Sets an alarm. One that puts to sleep takes the place of the one before.
    pub async fn set_alarm(&mut self, alarm: &NewAlarm) -> Result<i64, Error> {
        if alarm.kind == AlarmKind::Snooze {
            self.wake(&alarm.user, alarm.channel.as_ref(), &alarm.pr).await?;
        }
        let id = self.base.ids.next();
        let query = sql(SET)
            .bind(id)
            .bind(alarm.kind.word())
            .bind(alarm.user.team.as_str())
            .bind(alarm.user.id.as_str())
            .bind(place(alarm.channel.as_ref()))
            .bind(alarm.pr.to_string())
            .bind(alarm.note.clone())
            .bind(alarm.at)
            .bind(self.now());
        self.write(query).await?;
        Ok(id)
    }

    /// A pull request sleeps no more. Whether it did.
    pub async fn wake(
        &mut self,
        user: &SlackUser,
        channel: Option<&Channel>,
        pr: &PrName,
    ) -> Result<bool, Error> {
        let query = sql(WAKE)
            .bind(user.team.as_str())
            .bind(place(channel))
            .bind(pr.to_string().to_lowercase())
            .bind(user.id.as_str());
        Ok(self.write(query).await? > 0)
    }

    /// An alarm has rung, or was taken back. Whether it was there.
    pub async fn alarm_off(&mut self, id: i64) -> Result<bool, Error> {
        Ok(self.write(sql(OFF).bind(id)).await? > 0)
    }
}

fn place(channel: Option<&Channel>) -> String {
    channel.map(|channel| channel.id.clone()).unwrap_or_default()
}
