//! What people are told in private: what they decided about it, which pull requests they muted, and what waits
//! to be told, each thing once.

use sqlx::any::AnyRow;

use super::Store;
use super::error::Error;
use super::rows::{Columns, Named, each, sql};
use super::tx::Tx;
use crate::words::names::{Instance, PersonId, PrName, SlackUser, Team};
use crate::words::notice::{Whisper, Wishes};

const WISHES: &str = "SELECT switched, quiet FROM private_wishes WHERE team = $1 AND user_id = $2";
const WISH: &str = "INSERT INTO private_wishes (team, user_id, switched, quiet) VALUES ($1, $2, $3, $4) \
     ON CONFLICT (team, user_id) DO UPDATE SET switched = excluded.switched, quiet = excluded.quiet";
const MUTE: &str = "INSERT INTO mutes (team, user_id, pr, at) VALUES ($1, $2, $3, $4) \
     ON CONFLICT (team, user_id, pr) DO UPDATE SET at = excluded.at";
const UNMUTE: &str = "DELETE FROM mutes WHERE team = $1 AND user_id = $2 AND pr = $3";
const MUTED: &str = "SELECT pr FROM mutes WHERE team = $1 AND user_id = $2 ORDER BY at DESC, pr LIMIT 100";
/// Those who are that person, and have neither muted the pull request nor put it to sleep; nothing is called ''.
const LISTENERS: &str = "SELECT links.team, links.user_id, private_wishes.switched, private_wishes.quiet \
     FROM links LEFT JOIN private_wishes \
     ON private_wishes.team = links.team AND private_wishes.user_id = links.user_id \
     WHERE links.instance = $1 AND links.person_id = $2 \
     AND NOT EXISTS (SELECT 1 FROM mutes WHERE mutes.team = links.team \
         AND mutes.user_id = links.user_id AND mutes.pr = $3) \
     AND NOT EXISTS (SELECT 1 FROM alarms WHERE alarms.team = links.team \
         AND alarms.user_id = links.user_id AND alarms.at > $4 AND alarms.kind = 'snooze' \
         AND alarms.channel = '' AND LOWER(alarms.pr) = $3) \
     ORDER BY links.team, links.user_id";
/// Some of those who have connected there, whoever it is about.
const ANYBODY: &str = "SELECT team, user_id FROM links WHERE instance = $1 \
     ORDER BY linked_at DESC, team, user_id LIMIT 3";
const ADD: &str = "INSERT INTO whispers (id, team, user_id, identity, whisper, at) \
     VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (team, user_id, identity) DO NOTHING";
const OPEN: &str = "SELECT id, whisper, at, post_key, settled_at FROM whispers \
     WHERE team = $1 AND user_id = $2 AND settled_at IS NULL ORDER BY id";
const LATELY: &str = "SELECT id, whisper, at, post_key, settled_at FROM whispers \
     WHERE team = $1 AND user_id = $2 AND settled_at > $3 AND post_key IS NOT NULL ORDER BY id";
const UNDER: &str = "UPDATE whispers SET post_key = $2 WHERE id = $1 AND settled_at IS NULL";
const DROP: &str =
    "UPDATE whispers SET settled_at = $2, post_key = NULL WHERE id = $1 AND settled_at IS NULL";
const SETTLE: &str = "UPDATE whispers SET settled_at = $2 WHERE id = $1 AND settled_at IS NULL";

pub(super) const ALL: &[Named] = &[
    ("private wishes", WISHES),
    ("private wish", WISH),
    ("mute", MUTE),
    ("unmute", UNMUTE),
    ("muted", MUTED),
    ("private listeners", LISTENERS),
    ("anybody connected", ANYBODY),
    ("whisper add", ADD),
    ("whispers open", OPEN),
    ("whispers lately", LATELY),
    ("whisper under", UNDER),
    ("whisper drop", DROP),
    ("whisper settle", SETTLE),
];

/// Something that waits to be told, or was told lately.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// Its row.
    pub id: i64,
    /// What it is.
    pub whisper: Whisper,
    /// Since when, in epoch milliseconds.
    pub at: i64,
    /// The message that tells it, once that is decided.
    pub post_key: Option<String>,
    /// When it was told, if it was.
    pub settled_at: Option<i64>,
}

impl Held {
    fn from_row(row: &AnyRow) -> Result<Self, Error> {
        let whisper = row.text("whisper")?;
        Ok(Self {
            id: row.number("id")?,
            whisper: serde_json::from_str(&whisper).map_err(|_| Error::Unreadable("whisper".to_owned()))?,
            at: row.number("at")?,
            post_key: row.maybe_text("post_key")?,
            settled_at: row.maybe_number("settled_at")?,
        })
    }
}

impl Store {
    /// What somebody decided about what they are told in private.
    pub async fn private_wishes(&self, user: &SlackUser) -> Result<Wishes, Error> {
        let row = self.base.row(sql(WISHES).bind(user.team.as_str()).bind(user.id.as_str())).await?;
        row.as_ref().map_or_else(|| Ok(Wishes::default()), wishes_of)
    }

