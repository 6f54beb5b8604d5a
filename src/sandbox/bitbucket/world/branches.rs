//! Branches and tags: what they are called, and what moving them tells.

use super::{Event, RefChange, RefKind, Refusal, RepoId, Repository, State, Touched, Verdict, What, World};

/// A name for a commit that does not move.
#[derive(Clone, Debug)]
pub(in super::super) struct Tag {
    pub(in super::super) hash: String,
    /// Absent from a lightweight tag, together with who made it.
    pub(in super::super) message: Option<String>,
    pub(in super::super) tagger: String,
    pub(in super::super) date: i64,
}

impl Repository {
    /// The hash that a branch points at.
    pub(in super::super) fn tip(&self, branch: &str) -> Result<&str, Refusal> {
        self.branches.get(branch).map(String::as_str).ok_or_else(|| Refusal::NoSuchBranch(branch.to_owned()))
    }

    pub(in super::super) fn tag(&self, name: &str) -> Result<&Tag, Refusal> {
        self.tags.get(name).ok_or_else(|| Refusal::NoSuchTag(name.to_owned()))
    }
}

impl World {
    /// Makes a branch where the main branch stands, unless there is one of that name.
    pub(in super::super) fn add_branch(&mut self, repo: RepoId, branch: &str) -> Result<(), Refusal> {
        let here = self.repo_mut(repo)?;
        let tip = here.tip(&here.main_branch)?.to_owned();
        here.branches.entry(branch.to_owned()).or_insert(tip);
        Ok(())
    }

    /// Makes a branch at a commit, and tells of it.
    pub(in super::super) fn create_branch(
        &mut self,
        repo: RepoId,
        (branch, at): (&str, &str),
        actor: &str,
    ) -> Result<(), Refusal> {
        let here = self.repo_mut(repo)?;
        proper(branch)?;
        if here.branches.contains_key(branch) {
            return Err(Refusal::BranchExists(branch.to_owned()));
        }
        let hash = here.resolve(at)?.hash.clone();
        here.branches.insert(branch.to_owned(), hash.clone());
        self.tell_of_push(repo, actor, (branch, None, Some(hash)))
    }

    /// Names a commit, and tells of it.
    pub(in super::super) fn create_tag(
        &mut self,
        repo: RepoId,
        (name, at): (&str, &str),
        message: Option<&str>,
        actor: &str,
    ) -> Result<(), Refusal> {
        let date = self.now();
        let here = self.repo_mut(repo)?;
        proper(name)?;
        if here.tags.contains_key(name) {
            return Err(Refusal::TagExists(name.to_owned()));
        }
        let hash = here.resolve(at)?.hash.clone();
        let message = message.map(str::to_owned);
        here.tags
            .insert(name.to_owned(), Tag { hash: hash.clone(), message, tagger: actor.to_owned(), date });
        let change = RefChange {
            kind: RefKind::Tag,
            name: name.to_owned(),
            old: None,
            new: Some(hash),
            forced: false,
        };
        self.tell(repo, actor, What::Pushed(change));
        Ok(())
    }

    /// Takes a name away, and tells of it.
    pub(in super::super) fn delete_tag(
        &mut self,
        repo: RepoId,
        name: &str,
        actor: &str,
    ) -> Result<(), Refusal> {
        let gone = self.repo_mut(repo)?.tags.remove(name);
        let old = Some(gone.ok_or_else(|| Refusal::NoSuchTag(name.to_owned()))?.hash);
        let change = RefChange { kind: RefKind::Tag, name: name.to_owned(), old, new: None, forced: false };
        self.tell(repo, actor, What::Pushed(change));
        Ok(())
    }

    /// Pushes commits onto a branch, which is made when it is missing.
    pub(in super::super) fn push(
        &mut self,
        repo: RepoId,
        branch: &str,
        actor: &str,
        commits: &[(&str, Touched)],
    ) -> Result<String, Refusal> {
        self.person(actor)?;
        let old = self.repo(repo)?.tip(branch).ok().map(str::to_owned);
        self.add_branch(repo, branch)?;
        for (message, touched) in commits {
            self.commit_quietly(repo, branch, (actor, message), touched.clone())?;
        }
        let new = self.repo(repo)?.tip(branch)?.to_owned();
        self.tell_of_push(repo, actor, (branch, old, Some(new.clone())))?;
        Ok(new)
    }

