//! Our own HTTP under slack-morphism's client: one timeout, bounded answers, no body and no address in
//! any error, a count and a trace line per call.

use std::time::{Duration, Instant};

use chrono::DateTime;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use reqwest::header::HeaderMap;
use reqwest::{RequestBuilder, StatusCode};
use serde::Serialize;
use serde::de::{DeserializeOwned, Error as _};
use serde_json::Value;
use slack_morphism::errors::{
    SlackClientApiError, SlackClientError, SlackClientHttpError, SlackClientProtocolError,
    SlackClientSystemError, SlackRateLimitError,
};
use slack_morphism::multipart_form::FileMultipartData;
use slack_morphism::{
    ClientResult, SlackClientApiCallContext, SlackClientHttpConnector, SlackClientId, SlackClientSecret,
};
use url::Url;

use super::loose;
use crate::clock::{Clock, random_name};
use crate::seal::Secret;

/// How long one call may take from its first byte to its last.
const PATIENCE: Duration = Duration::from_secs(10);
/// The longest answer that is read.
const LONGEST_ANSWER: usize = 8 * 1024 * 1024;
/// Nobody is told to stay away longer than this.
const LONGEST_WAIT: u64 = 24 * 60 * 60;
const JSON: &str = "application/json; charset=utf-8";

/// Carries requests to Slack. The `reqwest` client given to it must not follow redirects; an answer
/// that comes from elsewhere all the same is not believed.
#[derive(Debug, Clone)]
pub struct Connector {
    http: reqwest::Client,
    api: String,
    clock: Clock,
}

/// Why there is no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum Trouble {
    #[error("unreached")]
    Unreached,
    #[error("cut")]
    Cut,
    #[error("timed out")]
    TimedOut,
    #[error("too long")]
    TooLong,
    #[error("elsewhere")]
    Elsewhere,
}

/// An answer as it came.
pub(super) struct Reply {
    pub(super) status: StatusCode,
    pub(super) retry_after: Option<Duration>,
    pub(super) headers: HeaderMap,
    pub(super) body: Vec<u8>,
}

impl Connector {
    pub(super) fn new(api: &Url, http: reqwest::Client, clock: Clock) -> Self {
        Self { http, api: api.as_str().trim_end_matches('/').to_owned(), clock }
    }

    /// Posts JSON to an address that needs no token, and gives back whatever comes.
    pub(super) async fn post_json(&self, url: &Url, method: &str, body: &Value) -> Result<Reply, Trouble> {
        let request = self.http.post(url.clone()).header("content-type", JSON).body(body.to_string());
        self.send(request, url, method).await
    }

    /// Posts a form as the app itself, by its own id and secret.
    pub(super) async fn post_as_client(
        &self,
        url: Url,
        method: &str,
        (id, secret): (&str, &Secret),
        form: &[(&str, &str)],
    ) -> ClientResult<Value> {
        let request = self.http.post(url.clone()).basic_auth(id, Some(secret.reveal())).form(form);
        read(&self.send(request, &url, method).await.map_err(broken)?)
    }

    /// Posts nothing but a token, and gives back whatever comes.
    pub(super) async fn post_as(&self, token: &str, url: &Url, method: &str) -> Result<Reply, Trouble> {
        self.send(self.http.post(url.clone()).bearer_auth(token), url, method).await
    }

    /// A request that becomes something other than an answer.
    pub(super) fn get(&self, url: Url) -> RequestBuilder {
        self.http.get(url)
    }

    /// Our time, in epoch milliseconds.
    pub(super) fn now(&self) -> i64 {
        self.clock.millis()
    }

    async fn send(&self, request: RequestBuilder, url: &Url, method: &str) -> Result<Reply, Trouble> {
        let started = Instant::now();
        let reply = tokio::time::timeout(PATIENCE, self.exchange(request, url)).await;
        let reply = reply.unwrap_or(Err(Trouble::TimedOut));
        let status = match &reply {
            Ok(reply) => reply.status.as_u16().to_string(),
            Err(trouble) => trouble.to_string(),
        };
        let host = url.host_str().unwrap_or_default().to_owned();
        metrics::counter!("dipper_outgoing_total", "host" => host, "status" => status.clone()).increment(1);
        let ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        tracing::debug!(method, status, ms, "called Slack");
        reply
    }

    async fn exchange(&self, request: RequestBuilder, url: &Url) -> Result<Reply, Trouble> {
        let mut response = request.send().await.map_err(|error| sorted(&error))?;
        if response.url().origin() != url.origin() {
            return Err(Trouble::Elsewhere);
        }
        let status = response.status();
        let retry_after = response
            .headers()
            .get("retry-after")
            .and_then(|value| value.to_str().ok())
            .and_then(|text| wait_of(text, &self.clock));
        let headers = response.headers().clone();
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| sorted(&error))? {
            if body.len() + chunk.len() > LONGEST_ANSWER {
                return Err(Trouble::TooLong);
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Reply { status, retry_after, headers, body })
    }

