//! Reading a refusal: the reason out of either edition's error body, and what kind of failure it makes.

use std::time::Duration;

use chrono::DateTime;
use serde_json::Value;

use crate::bitbucket::{Error, Said};

use super::http::{Answer, Silence};

const LONGEST_WORDS: usize = 300;
const LONGEST_REFERENCE: usize = 80;
const MOST_SCOPES: usize = 10;

/// An answer that is not a success.
#[derive(Debug, Clone)]
pub(in crate::bitbucket) struct Refusal {
    /// What it refuses, as a verb.
    pub operation: &'static str,
    /// 400 and up, as a rule.
    pub status: u16,
    /// Bitbucket's own reason, or nothing.
    pub words: String,
    /// A name for it: OAuth's `error`, or Data Center's exceptions.
    pub code: Option<String>,
    /// How long to wait, where it said so.
    pub wait: Option<Duration>,
    /// What the server calls this exchange.
    pub reference: Option<String>,
    /// Whether Data Center says it knows who is asking.
    pub known: bool,
    /// Whether the question may safely be asked twice.
    pub repeatable: bool,
    /// The scopes that it says are lacking.
    pub lacking: Option<Box<Scopes>>,
}

/// Scopes, as Bitbucket calls them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::bitbucket) struct Scopes(pub Vec<String>);

impl Refusal {
    /// Reads an answer as one.
    pub(in crate::bitbucket) fn read(operation: &'static str, answer: &Answer) -> Self {
        let body = serde_json::from_slice::<Value>(&answer.body).ok();
        let words = body.as_ref().map_or_else(|| plain_words(&answer.body), json_words);
        let user = answer.header("x-ausername");
        Self {
            operation,
            status: answer.status,
            words: tidy(&words),
            code: body.as_ref().and_then(code),
            wait: wait(answer),
            reference: reference(answer, body.as_ref()),
            known: user.is_some_and(|user| !user.is_empty() && user != "anonymous"),
            repeatable: true,
            lacking: body.as_ref().and_then(lacking),
        }
    }

    /// Whether it means "who are you?", which a newer token may answer.
    pub(super) fn asks_who(&self) -> bool {
        self.status == 401 && !self.known
    }

    /// Whether Data Center says that we named an old version.
    pub(in crate::bitbucket) fn is_stale(&self) -> bool {
        self.status == 409 && self.code.as_ref().is_some_and(|code| code.contains("OutOfDate"))
    }

    /// Whether it speaks of rights, although it looks like "who are you?".
    pub(super) fn speaks_of_rights(&self) -> bool {
        self.code.as_ref().is_some_and(|code| code.contains("AuthorisationException"))
    }

    pub(super) fn reason(&self) -> Said {
        if self.words.is_empty() {
            self.said(format!("it did not {} ({}).", self.operation, self.status))
        } else {
            self.said(self.words.clone())
        }
    }

    fn account(&self) -> Said {
        let words = if self.words.is_empty() { String::new() } else { format!(": {}", self.words) };
        self.said(format!("it answered {} when asked to {}{words}.", self.status, self.operation))
    }

    fn said(&self, words: String) -> Said {
        Said { words, status: Some(self.status), reference: self.reference.clone() }
    }
}

/// How long it asks us to wait: in seconds, or until a moment by the server's own clock.
fn wait(answer: &Answer) -> Option<Duration> {
    let told = answer.header("retry-after")?.trim();
    if let Ok(seconds) = told.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let until = DateTime::parse_from_rfc2822(told).ok()?;
    let now = DateTime::parse_from_rfc2822(answer.header("date")?).ok()?;
    (until - now).to_std().ok()
}

