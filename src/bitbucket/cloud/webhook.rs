//! A delivery of Bitbucket Cloud, read into an event.

use serde::Deserialize;

use crate::bitbucket::event::{Dropped, Event, Kind};
use crate::bitbucket::lenient::{Maybe, Moment, read as read_body};
use crate::bitbucket::site::Home;

use super::wire::{Account, PullRequest, Repository, person};

#[derive(Default, Deserialize)]
#[serde(default)]
struct Delivery {
    actor: Maybe<Account>,
    repository: Maybe<Repository>,
    pullrequest: Maybe<PullRequest>,
    approval: Maybe<Stamp>,
    changes_request: Maybe<Stamp>,
    comment: Maybe<Stamp>,
}

/// Cloud dates the deed, never the delivery.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Stamp {
    date: Maybe<Moment>,
    updated_on: Maybe<Moment>,
    created_on: Maybe<Moment>,
}

impl Stamp {
    fn at(&self) -> Option<i64> {
        let at = self.date.or(self.updated_on.0).or(self.created_on.0)?;
        Some(at.0)
    }
}

/// Reads it; `now` is when it happened if nothing in it says so.
pub(in crate::bitbucket) fn read(home: &Home, kind: Kind, body: &[u8], now: i64) -> Result<Event, Dropped> {
    let delivery: Delivery = read_body(body)?;
    let at = [&delivery.approval, &delivery.changes_request, &delivery.comment]
        .into_iter()
        .find_map(|stamp| stamp.as_ref()?.at());
    let around = delivery.repository.as_ref().and_then(|repo| repo.name(home));
    let pr = delivery.pullrequest.0.ok_or(Dropped::Lacks("the pull request"))?;
    let pr = pr.decode(home, around.as_ref())?;
    let at = at.or(Some(pr.updated_at).filter(|at| *at > 0)).unwrap_or(now);
    Ok(Event::about(kind, person(delivery.actor), pr, at))
}
