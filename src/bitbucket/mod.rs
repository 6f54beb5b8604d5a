//! Bitbucket as the rest of the bot sees it: one trait, one event, one error, whichever edition answers.

mod cloud;
mod credential;
mod datacenter;
mod doubt;
mod error;
pub mod event;
mod hooks;
mod kept;
mod lenient;
mod mentions;
pub mod oauth;
mod objections;
pub mod signature;
mod site;
mod text;
mod transport;

use async_trait::async_trait;
use futures_util::stream::BoxStream;

pub use credential::{Credential, CredentialKind};
pub use error::{Error, Lacking, Result, Said};
pub use event::{Dropped, Event, Kind, Source};
pub use hooks::{HookSettings, Provisioned};
pub use mentions::Mentioned;
pub use oauth::{OAuth, Tokens};
pub use signature::Unverified;
pub use site::{DeliveryHeaders, Edition, Site, SiteSettings};
pub use transport::{Booked, Http, Ledger, Outgoing};

use crate::seal::Secret;
use crate::words::access::{Ground, Level, ProjectName, Right};
use crate::words::build::{Build, NewBuild};
use crate::words::code::{Changes, Comparison, Diff, FileText, Lines, Range};
use crate::words::comment::{Activity, Comment, NewComment, NewTask, Task};
use crate::words::commit::{Branch, Commit, CommitDetail, CommitFilter, NewTag, Repository, Tag};
use crate::words::merge::{Merge, Mergeability, Strategies};
use crate::words::names::{PersonId, PrName, RepoName};
use crate::words::pipeline::{Deployment, NewRun, Run, Step};
use crate::words::protection::{Guard, Protection};
use crate::words::pull_request::{
    Mention, NewPullRequest, Person, PullRequest, PullRequestChange, PullRequestFilter, ReviewQueue,
};
use crate::words::repository::{NewRepository, RepositoryChange};
use crate::words::webhook::{HookPlace, Webhook};

/// Where the credential of a call comes from, and where a newer one is to be had.
#[async_trait]
pub trait TokenSource: Send + Sync {
    /// The credential to try: an access token, or `name:secret` for HTTP Basic.
    async fn token(&self) -> Result<Secret>;

    /// That one was refused: a newer one, or [`Error::SignIn`].
    async fn renew(&self, refused: &Secret) -> Result<Secret>;

    /// What sort of credential it is, and whose.
    fn credential(&self) -> Credential {
        Credential::default()
    }
}

/// Things that come in one after the other, page by page, and are never all held at once.
pub type Each<'a, T> = BoxStream<'a, Result<T>>;

/// All that is asked of a Bitbucket, in somebody's name. What an edition has no way to do is
/// [`Error::NotOffered`], with a sentence on what to do instead; an `owner` is a workspace or a project.
#[async_trait]
pub trait Bitbucket: Send + Sync {
    // ── people ──

    /// Whose name that is.
    async fn me(&self) -> Result<Person>;

    /// Somebody by their id.
    async fn person(&self, id: &PersonId) -> Result<Person>;

    /// Somebody's e-mail address, where Bitbucket tells it to others.
    async fn email_of(&self, id: &PersonId) -> Result<Option<String>>;

    /// People around an owner whose name holds what was typed.
    async fn people_named(&self, owner: &str, typed: &str, limit: usize) -> Result<Vec<Person>>;

    /// Those of an owner's people who have one of these addresses, each with the address.
    async fn people_by_email(&self, owner: &str, emails: &[String]) -> Result<Vec<(String, Person)>>;

    /// The people of an owner.
    async fn members(&self, owner: &str, limit: usize) -> Result<Vec<Person>>;

    // ── repositories ──

    /// One repository, with its main branch.
    async fn repository(&self, repo: &RepoName) -> Result<Repository>;

    /// An owner's repositories whose name holds what was typed; their main branch is told only where it
    /// costs nothing.
    async fn repositories(&self, owner: &str, typed: &str, limit: usize) -> Result<Vec<Repository>>;

