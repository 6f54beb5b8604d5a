//! Every place where something sealed lies, so that all of it can be sealed anew when the keys are exchanged.
//! A new sealed column is a row of this list; a test reads the migrations and names the one that is missing.

use serde_json::Value;
use sqlx::any::AnyRow;

use super::Store;
use super::error::Error;
use super::rows::{Columns, Named, sql};
use crate::seal::{self, Seal};

/// A place where sealed things lie.
#[derive(Debug)]
pub struct Vault {
    /// The table.
    pub table: &'static str,
    /// Its column.
    pub column: &'static str,
    /// What lies there, in words.
    pub what: &'static str,
    holds: Holds,
    page: &'static str,
    put: &'static str,
}

/// How the sealed thing lies in the column.
#[derive(Debug, Clone, Copy)]
enum Holds {
    /// It is the column, as text.
    Text,
    /// It is the column, as bytes.
    Bytes,
    /// It stands in the JSON of a command, as where that is answered.
    Command,
}

/// `$keys` name the row; `$place` is what the value was sealed to, as those say it who seal it.
macro_rules! vault {
    ($table:literal . $column:literal, $what:literal, $holds:ident, [$one:literal, $two:literal, $three:literal], $place:literal, $only:literal) => {
        Vault {
            table: $table,
            column: $column,
            what: $what,
            holds: Holds::$holds,
            page: concat!(
                "SELECT ",
                $one,
                " AS one, ",
                $two,
                " AS two, ",
                $three,
                " AS three, ",
                $place,
                " AS place, ",
                $column,
                " AS sealed FROM ",
                $table,
                " WHERE ",
                $column,
                " IS NOT NULL AND ",
                $only,
                " AND ",
                $one,
                " >= $1 AND (",
                $one,
                ", ",
                $two,
                ", ",
                $three,
                ") > ($1, $2, $3) ORDER BY one, two, three LIMIT 200"
            ),
            put: concat!(
                "UPDATE ",
                $table,
                " SET ",
                $column,
                " = $1 WHERE ",
                $column,
                " = $2 AND ",
                $one,
                " = $3 AND ",
                $two,
                " = $4 AND ",
                $three,
                " = $5"
            ),
        }
    };
}

const VAULTS: &[Vault] = &[
    vault!("links"."access_sealed", "access tokens", Text, ["team", "user_id", "instance"],
        "'links:' || team || ':' || user_id || ':' || instance || ':access'", "1 = 1"),
    vault!("links"."refresh_sealed", "refresh tokens", Text, ["team", "user_id", "instance"],
        "'links:' || team || ':' || user_id || ':' || instance || ':refresh'", "1 = 1"),
    vault!("tickets"."verifier_sealed", "proofs of those who are connecting", Text, ["hash", "''", "''"],
        "'tickets:' || hash || ':verifier'", "1 = 1"),
    vault!("tickets"."access_sealed", "access tokens to be confirmed", Text, ["hash", "''", "''"],
        "'links:' || team || ':' || user_id || ':' || instance || ':access'", "1 = 1"),
    vault!("tickets"."refresh_sealed", "refresh tokens to be confirmed", Text, ["hash", "''", "''"],
        "'links:' || team || ':' || user_id || ':' || instance || ':refresh'", "1 = 1"),
    vault!("audit_chains"."key_sealed", "keys of the audit log", Text, ["team", "''", "''"],
        "'audit_chains:' || team || ':key'", "1 = 1"),
    vault!("installs"."token_sealed", "tokens of workspaces", Text, ["team", "''", "''"],
        "'installs:' || team || ':bot'", "1 = 1"),
    vault!("hooks"."secret_sealed", "secrets of webhooks", Text, ["id", "''", "''"],
        "'hooks:' || id || ':secret'", "1 = 1"),
    vault!("jobs"."body", "requests from Slack", Bytes, ["seen_key", "''", "''"],
        "'slack:' || seen_key", "kind = 'slack' AND seen_key IS NOT NULL"),
    vault!("jobs"."payload", "response addresses of waiting commands", Command, ["CAST(id AS TEXT)", "''", "''"],
        "''", "kind IN ('command', 'answer') AND state <> 'done'"),
    vault!("parked"."command", "response addresses of parked commands", Command, ["CAST(id AS TEXT)", "''", "''"],
        "''", "1 = 1"),
];

/// What became of one vault.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Resealed {
    /// Sealed anew.
    pub anew: u64,
    /// Sealed with the first key already.
    pub fresh: u64,
    /// What no key opens; it is left as it is.
    pub shut: u64,
}

