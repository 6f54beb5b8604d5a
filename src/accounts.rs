//! Who a Slack person is on Bitbucket: opens, refreshes and seals their tokens.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;

use crate::bitbucket::oauth::Tokens;
use crate::bitbucket::{Site, TokenSource};
use crate::clock::{Clock, millis_of, random_name};
use crate::seal::{Seal, Secret};
use crate::store::links::{Link, LinkKey};
use crate::store::{Store, Tx};
use crate::words::names::{Instance, SlackUser};
use crate::words::pull_request::Person;
use crate::{bitbucket, seal, store};

/// A token that ends sooner than this is refreshed before it is used.
const FRESH_ENOUGH: Duration = Duration::from_secs(60);
/// How long one refresh may take before another may try.
const REFRESH_LEASE: Duration = Duration::from_secs(20);

/// Why somebody's account could not be used.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// They have not connected one, or it no longer works.
    #[error("no account is connected on {0}")]
    NotLinked(Instance),
    /// The database did not answer.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// What was sealed does not open.
    #[error(transparent)]
    Seal(#[from] seal::Error),
}

/// The accounts people have connected.
#[derive(Debug, Clone)]
pub struct Accounts {
    store: Store,
    seal: Seal,
    clock: Clock,
}

impl Accounts {
    /// Accounts kept in this store, under these keys.
    pub fn new(store: Store, seal: Seal, clock: Clock) -> Self {
        Self { store, seal, clock }
    }

    /// The person's tokens on a Bitbucket, to act as them.
    pub async fn tokens(&self, user: &SlackUser, site: &Site) -> Result<Arc<dyn TokenSource>, Error> {
        let key = LinkKey { user: user.clone(), instance: site.name().clone() };
        if self.store.link(&key).await?.is_none() {
            return Err(Error::NotLinked(site.name().clone()));
        }
        Ok(Arc::new(PersonTokens { accounts: self.clone(), site: site.clone(), key }))
    }

    /// Everything a person has connected.
    pub async fn of(&self, user: &SlackUser) -> Result<Vec<Link>, Error> {
        Ok(self.store.links_of(user).await?)
    }

    /// Links a Slack person and a Bitbucket person, within a unit of work.
    pub async fn connect(&self, tx: &mut Tx, key: &LinkKey, person: &Person, tokens: &Tokens) -> Result<(), Error> {
        let link = Link {
            key: key.clone(),
            person: person.clone(),
            access: self.seal.seal(&place(key, "access"), &tokens.access),
            refresh: tokens.refresh.as_ref().map(|refresh| self.seal.seal(&place(key, "refresh"), refresh)),
            scopes: tokens.scopes.clone(),
            expires_at: self.ends_at(tokens),
            version: 1,
            linked_at: self.clock.millis(),
        };
        Ok(tx.save_link(&link).await?)
    }

    /// Forgets what a person connected on one Bitbucket; the former link, if there was one.
    pub async fn disconnect(&self, key: &LinkKey) -> Result<Option<Link>, Error> {
        let link = self.store.link(key).await?;
        let mut tx = self.store.begin().await?;
        tx.forget_link(key).await?;
        tx.commit().await?;
        Ok(link)
    }

    fn ends_at(&self, tokens: &Tokens) -> Option<i64> {
        tokens.expires_in.map(|life| self.clock.millis() + millis_of(life))
    }

    fn access(&self, link: &Link) -> Result<Secret, Error> {
        Ok(self.seal.open(&place(&link.key, "access"), &link.access)?)
    }
}

/// Where a token is sealed to: a row moved to another person opens nothing.
fn place(key: &LinkKey, which: &str) -> String {
    format!("links:{}:{}:{}:{which}", key.user.team, key.user.id, key.instance)
}

/// One person's tokens on one Bitbucket.
struct PersonTokens {
    accounts: Accounts,
    site: Site,
    key: LinkKey,
}

#[async_trait]
impl TokenSource for PersonTokens {
    async fn token(&self) -> Result<Secret, bitbucket::Error> {
        let link = self.link().await?;
        let soon = self.accounts.clock.millis() + millis_of(FRESH_ENOUGH);
        if link.refresh.is_some() && link.expires_at.is_some_and(|end| end <= soon) {
            return self.refreshed(&link).await;
        }
        self.accounts.access(&link).map_err(|error| self.sorted(error))
    }

    async fn renew(&self, refused: &Secret) -> Result<Secret, bitbucket::Error> {
        let link = self.link().await?;
        let present = self.accounts.access(&link).map_err(|error| self.sorted(error))?;
        if present == *refused { self.refreshed(&link).await } else { Ok(present) }
    }
}

impl PersonTokens {
    async fn link(&self) -> Result<Link, bitbucket::Error> {
        let link = self.accounts.store.link(&self.key).await.map_err(|error| self.sorted(error.into()))?;
        link.ok_or_else(|| self.sign_in())
    }

    /// A newer token than the link's: by our own refresh, or by waiting for another's.
    async fn refreshed(&self, link: &Link) -> Result<Secret, bitbucket::Error> {
        let owner = random_name(8);
        let until = self.accounts.clock.millis() + millis_of(REFRESH_LEASE);
        let mine = self.accounts.store.take_refresh(&self.key, link.version, &owner, until).await;
        if mine.map_err(|error| self.sorted(error.into()))? {
            return self.refresh(link).await;
        }
        for _ in 0..100 {
            tokio::time::sleep(Duration::from_millis(100)).await;
            let now = self.link().await?;
            if now.version != link.version {
                return self.accounts.access(&now).map_err(|error| self.sorted(error));
            }
        }
        Err(bitbucket::Error::Down(format!("{} is being asked for a new token", self.key.instance)))
    }

    async fn refresh(&self, link: &Link) -> Result<Secret, bitbucket::Error> {
        let (Some(sealed), Some(oauth)) = (&link.refresh, self.site.oauth()) else { return Err(self.sign_in()) };
        let old = self.accounts.seal.open(&place(&self.key, "refresh"), sealed);
        let tokens = oauth.refresh(&old.map_err(|error| self.sorted(error.into()))?).await?;
        let renewed = Link {
            access: self.accounts.seal.seal(&place(&self.key, "access"), &tokens.access),
            refresh: tokens
                .refresh
                .as_ref()
                .map(|refresh| self.accounts.seal.seal(&place(&self.key, "refresh"), refresh))
                .or_else(|| link.refresh.clone()),
            expires_at: self.accounts.ends_at(&tokens),
            ..link.clone()
        };
        self.accounts.store.renew_tokens(&renewed).await.map_err(|error| self.sorted(error.into()))?;
        Ok(tokens.access)
    }

    fn sign_in(&self) -> bitbucket::Error {
        bitbucket::Error::SignIn(self.key.instance.clone())
    }

    /// To the transport a broken seal and a missing link are one: the person has to connect again.
    fn sorted(&self, error: Error) -> bitbucket::Error {
        match error {
            Error::NotLinked(instance) => bitbucket::Error::SignIn(instance),
            Error::Seal(error) => {
                tracing::error!(instance = %self.key.instance, %error, "a stored token does not open");
                self.sign_in()
            }
            Error::Store(error) => bitbucket::Error::Down(error.to_string()),
        }
    }
}
