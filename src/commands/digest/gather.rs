//! What a digest shows: read with the account of the one person it is read for, the most pressing first.

use std::collections::{BTreeSet, HashMap};

use chrono_tz::Tz;

use super::calendar;
use super::looking::Looking;
use super::rows::{Reader, known_of, rows};
use crate::bot::{Context, Failure, Outcome};
use crate::commands::pr::mine::accounts;
use crate::news::{build_word, of_snapshot};
use crate::store::{Alarm, Digest};
use crate::views::digest::{self as view, PER_PAGE, Place};
use crate::views::short::counted;
use crate::words::build::BuildState;
use crate::words::digest::{DigestWish, Known, Waits, waits};
use crate::words::filter::Answer;
use crate::words::message::{Line, Message};
use crate::words::names::{Channel, Instance, PrName};
use crate::words::pull_request::PullRequest;
use crate::words::wish::RepoPattern;

/// Of so many pull requests it is asked how they were built, where nobody knows.
const CHECKED: usize = 25;
/// And of so many that seem ready whether they can be merged.
const TRIED: usize = 8;

/// What is to be gathered.
#[derive(Debug, Clone)]
pub struct Asked {
    /// In which repositories; what concerns the reader anywhere when none.
    pub repos: Option<RepoPattern>,
    /// What of it.
    pub wish: DigestWish,
    /// Whether it is for the reader alone.
    pub personal: bool,
    /// Where it is told.
    pub channel: Channel,
    /// In whose time zone.
    pub zone: Tz,
    /// Whether somebody waits for it: then it is said that nothing waits, in any case.
    pub aloud: bool,
}

impl Asked {
    /// A digest, as it was asked for.
    pub fn of(digest: &Digest) -> Self {
        let what = &digest.what;
        Self {
            repos: what.repos.clone(),
            wish: what.wish.clone(),
            personal: what.personal,
            channel: what.channel.clone(),
            zone: what.zone.parse().unwrap_or(Tz::UTC),
            aloud: false,
        }
    }
}

/// What was gathered.
pub struct Gathered {
    asked: Asked,
    /// What waits, the most pressing first.
    found: Vec<(PullRequest, Waits, Known)>,
    /// So many repositories could not be looked at just now.
    old: usize,
    /// Of so many it is not known which files they change.
    unread: usize,
    /// So many sleep.
    asleep: usize,
    reader: Reader,
}

/// Gathers it, with the account of the context's caller.
pub async fn gather(cx: &Context<'_>, asked: &Asked) -> Result<Gathered, Failure> {
    let links = accounts(cx).await?;
    let me = links.iter().map(|link| (link.instance.clone(), link.person.id.clone())).collect();
    let calendar = calendar(cx, &asked.channel, asked.personal).await?;
    let reader = Reader { me, calendar, zone: asked.zone, now: cx.bot.clock.millis() };
    let (mut open, mut places) = (Vec::new(), HashMap::new());
    if let Some(repos) = &asked.repos {
        let mut looking = Looking::at(cx, &repos.instance, asked.aloud).await?;
        open = looking.open_in(repos).await?;
        places.insert(repos.instance.clone(), looking);
    } else {
        for link in &links {
            let looking = Looking::at(cx, &link.instance, asked.aloud).await?;
            open.extend(looking.mine(link).await?);
            places.insert(link.instance.clone(), looking);
        }
    }
    let old = places.values().map(|looking| looking.old).sum();
    let mut gathered =
        Gathered { asked: asked.clone(), found: Vec::new(), old, unread: 0, asleep: 0, reader };
    gathered.sort(cx, open, &places).await?;
    Ok(gathered)
}

impl Gathered {
    /// Whether it is for its reader alone.
    pub fn is_personal(&self) -> bool {
        self.asked.personal
    }

    /// How many wait.
    pub fn len(&self) -> usize {
        self.found.len()
    }

    /// Whether nothing waits.
    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// Whether there is nothing to say.
    pub fn is_silent(&self) -> bool {
        self.found.is_empty() && self.asked.wish.silent && !self.asked.aloud
    }

