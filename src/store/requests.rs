//! What somebody asked for and another decides; and the rights that somebody looked at and kept.

use std::collections::BTreeMap;

use sqlx::any::AnyRow;

use super::Store;
use super::error::Error;
use super::rows::{Columns, Named, each, sql};
use super::tx::Tx;
use crate::words::access::Level;
use crate::words::message::{Action, Line};
use crate::words::names::{Channel, PersonId, RepoName, SlackUser, Team};
use crate::words::request::{NewRequest, Request, RequestState};

macro_rules! select {
    ($which:literal) => {
        concat!(
            "SELECT id, kind, team, user_id, channel, action, line, reason, asked, until_at, origin, state, \
             decided_by, why FROM requests WHERE ",
            $which
        )
    };
}

const ONE: &str = select!("id = $1");
const OPEN: &str = select!("team = $1 AND state = 'open' ORDER BY id");
const OVER: &str =
    "SELECT id FROM requests WHERE state = 'open' AND until_at <= $1 ORDER BY until_at LIMIT 100";
const KEEP: &str = "INSERT INTO requests (id, kind, team, user_id, channel, action, line, reason, asked, \
     until_at, origin, state, made_at) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'open', $12)";
const SETTLE: &str =
    "UPDATE requests SET state = $2, decided_by = $3, why = $4 WHERE id = $1 AND state = 'open'";
const KEPT: &str = "SELECT person, level, team, user_id, at FROM kept_rights WHERE repo = $1";
const KEEP_RIGHT: &str = "INSERT INTO kept_rights (repo, person, level, team, user_id, at) \
     VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (repo, person) DO UPDATE SET level = excluded.level, \
     team = excluded.team, user_id = excluded.user_id, at = excluded.at";

pub(super) const ALL: &[Named] = &[
    ("request", ONE),
    ("requests open", OPEN),
    ("requests over", OVER),
    ("request keep", KEEP),
    ("request settle", SETTLE),
    ("rights kept", KEPT),
    ("right keep", KEEP_RIGHT),
];

/// A right that somebody looked at and kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptRight {
    /// What it was then.
    pub level: Level,
    /// Who kept it.
    pub by: SlackUser,
    /// When, in epoch milliseconds.
    pub at: i64,
}

fn from_row(row: &AnyRow) -> Result<Request, Error> {
    let team = Team::new(row.text("team")?);
    let user = |id: String| SlackUser { team: team.clone(), id };
    let json = |text: String| serde_json::from_str::<Action>(&text);
    Ok(Request {
        id: row.number("id")?,
        what: NewRequest {
            kind: row.read("kind")?,
            by: user(row.text("user_id")?),
            channel: Channel { team: team.clone(), id: row.text("channel")? },
            // What a later version wrote and this one cannot read is nothing it could do.
            action: json(row.text("action")?).unwrap_or_else(|_| Action::named("nothing")),
            line: serde_json::from_str::<Line>(&row.text("line")?).unwrap_or_default(),
            reason: row.maybe_text("reason")?,
            asked: row.text("asked")?.parse().unwrap_or_default(),
            until: row.number("until_at")?,
            origin: row.number("origin")?,
        },
        state: row.read("state")?,
        decided_by: row.maybe_text("decided_by")?.map(user),
        why: row.maybe_text("why")?,
    })
}

impl Store {
    /// One of them.
    pub async fn request(&self, id: i64) -> Result<Option<Request>, Error> {
        self.base.row(sql(ONE).bind(id)).await?.as_ref().map(from_row).transpose()
    }

    /// Those of a workspace that nobody has decided.
    pub async fn open_requests(&self, team: &Team) -> Result<Vec<Request>, Error> {
        each(&self.base.rows(sql(OPEN).bind(team.as_str())).await?, from_row)
    }

    /// Those whose time is over.
    pub async fn requests_over(&self, now: i64) -> Result<Vec<i64>, Error> {
        each(&self.base.rows(sql(OVER).bind(now)).await?, |row| row.number("id"))
    }

    /// The rights in a repository that somebody looked at and kept, by whose they are.
    pub async fn kept_rights(&self, repo: &RepoName) -> Result<BTreeMap<PersonId, KeptRight>, Error> {
        let rows = self.base.rows(sql(KEPT).bind(repo.to_string())).await?;
        let kept = each(&rows, |row| {
            let by = SlackUser { team: Team::new(row.text("team")?), id: row.text("user_id")? };
            let kept = KeptRight { level: row.read("level")?, by, at: row.number("at")? };
            Ok((PersonId::new(row.text("person")?), kept))
        })?;
        Ok(kept.into_iter().collect())
    }
}

impl Tx {
    /// Keeps what somebody asks for; its id.
    pub async fn keep_request(&mut self, new: &NewRequest) -> Result<i64, Error> {
        let id = self.base.ids.next();
        let query = sql(KEEP)
            .bind(id)
            .bind(new.kind.word())
            .bind(new.by.team.as_str())
            .bind(new.by.id.clone())
            .bind(new.channel.id.clone())
            .bind(serde_json::to_string(&new.action).unwrap_or_default())
            .bind(serde_json::to_string(&new.line).unwrap_or_default())
            .bind(new.reason.clone())
            .bind(new.asked.to_string())
            .bind(new.until)
            .bind(new.origin)
            .bind(self.now());
        self.write(query).await?;
        Ok(id)
    }

    /// Decides it; whether nobody had.
    pub async fn settle_request(
        &mut self,
        id: i64,
        state: RequestState,
        by: Option<&SlackUser>,
        why: Option<&str>,
    ) -> Result<bool, Error> {
        let by = by.map(|user| user.id.clone());
        let query = sql(SETTLE).bind(id).bind(state.word()).bind(by).bind(why.map(str::to_owned));
        Ok(self.write(query).await? > 0)
    }

    /// Somebody looked at a right and keeps it.
    pub async fn keep_right(
        &mut self,
        repo: &RepoName,
        (who, level): (&PersonId, Level),
        by: &SlackUser,
    ) -> Result<(), Error> {
        let query = sql(KEEP_RIGHT)
            .bind(repo.to_string())
            .bind(who.as_str())
            .bind(level.word())
            .bind(by.team.as_str())
            .bind(by.id.clone())
            .bind(self.now());
        self.write(query).await.map(|_| ())
    }
}
