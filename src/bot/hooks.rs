//! What the webhooks of a place have to tell, going by who hears of it, and how each of them stands.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{Bot, Failure};
use crate::bitbucket::Kind;
use crate::store::{Hook, Subscription};
use crate::words::names::Topic;
use crate::words::webhook::{HookPlace, HookSite, Webhook};

/// How a webhook that was made from Slack stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HookState {
    /// As it should.
    Well,
    /// It was deleted on Bitbucket.
    Gone,
    /// It was switched off on Bitbucket.
    Off,
    /// Nothing comes through any more: how it was answered.
    Failing(String),
    /// It does not ask for these, which somebody wants to hear of.
    Short(Vec<&'static str>),
}

impl HookState {
    /// The trouble in a word; none where there is none.
    pub fn trouble(&self) -> Option<&'static str> {
        match self {
            Self::Well => None,
            Self::Gone => Some("gone"),
            Self::Off => Some("off"),
            Self::Failing(_) => Some("failing"),
            Self::Short(_) => Some("short"),
        }
    }
}

impl Bot {
    /// The kinds of events that all subscriptions need which a webhook there covers.
    pub async fn kinds_wanted(&self, site: &HookSite) -> Result<Vec<Kind>, Failure> {
        let listeners = self.store.listeners().await?;
        let topics = match &site.place {
            HookPlace::Repository(repo) => topics_of(listeners.to(repo)),
            HookPlace::Owner(owner) => topics_of(listeners.within(&site.instance, owner)),
        };
        Ok(self.site(&site.instance)?.kinds_for(&topics))
    }

    /// How a webhook stands, going by what hangs on Bitbucket now.
    pub async fn hook_state(&self, hook: &Hook, there: Option<&Webhook>) -> Result<HookState, Failure> {
        let Some(there) = there else {
            return Ok(HookState::Gone);
        };
        if !there.active {
            return Ok(HookState::Off);
        }
        // What failed before it was mended says nothing of now.
        if let Some(failing) = there.failing.as_ref().filter(|failing| failing.at > hook.made_at) {
            return Ok(HookState::Failing(failing.why.clone()));
        }
        let wanted = self.kinds_wanted(&hook.site).await?;
        let lacking = self.site(&hook.site.instance)?.lacks(&there.events, &wanted);
        Ok(if lacking.is_empty() { HookState::Well } else { HookState::Short(lacking) })
    }
}

fn topics_of<'a>(all: impl Iterator<Item = &'a Arc<Subscription>>) -> BTreeSet<Topic> {
    all.flat_map(|subscription| subscription.wish.topics.iter().copied()).collect()
}
