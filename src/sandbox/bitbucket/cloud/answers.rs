//! Cloud's ways of answering: pages, and errors in their exact shape.

use serde_json::{Value, json};
use url::form_urlencoded;

use super::super::exchange::{Answer, Ask, Reply};
use super::super::world::{Obstacle, Refusal, State};
use super::{Here, query};

/// The longest page Cloud gives.
const LONGEST: usize = 100;

/// An error with its one promised field.
pub(super) fn problem(status: u16, message: &str) -> Answer {
    Answer::json(status, &json!({"type": "error", "error": {"message": message}}))
}

/// A body that is wrong in one of its fields.
pub(super) fn bad_field(field: &str, why: &str) -> Answer {
    let error = json!({"message": "Bad request", "fields": {field: [why]}});
    Answer::json(400, &json!({"type": "error", "error": error}))
}

/// A body that nobody should have sent.
pub(super) fn bad_body(why: &str) -> Answer {
    problem(400, "Bad request").complaining(why)
}

/// The plain text in which Cloud says that there is no such pull request.
pub(super) fn not_found() -> Answer {
    Answer::text(404, "Not Found")
}

pub(super) fn lacking_scope(granted: &[String], needed: &str) -> Answer {
    let error = json!({
        "message": "Your credentials lack one or more required privilege scopes.",
        "detail": {"granted": granted, "required": [needed]},
    });
    Answer::json(403, &json!({"type": "error", "error": error})).with("X-Accepted-OAuth-Scopes", needed)
}

/// What the world refused, in Cloud's words.
pub(super) fn worded(refusal: &Refusal) -> Answer {
    match refusal {
        Refusal::NoSuchPullRequest(_) => not_found(),
        Refusal::NoSuchBranch(name) => problem(404, &format!("branch not found: {name}")),
        Refusal::NoSuchCommit(hash) => problem(404, &format!("Commit not found: {hash}")),
        Refusal::NoSuchComment(id) => problem(404, &id.to_string()),
        Refusal::NoSuchRepository(name) => problem(404, &format!("Repository {name} not found")),
        Refusal::NoSuchPerson(name) => problem(404, &format!("No user found with the id {name}")),
        Refusal::NotOpen(_, State::Merged) => problem(400, "This pull request has already been merged."),
        Refusal::NotOpen(..) => problem(400, "This pull request is already closed."),
        Refusal::OwnPullRequest(_) => problem(400, "You cannot review your own pull request."),
        Refusal::AuthorAmongReviewers(name) => {
            bad_field("reviewers", &format!("{name} is the author and cannot be included as a reviewer."))
        }
        Refusal::ReviewerMayNotRead(name) => {
            bad_field("reviewers", &format!("{name} does not have access to this repository."))
        }
        Refusal::NothingToMerge(..) => problem(400, "There are no changes to be pulled"),
        Refusal::NotApproved(_) => problem(404, "You haven't approved this pull request."),
        Refusal::ChangesNotRequested(_) => {
            problem(404, "You haven't requested changes on this pull request.")
        }
        Refusal::MayNotMerge(obstacles) => in_the_way(obstacles),
        Refusal::StrategyNotAllowed(_) => {
            problem(400, "The merge strategy is not allowed for the destination branch.")
        }
        Refusal::CannotFastForward => {
            problem(400, "The source branch is not up to date; it cannot be fast-forwarded.")
        }
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

impl Here<'_> {
    /// A page of values, filtered and sorted as `q` and `sort` say.
    pub(super) fn page(&self, mut values: Vec<Value>, default: usize) -> Reply {
        query::narrow(self.ask, &mut values)?;
        self.page_of(values, default)
    }

    /// A page of values that are filtered and sorted already.
    pub(super) fn page_of(&self, values: Vec<Value>, default: usize) -> Reply {
        let length = page_length(self.ask, default)?;
        let number = match self.ask.param("page").map(str::parse::<usize>) {
            None => 1,
            Some(Ok(number)) if number > 0 => number,
            Some(_) => return Err(problem(404, "Invalid page").complaining("no page of that number")),
        };
        let size = values.len();
        let first = (number - 1).saturating_mul(length);
        let shown: Vec<Value> = values.into_iter().skip(first).take(length).collect();
        let mut body = json!({"pagelen": length, "size": size, "page": number, "values": shown});
        if first.saturating_add(length) < size {
            body["next"] = self.address("page", &(number + 1).to_string()).into();
        }
        if number > 1 {
            body["previous"] = self.address("page", &(number - 1).to_string()).into();
        }
        Ok(Answer::json(200, &body))
    }

    /// A page whose next one is known only by its first value's hash.
    pub(super) fn iterated(&self, values: Vec<Value>) -> Reply {
        let length = page_length(self.ask, 30)?;
        let from = self.ask.param("page");
        let starts = |value: &Value| from.is_none() || value["hash"].as_str() == from;
        let mut rest = values.into_iter().skip_while(|value| !starts(value)).peekable();
        let shown: Vec<Value> = rest.by_ref().take(length).collect();
        let mut body = json!({"pagelen": length, "values": shown});
        if let Some(hash) = rest.peek().and_then(|value| value["hash"].as_str()) {
            body["next"] = self.address("page", hash).into();
        }
        Ok(Answer::json(200, &body))
    }

    /// This call's address with one parameter changed.
    fn address(&self, name: &str, value: &str) -> String {
        let others = self.ask.query.iter().filter(|(key, _)| key != name);
        let query = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(others)
            .append_pair(name, value)
            .finish();
        format!("{}{}?{query}", self.world.cloud_url, self.ask.path)
    }
}

fn page_length(ask: &Ask, default: usize) -> Result<usize, Answer> {
    match ask.param("pagelen").map(str::parse::<usize>) {
        None => Ok(default),
        Some(Ok(length)) if (1..=LONGEST).contains(&length) => Ok(length),
        Some(_) => Err(problem(400, "Invalid pagelen").complaining("pagelen is 1 to 100")),
    }
}
