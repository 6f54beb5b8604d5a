//! A line of the story under a card.

use super::post::Saying;
use super::{Job, Turn};
use crate::bot::Failure;
use crate::store::{Post, PostState};
use crate::words::work::SayInThread;

impl Job for SayInThread {
    async fn run(self, turn: &Turn<'_>) -> Result<(), Failure> {
        let card = turn.bot.store.post(&self.channel, &Post::card_key(&self.pr)).await?;
        // A card that was taken away takes its thread with it.
        let Some(ts) = card.filter(|card| card.state == PostState::Posted).and_then(|card| card.ts) else {
            return Ok(());
        };
        let saying =
            Saying { channel: &self.channel, thread: Some(&ts), key: &self.identity, message: &self.message };
        saying.say(turn, "", self.broadcast).await.map(|_| ())
    }
}
