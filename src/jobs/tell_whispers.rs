//! What waits to be told to somebody in private: said when it has been quiet for a moment and they may be
//! disturbed, as far as it is still true and they can still read it, in one message.

use std::collections::BTreeMap;

use super::look::reads;
use super::post::{Saying, still_there};
use super::sight::Sight;
use super::{Job, Turn};
use crate::bot::{Failure, Presence, telling};
use crate::notices::present;
use crate::slack::{self, Standing};
use crate::store::{Held, PostState};
use crate::views::whispers::{News, one, several};
use crate::words::message::Message;
use crate::words::names::{Channel, PrName, RepoName, SlackUser};
use crate::words::notice::Wishes;
use crate::words::pull_request::PullRequest;
use crate::words::work::TellWhispers;

/// What follows within so long of a message about the same pull request joins it there.
const BURST: i64 = 60 * 1000;
/// But no message grows for longer than this.
const CHAIN: i64 = 10 * 60 * 1000;
/// What could not be told for so long is news to nobody.
const STALE: i64 = 7 * 24 * 60 * 60 * 1000;
/// What waited longer than this was held back.
const HELD: i64 = 60 * 1000;

impl Job for TellWhispers {
    async fn run(self, turn: &Turn<'_>) -> Result<(), Failure> {
        let (bot, now) = (turn.bot, turn.bot.clock.millis());
        let open = bot.store.open_whispers(&self.to).await?;
        let (Some(first), Some(last)) = (open.first(), open.last()) else {
            return Ok(());
        };
        let over = bot.burst_over(first.at, last.at);
        if over > now {
            return later(turn, &self.to, over).await;
        }
        let member = |there: &Presence| there.standing == Standing::Member;
        let Some(presence) = bot.presence(&self.to).await?.filter(member) else {
            return settle(turn, &open, false).await;
        };
        let wishes = bot.store.private_wishes(&self.to).await?;
        if let Some(until) = presence.busy_until(&wishes, now) {
            return later(turn, &self.to, until).await;
        }
        self.tell(turn, open, &wishes).await
    }
}

impl TellWhispers {
    /// Tells what still is to be told, and settles all that was looked at.
    async fn tell(&self, turn: &Turn<'_>, open: Vec<Held>, wishes: &Wishes) -> Result<(), Failure> {
        let mut known = Snapshots::default();
        let (mut kept, mut dropped) = (Vec::new(), Vec::new());
        for held in self.readable(turn, open, &mut dropped).await? {
            let wanted = wishes.wants(held.whisper.kind) && self.holds(turn, &mut known, &held).await?;
            if wanted { kept.push(held) } else { dropped.push(held) }
        }
        let undone = present::undone(&kept.iter().map(|held| &held.whisper).collect::<Vec<_>>());
        let mut undone = undone.into_iter();
        let (gone, kept): (Vec<Held>, Vec<Held>) =
            kept.into_iter().partition(|_| undone.next().unwrap_or_default());
        dropped.extend(gone);
        settle(turn, &dropped, false).await?;
        if kept.is_empty() {
            return Ok(());
        }
        for (key, held) in self.under_keys(turn, &mut known, kept).await? {
            self.say(turn, &known, &key, &held).await?;
        }
        Ok(())
    }

    /// Those about what they can read; what they cannot read is dropped, and what nobody can say just now is
    /// left for later.
    async fn readable(
        &self,
        turn: &Turn<'_>,
        open: Vec<Held>,
        dropped: &mut Vec<Held>,
    ) -> Result<Vec<Held>, Failure> {
        let now = turn.bot.clock.millis();
        let mut asked: BTreeMap<RepoName, Sight> = BTreeMap::new();
        let mut kept = Vec::new();
        for held in open {
            let repo = held.whisper.about.repo().clone();
            let sight = match asked.get(&repo) {
                Some(sight) => *sight,
                None => reads(turn, &repo, &self.to).await?,
            };
            asked.insert(repo, sight);
            match sight {
                Sight::Sees => kept.push(held),
                Sight::Refused | Sight::Gone => dropped.push(held),
                Sight::Unsure if now - held.at > STALE => dropped.push(held),
                Sight::Unsure => {}
            }
        }
        Ok(kept)
    }

    /// Whether it is still so, and they still are who it concerns.
    async fn holds(&self, turn: &Turn<'_>, known: &mut Snapshots, held: &Held) -> Result<bool, Failure> {
        let store = &turn.bot.store;
        let Some(link) = store.link(&self.to, &held.whisper.about.repo().instance).await? else {
            return Ok(false);
        };
        let Some(pr) = held.whisper.about.pull_request() else {
            return Ok(true);
        };
        let listens = store.those_who_are(&pr.repo.instance, &link.person.id, Some(pr)).await?;
        let now = known.of(turn, pr).await?;
        let listens = listens.iter().any(|(user, _)| *user == self.to);
        Ok(listens && now.is_none_or(|now| present::holds(&held.whisper, now, &link.person.id)))
    }

