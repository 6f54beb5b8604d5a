//! What to do when nobody knows whether a call landed: look, and never simply do it again.

use std::future::Future;

use crate::words::comment::{Comment, NewComment};
use crate::words::names::PrName;
use crate::words::pull_request::{NewPullRequest, PullRequest, PullRequestFilter, State};

use super::transport::{Api, Failed};
use super::{Bitbucket, Error, Result};

/// How far back to look for what may just have been made.
const LOOK_AT: usize = 50;

/// After a deed that failed or was left unanswered: what is there all the same.
pub(super) async fn look<T>(failed: Failed, look: impl Future<Output = Result<Option<T>>>) -> Result<T> {
    if !failed.may_have_landed() {
        return Err(failed.in_its_words());
    }
    let found = look.await.ok().flatten();
    found.ok_or_else(|| failed.into())
}

/// After a merge, a decline or a reopening that failed: it may have happened all the same, or the reason may
/// be that the pull request stands otherwise.
pub(super) async fn after_turn(
    site: &dyn Bitbucket,
    pr: &PrName,
    wanted: State,
    failed: Failed,
) -> Result<PullRequest> {
    let landed = failed.may_have_landed();
    // A veto, a conflict and a branch that moved all come as 409; only the words tell them apart.
    let error = match failed.status() {
        Some(409) => failed.in_its_words(),
        // Cloud's own "took too long, ask again later": a turn that was taken is not taken twice.
        Some(555) => failed.into_trouble(),
        _ => failed.into(),
    };
    if !landed && !matches!(error, Error::Refused(_) | Error::Conflict(_)) {
        return Err(error);
    }
    match site.pull_request(pr).await {
        Ok(now) if landed && now.state == wanted => Ok(now),
        Ok(now) if wanted != State::Open => Err(closed(now.state).unwrap_or(error)),
        _ => Err(error),
    }
}

/// Why nothing more can be done to a pull request in this state.
pub(super) fn closed(state: State) -> Option<Error> {
    let words = match state {
        State::Open => return None,
        State::Merged => "It is already merged.",
        State::Declined => "It was declined.",
        State::Superseded => "It was replaced by another pull request.",
        State::Deleted => "It was deleted.",
    };
    Some(Error::Refused(words.into()))
}

/// The pull request that was to be opened, if it is there.
pub(super) async fn opened(site: &dyn Bitbucket, new: &NewPullRequest) -> Result<Option<PullRequest>> {
    let me = site.me().await?;
    let filter = PullRequestFilter { source: Some(new.source.clone()), ..PullRequestFilter::open() };
    let open = site.pull_requests(&new.repo, &filter, LOOK_AT).await?;
    let same = |pr: &PullRequest| {
        pr.source == new.source
            && pr.source_repo == new.source_repo
            && new.target.as_ref().is_none_or(|target| *target == pr.target)
            && pr.author.id == me.id
            && pr.title.trim() == new.title.trim()
    };
    Ok(open.into_iter().find(same))
}

/// The comment that was to be posted, if it is among these: mine, the same words, just now.
pub(super) async fn posted(
    site: &dyn Bitbucket,
    api: &Api,
    new: &NewComment,
    latest: Vec<Comment>,
) -> Result<Option<Comment>> {
    let me = site.me().await?;
    let same = |comment: &Comment| {
        comment.text.trim() == new.text.trim()
            && comment.author.id == me.id
            && comment.reply_to == new.reply_to
            && !comment.deleted
            && api.is_recent(comment.at)
    };
    Ok(latest.into_iter().filter(same).max_by_key(|comment| comment.id))
}