    fn call<'a, RS>(
        &'a self,
        request: RequestBuilder,
        url: Url,
        context: &SlackClientApiCallContext<'a>,
    ) -> BoxFuture<'a, ClientResult<RS>>
    where
        RS: DeserializeOwned + Send + 'a,
    {
        let request = match context.token {
            Some(token) => request.bearer_auth(&token.token_value.0),
            None => request,
        };
        async move {
            let method = url.path_segments().and_then(Iterator::last).unwrap_or_default();
            let reply = self.send(request, &url, method).await;
            read(&reply.map_err(broken)?)
        }
        .boxed()
    }
}

impl SlackClientHttpConnector for Connector {
    fn create_method_uri_path(&self, method_relative_uri: &str) -> ClientResult<Url> {
        Ok(format!("{}/{method_relative_uri}", self.api).parse()?)
    }

    fn http_get_uri<'a, RS>(
        &'a self,
        full_uri: Url,
        context: SlackClientApiCallContext<'a>,
    ) -> BoxFuture<'a, ClientResult<RS>>
    where
        RS: for<'de> serde::de::Deserialize<'de> + Send + 'a,
    {
        self.call(self.http.get(full_uri.clone()), full_uri, &context)
    }

    fn http_get_with_client_secret<'a, RS>(
        &'a self,
        full_uri: Url,
        client_id: &'a SlackClientId,
        client_secret: &'a SlackClientSecret,
    ) -> BoxFuture<'a, ClientResult<RS>>
    where
        RS: for<'de> serde::de::Deserialize<'de> + Send + 'a,
    {
        let request = self.http.get(full_uri.clone());
        let request = request.basic_auth(&client_id.0, Some(&client_secret.0));
        async move {
            let reply = self.send(request, &full_uri, "oauth").await;
            read(&reply.map_err(broken)?)
        }
        .boxed()
    }

    fn http_post_uri<'a, RQ, RS>(
        &'a self,
        full_uri: Url,
        request_body: &'a RQ,
        context: SlackClientApiCallContext<'a>,
    ) -> BoxFuture<'a, ClientResult<RS>>
    where
        RQ: Serialize + Send + Sync,
        RS: for<'de> serde::de::Deserialize<'de> + Send + 'a,
    {
        match serde_json::to_vec(request_body) {
            Ok(body) => {
                let request = self.http.post(full_uri.clone());
                let request = request.header("content-type", JSON).body(body);
                self.call(request, full_uri, &context)
            }
            Err(error) => futures_util::future::err(senseless(error)).boxed(),
        }
    }

    fn http_post_uri_multipart_form<'a, 'p, RS, PT, TS>(
        &'a self,
        full_uri: Url,
        file: Option<FileMultipartData<'p>>,
        params: &'p PT,
        context: SlackClientApiCallContext<'a>,
    ) -> BoxFuture<'a, ClientResult<RS>>
    where
        RS: for<'de> serde::de::Deserialize<'de> + Send + 'a,
        PT: IntoIterator<Item = (&'p str, Option<TS>)> + Clone,
        TS: AsRef<str> + 'p + Send,
    {
        let boundary = random_name(16);
        let mut body = Vec::new();
        if let Some(file) = file {
            let kind = format!("\r\nContent-Type: {}", header_safe(&file.content_type));
            let name = format!("file\"; filename=\"{}", header_safe(&file.name));
            part(&mut body, &boundary, &format!("{name}\"{kind}"), file.data);
        }
        for (name, value) in params.clone() {
            if let Some(value) = value {
                let name = format!("{}\"", header_safe(name));
                part(&mut body, &boundary, &name, value.as_ref().as_bytes());
            }
        }
        body.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
        let kind = format!("multipart/form-data; boundary={boundary}");
        let request = self.http.post(full_uri.clone()).header("content-type", kind);
        self.call(request.body(body), full_uri, &context)
    }

    fn http_post_uri_binary<'a, 'p, RS>(
        &'a self,
        full_uri: Url,
        content_type: String,
        data: &'a [u8],
        context: SlackClientApiCallContext<'a>,
    ) -> BoxFuture<'a, ClientResult<RS>>
    where
        RS: for<'de> serde::de::Deserialize<'de> + Send + 'a,
    {
        let request = self.http.post(full_uri.clone()).header("content-type", content_type);
        self.call(request.body(data.to_vec()), full_uri, &context)
    }
}