/// What the server calls this exchange in its own log.
fn reference(answer: &Answer, body: Option<&Value>) -> Option<String> {
    let headers = ["x-arequestid", "x-request-id", "x-b3-traceid"];
    let in_header = headers.iter().find_map(|name| answer.header(name));
    let in_body = || body?.get("error")?.get("id")?.as_str();
    let told: String = in_header.or_else(in_body)?.chars().take(LONGEST_REFERENCE).collect();
    Some(tidy(&told)).filter(|told| !told.is_empty())
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        match refusal.status {
            401 | 403 => Self::Forbidden(refusal.reason()),
            // A deed is not sent on to where the thing has moved: whoever asked has to look where it is now.
            300..=399 | 404 | 410 => Self::NotFound(refusal.reason()),
            409 | 412 => Self::Conflict(refusal.reason()),
            429 => Self::Slow { retry_after: refusal.wait },
            400..=499 => Self::Refused(refusal.reason()),
            // Bitbucket Cloud's own "took too long" (555) is among them; it may be doing it still.
            500.. if refusal.repeatable => Self::Down(refusal.account()),
            500.. => Self::InDoubt(refusal.account()),
            _ => Self::Unreadable(refusal.account()),
        }
    }
}

/// Why a call came to nothing, before it is sorted for those above.
#[derive(Debug, Clone)]
pub(in crate::bitbucket) enum Failed {
    /// Answered, with a no.
    Answered(Refusal),
    /// Not answered, or not wholly.
    Unanswered {
        /// What happened.
        silence: Silence,
        /// Whether the question may safely be asked twice.
        repeatable: bool,
    },
    /// Known for what it is.
    Other(Error),
}

impl Failed {
    /// Whether Bitbucket may have done it all the same.
    pub(in crate::bitbucket) fn may_have_landed(&self) -> bool {
        match self {
            Self::Answered(refusal) => !refusal.repeatable && refusal.status >= 500,
            Self::Unanswered { silence, repeatable } => !repeatable && silence.sent,
            Self::Other(error) => matches!(error, Error::InDoubt(_)),
        }
    }

    /// The status it was answered with.
    pub(in crate::bitbucket) fn status(&self) -> Option<u16> {
        match self {
            Self::Answered(refusal) => Some(refusal.status),
            _ => None,
        }
    }

    /// As a refusal in Bitbucket's words, where a missing branch or a conflict is the person's to read.
    pub(in crate::bitbucket) fn in_its_words(self) -> Error {
        match self {
            Self::Answered(refusal) if matches!(refusal.status, 404 | 409) && !refusal.words.is_empty() => {
                Error::Refused(refusal.reason())
            }
            other => other.into(),
        }
    }

    /// As trouble that passes, where asking again later does no harm.
    pub(in crate::bitbucket) fn into_trouble(self) -> Error {
        match self {
            Self::Answered(refusal) => Error::Down(refusal.account()),
            other => other.into(),
        }
    }

    /// Whether asking again may help.
    pub(super) fn is_passing(&self) -> bool {
        match self {
            Self::Answered(refusal) => refusal.status == 429 || refusal.status >= 500,
            Self::Unanswered { silence, .. } => silence.passing,
            Self::Other(_) => false,
        }
    }

    /// Whether it surely was not done, so that even a deed may be asked for again.
    pub(super) fn surely_undone(&self) -> bool {
        match self {
            Self::Answered(refusal) => refusal.status == 429,
            Self::Unanswered { silence, .. } => !silence.sent,
            Self::Other(_) => false,
        }
    }

    /// How long Bitbucket asks us to wait.
    pub(super) fn wait(&self) -> Option<Duration> {
        match self {
            Self::Answered(refusal) => refusal.wait,
            _ => None,
        }
    }
}

impl From<Error> for Failed {
    fn from(error: Error) -> Self {
        Self::Other(error)
    }
}

impl From<Failed> for Error {
    fn from(failed: Failed) -> Self {
        match failed {
            Failed::Answered(refusal) => refusal.into(),
            Failed::Unanswered { silence, repeatable } if silence.sent && !repeatable => {
                Self::InDoubt(silence.words.into())
            }
            Failed::Unanswered { silence, .. } if silence.passing => Self::Down(silence.words.into()),
            Failed::Unanswered { silence, .. } => Self::Unreadable(silence.words.into()),
            Failed::Other(error) => error,
        }
    }
}