    /// The pull requests somebody muted, the latest first.
    pub async fn muted(&self, user: &SlackUser) -> Result<Vec<PrName>, Error> {
        let rows = self.base.rows(sql(MUTED).bind(user.team.as_str()).bind(user.id.as_str())).await?;
        each(&rows, |row| row.read("pr"))
    }

    /// Who has proven to be that person on Bitbucket, in whichever workspace, and what they decided; without
    /// those who muted the pull request or put it to sleep.
    pub async fn those_who_are(
        &self,
        instance: &Instance,
        person: &PersonId,
        pr: Option<&PrName>,
    ) -> Result<Vec<(SlackUser, Wishes)>, Error> {
        let pr = pr.map(muted_as).unwrap_or_default();
        let query = sql(LISTENERS).bind(instance.as_str()).bind(person.as_str()).bind(pr);
        let query = query.bind(self.base.now());
        each(&self.base.rows(query).await?, |row| {
            let user = SlackUser { team: Team::new(row.text("team")?), id: row.text("user_id")? };
            Ok((user, wishes_of(row)?))
        })
    }

    /// A few of those who have connected on a Bitbucket, the latest first.
    pub async fn anybody_on(&self, instance: &Instance) -> Result<Vec<SlackUser>, Error> {
        each(&self.base.rows(sql(ANYBODY).bind(instance.as_str())).await?, |row| {
            Ok(SlackUser { team: Team::new(row.text("team")?), id: row.text("user_id")? })
        })
    }

    /// What waits to be told to somebody, in the order it came.
    pub async fn open_whispers(&self, user: &SlackUser) -> Result<Vec<Held>, Error> {
        let query = sql(OPEN).bind(user.team.as_str()).bind(user.id.as_str());
        each(&self.base.rows(query).await?, Held::from_row)
    }

    /// What somebody was told since then.
    pub async fn whispers_since(&self, user: &SlackUser, since: i64) -> Result<Vec<Held>, Error> {
        let query = sql(LATELY).bind(user.team.as_str()).bind(user.id.as_str()).bind(since);
        each(&self.base.rows(query).await?, Held::from_row)
    }
}

/// However a person writes its name.
fn muted_as(pr: &PrName) -> String {
    pr.to_string().to_lowercase()
}

fn wishes_of(row: &AnyRow) -> Result<Wishes, Error> {
    let switched = row.maybe_text("switched")?.unwrap_or_default();
    Ok(Wishes::stored(&switched, row.maybe_text("quiet")?.as_deref()))
}

impl Tx {
    /// Keeps what somebody decided about what they are told in private.
    pub async fn set_private_wishes(&mut self, user: &SlackUser, wishes: &Wishes) -> Result<(), Error> {
        let query = sql(WISH)
            .bind(user.team.as_str())
            .bind(user.id.as_str())
            .bind(wishes.to_store())
            .bind(wishes.quiet.as_ref().map(ToString::to_string));
        self.write(query).await.map(|_| ())
    }

    /// Somebody wants to hear nothing more of a pull request in private, or again.
    pub async fn set_muted(&mut self, user: &SlackUser, pr: &PrName, muted: bool) -> Result<(), Error> {
        let query = sql(if muted { MUTE } else { UNMUTE })
            .bind(user.team.as_str())
            .bind(user.id.as_str())
            .bind(muted_as(pr));
        let query = if muted { query.bind(self.now()) } else { query };
        self.write(query).await.map(|_| ())
    }

    /// Something is to be told to somebody. Whether it is news: the same identity is told once.
    pub async fn whisper(
        &mut self,
        user: &SlackUser,
        identity: &str,
        whisper: &Whisper,
    ) -> Result<bool, Error> {
        let text = serde_json::to_string(whisper).map_err(|_| Error::Unreadable("whisper".to_owned()))?;
        let query = sql(ADD)
            .bind(self.base.ids.next())
            .bind(user.team.as_str())
            .bind(user.id.as_str())
            .bind(identity.to_owned())
            .bind(text)
            .bind(self.now());
        Ok(self.write(query).await? > 0)
    }

    /// Decides which message tells it; nothing of what is settled changes.
    pub async fn tell_under(&mut self, held: &[i64], key: &str) -> Result<(), Error> {
        for id in held {
            self.write(sql(UNDER).bind(*id).bind(key.to_owned())).await?;
        }
        Ok(())
    }

    /// It was told; or it is not to be told any more, and stands in no message.
    pub async fn settle_whispers(&mut self, held: &[i64], told: bool) -> Result<(), Error> {
        let now = self.now();
        for id in held {
            self.write(sql(if told { SETTLE } else { DROP }).bind(*id).bind(now)).await?;
        }
        Ok(())
    }
}
