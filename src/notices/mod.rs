//! Floor 5: what the bot says unasked. An event and what is known decide which cards are drawn and
//! which lines are said; the jobs that say them are written with the event's outcome in one transaction.

mod pull_request;

use crate::bitbucket::Event;
use crate::store::{Post, Subscription};
use crate::words::work::NewJob;

/// What follows from an event.
pub struct Plan {
    /// The work it makes.
    pub jobs: Vec<NewJob>,
    /// What became of the delivery, in words.
    pub outcome: String,
}

/// Decides what an event means for the channels that asked and for the cards that are out.
pub fn plan(event: &Event, delivery: i64, subscriptions: &[Subscription], cards: &[Post]) -> Plan {
    let jobs = pull_request::tell(event, delivery, subscriptions, cards);
    let outcome = match jobs.len() {
        0 => "dropped: no channel asked for it".to_owned(),
        1 => "told in 1 message".to_owned(),
        many => format!("told in {many} messages"),
    };
    Plan { jobs, outcome }
}
