//! Pull requests on Bitbucket Cloud: found, opened, changed.

use std::cmp::Reverse;

use futures_util::{StreamExt, TryStreamExt, future, stream};
use reqwest::Method;
use serde_json::{Value, json};

use crate::bitbucket::transport::{Failed, Pages, Request, listed};
use crate::bitbucket::{Each, Error, Result, doubt};
use crate::words::names::{PersonId, PrName, RepoName};
use crate::words::pull_request::{
    NewPullRequest, PullRequest, PullRequestChange, PullRequestFilter, ReviewQueue, State,
};

use super::{Cloud, page, people, pr, quoted, repo, repositories, wire};

const LIST: &str = repo!("/pullrequests");
const MINE: &str = "/workspaces/{workspace}/pullrequests/{selected_user}";

/// Cloud lists no more of them at once.
const LARGEST_PAGE: usize = 50;
/// The list leaves these out unless asked.
const FIELDS: &str = "+values.reviewers,+values.participants";
/// Each repository is a question of its own.
const MOST_REPOSITORIES: usize = 20;
const MOST_WORKSPACES: usize = 20;
const AT_ONCE: usize = 4;

/// One pull request.
pub(super) async fn one(cloud: &Cloud, pr: &PrName) -> Result<PullRequest> {
    let request = cloud.in_pr((Method::GET, "show the pull request"), pr!(""), pr, &[])?;
    let found: wire::PullRequest = cloud.api.read(&request).await?;
    Ok(found.decode(&cloud.home, Some(&pr.repo))?)
}

/// Those that fit, the newest first.
pub(super) async fn list(
    cloud: &Cloud,
    repo: &RepoName,
    filter: &PullRequestFilter,
    limit: usize,
) -> Result<Vec<PullRequest>> {
    each(cloud, repo, filter, limit).try_collect().await
}

/// Those that fit, one after the other.
pub(super) fn each<'a>(
    cloud: &'a Cloud,
    repo: &'a RepoName,
    filter: &'a PullRequestFilter,
    most: usize,
) -> Each<'a, PullRequest> {
    match first_page(cloud, repo, filter, most) {
        Ok(request) => pages(cloud, repo, request, most),
        Err(error) => stream::once(future::ready(Err(error))).boxed(),
    }
}

fn pages<'a>(cloud: &'a Cloud, repo: &'a RepoName, request: Request, most: usize) -> Each<'a, PullRequest> {
    let found = Pages::<wire::PullRequest>::new(&cloud.api, request, most).stream().map_err(Error::from);
    let decoded = move |pr: wire::PullRequest| future::ready(Ok(pr.decode(&cloud.home, Some(repo)).ok()));
    found.try_filter_map(decoded).boxed()
}

/// The states go as parameters, or into the filter with everything else: Cloud takes no halves of each.
fn first_page(cloud: &Cloud, repo: &RepoName, filter: &PullRequestFilter, most: usize) -> Result<Request> {
    let mut request = cloud.in_repo((Method::GET, "list the pull requests"), LIST, repo, &[])?;
    let clauses = clauses(filter);
    let states = if filter.states.is_empty() { &STATES } else { filter.states.as_slice() };
    if clauses.is_empty() {
        for state in states {
            request = request.query("state", word(*state));
        }
    } else {
        let states: Vec<String> =
            states.iter().map(|state| format!("state = \"{}\"", word(*state))).collect();
        let all = format!("({}) AND {}", states.join(" OR "), clauses.join(" AND "));
        request = request.query("q", &all);
    }
    let request = request.query("sort", "-created_on").query("pagelen", &page(most, LARGEST_PAGE));
    Ok(request.query("fields", FIELDS))
}

const STATES: [State; 4] = [State::Open, State::Merged, State::Declined, State::Superseded];

fn word(state: State) -> &'static str {
    match state {
        State::Open => "OPEN",
        State::Merged => "MERGED",
        State::Declined => "DECLINED",
        // Nothing is deleted on Cloud; what is gone otherwise was superseded.
        State::Superseded | State::Deleted => "SUPERSEDED",
    }
}

