//! One connected Bitbucket: its addresses, its credentials, its webhooks, and the ways to act on it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::AtomicU32;
use std::time::Duration;

use async_trait::async_trait;
use serde::Deserialize;
use url::Url;

use crate::clock::Clock;
use crate::seal::Secret;
use crate::words::names::{Instance, RepoName, Topic};
use crate::words::pull_request::PullRequestFilter;

use super::cloud::Cloud;
use super::datacenter::DataCenter;
use super::event::{Dropped, Event, Kind, Source, kind_of, kinds_of};
use super::mentions::{self, Mentioned};
use super::oauth::OAuth;
use super::signature::{self, Unverified};
use super::transport::{Api, Http, Ledger, Shared};
use super::{Bitbucket, Credential, Error, Result, TokenSource, cloud, datacenter};

/// So often a digest asks Cloud, and a server of one's own, which lets five calls a second through: a digest is not
/// to be waited for longer than a minute.
const CALLS_OF_A_DIGEST: (u32, u32) = (50, 200);

/// Which Bitbucket it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Edition {
    /// bitbucket.org.
    Cloud,
    /// One's own server.
    DataCenter,
}

/// What the operator says about a Bitbucket.
#[derive(Debug, Clone)]
pub struct SiteSettings {
    /// What it is called here.
    pub name: Instance,
    /// Which one it is.
    pub edition: Edition,
    /// Where people read it.
    pub url: Url,
    /// Where its API is (`…/2.0` on Cloud, `…/rest` on Data Center).
    pub api_url: Url,
    /// The OAuth client: id and secret.
    pub client: Option<(String, Secret)>,
    /// The bot's own credential.
    pub service_token: Option<Secret>,
    /// The same for one workspace alone, by its name in lower case.
    pub owner_tokens: BTreeMap<String, Secret>,
    /// What hand-made webhooks are signed with; more than one while they are exchanged.
    pub webhook_secrets: Vec<Secret>,
}

/// The headers a delivery comes with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DeliveryHeaders {
    /// What happened.
    pub event_key: &'static str,
    /// The same for the same delivery.
    pub request_id: &'static str,
    /// Over the raw body.
    pub signature: &'static str,
}

/// One connected Bitbucket; cheap to clone.
#[derive(Debug, Clone)]
pub struct Site {
    inner: Arc<Inner>,
    shared: Arc<Shared>,
    budget: Option<Duration>,
    background: bool,
    calls: Option<Arc<AtomicU32>>,
}

#[derive(Debug)]
struct Inner {
    settings: SiteSettings,
    home: Home,
    oauth: Option<OAuth>,
    http: Http,
    clock: Clock,
}

impl Site {
    /// From its settings; calls nothing yet.
    pub fn new(settings: SiteSettings, http: &Http, clock: Clock) -> Self {
        let home = Home { instance: settings.name.clone(), url: settings.url.clone() };
        let shared = Arc::new(Shared::new(&settings.name, settings.edition, None));
        let inner = Inner { home, oauth: OAuth::new(&settings, http), http: http.clone(), clock, settings };
        Self { inner: Arc::new(inner), shared, budget: None, background: false, calls: None }
    }

    /// The same, where calls are booked, so that all replicas together ask no more than they may.
    #[must_use]
    pub fn booking_in(&self, ledger: Arc<dyn Ledger>) -> Self {
        let SiteSettings { name, edition, .. } = &self.inner.settings;
        Self { shared: Arc::new(Shared::new(name, *edition, Some(ledger))), ..self.clone() }
    }

    /// What it is called here.
    pub fn name(&self) -> &Instance {
        &self.inner.settings.name
    }

    /// Whether a web address (`https://bitbucket.org`, `https://git.example.com/bitbucket`) is this one's.
    pub fn owns_url(&self, base: &str) -> bool {
        let ours = &self.inner.settings.url;
        Url::parse(base).is_ok_and(|base| {
            base.origin() == ours.origin()
                && base.path().trim_end_matches('/') == ours.path().trim_end_matches('/')
        })
    }

    /// The same, where nobody waits longer than this for an answer.
    #[must_use]
    pub fn within(&self, budget: Duration) -> Self {
        Self { budget: Some(budget), ..self.clone() }
    }

    /// The same for work that nobody waits for: it stops in time to leave people enough.
    #[must_use]
    pub fn in_background(&self) -> Self {
        Self { background: true, ..self.clone() }
    }

