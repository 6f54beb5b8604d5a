//! What happened to a pull request, as Data Center tells it: the newest first.

use serde_json::{Value, json};

use super::super::exchange::Reply;
use super::super::world::{Event, PullRequest, RepoId, Repository, Verdict, What, World};
use super::Here;
use super::comments;
use super::commits::full;
use super::users::by_nickname;

/// `GET P/pull-requests/{id}/activities`
pub(super) fn list(here: &Here<'_>, (repo, number): (RepoId, u64)) -> Reply {
    let repo = here.world.repo(repo)?;
    let pr = repo.pull_request(number)?;
    let told = pr.history.iter().enumerate().rev().filter_map(|(n, event)| {
        let mut value = told(here.world, repo, (pr, event))?;
        value["id"] = (number * 1000 + n as u64).into();
        value["createdDate"] = event.at.into();
        value["user"] = by_nickname(here.world, &event.actor);
        Some(value)
    });
    here.page(told.collect())
}

fn told(world: &World, repo: &Repository, (pr, event): (&PullRequest, &Event)) -> Option<Value> {
    let people = |names: &[String]| names.iter().map(|one| by_nickname(world, one)).collect::<Vec<_>>();
    Some(match &event.what {
        What::Opened(_) => json!({"action": "OPENED"}),
        What::Declined(_) => json!({"action": "DECLINED"}),
        What::Reopened(_) => json!({"action": "REOPENED"}),
        What::Merged(_) => {
            let merged = pr.merge_commit.as_deref().and_then(|hash| repo.commit(hash).ok());
            json!({"action": "MERGED", "commit": merged.map(|commit| full(world, commit))})
        }
        What::Reviewed { after, .. } => json!({"action": match after {
            Verdict::Approved => "APPROVED",
            Verdict::ChangesRequested => "REVIEWED",
            Verdict::None => "UNAPPROVED",
        }}),
        What::ReviewersChanged { added, removed, .. } => {
            let (added, removed) = (people(added), people(removed));
            json!({"action": "UPDATED", "addedReviewers": added, "removedReviewers": removed})
        }
        What::SourceMoved { hash_before, hash_after, .. } => {
            let added = repo.log(hash_after, Some(hash_before));
            json!({
                "action": "RESCOPED",
                "fromHash": hash_after,
                "previousFromHash": hash_before,
                "toHash": pr.destination_hash,
                "previousToHash": pr.destination_hash,
                "added": {"commits": added.iter().map(|one| full(world, one)).collect::<Vec<_>>(), "total": added.len()},
                "removed": {"commits": [], "total": 0},
            })
        }
        What::Commented { comment, .. } => {
            let said = pr.comment(*comment).ok().filter(|said| said.parent.is_none())?;
            json!({"action": "COMMENTED", "commentAction": "ADDED", "comment": comments::full(world, repo, (pr, said))})
        }
        _ => return None,
    })
}
