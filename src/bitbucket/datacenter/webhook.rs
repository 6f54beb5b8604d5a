//! A delivery of Bitbucket Data Center, read into an event.

use serde::Deserialize;
use serde_json::Value;

use crate::bitbucket::event::{Dropped, Event, Kind};
use crate::bitbucket::lenient::{Maybe, Moment, read as read_body};
use crate::bitbucket::site::Home;

use super::wire::{PullRequest, User, person};

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Delivery {
    date: Maybe<Moment>,
    actor: Maybe<User>,
    pull_request: Maybe<PullRequest>,
    /// The spelling of the Post Webhooks add-on.
    #[serde(rename = "pullrequest")]
    lower_case: Maybe<Value>,
}

/// Reads it; `now` is when it happened if nothing in it says so.
pub(in crate::bitbucket) fn read(home: &Home, kind: Kind, body: &[u8], now: i64) -> Result<Event, Dropped> {
    let delivery: Delivery = read_body(body)?;
    let missing = match delivery.lower_case.0 {
        Some(_) => Dropped::AddOn,
        None => Dropped::Lacks("the pull request"),
    };
    let pr = delivery.pull_request.0.ok_or(missing)?.decode(home)?;
    let at = delivery.date.map(|at| at.0).or(Some(pr.updated_at).filter(|at| *at > 0));
    Ok(Event::about(kind, person(delivery.actor), pr, at.unwrap_or(now)))
}
