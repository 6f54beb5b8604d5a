//! Pull requests on Bitbucket Data Center: found, opened, changed.

use futures_util::{StreamExt, TryStreamExt, future, stream};
use reqwest::Method;
use serde_json::{Value, json};

use crate::bitbucket::transport::{Failed, Pages, Request, listed};
use crate::bitbucket::{Each, Error, Result, doubt};
use crate::words::names::{PersonId, PrName, RepoName};
use crate::words::pull_request::{
    NewPullRequest, PullRequest, PullRequestChange, PullRequestFilter, ReviewQueue, State,
};

use super::refs::full;
use super::{DataCenter, LARGEST_PAGE, page, people, pr, repo, repositories, wire};

const LIST: &str = repo!("/pull-requests");
const DASHBOARD: &str = "/api/latest/dashboard/pull-requests";
/// How many are looked through for what Data Center cannot filter by.
const LOOK_THROUGH: usize = 2_000;

/// One pull request.
pub(super) async fn one(dc: &DataCenter, pr: &PrName) -> Result<PullRequest> {
    Ok(raw(dc, pr).await?.decode(&dc.home)?)
}

/// The same as Data Center writes it, with what it wants to be told again.
pub(super) async fn raw(dc: &DataCenter, pr: &PrName) -> Result<wire::PullRequest> {
    let request = dc.in_pr((Method::GET, "show the pull request"), pr!(""), pr, &[])?;
    Ok(dc.api.read(&request).await?)
}

/// Those that fit, the newest first.
pub(super) async fn list(
    dc: &DataCenter,
    repo: &RepoName,
    filter: &PullRequestFilter,
    limit: usize,
) -> Result<Vec<PullRequest>> {
    each(dc, repo, filter, limit).try_collect().await
}

/// Those that fit, one after the other. The people of a filter go by their logins.
pub(super) fn each<'a>(
    dc: &'a DataCenter,
    repo: &'a RepoName,
    filter: &'a PullRequestFilter,
    most: usize,
) -> Each<'a, PullRequest> {
    let start = async move {
        let request = first_page(dc, repo, filter, most).await?;
        let through = if looks_through(filter) { most.max(LOOK_THROUGH) } else { most };
        let found = Pages::<wire::PullRequest>::new(&dc.api, request, through).stream();
        let decoded = move |pr: wire::PullRequest| {
            let pr = pr.decode(&dc.home).ok();
            future::ready(Ok(pr.filter(|pr| fits(filter, pr))))
        };
        Ok::<_, Error>(found.map_err(Error::from).try_filter_map(decoded).take(most))
    };
    stream::once(start).try_flatten().boxed()
}

fn looks_through(filter: &PullRequestFilter) -> bool {
    filter.source.is_some() || filter.states.len() > 1
}

fn fits(filter: &PullRequestFilter, pr: &PullRequest) -> bool {
    filter.source.as_ref().is_none_or(|source| *source == pr.source)
        && (filter.states.is_empty() || filter.states.contains(&pr.state))
}

async fn first_page(
    dc: &DataCenter,
    repo: &RepoName,
    filter: &PullRequestFilter,
    most: usize,
) -> Result<Request> {
    let request = dc.in_repo((Method::GET, "list the pull requests"), LIST, repo, &[])?;
    let size = if looks_through(filter) { LARGEST_PAGE } else { most };
    let mut request =
        request.query("state", state(&filter.states)).query("order", "NEWEST").query("limit", &page(size));
    if let Some(target) = &filter.target {
        request = request.query("at", &full(target)).query("direction", "INCOMING");
    }
    if let Some(text) = &filter.text {
        request = request.query("filterText", text.trim());
    }
    let people = [("AUTHOR", &filter.author), ("REVIEWER", &filter.reviewer)];
    let people = people.into_iter().filter_map(|(role, who)| Some((role, who.as_ref()?)));
    for (at, (role, who)) in people.enumerate() {
        let (at, login) = (at + 1, login(dc, who).await?);
        request = request.query(&format!("username.{at}"), &login).query(&format!("role.{at}"), role);
    }
    Ok(request)
}

fn state(states: &[State]) -> &'static str {
    match states {
        [State::Open] => "OPEN",
        [State::Merged] => "MERGED",
        [State::Declined] => "DECLINED",
        _ => "ALL",
    }
}

/// Those I wrote.
pub(super) async fn mine(dc: &DataCenter, limit: usize) -> Result<Vec<PullRequest>> {
    let request = dc.api.get("list your pull requests", DASHBOARD, &[])?;
    let request = request.query("role", "AUTHOR").query("order", "NEWEST");
    on_dashboard(dc, request, limit).await
}

/// Those that wait for my review, wherever they are.
pub(super) async fn queue(dc: &DataCenter, _followed: &[RepoName], limit: usize) -> Result<ReviewQueue> {
    let request = dc.api.get("list what waits for you", DASHBOARD, &[])?;
    let request =
        request.query("role", "REVIEWER").query("participantStatus", "UNAPPROVED").query("order", "OLDEST");
    let waiting = on_dashboard(dc, request, limit).await?;
    Ok(ReviewQueue { waiting, unseen: Vec::new() })
}

