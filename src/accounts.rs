//! Who a Slack person is on Bitbucket: opens, refreshes and seals their tokens.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;

use crate::bitbucket::{Credential, CredentialKind, Site, TokenSource, Tokens};
use crate::clock::{Clock, millis_of, random_name};
use crate::seal::{Seal, Secret};
use crate::store::{Deed, Link, Store};
use crate::words::message::{Action, Button, Line, Message};
use crate::words::names::{Instance, SlackUser};
use crate::words::work::{NewJob, TellPerson, Urgency};
use crate::{bitbucket, seal, store};

/// A token that ends sooner than this is refreshed before it is used.
const FRESH_ENOUGH: Duration = Duration::from_mins(1);
/// How long one refresh may take before another may try.
const REFRESH_LEASE: Duration = Duration::from_secs(20);
/// How often one looks whether another's refresh is through.
const LOOK_AGAIN: Duration = Duration::from_millis(100);

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
        let instance = site.name();
        let link = self.store.link(user, instance).await?;
        let link = link.ok_or_else(|| Error::NotLinked(instance.clone()))?;
        let kind = if link.is_own_token() { CredentialKind::PersonalToken } else { CredentialKind::OAuth };
        let granted = link.tokens.scopes.split_whitespace().map(str::to_owned).collect();
        let (accounts, site, user) = (self.clone(), site.clone(), user.clone());
        Ok(Arc::new(PersonTokens { accounts, site, user, kind, granted }))
    }

    /// Everything a person has connected.
    pub async fn of(&self, user: &SlackUser) -> Result<Vec<Link>, Error> {
        Ok(self.store.links_of(user).await?)
    }

    /// Forgets what a person connected on one Bitbucket; the former link, if there was one.
    pub async fn disconnect(
        &self,
        user: &SlackUser,
        instance: &Instance,
        (deed, next): (&Deed, Option<NewJob>),
    ) -> Result<Option<Link>, Error> {
        let link = self.store.link(user, instance).await?;
        let mut tx = self.store.begin().await?;
        if tx.forget_link(user, instance).await? {
            tx.write_down(&self.seal, deed).await?;
            if let Some(next) = next {
                tx.enqueue(next).await?;
            }
        }
        tx.commit().await?;
        Ok(link)
    }

    /// Hands for a token that was typed or issued a moment ago, and that nothing renews.
    pub fn just_typed(&self, token: &Secret, instance: &Instance) -> Arc<dyn TokenSource> {
        Arc::new(JustTyped(token.clone(), instance.clone()))
    }

    /// Forgets everything a person connected.
    pub async fn forget(&self, user: &SlackUser) -> Result<(), Error> {
        let links = self.store.links_of(user).await?;
        let mut tx = self.store.begin().await?;
        for link in links {
            tx.forget_link(user, &link.instance).await?;
        }
        Ok(tx.commit().await?)
    }

    /// Tokens as a row may hold them: they open only as this person's, on this Bitbucket.
    pub fn sealed(&self, user: &SlackUser, instance: &Instance, tokens: &Tokens) -> store::Tokens {
        let refresh = tokens.refresh.as_ref();
        store::Tokens {
            access_sealed: self.seal.seal(&place(user, instance, "access"), &tokens.access),
            refresh_sealed: refresh.map(|refresh| self.seal.seal(&place(user, instance, "refresh"), refresh)),
            scopes: tokens.scopes.join(" "),
            expires_at: tokens.expires_in.map(|life| self.clock.millis() + millis_of(life)),
        }
    }

    fn access(&self, link: &Link) -> Result<Secret, Error> {
        let place = place(&link.user, &link.instance, "access");
        Ok(self.seal.open(&place, &link.tokens.access_sealed)?)
    }
}

/// Where a token is sealed to: a row moved to another person opens nothing.
fn place(user: &SlackUser, instance: &Instance, which: &str) -> String {
    format!("links:{}:{}:{instance}:{which}", user.team, user.id)
}

struct JustTyped(Secret, Instance);

#[async_trait]
impl TokenSource for JustTyped {
    async fn token(&self) -> bitbucket::Result<Secret> {
        Ok(self.0.clone())
    }

    async fn renew(&self, _refused: &Secret) -> bitbucket::Result<Secret> {
        Err(bitbucket::Error::SignIn(self.1.clone()))
    }

    fn credential(&self) -> Credential {
        Credential { kind: CredentialKind::PersonalToken, ..Credential::default() }
    }
}

/// The one message about a sign-in that was lost.
fn reconnect(link: &Link) -> TellPerson {
    let instance = &link.instance;
    let words = Line::new()
        .text("Please connect your account on ")
        .bold(instance.as_str())
        .text(" again: its sign-in was cut off while it was being renewed.");
    let connect = Action::named("connect").with("instance", instance.as_str());
    let message = Message::line(words).button(Button::new(format!("Connect {instance}"), connect).main());
    let identity = format!("reconnect:{instance}:{}", link.version);
    TellPerson { to: link.user.clone(), identity, message }
}

/// One person's tokens on one Bitbucket.
struct PersonTokens {
    accounts: Accounts,
    site: Site,
    user: SlackUser,
    kind: CredentialKind,
    granted: Vec<String>,
}

