//! A pull request as a test or the demo holds it: what people do with it in Bitbucket's own pages.

use super::deeds::PullRequestState;
use super::repo_handle::RepoHandle;
use super::world::{Anchor, Edit, NewComment, Refusal, RepoId, World};

/// One pull request. What is done through it is told by webhook.
#[derive(Clone, Debug)]
pub struct PullHandle {
    repo: RepoHandle,
    number: u64,
}

impl RepoHandle {
    /// The pull request of that number, which may or may not be there.
    pub fn pull_request(&self, number: u64) -> PullHandle {
        PullHandle { repo: self.clone(), number }
    }
}

impl PullHandle {
    pub fn number(&self) -> u64 {
        self.number
    }

    pub fn repo(&self) -> &RepoHandle {
        &self.repo
    }

    /// How it stands now.
    pub fn state(&self) -> Result<PullRequestState, Refusal> {
        self.repo.bitbucket.pull_request(&self.repo, self.number)
    }

    /// Says something about a line of a file, and answers the comment's id.
    pub fn comment_on(&self, by: &str, text: &str, (path, line): (&str, u64)) -> Result<u64, Refusal> {
        let inline = Anchor { path: path.to_owned(), line: Some(line), before: false };
        self.say(by, NewComment { text: text.to_owned(), inline: Some(inline), ..NewComment::default() })
    }

    /// Says something, and answers the comment's id.
    pub fn comment(&self, by: &str, text: &str) -> Result<u64, Refusal> {
        self.say(by, NewComment { text: text.to_owned(), ..NewComment::default() })
    }

    /// Replies to a comment, and answers the reply's id.
    pub fn reply(&self, by: &str, parent: u64, text: &str) -> Result<u64, Refusal> {
        self.say(by, NewComment { text: text.to_owned(), parent: Some(parent), ..NewComment::default() })
    }

    /// Leaves a task, and answers its id.
    pub fn task(&self, by: &str, text: &str) -> Result<u64, Refusal> {
        self.say(by, NewComment { text: text.to_owned(), task: true, ..NewComment::default() })
    }

    fn say(&self, by: &str, wish: NewComment) -> Result<u64, Refusal> {
        self.act(|world, at| world.comment(at, by, wish)).map(|comment| comment.id)
    }

    /// Puts other words in a comment's place.
    pub fn reword(&self, by: &str, comment: u64, text: &str) -> Result<(), Refusal> {
        self.act(|world, at| world.reword(at, by, (comment, text)))
    }

    /// Takes a comment back.
    pub fn delete_comment(&self, by: &str, comment: u64) -> Result<(), Refusal> {
        self.act(|world, at| world.take_back(at, by, comment))
    }

    /// Ticks a task off, or settles a thread.
    pub fn resolve(&self, by: &str, comment: u64) -> Result<(), Refusal> {
        self.act(|world, at| world.settle(at, by, (comment, true)))
    }

    /// Opens a task or a thread again.
    pub fn unresolve(&self, by: &str, comment: u64) -> Result<(), Refusal> {
        self.act(|world, at| world.settle(at, by, (comment, false)))
    }

    /// Asks these people for review, and nobody else.
    pub fn set_reviewers(&self, by: &str, reviewers: &[&str]) -> Result<(), Refusal> {
        let reviewers = Some(reviewers.iter().map(|&one| one.to_owned()).collect());
        self.edit(by, Edit { reviewers, ..Edit::default() })
    }

    /// Gives it another title.
    pub fn retitle(&self, by: &str, title: &str) -> Result<(), Refusal> {
        self.edit(by, Edit { title: Some(title.to_owned()), ..Edit::default() })
    }

    /// Gives it another description.
    pub fn describe(&self, by: &str, description: &str) -> Result<(), Refusal> {
        self.edit(by, Edit { description: Some(description.to_owned()), ..Edit::default() })
    }

    /// Points it at another branch.
    pub fn retarget(&self, by: &str, branch: &str) -> Result<(), Refusal> {
        self.edit(by, Edit { destination: Some(branch.to_owned()), ..Edit::default() })
    }

    /// Makes a draft of it, or says that it is ready.
    pub fn draft(&self, by: &str, draft: bool) -> Result<(), Refusal> {
        self.edit(by, Edit { draft: Some(draft), ..Edit::default() })
    }

    fn edit(&self, by: &str, wish: Edit) -> Result<(), Refusal> {
        self.act(|world, at| world.edit(at, by, wish))
    }

    pub fn approve(&self, by: &str) -> Result<(), Refusal> {
        self.repo.bitbucket.approve(&self.repo, self.number, by)
    }

    pub fn merge(&self, by: &str) -> Result<(), Refusal> {
        self.repo.bitbucket.merge(&self.repo, self.number, by)
    }

    pub fn decline(&self, by: &str) -> Result<(), Refusal> {
        self.act(|world, at| world.decline(at, by))
    }

    /// Deletes it, as only Data Center can.
    pub fn delete(&self, by: &str) -> Result<(), Refusal> {
        self.act(|world, at| world.delete_pull_request(at, by))
    }

    /// Opens it again after it was declined, as only Data Center can.
    pub fn reopen(&self, by: &str) -> Result<(), Refusal> {
        self.act(|world, at| world.reopen(at, by))
    }

    fn act<T>(&self, deed: impl FnOnce(&mut World, (RepoId, u64)) -> T) -> T {
        let at = (self.repo.id, self.number);
        self.repo.bitbucket.shared.act(|world| deed(world, at))
    }
}
