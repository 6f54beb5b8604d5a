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
    /// How its deliveries went, as Data Center counts them.
    pub(in super::super) sent: Vec<Sent>,
}

/// One delivery of a hook.
#[derive(Clone, Debug)]
pub(in super::super) struct Sent {
    pub(in super::super) at: i64,
    pub(in super::super) event: String,
    /// The answer's status; 0 when nobody answered.
    pub(in super::super) status: u16,
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
        let hook = Hook { place, id, uuid, wish, created: now, updated: now, sent: Vec::new() };
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

    /// A delivery to this address went so.
    pub(in super::super) fn hook_sent(&mut self, url: &str, event: &str, status: u16) {
        let at = self.now();
        for hook in self.hooks.iter_mut().filter(|hook| hook.wish.url == url) {
            hook.sent.push(Sent { at, event: event.to_owned(), status });
        }
    }

    /// What the hooks that hear of this repository ask for.
    pub(in super::super) fn hooks_ask(&self, repo: RepoId) -> Vec<String> {
        let heard = self.repositories.iter().find(|known| known.id == repo);
        let hooks = self.hooks.iter().filter(|hook| heard.is_some_and(|repo| hook.place.hears(repo)));
        hooks.flat_map(|hook| hook.wish.events.clone()).collect()
    }

    /// Somebody takes away the hooks that hear of this repository.
    pub(in super::super) fn drop_hooks(&mut self, repo: RepoId) {
        let heard = self.repositories.iter().find(|known| known.id == repo);
        self.hooks.retain(|hook| !heard.is_some_and(|repo| hook.place.hears(repo)));
    }

    /// Somebody switches off the hooks that hear of this repository, or has them ask for these events only.
    pub(in super::super) fn curb_hooks(&mut self, repo: RepoId, active: bool, events: Option<&[&str]>) {
        let heard = self.repositories.iter().find(|known| known.id == repo);
        for hook in self.hooks.iter_mut().filter(|hook| heard.is_some_and(|repo| hook.place.hears(repo))) {
            hook.wish.active = active;
            if let Some(events) = events {
                hook.wish.events = events.iter().map(|event| (*event).to_owned()).collect();
            }
        }
    }

    pub(in super::super) fn drop_hook(&mut self, id: u64) {
        self.hooks.retain(|hook| hook.id != id);
    }
}
