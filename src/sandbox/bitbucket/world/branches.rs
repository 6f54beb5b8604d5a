//! Branches and the commits they reach.

use std::collections::{BTreeMap, BTreeSet};

use super::{Event, RefChange, Refusal, RepoId, Repository, State, What, World, digest};

/// One commit.
#[derive(Clone, Debug)]
pub struct Commit {
    pub hash: String,
    pub message: String,
    /// The author's nickname; somebody without an account when nobody is called so.
    pub author: String,
    pub date: i64,
    pub parents: Vec<String>,
    pub files: Vec<FileChange>,
    pub(in super::super) sequence: u64,
}

/// What a commit did to one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileChange {
    pub path: String,
    /// Whether the file is new.
    pub added: bool,
    pub lines_added: u32,
    pub lines_removed: u32,
}

impl Repository {
    /// The hash that a branch points at.
    pub(in super::super) fn tip(&self, branch: &str) -> Result<&str, Refusal> {
        self.branches.get(branch).map(String::as_str).ok_or_else(|| Refusal::NoSuchBranch(branch.to_owned()))
    }

    /// A commit by its whole hash or at least seven digits of it.
    pub(in super::super) fn commit(&self, hash: &str) -> Result<&Commit, Refusal> {
        let found = match self.commits.get(hash) {
            None if hash.len() >= 7 => self.commits.values().find(|commit| commit.hash.starts_with(hash)),
            whole => whole,
        };
        found.ok_or_else(|| Refusal::NoSuchCommit(hash.to_owned()))
    }

    /// A commit by branch name, full ref name or hash.
    pub(in super::super) fn resolve(&self, name: &str) -> Result<&Commit, Refusal> {
        let branch = name.strip_prefix("refs/heads/").unwrap_or(name);
        self.commit(self.tip(branch).unwrap_or(name))
    }

    /// Everything that `from` reaches and `without` does not, newest first.
    pub(in super::super) fn log(&self, from: &str, without: Option<&str>) -> Vec<&Commit> {
        let hidden = without.map(|hash| self.reachable(hash)).unwrap_or_default();
        let mut commits: Vec<&Commit> = self
            .reachable(from)
            .into_iter()
            .filter(|hash| !hidden.contains(hash))
            .filter_map(|hash| self.commits.get(hash))
            .collect();
        commits.sort_by_key(|commit| std::cmp::Reverse(commit.sequence));
        commits
    }

    pub(super) fn reaches(&self, from: &str, to: &str) -> bool {
        self.reachable(from).contains(to)
    }

    fn reachable<'a>(&'a self, from: &str) -> BTreeSet<&'a str> {
        let mut seen = BTreeSet::new();
        let mut next: Vec<&str> = self.commits.get(from).map(|c| c.hash.as_str()).into_iter().collect();
        while let Some(hash) = next.pop() {
            if let Some(commit) = self.commits.get(hash)
                && seen.insert(commit.hash.as_str())
            {
                next.extend(commit.parents.iter().map(String::as_str));
            }
        }
        seen
    }

    /// What these commits did to each file, all together.
    pub(in super::super) fn files(commits: &[&Commit]) -> Vec<FileChange> {
        let mut files: BTreeMap<&str, FileChange> = BTreeMap::new();
        for change in commits.iter().flat_map(|commit| &commit.files) {
            files
                .entry(&change.path)
                .and_modify(|sum| {
                    sum.added |= change.added;
                    sum.lines_added += change.lines_added;
                    sum.lines_removed += change.lines_removed;
                })
                .or_insert_with(|| change.clone());
        }
        files.into_values().collect()
    }
}

impl World {
    /// Gives a new repository its first commit.
    pub(super) fn plant(&mut self, repo: RepoId) {
        if let Ok(hash) = self.write_commit(repo, Vec::new(), "root", "Start the repository")
            && let Ok(here) = self.repo_mut(repo)
        {
            here.branches.insert(here.main_branch.clone(), hash);
        }
    }

