//! Comments, as Cloud shows them.

use serde_json::{Value, json};

use super::super::exchange::{Answer, Reply, text_at};
use super::super::moments::iso_micros;
use super::super::world::{Comment, NewComment, PullRequest, RepoId, Repository, World};
use super::Here;
use super::answers::{bad_body, bad_field, problem};
use super::commits::rendered;
use super::users::by_nickname;

/// `GET ~/pullrequests/{id}/comments`
pub(super) fn list(here: &Here<'_>, (repo, number): (RepoId, u64)) -> Reply {
    let repo = here.world.repo(repo)?;
    let pr = repo.pull_request(number)?;
    let remarks = pr.comments.iter().filter(|comment| !comment.task);
    here.page(remarks.map(|comment| full(here.world, repo, (pr, comment))).collect(), 10)
}

/// `GET ~/pullrequests/{id}/comments/{comment}`
pub(super) fn show(here: &Here<'_>, (repo, number): (RepoId, u64), id: &str) -> Reply {
    let repo = here.world.repo(repo)?;
    let pr = repo.pull_request(number)?;
    let comment = pr.comments.iter().find(|comment| comment.id.to_string() == id);
    let comment = comment.ok_or_else(|| problem(404, id))?;
    Ok(Answer::json(200, &full(here.world, repo, (pr, comment))))
}

/// `POST ~/pullrequests/{id}/comments`
pub(super) fn create(here: &mut Here<'_>, (repo, number): (RepoId, u64)) -> Reply {
    let body = here.ask.json().map_err(|why| bad_body(&why))?;
    let text = text_at(&body, "/content/raw").filter(|text| !text.trim().is_empty());
    let path = text_at(&body, "/inline/path");
    let line = body.pointer("/inline/to").or_else(|| body.pointer("/inline/from"));
    let wish = NewComment {
        text: text.ok_or_else(|| bad_field("content", "required key not provided"))?.to_owned(),
        parent: body.pointer("/parent/id").and_then(Value::as_u64),
        inline: path.map(|path| (path.to_owned(), line.and_then(Value::as_u64))),
        task: false,
    };
    let comment = here.world.comment((repo, number), &here.caller.nickname, wish)?;
    let repo = here.world.repo(repo)?;
    let pr = repo.pull_request(number)?;
    let value = full(here.world, repo, (pr, &comment));
    let location = text_at(&value, "/links/self/href").unwrap_or_default().to_owned();
    Ok(Answer::json(201, &value).with("Location", location))
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
        "updated_on": iso_micros(comment.created),
        "content": rendered(&comment.text),
        "user": by_nickname(world, &comment.author),
        "deleted": false,
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
    if let Some((path, line)) = &comment.inline {
        value["inline"] = json!({"path": path, "to": line, "from": null});
    }
    value
}
