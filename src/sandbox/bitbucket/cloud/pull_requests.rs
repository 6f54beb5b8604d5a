//! Pull requests, as Cloud shows them.

use serde_json::{Value, json};

use super::super::exchange::{Answer, Reply, text_at};
use super::super::moments::iso_micros;
use super::super::world::{
    Edit, Edition, NewPullRequest, Origin, Permission, PullRequest, Refusal, RepoId, Repository, State, World,
};
use super::Here;
use super::answers::{bad_body, bad_field};
use super::commits::{linked, mark_rendered, rendered};
use super::diffs::address;
use super::fields::Fields;
use super::repositories::{brief, strategies};
use super::reviews::participant;
use super::users::by_nickname;

/// The most pull requests on one page.
const LONGEST: usize = 50;

/// `GET ~/pullrequests`
pub(super) fn list(here: &Here<'_>, repo: RepoId) -> Reply {
    here.scope("pullrequest")?;
    let repo = here.world.repo(repo)?;
    let mut values = Vec::new();
    for pr in repo.pull_requests.iter().rev().filter(|pr| in_wanted_state(here, pr)) {
        values.push(full(here.world, repo, pr));
    }
    listed(here, values)
}

/// `GET /workspaces/{workspace}/pullrequests/{id}`
pub(super) fn of_author(here: &Here<'_>, space: &str, id: &str) -> Reply {
    here.scope("pullrequest")?;
    let author = here.world.person_by_cloud_id(id);
    let author = author.map(|person| person.nickname.clone()).unwrap_or_default();
    let mut values = Vec::new();
    for repo in &here.world.repositories {
        if repo.edition == Edition::Cloud && repo.space == space && here.sees(repo) {
            let prs = repo.pull_requests.iter().filter(|pr| pr.author == author);
            let shown = prs.filter(|pr| in_wanted_state(here, pr));
            values.extend(shown.map(|pr| full(here.world, repo, pr)));
        }
    }
    listed(here, values)
}

/// Open ones unless `state` says otherwise; `q` may say it instead.
fn in_wanted_state(here: &Here<'_>, pr: &PullRequest) -> bool {
    let mut wanted = here.ask.params("state").peekable();
    if wanted.peek().is_some() {
        return wanted.any(|state| state == state_name(pr.state));
    }
    let asked = here.ask.param("q").is_some_and(|query| query.contains("state"));
    asked || pr.state == State::Open
}

/// A page without what a list leaves out, unless `fields` asks for it.
fn listed(here: &Here<'_>, mut values: Vec<Value>) -> Reply {
    super::query::narrow(here.ask, &mut values)?;
    let asked = Fields::of(here.ask);
    for noun in ["reviewers", "participants"] {
        if !asked.add(&format!("values.{noun}")) {
            values.iter_mut().filter_map(Value::as_object_mut).for_each(|fields| {
                fields.remove(noun);
            });
        }
    }
    let cut = here.ask.param("pagelen").and_then(|length| length.parse::<usize>().ok());
    match cut {
        Some(length) if length > LONGEST => Err(super::answers::problem(400, "Invalid pagelen")
            .complaining("a page of pull requests is 50 at most")),
        _ => here.page_of(values, 10),
    }
}

/// `GET ~/pullrequests/{id}`
pub(super) fn show(here: &Here<'_>, (repo, number): (RepoId, u64)) -> Reply {
    let repo = here.world.repo(repo)?;
    let pr = repo.pull_request(number)?;
    let mut value = full(here.world, repo, pr);
    let asked = Fields::of(here.ask);
    let strategies = strategies(repo);
    if asked.add("destination.branch.default_merge_strategy") {
        value["destination"]["branch"]["default_merge_strategy"] = strategies.first().copied().into();
    }
    if asked.add("destination.branch.merge_strategies") {
        value["destination"]["branch"]["merge_strategies"] = strategies.into();
    }
    Ok(Answer::json(200, &value))
}

