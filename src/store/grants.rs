//! Rights that end by themselves: what was given to whom, until when, and what was there before.

use sqlx::any::AnyRow;

use super::Store;
use super::error::Error;
use super::rows::{Columns, Named, each, sql};
use super::tx::Tx;
use crate::words::Advice;
use crate::words::access::{Ground, Level, ProjectName};
use crate::words::names::{Channel, PersonId, RepoName, SlackUser, Team};

macro_rules! select {
    ($which:literal) => {
        concat!(
            "SELECT id, repo, project, person, person_name, level, before_level, until_at, reason, team, \
             user_id, channel, origin, state, told_at FROM grants WHERE ",
            $which
        )
    };
}

const ONE: &str = select!("id = $1");
const IN_REPO: &str = select!("LOWER(repo) = $1 AND state = 'holds' ORDER BY id");
const IN_PROJECT: &str = select!("project = $1 AND state = 'in project' ORDER BY id");
const KEEP: &str = "INSERT INTO grants (id, repo, project, person, person_name, level, before_level, until_at, \
     reason, team, user_id, channel, origin, state, made_at) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)";
const SETTLE: &str = "UPDATE grants SET state = $2 WHERE id = $1";
const TOLD: &str = "UPDATE grants SET told_at = $2 WHERE id = $1";
const DUE: &str = select!("state IN ('holds', 'in project') AND until_at < $1 ORDER BY until_at LIMIT 100");

pub(super) const ALL: &[Named] = &[
    ("grant", ONE),
    ("grants in", IN_REPO),
    ("grants in project", IN_PROJECT),
    ("grant keep", KEEP),
    ("grant settle", SETTLE),
    ("grant told", TOLD),
    ("grants due", DUE),
];

/// What has become of a right that ends by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GrantState {
    /// It holds, or is yet to be taken away.
    Holds,
    /// It was taken away, or is gone.
    Ended,
    /// Another took its place.
    Replaced,
    /// It was never given.
    Void,
    /// Others changed it meanwhile: it was left as it is.
    Left,
}

/// A right in a project that holds: under a word of its own, so that a version which ends rights in
/// repositories alone leaves it to another.
const IN_A_PROJECT: &str = "in project";

impl GrantState {
    const ALL: [(Self, &'static str); 6] = [
        (Self::Holds, "holds"),
        (Self::Holds, IN_A_PROJECT),
        (Self::Ended, "ended"),
        (Self::Replaced, "replaced"),
        (Self::Void, "void"),
        (Self::Left, "left"),
    ];

    fn word(self) -> &'static str {
        Self::ALL.iter().find(|(state, _)| *state == self).map_or("", |(_, word)| word)
    }
}

impl std::str::FromStr for GrantState {
    type Err = Advice;

    fn from_str(text: &str) -> Result<Self, Advice> {
        let known = Self::ALL.iter().find(|(_, word)| *word == text).map(|(state, _)| *state);
        known.ok_or_else(|| Advice::new("a grant holds, or has ended"))
    }
}

/// A right that ends by itself, as it was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewGrant {
    /// In which repository, or in which it was given in the whole project.
    pub repo: RepoName,
    /// The project, where it is a right in all of that.
    pub project: Option<ProjectName>,
    /// Who has it on Bitbucket.
    pub person: PersonId,
    /// What they are called.
    pub name: String,
    /// What they may do.
    pub level: Level,
    /// What they had been given before.
    pub before: Option<Level>,
    /// Until when, in epoch milliseconds.
    pub until: i64,
    /// What for.
    pub reason: Option<String>,
    /// Who gave it.
    pub by: SlackUser,
    /// Where they did.
    pub channel: Channel,
    /// The request it came of.
    pub origin: i64,
}

impl NewGrant {
    /// What it is given on.
    pub fn ground(&self) -> Ground {
        match &self.project {
            Some(project) => Ground::Project(project.clone()),
            None => Ground::Repository(self.repo.clone()),
        }
    }
}

/// The same, and what has become of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// Its id.
    pub id: i64,
    /// As it was given.
    pub what: NewGrant,
    /// What has become of it.
    pub state: GrantState,
    /// When its giver was last told that it cannot be taken away.
    pub told_at: Option<i64>,
}

impl Grant {
    fn from_row(row: &AnyRow) -> Result<Self, Error> {
        let team = Team::new(row.text("team")?);
        Ok(Self {
            id: row.number("id")?,
            what: NewGrant {
                repo: row.read("repo")?,
                project: row.maybe_text("project")?.and_then(|name| name.parse().ok()),
                person: PersonId::new(row.text("person")?),
                name: row.text("person_name")?,
                level: row.read("level")?,
                before: row.maybe_text("before_level")?.and_then(|word| word.parse().ok()),
                until: row.number("until_at")?,
                reason: row.maybe_text("reason")?,
                by: SlackUser { team: team.clone(), id: row.text("user_id")? },
                channel: Channel { team, id: row.text("channel")? },
                origin: row.number("origin")?,
            },
            state: row.read("state")?,
            told_at: row.maybe_number("told_at")?,
        })
    }
}

impl Store {
    /// One of them.
    pub async fn grant(&self, id: i64) -> Result<Option<Grant>, Error> {
        self.base.row(sql(ONE).bind(id)).await?.as_ref().map(Grant::from_row).transpose()
    }

    /// Those on a repository itself, or on a project, that hold.
    pub async fn grants_on(&self, ground: &Ground) -> Result<Vec<Grant>, Error> {
        let query = match ground {
            Ground::Repository(repo) => sql(IN_REPO).bind(repo.to_string().to_lowercase()),
            Ground::Project(project) => sql(IN_PROJECT).bind(project.to_string()),
        };
        each(&self.base.rows(query).await?, Grant::from_row)
    }

    /// Those whose time was over before this moment and that hold still.
    pub async fn grants_over(&self, before: i64) -> Result<Vec<Grant>, Error> {
        each(&self.base.rows(sql(DUE).bind(before)).await?, Grant::from_row)
    }
}

impl Tx {
    /// Keeps a right that ends by itself; its id.
    pub async fn keep_grant(&mut self, new: &NewGrant) -> Result<i64, Error> {
        let id = self.base.ids.next();
        let query = sql(KEEP)
            .bind(id)
            .bind(new.repo.to_string())
            .bind(new.project.as_ref().map(ToString::to_string))
            .bind(new.person.as_str())
            .bind(new.name.clone())
            .bind(new.level.word())
            .bind(new.before.map(|level| level.word().to_owned()))
            .bind(new.until)
            .bind(new.reason.clone())
            .bind(new.by.team.as_str())
            .bind(new.by.id.clone())
            .bind(new.channel.id.clone())
            .bind(new.origin)
            .bind(if new.project.is_some() { IN_A_PROJECT } else { GrantState::Holds.word() })
            .bind(self.now());
        self.write(query).await?;
        Ok(id)
    }

    /// Says what has become of it.
    pub async fn settle_grant(&mut self, id: i64, state: GrantState) -> Result<(), Error> {
        self.write(sql(SETTLE).bind(id).bind(state.word())).await.map(|_| ())
    }

    /// Its giver hears that it cannot be taken away.
    pub async fn grant_told(&mut self, id: i64) -> Result<(), Error> {
        let now = self.now();
        self.write(sql(TOLD).bind(id).bind(now)).await.map(|_| ())
    }
}
