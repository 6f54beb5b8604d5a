//! Floor 5: what the bot says unasked. An event and what is known decide which cards are drawn and
//! which lines are said; the jobs that say them are written with the event's outcome in one transaction.

mod found;
mod lines;
pub mod personal;
pub mod present;
mod pull_request;
mod reasons;
mod repository;

use std::sync::Arc;

use crate::bitbucket::Event;
use crate::news::{Known, News};
use crate::store::{Post, Subscription};
use crate::words::names::{Channel, PrName};
use crate::words::story::Told;
use crate::words::work::NewJob;

pub use found::{Sight, found, is_old_news, lacks_actor};
pub use pull_request::conflict;
pub use reasons::{Deaf, reasons};

/// What became of a delivery, where people are told of it in private besides.
pub fn besides(outcome: String, direct: usize) -> String {
    let told = match direct {
        0 => return outcome,
        1 => "1 direct message".to_owned(),
        many => format!("{many} direct messages"),
    };
    if outcome.starts_with("dropped") {
        format!("told in {told}")
    } else if outcome.starts_with("told") {
        format!("{outcome} and {told}")
    } else {
        format!("{outcome}, told in {told}")
    }
}

/// What follows from an event.
pub struct Plan {
    /// The work it makes.
    pub jobs: Vec<NewJob>,
    /// What is to be said under cards.
    pub lines: Vec<ThreadLine>,
    /// What became of the delivery, in words.
    pub outcome: String,
}

/// A line under a card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ThreadLine {
    /// Where.
    pub channel: Channel,
    /// Under which card.
    pub pr: PrName,
    /// What is said.
    pub told: Told,
}

/// Where and when something is told.
#[derive(Debug, Clone, Copy)]
pub struct Telling<'a> {
    /// The event.
    pub event: &'a Event,
    /// The delivery it came by.
    pub delivery: i64,
    /// Which of the delivery's events it is: what is found by looking may be several.
    pub part: usize,
    /// What is known besides.
    pub known: &'a Known,
    /// Who hears of the repository.
    pub subscriptions: &'a [Arc<Subscription>],
    /// The cards that are out.
    pub cards: &'a [Post],
}

impl Telling<'_> {
    /// What tells what is said of it apart from all else: the same is said once.
    fn mark(&self) -> String {
        match self.part {
            0 => format!("{:x}", self.delivery),
            part => format!("{:x}.{part}", self.delivery),
        }
    }
}

/// Decides what news mean for the channels that asked and for the cards that are out.
pub fn plan(telling: &Telling<'_>, all: &[News]) -> Plan {
    let (mut jobs, lines) = pull_request::tell(telling, all);
    jobs.extend(repository::tell(telling, all));
    let untold = all.iter().all(|one| one.topics.is_empty());
    let outcome = match jobs.len() + lines.len() {
        0 if !telling.known.merged.is_empty() => "folded: the channels heard of the merge".to_owned(),
        0 if untold => "dropped: nothing that anybody would see has changed".to_owned(),
        1 if untold => "brought 1 card up to date".to_owned(),
        many if untold => format!("brought {many} cards up to date"),
        0 => "dropped: no channel asked for it".to_owned(),
        1 => "told in 1 message".to_owned(),
        many => format!("told in {many} messages"),
    };
    Plan { jobs, lines, outcome }
}
