//! The story of a pull request on Bitbucket Data Center.

use reqwest::Method;
use serde::Deserialize;

use crate::bitbucket::Result;
use crate::bitbucket::lenient::{Maybe, Moment};
use crate::bitbucket::transport::listed;
use crate::words::comment::{Activity, Deed};
use crate::words::names::PrName;

use super::wire::{User, person};
use super::{DataCenter, page, pr};

/// One step.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Step {
    action: Maybe<String>,
    comment: Maybe<Comment>,
    user: Maybe<User>,
    created_date: Maybe<Moment>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Comment {
    text: Maybe<String>,
}

impl Step {
    fn decode(self) -> Option<Activity> {
        let deed = match self.action.0?.as_str() {
            "OPENED" => Deed::Opened,
            "UPDATED" | "RESCOPED" => Deed::Updated,
            "APPROVED" => Deed::Approved,
            "UNAPPROVED" => Deed::Unapproved,
            "REVIEWED" => Deed::ChangesRequested,
            "COMMENTED" => {
                Deed::Commented(self.comment.0.and_then(|comment| comment.text.0).unwrap_or_default())
            }
            "MERGED" => Deed::Merged,
            "DECLINED" => Deed::Declined,
            "REOPENED" => Deed::Reopened,
            other => Deed::Other(other.to_lowercase().replace('_', " ")),
        };
        Some(Activity { deed, by: person(self.user), at: self.created_date.map_or(0, |at| at.0) })
    }
}

/// What happened, the newest first.
pub(super) async fn story(dc: &DataCenter, pr: &PrName, limit: usize) -> Result<Vec<Activity>> {
    let request = dc.in_pr((Method::GET, "tell what happened"), pr!("/activities"), pr, &[])?;
    let found: Vec<Step> = listed(&dc.api, request.query("limit", &page(limit)), limit).await?;
    Ok(found.into_iter().filter_map(Step::decode).collect())
}
