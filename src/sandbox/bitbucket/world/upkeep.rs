//! What happens to a repository itself: forked, renamed, moved, described, its commits remarked on.

use super::{Edition, Permission, Refusal, RepoId, What, World};

/// What a repository was like before.
#[derive(Clone, Debug)]
pub(in super::super) struct Was {
    pub(in super::super) space: String,
    pub(in super::super) slug: String,
    pub(in super::super) description: String,
}

impl World {
    /// Somebody says something about a commit.
    pub(in super::super) fn comment_on_commit(
        &mut self,
        repo: RepoId,
        actor: &str,
        (at, text): (&str, &str),
    ) -> Result<u64, Refusal> {
        self.person(actor)?;
        let id = self.count();
        let hash = self.repo(repo)?.resolve(at)?.hash.clone();
        self.tell(repo, actor, What::CommitCommented { hash, comment: id, text: text.to_owned() });
        Ok(id)
    }

    /// Makes a repository that belongs to whoever does it.
    pub(in super::super) fn create(
        &mut self,
        edition: Edition,
        name: &str,
        actor: &str,
        (description, private): (&str, bool),
    ) -> RepoId {
        let (id, _) = self.add_repository(edition, name);
        if let Ok(made) = self.repo_mut(id) {
            description.clone_into(&mut made.description);
            made.private = private;
            made.permissions.insert(actor.to_owned(), Permission::Admin);
        }
        id
    }

    /// Makes a repository of this one's branches and commits, which belongs to whoever does it.
    pub(in super::super) fn fork(
        &mut self,
        repo: RepoId,
        actor: &str,
        name: &str,
    ) -> Result<RepoId, Refusal> {
        self.person(actor)?;
        let origin = self.repo(repo)?.clone();
        let (id, _) = self.add_repository(origin.edition, name);
        let fork = self.repo_mut(id)?;
        fork.branches = origin.branches;
        fork.commits = origin.commits;
        fork.permissions.insert(actor.to_owned(), Permission::Admin);
        self.tell(repo, actor, What::Forked(id));
        Ok(id)
    }

    /// Gives it another name, place or description.
    pub(in super::super) fn keep_up(
        &mut self,
        repo: RepoId,
        actor: &str,
        (name, description): (Option<&str>, Option<&str>),
    ) -> Result<(), Refusal> {
        self.person(actor)?;
        let here = self.repo_mut(repo)?;
        let was =
            Was { space: here.space.clone(), slug: here.slug.clone(), description: here.description.clone() };
        if let Some((space, slug)) = name.and_then(|name| name.split_once('/')) {
            space.clone_into(&mut here.space);
            slug.clone_into(&mut here.slug);
        }
        if let Some(description) = description {
            description.clone_into(&mut here.description);
        }
        self.tell(repo, actor, What::KeptUp(was));
        Ok(())
    }
}
