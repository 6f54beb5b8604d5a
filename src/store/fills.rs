//! Which forms were filled lately, by which request, and how each stood then: whichever replica fills a form for
//! a newer request finds what an earlier one left, and no older one undoes a newer.

use super::Store;
use super::error::Error;
use super::rows::{Columns, Named, sql};

/// Requests are numbered as they come: of two, the later one is noted.
const NOTE: &str = "INSERT INTO fills (view, filled_by, hash, at) VALUES ($1, $2, $3, $4) \
     ON CONFLICT (view) DO UPDATE SET filled_by = excluded.filled_by, hash = excluded.hash, at = excluded.at \
     WHERE fills.filled_by <= excluded.filled_by";
const LAST: &str = "SELECT filled_by, hash FROM fills WHERE view = $1";

pub(super) const ALL: &[Named] = &[("fill noted", NOTE), ("fill last", LAST)];

/// Somebody's form, as it was filled last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filled {
    /// By which request.
    pub by: i64,
    /// How it stands since.
    pub hash: String,
}

impl Store {
    /// This request filled this form, which stands so since.
    pub async fn note_fill(&self, view: &str, filled: &Filled) -> Result<(), Error> {
        let query = sql(NOTE).bind(view).bind(filled.by).bind(filled.hash.as_str()).bind(self.base.now());
        self.base.write(query).await.map(|_| ())
    }

    /// The last request that filled this form.
    pub async fn last_fill(&self, view: &str) -> Result<Option<Filled>, Error> {
        let Some(row) = self.base.row(sql(LAST).bind(view)).await? else {
            return Ok(None);
        };
        Ok(Some(Filled { by: row.number("filled_by")?, hash: row.text("hash")? }))
    }
}
