//! Which database this is, told once from its URL, and how each engine wants to be opened.

use std::fs::OpenOptions;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use sqlx::any::{AnyConnectOptions, AnyPoolOptions};
use sqlx::{AnyPool, ConnectOptions, Executor};
use url::Url;

use super::error::Error;

/// SQLite or PostgreSQL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// One file, one process.
    Sqlite,
    /// A server that replicas share.
    Postgres,
}

/// Where the database is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Address {
    /// A SQLite file.
    File(PathBuf),
    /// A PostgreSQL server.
    Server(Url),
}

/// The connections: on SQLite one that writes and some that read, on PostgreSQL one pool for both.
#[derive(Debug, Clone)]
pub(super) struct Pools {
    pub(super) writer: AnyPool,
    pub(super) reader: AnyPool,
}

const PATIENCE: Duration = Duration::from_secs(5);
const READERS: u32 = 4;
const CONNECTIONS: u32 = 20;

/// `busy_timeout` comes first, since changing the journal needs the file for itself for a moment.
/// A longer log is folded back less often.
const WRITER: &str = "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; \
     PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA wal_autocheckpoint = 8000; \
     PRAGMA journal_size_limit = 67108864; PRAGMA cache_size = -32768; PRAGMA temp_store = MEMORY";
const READER: &str = "PRAGMA busy_timeout = 5000; PRAGMA query_only = ON; PRAGMA cache_size = -8192";

impl Engine {
    /// How a transaction that writes begins. On SQLite it takes the write lock at once, since one that
    /// reads first and then wants it fails; on PostgreSQL every statement sees what others committed.
    pub(super) fn begin(self) -> &'static str {
        match self {
            Self::Sqlite => "BEGIN IMMEDIATE",
            Self::Postgres => "BEGIN ISOLATION LEVEL READ COMMITTED",
        }
    }
}

impl Address {
    /// Which engine is meant.
    pub(super) fn engine(&self) -> Engine {
        match self {
            Self::File(_) => Engine::Sqlite,
            Self::Server(_) => Engine::Postgres,
        }
    }

    /// Opens the connections.
    pub(super) async fn open(&self) -> Result<Pools, Error> {
        match self {
            Self::File(path) => open_file(path).await,
            Self::Server(url) => open_server(url).await,
        }
    }
}

impl FromStr for Address {
    type Err = Error;

    fn from_str(url: &str) -> Result<Self, Error> {
        if let Some(rest) = url.strip_prefix("sqlite:") {
            return file(rest.strip_prefix("//").unwrap_or(rest));
        }
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            return Url::parse(url).map(Self::Server).map_err(|_| not_an_address());
        }
        Err(not_an_address())
    }
}

fn not_an_address() -> Error {
    Error::BadUrl(
        "the database URL does not read; write it like `sqlite://dipper.db` or \
         `postgres://user:password@host/dipper`"
            .to_owned(),
    )
}

/// The path is taken literally up to a `?`; of parameters only the usual `mode=rwc` means anything here.
fn file(rest: &str) -> Result<Address, Error> {
    let (path, parameters) = rest.split_once('?').unwrap_or((rest, ""));
    if path.is_empty() || path == ":memory:" || !matches!(parameters, "" | "mode=rwc") {
        return Err(Error::BadUrl(
            "a SQLite database is a file; write its URL like `sqlite://dipper.db`, without parameters"
                .to_owned(),
        ));
    }
    Ok(Address::File(PathBuf::from(path)))
}

async fn open_file(path: &Path) -> Result<Pools, Error> {
    create(path)?;
    let mut address = String::from("sqlite:");
    for byte in path.to_string_lossy().bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'.' | b'-' | b'_') {
            address.push(char::from(byte));
        } else {
            address.push('%');
            address.push_str(&hex::encode_upper([byte]));
        }
    }
    let writer = pool(1, WRITER).idle_timeout(None).max_lifetime(None).connect_with(quiet(&address)?).await;
    let writer = writer.map_err(|error| not_opened(error, path))?;
    let reader = pool(READERS, READER).connect_with(quiet(&address)?).await?;
    Ok(Pools { writer, reader })
}

/// A file that only its owner may read: sealed or not, it holds what people said.
fn create(path: &Path) -> Result<(), Error> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => {
            Err(Error::Unavailable(format!("`{}` cannot be created ({error})", path.display())))
        }
        _ => Ok(()),
    }
}

fn pool(connections: u32, pragmas: &'static str) -> AnyPoolOptions {
    AnyPoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(PATIENCE)
        // A file does not go away as a server does.
        .test_before_acquire(false)
        .after_connect(move |connection, _| {
            Box::pin(async move { connection.execute(pragmas).await.map(|_| ()) })
        })
}

async fn open_server(url: &Url) -> Result<Pools, Error> {
    let mut url = url.clone();
    // More statements than the driver's default would keep prepared.
    if !url.query_pairs().any(|(name, _)| name == "statement-cache-capacity") {
        url.query_pairs_mut().append_pair("statement-cache-capacity", "400");
    }
    let pool = AnyPoolOptions::new()
        .max_connections(CONNECTIONS)
        .acquire_timeout(PATIENCE)
        .connect_with(quiet(url.as_str())?)
        .await
        .map_err(not_there)?;
    Ok(Pools { writer: pool.clone(), reader: pool })
}

/// A file that does not let itself be prepared for writing is tried until there is no time left.
fn not_opened(error: sqlx::Error, path: &Path) -> Error {
    match error {
        sqlx::Error::PoolTimedOut => Error::Unavailable(format!(
            "`{}` does not open; look whether it is a SQLite database that Dipper may write to",
            path.display()
        )),
        error => error.into(),
    }
}

/// A first connection that does not come about in time says nothing of other writers.
fn not_there(error: sqlx::Error) -> Error {
    match error {
        sqlx::Error::PoolTimedOut => {
            Error::Unavailable("its server cannot be reached; look at DIPPER_DATABASE_URL".to_owned())
        }
        error => error.into(),
    }
}

/// Statements are not logged one by one: at full load that would be most of the log.
fn quiet(address: &str) -> Result<AnyConnectOptions, Error> {
    Ok(AnyConnectOptions::from_str(address)?.disable_statement_logging())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_names_a_file_or_a_server() {
        let file = |path: &str| Ok(Address::File(PathBuf::from(path)));
        assert_eq!("sqlite://dipper.db".parse(), file("dipper.db"));
        assert_eq!("sqlite:///var/lib/d ü.db?mode=rwc".parse(), file("/var/lib/d ü.db"));
        let server = "postgres://ada:hush@db/dipper".parse::<Address>().unwrap();
        assert_eq!(server.engine(), Engine::Postgres);
    }

    #[test]
    fn what_is_no_database_is_refused_without_repeating_it() {
        for url in ["", "mysql://ada:hush@db", "sqlite://", "sqlite::memory:", "postgres://ada:hush@:x/"] {
            let words = url.parse::<Address>().unwrap_err().to_string();
            assert!(!words.contains("hush") && words.contains("write it"), "{words}");
        }
    }
}
