//! The rows of a digest's page: each pull request with its age, in working time, and those it waits for.

use std::collections::{BTreeMap, HashMap};

use chrono_tz::Tz;

use super::calendar;
use crate::bot::{Context, Failure, Outcome};
use crate::views::digest::{self as view, Awaited, Item, PER_PAGE, Place};
use crate::words::build::BuildState;
use crate::words::calendar::Calendar;
use crate::words::digest::{Known, Waits, waits};
use crate::words::message::Line;
use crate::words::names::{Instance, PersonId, RepoName, SlackUser};
use crate::words::pull_request::{PullRequest, Verdict};

/// Who reads it on each Bitbucket, and by which calendar.
pub(super) struct Reader {
    pub(super) me: BTreeMap<Instance, PersonId>,
    pub(super) calendar: Calendar,
    pub(super) zone: Tz,
    pub(super) now: i64,
}

impl Reader {
    /// How much working time has passed since then.
    pub(super) fn since(&self, at: i64) -> i64 {
        self.calendar.between(at, self.now, self.zone)
    }
}

/// What is known of a pull request besides itself, and how its newest commit was built.
pub(super) async fn known_of(
    cx: &Context<'_>,
    pr: &PullRequest,
) -> Result<(Known, Vec<BuildState>), Failure> {
    let store = &cx.bot.store;
    let head = pr.head.as_deref().unwrap_or_default();
    let conflict = store.known(&format!("conflict:{}", pr.name)).await?;
    let builds = if head.is_empty() { Vec::new() } else { store.builds_of(&pr.name.repo, head).await? };
    let known = Known {
        conflict: conflict.is_some_and(|at| !at.is_empty() && pr.is_at(&at)),
        tasks: match pr.open_tasks {
            Some(_) => None,
            None => store.measure(&pr.name).await?.and_then(|measure| measure.tasks),
        },
        ..Known::of(&builds)
    };
    Ok((known, builds))
}

/// The rows of a page.
pub(super) async fn rows(
    cx: &Context<'_>,
    page: Vec<(PullRequest, Waits, Known)>,
    reader: &Reader,
) -> Result<Vec<Item>, Failure> {
    let mut asked: HashMap<RepoName, HashMap<(u64, PersonId), i64>> = HashMap::new();
    let mut called = Called::default();
    let mut items = Vec::new();
    for (pr, waits, known) in page {
        let repo = pr.name.repo.clone();
        if !asked.contains_key(&repo) {
            asked.insert(repo.clone(), cx.bot.store.asked_in(&repo).await?);
        }
        let since = |person: &PersonId| {
            let key = (pr.name.number, person.clone());
            asked.get(&repo).and_then(|all| all.get(&key)).copied().unwrap_or(pr.created_at)
        };
        let mut awaited = Vec::new();
        let waiting = pr.reviews.iter().filter(|review| review.asked && review.verdict == Verdict::Waiting);
        for review in waiting.filter(|review| review.person.id != pr.author.id && waits == Waits::Review) {
            let (user, away) = called.find(cx, &repo.instance, &review.person.id).await?;
            let waited = reader.calendar.spoken(reader.since(since(&review.person.id)));
            awaited.push(Awaited { name: review.person.name.clone(), user, waited, away });
        }
        let (age, still) = (reader.since(pr.created_at), reader.since(pr.updated_at));
        let untouched = still >= reader.calendar.day() && still < age;
        items.push(Item {
            age: reader.calendar.spoken(age),
            untouched: untouched.then(|| reader.calendar.spoken(still)),
            note: note(&pr, waits, &known),
            pr,
            waits,
            awaited,
        });
    }
    Ok(items)
}

fn note(pr: &PullRequest, waits: Waits, known: &Known) -> Option<String> {
    let tasks = pr.open_tasks.or(known.tasks).unwrap_or_default();
    match waits {
        Waits::Checks if known.failed > 0 => Some(format!("{} failed", known.failed)),
        Waits::Checks => Some(format!("{} running", known.running)),
        Waits::Tasks if tasks == 1 => Some("1 open task".to_owned()),
        Waits::Tasks => Some(format!("{tasks} open tasks")),
        _ => None,
    }
}

/// Who reviewers are in Slack, each asked for once.
#[derive(Default)]
struct Called(HashMap<(Instance, PersonId), (Option<SlackUser>, bool)>);

impl Called {
    async fn find(
        &mut self,
        cx: &Context<'_>,
        instance: &Instance,
        person: &PersonId,
    ) -> Result<(Option<SlackUser>, bool), Failure> {
        let key = (instance.clone(), person.clone());
        if let Some(known) = self.0.get(&key) {
            return Ok(known.clone());
        }
        let team = &cx.caller.user.team;
        let mentions = cx.bot.store.team_settings(team).await?.mentions;
        let user = cx.bot.store.mentionable(team, instance, person).await?;
        // Where Slack does not say, nobody is away.
        let away = match &user {
            Some(user) => {
                cx.bot.presence(user).await.ok().flatten().is_some_and(|there| there.away.is_some())
            }
            None => false,
        };
        let found = (user.filter(|_| mentions), away);
        self.0.insert(key, found.clone());
        Ok(found)
    }
}

/// Another page of a list that was made before: as its pull requests stand now.
pub(super) async fn turned(cx: &Context<'_>, list: i64, page: usize) -> Outcome {
    let store = &cx.bot.store;
    let Some((head, names)) = store.digest_pages(list).await? else {
        return Err(Failure::told("That list is gone: it was made too long ago. Ask for a new one."));
    };
    let first = page.saturating_mul(PER_PAGE);
    let mut found = Vec::new();
    for name in names.iter().skip(first).take(PER_PAGE) {
        if let Some(pr) = store.pull_request(name).await?.filter(PullRequest::is_open) {
            let (known, _) = known_of(cx, &pr).await?;
            let waits = waits(&pr, &known, None);
            found.push((pr, waits, known));
        }
    }
    let pages = names.len().div_ceil(PER_PAGE);
    let closed = PER_PAGE.min(names.len().saturating_sub(first)).saturating_sub(found.len());
    let calendar = calendar(cx, &cx.caller.channel, cx.caller.channel.is_direct()).await?;
    let zone = super::zone_of(cx, &cx.caller.user).await?;
    let reader = Reader { me: BTreeMap::new(), calendar, zone, now: cx.bot.clock.millis() };
    let items = rows(cx, found, &reader).await?;
    let head = head.text(format!(" Page {} of {pages}.", page.saturating_add(1)));
    let place = Place { list, page, of: names.len() };
    let message = view::page(head, &items, Some(place), |_| None).in_place();
    Ok(match closed {
        0 => message,
        1 => message.fact(Line::new().text("1 was closed since.")),
        many => message.fact(Line::new().text(format!("{many} were closed since."))),
    })
}