/// `GET ~/commit/{hash}/pullrequests`
pub(super) fn of_commit(here: &Here<'_>, repo: RepoId, hash: &str) -> Reply {
    here.scope("pullrequest")?;
    let repo = here.world.repo(repo)?;
    let hash = &repo.resolve(hash)?.hash;
    let has = |pr: &&PullRequest| {
        repo.log(&pr.source_hash, Some(&pr.destination_hash)).iter().any(|commit| commit.hash == *hash)
            || pr.merge_commit.as_ref() == Some(hash)
    };
    here.page_of(repo.pull_requests.iter().filter(has).map(|pr| mention(here.world, repo, pr)).collect(), 30)
}

/// `PUT ~/pullrequests/{id}`: the reviewers are all of them.
pub(super) fn update(here: &mut Here<'_>, at: (RepoId, u64)) -> Reply {
    here.scope("pullrequest:write")?;
    let body = here.ask.json().map_err(|why| bad_body(&why))?;
    let pr = here.world.repo(at.0)?.pull_request(at.1)?;
    if pr.state != State::Open {
        return Err(Refusal::NotOpen(at.1, pr.state).into());
    }
    if pr.author != here.caller.nickname {
        here.may(at.0, Permission::Write)?;
    }
    let text = |pointer: &str| text_at(&body, pointer).map(str::to_owned);
    let title = text("/title");
    if title.as_ref().is_some_and(|title| title.trim().is_empty()) {
        return Err(bad_field("title", "This field may not be blank."));
    }
    let wish = Edit {
        title: title.filter(|title| *title != pr.title),
        description: text("/description").filter(|text| *text != pr.description),
        destination: text("/destination/branch/name").filter(|branch| *branch != pr.destination),
        draft: body["draft"].as_bool(),
        close_source: body["close_source_branch"].as_bool(),
        reviewers: body.get("reviewers").map(|_| reviewers(here, &body)).transpose()?,
    };
    here.world.edit(at, &here.caller.nickname, wish)?;
    show(here, at)
}

/// A pull request as others mention it.
pub(super) fn mention(world: &World, repo: &Repository, pr: &PullRequest) -> Value {
    let links = links(world, repo, pr);
    json!({
        "type": "pullrequest",
        "id": pr.number,
        "title": pr.title,
        "draft": pr.draft,
        "links": {"self": links["self"], "html": links["html"]},
    })
}

/// `POST ~/pullrequests`
pub(super) fn create(here: &mut Here<'_>, repo: RepoId) -> Reply {
    here.scope("pullrequest:write")?;
    let body = here.ask.json().map_err(|why| bad_body(&why))?;
    let title = text_at(&body, "/title").filter(|title| !title.trim().is_empty());
    let source = text_at(&body, "/source/branch/name");
    let main = here.world.repo(repo)?.main_branch.clone();
    let wish = NewPullRequest {
        title: title.ok_or_else(|| bad_field("title", "required key not provided"))?.to_owned(),
        source: source.ok_or_else(|| bad_field("source", "required key not provided"))?.to_owned(),
        destination: text_at(&body, "/destination/branch/name").unwrap_or(&main).to_owned(),
        description: text_at(&body, "/description").unwrap_or_default().to_owned(),
        reviewers: reviewers(here, &body)?,
        draft: body["draft"].as_bool().unwrap_or(false),
        close_source: body["close_source_branch"].as_bool().unwrap_or(false),
    };
    for (side, branch) in [("source", &wish.source), ("destination", &wish.destination)] {
        if here.world.repo(repo)?.tip(branch).is_err() {
            return Err(bad_field(side, &format!("branch not found: {branch}")));
        }
    }
    let number = here.world.open_pull_request(repo, &here.caller.nickname, wish)?;
    let repo = here.world.repo(repo)?;
    let value = full(here.world, repo, repo.pull_request(number)?);
    let location = text_at(&value, "/links/self/href").unwrap_or_default().to_owned();
    Ok(Answer::json(201, &value).with("Location", location))
}

fn reviewers(here: &Here<'_>, body: &Value) -> Result<Vec<String>, Answer> {
    let listed = body["reviewers"].as_array().map(Vec::as_slice).unwrap_or_default();
    let known = listed.iter().map(|one| {
        let id = text_at(one, "/uuid").or_else(|| text_at(one, "/account_id"));
        let person = id.and_then(|id| here.world.person_by_cloud_id(id));
        person
            .map(|person| person.nickname.clone())
            .ok_or_else(|| bad_field("reviewers", "Malformed reviewers list").complaining(one.to_string()))
    });
    known.collect()
}

