//! One call and its answer, before and after an edition has looked at it.

use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use url::form_urlencoded;

use super::world::Refusal;

/// The largest body the sandbox reads.
const LIMIT: usize = 4 << 20;

/// What somebody asks over HTTP.
#[derive(Clone, Debug)]
pub(super) struct Ask {
    pub(super) method: String,
    pub(super) path: String,
    /// The path between its slashes, decoded.
    pub(super) segments: Vec<String>,
    pub(super) query: Vec<(String, String)>,
    pub(super) raw_query: String,
    pub(super) body: Vec<u8>,
    headers: HeaderMap,
}

impl Ask {
    pub(super) async fn read(request: Request) -> Self {
        let (parts, body) = request.into_parts();
        let body = axum::body::to_bytes(body, LIMIT).await.unwrap_or_default();
        Self::new(parts.method.as_str(), &parts.uri, parts.headers, body.to_vec())
    }

    fn new(method: &str, uri: &Uri, headers: HeaderMap, body: Vec<u8>) -> Self {
        let raw_query = uri.query().unwrap_or_default().to_owned();
        Self {
            method: method.to_owned(),
            path: uri.path().to_owned(),
            segments: uri.path().split('/').filter(|one| !one.is_empty()).map(decoded).collect(),
            query: form_urlencoded::parse(raw_query.as_bytes()).into_owned().collect(),
            raw_query,
            body,
            headers,
        }
    }

    pub(super) fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name).and_then(|value| value.to_str().ok());
        value.unwrap_or_default()
    }

    pub(super) fn has_header(&self, name: &str) -> bool {
        self.headers.contains_key(name)
    }

    /// The first value of a query parameter.
    pub(super) fn param(&self, name: &str) -> Option<&str> {
        let same = self.query.iter().find(|(key, _)| key == name);
        same.map(|(_, value)| value.as_str())
    }

    /// Every value of a query parameter.
    pub(super) fn params<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let same = self.query.iter().filter(move |(key, _)| key == name);
        same.map(|(_, value)| value.as_str())
    }

    /// The body as a form.
    pub(super) fn form(&self) -> Vec<(String, String)> {
        form_urlencoded::parse(&self.body).into_owned().collect()
    }

    /// The body as JSON; an empty one is an empty object.
    pub(super) fn json(&self) -> Result<Value, String> {
        if self.body.is_empty() {
            return Ok(Value::Object(serde_json::Map::new()));
        }
        match serde_json::from_slice(&self.body) {
            Ok(value @ Value::Object(_)) => Ok(value),
            Ok(_) => Err("the body is not a JSON object".to_owned()),
            Err(error) => Err(format!("the body is not JSON: {error}")),
        }
    }

    pub(super) fn is_json(&self) -> bool {
        let named = self.header("content-type").split(';').next().unwrap_or_default();
        named == "application/json" || named.ends_with("+json")
    }

    /// The body as several in one.
    pub(super) fn several(&self) -> Result<Vec<Value>, String> {
        serde_json::from_slice(&self.body).map_err(|error| format!("the body is not a list: {error}"))
    }

    /// The token of an `Authorization: Bearer`.
    pub(super) fn bearer(&self) -> Option<&str> {
        self.header("authorization").strip_prefix("Bearer ").map(str::trim)
    }

    /// The name and password of an `Authorization: Basic`.
    pub(super) fn basic(&self) -> Option<(String, String)> {
        let coded = self.header("authorization").strip_prefix("Basic ")?;
        let text = String::from_utf8(STANDARD.decode(coded.trim()).ok()?).ok()?;
        let (name, password) = text.split_once(':')?;
        Some((name.to_owned(), password.to_owned()))
    }
}

/// A door to knock at.
#[derive(Clone, Debug)]
pub(super) struct Knock {
    pub(super) url: String,
    /// What to sign with.
    pub(super) secret: Option<String>,
}

/// What is answered.
#[derive(Clone, Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    headers: Vec<(&'static str, String)>,
    content: &'static str,
    body: Vec<u8>,
    /// Why a well-made client would not have asked this.
    pub(super) complaint: Option<String>,
    /// A door to knock at before answering.
    pub(super) knock: Option<Box<Knock>>,
    refusal: Option<Box<Refusal>>,
}

/// An answer either way: what went wrong is answered too.
pub(super) type Reply = Result<Answer, Answer>;

impl Answer {
    fn new(status: u16, content: &'static str, body: String) -> Self {
        let body = body.into_bytes();
        Self { status, headers: Vec::new(), content, body, complaint: None, knock: None, refusal: None }
    }

    /// A file as it is.
    pub(super) fn file(content: &'static str, body: Vec<u8>) -> Self {
        let mut answer = Self::new(200, content, String::new());
        answer.body = body;
        answer
    }