    /// Repositories whose name holds what was typed (`api`, `web/api`), the liveliest first; their main
    /// branch is told only where it costs nothing.
    async fn find_repositories(&self, typed: &str, limit: usize) -> Result<Vec<Repository>>;

    /// Who is asked to review by default when `source` is to go into `target`.
    async fn default_reviewers(&self, repo: &RepoName, source: &str, target: &str) -> Result<Vec<Person>>;

    /// Branches whose name holds what was typed, the latest changed first.
    async fn branches(&self, repo: &RepoName, typed: &str, limit: usize) -> Result<Vec<Branch>>;

    /// Makes a branch at a branch, tag or commit.
    async fn create_branch(&self, repo: &RepoName, name: &str, at: &str) -> Result<Branch>;

    /// Deletes a branch.
    async fn delete_branch(&self, repo: &RepoName, name: &str) -> Result<()>;

    /// Tags whose name holds what was typed, the latest first.
    async fn tags(&self, repo: &RepoName, typed: &str, limit: usize) -> Result<Vec<Tag>>;

    /// Sets a tag.
    async fn create_tag(&self, repo: &RepoName, new: &NewTag) -> Result<Tag>;

    /// Deletes a tag.
    async fn delete_tag(&self, repo: &RepoName, name: &str) -> Result<()>;

    // ── code ──

    /// The newest commits that fit.
    async fn commits(&self, repo: &RepoName, filter: &CommitFilter, limit: usize) -> Result<Vec<Commit>>;

