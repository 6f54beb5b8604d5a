//! What is wanted of a webhook, in the keys the edition it hangs on accepts.

use crate::clock::random_name;
use crate::seal::Secret;
use crate::words::webhook::Webhook;

use super::event::Kind;
use super::site::Edition;
use super::{Error, Result};

/// What a webhook should be like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HookSettings {
    /// What people call it.
    pub name: String,
    /// The address it tells.
    pub url: String,
    /// Whether it is switched on.
    pub active: bool,
    /// What it should tell; what this edition never sends is left out.
    pub kinds: Vec<Kind>,
}

/// A webhook as it was made, and what its deliveries are signed with. Bitbucket never says it again.
#[derive(Debug)]
pub struct Provisioned {
    /// The webhook.
    pub hook: Webhook,
    /// Its secret.
    pub secret: Secret,
}

impl HookSettings {
    /// The keys to ask for. One that is unknown there would fail them all.
    pub(super) fn keys(&self, edition: Edition) -> Result<Vec<&'static str>> {
        let mut keys: Vec<&str> = self.kinds.iter().flat_map(|kind| kind.accepted(edition)).collect();
        keys.sort_unstable();
        keys.dedup();
        if keys.is_empty() {
            return Err(Error::Refused("This Bitbucket sends none of these events to a webhook.".into()));
        }
        Ok(keys)
    }
}

/// A secret of its own for one webhook.
pub(super) fn new_secret() -> Secret {
    Secret::new(random_name(32))
}
