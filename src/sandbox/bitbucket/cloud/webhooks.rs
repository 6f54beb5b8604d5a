//! Cloud's webhook bodies: who, where, and what it was about.

use serde_json::{Value, json};

use super::super::moments::iso_micros;
use super::super::world::{
    Comment, Event, PullRequest, RefChange, RefKind, Refusal, Repository, Verdict, Was, What, World,
};
use super::commits::{detailed, mark_rendered};
use super::users::by_nickname;
use super::{branches, builds, comments, pull_requests, repositories, tags};

/// Every key that a hook may subscribe to.
pub(super) const KEYS: [&str; 29] = [
    "issue:comment_created",
    "issue:created",
    "issue:updated",
    "pipeline:span_created",
    "project:updated",
    "pullrequest:approved",
    "pullrequest:changes_request_created",
    "pullrequest:changes_request_removed",
    "pullrequest:comment_created",
    "pullrequest:comment_deleted",
    "pullrequest:comment_reopened",
    "pullrequest:comment_resolved",
    "pullrequest:comment_updated",
    "pullrequest:created",
    "pullrequest:fulfilled",
    "pullrequest:push",
    "pullrequest:rejected",
    "pullrequest:unapproved",
    "pullrequest:updated",
    "repo:commit_comment_created",
    "repo:commit_status_created",
    "repo:commit_status_updated",
    "repo:created",
    "repo:deleted",
    "repo:fork",
    "repo:imported",
    "repo:push",
    "repo:transfer",
    "repo:updated",
];

/// Those of them that happen to a workspace, so that no repository has them.
pub(super) const OF_A_WORKSPACE: [&str; 3] = ["project:updated", "repo:created", "repo:deleted"];

/// How old a remark must be for a change of it to be told, in milliseconds.
const SECOND_THOUGHTS: i64 = 600_000;

/// The most commits that a push names.
const NAMED: usize = 5;

/// The webhook of an event; some events have none.
pub(in super::super) fn written(
    world: &World,
    event: &Event,
) -> Result<Option<(&'static str, Value)>, Refusal> {
    let repo = world.repo(event.repo)?;
    let mut body = json!({
        "actor": by_nickname(world, &event.actor),
        "repository": repositories::in_webhook(world, repo),
    });
    if let Some(number) = event.what.pull_request() {
        body["pullrequest"] = pull_requests::in_webhook(world, repo, repo.pull_request(number)?);
    }
    let key = match &event.what {
        What::Opened(_) => Some("pullrequest:created"),
        What::Edited { .. } | What::SourceMoved { .. } | What::ReviewersChanged { .. } => {
            Some("pullrequest:updated")
        }
        What::Reopened(_) | What::Deleted(_) => None,
        What::Merged(_) => Some("pullrequest:fulfilled"),
        What::Declined(_) => Some("pullrequest:rejected"),
        What::Reviewed { before, after, .. } => {
            let (key, noun) = review(*before, *after);
            body[noun] = json!({"date": iso_micros(world.now()), "user": body["actor"]});
            Some(key)
        }
        What::Commented { number, .. }
        | What::CommentEdited { number, .. }
        | What::CommentDeleted { number, .. }
        | What::CommentResolved { number, .. } => {
            let pr = repo.pull_request(*number)?;
            remark(pr, &event.what).map(|(key, said)| {
                body["comment"] = comments::full(world, repo, (pr, said));
                mark_rendered(&mut body, &["/comment/content"]);
                key
            })
        }
        What::Pushed(change) => {
            body["push"] = json!({"changes": [pushed(world, repo, change)]});
            Some("repo:push")
        }
        What::CommitCommented { hash, comment, text } => {
            body["commit"] = json!({"type": "commit", "hash": hash});
            body["comment"] = on_commit(world, repo, (hash, *comment, text));
            Some("repo:commit_comment_created")
        }
        What::Forked(into) => {
            body["fork"] = repositories::in_webhook(world, world.repo(*into)?);
            Some("repo:fork")
        }
        What::KeptUp(was) if was.space != repo.space => Some("repo:transfer"),
        What::KeptUp(was) => {
            body["changes"] = changes(repo, was);
            Some("repo:updated")
        }
        What::BuildReported { hash, key, fresh } => {
            let same = repo.statuses.iter().find(|one| one.hash == *hash && one.key == *key);
            body["commit_status"] = same.map(|one| builds::in_webhook(world, repo, one)).into();
            Some(if *fresh { "repo:commit_status_created" } else { "repo:commit_status_updated" })
        }
    };
    Ok(key.map(|key| (key, body)))
}