fn clauses(filter: &PullRequestFilter) -> Vec<String> {
    let author = filter.author.as_ref().map(|id| format!("author.uuid = {}", quoted(id.as_str())));
    let reviewer = filter.reviewer.as_ref().map(|id| format!("reviewers.uuid = {}", quoted(id.as_str())));
    let target = filter.target.as_ref().map(|name| format!("destination.branch.name = {}", quoted(name)));
    let source = filter.source.as_ref().map(|name| format!("source.branch.name = {}", quoted(name)));
    let text = filter.text.as_ref().map(|text| format!("title ~ {}", quoted(text)));
    [author, reviewer, target, source, text].into_iter().flatten().collect()
}

/// Those I wrote, in all my workspaces.
pub(super) async fn mine(cloud: &Cloud, limit: usize) -> Result<Vec<PullRequest>> {
    let me = people::me(cloud).await?;
    let workspaces = repositories::workspaces(cloud).await?;
    let lists = workspaces.into_iter().take(MOST_WORKSPACES).map(|workspace| {
        let me = &me;
        async move { mine_in(cloud, &workspace, &me.id, limit).await }
    });
    let lists: Vec<Vec<PullRequest>> = stream::iter(lists).buffered(AT_ONCE).try_collect().await?;
    let mut found: Vec<PullRequest> = lists.into_iter().flatten().collect();
    found.sort_by_key(|pr| Reverse(pr.created_at));
    found.truncate(limit);
    Ok(found)
}

async fn mine_in(cloud: &Cloud, workspace: &str, me: &PersonId, limit: usize) -> Result<Vec<PullRequest>> {
    let request = cloud.api.get("list your pull requests", MINE, &[workspace, me.as_str()])?;
    let request = request.query("state", "OPEN").query("pagelen", &page(limit, LARGEST_PAGE));
    let request = request.query("fields", FIELDS);
    let found: Vec<wire::PullRequest> = listed(&cloud.api, request, limit).await?;
    Ok(found.into_iter().filter_map(|pr| pr.decode(&cloud.home, None).ok()).collect())
}

/// Those that wait for my review. Cloud can only be asked one repository at a time.
pub(super) async fn queue(cloud: &Cloud, followed: &[RepoName], limit: usize) -> Result<ReviewQueue> {
    let me = people::me(cloud).await?;
    let (looked_at, beyond) = followed.split_at(followed.len().min(MOST_REPOSITORIES));
    let lists = looked_at.iter().cloned().map(|repo| {
        let me = &me;
        async move {
            let found = waiting_in(cloud, &repo, &me.id, limit.max(LARGEST_PAGE)).await;
            (repo, found)
        }
    });
    let lists: Vec<_> = stream::iter(lists).buffered(AT_ONCE).collect().await;
    let mut queue = ReviewQueue { waiting: Vec::new(), unseen: beyond.to_vec() };
    for (repo, list) in lists {
        match list {
            Ok(found) => queue.waiting.extend(found),
            Err(Error::NotFound(_) | Error::Forbidden(_)) => queue.unseen.push(repo),
            Err(error) => return Err(error),
        }
    }
    queue.waiting.retain(|pr| pr.waits_for(&me.id));
    queue.waiting.sort_by_key(|pr| pr.created_at);
    queue.waiting.truncate(limit);
    Ok(queue)
}

async fn waiting_in(cloud: &Cloud, repo: &RepoName, me: &PersonId, limit: usize) -> Result<Vec<PullRequest>> {
    let request = cloud.in_repo((Method::GET, "list what waits for you"), LIST, repo, &[])?;
    let request = request
        .query("q", &format!("state = \"OPEN\" AND reviewers.uuid = {}", quoted(me.as_str())))
        .query("sort", "created_on")
        .query("pagelen", &page(limit, LARGEST_PAGE))
        .query("fields", FIELDS);
    pages(cloud, repo, request, limit).try_collect().await
}

/// Opens one.
pub(super) async fn open_new(cloud: &Cloud, new: &NewPullRequest) -> Result<PullRequest> {
    let request = cloud.in_repo((Method::POST, "open the pull request"), LIST, &new.repo, &[])?;
    let request = request.json(body(new, &reviewers(cloud, new).await?));
    let opened = cloud.api.read(&request).await;
    match opened.and_then(|opened: wire::PullRequest| decode_done(cloud, opened, &new.repo)) {
        Ok(opened) => Ok(opened),
        Err(failed) => doubt::look(failed, doubt::opened(cloud, new)).await,
    }
}

