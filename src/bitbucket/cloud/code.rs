//! What changed, and what stands in a file, on Bitbucket Cloud.

use reqwest::Method;
use serde::Deserialize;

use crate::bitbucket::lenient::{Listed, Maybe};
use crate::bitbucket::transport::{Failed, Pages, Request};
use crate::bitbucket::{Error, Result, text};
use crate::words::code::{Change, Changes, Diff, FileChange, FileText, Lines, Range};
use crate::words::names::{PrName, RepoName};

use super::{Cloud, page, pr, refs, repo, repositories};

const LARGEST_PAGE: usize = 500;
const FILE: &str = repo!("/src/{commit}/{path*}");

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Located {
    path: Maybe<String>,
}

/// One file of a diffstat.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Stat {
    status: Maybe<String>,
    lines_added: Maybe<u64>,
    lines_removed: Maybe<u64>,
    old: Maybe<Located>,
    new: Maybe<Located>,
}

impl Stat {
    /// Cloud has words of its own for what cannot be merged: `merge conflict`, `remote deleted` …
    pub(super) fn conflicts(&self) -> bool {
        self.status.as_deref().is_some_and(|status| status.contains("conflict"))
    }

    fn decode(self) -> Option<FileChange> {
        let old = self.old.0.and_then(|old| old.path.0);
        let new = self.new.0.and_then(|new| new.path.0);
        let change = match (self.status.as_deref(), &old, &new) {
            (Some("added"), ..) | (_, None, Some(_)) => Change::Added,
            (Some("removed"), ..) | (_, Some(_), None) => Change::Removed,
            (Some("renamed"), ..) => Change::Renamed,
            _ => Change::Modified,
        };
        let from = old.clone().filter(|_| change == Change::Renamed);
        let path = new.or(old)?;
        Some(FileChange { path, from, change, added: self.lines_added.0, removed: self.lines_removed.0 })
    }
}

/// Cloud names the end that brings something first, the other way round than `git diff` does.
async fn spec(cloud: &Cloud, repo: &RepoName, range: &Range) -> Result<String> {
    let head = refs::resolved(cloud, repo, &range.head).await?;
    let base = refs::resolved(cloud, repo, &range.base).await?;
    Ok(format!("{head}..{base}"))
}

/// The files that changed between two ends.
pub(super) async fn changes(cloud: &Cloud, repo: &RepoName, range: &Range, limit: usize) -> Result<Changes> {
    let spec = spec(cloud, repo, range).await?;
    let ask = (Method::GET, "list the changed files");
    let request = cloud.in_repo(ask, repo!("/diffstat/{spec}"), repo, &[&spec])?;
    stats(cloud, request.query("topic", "true"), limit).await
}

/// The files a pull request changes.
pub(super) async fn changes_of(cloud: &Cloud, pr: &PrName, limit: usize) -> Result<Changes> {
    let request = cloud.in_pr((Method::GET, "list the changed files"), pr!("/diffstat"), pr, &[])?;
    stats(cloud, request, limit).await
}

async fn stats(cloud: &Cloud, request: Request, limit: usize) -> Result<Changes> {
    let request = request.query("pagelen", &page(limit, LARGEST_PAGE));
    let (found, more) = Pages::<Stat>::new(&cloud.api, request, limit).all_and_more().await?;
    Ok(Changes { files: found.into_iter().filter_map(Stat::decode).collect(), more })
}

/// How many files of a pull request cannot be merged by themselves.
pub(super) async fn conflicts_of(cloud: &Cloud, pr: &PrName) -> Result<usize> {
    let request = cloud.in_pr((Method::GET, "list the changed files"), pr!("/diffstat"), pr, &[])?;
    let request = request.query("pagelen", &LARGEST_PAGE.to_string());
    let found = Pages::<Stat>::new(&cloud.api, request, LARGEST_PAGE).all().await?;
    Ok(found.iter().filter(|stat| stat.conflicts()).count())
}

/// The difference between two ends.
pub(super) async fn diff(cloud: &Cloud, repo: &RepoName, range: &Range, path: Option<&str>) -> Result<Diff> {
    let spec = spec(cloud, repo, range).await?;
    let request =
        cloud.in_repo((Method::GET, "show the difference"), repo!("/diff/{spec}"), repo, &[&spec])?;
    let mut request = request.query("topic", "true");
    if let Some(path) = path {
        request = request.query("path", path);
    }
    text::diff(&cloud.api, request).await
}

/// The difference a pull request makes.
pub(super) async fn diff_of(cloud: &Cloud, pr: &PrName) -> Result<Diff> {
    let request = cloud.in_pr((Method::GET, "show the difference"), pr!("/diff"), pr, &[])?;
    text::diff(&cloud.api, request).await
}

/// The difference a commit makes.
pub(super) async fn diff_of_commit(cloud: &Cloud, repo: &RepoName, hash: &str) -> Result<Diff> {
    let ask = (Method::GET, "show the difference");
    text::diff(&cloud.api, cloud.in_repo(ask, repo!("/diff/{spec}"), repo, &[hash])?).await
}

/// What Cloud says of a file before one asks for it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Meta {
    #[serde(rename = "type")]
    kind: Maybe<String>,
    size: Maybe<u64>,
    attributes: Listed<String>,
}

impl Meta {
    fn objection(&self, path: &str) -> Option<Error> {
        let has = |attribute: &str| self.attributes.0.iter().any(|known| known == attribute);
        match self.kind.as_deref() {
            Some("commit_directory") => Some(text::is_folder(path)),
            _ if has("lfs") => Some(text::is_lfs(path)),
            _ if has("subrepository") => Some(text::is_submodule(path)),
            _ if has("binary") => Some(text::is_binary(path)),
            _ if self.size.is_some_and(|size| size > text::LARGEST_FILE) => Some(text::is_huge(path)),
            _ => None,
        }
    }
}

/// Lines of a file.
pub(super) async fn file(
    cloud: &Cloud,
    repo: &RepoName,
    (path, at): (&str, Option<&str>),
    lines: Lines,
) -> Result<FileText> {
    let at = match at {
        Some(at) => at.to_owned(),
        None => repositories::one(cloud, repo).await?.main_branch.ok_or_else(text::no_main_branch)?,
    };
    let commit = refs::resolved(cloud, repo, &at).await?;
    let missing = |failed: Failed| text::missing(failed, path, &at);
    let names = [commit.as_str(), path];
    let meta = cloud.in_repo((Method::GET, "show the file"), FILE, repo, &names)?;
    let meta: Meta = cloud.api.read(&meta.query("format", "meta")).await.map_err(missing)?;
    if let Some(objection) = meta.objection(path) {
        return Err(objection);
    }
    let request = cloud.in_repo((Method::GET, "show the file"), FILE, repo, &names)?;
    let answer = cloud.api.send(&request.at_most(text::MOST_BYTES)).await.map_err(missing)?;
    let mut page = vec![repo.owner.as_str(), &repo.slug, "src", &commit];
    page.extend(path.split('/'));
    text::piece(path, &answer.body, lines, cloud.home.page(&page))
}
