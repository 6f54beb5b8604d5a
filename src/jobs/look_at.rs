//! One repository, looked at: its open pull requests beside how each was told last. What is different was lost on
//! its way; it is stored as a delivery of our own, and told as any other.

use std::collections::BTreeMap;

use super::{Job, Turn, look, sight};
use crate::bitbucket::{self, Bitbucket};
use crate::bot::Failure;
use crate::notices::{self, Sight};
use crate::store::{Accepted, Arrival, Digest, FOUND, NewDelivery};
use crate::words::comment::{Activity, Comment};
use crate::words::names::{PrName, RepoName};
use crate::words::pull_request::{PullRequest, PullRequestFilter, State};
use crate::words::work::LookAt;

/// So many open pull requests of a repository are looked at.
const OPEN: usize = 300;
/// So many of them are asked about by themselves in one look; the others in the next.
const ASKED: usize = 20;
/// So many steps of a story, and so many comments, are looked through.
const STEPS: usize = 30;
const COMMENTS: usize = 200;
/// What changed just now may be on its way.
const ON_ITS_WAY: i64 = 2 * 60 * 1000;
/// Comments are looked for this long before the last look, should clocks differ.
const OVERLAP: i64 = 10 * 60 * 1000;

/// A repository that is being looked at.
struct Looking<'a> {
    turn: &'a Turn<'a>,
    eyes: Box<dyn Bitbucket>,
    /// When the look began, and when the one before did.
    at: i64,
    last: Option<i64>,
    /// Since when anybody hears of it.
    heard_since: i64,
    asked: usize,
}

/// What comes of looking at one pull request.
enum Seen {
    /// All of it was told.
    Nothing,
    /// Nobody is to be told, but it counts as told from now on: what it was told as before, and how it stands.
    Known(Option<Box<PullRequest>>, Box<PullRequest>),
    /// Something was lost.
    Lost(Box<Sight>),
}

impl Job for LookAt {
    async fn run(self, turn: &Turn<'_>) -> Result<(), Failure> {
        let (store, at) = (&turn.bot.store, turn.bot.clock.millis());
        let all = store.subscriptions_to(&self.repo).await?;
        let last = store.looks(&self.repo.instance).await?.get(&self.repo.to_string()).copied();
        let heard_since = all.iter().map(|one| one.created_at).min().unwrap_or(at);
        let eyes = match look::eyes(turn, &self.repo, &all).await? {
            Some(eyes) => Some(eyes),
            None => eyes_for_digests(turn, &self.repo).await?,
        };
        if let Some(eyes) = eyes {
            let looking = Looking { turn, eyes, at, last, heard_since, asked: 0 };
            match looking.at(&self).await {
                Ok(()) => {}
                // The server wants us to wait: in the queue.
                Err(failure @ Failure::Later { after: Some(_), .. }) => return Err(failure),
                Err(Failure::Later { why, .. }) => {
                    tracing::info!(why, repo = %self.repo, "looked at another time");
                    return Ok(());
                }
                Err(failure) => tracing::info!(?failure, repo = %self.repo, "it cannot be looked at"),
            }
        }
        let mut tx = turn.begin().await?;
        tx.looked_at(&self.repo, at).await?;
        Ok(tx.commit().await?)
    }
}

/// Those of somebody who has a digest of it.
async fn eyes_for_digests(turn: &Turn<'_>, repo: &RepoName) -> Result<Option<Box<dyn Bitbucket>>, Failure> {
    let digests = turn.bot.store.digests_on(&repo.instance).await?;
    let covers = |digest: &Digest| digest.what.repos.as_ref().is_some_and(|repos| repos.covers(repo));
    for digest in digests.into_iter().filter(covers) {
        let asker = &digest.what.asked_by;
        if look::reads(turn, repo, asker).await? == sight::Sight::Sees {
            return look::eyes_of(turn, repo, asker).await;
        }
    }
    Ok(None)
}

