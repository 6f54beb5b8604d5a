//! Cloud's ways of answering: pages, and errors in their exact shape.

use serde_json::{Value, json};
use url::form_urlencoded;

use super::super::exchange::{Answer, Ask, Reply};
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

pub(super) fn lacking_scope(granted: &[String], needed: &[&str]) -> Answer {
    let error = json!({
        "message": "Your credentials lack one or more required privilege scopes.",
        "detail": {"granted": granted, "required": needed},
    });
    Answer::json(403, &json!({"type": "error", "error": error}))
        .with("X-Accepted-OAuth-Scopes", needed.join(", "))
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
