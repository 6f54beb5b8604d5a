//! A stored delivery: understood, remembered, and turned into what has to be said.

use super::look;
use super::{Job, Turn};
use crate::bitbucket::Event;
use crate::bitbucket::event::{BuildReport, Subject};
use crate::bot::Failure;
use crate::notices::{self, Item, Known, News, Telling};
use crate::store::{BuildName, Post, Subscription, Tx};
use crate::words::build::BuildState;
use crate::words::names::RepoName;
use crate::words::pull_request::PullRequest;
use crate::words::webhook::HookSite;
use crate::words::work::Deliver;

impl Job for Deliver {
    async fn run(self, turn: &Turn<'_>) -> Result<(), Failure> {
        let Some(delivery) = turn.bot.store.delivery(self.delivery).await? else {
            return Ok(());
        };
        let Some(site) = turn.bot.sites.get(&delivery.row.instance) else {
            return settle(turn, self.delivery, "dropped: this Bitbucket is no longer in the settings").await;
        };
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

async fn tell(turn: &Turn<'_>, delivery: i64, mut event: Event) -> Result<(), Failure> {
    let subscriptions = following(turn, &event).await?;
    look::complete(turn, &mut event, &subscriptions).await?;
    let known = known(turn, &mut event, &subscriptions).await?;
    let mut news = notices::news(&event, &known);
    look::add_files(turn, &event, &subscriptions, (&mut news, known.main.as_deref())).await?;
    let cards = cards(turn, &event, &news).await?;
    let telling =
        Telling { event: &event, delivery, known: &known, subscriptions: &subscriptions, cards: &cards };
    let plan = notices::plan(&telling, &news);
    let homes = match &event.pull_request {
        Some(pr) => turn.bot.homes_about(pr).await?,
        None => Vec::new(),
    };
    let mut tx = turn.begin().await?;
    remember(&mut tx, &event, &known).await?;
    for job in plan.jobs.into_iter().chain(homes) {
        tx.enqueue(job).await?;
    }
    tx.settle_delivery(delivery, &plan.outcome).await?;
    tx.commit().await?;
    turn.bot.nudge.notify_waiters();
    Ok(())
}

/// Who hears of the repository, by its name or the one it had.
async fn following(turn: &Turn<'_>, event: &Event) -> Result<Vec<Subscription>, Failure> {
    let store = &turn.bot.store;
    let mut all = store.subscriptions_to(&event.repo).await?;
    if let Some(was) = event.was_called() {
        let others = store.subscriptions_to(was).await?;
        all.extend(others.into_iter().filter(|one| !one.repos.covers(&event.repo)));
    }
    look::keep_readable(turn, &event.repo, all).await
}

async fn known(turn: &Turn<'_>, event: &mut Event, subscriptions: &[Subscription]) -> Result<Known, Failure> {
    let store = &turn.bot.store;
    let mut known = Known { main: look::main_branch(turn, event, subscriptions).await?, ..Known::default() };
    if let Some(pr) = &event.pull_request {
        known.before = store.told_of(&pr.name).await?;
    }
    let repo = event.repo.clone();
    if let Subject::Build(report) = &mut event.subject {
        if let Some(hash) = &report.hash {
            let mut open = store.open_in(&repo).await?;
            open.retain(|pr| is_head(pr, hash));
            known.built = open;
        }
        report.branch = report.branch.take().or_else(|| Some(known.built.first()?.source.clone()));
        known.failed_before = store.build_failed(&name(&repo, report)).await?;
    }
    Ok(known)
}

/// Cloud cuts hashes short in places.
fn is_head(pr: &PullRequest, hash: &str) -> bool {
    pr.head
        .as_deref()
        .is_some_and(|head| head.len() >= 7 && (head.starts_with(hash) || hash.starts_with(head)))
}

fn name(repo: &RepoName, report: &BuildReport) -> BuildName {
    BuildName {
        repo: repo.clone(),
        branch: report.branch.clone().unwrap_or_default(),
        key: report.build.key.clone(),
    }
}

/// The cards of all pull requests the news are about.
async fn cards(turn: &Turn<'_>, event: &Event, news: &[News]) -> Result<Vec<Post>, Failure> {
    let store = &turn.bot.store;
    let mut cards = match &event.pull_request {
        Some(pr) => store.cards_of(&pr.name).await?,
        None => Vec::new(),
    };
    for one in news {
        if let Item::Checks(pr) = &one.item {
            cards.extend(store.cards_of(&pr.name).await?);
        }
    }
    Ok(cards)
}

async fn remember(tx: &mut Tx, event: &Event, known: &Known) -> Result<(), Failure> {
    if let Some(pr) = &event.pull_request {
        tx.remember(pr).await?;
        if known.before.as_ref().is_none_or(|before| before.updated_at <= pr.updated_at) {
            tx.tell_of(pr).await?;
        }
    }
    if let Subject::Build(report) = &event.subject {
        match report.build.state {
            BuildState::Failed => tx.build_ended(&name(&event.repo, report), true).await?,
            BuildState::Passed => tx.build_ended(&name(&event.repo, report), false).await?,
            BuildState::Running | BuildState::Stopped | BuildState::Unknown => {}
        }
    }
    Ok(())
}

async fn settle(turn: &Turn<'_>, delivery: i64, outcome: &str) -> Result<(), Failure> {
    let mut tx = turn.begin().await?;
    tx.settle_delivery(delivery, outcome).await?;
    Ok(tx.commit().await?)
}
