//! What was found by looking: told as if webhooks had brought it, as far as none has done so meanwhile.

use super::Turn;
use super::deliver::{Whence, settle, work_out, write_down};
use crate::bitbucket::Event;
use crate::bot::Failure;
use crate::notices::{self, Sight};
use crate::store::Delivery;
use crate::words::access::RightChange;
use crate::words::pipeline::Deployed;
use crate::words::pull_request::Person;

/// Tells it.
pub async fn tell(turn: &Turn<'_>, delivery: &Delivery) -> Result<(), Failure> {
    let (store, id) = (&turn.bot.store, delivery.row.id);
    if let Ok(found) = serde_json::from_slice::<Deployed>(&delivery.body) {
        let event = Event::deployed(found, delivery.row.received_at);
        return tell_one(turn, delivery, event).await;
    }
    let Ok(mut sight) = serde_json::from_slice::<Sight>(&delivery.body) else {
        return settle(turn, id, "dropped: another version of Dipper wrote it").await;
    };
    let told = store.told_of(&sight.pr.name).await?;
    let remarks = store.remarks_told(&sight.pr.name, id).await?;
    sight.comments.retain(|comment| !remarks.contains(&comment.id));
    let events = notices::found(told.as_ref(), &sight);
    if events.is_empty() {
        return settle(turn, id, "dropped: a webhook told it meanwhile").await;
    }
    let whence = Whence { delivery: id, part: 0, found_at: Some(delivery.row.received_at) };
    let mut all = Vec::new();
    for (part, event) in events.into_iter().enumerate() {
        all.push(work_out(turn, Whence { part, ..whence }, event).await?);
    }
    write_down(turn, whence, all).await
}

/// Tells what was done here: no webhook does.
pub async fn tell_own(turn: &Turn<'_>, delivery: &Delivery) -> Result<(), Failure> {
    let id = delivery.row.id;
    let Ok((by, change)) = serde_json::from_slice::<(Person, RightChange)>(&delivery.body) else {
        return settle(turn, id, "dropped: another version of Dipper wrote it").await;
    };
    tell_one(turn, delivery, Event::done_here(by, change)).await
}

async fn tell_one(turn: &Turn<'_>, delivery: &Delivery, event: Event) -> Result<(), Failure> {
    let found_at = Some(delivery.row.received_at);
    let whence = Whence { delivery: delivery.row.id, part: 0, found_at };
    let told = work_out(turn, whence, event).await?;
    write_down(turn, whence, vec![told]).await
}
