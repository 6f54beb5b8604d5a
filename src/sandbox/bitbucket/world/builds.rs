//! What build systems said about commits.

use super::{Refusal, RepoId, Repository, What, World};

/// How a build stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BuildState {
    InProgress,
    Successful,
    Failed,
    /// Cloud's STOPPED, Data Center's CANCELLED.
    Stopped,
}

/// One build's word on one commit.
#[derive(Clone, Debug)]
pub struct Status {
    pub hash: String,
    pub key: String,
    pub state: BuildState,
    pub name: String,
    pub url: String,
    pub description: String,
    pub refname: Option<String>,
    pub created: i64,
    pub updated: i64,
}

impl Repository {
    pub(in super::super) fn status(&self, hash: &str, key: &str) -> Option<&Status> {
        self.statuses.iter().find(|one| one.hash == hash && one.key == key)
    }
}

impl World {
    /// Records a build's word; the same key on the same commit replaces the earlier one.
    pub(in super::super) fn report_build(
        &mut self,
        repo: RepoId,
        actor: &str,
        status: Status,
    ) -> Result<Status, Refusal> {
        let now = self.now();
        let here = self.repo_mut(repo)?;
        here.commit(&status.hash)?;
        let known =
            here.statuses.iter_mut().find(|known| known.hash == status.hash && known.key == status.key);
        let fresh = known.is_none();
        let mut status = Status { created: now, updated: now, ..status };
        match known {
            Some(known) => {
                status.created = known.created;
                known.clone_from(&status);
            }
            None => here.statuses.push(status.clone()),
        }
        let what = What::BuildReported { hash: status.hash.clone(), key: status.key.clone(), fresh };
        self.tell(repo, actor, what);
        Ok(status)
    }

    /// Forgets a build's word.
    pub(in super::super) fn forget_build(
        &mut self,
        repo: RepoId,
        hash: &str,
        key: &str,
    ) -> Result<(), Refusal> {
        self.repo_mut(repo)?.statuses.retain(|known| known.hash != hash || known.key != key);
        Ok(())
    }
}