pub(super) fn state_name(state: State) -> &'static str {
    match state {
        State::Open => "OPEN",
        State::Merged => "MERGED",
        State::Declined => "DECLINED",
    }
}

/// A pull request with everything.
pub(super) fn full(world: &World, repo: &Repository, pr: &PullRequest) -> Value {
    let reviewers = pr.reviewers.iter().map(|one| by_nickname(world, one));
    let took_part = pr.participants.iter().map(|one| one.nickname.as_str());
    let silent = pr.reviewers.iter().map(String::as_str).filter(|one| pr.participant(one).is_none());
    let participants = took_part.chain(silent).map(|one| participant(world, pr, one));
    let tasks = pr.said().filter(|comment| comment.task).count();
    json!({
        "type": "pullrequest",
        "id": pr.number,
        "title": pr.title,
        "description": pr.description,
        "summary": rendered(&pr.description),
        "rendered": {"title": rendered(&pr.title), "description": rendered(&pr.description)},
        "state": state_name(pr.state),
        "draft": pr.draft,
        "author": by_nickname(world, &pr.author),
        "source": source(world, repo, pr),
        "destination": end(world, repo, (&pr.destination, &pr.destination_hash)),
        "reviewers": reviewers.collect::<Vec<_>>(),
        "participants": participants.collect::<Vec<_>>(),
        "comment_count": pr.said().count() - tasks,
        "task_count": tasks,
        "close_source_branch": pr.close_source,
        "merge_commit": pr.merge_commit.as_ref().map(|hash| json!({"hash": &hash[..12]})),
        "closed_by": pr.closed_by.as_ref().map(|one| by_nickname(world, one)),
        "reason": "",
        "created_on": iso_micros(pr.created),
        "updated_on": iso_micros(pr.updated),
        "links": links(world, repo, pr),
    })
}

/// A pull request as webhooks carry it: with a little more than the schema promises.
pub(super) fn in_webhook(world: &World, repo: &Repository, pr: &PullRequest) -> Value {
    let mut value = full(world, repo, pr);
    let statuses = format!("{}/statuses", text_at(&value, "/links/self/href").unwrap_or_default());
    value["links"]["statuses"] = json!({"href": statuses});
    mark_rendered(&mut value, &["/summary", "/rendered/title", "/rendered/description"]);
    for (side, hash) in [("source", &pr.source_hash), ("destination", &pr.destination_hash)] {
        value[side]["commit"] = linked(world, repo, &hash[..12]);
    }
    if let Some(hash) = &pr.merge_commit {
        value["merge_commit"] = linked(world, repo, &hash[..12]);
    }
    value
}

/// Where it comes from; a fork that was deleted is none.
fn source(world: &World, repo: &Repository, pr: &PullRequest) -> Value {
    let mut source = end(world, repo, (&pr.source, &pr.source_hash));
    if pr.origin == Origin::LostFork {
        source["repository"] = Value::Null;
    }
    source
}

/// One end of a pull request.
pub(super) fn end(world: &World, repo: &Repository, (branch, hash): (&str, &str)) -> Value {
    json!({
        "branch": {"name": branch},
        "commit": {"hash": hash.get(..12).unwrap_or(hash)},
        "repository": brief(world, repo),
    })
}

fn links(world: &World, repo: &Repository, pr: &PullRequest) -> Value {
    let (web, name, number) = (&world.cloud_url, repo.full_name(), pr.number);
    let api = format!("{web}/2.0/repositories/{name}/pullrequests/{number}");
    let mut links = json!({
        "self": {"href": api},
        "html": {"href": format!("{web}/{name}/pull-requests/{number}")},
        "diffstat": {"href": address(world, repo, ("diffstat", &pr.source_hash, &pr.destination_hash), number)},
    });
    for noun in ["commits", "approve", "diff", "comments", "activity", "merge", "decline"] {
        links[noun] = json!({"href": format!("{api}/{noun}")});
    }
    links
}
