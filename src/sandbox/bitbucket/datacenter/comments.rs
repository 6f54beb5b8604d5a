//! Comments, and tasks, which are comments that block, as Data Center shows them.

use serde_json::{Value, json};

use super::super::exchange::{Answer, Reply, text_at};
use super::super::world::{
    Anchor, Comment, NewComment, Permission, PullRequest, Refusal, RepoId, Repository, World,
};
use super::Here;
use super::answers::{bad_body, bad_field, not_permitted, with_more};
use super::users::by_nickname;

fn found<'a>(
    here: &'a Here<'_>,
    (repo, number): (RepoId, u64),
) -> Result<(&'a Repository, &'a PullRequest), Answer> {
    let repo = here.world.repo(repo)?;
    let pr = repo.pull_request(number)?;
    Ok((repo, pr))
}

/// `GET P/pull-requests/{id}/comments`: those on one file, whose path must be given.
pub(super) fn list(here: &Here<'_>, at: (RepoId, u64)) -> Reply {
    let path = here.ask.param("path");
    let path = path.ok_or_else(|| {
        bad_field("path", "The path query parameter is required when retrieving comments.")
            .complaining("there is no path; all comments are among the activities")
    })?;
    let (repo, pr) = found(here, at)?;
    let on_file = pr.said().filter(|comment| {
        comment.parent.is_none() && comment.inline.as_ref().is_some_and(|anchor| anchor.path == path)
    });
    here.page(on_file.map(|comment| full(here.world, repo, (pr, comment))).collect())
}

/// `GET P/pull-requests/{id}/blocker-comments`
pub(super) fn tasks(here: &Here<'_>, at: (RepoId, u64)) -> Reply {
    let (repo, pr) = found(here, at)?;
    let asked = here.ask.params("states").chain(here.ask.params("state"));
    let states: Vec<&str> = asked.flat_map(|states| states.split(',')).collect();
    let tasks = pr.said().filter(|one| one.task);
    if here.ask.param("count") == Some("true") {
        let (done, open): (Vec<&Comment>, Vec<&Comment>) = tasks.partition(|one| one.resolved);
        return Ok(Answer::json(200, &json!({"OPEN": open.len(), "RESOLVED": done.len()})));
    }
    let shown = tasks.filter(|one| {
        let state = if one.resolved { "RESOLVED" } else { "OPEN" };
        states.is_empty() && !one.resolved || states.contains(&state)
    });
    here.page(shown.map(|one| full(here.world, repo, (pr, one))).collect())
}

/// `GET P/pull-requests/{id}/comments/{comment}`
pub(super) fn show(here: &Here<'_>, at: (RepoId, u64), id: &str) -> Reply {
    let (repo, pr) = found(here, at)?;
    let comment = pr.comment(id.parse().unwrap_or(0))?;
    Ok(Answer::json(200, &full(here.world, repo, (pr, comment))))
}

/// `POST P/pull-requests/{id}/comments`, and `…/blocker-comments`, where it is a task
pub(super) fn create(here: &mut Here<'_>, (repo, number): (RepoId, u64), task: bool) -> Reply {
    let body = here.ask.json().map_err(|why| bad_body(&why))?;
    let text = text_at(&body, "/text").filter(|text| !text.trim().is_empty());
    let path = text_at(&body, "/anchor/path");
    let anchor = path.map(|path| Anchor {
        path: path.to_owned(),
        line: body["anchor"]["line"].as_u64(),
        before: text_at(&body, "/anchor/fileType") == Some("FROM"),
    });
    let wish = NewComment {
        text: text.ok_or_else(|| bad_field("text", "A comment needs text."))?.to_owned(),
        parent: body.pointer("/parent/id").and_then(Value::as_u64),
        inline: anchor,
        task: task || text_at(&body, "/severity") == Some("BLOCKER"),
    };
    let comment = here.world.comment((repo, number), &here.caller.nickname, wish)?;
    let (repo, pr) = found(here, (repo, number))?;
    Ok(Answer::json(201, &full(here.world, repo, (pr, &comment))))
}

