//! The cards of a channel that was quiet for a while, brought up to date without a flood.

use super::{Bot, Failure, draw_card};
use crate::words::names::Channel;
use crate::words::work::{DrawCard, NewJob, Urgency};

impl Bot {
    /// The jobs that bring a channel's newest cards up to date. One that stands as it should is left alone.
    pub async fn redraw(&self, channel: &Channel) -> Result<Vec<NewJob>, Failure> {
        let cards = self.store.cards_in(channel).await?;
        let drawn = cards.iter().filter_map(|card| {
            let pr = card.pull_request()?;
            Some(draw_card(&DrawCard { channel: channel.clone(), pr }, Urgency::Whenever))
        });
        Ok(drawn.collect())
    }
}
