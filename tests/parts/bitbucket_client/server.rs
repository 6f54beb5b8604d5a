//! A server that says what a test tells it to say, and remembers what it was asked.

use std::collections::VecDeque;
use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use dipper::bitbucket::{Bitbucket, Edition, Error, Http, Result, Site, SiteSettings, TokenSource};
use dipper::clock::Clock;
use dipper::seal::Secret;
use dipper::words::names::{Instance, PrName, RepoName};
use serde_json::{Value, json};

pub(crate) const NOW: i64 = 1_700_000_000_000;
/// A commit.
pub(crate) const HASH: &str = "0123456789abcdef0123456789abcdef01234567";

/// What is answered.
#[derive(Clone)]
pub(crate) struct Reply {
    status: u16,
    headers: Vec<(&'static str, String)>,
    body: String,
    wait: Duration,
    cut: bool,
}

pub(crate) fn says(status: u16, body: &str) -> Reply {
    Reply { status, headers: Vec::new(), body: body.to_owned(), wait: Duration::ZERO, cut: false }
}

pub(crate) fn ok(body: &Value) -> Reply {
    says(200, &body.to_string())
}

impl Reply {
    pub(crate) fn with(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }

    pub(crate) fn after(mut self, wait: Duration) -> Self {
        self.wait = wait;
        self
    }

    /// It comes only after everybody has stopped waiting.
    pub(crate) fn lost(self) -> Self {
        self.after(Duration::from_mins(1))
    }

    pub(crate) fn cut_short(mut self) -> Self {
        self.cut = true;
        self
    }
}

/// What was asked.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) line: String,
    pub(crate) query: String,
    pub(crate) authorization: String,
    pub(crate) if_none_match: String,
    pub(crate) body: String,
}

#[derive(Clone, Default)]
struct Script(Arc<Mutex<Inner>>);

#[derive(Default)]
struct Inner {
    refused: Option<(String, Reply)>,
    replies: Vec<(String, VecDeque<Reply>)>,
    asked: Vec<Asked>,
}

impl Inner {
    fn reply_to(&mut self, line: &str, token: &str) -> Option<Reply> {
        if let Some((_, reply)) = self.refused.as_ref().filter(|(refused, _)| refused == token) {
            return Some(reply.clone());
        }
        match self.replies.iter_mut().find(|(known, _)| known == line) {
            Some((_, replies)) if replies.len() > 1 => replies.pop_front(),
            Some((_, replies)) => replies.front().cloned(),
            None => None,
        }
    }
}

/// The server; dropping it stops it.
pub(crate) struct Server {
    pub(crate) url: String,
    script: Script,
    task: tokio::task::JoinHandle<()>,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Server {
    pub(crate) async fn start() -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let script = Script::default();
        let router = Router::new().fallback(answer).with_state(script.clone());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let task = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { url, script, task }
    }

    /// To "METHOD /path" this is answered; told more than once, one after the other, the last for ever.
    pub(crate) fn on(&self, line: &str, reply: Reply) -> &Self {
        let mut inner = self.script.0.lock().unwrap();
        match inner.replies.iter_mut().find(|(known, _)| known == line) {
            Some((_, replies)) => replies.push_back(reply),
            None => inner.replies.push((line.to_owned(), [reply].into())),
        }
        drop(inner);
        self
    }

    /// Whoever comes with this token is answered so, whatever they ask.
    pub(crate) fn on_token(&self, token: &str, reply: Reply) -> &Self {
        self.script.0.lock().unwrap().refused = Some((format!("Bearer {token}"), reply));
        self
    }

    pub(crate) fn asked(&self, line: &str) -> Vec<Asked> {
        let inner = self.script.0.lock().unwrap();
        inner.asked.iter().filter(|asked| asked.line == line).cloned().collect()
    }

    /// The JSON that was sent there the last time.
    pub(crate) fn sent(&self, line: &str) -> Value {
        let asked = self.asked(line).pop().unwrap_or_else(|| panic!("nobody asked {line}"));
        serde_json::from_str(&asked.body).unwrap_or(Value::Null)
    }

    /// Ada's Cloud or Data Center, as far as every play needs it.
    pub(crate) async fn of(edition: Edition) -> (Self, Box<dyn Bitbucket>) {
        let server = Self::start().await;
        let bitbucket = match edition {
            Edition::Cloud => server.cloud(),
            Edition::DataCenter => server.dc(),
        };
        server.people();
        (server, bitbucket)
    }

