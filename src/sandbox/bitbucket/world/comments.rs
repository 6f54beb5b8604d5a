//! Remarks and tasks on a pull request: made, answered, mended, settled, taken back.

use super::{PullRequest, Refusal, RepoId, What, World};

/// A place in what a pull request changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Anchor {
    pub path: String,
    /// A line of it; nothing when it is about the whole file.
    pub line: Option<u64>,
    /// Whether the line is one of the old file.
    pub before: bool,
}

/// A remark, or a task when it can be resolved.
#[derive(Clone, Debug)]
pub struct Comment {
    pub id: u64,
    pub author: String,
    pub text: String,
    pub parent: Option<u64>,
    pub inline: Option<Anchor>,
    pub task: bool,
    pub resolved: bool,
    /// Who settled it, and when.
    pub(in super::super) settled: Option<(String, i64)>,
    pub(in super::super) deleted: bool,
    /// Data Center's optimistic lock.
    pub(in super::super) version: u64,
    pub created: i64,
    pub(in super::super) updated: i64,
}

/// A remark about to be made.
#[derive(Clone, Debug, Default)]
pub(in super::super) struct NewComment {
    pub(in super::super) text: String,
    pub(in super::super) parent: Option<u64>,
    pub(in super::super) inline: Option<Anchor>,
    pub(in super::super) task: bool,
}

impl PullRequest {
    /// A remark that has not been taken back.
    pub(in super::super) fn comment(&self, id: u64) -> Result<&Comment, Refusal> {
        let found = self.comments.iter().find(|one| one.id == id && !one.deleted);
        found.ok_or(Refusal::NoSuchComment(id))
    }

    /// The remarks and tasks that have not been taken back.
    pub(in super::super) fn said(&self) -> impl Iterator<Item = &Comment> {
        self.comments.iter().filter(|one| !one.deleted)
    }

    pub(in super::super) fn open_tasks(&self) -> usize {
        self.said().filter(|one| one.task && !one.resolved).count()
    }

    pub(in super::super) fn has_replies(&self, id: u64) -> bool {
        self.said().any(|one| one.parent == Some(id))
    }
}

impl World {
    fn remark(&mut self, (repo, number): (RepoId, u64), id: u64) -> Result<&mut Comment, Refusal> {
        let pr = self.repo_mut(repo)?.pull_request_mut(number)?;
        let found = pr.comments.iter_mut().find(|one| one.id == id && !one.deleted);
        found.ok_or(Refusal::NoSuchComment(id))
    }

    /// Somebody says something, or leaves a task.
    pub(in super::super) fn comment(
        &mut self,
        (repo, number): (RepoId, u64),
        actor: &str,
        wish: NewComment,
    ) -> Result<Comment, Refusal> {
        self.person(actor)?;
        let (now, id) = (self.now(), self.count());
        let pr = self.repo_mut(repo)?.pull_request_mut(number)?;
        if let Some(parent) = wish.parent {
            pr.comment(parent)?;
        }
        let comment = Comment {
            id,
            author: actor.to_owned(),
            text: wish.text,
            parent: wish.parent,
            inline: wish.inline,
            task: wish.task,
            resolved: false,
            settled: None,
            deleted: false,
            version: 0,
            created: now,
            updated: now,
        };
        pr.comments.push(comment.clone());
        if pr.author != actor {
            pr.taking_part(actor, now).at = now;
        }
        pr.updated = now;
        let comment_id = comment.id;
        self.tell(repo, actor, What::Commented { number, comment: comment_id });
        Ok(comment)
    }

    /// Puts other words in its place.
    pub(in super::super) fn reword(
        &mut self,
        (repo, number): (RepoId, u64),
        actor: &str,
        (id, text): (u64, &str),
    ) -> Result<(), Refusal> {
        let now = self.now();
        let comment = self.remark((repo, number), id)?;
        if comment.author != actor {
            return Err(Refusal::NotYours(id));
        }
        let before = std::mem::replace(&mut comment.text, text.to_owned());
        let age = now - std::mem::replace(&mut comment.updated, now);
        comment.version += 1;
        self.tell(repo, actor, What::CommentEdited { number, comment: id, before, age });
        Ok(())
    }

    /// Makes a task of a remark, or a remark of a task; nobody is told.
    pub(in super::super) fn turn_into_task(
        &mut self,
        at: (RepoId, u64),
        id: u64,
        task: bool,
    ) -> Result<(), Refusal> {
        let comment = self.remark(at, id)?;
        comment.task = task;
        comment.version += 1;
        Ok(())
    }

    /// Takes it back; those who replied keep talking.
    pub(in super::super) fn take_back(
        &mut self,
        (repo, number): (RepoId, u64),
        actor: &str,
        id: u64,
    ) -> Result<(), Refusal> {
        let comment = self.remark((repo, number), id)?;
        let was = Box::new(comment.clone());
        comment.deleted = true;
        self.tell(repo, actor, What::CommentDeleted { number, comment: was });
        Ok(())
    }

    /// Settles a task or a thread, or opens it again.
    pub(in super::super) fn settle(
        &mut self,
        (repo, number): (RepoId, u64),
        actor: &str,
        (id, resolved): (u64, bool),
    ) -> Result<(), Refusal> {
        self.person(actor)?;
        let now = self.now();
        let comment = self.remark((repo, number), id)?;
        if comment.resolved == resolved {
            return Err(Refusal::SettledAlready(id, resolved));
        }
        comment.resolved = resolved;
        comment.settled = resolved.then(|| (actor.to_owned(), now));
        comment.version += 1;
        self.tell(repo, actor, What::CommentResolved { number, comment: id, resolved });
        Ok(())
    }
}
