//! What can go wrong in the store, in sentences that never hold a stored value.

use sqlx::error::{DatabaseError, ErrorKind};

use crate::seal;

/// Why the store did not do as asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// More waits to be stored than is taken in.
    #[error("more is waiting to be stored than the database keeps up with; try again in a moment")]
    Busy,
    /// Another writer was in the way; the same again may well succeed.
    #[error("the database was busy with another writer: {0}")]
    Contended(String),
    /// The job is no longer this worker's.
    #[error("another worker has taken this job over, so nothing was written")]
    LostClaim,
    /// A second bot, or a migration beside a running one.
    #[error("`{0}` is in use by another Dipper; stop that one first")]
    Held(String),
    /// The database has been migrated by a later version that this one cannot work beside.
    #[error(
        "this database belongs to a newer Dipper (its schema is {found}, this version knows {known}); \
         run the newer version"
    )]
    TooNew {
        /// The schema found.
        found: i64,
        /// The newest schema this program knows.
        known: i64,
    },
    /// A database without our tables.
    #[error("the database has no tables of Dipper's yet; `dipper migrate` makes them")]
    NotMigrated,
    /// A database URL that does not read.
    #[error("{0}")]
    BadUrl(String),
    /// No connection, no disk, no room on it.
    #[error("the database cannot be used now: {0}")]
    Unavailable(String),
    /// A row that must be the only one of its kind is there already.
    #[error("the database has such a row already ({0})")]
    Conflict(String),
    /// The database does not take this statement or value.
    #[error("the database refused: {0}")]
    Refused(String),
    /// A stored value that this version cannot read.
    #[error("what is stored as `{0}` does not read")]
    Unreadable(String),
    /// Something stored that was sealed does not open.
    #[error(transparent)]
    Sealed(#[from] seal::Error),
}

impl Error {
    /// Whether the same again, a little later, may well succeed.
    pub fn is_busy(&self) -> bool {
        matches!(self, Self::Busy | Self::Contended(_))
    }

    /// Whether the job has gone to another worker.
    pub fn is_lost_claim(&self) -> bool {
        matches!(self, Self::LostClaim)
    }

    /// Whether the database as a whole is out of reach or out of room.
    pub fn is_unavailable(&self) -> bool {
        matches!(self, Self::Unavailable(_))
    }

    /// Whether another row stood in the way.
    pub(super) fn is_conflict(&self) -> bool {
        matches!(self, Self::Conflict(_))
    }

    /// Whether it is about what was written, so that other rows may still go in.
    pub(super) fn is_about_a_row(&self) -> bool {
        matches!(self, Self::Conflict(_) | Self::Refused(_))
    }
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        match error {
            sqlx::Error::Database(error) => from_database(&*error),
            sqlx::Error::PoolTimedOut => Self::Unavailable("no connection in time".to_owned()),
            sqlx::Error::PoolClosed | sqlx::Error::WorkerCrashed => {
                Self::Unavailable("the connection was closed".to_owned())
            }
            sqlx::Error::Io(error) => Self::Unavailable(error.to_string()),
            sqlx::Error::Tls(error) => Self::Unavailable(error.to_string()),
            sqlx::Error::Configuration(_) => {
                Self::BadUrl("DIPPER_DATABASE_URL does not read as a database's address".to_owned())
            }
            sqlx::Error::ColumnDecode { index, .. } => Self::Unreadable(index.trim_matches('"').to_owned()),
            sqlx::Error::ColumnNotFound(name) => Self::Unreadable(name),
            sqlx::Error::Encode(_) => Self::Refused("a value could not be written".to_owned()),
            // Whatever is left may quote a value: the kind of fault is all that is told.
            _ => Self::Refused("the answer was not understood".to_owned()),
        }
    }
}

/// PostgreSQL's codes have five signs, SQLite's fewer; a message (unlike the detail) names no values.
fn from_database(error: &dyn DatabaseError) -> Error {
    let words = error.message().to_owned();
    if error.kind() == ErrorKind::UniqueViolation {
        return Error::Conflict(error.constraint().map_or(words, str::to_owned));
    }
    let code = error.code().unwrap_or_default();
    if code.len() == 5 {
        match &*code {
            "42P01" => Error::NotMigrated,
            "40001" | "40P01" | "55P03" => Error::Contended(words),
            "3D000" | "53100" | "53300" | "57P01" | "57P02" | "57P03" | "25006" => Error::Unavailable(words),
            code if code.starts_with("08") || code.starts_with("28") => Error::Unavailable(words),
            _ => Error::Refused(words),
        }
    } else if words.starts_with("no such table") {
        Error::NotMigrated
    } else {
        match code.parse::<i32>().unwrap_or(0) & 0xFF {
            5 | 6 => Error::Contended(words),
            // Read-only, input/output, corrupt, full, cannot open, not a database.
            8 | 10 | 11 | 13 | 14 | 26 => Error::Unavailable(words),
            _ => Error::Refused(words),
        }
    }
}
