//! All that survives a restart: one SQL text for SQLite and PostgreSQL, behind methods that read as people speak.
//!
//! Reads are methods of [`Store`]. What belongs together is written in one [`Tx`]: nothing of it is kept
//! until [`Tx::commit`], and a `Tx` that is dropped never was. Hold none while calling the outside: on
//! SQLite everyone else who wants to write waits for it.
//!
//! A new table is a migration (listed in `migrations.rs`), a file here, and its line in `STATEMENTS`.

mod alarms;
mod asked;
mod audit;
mod base;
mod calendars;
mod channel_repos;
mod copy;
mod deliveries;
mod digests;
mod engine;
mod error;
mod explained;
mod feeds;
mod fills;
mod followed;
mod grants;
mod hold;
mod homes;
mod hooks;
mod ids;
mod installs;
mod intake;
mod known;
mod links;
mod listeners;
mod looks;
mod measures;
mod migrations;
mod nudges;
mod parked;
mod pauses;
mod people;
mod posts;
mod pull_requests;
mod queue;
mod reads;
mod requests;
mod rows;
mod sealed;
mod seats;
mod stories;
mod subscriptions;
mod team_settings;
mod tickets;
mod tidy;
mod tx;
mod whispers;

use std::sync::Arc;

pub use alarms::{Alarm, AlarmKind, NewAlarm};
pub use audit::{AuditFilter, AuditRow, Deed, Flaw};
pub use calendars::{Kept, Place};
pub use copy::Progress;
pub use deliveries::{DONE_HERE, Delivery, DeliveryRow, FOUND, NewDelivery};
pub use digests::{Digest, NewDigest};
pub use engine::Engine;
pub use error::Error;
pub use explained::{About, DeliveryFilter, Explained};
pub use feeds::HeldFeeds;
pub use fills::Filled;
pub use grants::{Grant, GrantState, NewGrant};
pub use hold::Hold;
pub use homes::Home;
pub use hooks::Hook;
pub use ids::minted_at;
pub use installs::{Install, NewInstall};
pub use intake::{Accepted, Arrival};
pub use known::BuildName;
pub use links::{Link, Tokens};
pub use listeners::Listeners;
pub use parked::ParkedCommand;
pub use pauses::Slot;
pub use people::MATCH_LIFE;
pub use posts::{Post, PostState};
pub use queue::{Ask, Claim, Depth, JobFilter, JobRow, JobState, Reaped};
pub use reads::Seen;
pub use requests::KeptRight;
pub use sealed::{Resealed, Vault, vaults};
pub use stories::Unsaid;
pub use subscriptions::Subscription;
pub use team_settings::TeamSettings;
pub use tickets::{NewTicket, Returned, Sent, Ticket, TicketState};
pub use tidy::Tidied;
pub use tx::Tx;
pub use whispers::Held;

use crate::clock::Clock;
use base::Base;
use engine::Address;
use intake::Intake;
use listeners::Shelf;
use rows::Named;

/// Every statement with a fixed text, so that a test can prepare each on both engines.
const STATEMENTS: &[&[Named]] = &[
    alarms::ALL,
    asked::ALL,
    base::ALL,
    calendars::ALL,
    channel_repos::ALL,
    copy::ALL,
    deliveries::ALL,
    digests::ALL,
    explained::ALL,
    feeds::ALL,
    fills::ALL,
    followed::ALL,
    grants::ALL,
    homes::ALL,
    hooks::ALL,
    installs::ALL,
    intake::ALL,
    known::ALL,
    links::ALL,
    looks::ALL,
    measures::ALL,
    migrations::ALL,
    nudges::ALL,
    parked::ALL,
    pauses::ALL,
    people::ALL,
    posts::ALL,
    pull_requests::ALL,
    reads::ALL,
    requests::ALL,
    seats::ALL,
    stories::ALL,
    subscriptions::ALL,
    team_settings::ALL,
    tickets::ALL,
    tidy::ALL,
    tx::ALL,
    whispers::ALL,
];

/// The database; clones share it.
#[derive(Debug, Clone)]
pub struct Store {
    base: Arc<Base>,
    intake: Intake,
    listeners: Arc<Shelf>,
}

impl Store {
    /// Opens the database at this URL, creating a SQLite file that is not there. Migrates nothing, and
    /// refuses a database that a newer version has made its own.
    pub async fn open(url: &str, clock: Clock) -> Result<Self, Error> {
        sqlx::any::install_default_drivers();
        let address: Address = url.parse()?;
        let pools = address.open().await?;
        let base = Arc::new(Base::new(address.engine(), pools, clock));
        migrations::refuse_newer(&base).await?;
        let intake = Intake::start(&base);
        Ok(Self { base, intake, listeners: Arc::default() })
    }

    /// Brings the schema up to date; the same again does nothing. Replicas that start together take turns.
    pub async fn migrate(&self) -> Result<(), Error> {
        migrations::migrate(&self.base).await
    }

    /// Takes the database for one process: a SQLite file refuses a second, PostgreSQL serves many.
    pub fn hold(url: &str) -> Result<Hold, Error> {
        Hold::on(&url.parse()?)
    }

    /// Begins a unit of work.
    pub async fn begin(&self) -> Result<Tx, Error> {
        self.base.begin().await
    }

    /// Begins a unit of work that is kept only if the job is still this worker's when it commits.
    pub async fn begin_for(&self, claim: &Claim) -> Result<Tx, Error> {
        Ok(self.base.begin().await?.fenced_by(claim))
    }

    /// Writes a small row, to know that the database takes one.
    pub async fn prove_writable(&self) -> Result<(), Error> {
        self.base.pulse().await
    }

    /// Which engine this is.
    pub fn engine(&self) -> Engine {
        self.base.engine
    }

    /// Ends the connections; whatever is in the middle of something ends it first.
    pub async fn close(&self) {
        self.base.close().await;
    }
}

/// Every statement the store says on this engine, by name: those with many rows for one row and for three.
pub fn statements(engine: Engine) -> Vec<(String, String)> {
    let fixed = STATEMENTS.iter().chain(&audit::ALL).chain(&queue::ALL).copied().flatten();
    let (own, catalogue) = (queue::engine_statements(engine), [copy::catalogue(engine)]);
    let fixed =
        fixed.chain(own).chain(&catalogue).map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
    let many = intake::INSERTS.iter().flat_map(|(name, inserts)| {
        [1, 3].map(|rows| (format!("{name} of {rows}"), inserts.text(engine, rows)))
    });
    let sealed = sealed::statements().map(|(name, text)| (name.to_owned(), text.to_owned()));
    fixed.chain(many).chain(sealed).collect()
}
