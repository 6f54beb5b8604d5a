//! What files hold, commit by commit, and what changed between two commits.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Refusal, Repository, diffs};

/// What a file holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    Text(String),
    Binary(Vec<u8>),
    /// Kept elsewhere by Git LFS; so many bytes, of which the repository has only a pointer.
    Lfs(u64),
}

/// What a commit made of each file that it touched; nothing where it removed one.
pub(in super::super) type Touched = BTreeMap<String, Option<Arc<Content>>>;

/// How a file came to differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangeKind {
    Added,
    Modified,
    Removed,
    Renamed,
}

/// One file that differs between two commits.
#[derive(Clone, Debug)]
pub(in super::super) struct FileChange {
    pub(in super::super) path: String,
    /// What a renamed file was called before.
    pub(in super::super) was: Option<String>,
    pub(in super::super) kind: ChangeKind,
    pub(in super::super) old: Option<Arc<Content>>,
    pub(in super::super) new: Option<Arc<Content>>,
    pub(in super::super) lines_added: usize,
    pub(in super::super) lines_removed: usize,
}

impl Content {
    /// The bytes that the repository itself has.
    pub(in super::super) fn bytes(&self) -> Vec<u8> {
        match self {
            Self::Text(text) => text.clone().into_bytes(),
            Self::Binary(bytes) => bytes.clone(),
            Self::Lfs(size) => pointer(*size).into_bytes(),
        }
    }

    /// The text that a diff compares; nothing of a binary file.
    pub(in super::super) fn text(&self) -> Option<String> {
        match self {
            Self::Text(text) => Some(text.clone()),
            Self::Binary(_) => None,
            Self::Lfs(size) => Some(pointer(*size)),
        }
    }
}

/// What the repository has in place of a large file.
fn pointer(size: u64) -> String {
    let oid = super::digest(&format!("large file of {size} bytes"));
    format!("version https://git-lfs.github.com/spec/v1\noid sha256:{oid}\nsize {size}\n")
}

impl FileChange {
    fn between(path: &str, old: Option<&Arc<Content>>, new: Option<&Arc<Content>>) -> Self {
        let kind = match (old, new) {
            (None, _) => ChangeKind::Added,
            (_, None) => ChangeKind::Removed,
            _ => ChangeKind::Modified,
        };
        let mut change = Self {
            path: path.to_owned(),
            was: None,
            kind,
            old: old.cloned(),
            new: new.cloned(),
            lines_added: 0,
            lines_removed: 0,
        };
        for hunk in diffs::hunks(&change.text(false), &change.text(true), 0) {
            let count = |side| hunk.lines.iter().filter(|line| line.side == side).count();
            change.lines_added += count(diffs::Side::Added);
            change.lines_removed += count(diffs::Side::Removed);
        }
        change
    }

    /// The text before or after; empty where there is none.
    pub(in super::super) fn text(&self, after: bool) -> String {
        let content = if after { &self.new } else { &self.old };
        content.as_ref().and_then(|content| content.text()).unwrap_or_default()
    }

    pub(in super::super) fn is_binary(&self) -> bool {
        let binary = |side: &Option<Arc<Content>>| side.as_ref().is_some_and(|it| it.text().is_none());
        binary(&self.old) || binary(&self.new)
    }
}

impl Repository {
    /// A file as it stands in a commit.
    pub(in super::super) fn file(&self, hash: &str, path: &str) -> Result<Arc<Content>, Refusal> {
        let touched = self.line_of(hash).find_map(|touched| touched.get(path));
        touched.cloned().flatten().ok_or_else(|| Refusal::NoSuchFile(path.to_owned()))
    }

    /// Every file of a commit.
    pub(in super::super) fn tree(&self, hash: &str) -> BTreeMap<&str, &Arc<Content>> {
        let mut newest: BTreeMap<&str, Option<&Arc<Content>>> = BTreeMap::new();
        for touched in self.line_of(hash) {
            for (path, content) in touched {
                newest.entry(path).or_insert(content.as_ref());
            }
        }
        newest.into_iter().filter_map(|(path, content)| Some((path, content?))).collect()
    }

    /// What a commit and its first parents did, the newest first.
    fn line_of(&self, hash: &str) -> impl Iterator<Item = &Touched> {
        let first = self.commits.get(hash);
        let line = std::iter::successors(first, |commit| self.commits.get(commit.parents.first()?));
        line.map(|commit| &commit.touched)
    }

    /// What differs between two commits, or between nothing and one.
    pub(in super::super) fn changes(&self, from: Option<&str>, to: &str) -> Vec<FileChange> {
        let (old, new) = (from.map(|hash| self.tree(hash)).unwrap_or_default(), self.tree(to));
        let mut paths: Vec<&str> = old.keys().chain(new.keys()).copied().collect();
        paths.sort_unstable();
        paths.dedup();
        let differing = paths.into_iter().filter(|path| old.get(path) != new.get(path));
        let changes = differing
            .map(|path| FileChange::between(path, old.get(path).copied(), new.get(path).copied()))
            .collect();
        with_renames(changes)
    }

    /// What one commit did, beside its first parent.
    pub(in super::super) fn changes_of(&self, hash: &str) -> Vec<FileChange> {
        let parent = self.commits.get(hash).and_then(|commit| commit.parents.first());
        self.changes(parent.map(String::as_str), hash)
    }
}

/// A file that went while the same text came under another name was renamed.
fn with_renames(mut changes: Vec<FileChange>) -> Vec<FileChange> {
    let gone: Vec<FileChange> =
        changes.iter().filter(|change| change.kind == ChangeKind::Removed).cloned().collect();
    for old in gone {
        let same = |change: &&mut FileChange| change.kind == ChangeKind::Added && change.new == old.old;
        if let Some(new) = changes.iter_mut().find(same) {
            new.kind = ChangeKind::Renamed;
            new.was = Some(old.path.clone());
            new.old.clone_from(&old.old);
            (new.lines_added, new.lines_removed) = (0, 0);
            changes.retain(|change| change.kind != ChangeKind::Removed || change.path != old.path);
        }
    }
    changes
}
