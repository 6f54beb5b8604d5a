//! Every workspace that this Slack serves, and how an app comes into one and out of it again.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::json;

use super::send::Ack;
use super::sockets::Sockets;
use super::world::World;
use super::{Core, Shared, Slack, SlackSettings};

/// What the app is known by to Slack.
pub const CLIENT_ID: &str = "1111111111.2222222222";
/// What proves that it is the app.
pub const CLIENT_SECRET: &str = "client-secret-of-the-sandbox";
/// A code lives this long.
const CODE_MILLIS: i64 = 10 * 60 * 1_000;

/// The workspaces, and the codes on their way from the authorize page to the app.
#[derive(Clone, Debug, Default)]
pub(super) struct Town {
    inner: Arc<Mutex<Inner>>,
    /// The app's web sockets, which all workspaces share.
    pub(super) sockets: Sockets,
}

#[derive(Debug, Default)]
struct Inner {
    workspaces: Vec<Shared>,
    codes: Vec<Code>,
}

/// What somebody allowed.
#[derive(Clone, Debug)]
pub(super) struct Code {
    secret: String,
    pub(super) team: String,
    pub(super) scope: String,
    pub(super) redirect_uri: Option<String>,
    at: i64,
    used: bool,
}

impl Town {
    pub(super) fn of(home: &Shared) -> Self {
        let town = Self::default();
        town.inner().workspaces.push(home.clone());
        town
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn workspaces(&self) -> Vec<Shared> {
        self.inner().workspaces.clone()
    }

    /// The workspace of which this holds; the first one when none.
    pub(super) fn whose(&self, holds: impl Fn(&World) -> bool) -> Option<Shared> {
        let all = self.workspaces();
        let found = all.iter().find(|one| holds(&one.world())).cloned();
        found.or_else(|| all.first().cloned())
    }

    /// A fresh code for this workspace.
    pub(super) fn allow(&self, workspace: &Shared, scope: &str, redirect_uri: Option<&str>) -> String {
        let mut world = workspace.world();
        let code = world.random(32);
        world.minted.push(code.clone());
        let kept = Code {
            secret: code.clone(),
            team: world.team.id.clone(),
            scope: scope.to_owned(),
            redirect_uri: redirect_uri.map(str::to_owned),
            at: world.now(),
            used: false,
        };
        drop(world);
        self.inner().codes.push(kept);
        code
    }

    /// Uses a code up, or says in Slack's word why not.
    pub(super) fn spend(&self, code: &str, now: i64) -> Result<Code, &'static str> {
        let mut inner = self.inner();
        let kept = inner.codes.iter_mut().find(|it| it.secret == code).ok_or("invalid_code")?;
        if kept.used {
            return Err("code_already_used");
        }
        kept.used = true;
        if now - kept.at > CODE_MILLIS { Err("invalid_code") } else { Ok(kept.clone()) }
    }
}

impl Slack {
    /// Another workspace of the same Slack, with nobody in it; what is done there goes to the same bot.
    #[must_use]
    pub fn another(&self, team: &str, team_name: &str) -> Self {
        let world = self.world();
        let settings = SlackSettings {
            signing_secret: self.shared.0.signing_secret.clone(),
            bot_token: format!("xoxb-of-{team}-that-nobody-has"),
            team: team.to_owned(),
            team_name: team_name.to_owned(),
            enforce_pace: world.enforce_pace,
        };
        let mut other = World::new(world.clock.clone(), &settings, world.url.clone());
        drop(world);
        other.tell_apart(team);
        let shared = Shared(Arc::new(Core {
            world: Mutex::new(other),
            signing_secret: settings.signing_secret,
            http: self.shared.0.http.clone(),
            base: Mutex::new(self.base()),
        }));
        self.town.inner().workspaces.push(shared.clone());
        Self { shared, ..self.clone() }
    }

    /// Somebody takes the app's tokens back: they work no more, and the app is told.
    pub async fn revoke_tokens(&self) -> Ack {
        self.with_world(|world| world.token_refused = Some("token_revoked"));
        let bot = self.world().bot.user.clone();
        self.event(&json!({"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [bot]}})).await
    }

    /// Somebody takes the app out of the workspace: its tokens work no more, and it is told.
    pub async fn uninstall(&self) -> Ack {
        self.with_world(|world| world.token_refused = Some("account_inactive"));
        self.event(&json!({"type": "app_uninstalled"})).await
    }
}
