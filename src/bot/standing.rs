//! What a person is in their Slack workspace: a member, one who administers Dipper, or somebody who only visits.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use super::{Bot, Failure};
use crate::slack::{self, Standing, UserInfo};
use crate::words::names::SlackUser;

/// So long it is believed that somebody is a member; whether they administer is asked each time.
const BELIEVED: i64 = 10 * 60 * 1000;
/// More are forgotten at once rather than kept.
const MOST: usize = 10_000;

/// Who was what, lately.
#[derive(Debug, Default)]
pub struct Standings(Mutex<HashMap<SlackUser, (i64, Standing)>>);

impl Standings {
    fn lately(&self, user: &SlackUser, now: i64) -> Option<Standing> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(user).filter(|(until, _)| *until > now).map(|(_, standing)| *standing)
    }

    fn keep(&self, user: &SlackUser, until: i64, standing: Standing) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST {
            known.clear();
        }
        known.insert(user.clone(), (until, standing));
    }
}

impl Bot {
    /// What a person is here; asked of Slack, and believed for a while.
    pub async fn standing(&self, user: &SlackUser) -> Result<Standing, Failure> {
        let now = self.clock.millis();
        if let Some(standing) = self.standings.lately(user, now) {
            return Ok(standing);
        }
        Ok(self.ask_standing(user).await?.0)
    }

    /// Whether a person administers Dipper: named in the settings, else an owner or admin of the workspace.
    pub async fn is_admin(&self, user: &SlackUser) -> Result<bool, Failure> {
        let (standing, info) = self.ask_standing(user).await?;
        let named = self.admins.contains(&user.id);
        let runs_it = info.is_some_and(|info| info.admin || info.owner);
        Ok(standing == Standing::Member && if self.admins.is_empty() { runs_it } else { named })
    }

    async fn ask_standing(&self, user: &SlackUser) -> Result<(Standing, Option<UserInfo>), Failure> {
        let info = match self.slack(&user.team).await?.user_info(user).await {
            Ok(info) => Some(info),
            Err(slack::Error::Api { code, .. }) if code.starts_with("user_not_") => None,
            Err(error) => return Err(error.into()),
        };
        let standing = info.as_ref().map_or(Standing::Stranger, |info| info.standing);
        self.standings.keep(user, self.clock.millis() + BELIEVED, standing);
        Ok((standing, info))
    }
}
