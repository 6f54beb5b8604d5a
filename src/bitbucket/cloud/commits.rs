//! Commits on Bitbucket Cloud.

use futures_util::{StreamExt, TryStreamExt, future, stream};
use reqwest::Method;
use serde::Deserialize;

use crate::bitbucket::lenient::Maybe;
use crate::bitbucket::transport::{Pages, Request, listed};
use crate::bitbucket::{Each, Error, Result};
use crate::words::code::{Comparison, Range};
use crate::words::commit::{Commit, CommitDetail, CommitFilter};
use crate::words::names::{PrName, RepoName};
use crate::words::pull_request::Mention;

use super::{Cloud, LARGEST_PAGE, builds, code, page, pr, refs, repo, repositories, wire};

/// What is shown of a commit; the rest, its rendered message above all, is many times as long.
const FIELDS: &str = "next,values.hash,values.message,values.date,values.author.raw,\
     values.author.user.display_name,values.author.user.nickname,values.author.user.uuid";
/// How many are looked through for those of one author, which Cloud cannot filter by.
const LOOK_THROUGH: usize = 2_000;
const MOST_BUILDS: usize = 100;

/// The newest that fit.
pub(super) async fn newest(
    cloud: &Cloud,
    repo: &RepoName,
    filter: &CommitFilter,
    limit: usize,
) -> Result<Vec<Commit>> {
    each(cloud, repo, filter, limit).try_collect().await
}

/// Those that fit, one after the other.
pub(super) fn each<'a>(
    cloud: &'a Cloud,
    repo: &'a RepoName,
    filter: &'a CommitFilter,
    most: usize,
) -> Each<'a, Commit> {
    let start = async move {
        let Some(request) = first_page(cloud, repo, filter, most).await? else {
            return Ok::<_, Error>(stream::empty().boxed());
        };
        let through = if filter.author.is_some() { most.max(LOOK_THROUGH) } else { most };
        let author = filter.author.as_ref().map(|author| author.trim().to_lowercase());
        let fits = move |commit: &wire::Commit| {
            future::ready(author.as_ref().is_none_or(|author| commit.is_by(author)))
        };
        let found = Pages::new(&cloud.api, request, through).stream().map_err(Error::from);
        let decoded = move |commit: wire::Commit| future::ready(Ok(commit.decode(&cloud.home, repo).ok()));
        Ok(found.try_filter(fits).try_filter_map(decoded).take(most).boxed())
    };
    stream::once(start).try_flatten().boxed()
}

/// None when there is nothing to list. Without a branch Cloud would list those of all branches.
async fn first_page(
    cloud: &Cloud,
    repo: &RepoName,
    filter: &CommitFilter,
    most: usize,
) -> Result<Option<Request>> {
    let of = match &filter.of {
        Some(of) => Some(of.clone()),
        None => repositories::one(cloud, repo).await?.main_branch,
    };
    let Some(of) = of else {
        return Ok(None);
    };
    let size = if filter.author.is_some() { LARGEST_PAGE } else { most };
    let request = cloud.in_repo((Method::GET, "list the commits"), repo!("/commits"), repo, &[])?;
    let mut request = request.query("include", &of);
    for (name, value) in [("exclude", &filter.without), ("path", &filter.path)] {
        if let Some(value) = value {
            request = request.query(name, value);
        }
    }
    Ok(Some(request.query("pagelen", &page(size, LARGEST_PAGE)).query("fields", FIELDS)))
}

/// One commit, and what was built of it.
pub(super) async fn one(cloud: &Cloud, repo: &RepoName, at: &str) -> Result<CommitDetail> {
    let hash = refs::resolved(cloud, repo, at).await?;
    let request =
        cloud.in_repo((Method::GET, "show the commit"), repo!("/commit/{commit}"), repo, &[&hash])?;
    let found = async { Ok::<wire::Commit, Error>(cloud.api.read(&request).await?) };
    let (found, builds) = future::try_join(found, builds::list(cloud, repo, &hash, MOST_BUILDS)).await?;
    Ok(CommitDetail { commit: found.decode(&cloud.home, repo)?, builds })
}

/// What one end brings that the other does not have.
pub(super) async fn compare(
    cloud: &Cloud,
    repo: &RepoName,
    range: &Range,
    limit: usize,
) -> Result<Comparison> {
    let filter = CommitFilter {
        of: Some(range.head.clone()),
        without: Some(range.base.clone()),
        ..CommitFilter::default()
    };
    let commits = newest(cloud, repo, &filter, limit + 1);
    let (mut commits, changes) = future::try_join(commits, code::changes(cloud, repo, range, limit)).await?;
    let more = commits.len() > limit;
    commits.truncate(limit);
    Ok(Comparison { commits, more, changes })
}

/// Those of a pull request.
pub(super) async fn of_pull_request(cloud: &Cloud, pr: &PrName, limit: usize) -> Result<Vec<Commit>> {
    let request = cloud.in_pr((Method::GET, "list its commits"), pr!("/commits"), pr, &[])?;
    let request = request.query("pagelen", &page(limit, LARGEST_PAGE));
    let found: Vec<wire::Commit> = listed(&cloud.api, request, limit).await?;
    Ok(found.into_iter().filter_map(|commit| commit.decode(&cloud.home, &pr.repo).ok()).collect())
}

/// A pull request as far as a commit speaks of it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Spoken {
    id: Maybe<u64>,
    title: Maybe<String>,
}

/// Those that a commit is part of, which Cloud knows where its app for that is installed.
pub(super) async fn pull_requests(
    cloud: &Cloud,
    repo: &RepoName,
    hash: &str,
    limit: usize,
) -> Result<Vec<Mention>> {
    let ask = (Method::GET, "list the commit's pull requests");
    let request = cloud.in_repo(ask, repo!("/commit/{commit}/pullrequests"), repo, &[hash])?;
    let found: Vec<Spoken> =
        listed(&cloud.api, request.query("pagelen", &page(limit, LARGEST_PAGE)), limit).await?;
    let mention = |pr: Spoken| {
        let (number, title) = (pr.id.0?, pr.title.0?);
        let url = cloud.home.page(&[&repo.owner, &repo.slug, "pull-requests", &number.to_string()]);
        Some(Mention { name: PrName { repo: repo.clone(), number }, title, url })
    };
    Ok(found.into_iter().filter_map(mention).collect())
}
