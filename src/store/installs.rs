//! The Slack workspaces that installed the bot, and what is forgotten when one takes it out again.

use sqlx::any::AnyRow;

use super::Store;
use super::error::Error;
use super::rows::{Columns, Named, each, sql};
use super::tx::Tx;
use crate::words::names::Team;

const ONE: &str = "SELECT team, name, enterprise, bot_user, scopes, token_sealed, installed_by, \
     installed_at, removed_at FROM installs WHERE team = $1";
const ALL_IN: &str = "SELECT team, name, enterprise, bot_user, scopes, token_sealed, installed_by, \
     installed_at, removed_at FROM installs WHERE token_sealed IS NOT NULL ORDER BY team";
const SAVE: &str = "INSERT INTO installs (team, name, enterprise, bot_user, scopes, token_sealed, \
     installed_by, installed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) \
     ON CONFLICT (team) DO UPDATE SET name = excluded.name, enterprise = excluded.enterprise, \
     bot_user = excluded.bot_user, scopes = excluded.scopes, token_sealed = excluded.token_sealed, \
     installed_by = excluded.installed_by, installed_at = excluded.installed_at, removed_at = NULL";
const REMOVE: &str = "UPDATE installs SET token_sealed = NULL, removed_at = $2 \
     WHERE team = $1 AND token_sealed IS NOT NULL";
const SPEND: &str = "INSERT INTO spent (hash, until_at) VALUES ($1, $2) ON CONFLICT (hash) DO NOTHING";

const LINKS: &str = "DELETE FROM links WHERE team = $1";
const TICKETS: &str = "DELETE FROM tickets WHERE team = $1";
const PARKED: &str = "DELETE FROM parked WHERE team = $1";
const SUBSCRIPTIONS: &str = "DELETE FROM subscriptions WHERE team = $1";
const DIGESTS: &str = "DELETE FROM digests WHERE team = $1";
const MATCHES: &str = "DELETE FROM matches WHERE team = $1";
const UNMENTIONED: &str = "DELETE FROM unmentioned WHERE team = $1";
const NUDGES: &str = "DELETE FROM nudges WHERE team = $1";
const POSTS: &str = "DELETE FROM posts WHERE team = $1";
const SETTINGS: &str = "DELETE FROM team_settings WHERE team = $1";
const CHANNEL_REPOS: &str = "DELETE FROM channel_repos WHERE team = $1";
const HELD_FEEDS: &str = "DELETE FROM held_feeds WHERE team = $1";
const SHUT_CHANNELS: &str = "DELETE FROM shut_channels WHERE team = $1";
const HOMES: &str = "DELETE FROM homes WHERE team = $1";
const READS: &str = "DELETE FROM reads WHERE team = $1";
const WISHES: &str = "DELETE FROM private_wishes WHERE team = $1";
const MUTES: &str = "DELETE FROM mutes WHERE team = $1";
const WHISPERS: &str = "DELETE FROM whispers WHERE team = $1";
const ALARMS: &str = "DELETE FROM alarms WHERE team = $1";
const CALENDARS: &str = "DELETE FROM calendars WHERE team = $1";
const INSTALL: &str = "DELETE FROM installs WHERE team = $1 AND token_sealed IS NULL";

pub(super) const ALL: &[Named] = &[
    ("install", ONE),
    ("installs", ALL_IN),
    ("install save", SAVE),
    ("install remove", REMOVE),
    ("spend", SPEND),
    ("forget links", LINKS),
    ("forget tickets", TICKETS),
    ("forget parked", PARKED),
    ("forget subscriptions", SUBSCRIPTIONS),
    ("forget digests", DIGESTS),
    ("forget matches", MATCHES),
    ("forget unmentioned", UNMENTIONED),
    ("forget nudges", NUDGES),
    ("forget posts", POSTS),
    ("forget settings", SETTINGS),
    ("forget channel repos", CHANNEL_REPOS),
    ("forget homes", HOMES),
    ("forget reads", READS),
    ("forget private wishes", WISHES),
    ("forget mutes", MUTES),
    ("forget whispers", WHISPERS),
    ("forget alarms", ALARMS),
    ("forget calendars", CALENDARS),
    ("forget held feeds", HELD_FEEDS),
    ("forget shut channels", SHUT_CHANNELS),
    ("forget install", INSTALL),
];

