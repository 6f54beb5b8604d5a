//! What happened on Bitbucket, in one vocabulary for both editions, and why a delivery can come to nothing.

mod sources;
mod table;

use crate::words::access::RightChange;
use crate::words::build::Build;
use crate::words::commit::Commit;
use crate::words::names::{PersonId, RepoName};
use crate::words::pipeline::{Deployed, Deployment};
use crate::words::pull_request::{Person, PullRequest, State};

use super::lenient::{Lacks, NotRead};

pub use sources::{Origin, SOURCES, Source};
pub use table::{Row, TABLE, is_ping};
pub(super) use table::{kind_of, kinds_of};

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A pull request was opened.
    Opened,
    /// Its title, description, target or reviewers changed.
    Updated,
    /// Its source branch moved.
    Pushed,
    /// Reviewers were added or removed.
    ReviewersChanged,
    /// Somebody approved.
    Approved,
    /// Somebody took an approval (or any verdict) back.
    Unapproved,
    /// Somebody wants changes.
    ChangesRequested,
    /// Somebody no longer wants changes.
    ChangesWithdrawn,
    /// It was merged.
    Merged,
    /// It was declined.
    Declined,
    /// It was deleted.
    Deleted,
    /// Somebody commented, or set a task.
    Commented,
    /// A comment was edited.
    CommentEdited,
    /// A comment was deleted.
    CommentDeleted,
    /// A thread of comments was resolved, or a task done.
    ThreadResolved,
    /// A thread of comments was opened again, or a task.
    ThreadReopened,
    /// Branches or tags moved.
    RefsChanged,
    /// A build said how it stands.
    BuildReported,
    /// Somebody commented on a commit.
    CommitCommented,
    /// Somebody made a fork.
    Forked,
    /// A repository is called or described otherwise.
    RepoUpdated,
    /// A repository belongs to somebody else.
    RepoTransferred,
    /// Somebody was given a right, or it was taken away: by this bot, since no webhook tells of it.
    RightChanged,
    /// Something was deployed: found by looking, since no webhook tells of it.
    Deployed,
}

/// Something that happened on Bitbucket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// What.
    pub kind: Kind,
    /// Who did it.
    pub actor: Person,
    /// Whether that is no person: an app, a service.
    pub by_bot: bool,
    /// Where.
    pub repo: RepoName,
    /// The pull request it is about, as it stood then.
    pub pull_request: Option<PullRequest>,
    /// What else it is about.
    pub subject: Subject,
    /// When, in epoch milliseconds.
    pub at: i64,
}

/// What an event is about, besides a pull request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// Nothing else.
    Nothing,
    /// How the pull request was before, as far as the delivery says.
    Before(Before),
    /// Those who are newly asked to review, where the delivery says so.
    Asked(Vec<PersonId>),
    /// A comment or a task.
    Remark(Remark),
    /// Branches and tags.
    Refs(Vec<RefMove>),
    /// A build.
    Build(BuildReport),
    /// The new repository, where it could be read.
    Fork(Option<RepoName>),
    /// Somebody's right.
    Right(RightChange),
    /// What was deployed.
    Deployment(Deployment),
    /// What a repository was called before, where that is another name, and what changed about it.
    Repository(Option<RepoName>, Vec<String>),
}

/// How a pull request was before; what is none was not said.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Before {
    /// Its title.
    pub title: Option<String>,
    /// Its description.
    pub description: Option<String>,
    /// The branch it asked to change.
    pub target: Option<String>,
    /// Whether it was a draft.
    pub draft: Option<bool>,
}

/// Something said.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Remark {
    /// Its number, where it was said.
    pub id: Option<u64>,
    /// What it says.
    pub text: String,
    /// Whether it is a task.
    pub task: bool,
    /// The comment it answers.
    pub answers: Option<u64>,
    /// The file it is about.
    pub path: Option<String>,
    /// The line it is about.
    pub line: Option<u64>,
    /// The commit it is about.
    pub commit: Option<String>,
    /// Where to read it in a browser.
    pub url: Option<String>,
}

/// What sort of name moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RefKind {
    /// A branch.
    Branch,
    /// A tag.
    Tag,
}

