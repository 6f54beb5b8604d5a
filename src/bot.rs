//! Floor 3: the bot's handles, who asks, and how every request can end.

mod cards;
mod hearing;
mod homes;
mod hooks;
mod looked_up;
mod missing;
mod presence;
mod reference;
mod standing;
mod trail;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use url::Url;

use crate::accounts::{self, Accounts};
use crate::bitbucket::{self, Bitbucket, Lacking, Site};
use crate::clock::Clock;
use crate::seal::{self, Seal};
use crate::slack::{self, SlackBot, Standing};
use crate::store::{self, Arrival, DONE_HERE, NewDelivery, Store};
use crate::words::Advice;
use crate::words::access::RightChange;
use crate::words::message::{Button, Line, Message};
use crate::words::names::{Instance, SlackUser, Team};
use crate::words::pull_request::PullRequest;
use crate::words::work::{Caller, DrawCard, DrawRequest, EndGrant, NewJob, Ring, TellWhispers, Urgency};
use crate::workspaces::{self, Workspaces};

pub use hearing::{Ear, Hearing};
pub use hooks::HookState;
use looked_up::LookedUp;
pub use missing::or_instead;
pub use presence::Presence;
pub use standing::Standings;
pub use trail::{DONE, Trail};

/// A burst that does not end is told after so many times the quiet it waits for.
const ENDLESS: i64 = 5;

/// Everything a command, a notice or a job may use. Cheap to clone.
#[derive(Clone)]
pub struct Bot {
    /// What survives a restart.
    pub store: Store,
    /// The Slack workspaces the bot is in.
    pub workspaces: Workspaces,
    /// The connected Bitbuckets, by name.
    pub sites: Arc<BTreeMap<Instance, Site>>,
    /// Who people are on them.
    pub accounts: Accounts,
    /// The keys.
    pub seal: Seal,
    /// The time.
    pub clock: Clock,
    /// How browsers reach the bot, where they can.
    pub public_url: Option<Url>,
    /// The Bitbuckets where a person's own token goes with their e-mail address.
    with_address: Arc<BTreeSet<Instance>>,
    /// Who administers Dipper, where the settings name them.
    pub admins: Arc<Vec<String>>,
    /// How long it has to be quiet before a burst is told, in milliseconds.
    pub fold: i64,
    /// What people were just offered while they typed.
    pub looked_up: Arc<LookedUp>,
    /// What people are in Slack, as far as it was asked lately.
    standings: Arc<Standings>,
    /// How it hears from Slack.
    pub ear: Ear,
    /// Wakes the worker.
    pub nudge: Arc<Notify>,
    /// What the slash command is called here; the manifest may have renamed it.
    slash: Arc<Mutex<String>>,
}

/// What every command answers.
pub type Outcome = Result<Message, Failure>;

/// Why something was not done, sorted by who can act.
#[derive(Debug)]
pub enum Failure {
    /// The person can: this is what they are told.
    Told(Box<Message>),
    /// A second person can, who was asked: this is what the first is told.
    Waits(Box<Message>),
    /// The person can, by connecting their account there.
    SignIn(Instance),
    /// The person can, by allowing what their connection lacks.
    Wider(Box<Lacking>),
    /// Nobody: the bot is not in that workspace any more, and nothing is left to say there.
    Removed(Team),
    /// Nobody needs to: it is tried again, not before the given time has passed.
    Later {
        /// What was in the way, for the person if it lasts.
        why: String,
        /// How long we were asked to wait.
        after: Option<Duration>,
    },
    /// We must: it is logged, and the person gets a reference.
    Ours(String),
}

impl Failure {
    /// A refusal in words; backticks set code.
    pub fn told(sentence: impl Into<Line>) -> Self {
        Self::Told(Box::new(Message::line(sentence)))
    }
}

impl From<Advice> for Failure {
    fn from(advice: Advice) -> Self {
        Self::told(advice.0)
    }
}

impl From<bitbucket::Error> for Failure {
    fn from(error: bitbucket::Error) -> Self {
        use bitbucket::Error as E;
        if let Some(said) = error.said() {
            let reference = said.reference.as_deref().unwrap_or_default();
            tracing::info!(status = said.status, reference, words = %said, "Bitbucket did not do it");
        }
        match error {
            E::SignIn(instance) => Self::SignIn(instance),
            E::LacksScope(lacking) => Self::Wider(lacking),
            E::Slow { retry_after, .. } => {
                Self::Later { why: "Bitbucket asks to slow down.".to_owned(), after: retry_after }
            }
            E::Down(_) => Self::Later { why: error.to_string(), after: None },
            E::Unreadable(_) => Self::Ours(error.to_string()),
            told => Self::told(told.to_string()),
        }
    }
}