fn json_words(body: &Value) -> String {
    let mut said = Vec::new();
    match (body.get("error"), body.get("errors")) {
        (Some(Value::Object(error)), _) => {
            said.extend(error.get("message").and_then(Value::as_str));
            said.extend(error.get("detail").and_then(Value::as_str));
            if let Some(Value::Object(fields)) = error.get("fields") {
                said.extend(fields.values().flat_map(texts));
            }
        }
        (Some(Value::String(code)), _) => {
            let told = body.get("error_description").and_then(Value::as_str);
            said.push(told.unwrap_or(code));
        }
        (_, Some(Value::Array(errors))) => errors.iter().for_each(|error| said_by(error, &mut said)),
        _ => said.extend(body.get("message").and_then(Value::as_str)),
    }
    said.join(" ")
}

fn said_by<'a>(error: &'a Value, said: &mut Vec<&'a str>) {
    said.extend(error.get("message").and_then(Value::as_str));
    let vetoes = error.get("vetoes").and_then(Value::as_array);
    for veto in vetoes.into_iter().flatten() {
        let summary = veto.get("summaryMessage").and_then(Value::as_str);
        let detail = veto.get("detailedMessage").and_then(Value::as_str);
        said.extend(detail.or(summary));
    }
}

/// What Cloud requires and was not granted; all it requires, where that does not tell.
fn lacking(body: &Value) -> Option<Box<Scopes>> {
    let list = |name: &str| body.pointer(name).map(texts).unwrap_or_default();
    let (required, granted) = (list("/error/detail/required"), list("/error/detail/granted"));
    let missing: Vec<&str> = required.iter().filter(|scope| !granted.contains(scope)).copied().collect();
    let named = if missing.is_empty() { required } else { missing };
    let named = named.into_iter().map(tidy).filter(|scope| !scope.is_empty()).take(MOST_SCOPES);
    Some(named.collect())
        .filter(|scopes: &Vec<String>| !scopes.is_empty())
        .map(|scopes| Box::new(Scopes(scopes)))
}

