//! What can be seen to stand in the way of a merge, in sentences.

use crate::words::build::{Build, BuildState};
use crate::words::pull_request::{PullRequest, Verdict};

/// The names of the failed builds that are told.
const MOST_NAMES: usize = 3;

/// From what is known of a pull request and its builds.
pub(super) fn of(pr: &PullRequest, builds: &[Build]) -> Vec<String> {
    let mut reasons = Vec::new();
    if pr.draft {
        reasons.push("It is still a draft.".to_owned());
    }
    match pr.open_tasks {
        None | Some(0) => {}
        Some(1) => reasons.push("One task is open.".to_owned()),
        Some(tasks) => reasons.push(format!("{tasks} tasks are open.")),
    }
    for review in pr.reviews.iter().filter(|review| review.verdict == Verdict::NeedsWork) {
        reasons.push(format!("{} asks for changes.", review.person.name));
    }
    let failed = builds.iter().filter(|build| build.state == BuildState::Failed);
    let names: Vec<&str> = failed.map(|build| build.name.as_str()).collect();
    if !names.is_empty() {
        let told = names.iter().take(MOST_NAMES).copied().collect::<Vec<_>>().join(", ");
        let others = names.len().saturating_sub(MOST_NAMES);
        let others = if others == 0 { String::new() } else { format!(" and {others} more") };
        reasons.push(format!("Failed: {told}{others}."));
    }
    if builds.iter().any(|build| build.state == BuildState::Running) {
        reasons.push("A build is still running.".to_owned());
    }
    reasons
}
