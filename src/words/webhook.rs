//! Webhooks: the addresses a Bitbucket tells what happened.

use super::names::RepoName;

/// Where a webhook hangs.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum HookPlace {
    /// On one repository.
    Repository(RepoName),
    /// On a whole workspace (Cloud) or project (Data Center), by its key.
    Owner(String),
}

/// One webhook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Webhook {
    /// What Bitbucket calls it.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// The address it tells.
    pub url: String,
    /// Whether it is switched on.
    pub active: bool,
    /// What it tells, in Bitbucket's own keys.
    pub events: Vec<String>,
}
