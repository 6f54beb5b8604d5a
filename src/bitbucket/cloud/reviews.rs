//! What reviewers say, and who is asked to review, on Bitbucket Cloud.

use reqwest::Method;

use crate::bitbucket::Result;
use crate::words::names::{PersonId, PrName};
use crate::words::pull_request::Verdict;

use super::{Ask, Cloud, people, pr, pull_requests};

const APPROVE: &str = pr!("/approve");
const REQUEST_CHANGES: &str = pr!("/request-changes");

/// Approves.
pub(super) async fn approve(cloud: &Cloud, pr: &PrName) -> Result<()> {
    say(cloud, (Method::POST, "approve the pull request"), APPROVE, (pr, Verdict::Approved)).await
}

/// Takes an approval back.
pub(super) async fn unapprove(cloud: &Cloud, pr: &PrName) -> Result<()> {
    take_back(cloud, (Method::DELETE, "take the approval back"), APPROVE, (pr, Verdict::Approved)).await
}

/// Asks for changes.
pub(super) async fn request_changes(cloud: &Cloud, pr: &PrName) -> Result<()> {
    say(cloud, (Method::POST, "ask for changes"), REQUEST_CHANGES, (pr, Verdict::NeedsWork)).await
}

/// No longer asks for changes.
pub(super) async fn withdraw_request(cloud: &Cloud, pr: &PrName) -> Result<()> {
    let ask = (Method::DELETE, "withdraw the request for changes");
    take_back(cloud, ask, REQUEST_CHANGES, (pr, Verdict::NeedsWork)).await
}

/// A 409 may say, in whatever language, that it was said already.
async fn say(cloud: &Cloud, ask: Ask, path: &'static str, (pr, verdict): (&PrName, Verdict)) -> Result<()> {
    let request = cloud.in_pr(ask, path, pr, &[])?.repeatable();
    let Err(failed) = cloud.api.send(&request).await else {
        return Ok(());
    };
    if failed.status() != Some(409) {
        return Err(failed.into());
    }
    if says(cloud, pr, verdict).await? { Ok(()) } else { Err(failed.in_its_words()) }
}

/// A 400 or a 404 may say that there was nothing to take back.
async fn take_back(
    cloud: &Cloud,
    ask: Ask,
    path: &'static str,
    (pr, verdict): (&PrName, Verdict),
) -> Result<()> {
    let Err(failed) = cloud.api.send(&cloud.in_pr(ask, path, pr, &[])?).await else {
        return Ok(());
    };
    let nothing = matches!(failed.status(), Some(400 | 404 | 409));
    if nothing && !says(cloud, pr, verdict).await? { Ok(()) } else { Err(failed.into()) }
}

/// Whether this is what I say of it.
async fn says(cloud: &Cloud, pr: &PrName, verdict: Verdict) -> Result<bool> {
    let me = people::me(cloud).await?;
    let now = pull_requests::one(cloud, pr).await?;
    let mut mine = now.reviews.iter().filter(|review| review.person.id == me.id);
    Ok(mine.any(|review| review.verdict == verdict))
}

/// Asks somebody.
pub(super) async fn add(cloud: &Cloud, pr: &PrName, who: &PersonId) -> Result<()> {
    exchange(cloud, pr, who, true).await
}

/// No longer asks them.
pub(super) async fn remove(cloud: &Cloud, pr: &PrName, who: &PersonId) -> Result<()> {
    exchange(cloud, pr, who, false).await
}

/// Cloud takes only the whole list; one that is as wanted is left alone.
async fn exchange(cloud: &Cloud, pr: &PrName, who: &PersonId, asked: bool) -> Result<()> {
    let now = pull_requests::one(cloud, pr).await?;
    let present = now.reviews.iter().filter(|review| review.asked);
    let mut ids: Vec<String> = present.map(|review| review.person.id.0.clone()).collect();
    let there = ids.contains(&who.0);
    if there == asked {
        return Ok(());
    }
    if asked {
        ids.push(who.0.clone());
    } else {
        ids.retain(|id| *id != who.0);
    }
    pull_requests::ask_only(cloud, &now, &ids).await.map(|_| ())
}