    /// Ada, who asks, and Bob.
    pub(crate) fn people(&self) -> &Self {
        self.on("GET /2.0/user", ok(&json!({"uuid": "{ada}", "display_name": "Ada"})))
            .on(&dc("GET", "/api/latest/application-properties"), ok(&json!({})).with("X-AUSERNAME", "ada"))
            .on(
                &dc("GET", "/api/latest/users/ada"),
                ok(&json!({"name": "ada", "slug": "ada", "displayName": "Ada"})),
            )
            .on(
                &dc("GET", "/api/latest/users/bob"),
                ok(&json!({"name": "Bob", "slug": "bob", "displayName": "Bob"})),
            )
    }

    pub(crate) fn times(&self, line: &str) -> usize {
        self.asked(line).len()
    }

    pub(crate) fn site(&self, edition: Edition) -> Site {
        site(&self.url, edition, "bot@example.com:token")
    }

    pub(crate) fn cloud(&self) -> Box<dyn Bitbucket> {
        self.site(Edition::Cloud).as_person(Arc::new(Tokens::default()))
    }

    pub(crate) fn dc(&self) -> Box<dyn Bitbucket> {
        self.site(Edition::DataCenter).as_person(Arc::new(Tokens::default()))
    }
}

/// A Bitbucket at this address, with a service token.
pub(crate) fn site(url: &str, edition: Edition, service_token: &str) -> Site {
    let base = match edition {
        Edition::Cloud => "2.0",
        Edition::DataCenter => "bitbucket/rest",
    };
    let settings = SiteSettings {
        name: Instance::new("here"),
        edition,
        url: format!("{url}/bitbucket").parse().unwrap(),
        api_url: format!("{url}/{base}").parse().unwrap(),
        client: Some(("an-id".to_owned(), "a-secret".into())),
        service_token: Some(service_token.into()),
        owner_tokens: [("pay".to_owned(), "of-pay".into())].into(),
        webhook_secrets: vec!["hush".into()],
    };
    Site::new(settings, &Http::new().unwrap(), Clock::still(NOW))
}

/// The same in a person's name.
pub(crate) fn site_at(url: &str, edition: Edition) -> Box<dyn Bitbucket> {
    site(url, edition, "x").as_person(Arc::new(Tokens::default()))
}

async fn answer(State(script): State<Script>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap();
    let line = format!("{} {}", parts.method, parts.uri.path());
    let reply = {
        let mut inner = script.0.lock().unwrap();
        inner.asked.push(Asked {
            line: line.clone(),
            query: parts.uri.query().unwrap_or_default().to_owned(),
            authorization: header(&parts.headers, "authorization"),
            if_none_match: header(&parts.headers, "if-none-match"),
            body: String::from_utf8(body.to_vec()).unwrap(),
        });
        inner.reply_to(&line, &header(&parts.headers, "authorization"))
    };
    let reply = reply.unwrap_or_else(|| says(404, "Not Found"));
    tokio::time::sleep(reply.wait).await;
    written(reply)
}

fn header(headers: &HeaderMap, name: &str) -> String {
    headers.get(name).map_or("", |value| value.to_str().unwrap()).to_owned()
}

fn written(reply: Reply) -> Response {
    let mut response = Response::builder().status(StatusCode::from_u16(reply.status).unwrap());
    for (name, value) in reply.headers {
        response = response.header(name, value);
    }
    if !reply.cut {
        return response.body(Body::from(reply.body)).unwrap();
    }
    let half = Bytes::from(reply.body[..reply.body.len() / 2].to_owned());
    let pieces = [Ok(half), Err(io::Error::from(io::ErrorKind::ConnectionReset))];
    let stream = futures_util::stream::iter(pieces);
    response.body(Body::from_stream(stream)).unwrap()
}

/// A person's tokens: `first`, and after renewal `second`; nothing after that.
#[derive(Default)]
pub(crate) struct Tokens {
    renewed: Mutex<usize>,
}

impl Tokens {
    pub(crate) fn renewals(&self) -> usize {
        *self.renewed.lock().unwrap()
    }
}

