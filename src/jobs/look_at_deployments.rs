//! What was deployed from a repository: no webhook tells of it, so it is asked for, and told once.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{Job, Turn, look};
use crate::bitbucket::event::Source;
use crate::bitbucket::{self, Bitbucket};
use crate::bot::Failure;
use crate::store::{Accepted, Arrival, FOUND, NewDelivery, Subscription};
use crate::words::names::{Instance, RepoName, Topic};
use crate::words::pipeline::{Deployed, Deployment};
use crate::words::work::{LookAtDeployments, NewJob};

/// So many of them are looked through.
const MOST: usize = 100;
/// What ended longer ago is no news.
const A_DAY: i64 = 24 * 60 * 60 * 1000;
/// So many repositories are looked at in a turn of five minutes, two calls each; with more, each waits longer.
const IN_A_TURN: usize = 20;
const TURN: i64 = 5 * 60 * 1000;
/// A turn that comes a little early counts.
const EARLY: i64 = 30 * 1000;

/// The looks at those repositories that are heard of so, and whose turn it is.
pub(super) async fn due(
    turn: &Turn<'_>,
    instance: &Instance,
    heard: &BTreeSet<RepoName>,
) -> Result<Vec<NewJob>, Failure> {
    let (bot, store) = (turn.bot, &turn.bot.store);
    let asked = |site: &bitbucket::Site| matches!(site.source_of(Topic::Deployment), Source::Asked(_));
    if !bot.sites.get(instance).is_some_and(asked) {
        return Ok(Vec::new());
    }
    let mut wanted = Vec::new();
    for repo in heard {
        if !wishes(&store.subscriptions_to(repo).await?).is_empty() {
            wanted.push(repo);
        }
    }
    let turns = i64::try_from(wanted.len().div_ceil(IN_A_TURN)).unwrap_or(1).max(1);
    let mut jobs = Vec::new();
    for repo in wanted {
        let what = format!("deployments:{repo}");
        if jobs.len() == IN_A_TURN || store.known(&what).await?.is_some() {
            continue;
        }
        store.keep_known(&what, "", bot.clock.millis() + turns * TURN - EARLY).await?;
        let job = NewJob::of(&LookAtDeployments { repo: repo.clone() }).once(what);
        jobs.push(job.in_order(format!("look:{instance}")));
    }
    Ok(jobs)
}

/// Those that want to hear of deployments.
fn wishes(all: &[Arc<Subscription>]) -> Vec<Arc<Subscription>> {
    all.iter().filter(|one| one.wish.topics.contains(&Topic::Deployment)).cloned().collect()
}

impl Job for LookAtDeployments {
    async fn run(self, turn: &Turn<'_>) -> Result<(), Failure> {
        let (store, now) = (&turn.bot.store, turn.bot.clock.millis());
        let all = wishes(&store.subscriptions_to(&self.repo).await?);
        let Some(heard_since) = all.iter().map(|one| one.created_at).min() else {
            return Ok(());
        };
        let since = heard_since.max(now - A_DAY);
        let mut found = self.found(turn, &all).await?;
        found.retain(|one| !one.goes_on() && one.at.is_some_and(|at| at > since));
        found.sort_by_key(|one| one.at);
        for deployment in found {
            let instance = self.repo.instance.clone();
            let found = Deployed { repo: self.repo.clone(), deployment };
            let body = serde_json::to_vec(&found).map_err(|error| Failure::Ours(error.to_string()))?;
            // The same is stored once, however often it is seen.
            let delivery =
                NewDelivery { instance, request_id: None, event_key: FOUND.to_owned(), hook: None, body };
            if let Accepted::Stored(_) = store.accept(Arrival::Delivery(delivery)).await? {
                turn.bot.nudge.notify_waiters();
            }
        }
        Ok(())
    }
}

impl LookAtDeployments {
    /// As the bot itself sees them, or else the first of those who asked that may.
    async fn found(&self, turn: &Turn<'_>, all: &[Arc<Subscription>]) -> Result<Vec<Deployment>, Failure> {
        if let Some(own) = look::own_eyes(turn, &self.repo).await?
            && let Some(found) = self.seen(&*own).await?
        {
            return Ok(found);
        }
        for one in all {
            if let Some(theirs) = look::eyes_of(turn, &self.repo, &one.asked_by).await?
                && let Some(found) = self.seen(&*theirs).await?
            {
                return Ok(found);
            }
        }
        Ok(Vec::new())
    }

    /// What these eyes see; none where they may not.
    async fn seen(&self, eyes: &dyn Bitbucket) -> Result<Option<Vec<Deployment>>, Failure> {
        match eyes.deployments(&self.repo, MOST).await {
            Ok(found) => Ok(Some(found)),
            Err(error @ bitbucket::Error::Slow { retry_after: Some(_) }) => Err(error.into()),
            // Another turn comes soon.
            Err(error) => {
                tracing::info!(%error, repo = %self.repo, "what was deployed cannot be asked");
                Ok(None)
            }
        }
    }
}
