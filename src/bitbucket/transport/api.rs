//! An API, and in whose name it is asked: its questions, how long they may take, and whose answers it trusts.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use reqwest::Method;
use serde::de::DeserializeOwned;
use tokio::time::Instant;
use url::Url;

use crate::bitbucket::lenient::read;
use crate::bitbucket::site::SiteSettings;
use crate::bitbucket::{Error, TokenSource};
use crate::clock::{Clock, millis_of};
use crate::words::names::Instance;

use super::http::{Answer, Http, Silence};
use super::refusal::Failed;
use super::request::Request;
use super::shared::Shared;

/// How long an operation may take with all its calls and waits.
const BUDGET: Duration = Duration::from_secs(30);
/// What happened this long ago may well be what we just asked for.
const JUST_NOW: Duration = Duration::from_mins(5);

type Result<T> = std::result::Result<T, Failed>;

/// An API, and in whose name it is asked; cheap to clone.
#[derive(Clone)]
pub(in crate::bitbucket) struct Api {
    pub(super) http: Http,
    pub(super) clock: Clock,
    pub(super) base: Arc<(Instance, Url)>,
    pub(super) tokens: Arc<dyn TokenSource>,
    pub(super) shared: Arc<Shared>,
    pub(super) background: bool,
    calls: Option<Arc<AtomicU32>>,
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
        shared: &Arc<Shared>,
        tokens: Arc<dyn TokenSource>,
    ) -> Self {
        Self {
            http: http.clone(),
            clock: clock.clone(),
            base: Arc::new((settings.name.clone(), settings.api_url.clone())),
            tokens,
            shared: Arc::clone(shared),
            background: false,
            calls: None,
            budget: None,
            ends: None,
        }
    }

    /// With a tighter limit on each operation.
    pub(in crate::bitbucket) fn within(mut self, budget: Option<Duration>) -> Self {
        self.budget = budget;
        self
    }

    /// Gives way to people.
    pub(in crate::bitbucket) fn in_background(mut self, background: bool) -> Self {
        self.background = background;
        self
    }

    /// Asks no more often than this is allowed for.
    pub(in crate::bitbucket) fn at_most(mut self, calls: Option<Arc<AtomicU32>>) -> Self {
        self.calls = calls;
        self
    }

    /// Takes one of the calls there are, where they are counted.
    pub(super) fn take_call(&self) -> std::result::Result<(), Error> {
        let Some(calls) = &self.calls else { return Ok(()) };
        let taken = calls.try_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1));
        taken.map(drop).map_err(|_| Error::Slow { retry_after: None })
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

    /// A question, by its method and what it is for.
    pub(in crate::bitbucket) fn request(
        &self,
        ask: (Method, &'static str),
        template: &'static str,
        args: &[&str],
    ) -> std::result::Result<Request, Error> {
        Request::new(ask, &self.base.1, template, args)
    }

    /// A question that changes nothing.
    pub(in crate::bitbucket) fn get(
        &self,
        operation: &'static str,
        template: &'static str,
        args: &[&str],
    ) -> std::result::Result<Request, Error> {
        self.request((Method::GET, operation), template, args)
    }

    /// Whether this happened about now, by our clock or by the server's own.
    pub(in crate::bitbucket) fn is_recent(&self, at: i64) -> bool {
        let now = self.clock.millis();
        [now, now.saturating_add(self.shared.skew())]
            .iter()
            .any(|now| now.saturating_sub(at).saturating_abs() <= millis_of(JUST_NOW))
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
            Failed::Other(Error::Unreadable(words.into()))
        })
    }

    /// Where something is stored that Bitbucket sends us to: on a host of its choice, but never less safely.
    pub(super) fn stored_at(&self, from: &Url, address: &str) -> Result<Url> {
        let url = from.join(address).ok();
        url.filter(|url| url.scheme() == "https" || url.scheme() == self.base.1.scheme()).ok_or_else(|| {
            let words = "it points to a place that we cannot read safely.";
            Failed::Other(Error::Unreadable(words.into()))
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
}