impl From<slack::Error> for Failure {
    fn from(error: slack::Error) -> Self {
        match error {
            slack::Error::RateLimited { retry_after, .. } => {
                Self::Later { why: "Slack asks to slow down.".to_owned(), after: Some(retry_after) }
            }
            slack::Error::Down { .. } | slack::Error::Unreadable { .. } => {
                Self::Later { why: error.to_string(), after: None }
            }
            other => Self::Ours(other.to_string()),
        }
    }
}

impl From<accounts::Error> for Failure {
    fn from(error: accounts::Error) -> Self {
        match error {
            accounts::Error::NotLinked(instance) => Self::SignIn(instance),
            accounts::Error::Store(error) => error.into(),
            accounts::Error::Seal(error) => error.into(),
        }
    }
}

impl From<workspaces::Error> for Failure {
    fn from(error: workspaces::Error) -> Self {
        match error {
            workspaces::Error::NotIn(team) => Self::Removed(team),
            workspaces::Error::Slack(error) => error.into(),
            workspaces::Error::Store(error) => error.into(),
            workspaces::Error::Seal(error) => error.into(),
        }
    }
}

impl From<store::Error> for Failure {
    fn from(error: store::Error) -> Self {
        if error.is_unavailable() || error.is_busy() {
            Self::Later { why: "Dipper's database does not answer.".to_owned(), after: None }
        } else {
            Self::Ours(error.to_string())
        }
    }
}

impl From<seal::Error> for Failure {
    fn from(error: seal::Error) -> Self {
        Self::Ours(error.to_string())
    }
}

/// What `app` joins into a bot.
pub struct Parts {
    /// What survives a restart.
    pub store: Store,
    /// The Slack workspaces the bot is in.
    pub workspaces: Workspaces,
    /// The connected Bitbuckets.
    pub sites: Vec<Site>,
    /// The keys.
    pub seal: Seal,
    /// The time.
    pub clock: Clock,
    /// How browsers reach the bot.
    pub public_url: Option<Url>,
    /// The Bitbuckets where a person's own token goes with their e-mail address.
    pub with_address: BTreeSet<Instance>,
    /// Who administers Dipper, by Slack user id; the workspace's owners and admins when none.
    pub admins: Vec<String>,
    /// How long it has to be quiet before a burst is told, in milliseconds.
    pub fold: i64,
}

impl Bot {
    /// A bot of these parts.
    pub fn new(parts: Parts) -> Self {
        let accounts = Accounts::new(parts.store.clone(), parts.seal.clone(), parts.clock.clone());
        Self {
            accounts,
            store: parts.store,
            workspaces: parts.workspaces,
            sites: Arc::new(parts.sites.into_iter().map(|site| (site.name().clone(), site)).collect()),
            seal: parts.seal,
            clock: parts.clock,
            public_url: parts.public_url,
            with_address: Arc::new(parts.with_address),
            admins: Arc::new(parts.admins),
            fold: parts.fold,
            standings: Arc::default(),
            looked_up: Arc::default(),
            ear: Ear::default(),
            nudge: Arc::default(),
            slash: Arc::new(Mutex::new("/bb".to_owned())),
        }
    }

    /// How people type a command here: `/bb connect`.
    pub fn slash(&self, rest: &str) -> String {
        let slash = self.slash.lock().unwrap_or_else(PoisonError::into_inner);
        format!("{slash} {rest}").trim_end().to_owned()
    }

    /// Remembers what the slash command is called here.
    pub fn learn_slash(&self, name: &str) {
        let mut slash = self.slash.lock().unwrap_or_else(PoisonError::into_inner);
        if *slash != name && name.starts_with('/') && name.len() <= 33 {
            name.clone_into(&mut slash);
        }
    }

    /// When a burst that began and was last added to at these moments is told: after a while of quiet, and if
    /// it does not end, after so many such whiles.
    pub fn burst_over(&self, first: i64, last: i64) -> i64 {
        last.saturating_add(self.fold).min(first.saturating_add(self.fold.saturating_mul(ENDLESS)))
    }

    /// The bot's hands in a Slack workspace.
    pub async fn slack(&self, team: &Team) -> Result<SlackBot, Failure> {
        Ok(self.workspaces.bot(team).await?)
    }

    /// Whether a person's Slack account was closed; while Slack does not say, it was not.
    pub async fn has_left(&self, user: &SlackUser) -> Result<bool, Failure> {
        Ok(match self.slack(&user.team).await?.user_info(user).await {
            Ok(info) => info.standing == Standing::Gone,
            Err(error) => error.is_gone_person(),
        })
    }

    /// A connected Bitbucket by its name.
    pub fn site(&self, instance: &Instance) -> Result<&Site, Failure> {
        self.sites.get(instance).ok_or_else(|| {
            let known: Vec<&str> = self.sites.keys().map(Instance::as_str).collect();
            let known = if known.is_empty() { "none yet".to_owned() } else { known.join(", ") };
            Failure::told(format!("No Bitbucket here is called `{instance}`; connected: {known}."))
        })
    }

