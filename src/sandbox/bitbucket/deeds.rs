//! What people do in Bitbucket's own pages: each deed is told by webhook.

use super::Bitbucket;
use super::repo_handle::RepoHandle;
use super::world::{
    BuildState, Comment, Commit, Edition, MergeWish, NewPullRequest, Person, PullRequest, Refusal,
    Repository, State, Status, Strategy, Touched, Verdict,
};

/// A pull request as it stands, to compare with what a test expects.
#[derive(Clone, Debug)]
pub struct PullRequestState {
    pub number: u64,
    pub title: String,
    pub description: String,
    pub author: String,
    pub source: String,
    pub destination: String,
    pub source_hash: String,
    pub state: State,
    pub draft: bool,
    pub reviewers: Vec<String>,
    /// Who approves, by nickname.
    pub approvals: Vec<String>,
    pub changes_requested: Vec<String>,
    pub comments: Vec<Comment>,
    pub version: u64,
    /// The commit that a merge made, with its message and parents.
    pub merge_commit: Option<Commit>,
    pub closed_by: Option<String>,
}

impl PullRequestState {
    pub fn is_open(&self) -> bool {
        self.state == State::Open
    }

    fn of(pr: &PullRequest, merge_commit: Option<Commit>) -> Self {
        Self {
            number: pr.number,
            title: pr.title.clone(),
            description: pr.description.clone(),
            author: pr.author.clone(),
            source: pr.source.clone(),
            destination: pr.destination.clone(),
            source_hash: pr.source_hash.clone(),
            state: pr.state,
            draft: pr.draft,
            reviewers: pr.reviewers.clone(),
            approvals: pr.those_who(Verdict::Approved),
            changes_requested: pr.those_who(Verdict::ChangesRequested),
            comments: pr.said().cloned().collect(),
            version: pr.version,
            merge_commit,
            closed_by: pr.closed_by.clone(),
        }
    }
}

/// A pull request to be opened with more than a title.
#[derive(Clone, Debug, Default)]
pub struct Opening<'a> {
    pub title: &'a str,
    pub description: &'a str,
    pub from: &'a str,
    pub to: &'a str,
    pub reviewers: &'a [&'a str],
    pub draft: bool,
    pub close_source: bool,
}

impl Bitbucket {
    /// Adds a person to both editions, who has different ids on each.
    pub fn add_person(&self, nickname: &str, display_name: &str, email: &str) -> Person {
        self.shared.act(|world| world.add_person(nickname, display_name, email))
    }

    /// Everybody who can sign in.
    pub fn people(&self) -> Vec<Person> {
        self.shared.look(|world| world.humans().cloned().collect())
    }

    /// Adds a private repository (`web/api`) with a main branch and nobody who may see it.
    pub fn add_repository(&self, edition: Edition, name: &str) -> RepoHandle {
        let (id, name) = self.shared.act(|world| world.add_repository(edition, name));
        RepoHandle::new(self.clone(), edition, id, name)
    }

    /// Every repository there is.
    pub fn repositories(&self) -> Vec<RepoHandle> {
        let handle =
            |repo: &Repository| RepoHandle::new(self.clone(), repo.edition, repo.id, repo.full_name());
        self.shared.look(|world| world.repositories.iter().map(handle).collect())
    }

    /// Opens a pull request, asking the default reviewers for review, and answers its number.
    pub fn open_pull_request(
        &self,
        repo: &RepoHandle,
        by: &str,
        title: &str,
        (from, to): (&str, &str),
    ) -> Result<u64, Refusal> {
        let defaults =
            self.shared.look(|world| world.repo(repo.id).map(|here| here.default_reviewers.clone()))?;
        let reviewers: Vec<&str> = defaults.iter().map(String::as_str).filter(|&one| one != by).collect();
        let opening = Opening { title, from, to, reviewers: &reviewers, ..Opening::default() };
        self.open(repo, by, &opening)
    }

    /// Opens a pull request exactly so, and answers its number.
    pub fn open(&self, repo: &RepoHandle, by: &str, opening: &Opening<'_>) -> Result<u64, Refusal> {
        let wish = NewPullRequest {
            title: opening.title.to_owned(),
            description: opening.description.to_owned(),
            source: opening.from.to_owned(),
            destination: opening.to.to_owned(),
            reviewers: opening.reviewers.iter().map(|&one| one.to_owned()).collect(),
            draft: opening.draft,
            close_source: opening.close_source,
        };
        self.shared.act(|world| world.open_pull_request(repo.id, by, wish))
    }

    /// Gives a pull request another title.
    pub fn retitle(&self, repo: &RepoHandle, number: u64, by: &str, title: &str) -> Result<(), Refusal> {
        repo.pull_request(number).retitle(by, title)
    }

    pub fn approve(&self, repo: &RepoHandle, number: u64, by: &str) -> Result<(), Refusal> {
        self.review(repo, number, by, Verdict::Approved)
    }

