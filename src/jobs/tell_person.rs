//! A private message to one person.

use super::post::Saying;
use super::{Job, Turn};
use crate::bot::Failure;
use crate::words::work::TellPerson;

impl Job for TellPerson {
    async fn run(self, turn: &Turn<'_>) -> Result<(), Failure> {
        let channel = match turn.bot.slack(&self.to.team).await?.open_direct(&self.to).await {
            // Whoever has left hears nothing more.
            Err(error) if error.is_gone_person() => return Ok(()),
            opened => opened?,
        };
        let saying = Saying { channel: &channel, thread: None, key: &self.identity, message: &self.message };
        saying.once(turn, "").await.map(|_| ())
    }
}
