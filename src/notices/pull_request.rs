//! What happens to a pull request: its card, and the lines under it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::lines::line;
use super::{Telling, ThreadLine};
use crate::bitbucket::event::Subject;
use crate::bitbucket::{Event, Kind};
use crate::bot::draw_card;
use crate::news::{Item, Known, News, Want, of_pull_request, wants};
use crate::store::{Post, Subscription};
use crate::words::message::{Line, Message};
use crate::words::names::{Channel, Topic};
use crate::words::pull_request::PullRequest;
use crate::words::story::Told;
use crate::words::work::{DrawCard, NewJob, Urgency};

/// The cards that are drawn, and the lines under them.
pub(super) fn tell(telling: &Telling<'_>, all: &[News]) -> (Vec<NewJob>, Vec<ThreadLine>) {
    let (mut jobs, mut lines) = (Vec::new(), Vec::new());
    for news in all {
        let pr = match (&news.item, &telling.event.pull_request) {
            (Item::PullRequest, Some(pr)) => pr,
            (Item::Checks(pr), _) => pr,
            _ => continue,
        };
        let (cards, said) = tell_one(telling, news, pr);
        jobs.extend(cards);
        lines.extend(said);
    }
    (jobs, lines)
}

/// That its branches are in each other's way, as its channels hear of it: once for each state of its source.
pub fn conflict(
    pr: &PullRequest,
    (subscriptions, cards): (&[Arc<Subscription>], &[Post]),
    at: i64,
) -> (Vec<NewJob>, Vec<ThreadLine>) {
    let event = Event {
        kind: Kind::Updated,
        actor: pr.author.clone(),
        by_bot: false,
        repo: pr.name.repo.clone(),
        pull_request: Some(pr.clone()),
        subject: Subject::Nothing,
        at,
    };
    let known = Known::default();
    let telling = Telling { event: &event, delivery: 0, part: 0, known: &known, subscriptions, cards };
    let news = News {
        topics: BTreeSet::from([Topic::Conflict]),
        facts: of_pull_request(&event, pr),
        item: Item::PullRequest,
        branch: None,
    };
    tell_one(&telling, &news, pr)
}

fn tell_one(telling: &Telling<'_>, news: &News, pr: &PullRequest) -> (Vec<NewJob>, Vec<ThreadLine>) {
    let mut asked = wants(telling.subscriptions, news, telling.known.main.as_deref());
    asked.retain(|channel, want| !waits(telling, pr, channel, want));
    let out = telling.cards.iter().filter(|post| post.key == Post::card_key(&pr.name));
    let mut channels: Vec<&Channel> = out.map(|post| &post.channel).chain(asked.keys().copied()).collect();
    channels.sort_unstable();
    channels.dedup();
    let cards = channels.into_iter().map(|channel| {
        draw_card(&DrawCard { channel: channel.clone(), pr: pr.name.clone() }, Urgency::Whenever)
    });
    (cards.collect(), lines(telling, &asked, pr).collect())
}

/// A draft's card waits until it is ready, where nobody asked for drafts.
pub(super) fn waits(telling: &Telling<'_>, pr: &PullRequest, channel: &Channel, want: &Want) -> bool {
    let key = Post::card_key(&pr.name);
    let shown = || telling.cards.iter().any(|post| post.key == key && post.channel == *channel);
    pr.draft && !want.drafts && !shown()
}

fn lines<'a>(
    telling: &'a Telling<'_>,
    asked: &'a BTreeMap<&Channel, Want>,
    pr: &'a PullRequest,
) -> impl Iterator<Item = ThreadLine> + 'a {
    asked.iter().filter_map(move |(channel, want)| {
        let said = want.topics.iter().filter_map(|topic| Some((*topic, line(telling, pr, *topic)?)));
        let (topics, said): (Vec<Topic>, Vec<Line>) = said.unzip();
        let told = Told {
            identity: identity(telling, want, pr),
            topic: *topics.first()?,
            message: Message { lines: said, ..Message::default() },
            broadcast: want.broadcast,
            at: telling.event.at,
        };
        Some(ThreadLine { channel: (*channel).clone(), pr: pr.name.clone(), told })
    })
}

/// What makes a line this one and no other.
fn identity(telling: &Telling<'_>, want: &Want, pr: &PullRequest) -> String {
    let line = format!("line:{}", telling.mark());
    if want.topics.contains(&Topic::Conflict) {
        format!("conflict:{}:{}", pr.name, pr.head.as_deref().unwrap_or_default())
    } else if want.topics.contains(&Topic::Checks) {
        // One build may be of several pull requests.
        format!("{line}:{}", pr.name)
    } else {
        line
    }
}