    /// Writes a branch's last commit anew, so that its history is another one.
    pub(in super::super) fn force_push(
        &mut self,
        repo: RepoId,
        branch: &str,
        actor: &str,
        message: &str,
    ) -> Result<String, Refusal> {
        self.person(actor)?;
        let here = self.repo(repo)?;
        let tip = here.commit(here.tip(branch)?)?;
        let (old, parents, touched) = (tip.hash.clone(), tip.parents.clone(), tip.touched.clone());
        let new = super::NewCommit { parents, author: actor, message, touched };
        let new = self.write_commit(repo, new)?;
        self.move_branch(repo, branch, &new)?;
        self.tell_of_push(repo, actor, (branch, Some(old), Some(new.clone())))?;
        Ok(new)
    }

    /// Removes a branch, but never the main one.
    pub(in super::super) fn delete_branch(
        &mut self,
        repo: RepoId,
        branch: &str,
        actor: &str,
    ) -> Result<(), Refusal> {
        let here = self.repo_mut(repo)?;
        if here.main_branch == branch {
            return Err(Refusal::MainBranch(branch.to_owned()));
        }
        let old = here.branches.remove(branch);
        let old = old.ok_or_else(|| Refusal::NoSuchBranch(branch.to_owned()))?;
        self.tell_of_push(repo, actor, (branch, Some(old), None))
    }

    /// Records a branch's move, and that of the open pull requests which come from it.
    pub(super) fn tell_of_push(
        &mut self,
        repo: RepoId,
        actor: &str,
        (branch, old, new): (&str, Option<String>, Option<String>),
    ) -> Result<(), Refusal> {
        let here = self.repo(repo)?;
        let moved = old.as_ref().is_some_and(|old| new.as_ref().is_some_and(|new| new != old));
        let numbers: Vec<u64> = here
            .pull_requests
            .iter()
            .filter(|pr| moved && pr.state == State::Open && pr.source == branch)
            .map(|pr| pr.number)
            .collect();
        let forced = match (&old, &new) {
            (Some(old), Some(new)) => !here.reaches(new, old),
            _ => false,
        };
        let before = old.clone().unwrap_or_default();
        let after = new.clone().unwrap_or_default();
        let change = RefChange { kind: RefKind::Branch, name: branch.to_owned(), old, new, forced };
        self.tell(repo, actor, What::Pushed(change));
        for number in numbers {
            let (hash_before, hash_after) = (before.clone(), after.clone());
            self.tell(repo, actor, What::SourceMoved { number, hash_before, hash_after });
        }
        Ok(())
    }

    /// Points a branch elsewhere; open pull requests follow.
    pub(super) fn move_branch(&mut self, repo: RepoId, branch: &str, hash: &str) -> Result<(), Refusal> {
        let now = self.now();
        let here = self.repo_mut(repo)?;
        here.branches.insert(branch.to_owned(), hash.to_owned());
        let resets = here.resets_reviews;
        for pr in here.pull_requests.iter_mut().filter(|pr| pr.state == State::Open) {
            if pr.source == branch {
                hash.clone_into(&mut pr.source_hash);
                let reset = pr.participants.iter_mut().filter(|_| resets);
                reset.for_each(|one| one.verdict = Verdict::None);
                pr.version += 1;
                pr.updated = now;
            }
            if pr.destination == branch {
                hash.clone_into(&mut pr.destination_hash);
            }
        }
        Ok(())
    }

    /// Notes down what happened, for webhooks and for a pull request's own history.
    pub(super) fn tell(&mut self, repo: RepoId, actor: &str, what: What) {
        let (actor, at) = (actor.to_owned(), self.now());
        let event = Event { repo, actor, at, what };
        if let Some(number) = event.what.pull_request()
            && let Ok(pr) = self.repo_mut(repo).and_then(|here| here.pull_request_mut(number))
        {
            pr.history.push(event.clone());
        }
        self.events.push(event);
    }
}

/// Refuses what Git would not take as a name.
fn proper(name: &str) -> Result<(), Refusal> {
    let spoilt = name.is_empty()
        || name.contains("..")
        || name.starts_with(['/', '-'])
        || name.ends_with(['/', '.'])
        || name.contains(|c: char| c.is_whitespace() || "~^:?*[\\".contains(c));
    if spoilt { Err(Refusal::BadRefName(name.to_owned())) } else { Ok(()) }
}
