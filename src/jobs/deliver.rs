//! A stored delivery: understood, remembered, and turned into what has to be said.

use std::sync::Arc;

use super::{Job, Turn, feeds, found, look, look_for_conflict, measure, merges, say_story, whispers};
use crate::bitbucket::event::{BuildReport, Remark, Subject};
use crate::bitbucket::{Event, Kind};
use crate::bot::Failure;
use crate::news::{self, Item, Known, News, perhaps};
use crate::notices::{self, Deaf, Telling};
use crate::store::{self, About, BuildName, Post, Store, Subscription, Tx};
use crate::words::build::BuildState;
use crate::words::names::{PersonId, RepoName};
use crate::words::pull_request::PullRequest;
use crate::words::reason::Reasons;
use crate::words::webhook::HookSite;
use crate::words::work::{Deliver, NewJob};

impl Job for Deliver {
    async fn run(self, turn: &Turn<'_>) -> Result<(), Failure> {
        let Some(delivery) = turn.bot.store.delivery(self.delivery).await? else {
            return Ok(());
        };
        let Some(site) = turn.bot.sites.get(&delivery.row.instance) else {
            return settle(turn, self.delivery, "dropped: this Bitbucket is no longer in the settings").await;
        };
        if delivery.row.is_found() {
            return found::tell(turn, &delivery).await;
        }
        if delivery.row.is_own() {
            return found::tell_own(turn, &delivery).await;
        }
        match site.read_delivery(&delivery.row.event_key, &delivery.body) {
            Ok(event) if !believed(turn, delivery.row.hook.as_deref(), &event).await? => {
                settle(turn, self.delivery, "dropped: its webhook was made for another place").await
            }
            Ok(event) => tell(turn, self.delivery, event).await,
            Err(dropped) => settle(turn, self.delivery, &format!("dropped: {dropped}")).await,
        }
    }
}

/// A webhook that was made for one place says nothing of any other; one that was removed says nothing at all.
async fn believed(turn: &Turn<'_>, hook: Option<&str>, event: &Event) -> Result<bool, Failure> {
    let Some(hook) = hook else {
        return Ok(true);
    };
    let covered =
        |site: &HookSite| site.covers(&event.repo) || event.was_called().is_some_and(|was| site.covers(was));
    Ok(turn.bot.store.hook(hook).await?.is_some_and(|hook| covered(&hook.site)))
}

/// Where an event comes from.
#[derive(Clone, Copy)]
pub(super) struct Whence {
    /// The delivery.
    pub(super) delivery: i64,
    /// Which of its events it is.
    pub(super) part: usize,
    /// When it was found, where no webhook brought it.
    pub(super) found_at: Option<i64>,
}

/// An event, and all that follows from it.
pub(super) struct Told {
    event: Event,
    known: Known,
    plan: notices::Plan,
    homes: Vec<NewJob>,
    reasons: Reasons,
    personal: whispers::Whispers,
}

async fn tell(turn: &Turn<'_>, delivery: i64, event: Event) -> Result<(), Failure> {
    if is_old_news(turn, delivery, &event).await? {
        return settle(turn, delivery, "dropped: it was told before, found by looking").await;
    }
    let whence = Whence { delivery, part: 0, found_at: None };
    let told = work_out(turn, whence, event).await?;
    write_down(turn, whence, vec![told]).await
}

/// Whether somebody looked before the webhook came.
async fn is_old_news(turn: &Turn<'_>, delivery: i64, event: &Event) -> Result<bool, Failure> {
    let store = &turn.bot.store;
    let Some(pr) = &event.pull_request else { return Ok(false) };
    let seen_at = store.seen_at(&pr.name).await?;
    let remarks = match event.kind {
        Kind::Commented => store.remarks_told(&pr.name, delivery).await?,
        _ => Vec::new(),
    };
    if seen_at.is_none() && remarks.is_empty() {
        return Ok(false);
    }
    Ok(notices::is_old_news(event, store.told_of(&pr.name).await?.as_ref(), (seen_at, &remarks)))
}