    /// What is told by which message: decided before it is said, so that it stays so. What was told of the
    /// same pull request a moment ago is told again together with it, in its place.
    async fn under_keys(
        &self,
        turn: &Turn<'_>,
        known: &mut Snapshots,
        kept: Vec<Held>,
    ) -> Result<BTreeMap<String, Vec<Held>>, Failure> {
        let (mut by_key, mut fresh): (BTreeMap<String, Vec<Held>>, Vec<Held>) = Default::default();
        for held in kept {
            match held.post_key.clone() {
                Some(key) => by_key.entry(key).or_default().push(held),
                None => fresh.push(held),
            }
        }
        if let Some(first) = fresh.first() {
            let key = match self.going_on(turn, known, &fresh).await? {
                Some(key) => key,
                None => format!("dm:{:x}", first.id),
            };
            let ids: Vec<i64> = fresh.iter().map(|held| held.id).collect();
            let mut tx = turn.begin().await?;
            tx.tell_under(&ids, &key).await?;
            tx.commit().await?;
            by_key.entry(key).or_default().extend(fresh);
        }
        let since = turn.bot.clock.millis() - 2 * CHAIN;
        let before = turn.bot.store.whispers_since(&self.to, since).await?;
        for held in before.into_iter().rev() {
            let told = held.post_key.as_ref().and_then(|key| by_key.get_mut(key));
            if let Some(told) = told {
                told.insert(0, held);
            }
        }
        Ok(by_key)
    }

    /// The message of the burst that goes on, where all that it says is still so.
    async fn going_on(
        &self,
        turn: &Turn<'_>,
        known: &mut Snapshots,
        fresh: &[Held],
    ) -> Result<Option<String>, Failure> {
        let now = turn.bot.clock.millis();
        let lately = turn.bot.store.whispers_since(&self.to, now - 2 * CHAIN).await?;
        let latest = lately.iter().max_by_key(|held| held.settled_at);
        let latest = latest.filter(|held| held.settled_at.is_some_and(|at| at > now - BURST));
        let Some(key) = latest.and_then(|held| held.post_key.clone()) else {
            return Ok(None);
        };
        let told: Vec<&Held> = lately.iter().filter(|held| held.post_key.as_ref() == Some(&key)).collect();
        let about = fresh.first().map(|held| &held.whisper.about);
        for held in fresh.iter().chain(told.iter().copied()) {
            if Some(&held.whisper.about) != about {
                return Ok(None);
            }
        }
        for held in told {
            if held.at < now - CHAIN || !self.holds(turn, known, held).await? {
                return Ok(None);
            }
        }
        Ok(Some(key))
    }

    /// Says it, or puts it in the place of what the same message said before.
    async fn say(&self, turn: &Turn<'_>, known: &Snapshots, key: &str, held: &[Held]) -> Result<(), Failure> {
        let bot = turn.bot;
        let slack = bot.slack(&self.to.team).await?;
        let channel = match slack.open_direct(&self.to).await {
            Err(error @ slack::Error::Api { .. }) => {
                tracing::info!(%error, "somebody cannot be told in private");
                return settle(turn, held, false).await;
            }
            opened => opened?,
        };
        let late = held.iter().any(|one| bot.clock.millis() - one.at > HELD);
        let message = message(known, held, late);
        let said = match bot.store.post(&channel, key).await?.filter(|post| post.state == PostState::Posted) {
            Some(post) => {
                let ts = post.ts.unwrap_or_default();
                let updated = slack.update_message(&channel, &ts, &message).await;
                still_there(bot, &channel, updated).await.map(drop)
            }
            None => first_said(turn, &channel, key, &message).await,
        };
        match said {
            Err(Failure::Ours(why)) => tracing::warn!(why, "somebody could not be told in private"),
            said => said?,
        }
        settle(turn, held, true).await
    }
}

async fn first_said(turn: &Turn<'_>, channel: &Channel, key: &str, message: &Message) -> Result<(), Failure> {
    Saying { channel, thread: None, key, message }.once(turn, "").await.map(drop)
}

/// All of it, by what it is about, in the order it came.
fn message(known: &Snapshots, held: &[Held], late: bool) -> Message {
    let mut all: Vec<News<'_>> = Vec::new();
    for one in held {
        let about = &one.whisper.about;
        if let Some(news) = all.iter_mut().find(|news| news.about == about) {
            news.told.push(&one.whisper);
        } else {
            let now = about.pull_request().and_then(|pr| known.0.get(pr)?.as_ref());
            all.push(News { about, now, told: vec![&one.whisper] });
        }
    }
    match all.as_slice() {
        [news] => one(news),
        _ => several(&all, late),
    }
}

/// The newest that is known of each pull request.
#[derive(Default)]
struct Snapshots(BTreeMap<PrName, Option<PullRequest>>);

impl Snapshots {
    async fn of(&mut self, turn: &Turn<'_>, pr: &PrName) -> Result<Option<&PullRequest>, Failure> {
        if !self.0.contains_key(pr) {
            self.0.insert(pr.clone(), turn.bot.store.pull_request(pr).await?);
        }
        Ok(self.0.get(pr).and_then(Option::as_ref))
    }
}

async fn later(turn: &Turn<'_>, user: &SlackUser, at: i64) -> Result<(), Failure> {
    let mut tx = turn.begin().await?;
    tx.enqueue(telling(user).at(at)).await?;
    Ok(tx.commit().await?)
}

async fn settle(turn: &Turn<'_>, held: &[Held], told: bool) -> Result<(), Failure> {
    let ids: Vec<i64> = held.iter().map(|held| held.id).collect();
    let mut tx = turn.begin().await?;
    tx.settle_whispers(&ids, told).await?;
    Ok(tx.commit().await?)
}
