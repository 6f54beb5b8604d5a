//! Data Center's webhook bodies: the event's key and time, who, and what it was about.

use serde_json::{Value, json};

use super::super::moments::without_colon;
use super::super::world::{
    Comment, Event, PullRequest, RefChange, RefKind, Refusal, Repository, Verdict, What, World,
};
use super::branches::named;
use super::reviews::{participant, status};
use super::users::by_nickname;
use super::{comments, commits, pull_requests, repositories, tags};

/// Every key that a hook may subscribe to.
pub(super) const KEYS: [&str; 21] = [
    "repo:refs_changed",
    "repo:modified",
    "repo:forked",
    "repo:comment:added",
    "repo:comment:edited",
    "repo:comment:deleted",
    "repo:secret_detected",
    "mirror:repo_synchronized",
    "pr:opened",
    "pr:from_ref_updated",
    "pr:modified",
    "pr:merged",
    "pr:declined",
    "pr:deleted",
    "pr:reviewer:updated",
    "pr:reviewer:approved",
    "pr:reviewer:unapproved",
    "pr:reviewer:needs_work",
    "pr:comment:added",
    "pr:comment:edited",
    "pr:comment:deleted",
];

/// What stands for no commit at all.
const NOWHERE: &str = "0000000000000000000000000000000000000000";

/// The webhook of an event; builds have none here.
pub(in super::super) fn written(
    world: &World,
    event: &Event,
) -> Result<Option<(&'static str, Value)>, Refusal> {
    let repo = world.repo(event.repo)?;
    let mut body = json!({});
    let key = match event.what.pull_request() {
        Some(number) => {
            let pr = repo.pull_request(number)?;
            body["pullRequest"] = pull_requests::in_webhook(world, repo, pr);
            about_pull_request(world, (repo, pr), event, &mut body)
        }
        None => about_repository(world, repo, event, &mut body),
    };
    body["eventKey"] = key.into();
    body["date"] = without_colon(world.now()).into();
    body["actor"] = by_nickname(world, &event.actor);
    Ok(key.map(|key| (key, body)))
}

fn about_pull_request(
    world: &World,
    (repo, pr): (&Repository, &PullRequest),
    event: &Event,
    body: &mut Value,
) -> Option<&'static str> {
    match &event.what {
        What::Opened(_) => Some("pr:opened"),
        What::Merged(_) => Some("pr:merged"),
        What::Declined(_) => Some("pr:declined"),
        What::Deleted(_) => Some("pr:deleted"),
        What::SourceMoved { hash_before, .. } => {
            body["previousFromHash"] = hash_before.clone().into();
            Some("pr:from_ref_updated")
        }
        What::Edited { before, .. } => {
            body["previousTitle"] = before.title.clone().into();
            body["previousDescription"] = before.description.clone().into();
            body["previousDraft"] = before.draft.into();
            let mut target = named(&before.destination);
            target["latestCommit"] = before.destination_hash.clone().into();
            target["latestChangeset"] = before.destination_hash.clone().into();
            body["previousTarget"] = target;
            Some("pr:modified")
        }
        What::ReviewersChanged { added, removed, .. } => {
            let people = |names: &[String]| names.iter().map(|one| by_nickname(world, one)).collect();
            (body["addedReviewers"], body["removedReviewers"]) = (people(added), people(removed));
            Some("pr:reviewer:updated")
        }
        What::Reviewed { before, after, .. } => {
            body["participant"] = participant(world, pr, &event.actor);
            body["previousStatus"] = status(*before).into();
            Some(match after {
                Verdict::Approved => "pr:reviewer:approved",
                Verdict::ChangesRequested => "pr:reviewer:needs_work",
                Verdict::None => "pr:reviewer:unapproved",
            })
        }
        what => {
            let (key, said) = remark(pr, what)?;
            body["comment"] = comments::full(world, repo, (pr, said));
            if let Some(parent) = said.parent {
                body["commentParentId"] = parent.into();
            }
            match what {
                What::CommentEdited { before, .. } => body["previousComment"] = before.clone().into(),
                What::CommentResolved { .. } => body["previousComment"] = said.text.clone().into(),
                _ => {}
            }
            Some(key)
        }
    }
}

/// What is told of a remark: settling it is an edit too.
fn remark<'a>(pr: &'a PullRequest, what: &'a What) -> Option<(&'static str, &'a Comment)> {
    let (key, id) = match what {
        What::Commented { comment, .. } => ("pr:comment:added", *comment),
        What::CommentEdited { comment, .. } | What::CommentResolved { comment, .. } => {
            ("pr:comment:edited", *comment)
        }
        What::CommentDeleted { comment, .. } => return Some(("pr:comment:deleted", comment)),
        _ => return None,
    };
    Some((key, pr.comments.iter().find(|one| one.id == id)?))
}

fn about_repository(
    world: &World,
    repo: &Repository,
    event: &Event,
    body: &mut Value,
) -> Option<&'static str> {
    let change = match &event.what {
        What::Pushed(change) => change,
        what => return kept_up(world, repo, (what, &event.actor), body),
    };
    body["repository"] = repositories::full(world, repo);
    body["changes"] = json!([changed(change)]);
    let main = repo.branches.get(&repo.main_branch).map(String::as_str);
    let without = change.old.as_deref().or(main.filter(|_| change.name != repo.main_branch));
    if let Some(new) = change.new.as_ref().filter(|_| change.kind == RefKind::Branch) {
        let log = repo.log(new, without);
        body["commits"] = log.iter().map(|commit| commits::full(world, commit)).collect();
        body["toCommit"] = repo.commit(new).map_or(Value::Null, |commit| commits::full(world, commit));
    }
    Some("repo:refs_changed")
}

/// What happened to the repository itself, or was said of a commit in it.
fn kept_up(
    world: &World,
    repo: &Repository,
    (what, actor): (&What, &str),
    body: &mut Value,
) -> Option<&'static str> {
    match what {
        What::CommitCommented { hash, comment, text } => {
            body["repository"] = repositories::full(world, repo);
            body["commit"] = hash.clone().into();
            body["comment"] = json!({
                "id": comment, "version": 0, "text": text, "author": by_nickname(world, actor),
                "createdDate": world.now(), "updatedDate": world.now(), "comments": [], "tasks": [],
            });
            Some("repo:comment:added")
        }
        What::Forked(into) => {
            body["repository"] = repositories::full(world, world.repo(*into).ok()?);
            body["repository"]["origin"] = repositories::full(world, repo);
            Some("repo:forked")
        }
        What::KeptUp(was) => {
            let (space, slug) = (was.space.clone(), was.slug.clone());
            let before = Repository { space, slug, description: was.description.clone(), ..repo.clone() };
            body["old"] = repositories::full(world, &before);
            body["new"] = repositories::full(world, repo);
            Some("repo:modified")
        }
        _ => None,
    }
}

fn changed(change: &RefChange) -> Value {
    let side = |hash: &Option<String>| hash.clone().unwrap_or_else(|| NOWHERE.to_owned());
    let kind = match (&change.old, &change.new) {
        (None, _) => "ADD",
        (_, None) => "DELETE",
        _ => "UPDATE",
    };
    let name = match change.kind {
        RefKind::Branch => named(&change.name),
        RefKind::Tag => tags::named(&change.name),
    };
    json!({
        "ref": name,
        "refId": name["id"],
        "fromHash": side(&change.old),
        "toHash": side(&change.new),
        "type": kind,
    })
}