/// Finds out what follows from an event.
pub(super) async fn work_out(turn: &Turn<'_>, whence: Whence, mut event: Event) -> Result<Told, Failure> {
    let mut known = what_is_known(&turn.bot.store, &mut event).await?;
    let (subscriptions, deaf) = following(turn, &event, (whence, &news::news(&event, &known))).await?;
    known.merged = merges::behind(turn, &event, &subscriptions).await?;
    look::complete(turn, &mut event, &subscriptions).await?;
    known.main = look::main_branch(turn, &event, &subscriptions).await?;
    let mut news = news::news(&event, &known);
    look::add_files(turn, &event, &subscriptions, (&mut news, known.main.as_deref())).await?;
    let cards = cards(turn, (&event, &known), &news).await?;
    let Whence { delivery, part, .. } = whence;
    let telling = Telling {
        event: &event,
        delivery,
        part,
        known: &known,
        subscriptions: &subscriptions,
        cards: &cards,
    };
    let mut plan = notices::plan(&telling, &news);
    let reasons = notices::reasons(&telling, &news, &deaf);
    let homes = match &event.pull_request {
        Some(pr) => turn.bot.homes_about(pr).await?,
        None => Vec::new(),
    };
    let personal = whispers::gather(turn, &event, &known, &news).await?;
    plan.jobs.extend(look_for_conflict::after(turn, &event).await?);
    Ok(Told { event, known, plan, homes, reasons, personal })
}

/// Writes all of it down: what is remembered, what has to be said, what became of the delivery and why.
pub(super) async fn write_down(turn: &Turn<'_>, whence: Whence, all: Vec<Told>) -> Result<(), Failure> {
    let Some(first) = all.first() else { return Ok(()) };
    let (repo, number) =
        (first.event.repo.clone(), first.event.pull_request.as_ref().map(|pr| pr.name.number));
    let (mut outcomes, mut reasons, mut personal) = (Vec::new(), Reasons::default(), Vec::new());
    let mut tx = turn.begin().await?;
    for told in all {
        remember(&mut tx, &told, whence).await?;
        let counted = measure::after(turn.bot, told.event.pull_request.as_ref(), &told.plan.jobs);
        for job in told.plan.jobs.into_iter().chain(told.homes).chain(counted) {
            tx.enqueue(job).await?;
        }
        say_story::keep(turn.bot, &mut tx, &told.plan.lines).await?;
        if !outcomes.contains(&told.plan.outcome) {
            outcomes.push(told.plan.outcome);
        }
        reasons = reasons.and(told.reasons);
        personal.push(told.personal);
    }
    let mut direct = 0;
    for one in personal {
        direct += one.keep(turn.bot, &mut tx).await?;
    }
    let outcome = notices::besides(outcomes.join("; "), direct);
    let about = About { repo: &repo, number, reasons: &reasons };
    tx.tell_delivery(whence.delivery, &outcome, about).await?;
    if whence.found_at.is_none() {
        tx.place_delivery(whence.delivery, &repo).await?;
    }
    tx.commit().await?;
    turn.bot.nudge.notify_waiters();
    Ok(())
}

/// Who may hear of it, of the repository by its name or the one it had; and who does not in any case.
async fn following(
    turn: &Turn<'_>,
    event: &Event,
    (whence, news): (Whence, &[News]),
) -> Result<(Vec<Arc<Subscription>>, Deaf), Failure> {
    let listeners = turn.bot.store.listeners().await?;
    let before = event.was_called().into_iter().flat_map(|was| listeners.to(was));
    let all = listeners.to(&event.repo).chain(before.filter(|one| !one.repos.covers(&event.repo)));
    // What was there already when they subscribed is no news to them.
    let found = whence.found_at.is_some() && event.kind == Kind::Opened;
    let (mut hear, mut deaf) = (Vec::new(), Deaf::default());
    for one in all.filter(|one| !found || one.created_at < event.at) {
        if perhaps(&one.wish, event, news) {
            hear.push(Arc::clone(one));
        } else {
            deaf.add(one);
        }
    }
    let kept = feeds::listening(turn, &event.repo, hear.clone()).await?;
    hear.retain(|one| !kept.iter().any(|kept| Arc::ptr_eq(kept, one)));
    deaf.hidden = hear;
    Ok((kept, deaf))
}

