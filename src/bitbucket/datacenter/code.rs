//! What changed, and what stands in a file, on Bitbucket Data Center.

use reqwest::Method;
use serde::Deserialize;
use serde_json::Value;

use crate::bitbucket::lenient::{Listed, Maybe};
use crate::bitbucket::transport::{Failed, Pages, Request};
use crate::bitbucket::{Error, Result, text};
use crate::words::code::{Change, Changes, Diff, FileChange, FileText, Lines, Range};
use crate::words::names::{PrName, RepoName};

use super::lines::{self, Path};
use super::{DataCenter, page, pr, repo, repositories, wire};

/// No more lines of a file at once.
const MOST_LINES: usize = 1_000;

/// One file that changed.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Changed {
    path: Maybe<Path>,
    src_path: Maybe<Path>,
    #[serde(rename = "type")]
    kind: Maybe<String>,
}

impl Changed {
    /// Data Center counts no lines here.
    fn decode(self) -> Option<FileChange> {
        let change = match self.kind.as_deref() {
            Some("ADD" | "COPY") => Change::Added,
            Some("DELETE") => Change::Removed,
            Some("MOVE") => Change::Renamed,
            _ => Change::Modified,
        };
        let from = self.src_path.0.and_then(Path::text).filter(|_| change == Change::Renamed);
        Some(FileChange { path: self.path.0?.text()?, from, change, added: None, removed: None })
    }
}

/// The files that changed between two ends.
pub(super) async fn changes(
    dc: &DataCenter,
    repo: &RepoName,
    range: &Range,
    limit: usize,
) -> Result<Changes> {
    let ask = (Method::GET, "list the changed files");
    let request = dc.in_repo(ask, repo!("/compare/changes"), repo, &[])?;
    files(dc, request.query("from", &range.head).query("to", &range.base), limit).await
}

/// The files a pull request changes.
pub(super) async fn changes_of(dc: &DataCenter, pr: &PrName, limit: usize) -> Result<Changes> {
    let request = dc.in_pr((Method::GET, "list the changed files"), pr!("/changes"), pr, &[])?;
    files(dc, request, limit).await
}

async fn files(dc: &DataCenter, request: Request, limit: usize) -> Result<Changes> {
    let request = request.query("limit", &page(limit));
    let (found, more) = Pages::<Changed>::new(&dc.api, request, limit).all_and_more().await?;
    Ok(Changes { files: found.into_iter().filter_map(Changed::decode).collect(), more })
}

/// The difference between two ends, drawn as text from what Data Center tells line by line.
pub(super) async fn diff(
    dc: &DataCenter,
    repo: &RepoName,
    range: &Range,
    path: Option<&str>,
) -> Result<Diff> {
    let ask = (Method::GET, "show the difference");
    let request = match path {
        Some(path) => dc.in_repo(ask, repo!("/compare/diff/{path*}"), repo, &[path])?,
        None => dc.in_repo(ask, repo!("/compare/diff"), repo, &[])?,
    };
    let request = request.query("from", &range.head).query("to", &range.base);
    let found: lines::Diff = dc.api.read(&request).await?;
    Ok(found.drawn())
}

/// The difference a pull request makes.
pub(super) async fn diff_of(dc: &DataCenter, pr: &PrName) -> Result<Diff> {
    let whole = format!("{}.diff", pr.number);
    let template = repo!("/pull-requests/{pullRequestId}.diff");
    let request = dc.in_repo((Method::GET, "show the difference"), template, &pr.repo, &[&whole])?;
    text::diff(&dc.api, request).await
}

/// The difference a commit makes.
pub(super) async fn diff_of_commit(dc: &DataCenter, repo: &RepoName, hash: &str) -> Result<Diff> {
    let ask = (Method::GET, "show the difference");
    let request = dc.in_repo(ask, repo!("/commits/{commitId}/diff"), repo, &[hash])?;
    let found: lines::Diff = dc.api.read(&request.query("withComments", "false")).await?;
    Ok(found.drawn())
}

/// A page of a file's lines, or of what is in a folder.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Browsed {
    lines: Listed<Line>,
    is_last_page: Maybe<bool>,
    binary: Maybe<bool>,
    children: Maybe<Value>,
    submodule: Maybe<Value>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Line {
    text: Maybe<String>,
}

impl Browsed {
    fn objection(&self, path: &str) -> Option<Error> {
        if self.children.is_some() {
            Some(text::is_folder(path))
        } else if self.submodule.is_some() {
            Some(text::is_submodule(path))
        } else if self.binary.unwrap_or_default() {
            Some(text::is_binary(path))
        } else {
            None
        }
    }
}

/// Lines of a file, no more of it than is wanted.
pub(super) async fn file(
    dc: &DataCenter,
    repo: &RepoName,
    (path, at): (&str, Option<&str>),
    wanted: Lines,
) -> Result<FileText> {
    let at = match at {
        Some(at) => at.to_owned(),
        None => main_branch(dc, repo).await?,
    };
    let first = wanted.first.max(1);
    let count = wanted.last.saturating_add(1).saturating_sub(first).clamp(1, MOST_LINES);
    let request = dc.in_repo((Method::GET, "show the file"), repo!("/browse/{path*}"), repo, &[path])?;
    let request = request
        .query("at", &at)
        .query("start", &(first - 1).to_string())
        .query("limit", &count.to_string())
        .at_most(text::MOST_BYTES);
    let missing = |failed: Failed| text::missing(failed, path, &at);
    let found: Browsed = dc.api.read(&request).await.map_err(missing)?;
    if let Some(objection) = found.objection(path) {
        return Err(objection);
    }
    let more = found.lines.0.len() > count || found.is_last_page.0 == Some(false);
    let lines: Vec<String> = found.lines.0.into_iter().filter_map(|line| line.text.0).take(count).collect();
    // A pointer is three lines long; from the middle of it, it looks like a text.
    let begins = match first {
        1 => lines.first().cloned(),
        _ if more || lines.len() > 2 => None,
        _ => first_line(dc, repo, path, &at).await?,
    };
    if text::points_elsewhere(begins.as_deref()) {
        return Err(text::is_lfs(path));
    }
    let url =
        wire::page(&dc.home, repo, &[&["browse"], path.split('/').collect::<Vec<_>>().as_slice()].concat());
    Ok(FileText { path: path.to_owned(), lines, first, more, url: format!("{url}?at={}", encoded(&at)) })
}

/// Where there is none, perhaps there is no repository either, which is another matter.
async fn main_branch(dc: &DataCenter, repo: &RepoName) -> Result<String> {
    if let Some(main) = repositories::main_branch(dc, repo).await? {
        return Ok(main);
    }
    repositories::raw(dc, repo).await?;
    Err(text::no_main_branch())
}

async fn first_line(dc: &DataCenter, repo: &RepoName, path: &str, at: &str) -> Result<Option<String>> {
    let request = dc.in_repo((Method::GET, "show the file"), repo!("/browse/{path*}"), repo, &[path])?;
    let request = request.query("at", at).query("start", "0").query("limit", "1");
    let found: Browsed = dc.api.read(&request.at_most(text::MOST_BYTES)).await?;
    Ok(found.lines.0.into_iter().next().and_then(|line| line.text.0))
}

fn encoded(at: &str) -> String {
    url::form_urlencoded::byte_serialize(at.as_bytes()).collect()
}
