//! Looking at the queue, and a person's hand in it: list, count, replay, drop.

use std::fmt;

use sqlx::any::AnyRow;

use crate::store::Store;
use crate::store::error::Error;
use crate::store::rows::{Columns, Named, each, sql};
use crate::store::tx::Tx;
use crate::words::Advice;

/// The state stands in the text, since an index over a part of the jobs serves only those who name it.
macro_rules! list {
    ($which:literal) => {
        concat!(
            "SELECT id, kind, payload, order_key, unique_key, urgency, state, run_at, attempt, owner, \
             lease_until, created_at, failed_at, finished_at, last_error FROM jobs WHERE ",
            $which,
            " AND id < $1 AND (CAST($2 AS TEXT) IS NULL OR kind = $2) ORDER BY id DESC LIMIT $3"
        )
    };
}

const LIST: &str = list!("1 = 1");
const WAITING: &str = list!("state = 'waiting'");
const RUNNING: &str = list!("state = 'running'");
const DONE: &str = list!("state = 'done'");
const BURIED: &str = list!("state = 'buried'");

const DEPTH: &str = "SELECT 'waiting' AS state, kind, COUNT(*) AS jobs, \
         MIN(CASE WHEN ready_at <= $1 THEN ready_at END) AS due_since \
         FROM jobs WHERE state = 'waiting' GROUP BY kind \
     UNION ALL SELECT 'running' AS state, kind, COUNT(*) AS jobs, CAST(NULL AS BIGINT) AS due_since \
         FROM jobs WHERE state = 'running' GROUP BY kind \
     UNION ALL SELECT 'buried' AS state, kind, COUNT(*) AS jobs, CAST(NULL AS BIGINT) AS due_since \
         FROM jobs WHERE state = 'buried' GROUP BY kind";

const NEXT_DUE: &str = "SELECT MIN(m) AS due FROM ( \
     SELECT MIN(ready_at) AS m FROM jobs WHERE state = 'waiting' AND urgency = 0 AND ready_at > $1 \
     UNION ALL SELECT MIN(ready_at) AS m FROM jobs WHERE state = 'waiting' AND urgency = 1 AND ready_at > $1 \
     UNION ALL SELECT MIN(ready_at) AS m FROM jobs WHERE state = 'waiting' AND urgency = 2 AND ready_at > $1 \
     ) AS each_urgency";

const REPLAY: &str = "UPDATE jobs SET state = 'waiting', attempt = 0, run_at = $2, ready_at = $2, \
     failed_at = NULL, holds_until = NULL, finished_at = NULL, \
     unique_key = CASE WHEN EXISTS (SELECT 1 FROM jobs AS w WHERE w.unique_key = jobs.unique_key \
         AND w.state = 'waiting') THEN NULL ELSE unique_key END \
     WHERE id = $1 AND (state = 'buried' OR state = 'done')";

const DROP: &str = "DELETE FROM jobs WHERE id = $1 AND state <> 'running' RETURNING order_key";

pub(super) const ALL: &[Named] = &[
    ("jobs", LIST),
    ("jobs waiting", WAITING),
    ("jobs running", RUNNING),
    ("jobs done", DONE),
    ("jobs buried", BURIED),
    ("jobs depth", DEPTH),
    ("jobs next due", NEXT_DUE),
    ("job replay", REPLAY),
    ("job drop", DROP),
];

/// How a job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum JobState {
    /// To be run, now or later.
    Waiting,
    /// Being run.
    Running,
    /// Run to its end.
    Done,
    /// Given up; a person may replay or drop it.
    Buried,
}

impl JobState {
    /// The word it is stored and shown by.
    pub fn word(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Running => "running",
            Self::Done => "done",
            Self::Buried => "buried",
        }
    }
}

impl fmt::Display for JobState {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.word())
    }
}

impl std::str::FromStr for JobState {
    type Err = Advice;

    fn from_str(text: &str) -> Result<Self, Advice> {
        [Self::Waiting, Self::Running, Self::Done, Self::Buried]
            .into_iter()
            .find(|state| state.word() == text)
            .ok_or_else(|| Advice::new("a job is `waiting`, `running`, `done` or `buried`"))
    }
}

/// Which jobs to list: the newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobFilter {
    /// Only those in this state.
    pub state: Option<JobState>,
    /// Only those of this kind.
    pub kind: Option<String>,
    /// Only those before this id: the last one of the page before.
    pub before: Option<i64>,
    /// At most so many.
    pub most: u32,
}

impl Default for JobFilter {
    fn default() -> Self {
        Self { state: None, kind: None, before: None, most: 100 }
    }
}

