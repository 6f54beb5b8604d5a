//! Floor 8: the only place where parts are joined. Settings become a bot, the bot gets its doors, its
//! worker and its schedule.

use std::collections::BTreeSet;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::bitbucket::{Booked, Edition, Http, Ledger, Site, SiteSettings};
use crate::bot::{Bot, Parts};
use crate::clock::{Clock, millis_of};
use crate::http::{self, Doors};
use crate::schedule;
use crate::seal::Seal;
use crate::settings::Settings;
use crate::slack::Slack;
use crate::socket::Socket;
use crate::store::{self, Hold, Slot, Store};
use crate::words::names::Instance;
use crate::worker::Worker;
use crate::workspaces::{Installing, Workspaces};

/// How long running jobs may take to end when the process is told to stop.
const PATIENCE: Duration = Duration::from_secs(14);

/// How long closing the web socket may take of that, before anything else is stopped.
const HANGING_UP: Duration = Duration::from_secs(4);

/// Why the bot did not start.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A setting is missing or does not read; the operator can mend it.
    #[error("{0}")]
    Setting(String),
    /// The database did not open.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// The address could not be listened on.
    #[error("can't listen on {0}: {1}")]
    Listen(SocketAddr, io::Error),
}

/// A bot that runs: doors, worker, schedule.
pub struct App {
    /// Where it listens.
    pub address: SocketAddr,
    /// The bot.
    pub bot: Bot,
    stop: CancellationToken,
    /// Stops the web socket, before everything else stops.
    hang_up: CancellationToken,
    socket: Option<JoinHandle<()>>,
    tasks: Vec<JoinHandle<()>>,
    worker: Worker,
    _hold: Hold,
}

/// Opens the database, brings it up to date, and joins a bot.
pub async fn assemble(settings: &Settings, clock: &Clock) -> Result<(Bot, Hold), Error> {
    let keys =
        settings.keys.as_ref().ok_or_else(|| missing("DIPPER_KEYS", "`dipper keys new` prints one"))?;
    let seal = Seal::from_keys(keys)
        .map_err(|error| Error::Setting(format!("DIPPER_KEYS does not read: {error}")))?;
    let installing = installing(settings)?;
    if settings.slack.bot_token.is_none() && installing.is_none() {
        let advice = "it is shown under “OAuth & Permissions” of your Slack app; \
                      for many workspaces set SLACK_CLIENT_ID instead";
        return Err(missing("SLACK_BOT_TOKEN", advice));
    }
    if settings.slack.signing_secret.is_none() && settings.slack.app_token.is_none() {
        let advice = "it is shown under “Basic Information” of your Slack app; \
                      where Slack cannot reach Dipper set SLACK_APP_TOKEN instead";
        return Err(missing("SLACK_SIGNING_SECRET", advice));
    }
    let hold = Store::hold(&settings.database_url)?;
    let store = Store::open(&settings.database_url, clock.clone()).await?;
    store.migrate().await?;
    let http = Http::going(&settings.outgoing).map_err(|error| Error::Setting(error.to_string()))?;
    let slack = Slack::new(settings.slack.api_url.clone(), http.client().clone(), clock.clone());
    let ledger = Arc::new(SharedLedger { store: store.clone(), clock: clock.clone() });
    let site = |site: &SiteSettings| Site::new(site.clone(), &http, clock.clone()).booking_in(ledger.clone());
    let sites = settings.bitbucket.iter().map(site).collect();
    let token = settings.slack.bot_token.as_ref();
    let workspaces = Workspaces::new(slack, token, store.clone(), seal.clone()).installing(installing);
    let parts = Parts {
        store,
        workspaces,
        sites,
        seal,
        clock: clock.clone(),
        public_url: settings.public_url.clone(),
        with_address: with_address(settings),
        admins: settings.admins.clone(),
        fold: settings.fold,
    };
    Ok((Bot::new(parts), hold))
}

/// What Bitbucket lets us ask, kept in the store for all replicas. A store that does not answer keeps nobody
/// from asking.
#[derive(Debug)]
struct SharedLedger {
    store: Store,
    clock: Clock,
}

impl SharedLedger {
    fn until(&self, at: i64) -> Duration {
        Duration::from_millis(u64::try_from(at - self.clock.millis()).unwrap_or(0))
    }
}

#[async_trait]
impl Ledger for SharedLedger {
    async fn book(&self, payer: &str, cost: Duration, limit: Duration) -> Booked {
        let scope = format!("bitbucket:{payer}");
        match self.store.take_slot_within(&scope, millis_of(cost), limit).await {
            Ok(Slot::Theirs(owed)) => Booked::Owed(self.until(owed)),
            Ok(Slot::Later(free)) => Booked::Full(self.until(free).saturating_sub(limit)),
            Err(error) => {
                tracing::warn!(%error, "a call to Bitbucket is not booked");
                Booked::Owed(Duration::ZERO)
            }
        }
    }

    async fn turn(&self, payer: &str, cost: Duration) -> Duration {
        match self.store.take_slot(&format!("bitbucket-line:{payer}"), millis_of(cost)).await {
            Ok(at) => self.until(at),
            Err(error) => {
                tracing::warn!(%error, "a place in line for Bitbucket is not kept");
                cost
            }
        }
    }

    async fn pause(&self, payer: &str, wait: Duration) {
        let until = self.clock.millis().saturating_add(millis_of(wait));
        if let Err(error) = self.store.pause(&format!("bitbucket:{payer}"), until).await {
            tracing::warn!(%error, "other replicas do not hear of a wait");
        }
    }