/// Sorts an answer: Slack says `ok` and errors alike with status 200.
fn read<RS: DeserializeOwned>(reply: &Reply) -> ClientResult<RS> {
    if reply.status == StatusCode::TOO_MANY_REQUESTS {
        let limit = SlackRateLimitError::new().opt_retry_after(reply.retry_after);
        return Err(SlackClientError::RateLimitError(limit));
    }
    let envelope: Result<Value, _> = serde_json::from_slice(&reply.body);
    if !reply.status.is_success() {
        return Err(match envelope.ok().as_ref().and_then(|value| loose::text(value, "/error")) {
            Some(code) if reply.status.is_client_error() => refused(code, Vec::new()),
            _ => SlackClientError::HttpError(SlackClientHttpError::new(reply.status)),
        });
    }
    let envelope = envelope.map_err(senseless)?;
    if loose::flag(&envelope, "/ok") {
        return serde_json::from_value(envelope).map_err(senseless);
    }
    match loose::text(&envelope, "/error") {
        Some(code) => Err(refused(code, messages_of(&envelope))),
        None => Err(senseless(serde_json::Error::custom("neither ok nor error"))),
    }
}

/// What Slack adds to an error, short enough for a log line.
fn messages_of(envelope: &Value) -> Vec<String> {
    let listed = loose::items(envelope, "/response_metadata/messages");
    let listed = listed.iter().chain(loose::items(envelope, "/errors"));
    let texts = listed.filter_map(Value::as_str);
    texts.take(10).map(|text| text.chars().take(300).collect()).collect()
}

fn refused(code: &str, messages: Vec<String>) -> SlackClientError {
    SlackClientError::ApiError(SlackClientApiError::new(code.to_owned()).with_errors(messages))
}

fn senseless(error: serde_json::Error) -> SlackClientError {
    SlackClientError::ProtocolError(SlackClientProtocolError::new(error))
}

fn broken(trouble: Trouble) -> SlackClientError {
    SlackClientError::SystemError(SlackClientSystemError::new().with_cause(Box::new(trouble)))
}

fn sorted(error: &reqwest::Error) -> Trouble {
    if error.is_connect() {
        Trouble::Unreached
    } else if error.is_timeout() {
        Trouble::TimedOut
    } else {
        Trouble::Cut
    }
}

/// Seconds, as Slack gives them, or a date, as a proxy between us may.
fn wait_of(text: &str, clock: &Clock) -> Option<Duration> {
    let seconds = text.trim().parse::<u64>().ok().or_else(|| {
        let until = DateTime::parse_from_rfc2822(text.trim()).ok()?;
        let wait = until.timestamp().saturating_sub(clock.millis().div_euclid(1000));
        Some(u64::try_from(wait).unwrap_or(0))
    })?;
    Some(Duration::from_secs(seconds.clamp(1, LONGEST_WAIT)))
}

fn part(body: &mut Vec<u8>, boundary: &str, name_and_rest: &str, content: &[u8]) {
    let head = format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{name_and_rest}\r\n\r\n");
    body.extend_from_slice(head.as_bytes());
    body.extend_from_slice(content);
    body.extend_from_slice(b"\r\n");
}

fn header_safe(text: &str) -> String {
    text.chars().filter(|c| !c.is_control() && *c != '"' && *c != '\\').collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_is_read_in_seconds_or_as_a_date() {
        let clock = Clock::still(1_792_000_000_000);
        assert_eq!(wait_of("7", &clock), Some(Duration::from_secs(7)));
        assert_eq!(wait_of("0", &clock), Some(Duration::from_secs(1)));
        assert_eq!(wait_of("soon", &clock), None);
        let later = DateTime::from_timestamp(1_792_000_060, 0).unwrap().to_rfc2822();
        assert_eq!(wait_of(&later, &clock), Some(Duration::from_mins(1)));
    }

    #[test]
    fn an_answer_is_sorted_by_what_it_says() {
        let reply = |status: u16, body: &str| Reply {
            status: StatusCode::from_u16(status).unwrap(),
            retry_after: None,
            headers: HeaderMap::new(),
            body: body.as_bytes().to_vec(),
        };
        assert!(read::<Value>(&reply(200, r#"{"ok":true,"metadata":{"n":1}}"#)).is_ok());
        let said = read::<Value>(&reply(200, r#"{"ok":false,"error":"no_text"}"#));
        assert!(matches!(said, Err(SlackClientError::ApiError(error)) if error.code == "no_text"));
        for body in ["", "<html>", "[]", "{}", r#"{"ok":"yes"}"#] {
            let told = read::<Value>(&reply(200, body));
            assert!(matches!(told, Err(SlackClientError::ProtocolError(_))), "{body}");
        }
        assert!(matches!(read::<Value>(&reply(302, "")), Err(SlackClientError::HttpError(_))));
    }
}