/// A branch or tag that is new, gone, or somewhere else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefMove {
    /// What it is.
    pub kind: RefKind,
    /// Its name.
    pub name: String,
    /// Where it was; none when it is new.
    pub old: Option<String>,
    /// Where it is; none when it is gone.
    pub new: Option<String>,
    /// Whether history was written anew, where that is known.
    pub forced: Option<bool>,
    /// What it brings, the newest first, as far as it was told.
    pub commits: Vec<Commit>,
    /// Whether it may bring more than was told.
    pub cut: bool,
    /// Where to read it in a browser.
    pub url: Option<String>,
}

impl RefMove {
    /// Whether it is a branch that was there and still is.
    pub fn moves_on(&self) -> bool {
        self.kind == RefKind::Branch && self.old.is_some() && self.new.is_some()
    }

    /// Whether it was left out if history was written anew, or what it brings.
    pub fn lacks(&self) -> bool {
        self.moves_on() && (self.forced.is_none() || self.cut)
    }
}

/// A build of a commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BuildReport {
    /// The build.
    pub build: Build,
    /// The commit, where it was said.
    pub hash: Option<String>,
    /// The branch or tag, where it was said.
    pub branch: Option<String>,
}

impl Event {
    /// An event about a pull request. What the kind says wins over what the payload forgot to say.
    pub(super) fn about(kind: Kind, actor: Person, mut pr: PullRequest, at: i64) -> Self {
        match kind {
            Kind::Merged => pr.state = State::Merged,
            Kind::Declined => pr.state = State::Declined,
            Kind::Deleted => pr.state = State::Deleted,
            _ => {}
        }
        if matches!(kind, Kind::Merged | Kind::Declined | Kind::Deleted) && pr.closed_by.is_none() {
            pr.closed_by = Some(actor.clone());
        }
        if pr.updated_at == 0 {
            pr.updated_at = at;
        }
        let repo = pr.name.repo.clone();
        Self { pull_request: Some(pr), ..Self::of(kind, actor, repo, at) }
    }

    /// An event about a repository.
    pub(super) fn of(kind: Kind, actor: Person, repo: RepoName, at: i64) -> Self {
        Self { kind, actor, by_bot: false, repo, pull_request: None, subject: Subject::Nothing, at }
    }

    /// The same about this, by a bot or not.
    pub(super) fn with(self, subject: Subject, by_bot: bool) -> Self {
        Self { by_bot, subject, ..self }
    }

    /// What was done here, which no webhook tells.
    pub fn done_here(actor: Person, change: RightChange) -> Self {
        let (repo, at) = (change.repo.clone(), change.at);
        Self::of(Kind::RightChanged, actor, repo, at).with(Subject::Right(change), false)
    }

    /// What was found to be deployed.
    pub fn deployed(found: Deployed, seen_at: i64) -> Self {
        let Deployed { repo, deployment } = found;
        let unknown = Person::unknown();
        let actor = match &deployment.by {
            Some(name) => Person { name: name.clone(), ..unknown },
            None => unknown,
        };
        let at = deployment.at.unwrap_or(seen_at);
        Self::of(Kind::Deployed, actor, repo, at).with(Subject::Deployment(deployment), false)
    }

    /// What the repository was called until now, where that is another name.
    pub fn was_called(&self) -> Option<&RepoName> {
        match &self.subject {
            Subject::Repository(was, _) => was.as_ref(),
            _ => None,
        }
    }
}

/// Why a delivery came to nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Dropped {
    /// It only asked whether somebody is there.
    #[error("it is a test of the connection")]
    Ping,
    /// No such event.
    #[error("`{0}` is not an event of this Bitbucket")]
    Unknown(String),
    /// A real event, which nobody can subscribe to.
    #[error("no topic carries `{0}`")]
    NoTopic(String),
    /// The format of a third-party add-on.
    #[error("it is in the format of a webhook add-on; make the webhook in Bitbucket's own settings")]
    AddOn,
    /// Not JSON.
    #[error("it is not JSON")]
    NotJson,
    /// Without what its event should carry.
    #[error("it lacks {0}")]
    Lacks(&'static str),
}

impl From<Lacks> for Dropped {
    fn from(Lacks(what): Lacks) -> Self {
        Self::Lacks(what)
    }
}

impl From<NotRead> for Dropped {
    fn from(why: NotRead) -> Self {
        match why {
            NotRead::NotJson => Self::NotJson,
            NotRead::OtherShape => Self::Lacks("everything: it is not a JSON object"),
        }
    }
}
