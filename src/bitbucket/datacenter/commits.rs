//! Commits on Bitbucket Data Center.

use futures_util::{StreamExt, TryStreamExt, future, stream};
use reqwest::Method;
use serde::Deserialize;

use crate::bitbucket::lenient::Maybe;
use crate::bitbucket::transport::{Failed, Pages, Request, listed};
use crate::bitbucket::{Each, Error, Result};
use crate::words::code::{Comparison, Range};
use crate::words::commit::{Commit, CommitDetail, CommitFilter};
use crate::words::names::{PrName, RepoName};
use crate::words::pull_request::Mention;

use super::{DataCenter, LARGEST_PAGE, builds, code, page, pr, refs, repo, repositories, wire};

/// How many are looked through for those of one author, which Data Center cannot filter by.
const LOOK_THROUGH: usize = 2_000;
const MOST_BUILDS: usize = 100;

/// The newest that fit; Data Center itself takes the main branch, if there is any.
pub(super) async fn newest(
    dc: &DataCenter,
    repo: &RepoName,
    filter: &CommitFilter,
    limit: usize,
) -> Result<Vec<Commit>> {
    let as_branch = filter.of.as_deref().map(refs::qualified);
    let found = from(dc, repo, filter, (as_branch.clone(), limit)).try_collect().await;
    match found {
        // It is no branch: perhaps a tag.
        Err(Error::NotFound(_)) if as_branch != filter.of => {
            from(dc, repo, filter, (filter.of.clone(), limit)).try_collect().await
        }
        // Either there is no repository, which this finds out, or nothing was ever pushed to it.
        Err(Error::NotFound(_)) if *filter == CommitFilter::default() => {
            repositories::raw(dc, repo).await?;
            Ok(Vec::new())
        }
        found => found,
    }
}

/// Those that fit, one after the other: from one commit on, so that a push does not shift the pages.
pub(super) fn each<'a>(
    dc: &'a DataCenter,
    repo: &'a RepoName,
    filter: &'a CommitFilter,
    most: usize,
) -> Each<'a, Commit> {
    let start = async move {
        let until = match &filter.of {
            Some(of) => Some(refs::resolved(dc, repo, of).await?),
            None => None,
        };
        Ok::<_, Error>(from(dc, repo, filter, (until, most)))
    };
    stream::once(start).try_flatten().boxed()
}

fn from<'a>(
    dc: &'a DataCenter,
    repo: &'a RepoName,
    filter: &'a CommitFilter,
    (until, most): (Option<String>, usize),
) -> Each<'a, Commit> {
    let request = match first_page(dc, repo, filter, (until.as_ref(), most)) {
        Ok(request) => request,
        Err(error) => return stream::once(future::ready(Err(error))).boxed(),
    };
    let through = if filter.author.is_some() { most.max(LOOK_THROUGH) } else { most };
    let author = filter.author.as_ref().map(|author| author.trim().to_lowercase());
    let fits =
        move |commit: &wire::Commit| future::ready(author.as_ref().is_none_or(|author| commit.is_by(author)));
    let decoded = move |commit: wire::Commit| future::ready(Ok(commit.decode(&dc.home, repo).ok()));
    let found = Pages::new(&dc.api, request, through).stream().map_err(Error::from);
    found.try_filter(fits).try_filter_map(decoded).take(most).boxed()
}

fn first_page(
    dc: &DataCenter,
    repo: &RepoName,
    filter: &CommitFilter,
    (until, most): (Option<&String>, usize),
) -> Result<Request> {
    let size = if filter.author.is_some() { LARGEST_PAGE } else { most };
    let request = dc.in_repo((Method::GET, "list the commits"), repo!("/commits"), repo, &[])?;
    let mut request = request.query("limit", &page(size));
    let (since, path) = (filter.without.as_ref(), filter.path.as_ref());
    for (name, value) in [("until", until), ("since", since), ("path", path)] {
        if let Some(value) = value {
            request = request.query(name, value);
        }
    }
    Ok(request)
}

/// One commit, and what was built of it.
pub(super) async fn one(dc: &DataCenter, repo: &RepoName, at: &str) -> Result<CommitDetail> {
    let hash = refs::resolved(dc, repo, at).await?;
    let ask = (Method::GET, "show the commit");
    let request = dc.in_repo(ask, repo!("/commits/{commitId}"), repo, &[&hash])?;
    let found = async { Ok::<wire::Commit, Error>(dc.api.read(&request).await?) };
    let (found, builds) = future::try_join(found, builds::list(dc, repo, &hash, MOST_BUILDS)).await?;
    Ok(CommitDetail { commit: found.decode(&dc.home, repo)?, builds })
}

/// What one end brings that the other does not have.
pub(super) async fn compare(
    dc: &DataCenter,
    repo: &RepoName,
    range: &Range,
    limit: usize,
) -> Result<Comparison> {
    let ask = (Method::GET, "compare the commits");
    let request = dc.in_repo(ask, repo!("/compare/commits"), repo, &[])?;
    let request = request.query("from", &range.head).query("to", &range.base).query("limit", &page(limit));
    let commits = async {
        let pages = Pages::<wire::Commit>::new(&dc.api, request, limit);
        pages.all_and_more().await.map_err(Failed::into)
    };
    let ((found, more), changes) = future::try_join(commits, code::changes(dc, repo, range, limit)).await?;
    let commits = found.into_iter().filter_map(|commit| commit.decode(&dc.home, repo).ok()).collect();
    Ok(Comparison { commits, more, changes })
}

/// Those of a pull request.
pub(super) async fn of_pull_request(dc: &DataCenter, pr: &PrName, limit: usize) -> Result<Vec<Commit>> {
    let request = dc.in_pr((Method::GET, "list its commits"), pr!("/commits"), pr, &[])?;
    let found: Vec<wire::Commit> = listed(&dc.api, request.query("limit", &page(limit)), limit).await?;
    Ok(found.into_iter().filter_map(|commit| commit.decode(&dc.home, &pr.repo).ok()).collect())
}

/// A pull request as far as a commit speaks of it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Spoken {
    id: Maybe<u64>,
    title: Maybe<String>,
}

/// Those that a commit is part of.
pub(super) async fn pull_requests(
    dc: &DataCenter,
    repo: &RepoName,
    hash: &str,
    limit: usize,
) -> Result<Vec<Mention>> {
    let ask = (Method::GET, "list the commit's pull requests");
    let request = dc.in_repo(ask, repo!("/commits/{commitId}/pull-requests"), repo, &[hash])?;
    let found: Vec<Spoken> = listed(&dc.api, request.query("limit", &page(limit)), limit).await?;
    let mention = |pr: Spoken| {
        let (number, title) = (pr.id.0?, pr.title.0?);
        let url = wire::page(&dc.home, repo, &["pull-requests", &number.to_string()]);
        Some(Mention { name: PrName { repo: repo.clone(), number }, title, url })
    };
    Ok(found.into_iter().filter_map(mention).collect())
}