async fn on_dashboard(dc: &DataCenter, request: Request, limit: usize) -> Result<Vec<PullRequest>> {
    let request = request.query("state", "OPEN").query("limit", &page(limit));
    let found: Vec<wire::PullRequest> = listed(&dc.api, request, limit).await?;
    Ok(found.into_iter().filter_map(|pr| pr.decode(&dc.home).ok()).collect())
}

/// Opens one.
pub(super) async fn open_new(dc: &DataCenter, new: &NewPullRequest) -> Result<PullRequest> {
    let target = match &new.target {
        Some(target) => target.clone(),
        None => repositories::main_branch(dc, &new.repo).await?.ok_or_else(no_main_branch)?,
    };
    let from = new.source_repo.as_ref().unwrap_or(&new.repo);
    let mut body = json!({
        "title": new.title,
        "description": new.description,
        "fromRef": end(from, &new.source),
        "toRef": end(&new.repo, &target),
        "reviewers": asked(reviewers(dc, new, &target).await?),
    });
    if new.draft {
        body["draft"] = json!(true);
    }
    let request = dc.in_repo((Method::POST, "open the pull request"), LIST, &new.repo, &[])?;
    let opened = dc.api.read(&request.json(body)).await;
    match opened.and_then(|opened| decode_done(dc, opened)) {
        Ok(opened) => Ok(opened),
        Err(failed) => doubt::look(failed, doubt::opened(dc, new)).await,
    }
}

fn end(repo: &RepoName, branch: &str) -> Value {
    json!({"id": full(branch), "repository": {"slug": repo.slug, "project": {"key": repo.owner}}})
}

fn asked(logins: Vec<String>) -> Vec<Value> {
    logins.into_iter().map(|login| json!({"user": {"name": login}})).collect()
}

fn no_main_branch() -> Error {
    Error::Refused("The repository has no main branch yet; name the branch to change.".into())
}

/// Who is asked, by their logins: the default ones for these two branches and those who were named, less the
/// author. Where nobody tells the default ones, it opens without them.
async fn reviewers(dc: &DataCenter, new: &NewPullRequest, target: &str) -> Result<Vec<String>> {
    let from = new.source_repo.as_ref().unwrap_or(&new.repo);
    let usual = repositories::reviewers(dc, (from, &new.source), (&new.repo, target)).await;
    let mut users = match usual {
        Err(Error::Forbidden(_) | Error::Refused(_) | Error::NotFound(_)) => Vec::new(),
        answer => answer?,
    };
    for who in &new.reviewers {
        users.push(people::user(dc, who).await?);
    }
    if users.is_empty() {
        return Ok(Vec::new());
    }
    let me = people::me(dc).await?;
    let others = users.into_iter().filter(|user| user.slug.as_deref() != Some(me.id.as_str()));
    let mut logins: Vec<String> = others.filter_map(|user| user.name.0).collect();
    logins.sort();
    logins.dedup();
    Ok(logins)
}

/// Changes what is said of one; who is not named again would no longer be asked.
pub(super) async fn update(dc: &DataCenter, pr: &PrName, change: &PullRequestChange) -> Result<PullRequest> {
    let now = raw(dc, pr).await?;
    let logins = now.logins();
    let now = now.decode(&dc.home)?;
    let mut body = json!({
        "version": now.version,
        "title": change.title.as_ref().unwrap_or(&now.title),
        "description": change.description.as_ref().unwrap_or(&now.description),
        "reviewers": asked(logins),
    });
    if let Some(target) = &change.target {
        body["toRef"] = end(&pr.repo, target);
    }
    if let Some(draft) = change.draft {
        body["draft"] = json!(draft);
    }
    let request = dc.in_pr((Method::PUT, "change the pull request"), pr!(""), pr, &[])?.json(body);
    let changed = dc.api.read(&request).await;
    match changed.and_then(|changed| decode_done(dc, changed)) {
        Ok(changed) => Ok(changed),
        Err(failed) => doubt::look(failed, said(dc, pr, change)).await,
    }
}

/// The pull request, if it stands as was wanted.
async fn said(dc: &DataCenter, pr: &PrName, change: &PullRequestChange) -> Result<Option<PullRequest>> {
    let now = one(dc, pr).await?;
    let stands = change.title.as_ref().is_none_or(|title| *title == now.title)
        && change.description.as_ref().is_none_or(|text| *text == now.description)
        && change.target.as_ref().is_none_or(|target| *target == now.target)
        && change.draft.is_none_or(|draft| draft == now.draft);
    Ok(Some(now).filter(|_| stands))
}

/// Somebody's login, which bodies want where addresses want the slug.
pub(super) async fn login(dc: &DataCenter, who: &PersonId) -> Result<String> {
    Ok(people::user(dc, who).await?.name.0.unwrap_or_else(|| who.0.clone()))
}

/// Reads what a deed brought forth; what does not read was done all the same.
pub(super) fn decode_done(
    dc: &DataCenter,
    found: wire::PullRequest,
) -> std::result::Result<PullRequest, Failed> {
    let decoded = found.decode(&dc.home);
    decoded.map_err(|lacks| Failed::Other(Error::InDoubt(Error::from(lacks).to_string().into())))
}
