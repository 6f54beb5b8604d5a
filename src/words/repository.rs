//! Repositories that are to be made or changed.

use super::names::RepoName;

/// A repository to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewRepository {
    /// What it is to be called, and where it is to be.
    pub name: RepoName,
    /// In which of the workspace's projects, where it has several.
    pub project: Option<String>,
    /// What it is for.
    pub description: Option<String>,
    /// Whether everybody may see it.
    pub public: bool,
}

/// What is to be changed of a repository; what is none stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RepositoryChange {
    /// What it is for.
    pub description: Option<String>,
    /// Whether everybody may see it.
    pub public: Option<bool>,
    /// Which branch is its main one.
    pub main_branch: Option<String>,
    /// Whether it is kept as it is, for reading only.
    pub archived: Option<bool>,
}