/// What the store knows besides an event; a build learns its branch from it.
pub async fn what_is_known(store: &Store, event: &mut Event) -> Result<Known, store::Error> {
    let mut known = Known::default();
    if let Some(pr) = &event.pull_request {
        known.before = store.told_of(&pr.name).await?;
    }
    let repo = event.repo.clone();
    if let Subject::Build(report) = &mut event.subject {
        if let Some(hash) = &report.hash {
            let mut open = store.open_in(&repo).await?;
            open.retain(|pr| pr.is_at(hash));
            known.built = open;
        }
        report.branch = report.branch.take().or_else(|| Some(known.built.first()?.source.clone()));
        known.failed_before = store.build_failed(&name(&repo, report)).await?;
    }
    Ok(known)
}

fn name(repo: &RepoName, report: &BuildReport) -> BuildName {
    BuildName {
        repo: repo.clone(),
        branch: report.branch.clone().unwrap_or_default(),
        key: report.build.key.clone(),
    }
}

/// The cards of all pull requests the news are about.
async fn cards(
    turn: &Turn<'_>,
    (event, known): (&Event, &Known),
    news: &[News],
) -> Result<Vec<Post>, Failure> {
    let store = &turn.bot.store;
    let mut cards = match &event.pull_request {
        Some(pr) => store.cards_of(&pr.name).await?,
        None => Vec::new(),
    };
    for pr in &known.merged {
        cards.extend(store.cards_of(&pr.name).await?);
    }
    for one in news {
        if let Item::Checks(pr) = &one.item {
            cards.extend(store.cards_of(&pr.name).await?);
        }
    }
    Ok(cards)
}

async fn remember(tx: &mut Tx, told: &Told, whence: Whence) -> Result<(), Failure> {
    let (event, known) = (&told.event, &told.known);
    if let Some(pr) = &event.pull_request {
        tx.remember(pr).await?;
        if known.before.as_ref().is_none_or(|before| before.updated_at <= pr.updated_at) {
            tx.tell_of(pr).await?;
        }
        for person in newly_asked(pr, known.before.as_ref()) {
            tx.asked(&pr.name, person, event.at).await?;
        }
        if let Some(at) = whence.found_at {
            tx.all_told(&pr.name, at).await?;
        }
        if let (Kind::Commented, Subject::Remark(Remark { id: Some(id), .. })) = (event.kind, &event.subject)
        {
            tx.remark_told(&pr.name, *id, whence.delivery).await?;
        }
    }
    if let Subject::Build(report) = &event.subject {
        if let Some(hash) = &report.hash {
            tx.built(&event.repo, hash, &report.build).await?;
        }
        match report.build.state {
            BuildState::Failed => tx.build_ended(&name(&event.repo, report), true).await?,
            BuildState::Passed => tx.build_ended(&name(&event.repo, report), false).await?,
            BuildState::Running | BuildState::Stopped | BuildState::Unknown => {}
        }
    }
    Ok(())
}

/// Whose review is asked for since this event.
fn newly_asked<'a>(
    pr: &'a PullRequest,
    before: Option<&'a PullRequest>,
) -> impl Iterator<Item = &'a PersonId> {
    let waits = |pr: &PullRequest, who: &PersonId| pr.waits_for(who);
    let people = pr.reviews.iter().map(|review| &review.person.id);
    people
        .filter(move |who| pr.is_open() && waits(pr, who) && !before.is_some_and(|before| waits(before, who)))
}

pub(super) async fn settle(turn: &Turn<'_>, delivery: i64, outcome: &str) -> Result<(), Failure> {
    let mut tx = turn.begin().await?;
    tx.settle_delivery(delivery, outcome).await?;
    Ok(tx.commit().await?)
}