fn body(new: &NewPullRequest, reviewers: &[String]) -> Value {
    let mut body = json!({
        "title": new.title,
        "description": new.description,
        "source": {"branch": {"name": new.source}},
        "reviewers": asked(reviewers),
    });
    if let Some(from) = &new.source_repo {
        body["source"]["repository"] = json!({"full_name": from.short()});
    }
    if let Some(target) = &new.target {
        body["destination"] = json!({"branch": {"name": target}});
    }
    for (field, said) in [("draft", new.draft), ("close_source_branch", new.close_source)] {
        if said {
            body[field] = json!(true);
        }
    }
    body
}

fn asked(reviewers: &[String]) -> Vec<Value> {
    reviewers.iter().map(|uuid| json!({"uuid": uuid})).collect()
}

/// Who is asked by default, less the author, whom Cloud would refuse. Who may not see them opens without.
async fn reviewers(cloud: &Cloud, new: &NewPullRequest) -> Result<Vec<String>> {
    let usual = match repositories::default_reviewers(cloud, &new.repo, "", "").await {
        Err(Error::Forbidden(_) | Error::NotFound(_)) => Vec::new(),
        answer => answer?,
    };
    let usual = usual.into_iter().map(|person| person.id);
    let mut ids: Vec<String> = usual.chain(new.reviewers.iter().cloned()).map(|id| id.0).collect();
    if ids.is_empty() {
        return Ok(ids);
    }
    ids.sort();
    ids.dedup();
    match people::me(cloud).await {
        Ok(me) => ids.retain(|id| id != me.id.as_str()),
        // An access token is nobody, and so no reviewer either.
        Err(Error::Forbidden(_)) => {}
        Err(error) => return Err(error),
    }
    Ok(ids)
}

/// Changes what is said of one; what is not named would be lost, so it is said again.
pub(super) async fn update(cloud: &Cloud, pr: &PrName, change: &PullRequestChange) -> Result<PullRequest> {
    let now = one(cloud, pr).await?;
    let reviewers: Vec<String> = asked_in(&now).map(|id| id.0.clone()).collect();
    put(cloud, pr, &said(&now, change, &reviewers)).await
}

fn said(now: &PullRequest, change: &PullRequestChange, reviewers: &[String]) -> Value {
    let mut body = json!({
        "title": change.title.as_ref().unwrap_or(&now.title),
        "description": change.description.as_ref().unwrap_or(&now.description),
        "reviewers": asked(reviewers),
    });
    if let Some(target) = &change.target {
        body["destination"] = json!({"branch": {"name": target}});
    }
    if let Some(draft) = change.draft {
        body["draft"] = json!(draft);
    }
    body
}

fn asked_in(pr: &PullRequest) -> impl Iterator<Item = &PersonId> {
    pr.reviews.iter().filter(|review| review.asked).map(|review| &review.person.id)
}

/// Asks these people, and nobody else.
pub(super) async fn ask_only(cloud: &Cloud, now: &PullRequest, reviewers: &[String]) -> Result<PullRequest> {
    put(cloud, &now.name, &said(now, &PullRequestChange::default(), reviewers)).await
}

/// Saying the same twice is as good as once.
async fn put(cloud: &Cloud, pr: &PrName, body: &Value) -> Result<PullRequest> {
    let request = cloud.in_pr((Method::PUT, "change the pull request"), pr!(""), pr, &[])?;
    let request = request.json(body.clone()).repeatable();
    let changed: wire::PullRequest = cloud.api.read(&request).await.map_err(Failed::in_its_words)?;
    Ok(changed.decode(&cloud.home, Some(&pr.repo))?)
}

/// Reads what a deed brought forth; what does not read was done all the same.
pub(super) fn decode_done(
    cloud: &Cloud,
    found: wire::PullRequest,
    repo: &RepoName,
) -> std::result::Result<PullRequest, Failed> {
    let decoded = found.decode(&cloud.home, Some(repo));
    decoded.map_err(|lacks| Failed::Other(Error::InDoubt(Error::from(lacks).to_string().into())))
}
