//! What is older than its retention goes, in small batches.

use std::time::Duration;

use super::{Job, Turn};
use crate::bot::Failure;
use crate::words::work::Tidy;

impl Job for Tidy {
    async fn run(self, turn: &Turn<'_>) -> Result<(), Failure> {
        let keep = |millis: i64| Duration::from_millis(millis.unsigned_abs());
        let gone = turn.bot.store.tidy(keep(self.keep_deliveries), keep(self.keep_jobs)).await?;
        let audit = turn.bot.store.tidy_audit(&turn.bot.seal, keep(self.keep_audit)).await?;
        tracing::info!(?gone, audit, "tidied");
        Ok(())
    }
}
