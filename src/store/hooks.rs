//! The webhooks that were made from Slack: where each hangs, and the secret its deliveries are signed with.

use sqlx::any::AnyRow;

use super::Store;
use super::error::Error;
use super::rows::{Columns, Named, each, sql};
use super::tx::Tx;
use crate::words::names::{Instance, RepoName, SlackUser, Team};
use crate::words::webhook::{HookPlace, HookSite};

const ONE: &str = "SELECT id, team, instance, owner, slug, remote, secret_sealed, made_by, made_at FROM hooks \
     WHERE id = $1";
const OF_TEAM: &str = "SELECT id, team, instance, owner, slug, remote, secret_sealed, made_by, made_at \
     FROM hooks WHERE team = $1 ORDER BY made_at, id";
const OF_OWNER: &str = "SELECT id, team, instance, owner, slug, remote, secret_sealed, made_by, made_at \
     FROM hooks WHERE instance = $1 AND owner = $2 ORDER BY made_at, id";
const KEEP: &str = "INSERT INTO hooks (id, team, instance, owner, slug, remote, secret_sealed, made_by, made_at) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (id) DO UPDATE SET remote = excluded.remote, \
     secret_sealed = excluded.secret_sealed, made_by = excluded.made_by, made_at = excluded.made_at";
const FORGET: &str = "DELETE FROM hooks WHERE id = $1";

pub(super) const ALL: &[Named] = &[
    ("hook", ONE),
    ("hooks of a team", OF_TEAM),
    ("hooks of an owner", OF_OWNER),
    ("hook keep", KEEP),
    ("hook forget", FORGET),
];

/// A webhook that was made from Slack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hook {
    /// The name of its door.
    pub id: String,
    /// The workspace it was made from.
    pub team: Team,
    /// Where it hangs.
    pub site: HookSite,
    /// What Bitbucket calls it.
    pub remote: String,
    /// Its secret, sealed to [`Hook::place_of`].
    pub secret_sealed: String,
    /// Who made it.
    pub made_by: SlackUser,
}

impl Hook {
    /// What the secret of this webhook is sealed to: a row moved elsewhere opens nothing.
    pub fn place_of(id: &str) -> String {
        format!("hooks:{id}:secret")
    }

    fn from_row(row: &AnyRow) -> Result<Self, Error> {
        let team = Team::new(row.text("team")?);
        let (instance, owner) = (Instance::new(row.text("instance")?), row.text("owner")?);
        let place = match row.maybe_text("slug")? {
            Some(slug) => HookPlace::Repository(RepoName { instance: instance.clone(), owner, slug }),
            None => HookPlace::Owner(owner),
        };
        Ok(Self {
            id: row.text("id")?,
            site: HookSite { instance, place },
            remote: row.text("remote")?,
            secret_sealed: row.text("secret_sealed")?,
            made_by: SlackUser { team: team.clone(), id: row.text("made_by")? },
            team,
        })
    }
}

impl Store {
    /// The webhook behind a door.
    pub async fn hook(&self, id: &str) -> Result<Option<Hook>, Error> {
        let row = self.base.row(sql(ONE).bind(id.to_owned())).await?;
        row.as_ref().map(Hook::from_row).transpose()
    }

    /// Those made from this workspace.
    pub async fn hooks_of(&self, team: &Team) -> Result<Vec<Hook>, Error> {
        each(&self.base.rows(sql(OF_TEAM).bind(team.as_str().to_owned())).await?, Hook::from_row)
    }

    /// Those that hang on this owner or on a repository of theirs.
    pub async fn hooks_on(&self, instance: &Instance, owner: &str) -> Result<Vec<Hook>, Error> {
        let query = sql(OF_OWNER).bind(instance.as_str().to_owned()).bind(owner.to_owned());
        each(&self.base.rows(query).await?, Hook::from_row)
    }
}

impl Tx {
    /// Keeps a webhook; one that is known already gets its new secret.
    pub async fn keep_hook(&mut self, hook: &Hook) -> Result<(), Error> {
        let query = sql(KEEP)
            .bind(hook.id.clone())
            .bind(hook.team.as_str().to_owned())
            .bind(hook.site.instance.as_str().to_owned())
            .bind(hook.site.owner().to_owned())
            .bind(hook.site.slug().map(str::to_owned))
            .bind(hook.remote.clone())
            .bind(hook.secret_sealed.clone())
            .bind(hook.made_by.id.clone())
            .bind(self.now());
        self.write(query).await.map(|_| ())
    }

    /// Forgets a webhook: its door is shut.
    pub async fn forget_hook(&mut self, id: &str) -> Result<bool, Error> {
        Ok(self.write(sql(FORGET).bind(id.to_owned())).await? > 0)
    }
}