    /// Writes a commit that no branch points at yet.
    pub(super) fn write_commit(
        &mut self,
        repo: RepoId,
        parents: Vec<String>,
        author: &str,
        message: &str,
    ) -> Result<String, Refusal> {
        let (sequence, date) = (self.count(), self.now());
        let here = self.repo_mut(repo)?;
        let hash = digest(&format!("{} {sequence} {message}", here.uuid))[..40].to_owned();
        let file = FileChange {
            path: format!("src/{}.rs", file_stem(message)),
            added: parents.is_empty(),
            lines_added: u32::try_from(message.len() % 40).unwrap_or(0) + 1,
            lines_removed: u32::try_from(message.len() % 7).unwrap_or(0),
        };
        let commit = Commit {
            hash: hash.clone(),
            message: message.to_owned(),
            author: author.to_owned(),
            date,
            files: if parents.len() > 1 { Vec::new() } else { vec![file] },
            parents,
            sequence,
        };
        here.commits.insert(hash.clone(), commit);
        Ok(hash)
    }

    /// Makes a branch where the main branch stands, unless there is one of that name.
    pub(in super::super) fn add_branch(&mut self, repo: RepoId, branch: &str) -> Result<(), Refusal> {
        let here = self.repo_mut(repo)?;
        let tip = here.tip(&here.main_branch)?.to_owned();
        here.branches.entry(branch.to_owned()).or_insert(tip);
        Ok(())
    }

    /// Puts a commit on a branch without telling anybody: how things stood before.
    pub(in super::super) fn commit_quietly(
        &mut self,
        repo: RepoId,
        branch: &str,
        author: &str,
        message: &str,
    ) -> Result<String, Refusal> {
        let parent = self.repo(repo)?.tip(branch)?.to_owned();
        let hash = self.write_commit(repo, vec![parent], author, message)?;
        self.move_branch(repo, branch, &hash)?;
        Ok(hash)
    }

    /// Pushes commits onto a branch, which is made when it is missing.
    pub(in super::super) fn push(
        &mut self,
        repo: RepoId,
        branch: &str,
        actor: &str,
        messages: &[&str],
    ) -> Result<String, Refusal> {
        self.person(actor)?;
        let old = self.repo(repo)?.tip(branch).ok().map(str::to_owned);
        self.add_branch(repo, branch)?;
        for message in messages {
            self.commit_quietly(repo, branch, actor, message)?;
        }
        let new = self.repo(repo)?.tip(branch)?.to_owned();
        self.tell_of_push(repo, actor, (branch, old, Some(new.clone())))?;
        Ok(new)
    }

    /// Removes a branch.
    pub(in super::super) fn delete_branch(
        &mut self,
        repo: RepoId,
        branch: &str,
        actor: &str,
    ) -> Result<(), Refusal> {
        let old = self.repo_mut(repo)?.branches.remove(branch);
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
        let change = RefChange { branch: branch.to_owned(), old, new, forced };
        self.tell(repo, actor, What::Pushed(change));
        for number in numbers {
            let hash_before = before.clone();
            self.tell(repo, actor, What::SourceMoved { number, hash_before });
        }
        Ok(())
    }

    /// Points a branch elsewhere; open pull requests follow.
    pub(super) fn move_branch(&mut self, repo: RepoId, branch: &str, hash: &str) -> Result<(), Refusal> {
        let now = self.now();
        let here = self.repo_mut(repo)?;
        here.branches.insert(branch.to_owned(), hash.to_owned());
        for pr in here.pull_requests.iter_mut().filter(|pr| pr.state == State::Open) {
            if pr.source == branch {
                hash.clone_into(&mut pr.source_hash);
                pr.version += 1;
                pr.updated = now;
            }
            if pr.destination == branch {
                hash.clone_into(&mut pr.destination_hash);
            }
        }
        Ok(())
    }

    pub(super) fn tell(&mut self, repo: RepoId, actor: &str, what: What) {
        let actor = actor.to_owned();
        self.events.push(Event { repo, actor, what });
    }
}

fn file_stem(message: &str) -> String {
    let letters = message
        .chars()
        .take(24)
        .map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' });
    letters.collect::<String>().trim_matches('_').to_owned()
}