    async fn paused(&self, payer: &str) -> Option<Duration> {
        let until = self.store.paused_until(&format!("bitbucket:{payer}")).await;
        until.ok().flatten().map(|until| self.until(until))
    }
}

/// On Cloud a token alone says nothing of whose it is.
fn with_address(settings: &Settings) -> BTreeSet<Instance> {
    let clouds = settings.bitbucket.iter().filter(|site| site.edition == Edition::Cloud);
    clouds.map(|site| site.name.clone()).collect()
}

fn missing(name: &str, what: &str) -> Error {
    Error::Setting(format!("{name} is not set; {what}"))
}

/// How workspaces install the bot themselves, where the operator wants that.
fn installing(settings: &Settings) -> Result<Option<Installing>, Error> {
    let Some((client_id, client_secret)) = settings.slack.client.clone() else {
        return Ok(None);
    };
    if settings.slack.allowed_teams.is_empty() {
        return Err(missing("SLACK_ALLOWED_TEAMS", "it names the workspaces that may install Dipper"));
    }
    if settings.public_url.is_none() {
        return Err(missing("DIPPER_PUBLIC_URL", "Slack sends people back there who install Dipper"));
    }
    Ok(Some(Installing { client_id, client_secret, allowed: settings.slack.allowed_teams.clone() }))
}

/// What outgoing requests and jobs count into; one for the whole process.
pub fn figures() -> PrometheusHandle {
    static FIGURES: std::sync::OnceLock<PrometheusHandle> = std::sync::OnceLock::new();
    FIGURES
        .get_or_init(|| {
            let recorder = PrometheusBuilder::new().build_recorder();
            let handle = recorder.handle();
            if metrics::set_global_recorder(recorder).is_err() {
                tracing::warn!("figures are counted elsewhere in this process");
            }
            handle
        })
        .clone()
}

impl App {
    /// Starts everything the settings ask for.
    pub async fn start(settings: &Settings, clock: Clock) -> Result<Self, Error> {
        let figures = figures();
        let (bot, hold) = Box::pin(assemble(settings, &clock)).await?;
        let listener = listen(settings.listen).await?;
        let address = listener.local_addr().map_err(|error| Error::Listen(settings.listen, error))?;
        let mut router = http::router(Doors::new(bot.clone(), settings.slack.signing_secret.clone()));
        let stop = CancellationToken::new();
        let mut tasks = Vec::new();
        let operator = http::operator(bot.clone(), figures);
        match settings.ops_listen {
            Some(ops) if ops == settings.listen => router = router.merge(operator),
            Some(ops) => tasks.push(serve(listen(ops).await?, operator, stop.clone())),
            None => {}
        }
        tasks.push(serve(listener, router, stop.clone()));
        let worker = Worker::new(bot.clone());
        tasks.push(tokio::spawn(worker.clone().run(stop.clone())));
        tasks.push(tokio::spawn(schedule::run(bot.clone(), settings.keep, stop.clone())));
        tasks.push(tokio::spawn(greet(bot.clone(), stop.clone())));
        let hang_up = stop.child_token();
        let socket = settings.slack.app_token.as_ref().map(|token| Socket::new(bot.clone(), token));
        let socket = socket.map(|socket| tokio::spawn(socket.run(hang_up.clone())));
        Ok(Self { address, bot, stop, hang_up, socket, tasks, worker, _hold: hold })
    }

    /// Takes nothing more in, lets running jobs end or hands them back.
    pub async fn stop(self) {
        self.hang_up.cancel();
        if let Some(socket) = self.socket
            && tokio::time::timeout(HANGING_UP, socket).await.is_err()
        {
            tracing::warn!("the web socket could not be closed in time");
        }
        self.stop.cancel();
        let all = futures_util::future::join_all(self.tasks);
        if tokio::time::timeout(PATIENCE, all).await.is_err() {
            tracing::warn!("some jobs did not end in time and are handed back");
        }
        self.worker.hand_back_all().await;
    }
}

async fn listen(address: SocketAddr) -> Result<TcpListener, Error> {
    TcpListener::bind(address).await.map_err(|error| Error::Listen(address, error))
}

fn serve(listener: TcpListener, router: axum::Router, stop: CancellationToken) -> JoinHandle<()> {
    tokio::spawn(async move {
        use axum::serve::ListenerExt;
        let listener = listener.tap_io(|stream| {
            if let Err(error) = stream.set_nodelay(true) {
                tracing::debug!(%error, "a connection keeps Nagle's delay");
            }
        });
        let served =
            axum::serve(listener, router).with_graceful_shutdown(async move { stop.cancelled().await }).await;
        if let Err(error) = served {
            tracing::error!(%error, "the server stopped");
        }
    })
}

/// Slack need not be there at the start: it is asked who we are until it says so.
async fn greet(bot: Bot, stop: CancellationToken) {
    let Some(own) = bot.workspaces.own() else { return };
    let mut wait = Duration::from_secs(1);
    loop {
        match own.auth_test().await {
            Ok(identity) => {
                tracing::info!(team = %identity.team, "Slack knows us");
                return;
            }
            Err(error) => tracing::warn!(%error, "Slack does not know us yet; asking again"),
        }
        tokio::select! {
            () = tokio::time::sleep(wait) => wait = (wait * 2).min(Duration::from_mins(5)),
            () = stop.cancelled() => return,
        }
    }
}