/// `PUT P/pull-requests/{id}/comments/{comment}`: its words, what it is, or whether it is settled.
pub(super) fn update(here: &mut Here<'_>, at: (RepoId, u64), id: &str) -> Reply {
    let body = here.ask.json().map_err(|why| bad_body(&why))?;
    let number = id.parse().unwrap_or(0);
    let comment = found(here, at)?.1.comment(number)?.clone();
    let version = body["version"].as_u64().ok_or_else(|| bad_body("the version is missing"))?;
    current(&comment, version)?;
    let who = here.caller.nickname.clone();
    if let Some(text) = text_at(&body, "/text").filter(|text| *text != comment.text) {
        here.world.reword(at, &who, (number, text))?;
    }
    let state = text_at(&body, "/state").map(|state| state == "RESOLVED");
    let resolved = state.or_else(|| body["threadResolved"].as_bool());
    let task = text_at(&body, "/severity").map(|severity| severity == "BLOCKER");
    if resolved.is_some() || task.is_some() {
        may_settle(here, at, &comment)?;
    }
    if let Some(task) = task.filter(|task| *task != comment.task) {
        here.world.turn_into_task(at, number, task)?;
    }
    if let Some(resolved) = resolved.filter(|resolved| *resolved != comment.resolved) {
        here.world.settle(at, &who, (number, resolved))?;
    }
    show(here, at, id)
}

fn may_settle(here: &Here<'_>, at: (RepoId, u64), comment: &Comment) -> Result<(), Answer> {
    let who = &here.caller.nickname;
    let own = comment.author == *who || found(here, at)?.1.author == *who;
    if own { Ok(()) } else { here.may(at.0, Permission::Admin) }
}

/// Refuses a change to a version that is no longer the newest.
fn current(comment: &Comment, version: u64) -> Result<(), Answer> {
    if comment.version == version {
        return Ok(());
    }
    let more = json!({"currentVersion": comment.version, "expectedVersion": version});
    let text = "You are attempting to modify a comment based on out-of-date information.";
    Err(with_more(409, "comment.CommentOutOfDateException", text, more))
}

/// `DELETE P/pull-requests/{id}/comments/{comment}`: not while there are replies.
pub(super) fn delete(here: &mut Here<'_>, at: (RepoId, u64), id: &str) -> Reply {
    let number = id.parse().unwrap_or(0);
    let (_, pr) = found(here, at)?;
    let comment = pr.comment(number)?;
    if comment.author != here.caller.nickname {
        here.may(at.0, Permission::Admin).map_err(|_| not_permitted())?;
    }
    if let Some(version) = here.ask.param("version") {
        current(comment, version.parse().map_err(|_| bad_body("the version is not a number"))?)?;
    }
    if pr.has_replies(number) {
        return Err(Refusal::HasReplies(number).into());
    }
    here.world.take_back(at, &here.caller.nickname, number)?;
    Ok(Answer::empty(204))
}

/// A comment with its replies.
pub(super) fn full(world: &World, repo: &Repository, (pr, comment): (&PullRequest, &Comment)) -> Value {
    let replies = pr.said().filter(|reply| reply.parent == Some(comment.id) && reply.id > comment.id);
    let mut value = json!({
        "properties": {"repositoryId": repo.number()},
        "id": comment.id,
        "version": comment.version,
        "text": comment.text,
        "author": by_nickname(world, &comment.author),
        "createdDate": comment.created,
        "updatedDate": comment.updated,
        "comments": replies.map(|reply| full(world, repo, (pr, reply))).collect::<Vec<_>>(),
        "tasks": [],
        "threadResolved": !comment.task && comment.resolved,
        "severity": if comment.task { "BLOCKER" } else { "NORMAL" },
        "state": if comment.task && comment.resolved { "RESOLVED" } else { "OPEN" },
        "permittedOperations": {"editable": true, "deletable": true, "transitionable": true},
    });
    if let Some((who, at)) = comment.settled.as_ref().filter(|_| comment.task) {
        value["resolver"] = by_nickname(world, who);
        value["resolvedDate"] = (*at).into();
    }
    if let Some(anchor) = &comment.inline {
        let (line, file) = if anchor.before { ("REMOVED", "FROM") } else { ("ADDED", "TO") };
        value["anchor"] = json!({
            "fromHash": pr.destination_hash,
            "toHash": pr.source_hash,
            "line": anchor.line,
            "lineType": line,
            "fileType": file,
            "path": anchor.path,
            "diffType": "EFFECTIVE",
            "orphaned": false,
        });
    }
    value
}
