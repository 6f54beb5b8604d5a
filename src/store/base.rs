//! What every part of the store stands on: the connections, the clock, and the minting of ids.

use std::sync::Arc;

use sqlx::any::AnyRow;

use super::engine::{Engine, Pools};
use super::error::Error;
use super::ids::Ids;
use super::rows::{Named, Query, sql};
use super::tx::Tx;
use crate::clock::Clock;

const PULSE: &str = "INSERT INTO pulses (name, at) VALUES ('writable', $1) \
     ON CONFLICT (name) DO UPDATE SET at = excluded.at";

pub(super) const ALL: &[Named] = &[("pulse", PULSE)];

/// The shared ground.
#[derive(Debug)]
pub(super) struct Base {
    pub(super) engine: Engine,
    pub(super) ids: Ids,
    clock: Clock,
    pools: Pools,
}

impl Base {
    /// On these connections, by this clock.
    pub(super) fn new(engine: Engine, pools: Pools, clock: Clock) -> Self {
        Self { engine, ids: Ids::new(clock.clone()), clock, pools }
    }

    /// Epoch milliseconds.
    pub(super) fn now(&self) -> i64 {
        self.clock.millis()
    }

    /// Begins a unit of work. When the disk failed in the middle of one, SQLite has ended it by itself, while the
    /// connection still counts it as begun, and would do so for ever: it is given up for another.
    pub(super) async fn begin(self: &Arc<Self>) -> Result<Tx, Error> {
        let writer = &self.pools.writer;
        let inner = match writer.begin_with(self.engine.begin()).await {
            Err(sqlx::Error::InvalidSavePointStatement) => {
                writer.acquire().await?.close().await?;
                writer.begin_with(self.engine.begin()).await?
            }
            other => other?,
        };
        Ok(Tx::of(inner, Arc::clone(self)))
    }

    /// Reads rows.
    pub(super) async fn rows(&self, query: Query) -> Result<Vec<AnyRow>, Error> {
        Ok(query.fetch_all(&self.pools.reader).await?)
    }

    /// Reads one row, if there is one.
    pub(super) async fn row(&self, query: Query) -> Result<Option<AnyRow>, Error> {
        Ok(query.fetch_optional(&self.pools.reader).await?)
    }

    /// Writes by one statement, which is its own unit of work; says how many rows it touched.
    pub(super) async fn write(&self, query: Query) -> Result<u64, Error> {
        Ok(query.execute(&self.pools.writer).await?.rows_affected())
    }

    /// Writes by one statement and reads what it returns: to the end, since only then it is committed.
    pub(super) async fn write_returning(&self, query: Query) -> Result<Vec<AnyRow>, Error> {
        Ok(query.fetch_all(&self.pools.writer).await?)
    }

    /// Writes a small row, as everything is written: in a unit of work.
    pub(super) async fn pulse(self: &Arc<Self>) -> Result<(), Error> {
        let mut tx = self.begin().await?;
        tx.write(sql(PULSE).bind(self.now())).await?;
        tx.commit().await
    }

    /// Ends the connections.
    pub(super) async fn close(&self) {
        self.pools.reader.close().await;
        self.pools.writer.close().await;
    }
}