    /// What it says, where that is text.
    pub(super) fn text_body(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap_or_default()
    }

    /// The JSON that it says, where it is JSON.
    pub(super) fn json_body(&self) -> Option<Value> {
        self.content.starts_with("application/json").then(|| serde_json::from_slice(&self.body).ok())?
    }

    /// The same under another status.
    pub(super) fn under(mut self, status: u16) -> Self {
        self.status = status;
        self
    }

    /// The same with other JSON.
    pub(super) fn saying(mut self, value: &Value) -> Self {
        self.body = value.to_string().into_bytes();
        self
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.body
    }

    pub(super) fn json(status: u16, value: &Value) -> Self {
        Self::new(status, "application/json;charset=UTF-8", value.to_string())
    }

    pub(super) fn text(status: u16, text: &str) -> Self {
        Self::new(status, "text/plain; charset=utf-8", text.to_owned())
    }

    pub(super) fn page(status: u16, html: String) -> Self {
        Self::new(status, "text/html; charset=utf-8", html)
    }

    pub(super) fn empty(status: u16) -> Self {
        Self::new(status, "", String::new())
    }

    /// What was asked for is in another place now; the rest of the address stays.
    pub(super) fn moved(ask: &Ask, from: &str, to: &str) -> Self {
        let query = if ask.raw_query.is_empty() { String::new() } else { format!("?{}", ask.raw_query) };
        let (before, after) = ask.path.split_once(from).unwrap_or(("", ""));
        Self::redirect(301, &format!("{before}{to}{after}{query}"))
    }

    pub(super) fn redirect(status: u16, to: &str) -> Self {
        Self::empty(status).with("Location", to)
    }

    pub(super) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// Knocks there first, and says what came back.
    pub(super) fn knocking(mut self, url: &str, secret: Option<String>) -> Self {
        self.knock = Some(Box::new(Knock { url: url.to_owned(), secret }));
        self
    }

    /// Notes down that this should not have been asked.
    pub(super) fn complaining(mut self, why: impl Into<String>) -> Self {
        self.complaint = Some(why.into());
        self
    }
}

impl From<Refusal> for Answer {
    fn from(refusal: Refusal) -> Self {
        let mut answer = Self::empty(500);
        answer.refusal = Some(Box::new(refusal));
        answer
    }
}

/// The answer of a reply; what the world refused is put in an edition's words.
pub(super) fn either(reply: Reply, worded: impl FnOnce(&Refusal) -> Answer) -> Answer {
    let answer = reply.unwrap_or_else(|answer| answer);
    match &answer.refusal {
        Some(refusal) => worded(refusal),
        None => answer,
    }
}

impl From<Answer> for Response {
    fn from(answer: Answer) -> Self {
        let mut response = Response::builder()
            .status(StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR));
        if !answer.content.is_empty() {
            response = response.header(header::CONTENT_TYPE, answer.content);
        }
        for (name, value) in answer.headers {
            response = response.header(name, value);
        }
        // What cannot be a header came from the caller, who then gets an empty 400.
        response.body(Body::from(answer.body)).unwrap_or_else(|_| {
            let mut refusal = Response::new(Body::empty());
            *refusal.status_mut() = StatusCode::BAD_REQUEST;
            refusal
        })
    }
}

/// A path segment without its percent signs.
fn decoded(segment: &str) -> String {
    let bytes = segment.as_bytes();
    let mut plain = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let digits = (bytes[at] == b'%').then(|| segment.get(at + 1..at + 3)).flatten();
        if let Some(byte) = digits.and_then(|two| u8::from_str_radix(two, 16).ok()) {
            plain.push(byte);
            at += 3;
        } else {
            plain.push(bytes[at]);
            at += 1;
        }
    }
    String::from_utf8_lossy(&plain).into_owned()
}

/// A path segment as a URL writes it.
pub(super) fn encoded(segment: &str) -> String {
    let mut text = String::with_capacity(segment.len());
    for byte in segment.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            text.push(char::from(byte));
        } else {
            text.push('%');
            text.push_str(&hex::encode_upper([byte]));
        }
    }
    text
}

/// The text of a JSON value's field, by its path.
pub(super) fn text_at<'a>(value: &'a Value, pointer: &str) -> Option<&'a str> {
    value.pointer(pointer).and_then(Value::as_str)
}

#[cfg(test)]
mod tests {
    use super::{decoded, encoded};

    #[test]
    fn a_segment_survives_being_encoded() {
        for name in ["feature/limit rate", "{a-b}", "100%", "%2", "naïve"] {
            assert_eq!(decoded(&encoded(name)), name);
        }
        assert_eq!(decoded("50%zz%"), "50%zz%");
    }
}
