//! What branches are protected from: shown, set and lifted in plain words.

pub mod add;
pub mod list;
pub mod remove;

use crate::words::message::{Action, Line};
use crate::words::names::RepoName;
use crate::words::protection::Protection;

/// How many are looked through.
const MOST: usize = 500;

/// `**main** is not deleted, but for grace`
fn line(protection: &Protection) -> Line {
    let line = Line::new().bold(&protection.branches).text(format!(" {}", protection.guard.says()));
    let line = match protection.except.as_slice() {
        [] => line,
        except => line.text(format!(", but for {}", except.join(", "))),
    };
    if protection.by_project { line.text(" · by its project") } else { line }
}

/// What a button about these branches holds.
fn action(name: &str, repo: &RepoName, branches: &str) -> Action {
    Action::named(name).with("repo", repo.to_string()).with("branches", branches)
}
