//! The chain: each row's mark is made from the mark before it and everything in the row, under a key of the
//! workspace's own that lies sealed beside it. So the marks stay good when the sealing keys are exchanged.

use std::time::Duration;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use sqlx::any::AnyRow;

use super::Deed;
use crate::clock::millis_of;
use crate::seal::{Seal, Secret, new_key};
use crate::store::Store;
use crate::store::error::Error;
use crate::store::rows::{Columns, Named, sql};
use crate::store::tx::Tx;
use crate::words::names::Team;

const FOUND: &str = "INSERT INTO audit_chains (team, key_sealed, base, base_mark, head, head_mark, proof) \
     VALUES ($1, $2, 0, '', 0, '', $3) ON CONFLICT (team) DO NOTHING";
/// Changes nothing: whoever writes next waits until this unit of work is over.
const LOCK: &str = "UPDATE audit_chains SET head = head WHERE team = $1 \
     RETURNING team, key_sealed, base, base_mark, head, head_mark, proof";
const WRITTEN: &str = "SELECT number FROM audit WHERE team = $1 AND once_key = $2";
const ADD: &str = "INSERT INTO audit (team, number, at, user_id, person, channel, message, command, fields, \
     repo, version, result, reference, once_key, mark) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)";
const ENDS: &str = "UPDATE audit_chains SET base = $2, base_mark = $3, head = $4, head_mark = $5, proof = $6 \
     WHERE team = $1";
/// The last row before the first that is still to be kept.
const OUTLIVED: &str = "SELECT number, mark FROM audit WHERE team = $1 AND number < \
     COALESCE((SELECT MIN(number) FROM audit WHERE team = $1 AND at >= $2), $3) \
     ORDER BY number DESC LIMIT 1";
const FORGET: &str = "DELETE FROM audit WHERE team = $1 AND number <= $2";

pub(super) const ALL: &[Named] = &[
    ("audit found", FOUND),
    ("audit lock", LOCK),
    ("audit written", WRITTEN),
    ("audit add", ADD),
    ("audit ends", ENDS),
    ("audit outlived", OUTLIVED),
    ("audit forget", FORGET),
];

/// Where a workspace's chain begins and ends, and the key its marks are made with.
#[derive(Clone)]
pub(super) struct Chain {
    pub(super) team: Team,
    key_sealed: String,
    pub(super) base: i64,
    pub(super) base_mark: String,
    pub(super) head: i64,
    pub(super) head_mark: String,
    proof: String,
}

/// Where a chain's key is sealed to.
pub(super) fn place(team: &Team) -> String {
    format!("audit_chains:{team}:key")
}

impl Chain {
    pub(super) fn from_row(row: &AnyRow) -> Result<Self, Error> {
        Ok(Self {
            team: Team::new(row.text("team")?),
            key_sealed: row.text("key_sealed")?,
            base: row.number("base")?,
            base_mark: row.text("base_mark")?,
            head: row.number("head")?,
            head_mark: row.text("head_mark")?,
            proof: row.text("proof")?,
        })
    }

    /// A chain without a row.
    fn new(team: &Team, seal: &Seal) -> Self {
        let key = Secret::new(new_key());
        let mut chain = Self {
            team: team.clone(),
            key_sealed: seal.seal(&place(team), &key),
            base: 0,
            base_mark: String::new(),
            head: 0,
            head_mark: String::new(),
            proof: String::new(),
        };
        chain.proof = chain.prove(&key);
        chain
    }

    /// What its marks are made with.
    pub(super) fn key(&self, seal: &Seal) -> Result<Secret, Error> {
        Ok(seal.open(&place(&self.team), &self.key_sealed)?)
    }

    /// The proof over both ends.
    fn prove(&self, key: &Secret) -> String {
        let ends = (self.team.as_str(), self.base, &self.base_mark, self.head, &self.head_mark);
        mark(key, "ends", &serde_json::to_string(&ends).unwrap_or_default())
    }

    /// Whether the ends are as they were left.
    pub(super) fn is_proven(&self, key: &Secret) -> bool {
        self.prove(key) == self.proof
    }
}

/// The mark of a row that stands at this place.
pub(super) fn mark_of(key: &Secret, before: &str, number: i64, at: i64, deed: &Deed) -> String {
    let who = (deed.user.team.as_str(), &deed.user.id, &deed.person, &deed.channel.id, &deed.message);
    let what = (&deed.command, &deed.fields, &deed.repo, &deed.version);
    let row = (before, number, at, who, what, &deed.result, &deed.reference, &deed.once);
    mark(key, "row", &serde_json::to_string(&row).unwrap_or_default())
}

