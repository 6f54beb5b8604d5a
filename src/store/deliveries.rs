//! What Bitbucket sent: kept byte for byte, and what became of it.

use sha2::{Digest, Sha256};
use sqlx::any::AnyRow;

use super::Store;
use super::error::Error;
use super::rows::{Columns, Named, each, sql};
use super::tx::Tx;
use crate::words::names::{Instance, PrName, RepoName};
use crate::words::wish::RepoPattern;

const ONE: &str = "SELECT id, instance, request_id, event_key, hook, received_at, settled_at, outcome, \
     repo, number, CAST(LENGTH(body) AS BIGINT) AS size, body FROM deliveries WHERE id = $1";
const LIST: &str = "SELECT id, instance, request_id, event_key, hook, received_at, settled_at, outcome, \
     repo, number, CAST(LENGTH(body) AS BIGINT) AS size FROM deliveries WHERE id < $1 ORDER BY id DESC LIMIT $2";
const LAST: &str = "SELECT received_at FROM deliveries WHERE instance = $1 ORDER BY id DESC LIMIT 1";
const SETTLE: &str = "UPDATE deliveries SET outcome = $2, settled_at = $3 WHERE id = $1";
const PLACE: &str = "UPDATE deliveries SET owner = $2, slug = $3 WHERE id = $1";
const OF_REPO: &str =
    "SELECT id, slug FROM deliveries WHERE owner = $1 AND slug = $2 ORDER BY id DESC LIMIT $3";
const BODY: &str = "SELECT event_key, body FROM deliveries WHERE id = $1 AND LENGTH(body) <= $2";
const OF_OWNER: &str = "SELECT id, slug FROM deliveries WHERE owner = $1 ORDER BY id DESC LIMIT $2";

pub(super) const ALL: &[Named] = &[
    ("delivery", ONE),
    ("deliveries", LIST),
    ("delivery last", LAST),
    ("delivery settle", SETTLE),
    ("delivery place", PLACE),
    ("deliveries of a repository", OF_REPO),
    ("deliveries of an owner", OF_OWNER),
    ("delivery body", BODY),
];

/// So many deliveries of an owner are looked through for those of a form.
const LOOKED_THROUGH: i64 = 2_000;

/// The event of what no webhook told: it was found by looking, and its body is ours.
pub const FOUND: &str = "found by looking";
/// What stands for an event's key where this bot did it itself.
pub const DONE_HERE: &str = "done here";

/// A delivery on its way in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewDelivery {
    /// Which Bitbucket it says it is from.
    pub instance: Instance,
    /// What the sender calls this request, where it says.
    pub request_id: Option<String>,
    /// What it says has happened.
    pub event_key: String,
    /// The hook it came by, where it has a door of its own.
    pub hook: Option<String>,
    /// The raw body.
    pub body: Vec<u8>,
}

impl NewDelivery {
    /// The same instance, event and body have the same hash, whatever the request is called. Half of it
    /// tells deliveries apart as well as all of it would, and makes a smaller index.
    pub(super) fn hash(&self) -> Vec<u8> {
        let mut hash = Sha256::new();
        for part in [self.instance.as_str(), &self.event_key] {
            hash.update(part.as_bytes());
            hash.update([0]);
        }
        hash.update(&self.body);
        hash.finalize()[..16].to_vec()
    }
}

/// A stored delivery without its body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryRow {
    /// Its id.
    pub id: i64,
    /// Which Bitbucket it is from.
    pub instance: Instance,
    /// What the sender calls the request.
    pub request_id: Option<String>,
    /// What it says has happened.
    pub event_key: String,
    /// The hook it came by.
    pub hook: Option<String>,
    /// When it came.
    pub received_at: i64,
    /// When its outcome was written.
    pub settled_at: Option<i64>,
    /// What became of it: `told`, or `dropped` and why; none while it waits.
    pub outcome: Option<String>,
    /// The repository it is about, where it was understood.
    pub repo: Option<RepoName>,
    /// The pull request it is about, by its number there.
    pub number: Option<u64>,
    /// How many bytes its body has.
    pub size: i64,
}

/// A stored delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// All but the body.
    pub row: DeliveryRow,
    /// The raw body.
    pub body: Vec<u8>,
}

impl DeliveryRow {
    /// The pull request it is about.
    pub fn pull_request(&self) -> Option<PrName> {
        Some(PrName { repo: self.repo.clone()?, number: self.number? })
    }

