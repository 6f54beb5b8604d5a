//! Data Center's ways of answering: pages, and errors in their exact shape.

use serde_json::{Value, json};

use super::super::exchange::{Answer, Reply};
use super::super::world::{Obstacle, Refusal};
use super::Here;

/// The most that a page holds, whatever is asked.
const LONGEST: usize = 1000;

/// An error; the exception is named below Bitbucket's own package.
pub(super) fn problem(status: u16, exception: &str, message: &str) -> Answer {
    with_more(status, exception, message, json!({}))
}

/// An error that says more than others do.
pub(super) fn with_more(status: u16, exception: &str, message: &str, more: Value) -> Answer {
    let mut error = more;
    error["context"] = Value::Null;
    error["message"] = message.into();
    error["exceptionName"] = format!("com.atlassian.bitbucket.{exception}").into();
    Answer::json(status, &json!({"errors": [error]}))
}

/// A body that is wrong in one of its fields.
pub(super) fn bad_field(field: &str, why: &str) -> Answer {
    let error = json!({"context": field, "message": why, "exceptionName": null});
    Answer::json(400, &json!({"errors": [error]}))
}

/// A body that nobody should have sent.
pub(super) fn bad_body(why: &str) -> Answer {
    bad_field("body", why).complaining(why)
}

pub(super) fn not_permitted() -> Answer {
    problem(401, "AuthorisationException", "You are not permitted to access this resource")
}

/// What the world refused, in Data Center's words.
pub(super) fn worded(refusal: &Refusal) -> Answer {
    let text = refusal.to_string();
    match refusal {
        Refusal::NoSuchRepository(_) => problem(404, "repository.NoSuchRepositoryException", &text),
        Refusal::NoSuchPullRequest(_) => problem(404, "pull.NoSuchPullRequestException", &text),
        Refusal::NoSuchBranch(name) => {
            problem(404, "repository.NoSuchBranchException", &format!("Branch \"{name}\" does not exist."))
        }
        Refusal::NoSuchCommit(hash) => {
            problem(404, "commit.NoSuchCommitException", &format!("Commit '{hash}' does not exist."))
        }
        Refusal::NoSuchComment(_) => problem(404, "comment.NoSuchCommentException", &text),
        Refusal::NoSuchPerson(name) => no_such_user(name),
        Refusal::NotOpen(number, state) => problem(
            409,
            "pull.IllegalPullRequestStateException",
            &format!("Pull request {number} is not open: it is {state:?}."),
        ),
        Refusal::OwnPullRequest(_) => problem(
            400,
            "pull.IllegalPullRequestParticipantStatusException",
            "The author of a pull request cannot change their own status.",
        ),
        Refusal::AuthorAmongReviewers(name) => {
            let why = format!("{name} is the author of the pull request and cannot be added as a reviewer.");
            bad_reviewer(name, &why)
        }
        Refusal::ReviewerMayNotRead(name) => {
            bad_reviewer(name, &format!("{name} does not have permission to view this repository."))
        }
        Refusal::NothingToMerge(from, to) => problem(
            409,
            "pull.EmptyPullRequestException",
            &format!("Branch \"{to}\" is already up-to-date with branch \"{from}\"."),
        ),
        Refusal::NotApproved(_) | Refusal::ChangesNotRequested(_) => bad_field("status", &text),
        Refusal::MayNotMerge(obstacles) => vetoed(obstacles),
        Refusal::StrategyNotAllowed(name) => problem(
            409,
            "pull.InvalidMergeStrategyException",
            &format!("The merge strategy {name} is not enabled."),
        ),
        Refusal::CannotFastForward => problem(
            409,
            "pull.PullRequestMergeVetoedException",
            "The source branch is out of date with the target branch.",
        ),
    }
}

pub(super) fn no_such_user(name: &str) -> Answer {
    problem(404, "user.NoSuchUserException", &format!("No such user: {name}"))
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

/// What keeps a pull request from being merged, but conflicts, which are told apart.
pub(super) fn vetoes(obstacles: &[Obstacle]) -> Vec<Value> {
    let words = obstacles.iter().filter_map(|obstacle| match obstacle {
        Obstacle::Conflicts => None,
        Obstacle::Draft => {
            Some(("Pull request is a draft", "This pull request is a draft and cannot be merged.".to_owned()))
        }
        Obstacle::Approvals(1) => Some((
            "Not all required approvals",
            "You need 1 more approval before this pull request can be merged.".to_owned(),
        )),
        Obstacle::Approvals(n) => Some((
            "Not all required approvals",
            format!("You need {n} more approvals before this pull request can be merged."),
        )),
        Obstacle::Tasks(n) => {
            Some(("Not all tasks are resolved", format!("This pull request has {n} unresolved tasks.")))
        }
    });
    words.map(|(summary, detail)| json!({"summaryMessage": summary, "detailedMessage": detail})).collect()
}

impl Here<'_> {
    /// A page of values, from `start` on, `limit` of them.
    pub(super) fn page(&self, values: Vec<Value>) -> Reply {
        let start = self.number("start", 0)?;
        let limit = self.number("limit", 25)?.clamp(1, LONGEST);
        let total = values.len();
        let shown: Vec<Value> = values.into_iter().skip(start).take(limit).collect();
        let end = start.saturating_add(shown.len());
        let next = (end < total).then_some(end);
        let mut body = json!({
            "size": shown.len(),
            "limit": limit,
            "isLastPage": next.is_none(),
            "values": shown,
            "start": start,
        });
        if let Some(next) = next {
            body["nextPageStart"] = next.into();
        }
        Ok(Answer::json(200, &body))
    }

    fn number(&self, name: &str, default: usize) -> Result<usize, Answer> {
        match self.ask.param(name).map(str::parse) {
            None => Ok(default),
            Some(Ok(number)) => Ok(number),
            Some(Err(_)) => Err(bad_field(name, "not a number").complaining(format!("{name} is no number"))),
        }
    }
}
