//! What branches are protected from: shown, set and lifted in plain words.

pub mod add;
pub mod list;
pub mod remove;

use crate::bitbucket;
use crate::bot::Failure;
use crate::words::message::{Action, Line, Message};
use crate::words::names::RepoName;
use crate::words::protection::{Guard, Protection};

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

/// Adds what holds for these branches, or no longer does.
fn says(message: Message, branches: &str, guard: &Guard) -> Message {
    message.and(Line::new().text("• ").bold(branches).text(format!(" {}", guard.says())))
}

/// Why it went no further, and what was done before that: `Set`, or `Lifted`.
fn halfway(error: bitbucket::Error, (verb, branches): (&str, &str), done: &[&Guard]) -> Failure {
    match error.into() {
        Failure::Told(said) if !done.is_empty() => {
            let done: Vec<String> = done.iter().map(|guard| guard.says()).collect();
            Failure::Told(Box::new(said.and(format!("{verb} before that: {branches} {}.", done.join(", ")))))
        }
        failure => failure,
    }
}

/// What a button about these branches holds.
fn action(name: &str, repo: &RepoName, branches: &str) -> Action {
    Action::named(name).with("repo", repo.to_string()).with("branches", branches)
}