    /// The same for a digest: with as many calls as one may make.
    #[must_use]
    pub fn for_digest(&self) -> Self {
        let calls = match self.inner.settings.edition {
            Edition::Cloud => CALLS_OF_A_DIGEST.0,
            Edition::DataCenter => CALLS_OF_A_DIGEST.1,
        };
        Self { calls: Some(Arc::new(AtomicU32::new(calls))), ..self.clone() }
    }

    /// Acts in a person's name.
    pub fn as_person(&self, tokens: Arc<dyn TokenSource>) -> Box<dyn Bitbucket> {
        let Inner { settings, home, http, clock, .. } = &*self.inner;
        let api = Api::new(http, clock, settings, &self.shared, tokens);
        let api = api.within(self.budget).in_background(self.background).at_most(self.calls.clone());
        match settings.edition {
            Edition::Cloud => Box::new(Cloud::new(api, home.clone())),
            Edition::DataCenter => Box::new(DataCenter::new(api, home.clone())),
        }
    }

    /// Acts in the bot's own name, where the operator gave it one. It reads, and changes nothing.
    pub fn as_service(&self) -> Option<Box<dyn Bitbucket>> {
        Some(self.with_token(self.inner.settings.service_token.clone()?, ""))
    }

    /// The same for one workspace or project, which may have a credential of its own.
    pub fn as_service_in(&self, owner: &str) -> Option<Box<dyn Bitbucket>> {
        let owner = owner.to_lowercase();
        match self.inner.settings.owner_tokens.get(&owner) {
            Some(token) => Some(self.with_token(token.clone(), &format!("-{owner}"))),
            None => self.as_service(),
        }
    }

    fn with_token(&self, token: Secret, owner: &str) -> Box<dyn Bitbucket> {
        let name = self.name().clone();
        let goes_by_name = token.reveal().contains(':');
        let credential = Credential::of_service(self.inner.settings.edition, goes_by_name, owner);
        self.as_person(Arc::new(Service { name, token, credential }))
    }

    /// Tries each of the bot's own credentials on something it is there to read, one of `seen` where there is
    /// any: whose it is, and what came of it; no repository where it sees none.
    pub async fn try_service(&self, seen: &[RepoName]) -> Vec<(String, Result<Option<RepoName>>)> {
        let Inner { settings, .. } = &*self.inner;
        let mut tried = Vec::new();
        for (owner, token) in &settings.owner_tokens {
            let hands = self.with_token(token.clone(), &format!("-{owner}"));
            let theirs = seen.iter().find(|repo| repo.owner.eq_ignore_ascii_case(owner)).cloned();
            tried.push((format!(" ({owner})"), try_on(&*hands, theirs, Some(owner)).await));
        }
        if let Some(hands) = self.as_service() {
            let others =
                seen.iter().find(|repo| !settings.owner_tokens.contains_key(&repo.owner.to_lowercase()));
            let anywhere = (settings.edition == Edition::DataCenter).then_some("");
            tried.push((String::new(), try_on(&*hands, others.cloned(), anywhere).await));
        }
        tried
    }

    /// How people connect, where the operator registered a client.
    pub fn oauth(&self) -> Option<&OAuth> {
        self.inner.oauth.as_ref()
    }

    /// Whether a delivery to the hand-made hook is really from this Bitbucket.
    pub fn verify(&self, signature: Option<&str>, body: &[u8]) -> std::result::Result<(), Unverified> {
        signature::verify(&self.inner.settings.webhook_secrets, signature, body)
    }

    /// The kinds of events that a webhook has to tell for these topics.
    pub fn kinds_for(&self, topics: &BTreeSet<Topic>) -> Vec<Kind> {
        kinds_of(self.inner.settings.edition, topics)
    }

    /// The kinds of events that are told under these keys.
    pub fn kinds_told(&self, keys: &[String]) -> Vec<Kind> {
        keys.iter().filter_map(|key| kind_of(self.inner.settings.edition, key).ok()).collect()
    }