fn mark(key: &Secret, of: &str, text: &str) -> String {
    let mut mac =
        Hmac::<Sha256>::new_from_slice(key.reveal().as_bytes()).expect("a key of any length makes marks");
    mac.update(of.as_bytes());
    mac.update(&[0]);
    mac.update(text.as_bytes());
    hex::encode(mac.finalize().into_bytes())
}

impl Tx {
    /// Writes a deed down, unless it was. The workspace's chain stays locked until the commit.
    pub async fn write_down(&mut self, seal: &Seal, deed: &Deed) -> Result<bool, Error> {
        let deed = &readable(deed);
        let team = &deed.user.team;
        let mut chain = match self.chain(team).await? {
            Some(chain) => chain,
            None => self.found_chain(team, seal).await?,
        };
        if self.row(sql(WRITTEN).bind(team.as_str()).bind(deed.once.as_str())).await?.is_some() {
            return Ok(false);
        }
        let key = chain.key(seal)?;
        let at = self.now();
        chain.head += 1;
        chain.head_mark = mark_of(&key, &chain.head_mark, chain.head, at, deed);
        let query = sql(ADD)
            .bind(team.as_str())
            .bind(chain.head)
            .bind(at)
            .bind(deed.user.id.as_str())
            .bind(deed.person.clone())
            .bind(deed.channel.id.as_str())
            .bind(deed.message.clone())
            .bind(deed.command.as_str())
            .bind(deed.fields.as_str())
            .bind(deed.repo.clone())
            .bind(deed.version.clone())
            .bind(deed.result.as_str())
            .bind(deed.reference.as_str())
            .bind(deed.once.as_str())
            .bind(chain.head_mark.as_str());
        self.write(query).await?;
        self.set_ends(chain, &key).await?;
        Ok(true)
    }

    async fn chain(&mut self, team: &Team) -> Result<Option<Chain>, Error> {
        self.row(sql(LOCK).bind(team.as_str())).await?.as_ref().map(Chain::from_row).transpose()
    }

    /// Begins a chain; another may have done so in the same moment.
    async fn found_chain(&mut self, team: &Team, seal: &Seal) -> Result<Chain, Error> {
        let new = Chain::new(team, seal);
        let query = sql(FOUND).bind(team.as_str()).bind(new.key_sealed.clone()).bind(new.proof.clone());
        self.write(query).await?;
        self.chain(team).await?.ok_or_else(|| Error::Unreadable("audit_chains".to_owned()))
    }

    async fn set_ends(&mut self, mut chain: Chain, key: &Secret) -> Result<(), Error> {
        chain.proof = chain.prove(key);
        let query = sql(ENDS)
            .bind(chain.team.0)
            .bind(chain.base)
            .bind(chain.base_mark)
            .bind(chain.head)
            .bind(chain.head_mark)
            .bind(chain.proof);
        self.write(query).await.map(|_| ())
    }
}

impl Store {
    /// Removes deeds older than this from the beginning of every workspace's chain, and writes down where it
    /// begins now. A chain whose ends do not hold is left as it is, for `dipper check` to find.
    pub async fn tidy_audit(&self, seal: &Seal, keep: Duration) -> Result<u64, Error> {
        let before = self.base.now().saturating_sub(millis_of(keep));
        let mut removed = 0;
        for team in self.audited_teams().await? {
            removed += self.shorten(seal, &team, before).await?;
        }
        Ok(removed)
    }

    async fn shorten(&self, seal: &Seal, team: &Team, before: i64) -> Result<u64, Error> {
        let mut tx = self.begin().await?;
        let Some(mut chain) = tx.chain(team).await? else {
            return Ok(0);
        };
        let Ok(key) = chain.key(seal) else {
            return Ok(0);
        };
        let outlived = sql(OUTLIVED).bind(team.as_str()).bind(before).bind(i64::MAX);
        let Some(row) = tx.row(outlived).await?.filter(|_| chain.is_proven(&key)) else {
            return Ok(0);
        };
        (chain.base, chain.base_mark) = (row.number("number")?, row.text("mark")?);
        let removed = tx.write(sql(FORGET).bind(team.as_str()).bind(chain.base)).await?;
        tx.set_ends(chain, &key).await?;
        tx.commit().await?;
        Ok(removed)
    }
}

/// No database keeps a NUL in a text.
fn readable(deed: &Deed) -> Deed {
    let plain = |text: &String| text.replace('\0', "");
    Deed {
        person: deed.person.as_ref().map(plain),
        fields: plain(&deed.fields),
        version: deed.version.as_ref().map(plain),
        result: plain(&deed.result),
        ..deed.clone()
    }
}
