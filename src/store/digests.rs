//! What is sent at certain times: each occurrence once, whatever the number of replicas.

use sqlx::any::AnyRow;

use super::Store;
use super::error::Error;
use super::rows::{Columns, Named, each, sql};
use super::tx::Tx;
use crate::words::digest::DigestWish;
use crate::words::message::Line;
use crate::words::names::{Channel, Instance, PrName, SlackUser, Team};
use crate::words::wish::RepoPattern;
use crate::words::work::NewJob;

macro_rules! select {
    ($which:literal) => {
        concat!(
            "SELECT id, number, team, channel, repo, cron, zone, asked_team, asked_by, next_at, last_at, wish, \
             personal, result FROM digests WHERE ",
            $which
        )
    };
}

const ONE: &str = select!("id = $1");
const IN_CHANNEL: &str = select!("team = $1 AND channel = $2 AND personal IS NULL ORDER BY id");
const PERSONAL: &str = select!("asked_team = $1 AND asked_by = $2 AND personal IS NOT NULL ORDER BY id");
const DUE: &str = select!("next_at <= $1 ORDER BY next_at, id LIMIT 100");
const EVERY: &str = select!("repo LIKE $1 ORDER BY id");
/// A number is its channel's, also where the row before it is gone.
const ADD: &str = "INSERT INTO digests (id, team, channel, repo, cron, zone, asked_team, asked_by, next_at, wish, \
     personal, number) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, \
     (SELECT COALESCE(MAX(number), 0) + 1 FROM digests WHERE team = $2 AND channel = $3)) RETURNING number";
const EDIT: &str = "UPDATE digests SET repo = $2, cron = $3, zone = $4, asked_team = $5, asked_by = $6, \
     next_at = $7, wish = $8 WHERE id = $1";
const REMOVE: &str = "DELETE FROM digests WHERE id = $1";
const MOVE_ON: &str = "UPDATE digests SET next_at = $3 WHERE id = $1 AND next_at = $2";
const RAN: &str = "UPDATE digests SET last_at = $2, result = $3 WHERE id = $1";
const RUN: &str =
    "INSERT INTO digest_runs (digest, due) VALUES ($1, $2) ON CONFLICT (digest, due) DO NOTHING";
const KEEP_PAGES: &str = "INSERT INTO digest_pages (id, head, items, made_at) VALUES ($1, $2, $3, $4)";
const PAGES: &str = "SELECT head, items FROM digest_pages WHERE id = $1";

pub(super) const ALL: &[Named] = &[
    ("digest", ONE),
    ("digests in", IN_CHANNEL),
    ("digests of a person", PERSONAL),
    ("digests due", DUE),
    ("digests on", EVERY),
    ("digest add", ADD),
    ("digest edit", EDIT),
    ("digest remove", REMOVE),
    ("digest move on", MOVE_ON),
    ("digest ran", RAN),
    ("digest run", RUN),
    ("digest pages keep", KEEP_PAGES),
    ("digest pages", PAGES),
];

/// A digest to be sent from now on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewDigest {
    /// Where.
    pub channel: Channel,
    /// Of which repositories; of whatever concerns its asker when none, which only a personal one can be.
    pub repos: Option<RepoPattern>,
    /// When, as its asker said it.
    pub times: String,
    /// The time zone that is meant in.
    pub zone: String,
    /// Who asked for it.
    pub asked_by: SlackUser,
    /// The next time, if there is one.
    pub next_at: Option<i64>,
    /// What it shows.
    pub wish: DigestWish,
    /// Whether it is for its asker alone: then it shows what concerns them.
    pub personal: bool,
}

/// A digest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Digest {
    /// Its id.
    pub id: i64,
    /// What its channel calls it: 1, 2, 3.
    pub number: i64,
    /// What was asked for; `next_at` is when it is due next.
    pub what: NewDigest,
    /// When it was last due.
    pub last_at: Option<i64>,
    /// What came of it then.
    pub result: Option<String>,
}

impl Digest {
    fn from_row(row: &AnyRow) -> Result<Self, Error> {
        let repos = Some(row.text("repo")?).filter(|repos| !repos.is_empty());
        let read = |text: String| text.parse().map_err(|_| Error::Unreadable("repo".to_owned()));
        let wish = row.maybe_text("wish")?.and_then(|wish| serde_json::from_str(&wish).ok());
        Ok(Self {
            id: row.number("id")?,
            number: row.number("number")?,
            what: NewDigest {
                channel: Channel { team: Team::new(row.text("team")?), id: row.text("channel")? },
                repos: repos.map(read).transpose()?,
                times: row.text("cron")?,
                zone: row.text("zone")?,
                asked_by: SlackUser { team: Team::new(row.text("asked_team")?), id: row.text("asked_by")? },
                next_at: row.maybe_number("next_at")?,
                wish: wish.unwrap_or_default(),
                personal: row.maybe_number("personal")?.is_some(),
            },
            last_at: row.maybe_number("last_at")?,
            result: row.maybe_text("result")?,
        })
    }
}

fn stored(wish: &DigestWish) -> String {
    serde_json::to_string(wish).unwrap_or_default()
}

fn named(repos: Option<&RepoPattern>) -> String {
    repos.map(ToString::to_string).unwrap_or_default()
}

