//! A database of one's own for a test, and words that many tests use.

use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use dipper::clock::{Clock, random_name};
use dipper::store::{Claim, Engine, Store};
use dipper::words::names::{Channel, Instance, SlackUser, Team};
use dipper::words::pull_request::Person;
use dipper::words::work::{NewJob, Urgency};
use sqlx::{AssertSqlSafe, Connection, Executor};
use tempfile::TempDir;

pub const NOON: i64 = 1_700_000_000_000;
pub const LEASE: Duration = Duration::from_mins(1);
pub const KIND: &str = "chore";
const ADMIN: &str = "postgres://postgres@127.0.0.1:5432/postgres";

pub struct House {
    pub store: Store,
    pub clock: Clock,
    pub url: String,
    place: Place,
}

enum Place {
    File { _in: TempDir },
    Server { name: String },
}

impl House {
    pub async fn on_sqlite() -> Self {
        // In memory where there is such a place: the disk's pace is no part of these tests.
        let folder = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap();
        let url = format!("sqlite://{}/dipper.db", folder.path().display());
        Self::built(url, Place::File { _in: folder }).await
    }

    pub async fn on_postgres() -> Option<Self> {
        let there = SocketAddr::from(([127, 0, 0, 1], 5432));
        if TcpStream::connect_timeout(&there, Duration::from_secs(1)).is_err() {
            println!("skipped: no PostgreSQL answers on 127.0.0.1:5432");
            return None;
        }
        let name = format!("dipper_test_{}", random_name(8));
        admin(&format!("CREATE DATABASE {name}")).await;
        admin(&format!("ALTER DATABASE {name} SET synchronous_commit = off")).await;
        let url = format!("postgres://postgres@127.0.0.1:5432/{name}");
        Some(Self::built(url, Place::Server { name }).await)
    }

    async fn built(url: String, place: Place) -> Self {
        let clock = Clock::still(NOON);
        let store = Store::open(&url, clock.clone()).await.unwrap();
        store.migrate().await.unwrap();
        Self { store, clock, url, place }
    }

    /// Another process on the same database.
    pub async fn another(&self) -> Store {
        Store::open(&self.url, self.clock.clone()).await.unwrap()
    }

    pub fn on(&self, engine: Engine) -> bool {
        self.store.engine() == engine
    }

    pub fn now(&self) -> i64 {
        self.clock.millis()
    }

    pub fn pass(&self, seconds: u64) {
        self.clock.advance(Duration::from_secs(seconds));
    }

    pub async fn add(&self, job: NewJob) -> i64 {
        self.try_add(job).await.expect("nothing like it waits")
    }

    pub async fn try_add(&self, job: NewJob) -> Option<i64> {
        let mut tx = self.store.begin().await.unwrap();
        let id = tx.enqueue(job).await.unwrap();
        tx.commit().await.unwrap();
        id
    }

    pub async fn claim(&self) -> Option<Claim> {
        let urgency = Urgency::Whenever;
        self.store.claim("one", &[KIND], LEASE, urgency).await.unwrap()
    }

    pub async fn claimed(&self) -> i64 {
        self.claim().await.expect("a job is due").id
    }

    /// A statement of the test's own, past the store.
    pub async fn says(&self, text: &str) -> u64 {
        let mut connection = sqlx::AnyConnection::connect(&self.url).await.unwrap();
        let done = connection.execute(AssertSqlSafe(text)).await.unwrap();
        connection.close().await.unwrap();
        done.rows_affected()
    }
}

impl House {
    /// Runs a job once more; whether it was there to be.
    pub async fn replay(&self, id: i64) -> bool {
        let mut tx = self.store.begin().await.unwrap();
        let replayed = tx.replay(id).await.unwrap();
        tx.commit().await.unwrap();
        replayed
    }

    /// Removes a job; whether it was there to be.
    pub async fn drop_job(&self, id: i64) -> bool {
        let mut tx = self.store.begin().await.unwrap();
        let dropped = tx.drop_job(id).await.unwrap();
        tx.commit().await.unwrap();
        dropped
    }
}

impl Drop for House {
    fn drop(&mut self) {
        if let Place::Server { name } = &self.place {
            let text = format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)");
            let dropping = std::thread::spawn(move || {
                let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
                runtime.unwrap().block_on(admin(&text));
            });
            let _ = dropping.join();
        }
    }
}

async fn admin(text: &str) {
    sqlx::any::install_default_drivers();
    let mut connection = sqlx::AnyConnection::connect(ADMIN).await.unwrap();
    connection.execute(AssertSqlSafe(text)).await.unwrap();
    connection.close().await.unwrap();
}

/// Plays the same on both engines.
pub async fn on_both(play: impl AsyncFn(&House)) {
    play(&House::on_sqlite().await).await;
    if let Some(house) = House::on_postgres().await {
        play(&house).await;
    }
}

pub fn chore(what: &str) -> NewJob {
    NewJob {
        origin: None,
        kind: KIND,
        payload: format!("\"{what}\""),
        body: None,
        order_key: None,
        unique_key: None,
        run_at: None,
        urgency: Urgency::Soon,
    }
}

pub fn user(id: &str) -> SlackUser {
    SlackUser { team: Team::new("T1"), id: id.to_owned() }
}

pub fn channel(id: &str) -> Channel {
    Channel { team: Team::new("T1"), id: id.to_owned() }
}

pub fn cloud() -> Instance {
    Instance::new("cloud")
}

pub fn person(name: &str) -> Person {
    Person {
        id: dipper::words::names::PersonId::new(format!("{{{name}}}")),
        name: name.to_owned(),
        nickname: None,
    }
}
