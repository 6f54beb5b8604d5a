//! Slack's web socket, for a bot that nobody can reach from outside: the same payloads as `http/slack` takes, by
//! another door into [`reception`](crate::reception).
//!
//! Of all replicas four hold a socket, each under a lease. One that Slack is about to close is left only when the
//! next one is open; one that broke is opened anew, ever more patiently while that fails.

mod answers;
mod envelope;
mod serve;
mod trouble;

use std::future::pending;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use tokio::sync::Notify;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use crate::bot::{Bot, Hearing};
use crate::clock::{millis_of, random_name};
use crate::seal::Secret;
use crate::slack::{Line, SlackBot};
use answers::Answers;
use serve::{Serving, greeted};
pub use trouble::advice;
use trouble::{Trouble, Troubles};

/// What a seat is called in the store, and how many there are.
const SEAT: &str = "slack-socket";
/// How many replicas hold a web socket at most.
pub const SEATS: i64 = 4;
/// Under which word replicas tell each other that Slack asked to wait.
const SCOPE: &str = "slack:apps.connections.open";

/// How patient it is.
#[derive(Debug, Clone)]
pub struct Pace {
    /// How long Slack may take to say hello.
    pub greeting: Duration,
    /// After so much quiet a sign of life is asked for.
    pub ping: Duration,
    /// After so much quiet the socket is given up.
    pub silence: Duration,
    /// The first wait after a failure; it doubles.
    pub first_wait: Duration,
    /// The longest.
    pub longest_wait: Duration,
    /// How often it is tried when only a person can mend it.
    pub seldom: Duration,
    /// Whoever stayed open for so long has not failed.
    pub settled: Duration,
    /// How long a seat is held without being renewed.
    pub lease: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            greeting: Duration::from_secs(10),
            ping: Duration::from_secs(15),
            silence: Duration::from_secs(40),
            first_wait: Duration::from_secs(1),
            longest_wait: Duration::from_mins(1),
            seldom: Duration::from_mins(5),
            settled: Duration::from_secs(30),
            lease: Duration::from_mins(1),
        }
    }
}

/// Whoever keeps a web socket to Slack open.
pub struct Socket {
    bot: Bot,
    app: SlackBot,
    pace: Pace,
    owner: String,
}

/// A socket in use, as far as it can be told something.
struct Current {
    number: u64,
    leave: CancellationToken,
    warned: Arc<Notify>,
    since: tokio::time::Instant,
}

type Opening<'a> = Pin<Box<dyn Future<Output = Result<Line, Trouble>> + Send + 'a>>;

impl Socket {
    /// For this bot, by the app's own token.
    pub fn new(bot: Bot, token: &Secret) -> Self {
        let app = bot.workspaces.slack().as_bot(token);
        Self { bot, app, pace: Pace::default(), owner: random_name(8) }
    }

    /// The same with another patience.
    #[must_use]
    pub fn paced(mut self, pace: Pace) -> Self {
        self.pace = pace;
        self
    }

    /// Holds a socket, or waits for a seat, until told to stop; then nothing more comes in.
    pub async fn run(self, stop: CancellationToken) {
        self.bot.ear.set(Hearing::Opening);
        while let Some(seat) = self.sit_down(&stop).await {
            let until = stop.child_token();
            tokio::join!(self.hold(&until), self.stay(seat, &until));
            if let Err(error) = self.bot.store.leave_seat(SEAT, &self.owner).await {
                tracing::warn!(%error, "the seat at the web socket is free only when its lease ends");
            }
        }
        self.bot.ear.set(Hearing::Deaf("Dipper is stopping".to_owned()));
    }

    /// Waits for a seat; none when told to stop. Without a database there is none: what came could not be stored.
    async fn sit_down(&self, stop: &CancellationToken) -> Option<i64> {
        loop {
            if stop.is_cancelled() {
                return None;
            }
            match self.bot.store.take_seat(SEAT, SEATS, &self.owner, self.pace.lease).await {
                Ok(Some(seat)) => return Some(seat),
                Ok(None) => self.bot.ear.set(Hearing::StandsBy),
                Err(error) => {
                    self.bot.ear.set(Hearing::Deaf(format!("{error}; trying again")));
                    tracing::warn!(%error, "no seat at the web socket could be taken");
                }
            }
            tokio::select! {
                () = sleep(self.pace.lease / 4) => {}
                () = stop.cancelled() => return None,
            }
        }
    }

