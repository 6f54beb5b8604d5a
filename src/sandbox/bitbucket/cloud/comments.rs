//! Comments, as Cloud shows them.

use serde_json::{Value, json};

use super::super::exchange::{Answer, Reply, text_at};
use super::super::moments::iso_micros;
use super::super::world::{
    Anchor, Comment, NewComment, Permission, PullRequest, Refusal, RepoId, Repository, World,
};
use super::Here;
use super::answers::{bad_body, bad_field, problem};
use super::commits::rendered;
use super::users::by_nickname;

/// `GET ~/pullrequests/{id}/comments`
pub(super) fn list(here: &Here<'_>, (repo, number): (RepoId, u64)) -> Reply {
    let repo = here.world.repo(repo)?;
    let pr = repo.pull_request(number)?;
    let shown = |one: &&Comment| !one.task && (!one.deleted || pr.has_replies(one.id));
    let remarks = pr.comments.iter().filter(shown);
    here.page(remarks.map(|comment| full(here.world, repo, (pr, comment))).collect(), 10)
}

/// `GET ~/pullrequests/{id}/comments/{comment}`
pub(super) fn show(here: &Here<'_>, (repo, number): (RepoId, u64), id: &str) -> Reply {
    let id = known(here, (repo, number), id)?;
    let repo = here.world.repo(repo)?;
    let pr = repo.pull_request(number)?;
    Ok(Answer::json(200, &full(here.world, repo, (pr, pr.comment(id)?))))
}

fn known(here: &Here<'_>, (repo, number): (RepoId, u64), id: &str) -> Result<u64, Answer> {
    let pr = here.world.repo(repo)?.pull_request(number)?;
    let comment = pr.said().find(|one| !one.task && one.id.to_string() == id);
    comment.map(|comment| comment.id).ok_or_else(|| problem(404, id))
}

/// `POST ~/pullrequests/{id}/comments`
pub(super) fn create(here: &mut Here<'_>, (repo, number): (RepoId, u64)) -> Reply {
    let body = here.ask.json().map_err(|why| bad_body(&why))?;
    let text = text_at(&body, "/content/raw").filter(|text| !text.trim().is_empty());
    let wish = NewComment {
        text: text.ok_or_else(|| bad_field("content", "required key not provided"))?.to_owned(),
        parent: body.pointer("/parent/id").and_then(Value::as_u64),
        inline: anchor(&body),
        task: false,
    };
    let comment = here.world.comment((repo, number), &here.caller.nickname, wish)?;
    let repo = here.world.repo(repo)?;
    let pr = repo.pull_request(number)?;
    let value = full(here.world, repo, (pr, &comment));
    let location = text_at(&value, "/links/self/href").unwrap_or_default().to_owned();
    Ok(Answer::json(201, &value).with("Location", location))
}

fn anchor(body: &Value) -> Option<Anchor> {
    let path = text_at(body, "/inline/path")?.to_owned();
    let line = |name: &str| body["inline"][name].as_u64();
    let (to, from) = (line("to"), line("from"));
    Some(Anchor { path, line: to.or(from), before: to.is_none() && from.is_some() })
}

/// `PUT ~/pullrequests/{id}/comments/{comment}`
pub(super) fn update(here: &mut Here<'_>, at: (RepoId, u64), id: &str) -> Reply {
    let body = here.ask.json().map_err(|why| bad_body(&why))?;
    let text = text_at(&body, "/content/raw").filter(|text| !text.trim().is_empty());
    let text = text.ok_or_else(|| bad_field("content", "required key not provided"))?;
    let number = known(here, at, id)?;
    here.world.reword(at, &here.caller.nickname, (number, text))?;
    show(here, at, id)
}

/// `DELETE ~/pullrequests/{id}/comments/{comment}`
pub(super) fn delete(here: &mut Here<'_>, at: (RepoId, u64), id: &str) -> Reply {
    let number = known(here, at, id)?;
    let comment = here.world.repo(at.0)?.pull_request(at.1)?.comment(number)?;
    if comment.author != here.caller.nickname {
        here.may(at.0, Permission::Admin)?;
    }
    here.world.take_back(at, &here.caller.nickname, number)?;
    Ok(Answer::empty(204))
}

/// `POST ~/pullrequests/{id}/comments/{comment}/resolve`: a thread on the diff, by its first comment.
pub(super) fn resolve(here: &mut Here<'_>, at: (RepoId, u64), id: &str) -> Reply {
    let number = thread(here, at, id)?;
    here.world.settle(at, &here.caller.nickname, (number, true))?;
    let comment = here.world.repo(at.0)?.pull_request(at.1)?.comment(number)?;
    Ok(Answer::json(200, &resolution(here.world, comment)))
}

/// `DELETE ~/pullrequests/{id}/comments/{comment}/resolve`
pub(super) fn reopen(here: &mut Here<'_>, at: (RepoId, u64), id: &str) -> Reply {
    let number = thread(here, at, id)?;
    match here.world.settle(at, &here.caller.nickname, (number, false)) {
        Err(Refusal::SettledAlready(..)) => Err(problem(404, "The comment is not resolved.")),
        outcome => Ok(outcome.map(|()| Answer::empty(204))?),
    }
}

fn thread(here: &Here<'_>, at: (RepoId, u64), id: &str) -> Result<u64, Answer> {
    let number = known(here, at, id)?;
    let comment = here.world.repo(at.0)?.pull_request(at.1)?.comment(number)?;
    if comment.parent.is_some() || comment.inline.is_none() {
        return Err(problem(403, "Only top-level comments on the diff can be resolved."));
    }
    Ok(number)
}

fn resolution(world: &World, comment: &Comment) -> Value {
    let Some((who, at)) = &comment.settled else { return Value::Null };
    json!({"type": "comment_resolution", "user": by_nickname(world, who), "created_on": iso_micros(*at)})
}

/// A comment with everything.
pub(super) fn full(world: &World, repo: &Repository, (pr, comment): (&PullRequest, &Comment)) -> Value {
    let (web, name, number, id) = (&world.cloud_url, repo.full_name(), pr.number, comment.id);
    let api = format!("{web}/2.0/repositories/{name}/pullrequests/{number}");
    let html = format!("{web}/{name}/pull-requests/{number}");
    let mut value = json!({
        "type": "pullrequest_comment",
        "id": id,
        "created_on": iso_micros(comment.created),
        "updated_on": iso_micros(comment.updated),
        "content": rendered(if comment.deleted { "" } else { &comment.text }),
        "user": by_nickname(world, &comment.author),
        "deleted": comment.deleted,
        "pending": false,
        "pullrequest": {
            "type": "pullrequest",
            "id": number,
            "title": pr.title,
            "draft": pr.draft,
            "links": {"self": {"href": api}, "html": {"href": html}},
        },
        "links": {
            "self": {"href": format!("{api}/comments/{id}")},
            "html": {"href": format!("{html}/_/diff#comment-{id}")},
        },
    });
    if let Some(parent) = comment.parent {
        let links = json!({
            "self": {"href": format!("{api}/comments/{parent}")},
            "html": {"href": format!("{html}/_/diff#comment-{parent}")},
        });
        value["parent"] = json!({"type": "pullrequest_comment", "id": parent, "links": links});
    }
    if let Some(Anchor { path, line, before }) = &comment.inline {
        let (from, to) = if *before { (line, &None) } else { (&None, line) };
        value["inline"] = json!({"path": path, "to": to, "from": from});
        value["resolution"] = resolution(world, comment);
    }
    value
}
