//! What is sent at certain times: each occurrence once, whatever the number of replicas.

use sqlx::any::AnyRow;

use super::Store;
use super::error::Error;
use super::rows::{Columns, Named, each, sql};
use super::tx::Tx;
use crate::words::names::{Channel, RepoName, SlackUser, Team};
use crate::words::work::NewJob;

macro_rules! select {
    ($which:literal) => {
        concat!(
            "SELECT id, number, team, channel, repo, cron, zone, asked_team, asked_by, next_at, last_at \
             FROM digests WHERE ",
            $which
        )
    };
}

const ONE: &str = select!("id = $1");
const IN_CHANNEL: &str = select!("team = $1 AND channel = $2 ORDER BY id");
const DUE: &str = select!("next_at <= $1 ORDER BY next_at, id LIMIT 100");
const ADD: &str = "INSERT INTO digests (id, team, channel, repo, cron, zone, asked_team, asked_by, next_at, number) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, \
     (SELECT COALESCE(MAX(number), 0) + 1 FROM digests WHERE team = $2 AND channel = $3)) RETURNING number";
const REMOVE: &str = "DELETE FROM digests WHERE team = $1 AND channel = $2 AND number = $3";
const MOVE_ON: &str = "UPDATE digests SET next_at = $3, last_at = $2 WHERE id = $1 AND next_at = $2";
const RUN: &str =
    "INSERT INTO digest_runs (digest, due) VALUES ($1, $2) ON CONFLICT (digest, due) DO NOTHING";

pub(super) const ALL: &[Named] = &[
    ("digest", ONE),
    ("digests in", IN_CHANNEL),
    ("digests due", DUE),
    ("digest add", ADD),
    ("digest remove", REMOVE),
    ("digest move on", MOVE_ON),
    ("digest run", RUN),
];

/// A digest to be sent from now on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewDigest {
    /// Where.
    pub channel: Channel,
    /// Of which repository.
    pub repo: RepoName,
    /// When, as a cron line.
    pub cron: String,
    /// The time zone that line is meant in.
    pub zone: String,
    /// Who asked for it.
    pub asked_by: SlackUser,
    /// The first time, if there is one.
    pub next_at: Option<i64>,
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
    /// When it was last due and sent.
    pub last_at: Option<i64>,
}

impl Digest {
    fn from_row(row: &AnyRow) -> Result<Self, Error> {
        Ok(Self {
            id: row.number("id")?,
            number: row.number("number")?,
            what: NewDigest {
                channel: Channel { team: Team::new(row.text("team")?), id: row.text("channel")? },
                repo: row.read("repo")?,
                cron: row.text("cron")?,
                zone: row.text("zone")?,
                asked_by: SlackUser { team: Team::new(row.text("asked_team")?), id: row.text("asked_by")? },
                next_at: row.maybe_number("next_at")?,
            },
            last_at: row.maybe_number("last_at")?,
        })
    }
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

    /// Those that are due at this moment, at most a hundred, the longest due first.
    pub async fn digests_due(&self, now: i64) -> Result<Vec<Digest>, Error> {
        each(&self.base.rows(sql(DUE).bind(now)).await?, Digest::from_row)
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
            .bind(digest.repo.to_string())
            .bind(digest.cron.as_str())
            .bind(digest.zone.as_str())
            .bind(digest.asked_by.team.as_str())
            .bind(digest.asked_by.id.as_str())
            .bind(digest.next_at);
        let row = self.row(query).await?.ok_or_else(|| Error::Unreadable("number".to_owned()))?;
        row.number("number")
    }

    /// Removes a channel's digest by its number. Whether there was one.
    pub async fn remove_digest(&mut self, channel: &Channel, number: i64) -> Result<bool, Error> {
        let query = sql(REMOVE).bind(channel.team.as_str()).bind(channel.id.as_str()).bind(number);
        Ok(self.write(query).await? > 0)
    }

    /// Enqueues the job of an occurrence and moves the digest on to the next. False, with nothing
    /// enqueued, when another replica was first or the digest is gone.
    pub async fn fire(
        &mut self,
        digest: i64,
        due: i64,
        next: Option<i64>,
        job: NewJob,
    ) -> Result<bool, Error> {
        if self.write(sql(MOVE_ON).bind(digest).bind(due).bind(next)).await? == 0 {
            return Ok(false);
        }
        if self.write(sql(RUN).bind(digest).bind(due)).await? == 0 {
            return Ok(false);
        }
        self.enqueue(job).await?;
        Ok(true)
    }
}