    /// Whether no webhook brought it.
    pub fn is_found(&self) -> bool {
        self.event_key == FOUND && self.hook.is_none()
    }

    /// Whether this bot did it itself.
    pub fn is_own(&self) -> bool {
        self.event_key == DONE_HERE && self.hook.is_none()
    }

    pub(super) fn from_row(row: &AnyRow) -> Result<Self, Error> {
        Ok(Self {
            id: row.number("id")?,
            instance: Instance::new(row.text("instance")?),
            request_id: row.maybe_text("request_id")?,
            event_key: row.text("event_key")?,
            hook: row.maybe_text("hook")?,
            received_at: row.number("received_at")?,
            settled_at: row.maybe_number("settled_at")?,
            outcome: row.maybe_text("outcome")?,
            repo: row.maybe_text("repo")?.and_then(|repo| repo.parse().ok()),
            number: row.maybe_number("number")?.and_then(|number| u64::try_from(number).ok()),
            size: row.number("size")?,
        })
    }
}

impl Store {
    /// One delivery, with its body.
    pub async fn delivery(&self, id: i64) -> Result<Option<Delivery>, Error> {
        let Some(row) = self.base.row(sql(ONE).bind(id)).await? else {
            return Ok(None);
        };
        Ok(Some(Delivery { row: DeliveryRow::from_row(&row)?, body: row.bytes("body")? }))
    }

    /// Deliveries before this id (or the newest), the newest first.
    pub async fn deliveries(&self, before: Option<i64>, most: u32) -> Result<Vec<DeliveryRow>, Error> {
        let query = sql(LIST).bind(before.unwrap_or(i64::MAX)).bind(i64::from(most));
        each(&self.base.rows(query).await?, DeliveryRow::from_row)
    }
}

impl Store {
    /// When something last came from there, if it is still kept.
    pub async fn last_delivery(&self, instance: &Instance) -> Result<Option<i64>, Error> {
        let row = self.base.row(sql(LAST).bind(instance.as_str())).await?;
        row.map(|row| row.number("received_at")).transpose()
    }
}

impl Store {
    /// The latest deliveries that told of these repositories, the newest first. Of many repositories only
    /// the latest of their owner are looked through, and of those only what may be read, by its slug.
    pub async fn deliveries_of(
        &self,
        repos: &RepoPattern,
        read: impl Fn(&str) -> bool,
        most: u32,
    ) -> Result<Vec<i64>, Error> {
        let (form, most) = (repos.form.to_lowercase(), i64::from(most));
        let Some((owner, slug)) = form.split_once('/') else {
            return Ok(Vec::new());
        };
        let place = format!("{}:{owner}", repos.instance);
        if !repos.is_wide() {
            let query = sql(OF_REPO).bind(place).bind(slug.to_owned()).bind(most);
            return each(&self.base.rows(query).await?, |row| row.number("id"));
        }
        let rows = self.base.rows(sql(OF_OWNER).bind(place).bind(LOOKED_THROUGH)).await?;
        let all = each(&rows, |row| Ok((row.number("id")?, row.text("slug")?)))?;
        let meant = all.into_iter().filter(|(_, slug)| repos.means(&format!("{owner}/{slug}")) && read(slug));
        Ok(meant.map(|(id, _)| id).take(usize::try_from(most).unwrap_or_default()).collect())
    }

    /// What a delivery said had happened, and its body, unless that is longer than this.
    pub async fn delivery_body(&self, id: i64, longest: i64) -> Result<Option<(String, Vec<u8>)>, Error> {
        let row = self.base.row(sql(BODY).bind(id).bind(longest)).await?;
        row.map(|row| Ok((row.text("event_key")?, row.bytes("body")?))).transpose()
    }
}

impl Tx {
    /// Writes which repository a delivery told of.
    pub async fn place_delivery(&mut self, id: i64, repo: &RepoName) -> Result<(), Error> {
        let owner = format!("{}:{}", repo.instance, repo.owner.to_lowercase());
        let placed = sql(PLACE).bind(id).bind(owner).bind(repo.slug.to_lowercase());
        self.write(placed).await.map(|_| ())
    }

    /// Writes what became of a delivery. Whether there is such a one.
    pub async fn settle_delivery(&mut self, id: i64, outcome: &str) -> Result<bool, Error> {
        let settled = sql(SETTLE).bind(id).bind(outcome).bind(self.now());
        Ok(self.write(settled).await? > 0)
    }
}