    pub fn unapprove(&self, repo: &RepoHandle, number: u64, by: &str) -> Result<(), Refusal> {
        self.review(repo, number, by, Verdict::None)
    }

    pub fn request_changes(&self, repo: &RepoHandle, number: u64, by: &str) -> Result<(), Refusal> {
        self.review(repo, number, by, Verdict::ChangesRequested)
    }

    fn review(&self, repo: &RepoHandle, number: u64, by: &str, verdict: Verdict) -> Result<(), Refusal> {
        self.shared.act(|world| world.review((repo.id, number), by, verdict))
    }

    /// Says something, and answers the comment's id.
    pub fn comment(&self, repo: &RepoHandle, number: u64, by: &str, text: &str) -> Result<u64, Refusal> {
        repo.pull_request(number).comment(by, text)
    }

    /// Leaves a task, and answers its id.
    pub fn add_task(&self, repo: &RepoHandle, number: u64, by: &str, text: &str) -> Result<u64, Refusal> {
        repo.pull_request(number).task(by, text)
    }

    /// The one who left a task ticks it off.
    pub fn resolve_task(&self, repo: &RepoHandle, number: u64, task: u64) -> Result<(), Refusal> {
        let known = repo.pull_request(number).state()?.comments.into_iter().find(|one| one.id == task);
        let author = known.ok_or(Refusal::NoSuchComment(task))?.author;
        repo.pull_request(number).resolve(&author, task)
    }

    pub fn decline(&self, repo: &RepoHandle, number: u64, by: &str) -> Result<(), Refusal> {
        self.shared.act(|world| world.decline((repo.id, number), by))
    }

    /// Merges by the repository's default strategy, or says what is in the way.
    pub fn merge(&self, repo: &RepoHandle, number: u64, by: &str) -> Result<(), Refusal> {
        self.shared.act(|world| world.merge((repo.id, number), by, &MergeWish::default()))
    }

    /// Merges by this strategy, or says what is in the way.
    pub fn merge_by(
        &self,
        repo: &RepoHandle,
        number: u64,
        by: &str,
        strategy: Strategy,
    ) -> Result<(), Refusal> {
        let wish = MergeWish { strategy: Some(strategy), ..MergeWish::default() };
        self.shared.act(|world| world.merge((repo.id, number), by, &wish))
    }

    /// Pushes commits to a branch, which is made when it is missing, and answers its new hash.
    pub fn push(
        &self,
        repo: &RepoHandle,
        branch: &str,
        by: &str,
        messages: &[&str],
    ) -> Result<String, Refusal> {
        let commits: Vec<(&str, Touched)> =
            messages.iter().map(|message| (*message, Touched::new())).collect();
        self.shared.act(|world| world.push(repo.id, branch, by, &commits))
    }

    /// Writes a branch's last commit anew and pushes that by force, and answers the branch's new hash.
    pub fn force_push(
        &self,
        repo: &RepoHandle,
        branch: &str,
        by: &str,
        message: &str,
    ) -> Result<String, Refusal> {
        self.shared.act(|world| world.force_push(repo.id, branch, by, message))
    }

    /// Tags a commit, given by branch or hash.
    pub fn tag(&self, repo: &RepoHandle, name: &str, at: &str, by: &str) -> Result<(), Refusal> {
        self.shared.act(|world| world.create_tag(repo.id, (name, at), None, by))
    }

    pub fn delete_tag(&self, repo: &RepoHandle, name: &str, by: &str) -> Result<(), Refusal> {
        self.shared.act(|world| world.delete_tag(repo.id, name, by))
    }

    pub fn delete_branch(&self, repo: &RepoHandle, branch: &str, by: &str) -> Result<(), Refusal> {
        self.shared.act(|world| world.delete_branch(repo.id, branch, by))
    }

    /// A build system speaks of the newest commit of a branch.
    pub fn add_build(
        &self,
        repo: &RepoHandle,
        branch: &str,
        key: &str,
        state: BuildState,
    ) -> Result<(), Refusal> {
        self.shared.act(|world| {
            let status = Status {
                hash: world.repo(repo.id)?.resolve(branch)?.hash.clone(),
                key: key.to_owned(),
                state,
                name: format!("Build {key}"),
                url: format!("https://builds.example.test/{key}"),
                description: String::new(),
                refname: Some(branch.to_owned()),
                created: 0,
                updated: 0,
            };
            world.report_build(repo.id, super::SERVICE, status).map(|_| ())
        })
    }

    /// How a pull request stands now.
    pub fn pull_request(&self, repo: &RepoHandle, number: u64) -> Result<PullRequestState, Refusal> {
        self.shared.look(|world| {
            let here = world.repo(repo.id)?;
            let pr = here.pull_request(number)?;
            let merged = pr.merge_commit.as_ref().and_then(|hash| here.commits.get(hash));
            Ok(PullRequestState::of(pr, merged.cloned()))
        })
    }
}
