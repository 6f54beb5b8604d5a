//! Webhooks that were made over REST, as both editions keep them.

use super::{Refusal, RepoId, World, uuid};

/// One subscription of one repository.
#[derive(Clone, Debug)]
pub(in super::super) struct Hook {
    /// Data Center's id.
    pub(in super::super) id: u64,
    /// Cloud's id, in braces.
    pub(in super::super) uuid: String,
    /// Data Center's name, Cloud's description.
    pub(in super::super) name: String,
    pub(in super::super) url: String,
    pub(in super::super) events: Vec<String>,
    pub(in super::super) active: bool,
    pub(in super::super) secret: Option<String>,
    pub(in super::super) created: i64,
}

impl World {
    /// Keeps a new hook under fresh ids.
    pub(in super::super) fn add_hook(&mut self, repo: RepoId, hook: Hook) -> Result<Hook, Refusal> {
        let id = self.count();
        let hook =
            Hook { id, uuid: format!("{{{}}}", uuid(&format!("hook {id}"))), created: self.now(), ..hook };
        self.repo_mut(repo)?.hooks.push(hook.clone());
        Ok(hook)
    }

    /// Drops the hook of that id or uuid; false when there was none.
    pub(in super::super) fn drop_hook(&mut self, repo: RepoId, id: &str) -> Result<bool, Refusal> {
        let hooks = &mut self.repo_mut(repo)?.hooks;
        let before = hooks.len();
        hooks.retain(|hook| hook.uuid != id && hook.id.to_string() != id);
        Ok(hooks.len() != before)
    }
}
