//! Asking in somebody's name: which token, when again, how long at most.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{AUTHORIZATION, CONTENT_LENGTH, HeaderValue};
use reqwest::{Method, RequestBuilder};
use serde::de::DeserializeOwned;
use tokio::time::Instant;
use url::Url;

use crate::bitbucket::lenient::read;
use crate::bitbucket::site::SiteSettings;
use crate::bitbucket::{Error, TokenSource};
use crate::clock::Clock;
use crate::seal::Secret;
use crate::words::names::Instance;

use super::http::{Answer, Call, Http, Silence};
use super::refusal::{Failed, Refusal};
use super::request::Request;

/// How long an operation may take with all its calls and waits.
const BUDGET: Duration = Duration::from_secs(30);
const MOST_TRIES: u32 = 3;
const FIRST_WAIT: Duration = Duration::from_millis(200);
const LONGEST_WAIT: Duration = Duration::from_secs(5);
const MOST_REDIRECTS: usize = 3;

type Result<T> = std::result::Result<T, Failed>;

/// An API, and in whose name it is asked; cheap to clone.
#[derive(Clone)]
pub(in crate::bitbucket) struct Api {
    http: Http,
    clock: Clock,
    base: Arc<(Instance, Url)>,
    tokens: Arc<dyn TokenSource>,
    budget: Option<Duration>,
    ends: Option<Instant>,
}

impl fmt::Debug for Api {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Api({})", self.base.1)
    }
}

impl Api {
    pub(in crate::bitbucket) fn new(
        http: &Http,
        clock: &Clock,
        settings: &SiteSettings,
        tokens: Arc<dyn TokenSource>,
    ) -> Self {
        Self {
            http: http.clone(),
            clock: clock.clone(),
            base: Arc::new((settings.name.clone(), settings.api_url.clone())),
            tokens,
            budget: None,
            ends: None,
        }
    }

    /// With a tighter limit on each operation.
    pub(in crate::bitbucket) fn within(mut self, budget: Option<Duration>) -> Self {
        self.budget = budget;
        self
    }

    /// Starts the operation's time; what is begun already keeps its end.
    pub(in crate::bitbucket) fn begun(&self, least: Duration) -> Self {
        let budget = self.budget.unwrap_or(BUDGET.max(least));
        let mut begun = self.clone();
        begun.ends = self.ends.or_else(|| Some(Instant::now() + budget));
        begun
    }

    /// When the operation has to be over.
    pub(in crate::bitbucket) fn ends(&self) -> Instant {
        self.ends.unwrap_or_else(|| Instant::now() + BUDGET)
    }

    pub(in crate::bitbucket) fn get(
        &self,
        operation: &'static str,
        template: &'static str,
        args: &[&str],
    ) -> std::result::Result<Request, Error> {
        Request::new((Method::GET, operation), &self.base.1, template, args)
    }

    pub(in crate::bitbucket) fn post(
        &self,
        operation: &'static str,
        template: &'static str,
        args: &[&str],
    ) -> std::result::Result<Request, Error> {
        Request::new((Method::POST, operation), &self.base.1, template, args)
    }

    pub(in crate::bitbucket) fn put(
        &self,
        operation: &'static str,
        template: &'static str,
        args: &[&str],
    ) -> std::result::Result<Request, Error> {
        Request::new((Method::PUT, operation), &self.base.1, template, args)
    }

    /// Reads what is there at an address Bitbucket gave us.
    pub(in crate::bitbucket) fn get_at(&self, request: &Request, address: &str) -> Result<Request> {
        let url = self.own_url(&request.url, address)?;
        let mut next = request.clone().at(url).repeatable();
        (next.method, next.body) = (Method::GET, None);
        Ok(next)
    }

    /// An address Bitbucket gave us, if it is its own: nothing else ever sees a token of ours.
    pub(super) fn own_url(&self, from: &Url, address: &str) -> Result<Url> {
        let url = from.join(address).ok();
        url.filter(|url| url.origin() == self.base.1.origin()).ok_or_else(|| {
            let words = "it points to another host, where we do not follow.";
            Failed::Other(Error::Unreadable(words.to_owned()))
        })
    }

    /// Asks and reads the answer.
    pub(in crate::bitbucket) async fn read<T: DeserializeOwned>(&self, request: &Request) -> Result<T> {
        let answer = self.send(request).await?;
        Self::decode(request, &answer)
    }

