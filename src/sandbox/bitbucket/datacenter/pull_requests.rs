//! Pull requests, as Data Center shows them.

use serde_json::{Value, json};

use super::super::exchange::{Answer, Reply, text_at};
use super::super::world::{
    Edit, NewPullRequest, Origin, Permission, PullRequest, Refusal, RepoId, Repository, State, Verdict, World,
};
use super::Here;
use super::answers::{bad_body, bad_field, problem, with_more};
use super::branches::named;
use super::commits::minimal;
use super::reviews::participant;

/// Whether there is such a pull request, in the words of its absence.
pub(super) fn known(here: &Here<'_>, (repo, number): (RepoId, u64)) -> Result<(), Answer> {
    let repo = here.world.repo(repo)?;
    let text = format!("Pull request {number} does not exist in {}.", repo.full_name());
    match repo.pull_request(number) {
        Ok(pr) if !pr.deleted => Ok(()),
        _ => Err(problem(404, "pull.NoSuchPullRequestException", &text)),
    }
}

/// `GET P/pull-requests`
pub(super) fn list(here: &Here<'_>, repo: RepoId) -> Reply {
    let repo = here.world.repo(repo)?;
    let outgoing = here.ask.param("direction") == Some("OUTGOING");
    let at = here.ask.param("at").map(|name| name.strip_prefix("refs/heads/").unwrap_or(name));
    let text = here.ask.param("filterText").unwrap_or_default().to_lowercase();
    let mut values = Vec::new();
    for pr in repo.pull_requests.iter().filter(|pr| !pr.deleted) {
        let end = if outgoing { &pr.source } else { &pr.destination };
        let there = at.is_none_or(|branch| branch == end);
        if there && pr.title.to_lowercase().contains(&text) && wanted(here, pr, "OPEN")? {
            values.push(full(here.world, repo, pr));
        }
    }
    if here.ask.param("order") != Some("OLDEST") {
        values.reverse();
    }
    here.page(values)
}

/// Whether somebody has that part in it.
pub(super) fn plays(pr: &PullRequest, who: &str, role: Option<&str>) -> bool {
    let author = pr.author == who;
    let reviewer = pr.reviewers.iter().any(|one| one == who);
    let part = pr.participant(who).is_some();
    match role {
        Some("AUTHOR") => author,
        Some("REVIEWER") => reviewer,
        Some("PARTICIPANT") => part && !reviewer,
        _ => author || reviewer || part,
    }
}

/// Whether the state and the people are those asked for.
pub(super) fn wanted(here: &Here<'_>, pr: &PullRequest, default: &str) -> Result<bool, Answer> {
    let state = here.ask.param("state").unwrap_or(default);
    if !["OPEN", "MERGED", "DECLINED", "ALL"].contains(&state) {
        return Err(bad_field("state", "no such state").complaining(format!("state={state}")));
    }
    let draft = here.ask.param("draft").is_none_or(|draft| draft == pr.draft.to_string());
    let people = (1..=10).all(|n| {
        let name = here.ask.param(&format!("username.{n}"));
        name.is_none_or(|name| {
            let approves = here.ask.param(&format!("approved.{n}"));
            let does = (pr.verdict(name) == Verdict::Approved).to_string();
            plays(pr, name, here.ask.param(&format!("role.{n}"))) && approves.is_none_or(|wish| wish == does)
        })
    });
    Ok(draft && people && (state == "ALL" || state == state_name(pr.state)))
}

/// `GET P/pull-requests/{id}`
pub(super) fn show(here: &Here<'_>, at: (RepoId, u64)) -> Reply {
    Ok(Answer::json(200, &shown(here, at)?))
}

fn shown(here: &Here<'_>, (repo, number): (RepoId, u64)) -> Result<Value, Answer> {
    let repo = here.world.repo(repo)?;
    let pr = repo.pull_request(number)?;
    Ok(full(here.world, repo, pr))
}