#[async_trait]
impl TokenSource for Tokens {
    async fn token(&self) -> Result<Secret> {
        Ok("first".into())
    }

    async fn renew(&self, refused: &Secret) -> Result<Secret> {
        *self.renewed.lock().unwrap() += 1;
        match refused.reveal().as_str() {
            "first" => Ok("second".into()),
            _ => Err(Error::SignIn(Instance::new("here"))),
        }
    }
}

/// A line of Data Center's.
pub(crate) fn dc(method: &str, path: &str) -> String {
    format!("{method} /bitbucket/rest{path}")
}

/// A line about the repository web/api on Cloud.
pub(crate) fn in_cloud(method: &str, rest: &str) -> String {
    format!("{method} /2.0/repositories/web/api{rest}")
}

/// The same on Data Center.
pub(crate) fn in_dc(method: &str, rest: &str) -> String {
    dc(method, &format!("/api/latest/projects/web/repos/api{rest}"))
}

/// A page of either edition, the last one.
pub(crate) fn page(values: Value) -> Reply {
    let mut page = json!({"isLastPage": true});
    page["values"] = values;
    ok(&page)
}

pub(crate) fn repo() -> RepoName {
    "here:web/api".parse().unwrap()
}

pub(crate) fn pr() -> PrName {
    "here:web/api#7".parse().unwrap()
}

/// Ada's pull request web/api#7 as Cloud writes it.
pub(crate) fn cloud_pr(state: &str) -> Value {
    json!({
        "id": 7, "title": "Limit the rate", "description": "So it holds.", "state": state,
        "author": {"uuid": "{ada}", "display_name": "Ada", "nickname": "ada"},
        "source": {"branch": {"name": "limit"}, "commit": {"hash": "abc"}, "repository": {"full_name": "web/api"}},
        "destination": {"branch": {"name": "main"}, "repository": {"full_name": "web/api"}},
        "participants": [{"user": {"uuid": "{bob}", "display_name": "Bob"}, "role": "REVIEWER", "state": "approved"}],
        "created_on": "2026-01-01T00:00:00+00:00", "updated_on": "2026-01-02T00:00:00.5+00:00",
    })
}

/// The same as Data Center writes it.
pub(crate) fn dc_pr(state: &str, version: i64) -> Value {
    let repository = json!({"slug": "api", "id": 1, "project": {"key": "web"}});
    json!({
        "id": 7, "version": version, "title": "Limit the rate", "state": state,
        "author": {"user": {"name": "ada", "slug": "ada", "displayName": "Ada"}},
        "fromRef": {"id": "refs/heads/limit", "displayId": "limit", "repository": repository},
        "toRef": {"id": "refs/heads/main", "displayId": "main", "repository": repository},
        "reviewers": [{"user": {"name": "bob", "slug": "bob", "displayName": "Bob"}, "status": "NEEDS_WORK"}],
        "createdDate": 1, "updatedDate": "2026-01-02T00:00:00+0000",
    })
}

/// Where the recordings are, on a machine that has them.
pub(crate) fn fixtures(folder: &str) -> Option<PathBuf> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let places = ["../shared/fixtures", "../../shared/fixtures"];
    let found = places.iter().map(|place| root.join(place).join(folder)).find(|place| place.is_dir());
    if found.is_none() {
        println!("skipped: no recordings beside the repository");
    }
    found
}

/// What went wrong, by its sort and in its words.
pub(crate) fn sorted<T: std::fmt::Debug>(answer: Result<T>) -> String {
    let error = answer.unwrap_err();
    let words = error.said().map(ToString::to_string).unwrap_or_default();
    let sort = match error {
        Error::SignIn(_) => "sign in",
        Error::Forbidden(_) => "forbidden",
        Error::NotFound(_) => "not found",
        Error::Refused(_) => "refused",
        Error::LacksScope(lacking) => return format!("lacks {}: {lacking}", lacking.scopes.join(" ")),
        Error::NotOffered(told) => return format!("not offered: {told}"),
        Error::Conflict(_) => "conflict",
        Error::Slow { .. } => "slow",
        Error::Down(_) => "down",
        Error::InDoubt(_) => "in doubt",
        Error::Unreadable(_) => "unreadable",
    };
    if words.is_empty() { sort.to_owned() } else { format!("{sort}: {words}") }
}
