//! Floor 5: what the bot says unasked. An event and what is known decide which cards are drawn and
//! which lines are said; the jobs that say them are written with the event's outcome in one transaction.

mod facts;
mod found;
mod lines;
mod matching;
mod news;
mod pull_request;
mod reasons;
mod repository;

use crate::bitbucket::Event;
use crate::store::{Post, Subscription};
use crate::words::pull_request::PullRequest;
use crate::words::work::NewJob;

pub use facts::of_pull_request;
pub use found::{Sight, found, is_old_news, lacks_actor};
pub use matching::{Heard, Want, heard, wants};
pub use news::{Item, News, news};
pub use reasons::reasons;

/// What is known besides the event itself.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// The pull request as the delivery before told it.
    pub before: Option<PullRequest>,
    /// Whether the build had failed when it last ended.
    pub failed_before: Option<bool>,
    /// The open pull requests whose newest commit was built.
    pub built: Vec<PullRequest>,
    /// The main branch.
    pub main: Option<String>,
}

/// What follows from an event.
pub struct Plan {
    /// The work it makes.
    pub jobs: Vec<NewJob>,
    /// What became of the delivery, in words.
    pub outcome: String,
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
    pub subscriptions: &'a [Subscription],
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
    let mut jobs = pull_request::tell(telling, all);
    jobs.extend(repository::tell(telling, all));
    let untold = all.iter().all(|one| one.topics.is_empty());
    let outcome = match jobs.len() {
        0 if untold => "dropped: nothing that anybody would see has changed".to_owned(),
        1 if untold => "brought 1 card up to date".to_owned(),
        many if untold => format!("brought {many} cards up to date"),
        0 => "dropped: no channel asked for it".to_owned(),
        1 => "told in 1 message".to_owned(),
        many => format!("told in {many} messages"),
    };
    Plan { jobs, outcome }
}