/// A remark on a commit.
fn on_commit(world: &World, repo: &Repository, (hash, id, text): (&str, u64, &str)) -> Value {
    let web = format!("{}/{}/commits/{hash}#comment-{id}", world.cloud_url, repo.full_name());
    json!({
        "id": id,
        "content": {"raw": text, "markup": "markdown"},
        "created_on": iso_micros(world.now()),
        "updated_on": iso_micros(world.now()),
        "links": {"html": {"href": web}},
    })
}

/// What differs from before.
fn changes(repo: &Repository, was: &Was) -> Value {
    let mut changes = json!({});
    if was.slug != repo.slug {
        let old = format!("{}/{}", was.space, was.slug);
        changes["name"] = json!({"old": was.slug, "new": repo.slug});
        changes["full_name"] = json!({"old": old, "new": repo.full_name()});
    }
    if was.description != repo.description {
        changes["description"] = json!({"old": was.description, "new": repo.description});
    }
    changes
}

/// What is told of a remark; nothing of tasks, and nothing of second thoughts within ten minutes.
fn remark<'a>(pr: &'a PullRequest, what: &What) -> Option<(&'static str, &'a Comment)> {
    let (key, id) = match what {
        What::Commented { comment, .. } => ("pullrequest:comment_created", *comment),
        What::CommentEdited { age, .. } if *age < SECOND_THOUGHTS => return None,
        What::CommentEdited { comment, .. } => ("pullrequest:comment_updated", *comment),
        What::CommentDeleted { comment, .. } => ("pullrequest:comment_deleted", comment.id),
        What::CommentResolved { comment, resolved: true, .. } => ("pullrequest:comment_resolved", *comment),
        What::CommentResolved { comment, .. } => ("pullrequest:comment_reopened", *comment),
        _ => return None,
    };
    let said = pr.comments.iter().find(|one| one.id == id && !one.task)?;
    Some((key, said))
}

fn review(before: Verdict, after: Verdict) -> (&'static str, &'static str) {
    match (before, after) {
        (_, Verdict::Approved) => ("pullrequest:approved", "approval"),
        (_, Verdict::ChangesRequested) => ("pullrequest:changes_request_created", "changes_request"),
        (Verdict::ChangesRequested, Verdict::None) => {
            ("pullrequest:changes_request_removed", "changes_request")
        }
        (_, Verdict::None) => ("pullrequest:unapproved", "approval"),
    }
}

fn pushed(world: &World, repo: &Repository, change: &RefChange) -> Value {
    let side = |hash: &Option<String>| {
        let hash = hash.as_deref();
        hash.map(|hash| match change.kind {
            RefKind::Branch => branches::in_push(world, repo, (&change.name, hash)),
            RefKind::Tag => tags::in_push(world, repo, (&change.name, hash)),
        })
    };
    let without = change.old.as_deref().or_else(|| {
        let main = repo.branches.get(&repo.main_branch);
        main.map(String::as_str).filter(|_| change.name != repo.main_branch)
    });
    let new = change.new.as_deref().filter(|_| change.kind == RefKind::Branch);
    let commits = new.map(|new| repo.log(new, without)).unwrap_or_default();
    let named = commits.iter().take(NAMED).map(|commit| {
        let mut value = detailed(world, repo, &commit.hash);
        mark_rendered(&mut value, &["/summary"]);
        value
    });
    json!({
        "old": side(&change.old),
        "new": side(&change.new),
        "created": change.old.is_none(),
        "closed": change.new.is_none(),
        "forced": change.forced,
        "truncated": commits.len() > NAMED,
        "commits": named.collect::<Vec<_>>(),
        "links": push_links(world, repo, change),
    })
}

fn push_links(world: &World, repo: &Repository, change: &RefChange) -> Value {
    let (web, name) = (&world.cloud_url, repo.full_name());
    let api = format!("{web}/2.0/repositories/{name}");
    match (&change.old, &change.new) {
        (Some(old), Some(new)) => json!({
            "commits": {"href": format!("{api}/commits?include={new}&exclude={old}")},
            "diff": {"href": format!("{api}/diff/{new}..{old}")},
            "html": {"href": format!("{web}/{name}/branches/compare/{new}..{old}")},
        }),
        (None, Some(new)) => json!({"commits": {"href": format!("{api}/commits?include={new}")}}),
        _ => json!({}),
    }
}
