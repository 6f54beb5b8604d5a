//! What the world refused, in Cloud's words.

use super::super::exchange::Answer;
use super::super::world::{Obstacle, Refusal, State};
use super::answers::{bad_field, not_found, problem};

/// The answer that a refusal becomes.
pub(super) fn worded(refusal: &Refusal) -> Answer {
    match refusal {
        Refusal::NoSuchPullRequest(_) => not_found(),
        Refusal::BadRefName(_) => bad_field("name", "Invalid branch name"),
        Refusal::AuthorAmongReviewers(name) => {
            bad_field("reviewers", &format!("{name} is the author and cannot be included as a reviewer."))
        }
        Refusal::ReviewerMayNotRead(name) => {
            bad_field("reviewers", &format!("{name} does not have access to this repository."))
        }
        Refusal::MayNotMerge(obstacles) => in_the_way(obstacles),
        other => match missing(other) {
            Some(text) => problem(404, &text),
            None => forbidden(other),
        },
    }
}

/// What is said of things that are not there.
fn missing(refusal: &Refusal) -> Option<String> {
    Some(match refusal {
        Refusal::NoSuchBranch(name) => format!("branch not found: {name}"),
        Refusal::NoSuchTag(name) => format!("tag not found: {name}"),
        Refusal::NoSuchFile(path) => format!("No such file or directory: {path}"),
        Refusal::NoSuchCommit(hash) => format!("Commit not found: {hash}"),
        Refusal::NoSuchComment(id) => id.to_string(),
        Refusal::NoSuchRepository(name) => format!("Repository {name} not found"),
        Refusal::NoSuchPerson(name) => format!("No user found with the id {name}"),
        Refusal::NotApproved(_) => "You haven't approved this pull request.".to_owned(),
        Refusal::ChangesNotRequested(_) => "You haven't requested changes on this pull request.".to_owned(),
        _ => return None,
    })
}

/// What is said of things that cannot be done as they stand.
fn forbidden(refusal: &Refusal) -> Answer {
    match refusal {
        Refusal::NotYours(_) => problem(403, "You do not own this comment."),
        Refusal::SettledAlready(..) => problem(409, "This comment has already been resolved."),
        Refusal::BranchExists(name) => problem(400, &format!("Branch \"{name}\" already exists.")),
        Refusal::TagExists(name) => problem(400, &format!("tag \"{name}\" already exists")),
        Refusal::MainBranch(_) => problem(400, "The main branch cannot be deleted."),
        Refusal::NotOpen(_, State::Merged) => problem(400, "This pull request has already been merged."),
        Refusal::NotOpen(..) => problem(400, "This pull request is already closed."),
        Refusal::OwnPullRequest(_) => problem(400, "You cannot review your own pull request."),
        Refusal::NothingToMerge(..) => problem(400, "There are no changes to be pulled"),
        Refusal::StrategyNotAllowed(_) => {
            problem(400, "The merge strategy is not allowed for the destination branch.")
        }
        Refusal::CannotFastForward => {
            problem(400, "The source branch is not up to date; it cannot be fast-forwarded.")
        }
        other => problem(400, &other.to_string()),
    }
}

fn in_the_way(obstacles: &[Obstacle]) -> Answer {
    let words: Vec<String> = obstacles.iter().map(in_words).collect();
    let status = if obstacles.contains(&Obstacle::Conflicts) { 409 } else { 400 };
    problem(status, &words.join(" "))
}

fn in_words(obstacle: &Obstacle) -> String {
    match obstacle {
        Obstacle::Conflicts => "You can't merge until you resolve all merge conflicts.".to_owned(),
        Obstacle::Draft => "You can't merge a draft pull request.".to_owned(),
        Obstacle::Approvals(1) => {
            "This pull request needs 1 more approval before it can be merged.".to_owned()
        }
        Obstacle::Approvals(n) => {
            format!("This pull request needs {n} more approvals before it can be merged.")
        }
        Obstacle::Tasks(1) => "This pull request has 1 unresolved task.".to_owned(),
        Obstacle::Tasks(n) => format!("This pull request has {n} unresolved tasks."),
    }
}
