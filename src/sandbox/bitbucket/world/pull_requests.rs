//! Pull requests: what people do with them until they are merged or declined.

use super::{Comment, Event, Refusal, RepoId, Repository, What, World};

/// Where a pull request stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Open,
    Merged,
    Declined,
}

/// What a reviewer thinks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Verdict {
    #[default]
    None,
    Approved,
    ChangesRequested,
}

/// Where its source branch is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Origin {
    Here,
    /// Nowhere any more: the fork that it came from was deleted.
    LostFork,
}

#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own, as in Bitbucket")]
pub(in super::super) struct PullRequest {
    pub(in super::super) number: u64,
    pub(in super::super) title: String,
    pub(in super::super) description: String,
    pub(in super::super) author: String,
    pub(in super::super) source: String,
    pub(in super::super) destination: String,
    pub(in super::super) source_hash: String,
    pub(in super::super) destination_hash: String,
    pub(in super::super) reviewers: Vec<String>,
    pub(in super::super) participants: Vec<Participant>,
    pub(in super::super) state: State,
    pub(in super::super) draft: bool,
    pub(in super::super) conflicted: bool,
    pub(in super::super) origin: Origin,
    pub(in super::super) close_source: bool,
    pub(in super::super) comments: Vec<Comment>,
    /// All that was done to it, the oldest first.
    pub(in super::super) history: Vec<Event>,
    /// Data Center's optimistic lock.
    pub(in super::super) version: u64,
    pub(in super::super) merge_commit: Option<String>,
    pub(in super::super) closed_by: Option<String>,
    /// Gone, as only Data Center lets it go: nobody sees it any more.
    pub(in super::super) deleted: bool,
    pub(in super::super) created: i64,
    pub(in super::super) updated: i64,
}

/// Somebody who took part, reviewer or not.
#[derive(Clone, Debug)]
pub(in super::super) struct Participant {
    pub(in super::super) nickname: String,
    pub(in super::super) verdict: Verdict,
    pub(in super::super) at: i64,
    pub(in super::super) reviewed_hash: Option<String>,
}

/// A pull request about to be opened.
#[derive(Clone, Debug, Default)]
pub(in super::super) struct NewPullRequest {
    pub(in super::super) title: String,
    pub(in super::super) description: String,
    pub(in super::super) source: String,
    pub(in super::super) destination: String,
    pub(in super::super) reviewers: Vec<String>,
    pub(in super::super) draft: bool,
    pub(in super::super) close_source: bool,
}

impl Repository {
    /// Refuses reviewers who cannot review.
    pub(super) fn can_review(&self, author: &str, reviewers: &[String]) -> Result<(), Refusal> {
        if reviewers.iter().any(|one| one == author) {
            return Err(Refusal::AuthorAmongReviewers(author.to_owned()));
        }
        match reviewers.iter().find(|one| self.permission(one).is_none()) {
            Some(one) => Err(Refusal::ReviewerMayNotRead(one.clone())),
            None => Ok(()),
        }
    }
}

impl PullRequest {
    fn new(wish: NewPullRequest, author: &str, now: i64) -> Self {
        Self {
            number: 0,
            title: wish.title,
            description: wish.description,
            author: author.to_owned(),
            source: wish.source,
            destination: wish.destination,
            source_hash: String::new(),
            destination_hash: String::new(),
            reviewers: wish.reviewers,
            participants: Vec::new(),
            state: State::Open,
            draft: wish.draft,
            conflicted: false,
            origin: Origin::Here,
            close_source: wish.close_source,
            comments: Vec::new(),
            history: Vec::new(),
            version: 0,
            merge_commit: None,
            closed_by: None,
            deleted: false,
            created: now,
            updated: now,
        }
    }

    pub(in super::super) fn participant(&self, nickname: &str) -> Option<&Participant> {
        self.participants.iter().find(|one| one.nickname == nickname)
    }

    pub(in super::super) fn verdict(&self, nickname: &str) -> Verdict {
        self.participant(nickname).map(|one| one.verdict).unwrap_or_default()
    }

    /// Who thinks so, in the order in which they first took part.
    pub(in super::super) fn those_who(&self, verdict: Verdict) -> Vec<String> {
        let so = self.participants.iter().filter(|one| one.verdict == verdict);
        so.map(|one| one.nickname.clone()).collect()
    }