fn texts(value: &Value) -> Vec<&str> {
    match value {
        Value::String(text) => vec![text],
        Value::Array(texts) => texts.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

fn code(body: &Value) -> Option<String> {
    if let Some(Value::String(code)) = body.get("error") {
        return Some(code.clone());
    }
    let names: Vec<&str> = body
        .get("errors")?
        .as_array()?
        .iter()
        .filter_map(|error| error.get("exceptionName")?.as_str())
        .collect();
    Some(names.join(" "))
}

/// Of a page only its title says something; a plain text says it all.
fn plain_words(body: &[u8]) -> String {
    let text = String::from_utf8_lossy(body);
    let lower = text.to_ascii_lowercase();
    let title = lower.find("<title>").map(|at| at + "<title>".len());
    match (title, lower.find("</title>")) {
        (Some(from), Some(to)) if from <= to => text.get(from..to).unwrap_or_default().to_owned(),
        _ if lower.trim_start().starts_with('<') => String::new(),
        _ => text.chars().take(4 * LONGEST_WORDS).collect(),
    }
}

/// One line, no control characters, no more than a person would read.
pub(in crate::bitbucket) fn tidy(words: &str) -> String {
    let spaced: String = words.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let line = spaced.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= LONGEST_WORDS {
        return line;
    }
    let mut short: String = line.chars().take(LONGEST_WORDS - 1).collect();
    short.push('…');
    short
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use reqwest::header::HeaderMap;

    use super::*;

    fn refusal(status: u16, body: &[u8]) -> Refusal {
        let answer = Answer { status, headers: HeaderMap::new(), body: body.to_vec() };
        Refusal::read("merge the pull request", &answer)
    }

    #[test]
    fn the_reason_is_found_in_every_kind_of_body() {
        for (body, words) in [
            (
                r#"{"type":"error","error":{"message":"Bad request","fields":{"title":["is required"]}}}"#,
                "Bad request is required",
            ),
            (
                r#"{"errors":[{"context":null,"message":"Not now.","exceptionName":"x.Y"},{"message":"Nor later."}]}"#,
                "Not now. Nor later.",
            ),
            (
                r#"{"errors":[{"message":"Vetoed.","vetoes":[{"summaryMessage":"s","detailedMessage":"Too late in the day."}]}]}"#,
                "Vetoed. Too late in the day.",
            ),
            (r#"{"error":"invalid_grant","error_description":"The code\nexpired"}"#, "The code expired"),
            ("Not Found", "Not Found"),
            ("<html><head><TITLE>Bad\u{1} gateway</title></head><body>x</body></html>", "Bad gateway"),
            ("<html>", ""),
            ("", ""),
            ("[1]", ""),
        ] {
            assert_eq!(refusal(400, body.as_bytes()).words, words, "{body}");
        }
    }

    #[test]
    fn a_refusal_is_sorted_by_what_can_be_done() {
        let body = br#"{"errors":[{"message":"no","exceptionName":"com.x.PullRequestOutOfDateException"}]}"#;
        assert!(refusal(409, body).is_stale());
        let conflict = Error::from(refusal(409, body));
        assert!(matches!(conflict, Error::Conflict(_)));
        assert_eq!(conflict.said().map(|said| (said.words.as_str(), said.status)), Some(("no", Some(409))));
        assert!(matches!(Error::from(refusal(404, b"")), Error::NotFound(_)));
        assert!(matches!(Error::from(refusal(555, b"")), Error::Down(_)));
        let mut once = refusal(502, b"");
        once.repeatable = false;
        assert!(Failed::Answered(once.clone()).may_have_landed());
        assert_eq!(
            Error::from(once).to_string(),
            "Nobody knows whether Bitbucket did it: it answered 502 when asked to merge the pull request. \
             Look before trying again."
        );
    }

    #[test]
    fn what_is_lacking_is_what_was_required_and_not_granted() {
        for (detail, lacking) in [
            (r#"{"required":["pullrequest","webhook"],"granted":["pullrequest"]}"#, vec!["webhook"]),
            (r#"{"required":"webhook","granted":null}"#, vec!["webhook"]),
            (r#"{"required":["account"],"granted":["account"]}"#, vec!["account"]),
            (r#""not an object""#, vec![]),
        ] {
            let body = format!(r#"{{"type":"error","error":{{"message":"no","detail":{detail}}}}}"#);
            let read = refusal(403, body.as_bytes()).lacking.map(|scopes| scopes.0).unwrap_or_default();
            assert_eq!(read, lacking, "{detail}");
        }
    }

    #[test]
    fn a_wait_until_a_moment_is_counted_by_the_servers_clock() {
        for (told, wait) in [
            ("7", Some(7)),
            ("Sat, 21 Nov 2026 10:00:30 GMT", Some(30)),
            ("Sat, 21 Nov 2026 09:00:00 GMT", None),
            ("soon", None),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert("date", "Sat, 21 Nov 2026 10:00:00 GMT".parse().unwrap());
            headers.insert("retry-after", told.parse().unwrap());
            headers.insert("x-request-id", "abc".parse().unwrap());
            let read = Refusal::read("look", &Answer { status: 429, headers, body: Vec::new() });
            assert_eq!(read.wait, wait.map(Duration::from_secs), "{told}");
            assert_eq!(read.reference.as_deref(), Some("abc"));
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(10_000))]

        #[test]
        fn no_body_makes_long_or_ragged_words(status in 100_u16..999, body in prop::collection::vec(any::<u8>(), 0..600)) {
            let read = refusal(status, &body);
            prop_assert!(read.words.chars().count() <= LONGEST_WORDS);
            prop_assert!(!read.words.chars().any(char::is_control));
            let _ = Error::from(read).to_string();
        }
    }
}