/// A workspace that somebody installs the bot into.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewInstall {
    /// The workspace.
    pub team: Team,
    /// What people call it.
    pub name: String,
    /// The enterprise it belongs to, where it does.
    pub enterprise: Option<String>,
    /// Who the bot is there.
    pub bot_user: Option<String>,
    /// What it may do there.
    pub scopes: String,
    /// Its token there, sealed.
    pub token_sealed: String,
    /// Who installed it.
    pub installed_by: Option<String>,
}

/// A workspace that has, or had, the bot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Install {
    /// The workspace.
    pub team: Team,
    /// What people call it.
    pub name: String,
    /// The bot's token there, sealed; none since it was taken out.
    pub token_sealed: Option<String>,
    /// What it may do there.
    pub scopes: String,
    /// When it was installed.
    pub installed_at: i64,
}

impl Install {
    fn from_row(row: &AnyRow) -> Result<Self, Error> {
        Ok(Self {
            team: Team::new(row.text("team")?),
            name: row.text("name")?,
            token_sealed: row.maybe_text("token_sealed")?,
            scopes: row.text("scopes")?,
            installed_at: row.number("installed_at")?,
        })
    }
}

impl Store {
    /// What is known of a workspace, if it ever installed the bot and is not forgotten.
    pub async fn install(&self, team: &Team) -> Result<Option<Install>, Error> {
        self.base.row(sql(ONE).bind(team.as_str())).await?.as_ref().map(Install::from_row).transpose()
    }
}

impl Store {
    /// The workspaces that have the bot now.
    pub async fn installs(&self) -> Result<Vec<Install>, Error> {
        each(&self.base.rows(sql(ALL_IN)).await?, Install::from_row)
    }
}

impl Tx {
    /// The bot is in a workspace, by a new token.
    pub async fn save_install(&mut self, install: &NewInstall) -> Result<(), Error> {
        let query = sql(SAVE)
            .bind(install.team.as_str())
            .bind(install.name.as_str())
            .bind(install.enterprise.clone())
            .bind(install.bot_user.clone())
            .bind(install.scopes.as_str())
            .bind(install.token_sealed.as_str())
            .bind(install.installed_by.clone())
            .bind(self.now());
        self.write(query).await.map(|_| ())
    }

    /// Forgets every secret of a workspace: the bot's token, people's, and those on their way.
    pub async fn forget_secrets_of(&mut self, team: &Team) -> Result<(), Error> {
        let removed = sql(REMOVE).bind(team.as_str()).bind(self.now());
        self.write(removed).await?;
        self.forget(team, &[LINKS, TICKETS, PARKED]).await
    }

    /// Forgets all that is left of a workspace.
    pub async fn forget_workspace(&mut self, team: &Team) -> Result<(), Error> {
        self.forget_secrets_of(team).await?;
        self.forget(
            team,
            &[
                SUBSCRIPTIONS,
                DIGESTS,
                MATCHES,
                UNMENTIONED,
                NUDGES,
                POSTS,
                SETTINGS,
                CHANNEL_REPOS,
                HOMES,
                READS,
                WISHES,
                MUTES,
                WHISPERS,
                ALARMS,
                CALENDARS,
                HELD_FEEDS,
                SHUT_CHANNELS,
                INSTALL,
            ],
        )
        .await?;
        self.subscriptions_changed().await
    }

    async fn forget(&mut self, team: &Team, statements: &[&'static str]) -> Result<(), Error> {
        for statement in statements {
            self.write(sql(statement).bind(team.as_str())).await?;
        }
        Ok(())
    }

    /// Uses up something that counts once; false when it was used before.
    pub async fn spend(&mut self, hash: &str, until: i64) -> Result<bool, Error> {
        Ok(self.write(sql(SPEND).bind(hash).bind(until)).await? > 0)
    }
}
