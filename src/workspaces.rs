//! In which Slack workspaces the bot is, and its hands in each: by the one token it was given, or by
//! what each workspace gave when it installed the bot.

use std::sync::Arc;

use tokio::sync::OnceCell;

use crate::seal;
use crate::seal::{Seal, Secret};
use crate::slack::{self, Granted, Slack, SlackBot};
use crate::store::{self, Install, NewInstall, Store};
use crate::words::message::Message;
use crate::words::names::Team;

/// Why there are no hands in a workspace.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// It never had the bot, or took it out.
    #[error("the bot is not in the workspace {0}")]
    NotIn(Team),
    /// Slack did not say whose the one token is.
    #[error(transparent)]
    Slack(#[from] slack::Error),
    /// The database did not answer.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// What was sealed does not open.
    #[error(transparent)]
    Seal(#[from] seal::Error),
}

/// How workspaces install the bot.
#[derive(Debug, Clone)]
pub struct Installing {
    /// The app's id.
    pub client_id: String,
    /// What proves that we are the app.
    pub client_secret: Secret,
    /// The workspaces and enterprises that may.
    pub allowed: Vec<Team>,
}

impl Installing {
    /// Whether what was granted is for a workspace that may have the bot.
    pub fn allows(&self, granted: &Granted) -> bool {
        let enterprise = granted.enterprise.as_deref();
        let named = |team: &Team| granted.team.as_ref() == Some(team) || enterprise == Some(team.as_str());
        self.allowed.iter().any(named)
    }
}

/// The workspaces; clones share them.
#[derive(Debug, Clone)]
pub struct Workspaces {
    slack: Slack,
    own: Option<SlackBot>,
    /// Whose the one token is, once it matters.
    own_team: Arc<OnceCell<Team>>,
    installing: Option<Arc<Installing>>,
    store: Store,
    seal: Seal,
}

impl Workspaces {
    /// Those this Slack serves, known to this store; besides them the one whose token the operator gave.
    pub fn new(slack: Slack, own: Option<&Secret>, store: Store, seal: Seal) -> Self {
        let own = own.map(|token| slack.as_bot(token));
        Self { slack, own, own_team: Arc::default(), installing: None, store, seal }
    }

    /// The same, where workspaces may install the bot themselves.
    #[must_use]
    pub fn installing(mut self, installing: Option<Installing>) -> Self {
        self.installing = installing.map(Arc::new);
        self
    }

    /// How workspaces install the bot, where they may.
    pub fn installer(&self) -> Option<&Installing> {
        self.installing.as_deref()
    }

    /// Slack itself, for what needs no token.
    pub fn slack(&self) -> &Slack {
        &self.slack
    }

    /// The one token's hands, where there is one.
    pub fn own(&self) -> Option<&SlackBot> {
        self.own.as_ref()
    }

    /// The bot's hands in a workspace.
    pub async fn bot(&self, team: &Team) -> Result<SlackBot, Error> {
        let not_in = || Error::NotIn(team.clone());
        if self.installing.is_none() {
            return self.own.clone().ok_or_else(not_in);
        }
        if let Some(install) = self.store.install(team).await? {
            return self.installed(&install);
        }
        let own = self.own.as_ref().ok_or_else(not_in)?;
        let whose = self.own_team.get_or_try_init(async || own.auth_test().await.map(|it| it.team)).await?;
        if whose == team { Ok(own.clone()) } else { Err(not_in()) }
    }

    /// The hands a workspace gave when it installed the bot, unless it took them back.
    pub fn installed(&self, install: &Install) -> Result<SlackBot, Error> {
        let sealed = install.token_sealed.as_deref().ok_or_else(|| Error::NotIn(install.team.clone()))?;
        Ok(self.slack.as_bot(&self.seal.open(&place(&install.team), sealed)?))
    }

    /// Answers at a response URL, which needs no token.
    pub async fn respond(&self, url: &Secret, message: &Message, in_place: bool) -> Result<(), slack::Error> {
        self.slack.respond(url, message, in_place).await
    }

    /// What was granted, as a row may hold it; none where it is for a whole enterprise.
    pub fn sealed(&self, granted: &Granted) -> Option<NewInstall> {
        let team = granted.team.clone()?;
        Some(NewInstall {
            token_sealed: self.seal.seal(&place(&team), &granted.token),
            name: granted.name.clone(),
            enterprise: granted.enterprise.clone(),
            bot_user: granted.bot_user.clone(),
            scopes: granted.scopes.clone(),
            installed_by: granted.by.clone(),
            team,
        })
    }
}

/// Where a token is sealed to: a row moved to another workspace opens nothing.
fn place(team: &Team) -> String {
    format!("installs:{team}:bot")
}
