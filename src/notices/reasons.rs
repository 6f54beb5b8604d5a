//! Why each subscription is told or not, written down beside what was told.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::Telling;
use super::pull_request::waits;
use crate::news::{Heard, Item, News, Want, heard, off_main, wants};
use crate::store::{Post, Subscription};
use crate::words::filter::Field;
use crate::words::names::{Channel, Topic};
use crate::words::pull_request::PullRequest;
use crate::words::reason::{Because, Reason, Reasons};
use crate::words::wish::Wish;

/// No more are written down of one delivery.
const MOST: usize = 300;

/// Those who hear nothing of it, as it was plain from the beginning.
#[derive(Debug, Clone, Default)]
pub struct Deaf {
    /// Those whose asker cannot read the repository.
    pub hidden: Vec<Arc<Subscription>>,
    others: Vec<Arc<Subscription>>,
    more: usize,
}

impl Deaf {
    /// One that wants nothing of it; beyond as many as are written down they are counted.
    pub fn add(&mut self, one: &Arc<Subscription>) {
        if self.others.len() < MOST {
            self.others.push(Arc::clone(one));
        } else {
            self.more += 1;
        }
    }
}

/// What each subscription made of news.
pub fn reasons(telling: &Telling<'_>, all: &[News], deaf: &Deaf) -> Reasons {
    let drafts = waiting(telling, all);
    let each = telling.subscriptions.iter().chain(&deaf.others);
    let heard = each.map(|one| (one, because(telling, all, one, &drafts)));
    let unread = deaf.hidden.iter().map(|one| (one, Because::Unreadable));
    let mut each: Vec<Reason> = heard
        .chain(unread)
        .map(|(one, because)| Reason { channel: one.channel.clone(), repos: one.repos.to_string(), because })
        .collect();
    each.sort_by_key(|reason| (!reason.because.is_told(), reason.repos.to_lowercase()));
    let more = each.len().saturating_sub(MOST) + deaf.more;
    each.truncate(MOST);
    let topics: BTreeSet<Topic> = all.iter().flat_map(|one| one.topics.iter().copied()).collect();
    Reasons {
        who: telling.event.actor.name.clone(),
        topics: topics.into_iter().collect(),
        each,
        more,
        cards: cards(telling.cards),
    }
}

fn cards(out: &[Post]) -> Vec<Channel> {
    let channels: BTreeSet<&Channel> = out.iter().map(|post| &post.channel).take(MOST).collect();
    channels.into_iter().cloned().collect()
}

fn pull_request<'a>(telling: &'a Telling<'_>, news: &'a News) -> Option<&'a PullRequest> {
    match &news.item {
        Item::PullRequest => telling.event.pull_request.as_ref(),
        Item::Checks(pr) => Some(pr),
        Item::Move(_) | Item::Repository => None,
    }
}

/// The channels that wait for each draft among the news.
fn waiting<'a>(telling: &'a Telling<'_>, all: &[News]) -> Vec<BTreeSet<&'a Channel>> {
    let each = all.iter().map(|news| {
        let Some(pr) = pull_request(telling, news).filter(|pr| pr.draft) else {
            return BTreeSet::new();
        };
        let wants = wants(telling.subscriptions, news, telling.known.main.as_deref());
        let late =
            |(channel, want): (&'a Channel, Want)| waits(telling, pr, channel, &want).then_some(channel);
        wants.into_iter().filter_map(late).collect()
    });
    each.collect()
}

/// What one subscription made of it all: of several things, the one that came nearest to be told.
fn because(
    telling: &Telling<'_>,
    all: &[News],
    one: &Subscription,
    drafts: &[BTreeSet<&Channel>],
) -> Because {
    let mut told = BTreeSet::new();
    let mut nearest = Because::Topics;
    let main = telling.known.main.as_deref();
    for (news, waits) in all.iter().zip(drafts) {
        match heard(&one.wish, news, main) {
            Heard::Under(_) if waits.contains(&one.channel) => nearest = nearest.max(Because::Draft),
            Heard::Under(topics) => told.extend(topics),
            Heard::Not | Heard::NeedsFiles => nearest = nearest.max(against(&one.wish, news, main)),
        }
    }
    if told.is_empty() { nearest } else { Because::Told(told.into_iter().collect()) }
}

/// The rule by which a wish does not want news.
fn against(wish: &Wish, news: &News, main: Option<&str>) -> Because {
    let carried = |topic: &&Topic| news.topics.contains(topic);
    let mut carried = wish.topics.iter().filter(carried).peekable();
    if carried.peek().is_none() {
        return Because::Topics;
    }
    if off_main(wish, news, main) && carried.all(|topic| matches!(topic, Topic::Push | Topic::ForcePush)) {
        return Because::Main;
    }
    let filter = wish.filter.as_ref();
    if news.facts.bot && !filter.is_some_and(|filter| filter.looks_at(Field::Bot)) {
        return Because::Bot;
    }
    match filter.and_then(|filter| filter.failing(&news.facts)) {
        Some(part) => Because::Condition(part.to_string()),
        None => Because::Topics,
    }
}