    /// The Bitbuckets people can connect an account on: those with an OAuth client, or where none has
    /// one, all of them, by tokens of people's own.
    pub fn connectable(&self) -> impl Iterator<Item = &Site> {
        let by_client = self.sites.values().any(|site| site.oauth().is_some());
        self.sites.values().filter(move |site| !by_client || site.oauth().is_some())
    }

    /// Whether a person's own token goes with their e-mail address there.
    pub fn goes_with_address(&self, instance: &Instance) -> bool {
        self.with_address.contains(instance)
    }

    /// Has the channels that asked hear of a right that was changed here.
    pub async fn tell_of_right(&self, by: &SlackUser, change: RightChange) -> Result<(), Failure> {
        // Whoever has disconnected meanwhile is nobody there any more.
        let Some(link) = self.store.link(by, &change.repo.instance).await? else { return Ok(()) };
        let instance = link.instance.clone();
        let body =
            serde_json::to_vec(&(link.person, change)).map_err(|error| Failure::Ours(error.to_string()))?;
        let delivery =
            NewDelivery { instance, request_id: None, event_key: DONE_HERE.to_owned(), hook: None, body };
        self.store.accept(Arrival::Delivery(delivery)).await?;
        self.nudge.notify_waiters();
        Ok(())
    }

    /// Keeps what is known of a pull request, and brings its cards up to date.
    pub async fn keep_true(&self, pr: &PullRequest, origin: i64) -> Result<(), Failure> {
        let cards = self.store.cards_of(&pr.name).await?;
        let mut tx = self.store.begin().await?;
        tx.remember(pr).await?;
        for post in cards {
            let work = DrawCard { channel: post.channel, pr: pr.name.clone() };
            tx.enqueue(draw_card(&work, Urgency::Soon).because_of(origin)).await?;
        }
        tx.commit().await?;
        self.nudge.notify_waiters();
        Ok(())
    }
}

/// The job that draws a card: one at a time for each card, and only one waiting.
pub fn draw_card(work: &DrawCard, urgency: Urgency) -> NewJob {
    let key = format!("card:{}:{}:{}", work.channel.team, work.channel.id, work.pr);
    NewJob::of(work).in_order(key.clone()).once(key).urgency(urgency)
}

/// The job that takes away a right which ends by itself.
pub fn ending(grant: i64, at: i64) -> NewJob {
    NewJob::of(&EndGrant { grant }).once(format!("grant:{grant}")).at(at)
}

/// The job that shows a request to those who decide: one at a time for each, and only one waiting.
pub fn showing(request: i64) -> NewJob {
    let key = format!("request:{request:x}");
    NewJob::of(&DrawRequest { request }).in_order(key.clone()).once(key).urgency(Urgency::Soon)
}

/// The job that rings an alarm.
pub fn ringing(alarm: i64, at: i64) -> NewJob {
    NewJob::of(&Ring { alarm }).once(format!("alarm:{alarm:x}")).at(at)
}

/// The job that tells somebody in private what waits for them: one at a time for each, and only one waiting.
pub fn telling(user: &SlackUser) -> NewJob {
    let key = format!("dm:{}:{}", user.team, user.id);
    NewJob::of(&TellWhispers { to: user.clone() }).in_order(key.clone()).once(key)
}

/// Who asks, and everything needed to answer.
pub struct Context<'a> {
    /// The bot.
    pub bot: &'a Bot,
    /// Who asks, and where.
    pub caller: &'a Caller,
    /// Whether an earlier attempt at this very request may have got somewhere before it was cut off.
    pub again: bool,
    /// The request it all comes of, by its id.
    pub origin: i64,
    /// What the audit log will want to know.
    pub trail: Trail,
}

impl Context<'_> {
    /// The caller's own hands on a Bitbucket.
    pub async fn bitbucket(&self, instance: &Instance) -> Result<Box<dyn Bitbucket>, Failure> {
        let site = self.bot.site(instance)?;
        self.trail.on(instance);
        let tokens = self.bot.accounts.tokens(&self.caller.user, site).await?;
        Ok(site.as_person(tokens))
    }

    /// The same for work that nobody waits for: through such a view of the site.
    pub async fn bitbucket_through(&self, site: &Site) -> Result<Box<dyn Bitbucket>, Failure> {
        let tokens = self.bot.accounts.tokens(&self.caller.user, site).await?;
        Ok(site.as_person(tokens))
    }
}

/// The button that starts connecting an account.
pub fn connect_button(instance: &Instance) -> Button {
    use crate::words::message::Action;
    Button::new(format!("Connect {instance}"), Action::named("connect").with("instance", instance.as_str()))
}