/// `POST P/pull-requests`
pub(super) fn create(here: &mut Here<'_>, repo: RepoId) -> Reply {
    let body = here.ask.json().map_err(|why| bad_body(&why))?;
    let title = text_at(&body, "/title").filter(|title| !title.trim().is_empty());
    let wish = NewPullRequest {
        title: title.ok_or_else(|| bad_field("title", "A title is required."))?.to_owned(),
        description: text_at(&body, "/description").unwrap_or_default().to_owned(),
        source: branch(here, repo, &body, "fromRef")?,
        destination: branch(here, repo, &body, "toRef")?,
        reviewers: reviewers(here, &body)?,
        draft: body["draft"].as_bool().unwrap_or(false),
        close_source: false,
    };
    if let Some(existing) = already_open(here, repo, &wish) {
        let text = "Only one pull request may be open for a given source and target branch";
        let more = json!({"existingPullRequest": existing});
        return Err(with_more(409, "pull.DuplicatePullRequestException", text, more));
    }
    let number = here.world.open_pull_request(repo, &here.caller.nickname, wish)?;
    Ok(Answer::json(201, &shown(here, (repo, number))?))
}

/// `PUT P/pull-requests/{id}`: reviewers that are not named are let off.
pub(super) fn update(here: &mut Here<'_>, at: (RepoId, u64)) -> Reply {
    let body = here.ask.json().map_err(|why| bad_body(&why))?;
    let pr = here.world.repo(at.0)?.pull_request(at.1)?;
    if pr.author != here.caller.nickname {
        here.may(at.0, Permission::Write)?;
    }
    let version = body["version"].as_u64().ok_or_else(|| bad_body("the version is missing"))?;
    if pr.state != State::Open {
        return Err(Refusal::NotOpen(at.1, pr.state).into());
    }
    current(here, at, version)?;
    let text = |name: &str| body[name].as_str().map(str::to_owned);
    let target = if body.get("toRef").is_some() { Some(branch(here, at.0, &body, "toRef")?) } else { None };
    let wish = Edit {
        title: text("title").filter(|title| *title != pr.title),
        description: text("description").filter(|text| *text != pr.description),
        destination: target.filter(|branch| *branch != pr.destination),
        draft: body["draft"].as_bool(),
        close_source: None,
        reviewers: Some(reviewers(here, &body)?),
    };
    here.world.edit(at, &here.caller.nickname, wish)?;
    show(here, at)
}

/// `GET P/commits/{hash}/pull-requests`
pub(super) fn of_commit(here: &Here<'_>, repo: RepoId, hash: &str) -> Reply {
    let repo = here.world.repo(repo)?;
    let hash = &repo.resolve(hash)?.hash;
    let has = |pr: &&PullRequest| {
        let commits = repo.log(&pr.source_hash, Some(&pr.destination_hash));
        commits.iter().any(|commit| commit.hash == *hash) || pr.merge_commit.as_ref() == Some(hash)
    };
    here.page(repo.pull_requests.iter().filter(has).map(|pr| full(here.world, repo, pr)).collect())
}

fn already_open(here: &Here<'_>, repo: RepoId, wish: &NewPullRequest) -> Option<Value> {
    let repo = here.world.repo(repo).ok()?;
    let same = repo
        .pull_requests
        .iter()
        .find(|pr| pr.state == State::Open && pr.source == wish.source && pr.destination == wish.destination);
    same.map(|pr| full(here.world, repo, pr))
}

fn branch(here: &Here<'_>, repo: RepoId, body: &Value, end: &str) -> Result<String, Answer> {
    let id = body[end]["id"].as_str();
    let id = id.ok_or_else(|| bad_field(end, "A ref is required.").complaining(format!("no {end}.id")))?;
    let elsewhere = body[end]["repository"]["slug"].as_str();
    let repo = here.world.repo(repo)?;
    if elsewhere.is_some_and(|slug| !slug.eq_ignore_ascii_case(&repo.slug)) {
        return Err(bad_field(end, "The sandbox has no forks.").complaining("a pull request from elsewhere"));
    }
    Ok(id.strip_prefix("refs/heads/").unwrap_or(id).to_owned())
}

