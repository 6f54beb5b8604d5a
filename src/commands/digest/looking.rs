//! One Bitbucket, looked at for a digest: what is known and fresh is believed, the rest is asked, as far as the calls
//! last.

use std::collections::BTreeMap;

use crate::bitbucket::{self, Bitbucket, Site};
use crate::bot::{Context, Failure};
use crate::clock::millis_of;
use crate::store::Link;
use crate::words::build::BuildState;
use crate::words::names::{Instance, RepoName};
use crate::words::pull_request::{PullRequest, PullRequestFilter};
use crate::words::wish::RepoPattern;

/// So many repositories of a form are looked through.
const REPOSITORIES: usize = 1_000;
/// So many open pull requests of one repository are asked for; the store is believed to know fewer than so many.
const OPEN: usize = 1_000;
const KNOWN: usize = 300;
/// So many are asked for that concern somebody, and so many repositories are looked into for them.
const MINE: usize = 100;
const FOLLOWED: usize = 30;
/// So many files of a pull request, and so many builds, are looked at.
const FILES: usize = 1_000;
const BUILDS: usize = 50;
/// It is believed for so long that a pull request can be merged, or not.
const HOUR: i64 = 60 * 60 * 1000;

/// One Bitbucket being looked at.
pub(super) struct Looking<'a> {
    cx: &'a Context<'a>,
    site: Site,
    eyes: Box<dyn Bitbucket>,
    looks: BTreeMap<String, i64>,
    /// So many repositories could not be looked at.
    pub(super) old: usize,
}

impl<'a> Looking<'a> {
    /// With the caller's own account; where nobody waits for it, it gives way to those who do.
    pub(super) async fn at(
        cx: &'a Context<'a>,
        instance: &Instance,
        waited_for: bool,
    ) -> Result<Self, Failure> {
        let site = cx.bot.site(instance)?.for_digest();
        let site = if waited_for { site } else { site.in_background() };
        let eyes = cx.bitbucket_through(&site).await?;
        let looks = cx.bot.store.looks(instance).await?;
        Ok(Self { cx, site, eyes, looks, old: 0 })
    }

    /// What is open in repositories, as far as the reader can read them.
    pub(super) async fn open_in(&mut self, repos: &RepoPattern) -> Result<Vec<PullRequest>, Failure> {
        if let Some(one) = repos.one() {
            let open = self.eyes.pull_requests(&one, &PullRequestFilter::open(), OPEN).await?;
            self.remember(&open).await?;
            return Ok(open);
        }
        let owner = repos.form.split('/').next().unwrap_or_default();
        let all = self.eyes.repositories(owner, "", REPOSITORIES).await?;
        let mut named: Vec<RepoName> =
            all.into_iter().map(|found| found.name).filter(|name| repos.covers(name)).collect();
        // What was looked at longest ago is asked first.
        named.sort_by_key(|repo| self.looked_at(repo));
        let mut open = Vec::new();
        for repo in named {
            open.extend(self.open_of(&repo).await?);
        }
        Ok(open)
    }

    fn looked_at(&self, repo: &RepoName) -> i64 {
        self.looks.get(&repo.to_string()).copied().unwrap_or_default()
    }

    /// As it is known, where somebody looked lately; else as Bitbucket says, or else as it was known last.
    async fn open_of(&mut self, repo: &RepoName) -> Result<Vec<PullRequest>, Failure> {
        let known = self.cx.bot.store.open_in(repo).await?;
        let every = millis_of(self.site.looked_at_every());
        let fresh = self.cx.bot.clock.millis() - self.looked_at(repo) <= every.saturating_mul(2);
        if fresh && known.len() < KNOWN {
            return Ok(known);
        }
        match self.eyes.pull_requests(repo, &PullRequestFilter::open(), OPEN).await {
            Ok(open) => {
                self.remember(&open).await?;
                Ok(open)
            }
            Err(bitbucket::Error::NotFound(_) | bitbucket::Error::Forbidden(_)) => Ok(Vec::new()),
            Err(bitbucket::Error::Slow { .. } | bitbucket::Error::Down(_)) => {
                self.old += 1;
                Ok(known)
            }
            Err(error) => Err(error.into()),
        }
    }

    async fn remember(&self, open: &[PullRequest]) -> Result<(), Failure> {
        if open.is_empty() {
            return Ok(());
        }
        let mut tx = self.cx.bot.store.begin().await?;
        for pr in open {
            tx.remember(pr).await?;
        }
        Ok(tx.commit().await?)
    }

    /// What somebody wrote, and what waits for their review, wherever that is.
    pub(super) async fn mine(&self, link: &Link) -> Result<Vec<PullRequest>, Failure> {
        let mut all = self.eyes.my_pull_requests(MINE).await?;
        let followed = self.cx.bot.store.followed(&self.cx.caller.user.team).await?;
        let followed: Vec<RepoName> =
            followed.into_iter().filter(|repo| repo.instance == link.instance).take(FOLLOWED).collect();
        let queue = self.eyes.review_queue(&followed, MINE).await?;
        for pr in queue.waiting {
            if all.iter().all(|known| known.name != pr.name) {
                all.push(pr);
            }
        }
        self.remember(&all).await?;
        Ok(all)
    }

    /// The files it changes; none where that could not be asked.
    pub(super) async fn files_of(&self, pr: &PullRequest) -> Option<Vec<String>> {
        let changes = told(self.eyes.pull_request_changes(&pr.name, FILES).await)?;
        let paths = changes.files.into_iter().flat_map(|file| [Some(file.path), file.from]);
        Some(paths.flatten().collect())
    }

    /// How its newest commit was built, which nobody knows yet.
    pub(super) async fn builds_of(&self, pr: &PullRequest) -> Result<Vec<BuildState>, Failure> {
        let (Some(head), Some(builds)) = (&pr.head, told(self.eyes.checks(&pr.name, BUILDS).await)) else {
            return Ok(Vec::new());
        };
        let mut tx = self.cx.bot.store.begin().await?;
        for build in &builds {
            tx.built(&pr.name.repo, head, build).await?;
        }
        tx.commit().await?;
        Ok(builds.into_iter().map(|build| build.state).collect())
    }

    /// Whether its branches are in each other's way; asked now and then.
    pub(super) async fn conflicts(&self, pr: &PullRequest) -> Result<bool, Failure> {
        let what = format!("clash:{}:{}", pr.name, pr.head.as_deref().unwrap_or_default());
        if let Some(known) = self.cx.bot.store.known(&what).await? {
            return Ok(known == "yes");
        }
        let Some(found) = told(self.eyes.mergeability(&pr.name).await) else {
            return Ok(false);
        };
        let answer = if found.conflicts { "yes" } else { "no" };
        self.cx.bot.store.keep_known(&what, answer, self.cx.bot.clock.millis() + HOUR).await?;
        Ok(found.conflicts)
    }
}

fn told<T>(answer: bitbucket::Result<T>) -> Option<T> {
    answer.inspect_err(|error| tracing::info!(%error, "a digest goes without")).ok()
}
