//! What reviewers say, and who is asked to review, on Bitbucket Data Center.

use reqwest::Method;
use serde_json::json;

use crate::bitbucket::Result;
use crate::bitbucket::transport::Failed;
use crate::words::names::{PersonId, PrName};

use super::{DataCenter, people, pr, pull_requests};

const ALL: &str = pr!("/participants");
const ONE: &str = pr!("/participants/{userSlug}");

/// Approves.
pub(super) async fn approve(dc: &DataCenter, pr: &PrName) -> Result<()> {
    say(dc, "approve the pull request", pr, "APPROVED").await
}

/// Takes an approval back.
pub(super) async fn unapprove(dc: &DataCenter, pr: &PrName) -> Result<()> {
    say(dc, "take the approval back", pr, "UNAPPROVED").await
}

/// Asks for changes.
pub(super) async fn request_changes(dc: &DataCenter, pr: &PrName) -> Result<()> {
    say(dc, "ask for changes", pr, "NEEDS_WORK").await
}

/// No longer asks for changes.
pub(super) async fn withdraw_request(dc: &DataCenter, pr: &PrName) -> Result<()> {
    say(dc, "withdraw the request for changes", pr, "UNAPPROVED").await
}

/// Sets one's own state; setting it again changes nothing.
async fn say(dc: &DataCenter, operation: &'static str, pr: &PrName, status: &str) -> Result<()> {
    let me = people::me(dc).await?;
    let request = dc.in_pr((Method::PUT, operation), ONE, pr, &[me.id.as_str()])?.repeatable();
    match dc.api.send(&request.json(json!({"status": status}))).await {
        Ok(_) => Ok(()),
        Err(failed) if failed.status() == Some(409) => Err(failed.in_its_words()),
        Err(failed) => Err(failed.into()),
    }
}

/// Asks somebody; asking again changes nothing.
pub(super) async fn add(dc: &DataCenter, pr: &PrName, who: &PersonId) -> Result<()> {
    let login = pull_requests::login(dc, who).await?;
    let request = dc.in_pr((Method::POST, "ask for a review"), ALL, pr, &[])?.repeatable();
    let request = request.json(json!({"user": {"name": login}, "role": "REVIEWER"}));
    dc.api.send(&request).await.map_err(Failed::in_its_words)?;
    Ok(())
}

/// No longer asks them.
pub(super) async fn remove(dc: &DataCenter, pr: &PrName, who: &PersonId) -> Result<()> {
    let ask = (Method::DELETE, "no longer ask for a review");
    let request = dc.in_pr(ask, ONE, pr, &[who.as_str()])?;
    dc.api.send(&request).await?;
    Ok(())
}
