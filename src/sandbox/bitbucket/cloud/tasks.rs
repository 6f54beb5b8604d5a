//! Tasks, as Cloud shows them: things of their own, which may hang on a comment.

use serde_json::{Value, json};

use super::super::exchange::{Answer, Reply, text_at};
use super::super::moments::iso_micros;
use super::super::world::{Comment, NewComment, PullRequest, Refusal, RepoId, Repository, World};
use super::Here;
use super::answers::{bad_body, bad_field, problem};
use super::comments;
use super::commits::rendered;
use super::users::by_nickname;

/// `GET ~/pullrequests/{id}/tasks`
pub(super) fn list(here: &Here<'_>, (repo, number): (RepoId, u64)) -> Reply {
    let repo = here.world.repo(repo)?;
    let pr = repo.pull_request(number)?;
    let tasks = pr.said().filter(|one| one.task);
    here.page(tasks.map(|task| full(here.world, repo, (pr, task))).collect(), 10)
}

/// `GET ~/pullrequests/{id}/tasks/{task}`
pub(super) fn show(here: &Here<'_>, at: (RepoId, u64), id: &str) -> Reply {
    let id = known(here, at, id)?;
    let repo = here.world.repo(at.0)?;
    let pr = repo.pull_request(at.1)?;
    Ok(Answer::json(200, &full(here.world, repo, (pr, pr.comment(id)?))))
}

fn known(here: &Here<'_>, (repo, number): (RepoId, u64), id: &str) -> Result<u64, Answer> {
    let pr = here.world.repo(repo)?.pull_request(number)?;
    let task = pr.said().find(|one| one.task && one.id.to_string() == id);
    task.map(|task| task.id).ok_or_else(|| problem(404, id))
}

/// `POST ~/pullrequests/{id}/tasks`
pub(super) fn create(here: &mut Here<'_>, at: (RepoId, u64)) -> Reply {
    let body = here.ask.json().map_err(|why| bad_body(&why))?;
    let wish = NewComment {
        text: text(&body)?.ok_or_else(|| bad_field("content", "required key not provided"))?,
        parent: body.pointer("/comment/id").and_then(Value::as_u64),
        inline: None,
        task: true,
    };
    let id = here.world.comment(at, &here.caller.nickname, wish)?.id;
    Ok(show(here, at, &id.to_string())?.under(201))
}

fn text(body: &Value) -> Result<Option<String>, Answer> {
    match text_at(body, "/content/raw") {
        Some(text) if text.trim().is_empty() => Err(bad_field("content", "This field may not be blank.")),
        text => Ok(text.map(str::to_owned)),
    }
}

/// `PUT ~/pullrequests/{id}/tasks/{task}`
pub(super) fn update(here: &mut Here<'_>, at: (RepoId, u64), id: &str) -> Reply {
    let body = here.ask.json().map_err(|why| bad_body(&why))?;
    let (number, who) = (known(here, at, id)?, here.caller.nickname.clone());
    let resolved = match text_at(&body, "/state") {
        None => None,
        Some("RESOLVED") => Some(true),
        Some("UNRESOLVED") => Some(false),
        Some(other) => return Err(bad_field("state", "not a valid choice").complaining(other)),
    };
    if let Some(text) = text(&body)? {
        here.world.reword(at, &who, (number, &text))?;
    }
    if let Some(resolved) = resolved {
        match here.world.settle(at, &who, (number, resolved)) {
            Ok(()) | Err(Refusal::SettledAlready(..)) => {}
            Err(other) => return Err(other.into()),
        }
    }
    show(here, at, id)
}

/// `DELETE ~/pullrequests/{id}/tasks/{task}`
pub(super) fn delete(here: &mut Here<'_>, at: (RepoId, u64), id: &str) -> Reply {
    let number = known(here, at, id)?;
    here.world.take_back(at, &here.caller.nickname, number)?;
    Ok(Answer::empty(204))
}

fn full(world: &World, repo: &Repository, (pr, task): (&PullRequest, &Comment)) -> Value {
    let (web, name, id) = (&world.cloud_url, repo.full_name(), task.id);
    let api = format!("{web}/2.0/repositories/{name}/pullrequests/{}/tasks/{id}", pr.number);
    let mut value = json!({
        "id": id,
        "created_on": iso_micros(task.created),
        "updated_on": iso_micros(task.updated),
        "state": if task.resolved { "RESOLVED" } else { "UNRESOLVED" },
        "content": rendered(&task.text),
        "creator": by_nickname(world, &task.author),
        "pending": false,
        "resolved_on": task.settled.as_ref().map(|(_, at)| iso_micros(*at)),
        "resolved_by": task.settled.as_ref().map(|(who, _)| by_nickname(world, who)),
        "links": {
            "self": {"href": api},
            "html": {"href": format!("{web}/{name}/pull-requests/{}/_/diff#task-{id}", pr.number)},
        },
    });
    if let Some(parent) = task.parent.and_then(|parent| pr.comment(parent).ok()) {
        value["comment"] = comments::full(world, repo, (pr, parent));
    }
    value
}
