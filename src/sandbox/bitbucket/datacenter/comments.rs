//! Comments and the history of a pull request, as Data Center shows them.

use serde_json::{Value, json};

use super::super::exchange::{Answer, Reply, text_at};
use super::super::world::{
    Comment, NewComment, PullRequest, Refusal, RepoId, Repository, State, Verdict, World,
};
use super::Here;
use super::answers::{bad_body, bad_field};
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
    let on_file = pr.comments.iter().filter(|comment| {
        comment.parent.is_none() && comment.inline.as_ref().is_some_and(|(file, _)| file == path)
    });
    here.page(on_file.map(|comment| full(here.world, repo, (pr, comment))).collect())
}

/// `GET P/pull-requests/{id}/comments/{comment}`
pub(super) fn show(here: &Here<'_>, at: (RepoId, u64), id: &str) -> Reply {
    let (repo, pr) = found(here, at)?;
    let comment = pr.comments.iter().find(|comment| comment.id.to_string() == id);
    let comment = comment.ok_or_else(|| Refusal::NoSuchComment(id.parse().unwrap_or(0)))?;
    Ok(Answer::json(200, &full(here.world, repo, (pr, comment))))
}

/// `POST P/pull-requests/{id}/comments`
pub(super) fn create(here: &mut Here<'_>, (repo, number): (RepoId, u64)) -> Reply {
    let body = here.ask.json().map_err(|why| bad_body(&why))?;
    let text = text_at(&body, "/text").filter(|text| !text.trim().is_empty());
    let path = text_at(&body, "/anchor/path");
    let line = body.pointer("/anchor/line").and_then(Value::as_u64);
    let wish = NewComment {
        text: text.ok_or_else(|| bad_field("text", "A comment needs text."))?.to_owned(),
        parent: body.pointer("/parent/id").and_then(Value::as_u64),
        inline: path.map(|path| (path.to_owned(), line)),
        task: text_at(&body, "/severity") == Some("BLOCKER"),
    };
    let comment = here.world.comment((repo, number), &here.caller.nickname, wish)?;
    let (repo, pr) = found(here, (repo, number))?;
    Ok(Answer::json(201, &full(here.world, repo, (pr, &comment))))
}

/// `GET P/pull-requests/{id}/activities`: the newest first.
pub(super) fn activities(here: &Here<'_>, at: (RepoId, u64)) -> Reply {
    let (repo, pr) = found(here, at)?;
    let mut log: Vec<(i64, &str, &str, Option<&Comment>)> =
        vec![(pr.created, "OPENED", pr.author.as_str(), None)];
    for comment in pr.comments.iter().filter(|comment| comment.parent.is_none()) {
        log.push((comment.created, "COMMENTED", &comment.author, Some(comment)));
    }
    for one in &pr.participants {
        match one.verdict {
            Verdict::None => {}
            Verdict::Approved => log.push((one.at, "APPROVED", &one.nickname, None)),
            Verdict::ChangesRequested => log.push((one.at, "REVIEWED", &one.nickname, None)),
        }
    }
    let closer = pr.closed_by.as_deref().unwrap_or_default();
    match pr.state {
        State::Open => {}
        State::Merged => log.push((pr.updated, "MERGED", closer, None)),
        State::Declined => log.push((pr.updated, "DECLINED", closer, None)),
    }
    log.sort_by_key(|(at, ..)| *at);
    let numbered = log.iter().enumerate().rev().map(|(n, (at, action, who, comment))| {
        let mut value = json!({
            "id": pr.number * 1000 + n as u64,
            "createdDate": at,
            "user": by_nickname(here.world, who),
            "action": action,
        });
        if let Some(comment) = comment {
            value["commentAction"] = "ADDED".into();
            value["comment"] = full(here.world, repo, (pr, comment));
        }
        value
    });
    here.page(numbered.collect())
}

/// A comment with its replies.
pub(super) fn full(world: &World, repo: &Repository, (pr, comment): (&PullRequest, &Comment)) -> Value {
    let replies =
        pr.comments.iter().filter(|reply| reply.parent == Some(comment.id) && reply.id > comment.id);
    let mut value = json!({
        "properties": {"repositoryId": repo.number()},
        "id": comment.id,
        "version": 0,
        "text": comment.text,
        "author": by_nickname(world, &comment.author),
        "createdDate": comment.created,
        "updatedDate": comment.created,
        "comments": replies.map(|reply| full(world, repo, (pr, reply))).collect::<Vec<_>>(),
        "tasks": [],
        "threadResolved": false,
        "severity": if comment.task { "BLOCKER" } else { "NORMAL" },
        "state": if comment.resolved { "RESOLVED" } else { "OPEN" },
        "permittedOperations": {"editable": true, "deletable": true, "transitionable": true},
    });
    if let Some((path, line)) = &comment.inline {
        value["anchor"] = json!({
            "fromHash": pr.destination_hash,
            "toHash": pr.source_hash,
            "line": line,
            "lineType": "ADDED",
            "fileType": "TO",
            "path": path,
            "diffType": "EFFECTIVE",
            "orphaned": false,
        });
    }
    value
}
