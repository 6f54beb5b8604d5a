//! Data Center's ways of answering: pages, and errors in their exact shape.

use serde_json::{Value, json};

use super::super::exchange::{Answer, Reply};
use super::super::world::Obstacle;
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

pub(super) fn no_such_user(name: &str) -> Answer {
    problem(404, "user.NoSuchUserException", &format!("No such user: {name}"))
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

    /// A parameter that is a number.
    pub(super) fn number(&self, name: &str, default: usize) -> Result<usize, Answer> {
        match self.ask.param(name).map(str::parse) {
            None => Ok(default),
            Some(Ok(number)) => Ok(number),
            Some(Err(_)) => Err(bad_field(name, "not a number").complaining(format!("{name} is no number"))),
        }
    }
}