#[async_trait]
impl TokenSource for PersonTokens {
    async fn token(&self) -> bitbucket::Result<Secret> {
        let link = self.link().await?;
        let soon = self.accounts.clock.millis() + millis_of(FRESH_ENOUGH);
        if link.tokens.refresh_sealed.is_some() && link.tokens.expires_at.is_some_and(|end| end <= soon) {
            return self.refreshed(&link).await;
        }
        self.accounts.access(&link).map_err(|error| self.sorted(error))
    }

    async fn renew(&self, refused: &Secret) -> bitbucket::Result<Secret> {
        let link = self.link().await?;
        let present = self.accounts.access(&link).map_err(|error| self.sorted(error))?;
        if present == *refused { self.refreshed(&link).await } else { Ok(present) }
    }

    fn credential(&self) -> Credential {
        let owner = format!("{}:{}", self.user.team, self.user.id);
        Credential { kind: self.kind, owner: Some(owner), granted: self.granted.clone(), reads_only: false }
    }
}

impl PersonTokens {
    async fn link(&self) -> bitbucket::Result<Link> {
        let link = self.accounts.store.link(&self.user, self.site.name()).await;
        link.map_err(|error| self.sorted(error.into()))?.ok_or_else(|| self.sign_in())
    }

    /// A newer token than the link's: by our own refresh, or by waiting for another's.
    async fn refreshed(&self, link: &Link) -> bitbucket::Result<Secret> {
        let owner = random_name(8);
        let until = self.accounts.clock.millis() + millis_of(REFRESH_LEASE);
        for _ in 0..100 {
            let mine = self.accounts.store.take_refresh(&self.user, &link.instance, &owner, until).await;
            let mine = mine.map_err(|error| self.sorted(error.into()))?;
            let now = self.link().await?;
            if now.version != link.version {
                return self.accounts.access(&now).map_err(|error| self.sorted(error));
            }
            if mine {
                let refreshed = self.refresh(&now).await;
                match &refreshed {
                    Ok(_) => {}
                    Err(bitbucket::Error::SignIn(_)) => self.end(&now).await,
                    Err(error) => self.let_others_try(link, &owner, error).await,
                }
                return refreshed;
            }
            tokio::time::sleep(LOOK_AGAIN).await;
        }
        Err(bitbucket::Error::Down(format!("{} is being asked for a new token.", link.instance).into()))
    }

    /// What failed is tried again by whoever comes next, not only when our time for it is over. Where the
    /// answer was lost, it stays in doubt whether the old token was used up.
    async fn let_others_try(&self, link: &Link, owner: &str, error: &bitbucket::Error) {
        let store = &self.accounts.store;
        let freed = match error {
            bitbucket::Error::Down(_) | bitbucket::Error::Unreadable(_) => {
                let now = self.accounts.clock.millis();
                store.take_refresh(&self.user, &link.instance, owner, now).await.map(drop)
            }
            _ => store.leave_refresh(&self.user, &link.instance, owner).await,
        };
        if let Err(error) = freed {
            tracing::warn!(%error, "a renewal that failed stays taken for a while");
        }
    }

    /// Bitbucket knows the old token no more: nobody asks with it again. Where a renewal was cut off
    /// before, its person did nothing to cause it, and is told once.
    async fn end(&self, link: &Link) {
        let ended = async {
            let mut tx = self.accounts.store.begin().await?;
            if tx.end_link(link).await? && link.doubts > 0 {
                tx.enqueue(NewJob::of(&reconnect(link)).urgency(Urgency::Soon)).await?;
            }
            tx.commit().await
        };
        if let Err(error) = ended.await {
            tracing::warn!(%error, "a sign-in that ended is still kept");
        }
    }

    async fn refresh(&self, link: &Link) -> bitbucket::Result<Secret> {
        let (Some(sealed), Some(oauth)) = (&link.tokens.refresh_sealed, self.site.oauth()) else {
            return Err(self.sign_in());
        };
        let old = self.accounts.seal.open(&place(&self.user, &link.instance, "refresh"), sealed);
        let mut tokens = oauth.refresh(&old.map_err(|error| self.sorted(error.into()))?).await?;
        if tokens.scopes.is_empty() {
            tokens.scopes = link.tokens.scopes.split(' ').map(str::to_owned).collect();
        }
        let mut sealed = self.accounts.sealed(&self.user, &link.instance, &tokens);
        // Where no new one came, the old one still works.
        sealed.refresh_sealed = sealed.refresh_sealed.or_else(|| link.tokens.refresh_sealed.clone());
        let kept = self.accounts.store.renew_tokens(&self.user, &link.instance, link.version, &sealed).await;
        kept.map_err(|error| self.sorted(error.into()))?;
        Ok(tokens.access)
    }

    fn sign_in(&self) -> bitbucket::Error {
        bitbucket::Error::SignIn(self.site.name().clone())
    }

    /// To the transport a broken seal and a missing link are one: the person has to connect again.
    fn sorted(&self, error: Error) -> bitbucket::Error {
        match error {
            Error::NotLinked(instance) => bitbucket::Error::SignIn(instance),
            Error::Seal(error) => {
                tracing::error!(instance = %self.site.name(), %error, "a stored token does not open");
                self.sign_in()
            }
            Error::Store(error) => bitbucket::Error::Down(error.to_string().into()),
        }
    }
}
