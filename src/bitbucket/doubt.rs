//! What to do when nobody knows whether a call landed: look, and never simply do it again.

use crate::words::names::PrName;
use crate::words::pull_request::{NewPullRequest, PullRequest, State};

use super::transport::Failed;
use super::{Bitbucket, Error, Result};

/// How far back to look for a pull request that may just have been opened.
const LOOK_AT: usize = 50;

/// After a merge that failed: it may have happened all the same, or the reason may be that it is closed.
pub(super) async fn after_merge(site: &dyn Bitbucket, pr: &PrName, failed: Failed) -> Result<PullRequest> {
    let landed = failed.may_have_landed();
    // A veto, a conflict and a branch that moved all come as 409; only the words tell them apart.
    let error = match failed.status() {
        Some(409) => failed.in_its_words(),
        _ => failed.into(),
    };
    if !landed && !matches!(error, Error::Refused(_) | Error::Conflict(_)) {
        return Err(error);
    }
    match site.pull_request(pr).await {
        Ok(now) if landed && now.state == State::Merged => Ok(now),
        Ok(now) => Err(closed(now.state).unwrap_or(error)),
        Err(_) => Err(error),
    }
}

/// Why a pull request in this state cannot be merged.
pub(super) fn closed(state: State) -> Option<Error> {
    let words = match state {
        State::Open => return None,
        State::Merged => "It is already merged.",
        State::Declined => "It was declined.",
        State::Superseded => "It was replaced by another pull request.",
    };
    Some(Error::Refused(words.to_owned()))
}

/// After opening a pull request failed or was left unanswered: the one that may be there all the same.
pub(super) async fn after_open(
    site: &dyn Bitbucket,
    new: &NewPullRequest,
    failed: Failed,
) -> Result<PullRequest> {
    if !failed.may_have_landed() {
        return Err(failed.in_its_words());
    }
    let found = twin(site, new).await.ok().flatten();
    found.ok_or_else(|| failed.into())
}

async fn twin(site: &dyn Bitbucket, new: &NewPullRequest) -> Result<Option<PullRequest>> {
    let me = site.me().await?;
    let open = site.open_pull_requests(&new.repo, LOOK_AT).await?;
    let same = |pr: &PullRequest| {
        pr.source == new.source
            && pr.source_repo.is_none()
            && new.target.as_ref().is_none_or(|target| *target == pr.target)
            && pr.author.id == me.id
            && pr.title.trim() == new.title.trim()
    };
    Ok(open.into_iter().find(same))
}
