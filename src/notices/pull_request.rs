//! What happens to a pull request: its card, and the lines under it.

use std::collections::BTreeSet;

use crate::bitbucket::Event;
use crate::bot::draw_card;
use crate::store::{Post, Subscription};
use crate::words::message::{Line, Message};
use crate::words::names::{Channel, Topic};
use crate::words::pull_request::PullRequest;
use crate::words::work::{DrawCard, NewJob, SayInThread, Urgency};

/// Cards first, then the lines: one order key keeps them so in each channel.
pub fn tell(event: &Event, delivery: i64, subscriptions: &[Subscription], cards: &[Post]) -> Vec<NewJob> {
    let Some(pr) = &event.pull_request else {
        return Vec::new();
    };
    let asked: BTreeSet<&Channel> = subscriptions
        .iter()
        .filter(|subscription| event.kind.topic().is_some_and(|topic| subscription.topics.contains(&topic)))
        .map(|subscription| &subscription.channel)
        .collect();
    let shown: BTreeSet<&Channel> =
        cards.iter().map(|post| &post.channel).chain(asked.iter().copied()).collect();
    let mut jobs: Vec<NewJob> = shown
        .into_iter()
        .map(|channel| {
            draw_card(&DrawCard { channel: channel.clone(), pr: pr.name.clone() }, Urgency::Whenever)
        })
        .collect();
    if let Some(message) = line(event, pr) {
        jobs.extend(asked.into_iter().map(|channel| in_thread(channel, pr, delivery, &message)));
    }
    jobs
}

/// The story goes in the thread; the card itself says that it was opened.
fn line(event: &Event, pr: &PullRequest) -> Option<Message> {
    let actor = &event.actor.name;
    match event.kind.topic()? {
        Topic::Opened => None,
        Topic::Approved => Some(Message::line(Line::new().bold(actor).text(" approved."))),
        Topic::Merged => {
            Some(Message::line(Line::new().bold(actor).text(" merged this into ").code(&pr.target).text(".")))
        }
    }
}

fn in_thread(channel: &Channel, pr: &PullRequest, delivery: i64, message: &Message) -> NewJob {
    let key = format!("card:{}:{}:{}", channel.team, channel.id, pr.name);
    let identity = format!("line:{delivery:x}");
    let work = SayInThread {
        channel: channel.clone(),
        pr: pr.name.clone(),
        identity: identity.clone(),
        message: message.clone(),
    };
    NewJob::of(&work).in_order(key.clone()).once(format!("{key}:{identity}"))
}