fn reviewers(here: &Here<'_>, body: &Value) -> Result<Vec<String>, Answer> {
    let listed = body["reviewers"].as_array().map(Vec::as_slice).unwrap_or_default();
    let names = listed.iter().map(|one| {
        let name = text_at(one, "/user/name");
        let name = name.ok_or_else(|| bad_body("a reviewer without user.name"))?;
        match here.world.person(name) {
            Ok(person) => Ok(person.nickname.clone()),
            Err(_) => Err(Refusal::ReviewerMayNotRead(name.to_owned()).into()),
        }
    });
    names.collect()
}

/// Refuses a change to a version that is no longer the newest.
pub(super) fn current(here: &Here<'_>, (repo, number): (RepoId, u64), version: u64) -> Result<(), Answer> {
    let pr = here.world.repo(repo)?.pull_request(number)?;
    let now = pr.version;
    if now == version {
        return Ok(());
    }
    let more = json!({
        "currentVersion": now,
        "expectedVersion": version,
        "pullRequest": shown(here, (repo, number))?,
    });
    let text = "You are attempting to modify a pull request based on out-of-date information.";
    Err(with_more(409, "pull.PullRequestOutOfDateException", text, more))
}

fn state_name(state: State) -> &'static str {
    match state {
        State::Open => "OPEN",
        State::Merged => "MERGED",
        State::Declined => "DECLINED",
    }
}

/// A pull request with everything.
pub(super) fn full(world: &World, repo: &Repository, pr: &PullRequest) -> Value {
    let reviewers = pr.reviewers.iter().map(|one| participant(world, pr, one));
    let others = pr.participants.iter().map(|one| one.nickname.as_str());
    let others = others.filter(|one| !pr.reviewers.iter().any(|reviewer| reviewer == one));
    let page = format!("{}/projects/{}/repos/{}", world.dc_url, repo.space, repo.slug);
    let mut properties = json!({
        "openTaskCount": pr.open_tasks(),
        "resolvedTaskCount": pr.said().filter(|one| one.task && one.resolved).count(),
        "commentCount": pr.said().count(),
    });
    let mut value = json!({
        "id": pr.number,
        "version": pr.version,
        "title": pr.title,
        "description": pr.description,
        "state": state_name(pr.state),
        "open": pr.state == State::Open,
        "closed": pr.state != State::Open,
        "draft": pr.draft,
        "createdDate": pr.created,
        "updatedDate": pr.updated,
        "fromRef": end(world, repo, (&pr.source, &pr.source_hash)),
        "toRef": end(world, repo, (&pr.destination, &pr.destination_hash)),
        "locked": false,
        "author": author(world, pr),
        "reviewers": reviewers.collect::<Vec<_>>(),
        "participants": others.map(|one| participant(world, pr, one)).collect::<Vec<_>>(),
        "links": {"self": [{"href": format!("{page}/pull-requests/{}", pr.number)}]},
    });
    if pr.description.is_empty()
        && let Some(fields) = value.as_object_mut()
    {
        fields.remove("description");
    }
    if pr.origin == Origin::LostFork
        && let Some(from) = value["fromRef"].as_object_mut()
    {
        from.remove("repository");
    }
    if pr.state != State::Open {
        value["closedDate"] = pr.updated.into();
    }
    if let Some(hash) = &pr.merge_commit {
        properties["mergeCommit"] = minimal(hash);
    }
    value["properties"] = properties;
    value
}

/// A pull request as webhooks carry it: without the counts that only lists show.
pub(super) fn in_webhook(world: &World, repo: &Repository, pr: &PullRequest) -> Value {
    let mut value = full(world, repo, pr);
    if let Some(fields) = value.as_object_mut() {
        fields.remove("properties");
    }
    if let Some(hash) = &pr.merge_commit {
        value["properties"] = json!({"mergeCommit": minimal(hash)});
    }
    value
}

fn author(world: &World, pr: &PullRequest) -> Value {
    let mut value = participant(world, pr, &pr.author);
    value["role"] = "AUTHOR".into();
    value
}

fn end(world: &World, repo: &Repository, (branch, hash): (&str, &str)) -> Value {
    let mut value = named(branch);
    value["latestCommit"] = hash.into();
    value["repository"] = super::repositories::full(world, repo);
    value
}
