//! What is older than its retention goes, in small batches.

use super::{Job, Turn};
use crate::bot::Failure;
use crate::words::work::Tidy;

impl Job for Tidy {
    async fn run(self, turn: &Turn<'_>) -> Result<(), Failure> {
        let now = turn.bot.clock.millis();
        let gone = turn.bot.store.tidy(now - self.keep_deliveries, now - self.keep_jobs).await?;
        tracing::info!(rows = gone, "tidied");
        Ok(())
    }
}