    /// Leaves out what is not wanted, finds out what the rest waits for, and puts the most pressing first.
    async fn sort(
        &mut self,
        cx: &Context<'_>,
        open: Vec<PullRequest>,
        places: &HashMap<Instance, Looking<'_>>,
    ) -> Result<(), Failure> {
        let asleep = sleeping(cx, &self.asked).await?;
        let (mut checked, mut tried) = (0, 0);
        for pr in open.into_iter().filter(PullRequest::is_open) {
            if !self.asked.wish.lets_in(&pr) || !self.is_old_enough(&pr) || !self.concerns(&pr) {
                continue;
            }
            if asleep.contains(&pr.name.to_string().to_lowercase()) {
                self.asleep += 1;
                continue;
            }
            let place = places.get(&pr.name.repo.instance);
            let (mut known, mut builds) = known_of(cx, &pr).await?;
            if let Some(place) = place.filter(|_| builds.is_empty() && checked < CHECKED) {
                checked += 1;
                builds = place.builds_of(&pr).await?;
                known = Known { conflict: known.conflict, tasks: known.tasks, ..Known::of(&builds) };
            }
            match self.meets(&pr, &builds, place).await {
                Answer::Yes => {}
                Answer::NeedsFiles => {
                    self.unread += 1;
                    continue;
                }
                Answer::No => continue,
            }
            let mut waits_for = waits(&pr, &known, self.asked.wish.author_after);
            if let Some(place) = place.filter(|_| waits_for == Waits::Merge && tried < TRIED) {
                tried += 1;
                known.conflict = place.conflicts(&pr).await?;
                waits_for = waits(&pr, &known, self.asked.wish.author_after);
            }
            self.found.push((pr, waits_for, known));
        }
        let reader = &self.reader;
        self.found.sort_by_cached_key(|(pr, waits, _)| {
            let old = std::cmp::Reverse(reader.since(pr.created_at));
            (*waits, old, pr.created_at, pr.name.repo.to_string(), pr.name.number)
        });
        Ok(())
    }

    fn is_old_enough(&self, pr: &PullRequest) -> bool {
        let reader = &self.reader;
        let long = |wanted, since| reader.since(since) >= reader.calendar.meant(wanted);
        self.asked.wish.min_age.is_none_or(|age| long(age, pr.created_at))
            && self.asked.wish.min_stale.is_none_or(|stale| long(stale, pr.updated_at))
    }

    /// In a digest for one person: what they wrote, and what waits for them.
    fn concerns(&self, pr: &PullRequest) -> bool {
        let me = self.reader.me.get(&pr.name.repo.instance);
        !self.asked.personal || me.is_some_and(|me| pr.author.id == *me || pr.waits_for(me))
    }

    /// Whether the condition holds; files are asked for where it turns on them, as far as the calls last.
    async fn meets(&self, pr: &PullRequest, builds: &[BuildState], place: Option<&Looking<'_>>) -> Answer {
        let Some(filter) = &self.asked.wish.filter else { return Answer::Yes };
        let mut facts = of_snapshot(pr);
        facts.build = builds.iter().map(|state| build_word(*state).to_owned()).collect();
        let answer = filter.holds(&facts);
        let Some(place) = place.filter(|_| answer == Answer::NeedsFiles) else {
            return answer;
        };
        facts.files = place.files_of(pr).await;
        filter.holds(&facts)
    }

    /// Its first page, whose others can be turned to from there.
    pub async fn kept(&self, cx: &Context<'_>) -> Outcome {
        let whose = (self.asked.repos.as_ref().map(RepoPattern::short), self.asked.personal);
        if self.is_empty() {
            return Ok(self.besides(Message::line(view::nothing(&whose))));
        }
        let waits: Vec<Waits> = self.found.iter().map(|(_, waits, _)| *waits).collect();
        let head = view::head(&whose, &waits);
        let names: Vec<PrName> = self.found.iter().map(|(pr, ..)| pr.name.clone()).collect();
        let mut place = None;
        if names.len() > PER_PAGE {
            let mut tx = cx.bot.store.begin().await?;
            let list = tx.keep_digest_pages(&head, &names).await?;
            tx.commit().await?;
            place = Some(Place { list, page: 0, of: names.len() });
        }
        let page: Vec<_> = self.found.iter().take(PER_PAGE).cloned().collect();
        let items = rows(cx, page, &self.reader).await?;
        let me =
            |pr: &PullRequest| self.reader.me.get(&pr.name.repo.instance).filter(|_| self.asked.personal);
        Ok(self.besides(view::page(head, &items, place, me)))
    }

    /// What it could not say.
    fn besides(&self, message: Message) -> Message {
        let counted = |count: usize, one: &str, many: &str| (count > 0).then(|| counted(count, one, many));
        let facts = [
            counted(
                self.old,
                "repository could not be looked at just now and is shown as it was last known.",
                "repositories could not be looked at just now and are shown as they were last known.",
            ),
            counted(
                self.unread,
                "is left out, as its files could not be looked at.",
                "are left out, as their files could not be looked at.",
            ),
            counted(self.asleep, "sleeps.", "sleep."),
        ];
        facts.into_iter().flatten().fold(message, |message, fact| message.fact(Line::new().text(fact)))
    }
}

/// What sleeps where it is told, by name.
async fn sleeping(cx: &Context<'_>, asked: &Asked) -> Result<BTreeSet<String>, Failure> {
    let store = &cx.bot.store;
    let all: Vec<Alarm> = if asked.personal {
        store.sleeping_for(&cx.caller.user).await?
    } else {
        store.sleeping_in(&asked.channel).await?
    };
    Ok(all.into_iter().map(|alarm| alarm.what.pr.to_string().to_lowercase()).collect())
}