    /// The keys that a webhook which asks for these would have to ask for besides.
    pub fn lacks(&self, keys: &[String], kinds: &[Kind]) -> Vec<&'static str> {
        let edition = self.inner.settings.edition;
        let wanted = kinds.iter().flat_map(|kind| kind.accepted(edition));
        wanted.filter(|key| !keys.iter().any(|told| told == key)).collect()
    }

    /// The headers its deliveries come with.
    pub fn delivery_headers(&self) -> DeliveryHeaders {
        DeliveryHeaders {
            event_key: "X-Event-Key",
            request_id: match self.inner.settings.edition {
                Edition::Cloud => "X-Request-UUID",
                Edition::DataCenter => "X-Request-Id",
            },
            signature: "X-Hub-Signature",
        }
    }

    /// Where its news of a topic comes from.
    pub fn source_of(&self, topic: Topic) -> Source {
        Source::of(self.inner.settings.edition, topic)
    }

    /// How often its repositories are looked at for what no webhook told: Cloud tries again what did not get
    /// through, and loses what is too large; Data Center says everything once.
    pub fn looked_at_every(&self) -> Duration {
        match self.inner.settings.edition {
            Edition::Cloud => Duration::from_hours(1),
            Edition::DataCenter => Duration::from_mins(5),
        }
    }

    /// How many of them are looked at in one turn, so that people are left enough of what it lets through.
    pub fn looked_at_once(&self) -> usize {
        match self.inner.settings.edition {
            Edition::Cloud => 60,
            Edition::DataCenter => 600,
        }
    }

    /// Those a text mentions, as people write that there.
    pub fn mentioned(&self, text: &str) -> Vec<Mentioned> {
        mentions::in_text(self.inner.settings.edition, text)
    }

    /// What a delivery says.
    pub fn read_delivery(&self, event_key: &str, body: &[u8]) -> std::result::Result<Event, Dropped> {
        let Inner { settings, home, clock, .. } = &*self.inner;
        let kind = kind_of(settings.edition, event_key)?;
        match settings.edition {
            Edition::Cloud => cloud::webhook::read(home, kind, body, clock.millis()),
            Edition::DataCenter => datacenter::webhook::read(home, kind, body, clock.millis()),
        }
    }
}

/// Reads a repository and its pull requests: this one, or the first that there is around an owner.
async fn try_on(
    hands: &dyn Bitbucket,
    repo: Option<RepoName>,
    owner: Option<&str>,
) -> Result<Option<RepoName>> {
    let repo = match (repo, owner) {
        (Some(repo), _) => Some(repo),
        (None, Some("")) => hands.find_repositories("", 1).await?.pop().map(|found| found.name),
        (None, Some(owner)) => hands.repositories(owner, "", 1).await?.pop().map(|found| found.name),
        (None, None) => None,
    };
    if let Some(repo) = &repo {
        hands.repository(repo).await?;
        hands.pull_requests(repo, &PullRequestFilter::open(), 1).await?;
    }
    Ok(repo)
}

/// The bot's own credential, which nothing renews.
struct Service {
    name: Instance,
    token: Secret,
    credential: Credential,
}

#[async_trait]
impl TokenSource for Service {
    async fn token(&self) -> Result<Secret> {
        Ok(self.token.clone())
    }

    async fn renew(&self, _refused: &Secret) -> Result<Secret> {
        let words = format!(
            "the bot's own token for `{}` is refused; its operator has to give it a new one.",
            self.name
        );
        Err(Error::Forbidden(words.into()))
    }

    fn credential(&self) -> Credential {
        self.credential.clone()
    }
}

/// What a decoder has to know of the site it reads for: its name, and where people read it.
#[derive(Debug, Clone)]
pub(super) struct Home {
    instance: Instance,
    url: Url,
}

impl Home {
    /// A repository of this site; none when what it is called could not be written and read back.
    pub(super) fn repo(&self, owner: &str, slug: &str) -> Option<RepoName> {
        let name =
            RepoName { instance: self.instance.clone(), owner: owner.to_owned(), slug: slug.to_owned() };
        (name.to_string().parse().as_ref() == Ok(&name)).then_some(name)
    }

    /// The web address of a page.
    pub(super) fn page(&self, path: &[&str]) -> String {
        let mut url = self.url.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(path);
        }
        url.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn home(url: &str) -> Home {
        Home { instance: Instance::new("dc"), url: Url::parse(url).unwrap() }
    }

    #[test]
    fn pages_keep_the_context_path_and_escape_what_needs_it() {
        let page = home("https://git.example.com/bitbucket/").page(&["projects", "~a b", "repos", "x/y"]);
        assert_eq!(page, "https://git.example.com/bitbucket/projects/~a%20b/repos/x%2Fy");
    }

    #[test]
    fn only_names_that_read_back_are_names() {
        let home = home("https://git.example.com");
        assert!(home.repo("~JOHN.DOE", "my-repo").is_some());
        for (owner, slug) in [("", "x"), ("a b", "x"), ("a", "../x"), ("a", "x#1"), ("a:b", "x")] {
            assert_eq!(home.repo(owner, slug), None, "{owner}/{slug}");
        }
    }
}
