//! A unit of work: all of it is kept, or nothing.

use std::sync::Arc;

use sqlx::any::AnyRow;
use sqlx::{Any, Transaction};

use super::base::Base;
use super::error::Error;
use super::queue::{Claim, Fence};
use super::rows::{Named, Query, sql};

/// Writes nothing new: it finds out whether the job is still ours, and keeps it so until the commit.
const STILL_OURS: &str =
    "UPDATE jobs SET owner = owner WHERE id = $1 AND owner = $2 AND turn = $3 AND state = 'running'";

pub(super) const ALL: &[Named] = &[("still ours", STILL_OURS)];

/// A unit of work. Dropped without [`Tx::commit`], it never was.
#[must_use = "what is written in it is kept only by `commit`"]
#[derive(Debug)]
pub struct Tx {
    inner: Transaction<'static, Any>,
    pub(super) base: Arc<Base>,
    fence: Option<Fence>,
    /// What the job it is begun for came of; what it enqueues comes of the same.
    origin: Option<i64>,
}

impl Tx {
    /// Around a transaction that has begun.
    pub(super) fn of(inner: Transaction<'static, Any>, base: Arc<Base>) -> Self {
        Self { inner, base, fence: None, origin: None }
    }

    /// Kept only if this job is still running under this claim.
    pub(super) fn fenced_by(mut self, claim: &Claim) -> Self {
        self.fence = Some(claim.fence());
        self.origin = Some(claim.origin);
        self
    }

    /// The job has been let go within this very unit of work: nothing is left to be checked.
    pub(super) fn let_go(&mut self, fence: &Fence) {
        if self.fence.as_ref() == Some(fence) {
            self.fence = None;
        }
    }

    /// Keeps all that was written. [`Error::LostClaim`] when the job it was begun for has gone to another.
    pub async fn commit(mut self) -> Result<(), Error> {
        if let Some(fence) = self.fence.take() {
            let ours = sql(STILL_OURS).bind(fence.id).bind(fence.owner).bind(fence.turn);
            if self.write(ours).await? == 0 {
                return Err(Error::LostClaim);
            }
        }
        Ok(self.inner.commit().await?)
    }

    /// What the job it is begun for came of.
    pub(super) fn origin(&self) -> Option<i64> {
        self.origin
    }

    /// Epoch milliseconds.
    pub(super) fn now(&self) -> i64 {
        self.base.now()
    }

    /// Reads rows, as this unit of work sees them.
    pub(super) async fn rows(&mut self, query: Query) -> Result<Vec<AnyRow>, Error> {
        Ok(query.fetch_all(&mut *self.inner).await?)
    }

    /// Reads one row, if there is one.
    pub(super) async fn row(&mut self, query: Query) -> Result<Option<AnyRow>, Error> {
        Ok(query.fetch_optional(&mut *self.inner).await?)
    }

    /// Writes; says how many rows it touched.
    pub(super) async fn write(&mut self, query: Query) -> Result<u64, Error> {
        Ok(query.execute(&mut *self.inner).await?.rows_affected())
    }

    /// Several statements without values: a migration.
    pub(super) async fn run_script(&mut self, script: &'static str) -> Result<(), Error> {
        sqlx::raw_sql(script).execute(&mut *self.inner).await?;
        Ok(())
    }
}
