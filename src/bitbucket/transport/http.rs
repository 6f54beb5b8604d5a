//! The one outgoing client, and one exchange over it: bounded in time and size, logged and counted.

use std::error::Error as _;
use std::time::Duration;

use reqwest::header::HeaderMap;
use reqwest::redirect::Policy;
use reqwest::{Certificate, Client, ClientBuilder, Method, Proxy, RequestBuilder, Response};
use tokio::time::{Instant, timeout_at};
use url::Url;

use crate::bitbucket::{Error, Result};

const CONNECT: Duration = Duration::from_secs(5);

/// By which way calls go out, and who is trusted besides those the system trusts.
#[derive(Debug, Clone, Default)]
pub struct Outgoing {
    /// Every call goes through it, where there is one.
    pub proxy: Option<Proxy>,
    /// Certificates of an authority of the operator's own.
    pub trust: Vec<Certificate>,
}

/// The client for every outgoing call; clones share its connections.
#[derive(Debug, Clone)]
pub struct Http(Client);

impl Http {
    /// Builds it, with the system's roots of trust.
    pub fn new() -> Result<Self> {
        Self::going(&Outgoing::default())
    }

    /// The same by this way, and with whoever else is to be trusted.
    pub fn going(outgoing: &Outgoing) -> Result<Self> {
        if rustls::crypto::CryptoProvider::get_default().is_none() {
            // Somebody may install one in the same moment; theirs is as good.
            let _ = rustls::crypto::ring::default_provider().install_default();
        }
        let client = builder(outgoing).tls_certs_merge(outgoing.trust.clone()).build().or_else(|error| {
            // A bare container has no roots at all. Plain http must work there nevertheless.
            tracing::warn!(%error, "no certificates to trust were found: https will fail");
            builder(outgoing).tls_certs_only(outgoing.trust.clone()).build()
        });
        client.map(Self).map_err(|_| Error::Down("the TLS library does not start.".into()))
    }

    /// The client itself, for whoever else calls out.
    pub fn client(&self) -> &Client {
        &self.0
    }

    pub(in crate::bitbucket) fn request(&self, method: Method, url: Url) -> RequestBuilder {
        self.0.request(method, url)
    }

    /// Sends once and takes the whole answer in.
    pub(in crate::bitbucket) async fn exchange(
        &self,
        request: RequestBuilder,
        call: &Call<'_>,
    ) -> std::result::Result<Answer, Silence> {
        let request = match request.build() {
            Ok(request) => request,
            Err(error) => return Err(call.silence(false, "it could not be asked for", &error)),
        };
        let host = request.url().host_str().unwrap_or_default().to_owned();
        let method = request.method().clone();
        let begun = Instant::now();
        let outcome = match timeout_at(call.ends, self.converse(request, call)).await {
            Ok(outcome) => outcome,
            Err(late) => Err(call.silence(true, "no answer came in time", &late)),
        };
        let status = match &outcome {
            Ok(answer) => answer.status.to_string(),
            Err(_) => "none".to_owned(),
        };
        let (path, ms) = (call.path, begun.elapsed().as_millis());
        tracing::debug!(%host, %method, path, status, ms, "called");
        metrics::counter!("dipper_outgoing_total", "host" => host, "status" => status).increment(1);
        outcome
    }

    async fn converse(
        &self,
        request: reqwest::Request,
        call: &Call<'_>,
    ) -> std::result::Result<Answer, Silence> {
        let answer = self.0.execute(request).await.map_err(|error| {
            if error.is_connect() {
                call.silence(false, "no connection", &error.without_url())
            } else {
                call.silence(true, "the connection was lost", &error.without_url())
            }
        })?;
        let status = answer.status().as_u16();
        let headers = answer.headers().clone();
        let body = whole(answer, call).await?;
        Ok(Answer { status, headers, body })
    }
}

fn builder(outgoing: &Outgoing) -> ClientBuilder {
    let client = Client::builder()
        .connect_timeout(CONNECT)
        .redirect(Policy::none())
        .no_proxy()
        .user_agent(concat!("Dipper/", env!("CARGO_PKG_VERSION")));
    match &outgoing.proxy {
        Some(proxy) => client.proxy(proxy.clone()),
        None => client,
    }
}

async fn whole(mut answer: Response, call: &Call<'_>) -> std::result::Result<Vec<u8>, Silence> {
    let mut body = Vec::new();
    loop {
        match answer.chunk().await {
            Ok(Some(chunk)) if body.len() + chunk.len() > call.largest => {
                let mut silence = call.silence(true, "its answer is too large", &"over the limit");
                silence.passing = false;
                return Err(silence);
            }
            Ok(Some(chunk)) => body.extend_from_slice(&chunk),
            Ok(None) => return Ok(body),
            Err(error) => return Err(call.silence(true, "its answer was cut short", &error.without_url())),
        }
    }
}

/// What is said of one exchange where it is logged, and when it must be over.
#[derive(Debug, Clone, Copy)]
pub(in crate::bitbucket) struct Call<'a> {
    /// What it is for, as a verb: "merge the pull request".
    pub operation: &'static str,
    /// The path without the names in it.
    pub path: &'a str,
    /// Not a moment longer.
    pub ends: Instant,
    /// Not a byte more.
    pub largest: usize,
}

impl Call<'_> {
    fn silence(&self, sent: bool, words: &str, cause: &(dyn Cause + '_)) -> Silence {
        tracing::warn!(path = self.path, cause = cause.told(), "{words}");
        Silence { words: format!("{words} when asked to {}.", self.operation), sent, passing: true }
    }
}

/// No answer, or not a whole one.
#[derive(Debug, Clone)]
pub(in crate::bitbucket) struct Silence {
    /// What happened, for a person.
    pub words: String,
    /// Whether Bitbucket may have got the question.
    pub sent: bool,
    /// Whether asking again may help.
    pub passing: bool,
}

/// A reason for the log: the whole chain of it.
trait Cause {
    fn told(&self) -> String;
}

impl Cause for &str {
    fn told(&self) -> String {
        (*self).to_owned()
    }
}

impl Cause for tokio::time::error::Elapsed {
    fn told(&self) -> String {
        self.to_string()
    }
}

impl Cause for reqwest::Error {
    fn told(&self) -> String {
        let mut told = self.to_string();
        let mut cause = self.source();
        while let Some(because) = cause {
            told = format!("{told}: {because}");
            cause = because.source();
        }
        told
    }
}

/// What came back, whatever its status.
#[derive(Debug)]
pub(in crate::bitbucket) struct Answer {
    /// 200, 404, 555 …
    pub status: u16,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body, whole.
    pub body: Vec<u8>,
}

impl Answer {
    pub(in crate::bitbucket) fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    pub(in crate::bitbucket) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }
}
