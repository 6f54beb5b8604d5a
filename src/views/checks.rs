//! What build servers said, in a line each.

use crate::views::short::{clipped, counted};
use crate::words::build::{Build, BuildState};
use crate::words::message::{Line, Tone};

/// How a build stands, in a word.
pub fn word(state: BuildState) -> &'static str {
    match state {
        BuildState::Passed => "passed",
        BuildState::Failed => "failed",
        BuildState::Running => "running",
        BuildState::Stopped => "stopped",
        BuildState::Unknown => "unknown",
    }
}

/// One build: what it is called, how it stands, what it says, and when it last said something.
pub fn build(build: &Build) -> Line {
    let name = clipped(&build.name, 80);
    let line = match &build.url {
        Some(url) => Line::new().link(name, url),
        None => Line::new().text(name),
    };
    let line = line.text(format!(" · {}", word(build.state)));
    let said = clipped(build.description.trim(), 100);
    let line = if said.is_empty() || said == build.name { line } else { line.text(format!(" · {said}")) };
    if build.at > 0 { line.text(" · ").moment(build.at) } else { line }
}

/// `3 of 4 checks passed`.
pub fn tally(builds: &[Build]) -> String {
    let passed = builds.iter().filter(|build| build.state == BuildState::Passed).count();
    format!("{passed} of {} passed", counted(builds.len(), "check", "checks"))
}

/// What their colour says.
pub fn tone(builds: &[Build]) -> Tone {
    let any = |state| builds.iter().any(|build| build.state == state);
    if any(BuildState::Failed) {
        Tone::Bad
    } else if any(BuildState::Running) {
        Tone::Open
    } else if any(BuildState::Stopped) || any(BuildState::Unknown) {
        Tone::Warning
    } else {
        Tone::Good
    }
}