    /// Renews the lease until told to stop, or tells to stop when the seat was lost.
    async fn stay(&self, seat: i64, until: &CancellationToken) {
        loop {
            tokio::select! {
                () = sleep(self.pace.lease / 3) => {}
                () = until.cancelled() => return,
            }
            match self.bot.store.keep_seat(SEAT, seat, &self.owner, self.pace.lease).await {
                Ok(true) => {}
                Ok(false) => {
                    tracing::warn!("another replica has this one's seat at the web socket now");
                    until.cancel();
                }
                // What arrives cannot be stored either, and is not acknowledged.
                Err(error) => tracing::warn!(%error, "the seat at the web socket could not be kept"),
            }
        }
    }

    /// Keeps one socket open, and two while one takes the place of the other.
    async fn hold(&self, until: &CancellationToken) {
        let answers = Answers::new(self.bot.clone());
        let (mut troubles, mut opened_so_far) = (Troubles::default(), 0);
        let mut serving = FuturesUnordered::new();
        let mut current: Option<Current> = None;
        let mut opening: Option<Opening<'_>> = Some(self.open(Duration::ZERO));
        loop {
            let opened = async {
                match opening.as_mut() {
                    Some(opening) => opening.await,
                    None => pending().await,
                }
            };
            let warned = async {
                match &current {
                    Some(current) => current.warned.notified().await,
                    None => pending().await,
                }
            };
            tokio::select! {
                opened = opened => {
                    opening = None;
                    match opened {
                        Ok(line) => {
                            opened_so_far += 1;
                            let next = self.welcome(opened_so_far);
                            let (number, line) = (next.number, self.serving(line, &answers, &next));
                            serving.push(async move { (number, line.run().await) });
                            if let Some(old) = current.replace(next) {
                                old.leave.cancel();
                            }
                        }
                        Err(trouble) => opening = Some(self.open(self.wait(&trouble, &mut troubles, current.is_none()))),
                    }
                }
                () = warned => {
                    if opening.is_none() {
                        opening = Some(self.open(Duration::ZERO));
                    }
                }
                Some((number, ended)) = serving.next() => {
                    if let Some(gone) = current.take_if(|current| current.number == number) {
                        if gone.since.elapsed() > self.pace.settled {
                            troubles = Troubles::default();
                        }
                        let wait = self.wait(&Trouble::ended(ended), &mut troubles, true);
                        opening.get_or_insert_with(|| self.open(wait));
                    }
                }
                () = until.cancelled() => break,
            }
        }
        drop(opening);
        if let Some(current) = current {
            current.leave.cancel();
        }
        while serving.next().await.is_some() {}
    }

    fn welcome(&self, number: u64) -> Current {
        self.bot.ear.set(Hearing::Open(self.bot.clock.now()));
        tracing::info!("the web socket is open");
        let (leave, warned) = (CancellationToken::new(), Arc::default());
        Current { number, leave, warned, since: tokio::time::Instant::now() }
    }

    fn serving(&self, line: Line, answers: &Answers, current: &Current) -> Serving {
        Serving {
            line,
            answers: answers.clone(),
            pace: self.pace.clone(),
            leave: current.leave.clone(),
            warned: Arc::clone(&current.warned),
        }
    }

    /// Says what is in the way, where nothing is heard meanwhile, and how long to wait.
    fn wait(&self, trouble: &Trouble, troubles: &mut Troubles, deaf: bool) -> Duration {
        let wait = troubles.wait(trouble, &self.pace);
        let wait = wait / 2 + self.bot.clock.jitter(wait / 2);
        if trouble.is_for_a_person() {
            tracing::error!("nothing is heard from Slack: {trouble}");
        } else {
            tracing::warn!(?wait, "the web socket is not open: {trouble}");
        }
        if deaf {
            self.bot.ear.set(Hearing::Deaf(trouble.to_string()));
        }
        wait
    }

    fn open(&self, after: Duration) -> Opening<'_> {
        Box::pin(async move {
            sleep(after).await;
            self.asked_to_wait().await;
            let address = match self.app.line_address().await {
                Ok(address) => address,
                Err(error) => {
                    if let Some(wait) = error.retry_after() {
                        let until = self.bot.clock.millis().saturating_add(millis_of(wait));
                        if let Err(error) = self.bot.store.pause(SCOPE, until).await {
                            tracing::warn!(%error, "other replicas do not hear of a wait");
                        }
                    }
                    return Err(Trouble::Refused(error));
                }
            };
            let mut line = self.app.open_line(address).await.map_err(Trouble::Refused)?;
            greeted(&mut line, &self.pace).await.map_err(Trouble::ended)?;
            Ok(line)
        })
    }

    /// Waits while Slack wants no socket to be opened, whichever replica it told so.
    async fn asked_to_wait(&self) {
        while let Ok(Some(until)) = self.bot.store.paused_until(SCOPE).await {
            let left = u64::try_from(until - self.bot.clock.millis()).unwrap_or(0);
            // A clock may be set meanwhile.
            sleep(Duration::from_millis(left.clamp(10, 1_000))).await;
        }
    }
}
