//! Commits: how they are written, and which reach which.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{Content, Refusal, RepoId, Repository, Touched, World, digest};

/// One commit.
#[derive(Clone, Debug)]
pub struct Commit {
    pub hash: String,
    pub message: String,
    /// The author's nickname; somebody without an account when nobody is called so.
    pub author: String,
    pub date: i64,
    pub parents: Vec<String>,
    /// What it did to files, beside its first parent.
    pub(in super::super) touched: Touched,
    pub(in super::super) sequence: u64,
}

/// A commit about to be written.
#[derive(Clone, Debug, Default)]
pub(in super::super) struct NewCommit<'a> {
    pub(in super::super) parents: Vec<String>,
    pub(in super::super) author: &'a str,
    pub(in super::super) message: &'a str,
    pub(in super::super) touched: Touched,
}

impl Commit {
    /// Whether it did something to a file, or to one within a folder.
    pub(in super::super) fn touches(&self, path: &str) -> bool {
        let folder = format!("{}/", path.trim_end_matches('/'));
        self.touched.keys().any(|file| file == path || file.starts_with(&folder))
    }
}

impl Repository {
    /// A commit by its whole hash or at least seven digits of it.
    pub(in super::super) fn commit(&self, hash: &str) -> Result<&Commit, Refusal> {
        let found = match self.commits.get(hash) {
            None if hash.len() >= 7 => self.commits.values().find(|commit| commit.hash.starts_with(hash)),
            whole => whole,
        };
        found.ok_or_else(|| Refusal::NoSuchCommit(hash.to_owned()))
    }

    /// A commit by the name of a branch or a tag, a full ref name or a hash.
    pub(in super::super) fn resolve(&self, name: &str) -> Result<&Commit, Refusal> {
        let branch = name.strip_prefix("refs/heads/").unwrap_or(name);
        let tag = name.strip_prefix("refs/tags/").unwrap_or(name);
        let tagged = self.tags.get(tag).map(|tag| tag.hash.as_str());
        self.commit(self.tip(branch).ok().or(tagged).unwrap_or(name))
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

    /// The newest commit that both reach.
    pub(in super::super) fn merge_base(&self, one: &str, other: &str) -> Option<&Commit> {
        let reached = self.reachable(other);
        self.log(one, None).into_iter().find(|commit| reached.contains(commit.hash.as_str()))
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

    /// What a merge brings to its destination: all that the source did since they parted.
    pub(super) fn brought(&self, source: &str, destination: &str) -> Touched {
        let base = self.merge_base(source, destination).map(|commit| commit.hash.as_str());
        let mut touched = Touched::new();
        for change in self.changes(base, source) {
            touched.extend(change.was.map(|was| (was, None)));
            touched.insert(change.path, change.new);
        }
        touched
    }
}

impl World {
    /// Gives a new repository its first commit.
    pub(super) fn plant(&mut self, repo: RepoId) {
        let Ok(here) = self.repo(repo) else { return };
        let readme = format!("# {}\n\nWhat it is for, and how to build it.\n", here.slug);
        let touched = Touched::from([("README.md".to_owned(), Some(Arc::new(Content::Text(readme))))]);
        let first =
            NewCommit { author: "root", message: "Start the repository", touched, ..NewCommit::default() };
        if let Ok(hash) = self.write_commit(repo, first)
            && let Ok(here) = self.repo_mut(repo)
        {
            here.branches.insert(here.main_branch.clone(), hash);
        }
    }

    /// Writes a commit that no branch points at yet.
    pub(super) fn write_commit(&mut self, repo: RepoId, new: NewCommit<'_>) -> Result<String, Refusal> {
        let (sequence, date) = (self.count(), self.now());
        let here = self.repo_mut(repo)?;
        let hash = digest(&format!("{} {sequence} {}", here.uuid, new.message))[..40].to_owned();
        let commit = Commit {
            hash: hash.clone(),
            message: new.message.to_owned(),
            author: new.author.to_owned(),
            date,
            parents: new.parents,
            touched: new.touched,
            sequence,
        };
        here.commits.insert(hash.clone(), commit);
        Ok(hash)
    }

    /// Puts a commit on a branch without telling anybody: how things stood before.
    pub(in super::super) fn commit_quietly(
        &mut self,
        repo: RepoId,
        branch: &str,
        (author, message): (&str, &str),
        touched: Touched,
    ) -> Result<String, Refusal> {
        let here = self.repo(repo)?;
        let parent = here.tip(branch)?.to_owned();
        let touched = if touched.is_empty() { by_its_words(here, &parent, message) } else { touched };
        let new = NewCommit { parents: vec![parent], author, message, touched };
        let hash = self.write_commit(repo, new)?;
        self.move_branch(repo, branch, &hash)?;
        Ok(hash)
    }
}

/// The change of a commit of which nothing but the message is known: a file called like it grows.
fn by_its_words(here: &Repository, parent: &str, message: &str) -> Touched {
    let path = format!("src/{}.rs", file_stem(message));
    let before = here.file(parent, &path).ok().and_then(|content| content.text()).unwrap_or_default();
    let kept = before.lines().skip(message.len() % 7);
    let first = before.lines().count() + 1;
    let fresh = (first..=first + message.len() % 40).map(|number| format!("step({number});"));
    let lines: Vec<String> = kept.map(str::to_owned).chain(fresh).collect();
    Touched::from([(path, Some(Arc::new(Content::Text(lines.join("\n") + "\n"))))])
}

fn file_stem(message: &str) -> String {
    let letters = message
        .chars()
        .take(24)
        .map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' });
    letters.collect::<String>().trim_matches('_').to_owned()
}
