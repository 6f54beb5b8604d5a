//! The story of a pull request on Bitbucket Cloud.

use reqwest::Method;
use serde::Deserialize;

use crate::bitbucket::Result;
use crate::bitbucket::lenient::{Maybe, Moment};
use crate::bitbucket::transport::listed;
use crate::words::comment::{Activity, Deed};
use crate::words::names::PrName;

use super::wire::{Account, Summary, person};
use super::{Cloud, page, pr};

const LARGEST_PAGE: usize = 50;

/// One step; Cloud says which by the field that is there.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Step {
    update: Maybe<Update>,
    approval: Maybe<Verdict>,
    changes_request: Maybe<Verdict>,
    comment: Maybe<Comment>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Update {
    state: Maybe<String>,
    author: Maybe<Account>,
    date: Maybe<Moment>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Verdict {
    user: Maybe<Account>,
    date: Maybe<Moment>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Comment {
    user: Maybe<Account>,
    content: Maybe<Summary>,
    created_on: Maybe<Moment>,
}

impl Step {
    fn decode(self) -> Option<Activity> {
        let (deed, by, at) = if let Some(update) = self.update.0 {
            (update.deed(), update.author, update.date)
        } else if let Some(approval) = self.approval.0 {
            (Deed::Approved, approval.user, approval.date)
        } else if let Some(request) = self.changes_request.0 {
            (Deed::ChangesRequested, request.user, request.date)
        } else {
            let comment = self.comment.0?;
            let text = comment.content.0.and_then(|content| content.raw.0);
            (Deed::Commented(text.unwrap_or_default()), comment.user, comment.created_on)
        };
        Some(Activity { deed, by: person(by), at: at.map_or(0, |at| at.0) })
    }
}

impl Update {
    fn deed(&self) -> Deed {
        match self.state.as_deref() {
            Some("MERGED") => Deed::Merged,
            Some("DECLINED") => Deed::Declined,
            _ => Deed::Updated,
        }
    }
}

/// What happened, the newest first. The oldest update is the opening.
pub(super) async fn story(cloud: &Cloud, pr: &PrName, limit: usize) -> Result<Vec<Activity>> {
    let request = cloud.in_pr((Method::GET, "tell what happened"), pr!("/activity"), pr, &[])?;
    let request = request.query("pagelen", &page(limit, LARGEST_PAGE));
    let found: Vec<Step> = listed(&cloud.api, request, limit).await?;
    let ended = found.len() < limit;
    let mut story: Vec<Activity> = found.into_iter().filter_map(Step::decode).collect();
    let first = story.iter_mut().rev().find(|step| step.deed == Deed::Updated);
    if let Some(first) = first.filter(|_| ended) {
        first.deed = Deed::Opened;
    }
    Ok(story)
}
