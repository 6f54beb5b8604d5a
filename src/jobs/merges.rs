//! The push that a merge made is the merge: it is held against the merges known, and waits a moment for one
//! that may be on its way.

use std::sync::Arc;
use std::time::Duration;

use super::Turn;
use crate::bitbucket::Event;
use crate::bitbucket::event::{RefKind, RefMove, Subject};
use crate::bot::Failure;
use crate::store::Subscription;
use crate::words::names::Topic;
use crate::words::pull_request::PullRequest;

/// Bitbucket tells of a merge and of its push at once, in either order.
const TOGETHER: i64 = 3_000;

/// The pull requests whose merging made what was pushed. A push that may be such a merge is handed back, to
/// be looked at again in a moment.
pub(super) async fn behind(
    turn: &Turn<'_>,
    event: &Event,
    subscriptions: &[Arc<Subscription>],
) -> Result<Vec<PullRequest>, Failure> {
    let Subject::Refs(moves) = &event.subject else {
        return Ok(Vec::new());
    };
    let wanted = |topic: &Topic| matches!(topic, Topic::Push | Topic::ForcePush);
    let moves: Vec<&RefMove> = moves.iter().filter(|moved| goes_on(moved)).collect();
    if moves.is_empty() || !subscriptions.iter().any(|one| one.wish.topics.iter().any(wanted)) {
        return Ok(Vec::new());
    }
    let made = |pr: &PullRequest, moved: &RefMove| {
        pr.target == moved.name && moved.new.as_deref().is_some_and(|new| pr.became(new))
    };
    let mut merged = turn.bot.store.merged_in(&event.repo).await?;
    merged.retain(|pr| moves.iter().any(|moved| made(pr, moved)));
    let left = TOGETHER - (turn.bot.clock.millis() - turn.claim.created_at);
    if merged.is_empty() && left > 0 {
        let open = turn.bot.store.open_in(&event.repo).await?;
        if open.iter().any(|pr| moves.iter().any(|moved| pr.target == moved.name)) {
            let after = Some(Duration::from_millis(left.unsigned_abs()));
            return Err(Failure::Later { why: "the push may be a merge.".to_owned(), after });
        }
    }
    Ok(merged)
}

/// A branch that was there and still is.
fn goes_on(moved: &RefMove) -> bool {
    moved.kind == RefKind::Branch && moved.old.is_some() && moved.new.is_some()
}