    /// Reads a successful answer. What cannot be read may have been done all the same.
    pub(in crate::bitbucket) fn decode<T: DeserializeOwned>(request: &Request, answer: &Answer) -> Result<T> {
        read(&answer.body).map_err(|_| Failed::Unanswered {
            silence: Silence {
                words: format!("its answer makes no sense when asked to {}.", request.operation),
                sent: true,
                passing: false,
            },
            repeatable: request.repeatable,
        })
    }

    /// Asks until there is an answer, or no sense in asking on.
    pub(in crate::bitbucket) async fn send(&self, request: &Request) -> Result<Answer> {
        let mut token = self.tokens.token().await?;
        let mut renewed = false;
        let mut tries = 0;
        loop {
            let failed = match self.once(request, &token).await {
                Ok(answer) => return Ok(answer),
                Err(Failed::Answered(refusal)) if refusal.asks_who() => {
                    if renewed {
                        return Err(self.still_unknown(refusal));
                    }
                    token = self.tokens.renew(&token).await?;
                    renewed = true;
                    continue;
                }
                Err(failed) => failed,
            };
            tries += 1;
            match self.wait_before(tries, request, &failed) {
                Some(wait) => tokio::time::sleep(wait).await,
                None => return Err(failed),
            }
        }
    }

    /// One try, and the redirects on the way.
    async fn once(&self, request: &Request, token: &Secret) -> Result<Answer> {
        let mut url = request.url.clone();
        for _ in 0..=MOST_REDIRECTS {
            let answer = self.exchange(request, &url, token).await?;
            let onward = answer.header("location").filter(|_| (300..400).contains(&answer.status));
            match onward {
                Some(onward) if request.method == Method::GET => url = self.own_url(&url, onward)?,
                _ if answer.is_success() => return Ok(answer),
                _ => {
                    let mut refusal = Refusal::read(request.operation, &answer);
                    refusal.repeatable = request.repeatable;
                    return Err(Failed::Answered(refusal));
                }
            }
        }
        let words = format!("it sends us round in circles when asked to {}.", request.operation);
        Err(Failed::Other(Error::Unreadable(words)))
    }

    async fn exchange(&self, request: &Request, url: &Url, token: &Secret) -> Result<Answer> {
        let call = Call {
            operation: request.operation,
            path: request.template,
            ends: self.ends().min(Instant::now() + request.patience),
        };
        let mut asked = self.http.request(request.method.clone(), url.clone());
        asked = authorized(asked, token).header("X-Atlassian-Token", "no-check");
        asked = match &request.body {
            Some(body) => asked.json(body),
            None if request.method == Method::GET => asked,
            // Bitbucket Cloud answers 411 where nothing says that there is no body.
            None => asked.header(CONTENT_LENGTH, HeaderValue::from_static("0")),
        };
        let answer = self.http.exchange(asked, &call).await;
        answer.map_err(|silence| Failed::Unanswered { silence, repeatable: request.repeatable })
    }

    fn wait_before(&self, tries: u32, request: &Request, failed: &Failed) -> Option<Duration> {
        if !request.repeatable || tries >= MOST_TRIES || !failed.is_passing() {
            return None;
        }
        let pause = FIRST_WAIT * 2_u32.pow(tries - 1);
        let wait = failed.wait().unwrap_or(pause) + self.clock.jitter(pause);
        (wait <= LONGEST_WAIT && Instant::now() + wait < self.ends()).then_some(wait)
    }

    fn still_unknown(&self, refusal: Refusal) -> Failed {
        if refusal.speaks_of_rights() {
            Failed::Answered(refusal)
        } else {
            Failed::Other(Error::SignIn(self.base.0.clone()))
        }
    }
}

/// A pair `name:secret` goes by HTTP Basic; a token, which holds no colon, as a bearer.
fn authorized(request: RequestBuilder, token: &Secret) -> RequestBuilder {
    match token.reveal().split_once(':') {
        Some((name, secret)) => request.basic_auth(name, Some(secret)),
        None => match HeaderValue::from_str(&format!("Bearer {}", token.reveal())) {
            Ok(mut value) => {
                value.set_sensitive(true);
                request.header(AUTHORIZATION, value)
            }
            // A token with a line break in it is none; without one Bitbucket asks who we are.
            Err(_) => request,
        },
    }
}
