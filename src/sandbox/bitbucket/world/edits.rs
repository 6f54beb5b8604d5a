//! Changing what a pull request says, where it goes, and who is asked about it.

use super::{Before, PullRequest, Refusal, RepoId, What, World};

/// What is to be changed about a pull request; the rest stays.
#[derive(Clone, Debug, Default)]
pub(in super::super) struct Edit {
    pub(in super::super) title: Option<String>,
    pub(in super::super) description: Option<String>,
    pub(in super::super) destination: Option<String>,
    pub(in super::super) draft: Option<bool>,
    pub(in super::super) close_source: Option<bool>,
    /// All of them, not only the new ones.
    pub(in super::super) reviewers: Option<Vec<String>>,
}

impl PullRequest {
    fn before(&self) -> Before {
        Before {
            title: self.title.clone(),
            description: self.description.clone(),
            destination: self.destination.clone(),
            destination_hash: self.destination_hash.clone(),
            draft: self.draft,
        }
    }

    /// Takes the changes over, and says whether people will see any.
    fn take(&mut self, wish: Edit, target: Option<String>) -> bool {
        let seen = wish.title.is_some()
            || wish.description.is_some()
            || wish.destination.is_some()
            || wish.draft.is_some_and(|draft| draft != self.draft);
        self.title = wish.title.unwrap_or_else(|| self.title.clone());
        self.description = wish.description.unwrap_or_else(|| self.description.clone());
        self.destination = wish.destination.unwrap_or_else(|| self.destination.clone());
        self.destination_hash = target.unwrap_or_else(|| self.destination_hash.clone());
        self.draft = wish.draft.unwrap_or(self.draft);
        self.close_source = wish.close_source.unwrap_or(self.close_source);
        seen
    }
}

impl World {
    /// Changes what is given: title, description, target, draft, reviewers.
    pub(in super::super) fn edit(
        &mut self,
        (repo, number): (RepoId, u64),
        actor: &str,
        wish: Edit,
    ) -> Result<(), Refusal> {
        self.person(actor)?;
        let now = self.now();
        let here = self.repo_mut(repo)?;
        let target = wish.destination.as_deref().map(|branch| here.tip(branch).map(str::to_owned));
        let target = target.transpose()?;
        let pr = here.pull_request(number)?;
        pr.must_be_open()?;
        if let Some(reviewers) = &wish.reviewers {
            here.can_review(&pr.author, reviewers)?;
        }
        let reviewers = wish.reviewers.clone().unwrap_or_else(|| pr.reviewers.clone());
        let pr = here.pull_request_mut(number)?;
        let before = pr.before();
        let old_reviewers = std::mem::replace(&mut pr.reviewers, reviewers.clone());
        let changed = pr.take(wish, target);
        pr.version += 1;
        pr.updated = now;
        if changed {
            self.tell(repo, actor, What::Edited { number, before });
        }
        let added: Vec<String> = missing_from(&old_reviewers, &reviewers);
        let removed: Vec<String> = missing_from(&reviewers, &old_reviewers);
        if !added.is_empty() || !removed.is_empty() {
            self.tell(repo, actor, What::ReviewersChanged { number, added, removed });
        }
        Ok(())
    }
}

fn missing_from(some: &[String], all: &[String]) -> Vec<String> {
    all.iter().filter(|one| !some.contains(one)).cloned().collect()
}
