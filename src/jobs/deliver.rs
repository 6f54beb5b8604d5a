//! A stored delivery: understood, remembered, and turned into what has to be said.

use super::{Job, Turn};
use crate::bitbucket::Event;
use crate::bot::Failure;
use crate::notices;
use crate::words::work::Deliver;

impl Job for Deliver {
    async fn run(self, turn: &Turn<'_>) -> Result<(), Failure> {
        let Some(delivery) = turn.bot.store.delivery(self.delivery).await? else {
            return Ok(());
        };
        let Some(site) = turn.bot.sites.get(&delivery.row.instance) else {
            return settle(turn, self.delivery, "dropped: this Bitbucket is no longer in the settings").await;
        };
        match site.read_delivery(&delivery.row.event_key, &delivery.body) {
            Ok(event) => tell(turn, self.delivery, &event).await,
            Err(dropped) => settle(turn, self.delivery, &format!("dropped: {dropped}")).await,
        }
    }
}

async fn tell(turn: &Turn<'_>, delivery: i64, event: &Event) -> Result<(), Failure> {
    let store = &turn.bot.store;
    let cards = match &event.pull_request {
        Some(pr) => store.cards_of(&pr.name).await?,
        None => Vec::new(),
    };
    let subscriptions = store.subscriptions_to(&event.repo).await?;
    let plan = notices::plan(event, delivery, &subscriptions, &cards);
    let mut tx = turn.begin().await?;
    if let Some(pr) = &event.pull_request {
        tx.remember(pr).await?;
    }
    for job in plan.jobs {
        tx.enqueue(job).await?;
    }
    tx.settle_delivery(delivery, &plan.outcome).await?;
    tx.commit().await?;
    turn.bot.nudge.notify_waiters();
    Ok(())
}

async fn settle(turn: &Turn<'_>, delivery: i64, outcome: &str) -> Result<(), Failure> {
    let mut tx = turn.begin().await?;
    tx.settle_delivery(delivery, outcome).await?;
    Ok(tx.commit().await?)
}