    pub(super) fn must_be_open(&self) -> Result<(), Refusal> {
        match self.state {
            State::Open => Ok(()),
            state => Err(Refusal::NotOpen(self.number, state)),
        }
    }

    /// The one taking part, from now on.
    pub(super) fn taking_part(&mut self, nickname: &str, now: i64) -> &mut Participant {
        let known = self.participants.iter().position(|one| one.nickname == nickname);
        let at = known.unwrap_or_else(|| {
            self.participants.push(Participant {
                nickname: nickname.to_owned(),
                verdict: Verdict::None,
                at: now,
                reviewed_hash: None,
            });
            self.participants.len() - 1
        });
        &mut self.participants[at]
    }
}

impl World {
    /// Opens a pull request and answers its number.
    pub(in super::super) fn open_pull_request(
        &mut self,
        repo: RepoId,
        author: &str,
        wish: NewPullRequest,
    ) -> Result<u64, Refusal> {
        self.person(author)?;
        let now = self.now();
        let here = self.repo_mut(repo)?;
        let source_hash = here.tip(&wish.source)?.to_owned();
        let destination_hash = here.tip(&wish.destination)?.to_owned();
        if here.reaches(&destination_hash, &source_hash) {
            return Err(Refusal::NothingToMerge(wish.source, wish.destination));
        }
        here.can_review(author, &wish.reviewers)?;
        let number = here.pull_requests.len() as u64 + 1;
        here.pull_requests.push(PullRequest {
            number,
            source_hash,
            destination_hash,
            ..PullRequest::new(wish, author, now)
        });
        self.tell(repo, author, What::Opened(number));
        Ok(number)
    }

    /// Somebody makes up their mind, or takes it back; saying the same again changes nothing.
    pub(in super::super) fn review(
        &mut self,
        (repo, number): (RepoId, u64),
        actor: &str,
        verdict: Verdict,
    ) -> Result<(), Refusal> {
        self.person(actor)?;
        let now = self.now();
        let pr = self.repo_mut(repo)?.pull_request_mut(number)?;
        pr.must_be_open()?;
        let before = pr.verdict(actor);
        if before == verdict {
            return Ok(());
        }
        let reviewed = pr.source_hash.clone();
        let one = pr.taking_part(actor, now);
        one.verdict = verdict;
        one.at = now;
        one.reviewed_hash = Some(reviewed);
        pr.updated = now;
        let what = What::Reviewed { number, before, after: verdict };
        self.tell(repo, actor, what);
        Ok(())
    }

    /// Closes a pull request without merging it.
    pub(in super::super) fn decline(
        &mut self,
        (repo, number): (RepoId, u64),
        actor: &str,
    ) -> Result<(), Refusal> {
        self.person(actor)?;
        let now = self.now();
        let pr = self.repo_mut(repo)?.pull_request_mut(number)?;
        pr.must_be_open()?;
        pr.state = State::Declined;
        pr.closed_by = Some(actor.to_owned());
        pr.version += 1;
        pr.updated = now;
        self.tell(repo, actor, What::Declined(number));
        Ok(())
    }

    /// Deletes a pull request, as only Data Center can.
    pub(in super::super) fn delete_pull_request(
        &mut self,
        (repo, number): (RepoId, u64),
        actor: &str,
    ) -> Result<(), Refusal> {
        self.person(actor)?;
        self.repo_mut(repo)?.pull_request_mut(number)?.deleted = true;
        self.tell(repo, actor, What::Deleted(number));
        Ok(())
    }

    /// Opens a declined pull request again, as far as its branches are still there.
    pub(in super::super) fn reopen(
        &mut self,
        (repo, number): (RepoId, u64),
        actor: &str,
    ) -> Result<(), Refusal> {
        self.person(actor)?;
        let now = self.now();
        let here = self.repo_mut(repo)?;
        let pr = here.pull_request(number)?;
        if pr.state != State::Declined {
            return Err(Refusal::NotDeclined(number, pr.state));
        }
        let source_hash = here.tip(&pr.source)?.to_owned();
        let destination_hash = here.tip(&pr.destination)?.to_owned();
        let pr = here.pull_request_mut(number)?;
        pr.state = State::Open;
        pr.closed_by = None;
        (pr.source_hash, pr.destination_hash) = (source_hash, destination_hash);
        pr.version += 1;
        pr.updated = now;
        self.tell(repo, actor, What::Reopened(number));
        Ok(())
    }
}
