//! Bodies as Bitbucket Cloud writes them, and what they mean in our words.

use serde::Deserialize;

use crate::bitbucket::lenient::{Lacks, Listed, Maybe, Moment};
use crate::bitbucket::site::Home;
use crate::words::commit;
use crate::words::names::{PersonId, PrName, RepoName};
use crate::words::pull_request::{self, Person, Review, State, Verdict};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Account {
    pub uuid: Maybe<String>,
    #[serde(rename = "account_id")]
    atlassian_id: Maybe<String>,
    display_name: Maybe<String>,
    nickname: Maybe<String>,
    username: Maybe<String>,
    /// Told only of those who were asked for by it.
    pub email: Maybe<String>,
    #[serde(rename = "type")]
    kind: Maybe<String>,
}

impl Account {
    /// Whether it is no person: an app, or the bearer of an access token.
    pub(super) fn is_bot(&self) -> bool {
        self.kind.as_deref().is_some_and(|kind| kind != "user" && kind != "team")
    }

    pub(super) fn person(self) -> Person {
        let nickname = self.nickname.0.or(self.username.0);
        let id = self.uuid.0.or(self.atlassian_id.0);
        match self.display_name.0.or_else(|| nickname.clone()) {
            Some(name) => Person { id: PersonId::new(id.unwrap_or_default()), name, nickname },
            None => Person { id: PersonId::new(id.unwrap_or_default()), ..Person::unknown() },
        }
    }
}

