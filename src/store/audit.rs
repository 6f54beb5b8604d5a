//! Who changed what: rows that are only ever added, each bound to the one before it.

mod chain;
mod verify;

use sqlx::any::AnyRow;

use super::Store;
use super::error::Error;
use super::rows::{Columns, Named, each, sql};
use crate::words::names::{Channel, SlackUser, Team};

pub use verify::Flaw;

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT team, number, at, user_id, person, channel, message, command, fields, repo, version, \
             result, reference, once_key, mark FROM audit WHERE ",
            $rest
        )
    };
}
use select;

const NEWEST: &str = select!(
    "team = $1 AND ($2 = '' OR user_id = $2) AND ($3 = '' OR LOWER(repo) LIKE $3 ESCAPE '!') AND at >= $4 \
     ORDER BY number DESC LIMIT $5"
);
const TEAMS: &str = "SELECT team FROM audit_chains UNION SELECT team FROM audit ORDER BY team";

pub(super) const ALL: [&[Named]; 3] =
    [&[("audit newest", NEWEST), ("audit teams", TEAMS)], chain::ALL, verify::ALL];

/// Something that was done, or refused, and everything worth knowing about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deed {
    /// Who, in Slack.
    pub user: SlackUser,
    /// Who, on Bitbucket; none where nobody there was needed.
    pub person: Option<String>,
    /// In which conversation.
    pub channel: Channel,
    /// The message whose button it was, by its timestamp.
    pub message: Option<String>,
    /// What: the command's name.
    pub command: String,
    /// Its plain fields, as JSON.
    pub fields: String,
    /// On which repository, in full.
    pub repo: Option<String>,
    /// On which version of it.
    pub version: Option<String>,
    /// What came of it.
    pub result: String,
    /// What the log can be searched for.
    pub reference: String,
    /// What makes it this deed and no other: the same is written once.
    pub once: String,
}

/// A deed as it stands in the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditRow {
    /// Its number in its workspace.
    pub number: i64,
    /// When.
    pub at: i64,
    /// What.
    pub deed: Deed,
    /// What binds it to the row before.
    pub(super) mark: String,
}

/// Which deeds to show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditFilter {
    /// Of which workspace.
    pub team: Team,
    /// Only this person's.
    pub user: Option<String>,
    /// Only on repositories whose full name ends so: `cloud:web/api`, `web/api`, `api`.
    pub repo: Option<String>,
    /// Not before this moment.
    pub since: i64,
    /// At most so many.
    pub most: u32,
}

impl Deed {
    /// Stands for whoever runs Dipper, among the ids of Slack's people, which are never written so.
    pub const OPERATOR: &str = "operator";
}

impl AuditRow {
    fn from_row(row: &AnyRow) -> Result<Self, Error> {
        let team = Team::new(row.text("team")?);
        Ok(Self {
            number: row.number("number")?,
            at: row.number("at")?,
            deed: Deed {
                user: SlackUser { team: team.clone(), id: row.text("user_id")? },
                person: row.maybe_text("person")?,
                channel: Channel { team, id: row.text("channel")? },
                message: row.maybe_text("message")?,
                command: row.text("command")?,
                fields: row.text("fields")?,
                repo: row.maybe_text("repo")?,
                version: row.maybe_text("version")?,
                result: row.text("result")?,
                reference: row.text("reference")?,
                once: row.text("once_key")?,
            },
            mark: row.text("mark")?,
        })
    }
}

impl Store {
    /// Deeds, the newest first.
    pub async fn audit(&self, filter: &AuditFilter) -> Result<Vec<AuditRow>, Error> {
        let repo = filter.repo.as_deref().map(ending).unwrap_or_default();
        let query = sql(NEWEST)
            .bind(filter.team.as_str())
            .bind(filter.user.clone().unwrap_or_default())
            .bind(repo)
            .bind(filter.since)
            .bind(i64::from(filter.most));
        each(&self.base.rows(query).await?, AuditRow::from_row)
    }

    /// The workspaces that have deeds, or had.
    pub async fn audited_teams(&self) -> Result<Vec<Team>, Error> {
        each(&self.base.rows(sql(TEAMS)).await?, |row| Ok(Team::new(row.text("team")?)))
    }
}

/// A pattern that a full name matches by its end, taking each letter for itself.
fn ending(name: &str) -> String {
    let plain = name.to_lowercase().replace('!', "!!").replace('%', "!%").replace('_', "!_");
    format!("%{plain}")
}
