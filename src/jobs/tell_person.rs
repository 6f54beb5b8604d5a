//! A private message to one person: at once, or when they may be disturbed.

use super::post::Saying;
use super::{Job, Turn};
use crate::bot::Failure;
use crate::slack::Standing;
use crate::words::work::{NewJob, TellGently, TellPerson};

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

impl Job for TellGently {
    async fn run(self, turn: &Turn<'_>) -> Result<(), Failure> {
        let (bot, to) = (turn.bot, &self.0.to);
        let Some(presence) = bot.presence(to).await?.filter(|there| there.standing != Standing::Gone) else {
            return Ok(());
        };
        let wishes = bot.store.private_wishes(to).await?;
        match presence.busy_until(&wishes, bot.clock.millis()) {
            Some(until) => {
                let mut tx = turn.begin().await?;
                tx.enqueue(NewJob::of(&self).at(until)).await?;
                Ok(tx.commit().await?)
            }
            None => self.0.run(turn).await,
        }
    }
}