pub(super) fn person(account: Maybe<Account>) -> Person {
    account.0.map_or_else(Person::unknown, Account::person)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Named {
    pub name: Maybe<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Hashed {
    pub hash: Maybe<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Repository {
    full_name: Maybe<String>,
    mainbranch: Maybe<Named>,
    description: Maybe<String>,
    is_private: Maybe<bool>,
    pub updated_on: Maybe<Moment>,
}

impl Repository {
    pub(super) fn name(&self, home: &Home) -> Option<RepoName> {
        let (owner, slug) = self.full_name.as_ref()?.split_once('/')?;
        home.repo(owner, slug)
    }

    pub(super) fn decode(self, home: &Home) -> Result<commit::Repository, Lacks> {
        let name = self.name(home).ok_or(Lacks("the repository's name"))?;
        Ok(commit::Repository {
            url: home.page(&[&name.owner, &name.slug]),
            name,
            main_branch: self.mainbranch.0.and_then(|branch| branch.name.0),
            description: self.description.0.filter(|said| !said.trim().is_empty()),
            public: self.is_private.0 == Some(false),
            archived: false,
        })
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Endpoint {
    branch: Maybe<Named>,
    commit: Maybe<Hashed>,
    repository: Maybe<Repository>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Participant {
    user: Maybe<Account>,
    role: Maybe<String>,
    approved: Maybe<bool>,
    state: Maybe<String>,
}

impl Participant {
    fn verdict(&self) -> Verdict {
        match self.state.as_deref() {
            Some("approved") => Verdict::Approved,
            Some("changes_requested") => Verdict::NeedsWork,
            _ if self.approved.0 == Some(true) => Verdict::Approved,
            _ => Verdict::Waiting,
        }
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Summary {
    pub raw: Maybe<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct PullRequest {
    id: Maybe<u64>,
    title: Maybe<String>,
    description: Maybe<String>,
    summary: Maybe<Summary>,
    state: Maybe<String>,
    draft: Maybe<bool>,
    author: Maybe<Account>,
    source: Maybe<Endpoint>,
    destination: Maybe<Endpoint>,
    reviewers: Listed<Account>,
    participants: Listed<Participant>,
    comment_count: Maybe<u64>,
    task_count: Maybe<u64>,
    created_on: Maybe<Moment>,
    updated_on: Maybe<Moment>,
    closed_by: Maybe<Account>,
    merge_commit: Maybe<Hashed>,
}

impl PullRequest {
    /// `around` is the repository it was found in, should it not say so itself.
    pub(super) fn decode(
        self,
        home: &Home,
        around: Option<&RepoName>,
    ) -> Result<pull_request::PullRequest, Lacks> {
        let source = self.source.0.unwrap_or_default();
        let target = self.destination.0.ok_or(Lacks("the pull request's destination"))?;
        let repo = target.repository.as_ref().and_then(|repo| repo.name(home));
        let known = repo.is_some();
        let repo = repo.or_else(|| around.cloned()).ok_or(Lacks("the repository's name"))?;
        let number = self.id.0.filter(|id| *id > 0).ok_or(Lacks("the pull request's number"))?;
        let title = self.title.0.ok_or(Lacks("the pull request's title"))?;
        let target = target.branch.0.and_then(|branch| branch.name.0);
        let source_repo = source.repository.as_ref().and_then(|from| from.name(home));
        let fork_gone = source_repo.is_none() && known;
        let head = source.commit.0.and_then(|commit| commit.hash.0);
        let created_at = self.created_on.map_or(0, |at| at.0);
        Ok(pull_request::PullRequest {
            title,
            description: self.description.0.or_else(|| self.summary.0?.raw.0).unwrap_or_default(),
            author: person(self.author),
            state: state(self.state.as_deref()),
            draft: self.draft.unwrap_or_default(),
            source: source
                .branch
                .0
                .and_then(|branch| branch.name.0)
                .or_else(|| head.clone())
                .unwrap_or_default(),
            source_repo: source_repo.filter(|from| *from != repo),
            fork_gone,
            target: target.ok_or(Lacks("the pull request's target branch"))?,
            head,
            reviews: reviews(self.reviewers.0, self.participants.0),
            comments: self.comment_count.0,
            open_tasks: self.task_count.0,
            url: home.page(&[&repo.owner, &repo.slug, "pull-requests", &number.to_string()]),
            name: PrName { repo, number },
            created_at,
            updated_at: self.updated_on.map_or(created_at, |at| at.0),
            version: None,
            closed_by: self.closed_by.0.map(Account::person),
            merge_commit: self.merge_commit.0.and_then(|commit| commit.hash.0),
        })
    }
}

fn state(state: Option<&str>) -> State {
    match state {
        Some("MERGED") => State::Merged,
        Some("DECLINED") => State::Declined,
        Some("SUPERSEDED") => State::Superseded,
        // Cloud invents states (QUEUED, say); none of the closing ones escaped us so far.
        _ => State::Open,
    }
}

/// Those who were asked, and those who spoke unasked.
fn reviews(reviewers: Vec<Account>, participants: Vec<Participant>) -> Vec<Review> {
    let mut reviews: Vec<Review> = reviewers
        .into_iter()
        .map(|account| Review { person: account.person(), verdict: Verdict::Waiting, asked: true })
        .collect();
    for participant in participants {
        let verdict = participant.verdict();
        let asked = participant.role.as_deref() == Some("REVIEWER");
        let person = person(participant.user);
        let known = |review: &&mut Review| !person.id.as_str().is_empty() && review.person.id == person.id;
        if let Some(review) = reviews.iter_mut().find(known) {
            review.verdict = verdict;
        } else if asked || verdict != Verdict::Waiting {
            reviews.push(Review { person, verdict, asked });
        }
    }
    reviews
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Author {
    raw: Maybe<String>,
    user: Maybe<Account>,
}

impl Author {
    /// Whether the name or the address holds this, whatever the case.
    fn holds(&self, typed: &str) -> bool {
        let account = self.user.as_ref();
        let names = [self.raw.as_ref(), account.and_then(|account| account.nickname.as_ref())];
        names.into_iter().flatten().any(|name| name.to_lowercase().contains(typed))
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Commit {
    hash: Maybe<String>,
    message: Maybe<String>,
    date: Maybe<Moment>,
    author: Maybe<Author>,
}

impl Commit {
    /// Whether the name or the address of its author holds this, in lower case.
    pub(super) fn is_by(&self, typed: &str) -> bool {
        self.author.as_ref().is_some_and(|author| author.holds(typed))
    }

    pub(super) fn decode(self, home: &Home, repo: &RepoName) -> Result<commit::Commit, Lacks> {
        let hash = self.hash.0.ok_or(Lacks("the commit's hash"))?;
        let author = self.author.0.unwrap_or_default();
        let raw = author.raw.0.unwrap_or_default();
        let name = raw.split('<').next().unwrap_or_default().trim();
        Ok(commit::Commit {
            url: home.page(&[&repo.owner, &repo.slug, "commits", &hash]),
            hash,
            message: self.message.0.unwrap_or_default(),
            author: if name.is_empty() { person(author.user).name } else { name.to_owned() },
            at: self.date.map_or(0, |at| at.0),
        })
    }
}

/// An entry of the list of workspaces, and of the list of default reviewers.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Entry {
    workspace: Maybe<Workspace>,
    pub user: Maybe<Account>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Workspace {
    slug: Maybe<String>,
}

impl Entry {
    pub(super) fn workspace(self) -> Option<String> {
        self.workspace.0?.slug.0
    }
}
