//! Everything there is to see at a glance, for a page that shows both editions side by side.

use super::world::{Commit, Obstacle, Refusal, RepoId, Repository, Status, World};
use super::{Bitbucket, Edition, PullRequestState, RepoHandle};

/// A repository as a page shows it.
#[derive(Clone, Debug)]
pub struct RepositoryView {
    pub repo: RepoHandle,
    pub main: String,
    /// Each branch, and how many commits it is ahead of the main one.
    pub branches: Vec<(String, usize)>,
    /// The newest first.
    pub pull_requests: Vec<PullRequestView>,
}

/// A pull request as a page shows it.
#[derive(Clone, Debug)]
pub struct PullRequestView {
    pub now: PullRequestState,
    /// The newest first.
    pub commits: Vec<Commit>,
    /// What builds say of its newest commit.
    pub builds: Vec<Status>,
    /// What keeps it from being merged, while it is open.
    pub obstacles: Vec<Obstacle>,
}

impl Bitbucket {
    /// Every repository with all that goes on in it.
    pub fn overview(&self) -> Vec<RepositoryView> {
        let seen = self.repositories().into_iter().map(|repo| self.seen(repo));
        seen.filter_map(Result::ok).collect()
    }

    /// The repository of that name, as its edition writes it.
    pub fn repository(&self, edition: Edition, name: &str) -> Option<RepoHandle> {
        let same = |repo: &RepoHandle| repo.edition() == edition && repo.name() == name;
        self.repositories().into_iter().find(same)
    }

    fn seen(&self, repo: RepoHandle) -> Result<RepositoryView, Refusal> {
        let (main, branches, numbers) = self.shared.look(|world| {
            let here = world.repo(repo.id)?;
            let numbers: Vec<u64> = here.pull_requests.iter().rev().map(|pr| pr.number).collect();
            Ok((here.main_branch.clone(), ahead(here), numbers))
        })?;
        let pull_requests = numbers.into_iter().map(|number| {
            let now = self.pull_request(&repo, number)?;
            self.shared.look(|world| around(world, repo.id, now))
        });
        let pull_requests = pull_requests.collect::<Result<_, Refusal>>()?;
        Ok(RepositoryView { repo, main, branches, pull_requests })
    }
}

fn ahead(here: &Repository) -> Vec<(String, usize)> {
    let main = here.branches.get(&here.main_branch).map(String::as_str);
    let each = here.branches.iter().map(|(name, tip)| (name.clone(), here.log(tip, main).len()));
    each.collect()
}

fn around(world: &World, repo: RepoId, now: PullRequestState) -> Result<PullRequestView, Refusal> {
    let here = world.repo(repo)?;
    let pr = here.pull_request(now.number)?;
    let commits = here.log(&pr.source_hash, Some(&pr.destination_hash)).into_iter().cloned().collect();
    let builds = here.statuses.iter().filter(|status| status.hash == pr.source_hash).cloned().collect();
    let obstacles = if now.is_open() { here.obstacles(pr) } else { Vec::new() };
    Ok(PullRequestView { now, commits, builds, obstacles })
}
