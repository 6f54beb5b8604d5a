//! What is counted of a pull request, in one line: checks, comments, tasks, size, and the issues it is for.

use crate::views::short::counted;
use crate::words::build::BuildState;
use crate::words::filter;
use crate::words::measure::{Extent, Measure};
use crate::words::message::{Line, Span};
use crate::words::pull_request::PullRequest;

/// So many issues are named.
const ISSUES: usize = 5;

/// Everything there is to count.
pub struct Numbers<'a> {
    /// The pull request.
    pub pr: &'a PullRequest,
    /// What was looked up of it.
    pub measure: &'a Measure,
    /// How its newest commit was built.
    pub checks: &'a [BuildState],
    /// Where the workspace's Jira is, if it has said so.
    pub jira: Option<&'a str>,
}

/// `3 of 4 checks passed, 1 failed · 2 comments · 1 open task · 3 files, +10 −2`; none where nothing is known.
pub fn line(numbers: &Numbers<'_>) -> Option<Line> {
    let Numbers { pr, measure, .. } = numbers;
    let count = |count: Option<u64>, one: &str, many: &str| {
        let count = count.filter(|count| *count > 0).and_then(|count| usize::try_from(count).ok());
        count.map(|count| counted(count, one, many))
    };
    let said = [
        checks(numbers.checks),
        count(pr.comments.or(measure.comments), "comment", "comments"),
        count(pr.open_tasks.or(measure.tasks), "open task", "open tasks"),
        measure.size.and_then(size),
    ];
    let said = said.into_iter().flatten().collect::<Vec<_>>().join(" · ");
    let issues = numbers.jira.map(|jira| issues(pr, jira)).unwrap_or_default();
    if said.is_empty() && issues.is_empty() {
        return None;
    }
    let mut line = Line::new().text(said);
    for (key, url) in issues {
        if !matches!(line.0.as_slice(), [Span::Text(text)] if text.is_empty()) {
            line = line.text(" · ");
        }
        line = line.link(key, url);
    }
    Some(line)
}

fn checks(builds: &[BuildState]) -> Option<String> {
    let of = |state| builds.iter().filter(|build| **build == state).count();
    let (passed, failed) = (of(BuildState::Passed), of(BuildState::Failed));
    let failed = if failed > 0 { format!(", {failed} failed") } else { String::new() };
    let all = counted(builds.len(), "check", "checks");
    (!builds.is_empty()).then(|| format!("{passed} of {all} passed{failed}"))
}

fn size(extent: Extent) -> Option<String> {
    let files = usize::try_from(extent.files).ok().filter(|files| *files > 0)?;
    let files = counted(files, "file", "files");
    let files = if extent.more { format!("more than {files}") } else { files };
    Some(match (extent.added, extent.removed) {
        (Some(added), Some(removed)) if !extent.more && added + removed > 0 => {
            format!("{files}, +{added} −{removed}")
        }
        _ => files,
    })
}

/// The issues that its title and its branch name, each with where it is.
fn issues(pr: &PullRequest, jira: &str) -> Vec<(String, String)> {
    let mut keys: Vec<&str> =
        [&pr.title, &pr.source].into_iter().flat_map(|text| filter::jira_keys(text)).collect();
    let mut seen = std::collections::BTreeSet::new();
    keys.retain(|key| seen.insert(*key));
    let address = |key: &str| format!("{}/browse/{key}", jira.trim_end_matches('/'));
    keys.into_iter().take(ISSUES).map(|key| (key.to_owned(), address(key))).collect()
}
