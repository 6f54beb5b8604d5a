//! Going along a chain from its beginning to its end: what was altered, removed or added shows.

use super::AuditRow;
use super::chain::{Chain, mark_of};
use crate::seal::{Seal, Secret};
use crate::store::Store;
use crate::store::error::Error;
use crate::store::rows::{Named, each, sql};
use crate::words::names::Team;

const CHAIN: &str = "SELECT team, key_sealed, base, base_mark, head, head_mark, proof FROM audit_chains \
     WHERE team = $1";
const NEXT: &str = super::select!("team = $1 AND number > $2 ORDER BY number LIMIT 500");

pub(super) const ALL: &[Named] = &[("audit chain", CHAIN), ("audit next", NEXT)];

/// Where a chain does not hold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Flaw {
    /// There are rows, and nothing that says where they begin and end.
    #[error("the record of where it begins and ends was removed")]
    NoEnds,
    /// The key of the marks does not open.
    #[error("the key of its marks does not open with DIPPER_KEYS")]
    NoKey,
    /// The ends are not as they were left.
    #[error("the record of where it begins and ends was altered")]
    Ends,
    /// A row is not there.
    #[error("row {0} was removed")]
    Missing(i64),
    /// A row is not as it was written.
    #[error("row {0} was altered")]
    Altered(i64),
    /// A row stands behind the end.
    #[error("row {0} was added behind Dipper's back")]
    Added(i64),
}

impl Store {
    /// Deeds of a workspace after this number, the oldest first, a page at a time.
    pub async fn audit_after(&self, team: &Team, number: i64) -> Result<Vec<AuditRow>, Error> {
        each(&self.base.rows(sql(NEXT).bind(team.as_str()).bind(number)).await?, AuditRow::from_row)
    }

    /// Goes along a workspace's chain: how many rows hold, or where it does not. Works beside a running bot.
    pub async fn verify_audit(&self, seal: &Seal, team: &Team) -> Result<Result<i64, Flaw>, Error> {
        loop {
            let Some(chain) = self.chain_now(team).await? else {
                return Ok(Err(Flaw::NoEnds));
            };
            let Ok(key) = chain.key(seal) else {
                return Ok(Err(Flaw::NoKey));
            };
            let walked = self.walk(&chain, &key).await?;
            // What outlived its time meanwhile is no flaw: then it begins elsewhere now.
            if walked.is_ok() || self.chain_now(team).await?.is_some_and(|now| now.base == chain.base) {
                return Ok(walked);
            }
        }
    }

    async fn chain_now(&self, team: &Team) -> Result<Option<Chain>, Error> {
        self.base.row(sql(CHAIN).bind(team.as_str())).await?.as_ref().map(Chain::from_row).transpose()
    }

    async fn walk(&self, chain: &Chain, key: &Secret) -> Result<Result<i64, Flaw>, Error> {
        if !chain.is_proven(key) {
            return Ok(Err(Flaw::Ends));
        }
        let (mut at, mut mark) = (chain.base, chain.base_mark.clone());
        while at < chain.head {
            let page = self.audit_after(&chain.team, at).await?;
            if page.is_empty() {
                return Ok(Err(Flaw::Missing(at + 1)));
            }
            for row in page.into_iter().take_while(|row| row.number <= chain.head) {
                if row.number != at + 1 {
                    return Ok(Err(Flaw::Missing(at + 1)));
                }
                if mark_of(key, &mark, row.number, row.at, &row.deed) != row.mark {
                    return Ok(Err(Flaw::Altered(row.number)));
                }
                (at, mark) = (row.number, row.mark);
            }
        }
        if mark != chain.head_mark {
            return Ok(Err(Flaw::Altered(chain.head)));
        }
        let beyond = self.audit_after(&chain.team, chain.head).await?.pop().map(|row| row.number);
        let end = self.chain_now(&chain.team).await?.map_or(0, |chain| chain.head);
        Ok(beyond
            .filter(|number| *number > end)
            .map_or(Ok(chain.head - chain.base), |number| Err(Flaw::Added(number))))
    }
}
