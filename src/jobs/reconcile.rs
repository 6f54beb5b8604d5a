//! Whose turn it is to be looked at: every repository of which a channel hears, those first that were looked at
//! longest ago, and no more at once than the server's patience allows.

use std::collections::BTreeSet;

use super::{Job, Turn, look, look_at_deployments};
use crate::bot::Failure;
use crate::clock::millis_of;
use crate::words::names::{Instance, RepoName};
use crate::words::wish::RepoPattern;
use crate::words::work::{LookAt, NewJob, Reconcile};

/// A turn that comes a little early counts.
const EARLY: i64 = 30 * 1000;
/// So many repositories of one owner are seen.
const REPOSITORIES: usize = 1_000;
/// How long it is believed which repositories an owner has.
const A_WHILE: i64 = 60 * 60 * 1000;

impl Job for Reconcile {
    async fn run(self, turn: &Turn<'_>) -> Result<(), Failure> {
        let (bot, now) = (turn.bot, turn.bot.clock.millis());
        let Some(site) = bot.sites.get(&self.instance) else {
            return Ok(());
        };
        let looks = bot.store.looks(&self.instance).await?;
        let before = now + EARLY - millis_of(site.looked_at_every());
        let mut due: Vec<(i64, RepoName)> = Vec::new();
        let heard = heard_of(turn, &self.instance).await?;
        for repo in &heard {
            let last = looks.get(&repo.to_string()).copied().unwrap_or_default();
            if self.all || last <= before {
                due.push((last, repo.clone()));
            }
        }
        due.sort();
        due.truncate(site.looked_at_once());
        let deployments = look_at_deployments::due(turn, &self.instance, &heard).await?;
        let mut tx = turn.begin().await?;
        for (_, repo) in due {
            let key = format!("look:{repo}");
            tx.enqueue(NewJob::of(&LookAt { repo }).in_order(format!("look:{}", self.instance)).once(key))
                .await?;
        }
        for look in deployments {
            tx.enqueue(look).await?;
        }
        tx.commit().await?;
        bot.nudge.notify_waiters();
        Ok(())
    }
}

/// The repositories channels hear of: by name, and those that a form stands for.
async fn heard_of(turn: &Turn<'_>, instance: &Instance) -> Result<BTreeSet<RepoName>, Failure> {
    let store = &turn.bot.store;
    let patterns = store.patterns_on(instance).await?;
    let mut repos: BTreeSet<RepoName> = patterns.iter().filter_map(RepoPattern::one).collect();
    let wide: Vec<&RepoPattern> = patterns.iter().filter(|one| one.is_wide()).collect();
    if wide.is_empty() {
        return Ok(repos);
    }
    let mut seen = store.repositories_seen(instance).await?;
    let owners = wide.iter().filter_map(|one| one.form.split('/').next());
    let owners: BTreeSet<&str> = owners.filter(|owner| !owner.contains(['*', '?'])).collect();
    for owner in owners {
        seen.extend(repositories_of(turn, instance, owner).await?);
    }
    repos.extend(seen.into_iter().filter(|repo| wide.iter().any(|one| one.covers(repo))));
    Ok(repos)
}

/// The repositories of an owner, as far as those may see them who asked to be told of it; asked now and then.
async fn repositories_of(
    turn: &Turn<'_>,
    instance: &Instance,
    owner: &str,
) -> Result<Vec<RepoName>, Failure> {
    let (store, what) = (&turn.bot.store, format!("repositories:{instance}:{owner}"));
    if let Some(known) = store.known(&what).await? {
        return Ok(known.lines().filter_map(|name| name.parse().ok()).collect());
    }
    // Whoever hears of one that may be there: nothing is said of it that they could not read.
    let any = RepoName { instance: instance.clone(), owner: owner.to_owned(), slug: "-".to_owned() };
    let wide = store.subscriptions_to(&any).await?;
    let Some(eyes) = look::eyes(turn, &any, &wide).await? else {
        return Ok(Vec::new());
    };
    let names: Vec<RepoName> = match eyes.repositories(owner, "", REPOSITORIES).await {
        Ok(found) => found.into_iter().map(|repository| repository.name).collect(),
        Err(error) => {
            tracing::info!(%error, owner, "whose repositories there are could not be asked");
            return Ok(Vec::new());
        }
    };
    let lines = names.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
    store.keep_known(&what, &lines, turn.bot.clock.millis() + A_WHILE).await?;
    Ok(names)
}
