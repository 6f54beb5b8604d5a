//! Which channels hear of news, and how: all subscriptions of a channel that match make one message.

use std::collections::{BTreeMap, BTreeSet};

use super::news::News;
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
    let carried = |topic: &&Topic| {
        news.topics.contains(topic) && !(off_main && matches!(topic, Topic::Push | Topic::ForcePush))
    };
    let topics: BTreeSet<Topic> = wish.topics.iter().filter(carried).copied().collect();
    let names_bots = || wish.filter.as_ref().is_some_and(|filter| filter.looks_at(Field::Bot));
    if topics.is_empty() || (news.facts.bot && !names_bots()) {
        return Heard::Not;
    }
    match wish.filter.as_ref().map_or(Answer::Yes, |filter| filter.holds(&news.facts)) {
        Answer::Yes => Heard::Under(topics),
        Answer::No => Heard::Not,
        Answer::NeedsFiles => Heard::NeedsFiles,
    }
}

/// Whether pushes do not count, since they are not on the main branch.
pub(super) fn off_main(wish: &Wish, news: &News, main: Option<&str>) -> bool {
    wish.main_only
        && news.branch.as_deref().is_some_and(|branch| match main {
            Some(main) => main != branch,
            None => !["main", "master"].contains(&branch),
        })
}

/// Who wants the news, and how.
pub fn wants<'a>(
    subscriptions: &'a [Subscription],
    news: &News,
    main: Option<&str>,
) -> BTreeMap<&'a Channel, Want> {
    let mut wants: BTreeMap<&Channel, Want> = BTreeMap::new();
    for subscription in subscriptions {
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