impl Looking<'_> {
    async fn at(mut self, work: &LookAt) -> Result<(), Failure> {
        let store = &self.turn.bot.store;
        let instance = work.repo.instance.to_string();
        metrics::counter!("dipper_reconcile_asked_total", "instance" => instance).increment(1);
        let open = self.eyes.pull_requests(&work.repo, &PullRequestFilter::open(), OPEN).await?;
        let told = store.told_open_in(&work.repo).await?;
        let mut told: BTreeMap<PrName, PullRequest> =
            told.into_iter().map(|pr| (pr.name.clone(), pr)).collect();
        let complete = open.len() < OPEN;
        for pr in open {
            let before = match told.remove(&pr.name) {
                Some(before) => Some(before),
                None => store.told_of(&pr.name).await?,
            };
            let seen = self.compare(before, pr).await?;
            self.keep(seen).await?;
        }
        // What was told to be open and is so no more.
        for (name, before) in told.into_iter().filter(|_| complete) {
            if self.asked < ASKED {
                let seen = self.closed(&name, before).await?;
                self.keep(seen).await?;
            }
        }
        Ok(())
    }

    async fn compare(&mut self, before: Option<PullRequest>, pr: PullRequest) -> Result<Seen, Failure> {
        if pr.updated_at.max(pr.created_at) > self.at - ON_ITS_WAY {
            return Ok(Seen::Nothing);
        }
        let Some(before) = before else {
            return if pr.created_at > self.heard_since {
                self.lost(None, pr, Vec::new()).await
            } else {
                Ok(Seen::Known(None, Box::new(pr)))
            };
        };
        let (comments, all) = self.comments(&before, &pr).await?;
        let counted = PullRequest { comments: pr.comments, ..before.clone() };
        match self.lost(Some(&before), pr, comments).await? {
            // It was asked what is said of it, and all was told: that need not be asked again.
            Seen::Nothing if all => Ok(Seen::Known(Some(Box::new(before)), Box::new(counted))),
            seen => Ok(seen),
        }
    }

    /// The comments since the last look that were not told, where there are others than were; and whether all
    /// were looked at.
    async fn comments(
        &mut self,
        before: &PullRequest,
        pr: &PullRequest,
    ) -> Result<(Vec<Comment>, bool), Failure> {
        if pr.comments.is_none() || before.comments == pr.comments || self.asked >= ASKED {
            return Ok((Vec::new(), false));
        }
        let Some(last) = self.last.filter(|_| pr.comments != Some(0)) else {
            return Ok((Vec::new(), true));
        };
        self.asked += 1;
        let told = self.turn.bot.store.remarks_told(&pr.name, 0).await?;
        let mut all = self.eyes.comments(&pr.name, COMMENTS).await?;
        all.retain(|one| one.at >= last - OVERLAP && !one.deleted && !told.contains(&one.id));
        let many = all.len();
        all.retain(|one| one.at <= self.at - ON_ITS_WAY);
        all.sort_by_key(|one| one.at);
        let none_on_its_way = all.len() == many;
        Ok((all, none_on_its_way))
    }

    async fn closed(&mut self, name: &PrName, before: PullRequest) -> Result<Seen, Failure> {
        self.asked += 1;
        let pr = match self.eyes.pull_request(name).await {
            Ok(pr) => pr,
            // It is gone from a repository that can be read.
            Err(bitbucket::Error::NotFound(_)) => {
                PullRequest { state: State::Deleted, updated_at: self.at - ON_ITS_WAY, ..before.clone() }
            }
            Err(error) => return Err(error.into()),
        };
        if pr.is_open() || pr.updated_at > self.at - ON_ITS_WAY {
            return Ok(Seen::Nothing);
        }
        self.lost(Some(&before), pr, Vec::new()).await
    }

    async fn lost(
        &mut self,
        before: Option<&PullRequest>,
        pr: PullRequest,
        comments: Vec<Comment>,
    ) -> Result<Seen, Failure> {
        let after = self.turn.bot.store.seen_at(&pr.name).await?;
        let mut sight = Sight { pr, story: Vec::new(), comments, after };
        if notices::found(before, &sight).is_empty() {
            return Ok(Seen::Nothing);
        }
        if before.is_some_and(|before| notices::lacks_actor(before, &sight.pr)) && self.asked < ASKED {
            sight.story = self.story(&sight.pr.name).await?;
        }
        Ok(Seen::Lost(Box::new(sight)))
    }

    /// What happened to it; it is told without who did it, where that is not to be had.
    async fn story(&mut self, name: &PrName) -> Result<Vec<Activity>, Failure> {
        self.asked += 1;
        match self.eyes.activity(name, STEPS).await {
            Ok(story) => Ok(story),
            Err(error @ (bitbucket::Error::Slow { .. } | bitbucket::Error::Down(_))) => Err(error.into()),
            Err(_) => Ok(Vec::new()),
        }
    }

    async fn keep(&self, seen: Seen) -> Result<(), Failure> {
        let store = &self.turn.bot.store;
        match seen {
            Seen::Nothing => Ok(()),
            Seen::Known(before, pr) => {
                let mut tx = self.turn.begin().await?;
                if before.is_none() {
                    tx.remember(&pr).await?;
                }
                tx.count_as_told(before.as_deref(), &pr).await?;
                Ok(tx.commit().await?)
            }
            Seen::Lost(sight) => {
                let instance = sight.pr.name.repo.instance.clone();
                let body = serde_json::to_vec(&sight).map_err(|error| Failure::Ours(error.to_string()))?;
                let delivery = NewDelivery {
                    instance: instance.clone(),
                    request_id: None,
                    event_key: FOUND.to_owned(),
                    hook: None,
                    body,
                };
                if let Accepted::Stored(_) = store.accept(Arrival::Delivery(delivery)).await? {
                    metrics::counter!("dipper_reconcile_found_total", "instance" => instance.to_string())
                        .increment(1);
                    self.turn.bot.nudge.notify_waiters();
                }
                Ok(())
            }
        }
    }
}