/// A job, as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobRow {
    /// Its id.
    pub id: i64,
    /// What kind of work.
    pub kind: String,
    /// The work, as JSON.
    pub payload: String,
    /// The key it is in line for.
    pub order_key: Option<String>,
    /// What keeps it from waiting twice.
    pub unique_key: Option<String>,
    /// Who waits for it: 0 now, 1 soon, 2 nobody.
    pub urgency: i64,
    /// How it stands.
    pub state: JobState,
    /// The moment it is due.
    pub run_at: i64,
    /// How many times it was tried.
    pub attempt: i64,
    /// Who runs it.
    pub owner: Option<String>,
    /// Until when its worker may be silent.
    pub lease_until: Option<i64>,
    /// When it was enqueued.
    pub created_at: i64,
    /// When it first failed.
    pub failed_at: Option<i64>,
    /// When it was finished or buried.
    pub finished_at: Option<i64>,
    /// Why it last failed.
    pub last_error: Option<String>,
}

impl JobRow {
    fn from_row(row: &AnyRow) -> Result<Self, Error> {
        Ok(Self {
            id: row.number("id")?,
            kind: row.text("kind")?,
            payload: row.text("payload")?,
            order_key: row.maybe_text("order_key")?,
            unique_key: row.maybe_text("unique_key")?,
            urgency: row.number("urgency")?,
            state: row.read("state")?,
            run_at: row.number("run_at")?,
            attempt: row.number("attempt")?,
            owner: row.maybe_text("owner")?,
            lease_until: row.maybe_number("lease_until")?,
            created_at: row.number("created_at")?,
            failed_at: row.maybe_number("failed_at")?,
            finished_at: row.maybe_number("finished_at")?,
            last_error: row.maybe_text("last_error")?,
        })
    }
}

/// How many jobs of one kind are in one state; the done ones are not counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Depth {
    /// The state.
    pub state: JobState,
    /// The kind.
    pub kind: String,
    /// How many.
    pub jobs: i64,
    /// Since when the oldest of them has been due, where one is due and waits.
    pub due_since: Option<i64>,
}

impl Store {
    /// Jobs, the newest first.
    pub async fn jobs(&self, filter: &JobFilter) -> Result<Vec<JobRow>, Error> {
        let text = match filter.state {
            None => LIST,
            Some(JobState::Waiting) => WAITING,
            Some(JobState::Running) => RUNNING,
            Some(JobState::Done) => DONE,
            Some(JobState::Buried) => BURIED,
        };
        let query = sql(text)
            .bind(filter.before.unwrap_or(i64::MAX))
            .bind(filter.kind.clone())
            .bind(i64::from(filter.most));
        each(&self.base.rows(query).await?, JobRow::from_row)
    }

    /// One job.
    pub async fn job(&self, id: i64) -> Result<Option<JobRow>, Error> {
        let newest_below = JobFilter { before: Some(id.saturating_add(1)), most: 1, ..JobFilter::default() };
        let found = self.jobs(&newest_below).await?.pop();
        Ok(found.filter(|job| job.id == id))
    }

    /// How many jobs wait, run and are buried, by kind.
    pub async fn depth(&self) -> Result<Vec<Depth>, Error> {
        let rows = self.base.rows(sql(DEPTH).bind(self.base.now())).await?;
        each(&rows, |row| {
            Ok(Depth {
                state: row.read("state")?,
                kind: row.text("kind")?,
                jobs: row.number("jobs")?,
                due_since: row.maybe_number("due_since")?,
            })
        })
    }

    /// The next moment at which work that waits now becomes due. What is due already is not counted.
    pub async fn next_due(&self) -> Result<Option<i64>, Error> {
        match self.base.row(sql(NEXT_DUE).bind(self.base.now())).await? {
            Some(row) => row.maybe_number("due"),
            None => Ok(None),
        }
    }
}

impl Tx {
    /// Runs a job that was buried or done once more, as if it had never been tried. Whether there is one.
    pub async fn replay(&mut self, id: i64) -> Result<bool, Error> {
        let replayed = sql(REPLAY).bind(id).bind(self.now());
        Ok(self.write(replayed).await? > 0)
    }

    /// Removes a job that is not running, and lets the next of its key go on. Whether there was one.
    pub async fn drop_job(&mut self, id: i64) -> Result<bool, Error> {
        let Some(row) = self.rows(sql(DROP).bind(id)).await?.pop() else {
            return Ok(false);
        };
        let order_key = row.maybe_text("order_key")?;
        self.next_in_line(order_key.as_deref(), 0).await?;
        Ok(true)
    }
}
