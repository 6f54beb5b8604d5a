//! Merging: what stands in the way, and what it does to the branches.

use super::{NewCommit, PullRequest, Refusal, RepoId, Repository, State, Strategy, Verdict, What, World};

/// Something that keeps a pull request from being merged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Obstacle {
    Conflicts,
    Draft,
    /// So many approvals are wanting.
    Approvals(usize),
    /// So many tasks are open.
    Tasks(usize),
}

/// How somebody would like it merged.
#[derive(Clone, Debug, Default)]
pub(in super::super) struct MergeWish {
    pub(in super::super) strategy: Option<Strategy>,
    pub(in super::super) message: Option<String>,
    pub(in super::super) close_source: Option<bool>,
}

/// A merge that Cloud answers only when asked again.
#[derive(Clone, Debug)]
pub(in super::super) struct MergeTask {
    pub(in super::super) id: String,
    pub(in super::super) repo: RepoId,
    pub(in super::super) number: u64,
    pub(in super::super) owner: String,
    pub(in super::super) polls: u32,
    pub(in super::super) outcome: Result<(), Refusal>,
}

impl Repository {
    /// All that keeps it from being merged.
    pub(in super::super) fn obstacles(&self, pr: &PullRequest) -> Vec<Obstacle> {
        let missing = self.approvals_needed.saturating_sub(pr.those_who(Verdict::Approved).len());
        let tasks = pr.open_tasks();
        [
            pr.conflicted.then_some(Obstacle::Conflicts),
            pr.draft.then_some(Obstacle::Draft),
            (missing > 0).then_some(Obstacle::Approvals(missing)),
            (tasks > 0).then_some(Obstacle::Tasks(tasks)),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    fn mergeable(&self, number: u64, wish: &MergeWish) -> Result<(Strategy, PullRequest), Refusal> {
        let pr = self.pull_request(number)?;
        pr.must_be_open()?;
        let obstacles = self.obstacles(pr);
        if !obstacles.is_empty() {
            return Err(Refusal::MayNotMerge(obstacles));
        }
        let default = self.strategies.first().copied().unwrap_or(Strategy::Merge);
        let strategy = wish.strategy.unwrap_or(default);
        if !self.strategies.contains(&strategy) {
            return Err(Refusal::StrategyNotAllowed(format!("{strategy:?}")));
        }
        let behind = !self.reaches(&pr.source_hash, &pr.destination_hash);
        if behind && matches!(strategy, Strategy::FastForward | Strategy::SquashFastForward) {
            return Err(Refusal::CannotFastForward);
        }
        Ok((strategy, pr.clone()))
    }
}

impl World {
    /// Merges a pull request, or says what keeps it from being merged.
    pub(in super::super) fn merge(
        &mut self,
        (repo, number): (RepoId, u64),
        actor: &str,
        wish: &MergeWish,
    ) -> Result<(), Refusal> {
        self.person(actor)?;
        let (strategy, pr) = self.repo(repo)?.mergeable(number, wish)?;
        let merged = match strategy {
            Strategy::FastForward => pr.source_hash.clone(),
            _ => self.write_merge(repo, actor, (strategy, &pr), wish)?,
        };
        self.close_as_merged((repo, number), actor, &merged)?;
        self.move_branch(repo, &pr.destination, &merged)?;
        self.tell(repo, actor, What::Merged(number));
        let (old, new) = (Some(pr.destination_hash.clone()), Some(merged));
        self.tell_of_push(repo, actor, (&pr.destination, old, new))?;
        let closes = wish.close_source.unwrap_or(pr.close_source);
        let here = self.repo(repo)?;
        if closes && here.main_branch != pr.source && here.branches.contains_key(&pr.source) {
            self.delete_branch(repo, &pr.source, actor)?;
        }
        Ok(())
    }

    fn write_merge(
        &mut self,
        repo: RepoId,
        actor: &str,
        (strategy, pr): (Strategy, &PullRequest),
        wish: &MergeWish,
    ) -> Result<String, Refusal> {
        let mut parents = vec![pr.destination_hash.clone()];
        if matches!(strategy, Strategy::Merge | Strategy::RebaseMerge) {
            parents.push(pr.source_hash.clone());
        }
        let message = wish.message.clone().filter(|text| !text.is_empty());
        let message = message.unwrap_or_else(|| {
            format!("Merged in {} (pull request #{})\n\n{}", pr.source, pr.number, pr.title)
        });
        let touched = self.repo(repo)?.brought(&pr.source_hash, &pr.destination_hash);
        self.write_commit(repo, NewCommit { parents, author: actor, message: &message, touched })
    }

    fn close_as_merged(
        &mut self,
        (repo, number): (RepoId, u64),
        actor: &str,
        merged: &str,
    ) -> Result<(), Refusal> {
        let now = self.now();
        let pr = self.repo_mut(repo)?.pull_request_mut(number)?;
        pr.state = State::Merged;
        pr.merge_commit = Some(merged.to_owned());
        pr.closed_by = Some(actor.to_owned());
        pr.version += 1;
        pr.updated = now;
        Ok(())
    }
}
