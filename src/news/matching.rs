//! Which channels hear of news, and how: all subscriptions of a channel that match make one message.

use std::borrow::Borrow;
use std::collections::{BTreeMap, BTreeSet};

use super::items::{Item, News};
use crate::bitbucket::Event;
use crate::bitbucket::event::{RefMove, Subject};
use crate::store::Subscription;
use crate::words::filter::{Answer, Field};
use crate::words::names::{Channel, Topic};
use crate::words::wish::{Size, Wish};

/// How a channel wants it: the most that any of its subscriptions asks for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Want {
    /// The topics it is told under.
    pub topics: BTreeSet<Topic>,
    /// How much is shown.
    pub size: Size,
    /// Whether what belongs together goes into one thread.
    pub thread: bool,
    /// Whether lines in a thread are shown in the channel too.
    pub broadcast: bool,
    /// Whether drafts are wanted.
    pub drafts: bool,
}

/// What a subscription makes of news.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Heard {
    /// It wants them, under these topics.
    Under(BTreeSet<Topic>),
    /// It does not.
    Not,
    /// That depends on the files, which nobody has asked for.
    NeedsFiles,
}

/// What a wish makes of news; `main` is the main branch, where it is known.
pub fn heard(wish: &Wish, news: &News, main: Option<&str>) -> Heard {
    let off_main = off_main(wish, news, main);
    match answer(wish, news, off_main) {
        Answer::Yes => Heard::Under(carried(wish, news, off_main).collect()),
        Answer::No => Heard::Not,
        Answer::NeedsFiles => Heard::NeedsFiles,
    }
}

/// Whether pushes do not count, since they are not on the main branch.
pub fn off_main(wish: &Wish, news: &News, main: Option<&str>) -> bool {
    wish.main_only
        && news.branch.as_deref().is_some_and(|branch| match main {
            Some(main) => main != branch,
            None => !["main", "master"].contains(&branch),
        })
}

/// The topics of the news that the wish holds.
fn carried<'a>(wish: &'a Wish, news: &'a News, off_main: bool) -> impl Iterator<Item = Topic> + 'a {
    let off = move |topic: &Topic| off_main && matches!(topic, Topic::Push | Topic::ForcePush);
    news.topics.iter().copied().filter(move |topic| !off(topic) && wish.topics.contains(topic))
}

fn answer(wish: &Wish, news: &News, off_main: bool) -> Answer {
    if carried(wish, news, off_main).next().is_none() {
        return Answer::No;
    }
    match &wish.filter {
        Some(filter) if news.facts.bot && !filter.looks_at(Field::Bot) => Answer::No,
        None if news.facts.bot => Answer::No,
        Some(filter) => filter.holds(&news.facts),
        None => Answer::Yes,
    }
}

/// Whether a wish may come to hear of the event, before anything is looked up that the delivery left out: the
/// main branch, what a push brings, the files.
pub fn perhaps(wish: &Wish, event: &Event, all: &[News]) -> bool {
    let lacking = |news: &News| match (&news.item, &event.subject) {
        (Item::Move(at), Subject::Refs(moves)) => moves.get(*at).is_some_and(RefMove::lacks),
        _ => false,
    };
    all.iter().any(|news| {
        if lacking(news) {
            wish.topics.iter().any(|topic| matches!(topic, Topic::Push | Topic::ForcePush))
        } else {
            answer(wish, news, false) != Answer::No
        }
    })
}

/// Who wants the news, and how.
pub fn wants<'a, S: Borrow<Subscription>>(
    subscriptions: &'a [S],
    news: &News,
    main: Option<&str>,
) -> BTreeMap<&'a Channel, Want> {
    let mut wants: BTreeMap<&Channel, Want> = BTreeMap::new();
    for subscription in subscriptions.iter().map(Borrow::borrow) {
        let wish = &subscription.wish;
        let Heard::Under(topics) = heard(wish, news, main) else { continue };
        let first = !wants.contains_key(&subscription.channel);
        let want = wants.entry(&subscription.channel).or_default();
        want.topics.extend(topics);
        want.size = if first { wish.size } else { want.size.max(wish.size) };
        want.thread |= wish.thread;
        want.broadcast |= wish.broadcast;
        want.drafts |= wish.topics.contains(&Topic::Draft);
    }
    wants
}
