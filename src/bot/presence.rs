//! Whether somebody may be disturbed now: where they live, whether they are away, when they want quiet.

use chrono_tz::Tz;

use super::{Bot, Failure};
use crate::slack::{self, Away, Standing};
use crate::words::names::SlackUser;
use crate::words::notice::Wishes;

/// Whoever is away until they say otherwise is looked at again after so long.
const LOOK_AGAIN: i64 = 60 * 60 * 1000;

/// How somebody can be reached.
#[derive(Debug, Clone)]
pub struct Presence {
    /// What they are in the workspace.
    pub standing: Standing,
    /// Where they live.
    pub zone: Tz,
    /// Whether their status says that they are away.
    pub away: Option<Away>,
}

impl Presence {
    /// Until when they are not to be told what they did not ask for, if so.
    pub fn busy_until(&self, wishes: &Wishes, now: i64) -> Option<i64> {
        let away = self.away.as_ref().map(|away| away.until.unwrap_or(now + LOOK_AGAIN));
        let quiet = wishes.quiet.as_ref().and_then(|quiet| quiet.ends(now, self.zone));
        away.max(quiet)
    }
}

impl Bot {
    /// How somebody can be reached; none where nobody of that name is known.
    pub async fn presence(&self, user: &SlackUser) -> Result<Option<Presence>, Failure> {
        let info = match self.slack(&user.team).await?.user_info(user).await {
            Ok(info) => info,
            Err(slack::Error::Api { .. }) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let now = self.clock.millis();
        let zone = info.tz.and_then(|name| name.parse().ok()).unwrap_or(Tz::UTC);
        let away = info.away.filter(|away| away.until.is_none_or(|until| until > now));
        Ok(Some(Presence { standing: info.standing, zone, away }))
    }
}