/// One sealed thing, and where it lies.
struct Held {
    keys: [String; 3],
    place: String,
    old: Lies,
}

/// A column's value.
#[derive(Clone)]
enum Lies {
    Text(String),
    Bytes(Vec<u8>),
}

/// The places where sealed things lie.
pub fn vaults() -> &'static [Vault] {
    VAULTS
}

/// Their statements, for the test that prepares each.
pub(super) fn statements() -> impl Iterator<Item = Named> {
    VAULTS.iter().flat_map(|vault| [(vault.what, vault.page), (vault.put, vault.put)])
}

impl Store {
    /// Seals anew with the first key whatever in this vault another key has sealed. Beside running bots: what
    /// one of them writes meanwhile is never overwritten.
    pub async fn reseal(&self, vault: &Vault, seal: &Seal) -> Result<Resealed, Error> {
        self.go_through(vault, seal, true).await
    }

    /// What [`Store::reseal`] would find; nothing is written.
    pub async fn survey(&self, vault: &Vault, seal: &Seal) -> Result<Resealed, Error> {
        self.go_through(vault, seal, false).await
    }

    async fn go_through(&self, vault: &Vault, seal: &Seal, write: bool) -> Result<Resealed, Error> {
        let mut done = Resealed::default();
        let mut after = [const { String::new() }; 3];
        loop {
            let [one, two, three] = after.clone();
            let rows = self.base.rows(sql(vault.page).bind(one).bind(two).bind(three)).await?;
            let Some(last) = rows.last() else {
                return Ok(done);
            };
            after = keys(last)?;
            for row in &rows {
                let held = Held::from_row(row, vault.holds)?;
                match held.renewed(seal, vault.holds) {
                    Ok(None) => done.fresh += 1,
                    Ok(Some(_)) if !write => done.anew += 1,
                    Ok(Some(new)) => done.anew += self.put(vault, held, new).await?,
                    Err(_) => done.shut += 1,
                }
            }
        }
    }

    /// Puts it in place of what was found there, if that is there still.
    async fn put(&self, vault: &Vault, held: Held, new: Lies) -> Result<u64, Error> {
        let query = sql(vault.put);
        let query = match (new, held.old) {
            (Lies::Text(new), Lies::Text(old)) => query.bind(new).bind(old),
            (Lies::Bytes(new), Lies::Bytes(old)) => query.bind(new).bind(old),
            _ => return Ok(0),
        };
        let [one, two, three] = held.keys;
        self.base.write(query.bind(one).bind(two).bind(three)).await
    }
}

fn keys(row: &AnyRow) -> Result<[String; 3], Error> {
    Ok([row.text("one")?, row.text("two")?, row.text("three")?])
}

impl Held {
    fn from_row(row: &AnyRow, holds: Holds) -> Result<Self, Error> {
        let old = match holds {
            Holds::Bytes => Lies::Bytes(row.bytes("sealed")?),
            Holds::Text | Holds::Command => Lies::Text(row.text("sealed")?),
        };
        Ok(Self { keys: keys(row)?, place: row.text("place")?, old })
    }

    fn renewed(&self, seal: &Seal, holds: Holds) -> Result<Option<Lies>, seal::Error> {
        match (&self.old, holds) {
            (Lies::Bytes(old), _) => Ok(seal.renewed_bytes(&self.place, old)?.map(Lies::Bytes)),
            (Lies::Text(old), Holds::Command) => Ok(command_renewed(seal, old)?.map(Lies::Text)),
            (Lies::Text(old), _) => Ok(seal.renewed(&self.place, old)?.map(Lies::Text)),
        }
    }
}

/// A command with its response address sealed anew. It is sealed to the person who gave the command.
fn command_renewed(seal: &Seal, text: &str) -> Result<Option<String>, seal::Error> {
    let Ok(mut command) = serde_json::from_str::<Value>(text) else {
        return Ok(None);
    };
    let text = |pointer: &str| command.pointer(pointer).and_then(Value::as_str).map(str::to_owned);
    let (team, id) = (text("/caller/user/team"), text("/caller/user/id"));
    let (Some(team), Some(id), Some(sealed)) = (team, id, text("/reply/response_url")) else {
        return Ok(None);
    };
    let Some(new) = seal.renewed(&format!("reply:{team}:{id}"), &sealed)? else {
        return Ok(None);
    };
    command["reply"]["response_url"] = Value::String(new);
    Ok(Some(command.to_string()))
}