impl Store {
    /// One digest.
    pub async fn digest(&self, id: i64) -> Result<Option<Digest>, Error> {
        let row = self.base.row(sql(ONE).bind(id)).await?;
        row.as_ref().map(Digest::from_row).transpose()
    }

    /// The digests of a channel, the oldest first.
    pub async fn digests_in(&self, channel: &Channel) -> Result<Vec<Digest>, Error> {
        let query = sql(IN_CHANNEL).bind(channel.team.as_str()).bind(channel.id.as_str());
        each(&self.base.rows(query).await?, Digest::from_row)
    }

    /// The digests somebody has for themselves, the oldest first.
    pub async fn digests_of(&self, user: &SlackUser) -> Result<Vec<Digest>, Error> {
        let query = sql(PERSONAL).bind(user.team.as_str()).bind(user.id.as_str());
        each(&self.base.rows(query).await?, Digest::from_row)
    }

    /// Those that are due at this moment, at most a hundred, the longest due first.
    pub async fn digests_due(&self, now: i64) -> Result<Vec<Digest>, Error> {
        each(&self.base.rows(sql(DUE).bind(now)).await?, Digest::from_row)
    }

    /// Those of repositories on a Bitbucket, people's own among them.
    pub async fn digests_on(&self, instance: &Instance) -> Result<Vec<Digest>, Error> {
        each(&self.base.rows(sql(EVERY).bind(format!("{instance}:%"))).await?, Digest::from_row)
    }

    /// What a digest listed, and what it said above that.
    pub async fn digest_pages(&self, id: i64) -> Result<Option<(Line, Vec<PrName>)>, Error> {
        let Some(row) = self.base.row(sql(PAGES).bind(id)).await? else {
            return Ok(None);
        };
        let head = serde_json::from_str(&row.text("head")?).unwrap_or_default();
        let items = row.text("items")?;
        Ok(Some((head, items.lines().filter_map(|name| name.parse().ok()).collect())))
    }
}

impl Tx {
    /// Adds a digest and says its number in the channel.
    pub async fn add_digest(&mut self, digest: &NewDigest) -> Result<i64, Error> {
        let id = self.base.ids.next();
        let query = sql(ADD)
            .bind(id)
            .bind(digest.channel.team.as_str())
            .bind(digest.channel.id.as_str())
            .bind(named(digest.repos.as_ref()))
            .bind(digest.times.as_str())
            .bind(digest.zone.as_str())
            .bind(digest.asked_by.team.as_str())
            .bind(digest.asked_by.id.as_str())
            .bind(digest.next_at)
            .bind(stored(&digest.wish))
            .bind(digest.personal.then_some(1_i64));
        let row = self.row(query).await?.ok_or_else(|| Error::Unreadable("number".to_owned()))?;
        row.number("number")
    }

    /// Changes a digest: from now on it is its new asker's, and follows the new rule.
    pub async fn edit_digest(&mut self, id: i64, digest: &NewDigest) -> Result<bool, Error> {
        let query = sql(EDIT)
            .bind(id)
            .bind(named(digest.repos.as_ref()))
            .bind(digest.times.as_str())
            .bind(digest.zone.as_str())
            .bind(digest.asked_by.team.as_str())
            .bind(digest.asked_by.id.as_str())
            .bind(digest.next_at)
            .bind(stored(&digest.wish));
        Ok(self.write(query).await? > 0)
    }

    /// Removes a digest. Whether there was one.
    pub async fn remove_digest(&mut self, id: i64) -> Result<bool, Error> {
        Ok(self.write(sql(REMOVE).bind(id)).await? > 0)
    }

    /// Moves a digest on from an occurrence to the next, and enqueues the job of one that is to be sent. False,
    /// with nothing enqueued, when another replica was first, the digest is gone, or it was sent before.
    pub async fn fire(
        &mut self,
        digest: i64,
        (due, next): (i64, Option<i64>),
        sent: Option<(i64, NewJob)>,
    ) -> Result<bool, Error> {
        if self.write(sql(MOVE_ON).bind(digest).bind(due).bind(next)).await? == 0 {
            return Ok(false);
        }
        let Some((occurrence, job)) = sent else {
            return Ok(true);
        };
        if self.write(sql(RUN).bind(digest).bind(occurrence)).await? == 0 {
            return Ok(false);
        }
        self.enqueue(job).await?;
        Ok(true)
    }

    /// What came of a digest's last run.
    pub async fn digest_ran(&mut self, digest: i64, due: i64, result: &str) -> Result<(), Error> {
        self.write(sql(RAN).bind(digest).bind(due).bind(result.to_owned())).await.map(|_| ())
    }

    /// Keeps what a digest lists, so that its pages can be turned.
    pub async fn keep_digest_pages(&mut self, head: &Line, items: &[PrName]) -> Result<i64, Error> {
        let id = self.base.ids.next();
        let names: Vec<String> = items.iter().map(ToString::to_string).collect();
        let head = serde_json::to_string(head).unwrap_or_default();
        let query = sql(KEEP_PAGES).bind(id).bind(head).bind(names.join("\n")).bind(self.now());
        self.write(query).await?;
        Ok(id)
    }
}
