//! The webhooks that were made from Slack: where each hangs, and the secret its deliveries are signed with.

use sqlx::any::AnyRow;

use super::Store;
use super::error::Error;
use super::rows::{Columns, Named, each, sql};
use super::tx::Tx;
use crate::words::names::{Instance, RepoName, SlackUser, Team};
use crate::words::webhook::{HookPlace, HookSite};

const ONE: &str = "SELECT id, team, instance, owner, slug, remote, secret_sealed, made_by, made_at, \
     events, trouble FROM hooks WHERE id = $1";
const OF_TEAM: &str = "SELECT id, team, instance, owner, slug, remote, secret_sealed, made_by, made_at, \
     events, trouble FROM hooks WHERE team = $1 ORDER BY made_at, id";
const OF_OWNER: &str = "SELECT id, team, instance, owner, slug, remote, secret_sealed, made_by, made_at, \
     events, trouble FROM hooks WHERE instance = $1 AND LOWER(owner) = $2 ORDER BY made_at, id";
const EVERY: &str = "SELECT id FROM hooks ORDER BY id";
const KEEP: &str = "INSERT INTO hooks (id, team, instance, owner, slug, remote, secret_sealed, made_by, made_at, \
     events) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (id) DO UPDATE SET \
     remote = excluded.remote, secret_sealed = excluded.secret_sealed, made_by = excluded.made_by, \
     made_at = excluded.made_at, events = excluded.events, trouble = NULL";
const SEEN: &str = "UPDATE hooks SET trouble = $2, events = COALESCE($3, events) WHERE id = $1";
const FORGET: &str = "DELETE FROM hooks WHERE id = $1";

pub(super) const ALL: &[Named] = &[
    ("hook", ONE),
    ("hooks of a team", OF_TEAM),
    ("hooks of an owner", OF_OWNER),
    ("hooks", EVERY),
    ("hook keep", KEEP),
    ("hook seen", SEEN),
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
    /// Who made it, or mended it last.
    pub made_by: SlackUser,
    /// When, in epoch milliseconds.
    pub made_at: i64,
    /// What it asks for, in Bitbucket's own keys; none where it asks for all there is.
    pub events: Option<Vec<String>>,
    /// What is wrong with it, once whoever made it was told.
    pub trouble: Option<String>,
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
            made_at: row.number("made_at")?,
            events: row.maybe_text("events")?.map(|keys| keys.split(' ').map(str::to_owned).collect()),
            trouble: row.maybe_text("trouble")?,
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
        let query = sql(OF_OWNER).bind(instance.as_str().to_owned()).bind(owner.to_lowercase());
        each(&self.base.rows(query).await?, Hook::from_row)
    }
}

impl Store {
    /// All that were made, by their doors.
    pub async fn every_hook(&self) -> Result<Vec<String>, Error> {
        each(&self.base.rows(sql(EVERY)).await?, |row| row.text("id"))
    }
}

impl Tx {
    /// What is wrong with a webhook, now that somebody is told, and what it asks for, where it is there.
    pub async fn hook_seen(
        &mut self,
        id: &str,
        trouble: Option<&str>,
        events: Option<&[String]>,
    ) -> Result<(), Error> {
        let query = sql(SEEN).bind(id.to_owned()).bind(trouble.map(str::to_owned));
        self.write(query.bind(events.map(|keys| keys.join(" ")))).await.map(|_| ())
    }

    /// Keeps a webhook; one that is known already gets its new secret, and is well as far as is known.
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
            .bind(self.now())
            .bind(hook.events.as_ref().map(|keys| keys.join(" ")));
        self.write(query).await.map(|_| ())
    }

    /// Forgets a webhook: its door is shut.
    pub async fn forget_hook(&mut self, id: &str) -> Result<bool, Error> {
        Ok(self.write(sql(FORGET).bind(id.to_owned())).await? > 0)
    }
}
