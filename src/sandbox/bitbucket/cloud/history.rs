//! What happened to a pull request, as Cloud tells it: the newest first.

use serde_json::{Value, json};

use super::super::exchange::Reply;
use super::super::moments::iso_micros;
use super::super::world::{Event, PullRequest, RepoId, Repository, Verdict, What, World};
use super::Here;
use super::comments;
use super::pull_requests::{end, mention, state_name};
use super::users::by_nickname;

/// `GET ~/pullrequests/{id}/activity`
pub(super) fn list(here: &Here<'_>, (repo, number): (RepoId, u64)) -> Reply {
    let repo = here.world.repo(repo)?;
    let pr = repo.pull_request(number)?;
    let told = pr.history.iter().rev().filter_map(|event| {
        let (noun, value) = told(here.world, repo, (pr, event))?;
        Some(json!({noun: value, "pull_request": mention(here.world, repo, pr)}))
    });
    here.page_of(told.collect(), 10)
}

fn told(
    world: &World,
    repo: &Repository,
    (pr, event): (&PullRequest, &Event),
) -> Option<(&'static str, Value)> {
    let stamp = || json!({"date": iso_micros(event.at), "user": by_nickname(world, &event.actor), "pullrequest": mention(world, repo, pr)});
    match &event.what {
        What::Reviewed { after: Verdict::Approved, .. } => Some(("approval", stamp())),
        What::Reviewed { after: Verdict::ChangesRequested, .. } => Some(("changes_request", stamp())),
        What::Commented { comment, .. } => {
            let said = pr.comment(*comment).ok().filter(|one| !one.task)?;
            Some(("comment", comments::full(world, repo, (pr, said))))
        }
        What::Opened(_) | What::Reopened(_) => Some(("update", update(world, repo, (pr, event), "OPEN"))),
        What::Merged(_) => Some(("update", update(world, repo, (pr, event), "MERGED"))),
        What::Declined(_) => Some(("update", update(world, repo, (pr, event), "DECLINED"))),
        What::Edited { .. } | What::SourceMoved { .. } | What::ReviewersChanged { .. } => {
            Some(("update", update(world, repo, (pr, event), "OPEN")))
        }
        _ => None,
    }
}

fn update(world: &World, repo: &Repository, (pr, event): (&PullRequest, &Event), state: &str) -> Value {
    let source_hash = match &event.what {
        What::SourceMoved { hash_after, .. } => hash_after,
        _ => &pr.source_hash,
    };
    let people = |names: &[String]| names.iter().map(|one| by_nickname(world, one)).collect::<Vec<_>>();
    let changes = match &event.what {
        What::Edited { before, .. } => json!({
            "title": {"old": before.title, "new": pr.title},
            "description": {"old": before.description, "new": pr.description},
        }),
        What::ReviewersChanged { added, removed, .. } => {
            json!({"reviewers": {"added": people(added), "removed": people(removed)}})
        }
        What::Merged(_) | What::Declined(_) => {
            json!({"status": {"old": "open", "new": state_name(pr.state).to_lowercase()}})
        }
        _ => json!({}),
    };
    json!({
        "state": state,
        "draft": pr.draft,
        "title": pr.title,
        "description": pr.description,
        "reason": "",
        "author": by_nickname(world, &event.actor),
        "date": iso_micros(event.at),
        "source": end(world, repo, (&pr.source, source_hash)),
        "destination": end(world, repo, (&pr.destination, &pr.destination_hash)),
        "reviewers": people(&pr.reviewers),
        "changes": changes,
    })
}