    /// Commits that fit, one after the other as they come in, `most` at most.
    fn each_commit<'a>(
        &'a self,
        repo: &'a RepoName,
        filter: &'a CommitFilter,
        most: usize,
    ) -> Each<'a, Commit>;

    /// One commit, by its hash or a branch or tag that points to it, with what was built of it.
    async fn commit(&self, repo: &RepoName, at: &str) -> Result<CommitDetail>;

    /// What one end brings that the other does not have; as many commits and files as `limit`.
    async fn compare(&self, repo: &RepoName, range: &Range, limit: usize) -> Result<Comparison>;

    /// The files that changed between two ends.
    async fn changes(&self, repo: &RepoName, range: &Range, limit: usize) -> Result<Changes>;

    /// The difference between two ends as text, of one file or of all.
    async fn diff(&self, repo: &RepoName, range: &Range, path: Option<&str>) -> Result<Diff>;

    /// What one commit changed beside its first parent, as text.
    async fn commit_diff(&self, repo: &RepoName, hash: &str) -> Result<Diff>;

    /// The pull requests that a commit is part of, where Bitbucket keeps track of that.
    async fn pull_requests_with(&self, repo: &RepoName, hash: &str, limit: usize) -> Result<Vec<Mention>>;

    /// Lines of a text file as it stands at a branch, tag or commit, or on the main branch.
    async fn file(&self, repo: &RepoName, path: &str, at: Option<&str>, lines: Lines) -> Result<FileText>;

    // ── pull requests ──

    /// One pull request as it stands now.
    async fn pull_request(&self, pr: &PrName) -> Result<PullRequest>;

    /// The pull requests that fit, the newest first.
    async fn pull_requests(
        &self,
        repo: &RepoName,
        filter: &PullRequestFilter,
        limit: usize,
    ) -> Result<Vec<PullRequest>>;

    /// The pull requests that fit, one after the other as they come in, `most` at most.
    fn each_pull_request<'a>(
        &'a self,
        repo: &'a RepoName,
        filter: &'a PullRequestFilter,
        most: usize,
    ) -> Each<'a, PullRequest>;

    /// The open ones I wrote, the newest first.
    async fn my_pull_requests(&self, limit: usize) -> Result<Vec<PullRequest>>;

    /// The open ones that wait for my review, the oldest first: in `followed` where Bitbucket cannot look
    /// everywhere at once.
    async fn review_queue(&self, followed: &[RepoName], limit: usize) -> Result<ReviewQueue>;

    /// Opens a pull request and asks the default reviewers.
    async fn open_pull_request(&self, new: &NewPullRequest) -> Result<PullRequest>;

    /// Changes what is said of it.
    async fn update_pull_request(&self, pr: &PrName, change: &PullRequestChange) -> Result<PullRequest>;

    /// Approves; doing it twice is as good as once.
    async fn approve(&self, pr: &PrName) -> Result<()>;

    /// Takes my approval back.
    async fn unapprove(&self, pr: &PrName) -> Result<()>;

    /// Asks for changes.
    async fn request_changes(&self, pr: &PrName) -> Result<()>;

    /// No longer asks for changes.
    async fn withdraw_request(&self, pr: &PrName) -> Result<()>;

    /// Asks somebody to review.
    async fn add_reviewer(&self, pr: &PrName, who: &PersonId) -> Result<()>;

    /// No longer asks them.
    async fn remove_reviewer(&self, pr: &PrName, who: &PersonId) -> Result<()>;

    /// The ways it can be merged.
    async fn merge_strategies(&self, pr: &PrName) -> Result<Strategies>;

    /// Whether it can be merged, and what stands in the way.
    async fn mergeability(&self, pr: &PrName) -> Result<Mergeability>;

    /// Merges, and gives back what became of the pull request.
    async fn merge(&self, pr: &PrName, how: &Merge) -> Result<PullRequest>;

    /// Declines it, with a reason where there is one.
    async fn decline(&self, pr: &PrName, reason: Option<&str>) -> Result<PullRequest>;

    /// Whether a declined one can be opened again.
    fn reopens(&self) -> bool;

    /// Opens a declined one again.
    async fn reopen(&self, pr: &PrName) -> Result<PullRequest>;

    /// What happened to it, the newest first.
    async fn activity(&self, pr: &PrName, limit: usize) -> Result<Vec<Activity>>;

    /// What was built of it.
    async fn checks(&self, pr: &PrName, limit: usize) -> Result<Vec<Build>>;

    /// Its commits, the newest first.
    async fn pull_request_commits(&self, pr: &PrName, limit: usize) -> Result<Vec<Commit>>;

    /// The files it changes.
    async fn pull_request_changes(&self, pr: &PrName, limit: usize) -> Result<Changes>;

    /// Its difference as text.
    async fn pull_request_diff(&self, pr: &PrName) -> Result<Diff>;

    // ── comments and tasks ──

    /// Its comments, replies among them.
    async fn comments(&self, pr: &PrName, limit: usize) -> Result<Vec<Comment>>;

    /// One of its comments.
    async fn comment(&self, pr: &PrName, id: u64) -> Result<Comment>;

    /// Posts a comment, a reply, or a comment on a line.
    async fn add_comment(&self, pr: &PrName, new: &NewComment) -> Result<Comment>;

    /// Where a comment is read in a browser.
    fn comment_url(&self, pr: &PullRequest, id: u64) -> String;

    /// Says something else instead.
    async fn edit_comment(&self, pr: &PrName, id: u64, text: &str) -> Result<Comment>;

    /// Deletes a comment.
    async fn delete_comment(&self, pr: &PrName, id: u64) -> Result<()>;

    /// Settles the thread a comment begins, or opens it again.
    async fn resolve_comment(&self, pr: &PrName, id: u64, resolved: bool) -> Result<()>;

    /// What is to be done before it is merged, the done among it.
    async fn tasks(&self, pr: &PrName, limit: usize) -> Result<Vec<Task>>;

    /// Sets a task.
    async fn add_task(&self, pr: &PrName, new: &NewTask) -> Result<Task>;

    /// Says otherwise what is to be done.
    async fn edit_task(&self, pr: &PrName, id: u64, text: &str) -> Result<Task>;

    /// Ticks a task off, or takes the tick away.
    async fn settle_task(&self, pr: &PrName, id: u64, done: bool) -> Result<Task>;

    /// Deletes a task.
    async fn delete_task(&self, pr: &PrName, id: u64) -> Result<()>;

    // ── builds ──

    /// What was built of a commit, the newest first.
    async fn builds(&self, repo: &RepoName, hash: &str, limit: usize) -> Result<Vec<Build>>;

    /// Reports a build of a commit; the same key again replaces what it said before.
    async fn report_build(&self, repo: &RepoName, hash: &str, new: &NewBuild) -> Result<()>;

    // ── rights ──

    /// Who may do what in a repository, by what was given on it and on its project, where one may see that.
    async fn rights(&self, repo: &RepoName, limit: usize) -> Result<Vec<Right>>;

    /// Whether I administer a repository, as far as that can be known with what I allowed.
    async fn administers(&self, repo: &RepoName) -> Result<bool>;

    /// The project that a repository is in.
    async fn project_of(&self, repo: &RepoName) -> Result<ProjectName>;

    /// What somebody was given on the repository or the project itself.
    async fn right_of(&self, ground: &Ground, who: &PersonId) -> Result<Option<Level>>;

    /// Gives somebody a right there, in the place of what they had, or takes it away.
    async fn set_right(&self, ground: &Ground, who: &PersonId, level: Option<Level>) -> Result<()>;

    /// The same for a group, by its name.
    async fn set_group_right(&self, ground: &Ground, group: &str, level: Option<Level>) -> Result<()>;

    // ── upkeep ──

    /// What a repository's branches are protected from.
    async fn protections(&self, repo: &RepoName, limit: usize) -> Result<Vec<Protection>>;

    /// Protects branches of this name or form from something, in the place of the restriction that is `known`
    /// where it is only changed.
    async fn protect(&self, repo: &RepoName, what: (&str, &Guard), known: Option<&str>) -> Result<()>;

    /// Lifts a restriction.
    async fn unprotect(&self, repo: &RepoName, id: &str) -> Result<()>;

    /// Makes a repository.
    async fn create_repository(&self, new: &NewRepository) -> Result<Repository>;

    /// Changes what is said of a repository.
    async fn update_repository(&self, repo: &RepoName, change: &RepositoryChange) -> Result<Repository>;

    /// Makes a fork of a repository.
    async fn fork_repository(&self, repo: &RepoName, into: &RepoName) -> Result<Repository>;

    /// Deletes a repository with all that is in it.
    async fn delete_repository(&self, repo: &RepoName) -> Result<()>;

    // ── pipelines ──

    /// The newest runs, of one branch or of all.
    async fn runs(&self, repo: &RepoName, branch: Option<&str>, limit: usize) -> Result<Vec<Run>>;

    /// One run as it stands now, by its id.
    async fn run(&self, repo: &RepoName, id: &str) -> Result<Run>;

    /// The steps of a run.
    async fn run_steps(&self, repo: &RepoName, id: &str) -> Result<Vec<Step>>;

    /// Starts a run.
    async fn start_run(&self, repo: &RepoName, new: &NewRun) -> Result<Run>;

    /// Stops a run.
    async fn stop_run(&self, repo: &RepoName, id: &str) -> Result<()>;

    /// The end of a step's log.
    async fn step_log(&self, repo: &RepoName, id: &str, step: &str) -> Result<String>;

    /// What was deployed where, the newest first.
    async fn deployments(&self, repo: &RepoName, limit: usize) -> Result<Vec<Deployment>>;

    // ── webhooks ──

    /// The webhooks there.
    async fn webhooks(&self, place: &HookPlace, limit: usize) -> Result<Vec<Webhook>>;

    /// Makes one, signed with a random secret of its own.
    async fn create_webhook(&self, place: &HookPlace, new: &HookSettings) -> Result<Provisioned>;

    /// Changes one, and signs it with this secret from now on.
    async fn update_webhook(
        &self,
        place: &HookPlace,
        id: &str,
        settings: &HookSettings,
        secret: &Secret,
    ) -> Result<Webhook>;

    /// Removes one; it is as well when it is gone already.
    async fn delete_webhook(&self, place: &HookPlace, id: &str) -> Result<()>;

    /// Has Bitbucket send something to it, and says how that went.
    async fn test_webhook(&self, place: &HookPlace, hook: &Webhook) -> Result<String>;
}
