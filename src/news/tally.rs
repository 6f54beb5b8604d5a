//! What a wish would have heard of what came before it was wished.

use std::collections::HashMap;

use super::{Heard, Item, Known, News, heard, news};
use crate::bitbucket::Event;
use crate::bitbucket::event::Subject;
use crate::words::build::BuildState;
use crate::words::names::{PrName, Topic};
use crate::words::pull_request::PullRequest;
use crate::words::wish::Wish;

/// How much a wish would have heard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// Events it would have been told of.
    pub told: usize,
    /// Events that depend on the files they change.
    pub perhaps: usize,
    /// Events there were.
    pub of: usize,
}

/// Counts events, the oldest first, that a wish would have been told of; `main` is the main branch, where it is
/// known. What an event changes is known from those before it.
pub fn tally(wish: &Wish, events: &[Event], main: Option<&str>) -> Tally {
    let (mut tally, mut past) = (Tally::default(), Past::default());
    for event in events {
        let all = news(event, &past.known(event));
        past.remember(event);
        let answers: Vec<Heard> = all
            .iter()
            .filter(|one| !is_held_back(wish, event, one))
            .map(|one| heard(wish, one, main))
            .collect();
        tally.of += 1;
        if answers.iter().any(|heard| matches!(heard, Heard::Under(_))) {
            tally.told += 1;
        } else if answers.contains(&Heard::NeedsFiles) {
            tally.perhaps += 1;
        }
    }
    tally
}

/// A draft waits until it is ready, where nobody asked for drafts.
fn is_held_back(wish: &Wish, event: &Event, news: &News) -> bool {
    let pr = match &news.item {
        Item::PullRequest => event.pull_request.as_ref(),
        Item::Checks(pr) => Some(&**pr),
        Item::Move(_) | Item::Repository => None,
    };
    pr.is_some_and(|pr| pr.draft) && !wish.topics.contains(&Topic::Draft)
}

/// What was known by then.
#[derive(Default)]
struct Past {
    pull_requests: HashMap<PrName, PullRequest>,
    failed: HashMap<(Option<String>, String), bool>,
}

impl Past {
    fn known(&self, event: &Event) -> Known {
        let mut known = Known::default();
        if let Some(pr) = &event.pull_request {
            known.before = self.pull_requests.get(&pr.name).cloned();
        }
        if let Subject::Build(report) = &event.subject {
            let built = |pr: &&PullRequest| {
                let same = report.hash.as_deref().is_some_and(|hash| pr.is_at(hash));
                pr.is_open() && pr.name.repo == event.repo && same
            };
            known.built = self.pull_requests.values().filter(built).cloned().collect();
            let name = (report.branch.clone(), report.build.key.clone());
            known.failed_before = self.failed.get(&name).copied();
        }
        known
    }

    fn remember(&mut self, event: &Event) {
        if let Some(pr) = &event.pull_request {
            self.pull_requests.insert(pr.name.clone(), pr.clone());
        }
        if let Subject::Build(report) = &event.subject {
            let failed = report.build.state == BuildState::Failed;
            if failed || report.build.state == BuildState::Passed {
                self.failed.insert((report.branch.clone(), report.build.key.clone()), failed);
            }
        }
    }
}
