//! What the world refused, in Data Center's words.

use serde_json::json;

use super::super::exchange::Answer;
use super::super::world::{Obstacle, Refusal};
use super::answers::{bad_field, no_such_user, not_permitted, problem, vetoes, with_more};

/// The answer that a refusal becomes.
pub(super) fn worded(refusal: &Refusal) -> Answer {
    match refusal {
        Refusal::NoSuchPerson(name) => no_such_user(name),
        Refusal::NotYours(_) => not_permitted(),
        Refusal::MainBranch(_) => bad_field("name", "The default branch cannot be deleted."),
        Refusal::BadRefName(name) => bad_field("name", &format!("\"{name}\" is not a valid ref name.")),
        Refusal::SettledAlready(..) => bad_field("state", &refusal.to_string()),
        Refusal::NotApproved(_) | Refusal::ChangesNotRequested(_) => {
            bad_field("status", &refusal.to_string())
        }
        Refusal::AuthorAmongReviewers(name) => {
            let why = format!("{name} is the author of the pull request and cannot be added as a reviewer.");
            bad_reviewer(name, &why)
        }
        Refusal::ReviewerMayNotRead(name) => {
            bad_reviewer(name, &format!("{name} does not have permission to view this repository."))
        }
        Refusal::MayNotMerge(obstacles) => vetoed(obstacles),
        other => {
            let (status, exception) = named(other);
            problem(status, exception, &said(other))
        }
    }
}

/// The status and the exception by which a refusal is known.
fn named(refusal: &Refusal) -> (u16, &'static str) {
    match refusal {
        Refusal::NoSuchRepository(_) => (404, "repository.NoSuchRepositoryException"),
        Refusal::NoSuchPullRequest(_) => (404, "pull.NoSuchPullRequestException"),
        Refusal::NoSuchBranch(_) => (404, "repository.NoSuchBranchException"),
        Refusal::NoSuchTag(_) => (404, "repository.NoSuchTagException"),
        Refusal::NoSuchCommit(_) => (404, "commit.NoSuchCommitException"),
        Refusal::NoSuchFile(_) => (404, "content.NoSuchPathException"),
        Refusal::NoSuchComment(_) => (404, "comment.NoSuchCommentException"),
        Refusal::BranchExists(_) | Refusal::TagExists(_) => (409, "repository.DuplicateRefException"),
        Refusal::HasReplies(_) => (409, "comment.CommentDeletionException"),
        Refusal::OwnPullRequest(_) => (400, "pull.IllegalPullRequestParticipantStatusException"),
        Refusal::NothingToMerge(..) => (409, "pull.EmptyPullRequestException"),
        Refusal::StrategyNotAllowed(_) => (409, "pull.InvalidMergeStrategyException"),
        Refusal::CannotFastForward => (409, "pull.PullRequestMergeVetoedException"),
        _ => (409, "pull.IllegalPullRequestStateException"),
    }
}

fn said(refusal: &Refusal) -> String {
    match refusal {
        Refusal::NoSuchBranch(name) => format!("Branch \"{name}\" does not exist."),
        Refusal::NoSuchTag(name) => format!("Tag \"{name}\" does not exist."),
        Refusal::NoSuchCommit(hash) => format!("Commit '{hash}' does not exist."),
        Refusal::BranchExists(name) => format!("Branch \"{name}\" already exists in this repository."),
        Refusal::TagExists(name) => format!("Tag \"{name}\" already exists in this repository."),
        Refusal::HasReplies(_) => "The comment could not be deleted because it has replies.".to_owned(),
        Refusal::OwnPullRequest(_) => {
            "The author of a pull request cannot change their own status.".to_owned()
        }
        Refusal::NotOpen(number, state) => format!("Pull request {number} is not open: it is {state:?}."),
        Refusal::NotDeclined(number, state) => {
            format!("Pull request {number} is not declined: it is {state:?}.")
        }
        Refusal::NothingToMerge(from, to) => {
            format!("Branch \"{to}\" is already up-to-date with branch \"{from}\".")
        }
        Refusal::StrategyNotAllowed(name) => format!("The merge strategy {name} is not enabled."),
        Refusal::CannotFastForward => "The source branch is out of date with the target branch.".to_owned(),
        other => other.to_string(),
    }
}

fn bad_reviewer(name: &str, why: &str) -> Answer {
    let errors = json!([{"context": name, "message": why, "exceptionName": null}]);
    let more = json!({"reviewerErrors": errors, "validReviewers": []});
    let exception = "pull.InvalidPullRequestReviewersException";
    with_more(409, exception, "Errors encountered while adding some reviewers to this pull request.", more)
}

fn vetoed(obstacles: &[Obstacle]) -> Answer {
    let conflicted = obstacles.contains(&Obstacle::Conflicts);
    let more = json!({"conflicted": conflicted, "vetoes": vetoes(obstacles)});
    let message = if conflicted {
        "The pull request has conflicts and cannot be merged."
    } else {
        "Merging the pull request was vetoed."
    };
    with_more(409, "pull.PullRequestMergeVetoedException", message, more)
}
