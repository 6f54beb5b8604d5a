//! Webhooks that were made over REST, as both editions keep them.

use super::{Edition, RepoId, Repository, World, uuid};

/// Whose events a hook hears: one repository's, or those of a whole workspace or project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) enum HookPlace {
    Repository(RepoId),
    Space(Edition, String),
}

impl HookPlace {
    /// Whether what happens in this repository is heard.
    pub(in super::super) fn hears(&self, repo: &Repository) -> bool {
        match self {
            Self::Repository(id) => *id == repo.id,
            Self::Space(edition, space) => *edition == repo.edition && *space == repo.space,
        }
    }
}

/// One subscription.
#[derive(Clone, Debug)]
pub(in super::super) struct Hook {
    pub(in super::super) place: HookPlace,
    /// Data Center's id.
    pub(in super::super) id: u64,
    /// Cloud's id, in braces.
    pub(in super::super) uuid: String,
    pub(in super::super) wish: HookWish,
    pub(in super::super) created: i64,
    pub(in super::super) updated: i64,
}

/// What a subscription says of itself.
#[derive(Clone, Debug, Default)]
pub(in super::super) struct HookWish {
    /// Data Center's name, Cloud's description.
    pub(in super::super) name: String,
    pub(in super::super) url: String,
    pub(in super::super) events: Vec<String>,
    pub(in super::super) active: bool,
    pub(in super::super) secret: Option<String>,
}

impl World {
    pub(in super::super) fn hooks_at<'a>(&'a self, place: &'a HookPlace) -> impl Iterator<Item = &'a Hook> {
        self.hooks.iter().filter(move |hook| hook.place == *place)
    }

    /// The hook of that id or uuid.
    pub(in super::super) fn hook(&self, place: &HookPlace, id: &str) -> Option<&Hook> {
        let same = |hook: &&Hook| hook.uuid == id || hook.id.to_string() == id;
        self.hooks.iter().filter(|hook| hook.place == *place).find(same)
    }

    /// Keeps a new hook under fresh ids.
    pub(in super::super) fn add_hook(&mut self, place: HookPlace, wish: HookWish) -> Hook {
        let (id, now) = (self.count(), self.now());
        let uuid = format!("{{{}}}", uuid(&format!("hook {id}")));
        let hook = Hook { place, id, uuid, wish, created: now, updated: now };
        self.hooks.push(hook.clone());
        hook
    }

    /// Puts other words in place of a hook's.
    pub(in super::super) fn change_hook(&mut self, id: u64, wish: HookWish) -> Option<Hook> {
        let now = self.now();
        let hook = self.hooks.iter_mut().find(|hook| hook.id == id)?;
        hook.wish = wish;
        hook.updated = now;
        Some(hook.clone())
    }

    pub(in super::super) fn drop_hook(&mut self, id: u64) {
        self.hooks.retain(|hook| hook.id != id);
    }
}
