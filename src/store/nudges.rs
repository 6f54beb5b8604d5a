//! Whom somebody nudged about which pull request, so that nobody is nudged about it twice on a day.

use super::error::Error;
use super::rows::{Named, sql};
use super::tx::Tx;
use crate::words::names::{PrName, SlackUser};

/// Touches a row when it is new, or when it was this very request that wrote it before.
const NUDGE: &str = "INSERT INTO nudges (team, user_id, pr, day, origin, at) VALUES ($1, $2, $3, $4, $5, $6) \
     ON CONFLICT (team, user_id, pr, day) DO UPDATE SET at = excluded.at WHERE nudges.origin = excluded.origin";

pub(super) const ALL: &[Named] = &[("nudge", NUDGE)];

impl Tx {
    /// Notes that this request nudges a person about a pull request on that day of theirs; whether it may,
    /// which it may not when another one did.
    pub async fn nudge(
        &mut self,
        user: &SlackUser,
        pr: &PrName,
        day: &str,
        origin: i64,
    ) -> Result<bool, Error> {
        let query = sql(NUDGE).bind(user.team.as_str()).bind(user.id.as_str()).bind(pr.to_string());
        let query = query.bind(day).bind(origin).bind(self.now());
        Ok(self.write(query).await? > 0)
    }
}
