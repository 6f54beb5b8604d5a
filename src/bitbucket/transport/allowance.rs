//! How much may still be asked: one budget for each who is charged, kept by all replicas together.
//!
//! A server that lets N calls through in a span of time is owed `span / N` for each call, and works that off
//! as time goes by. Whoever owes more than the whole span would be refused.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;

use crate::bitbucket::site::Edition;
use crate::bitbucket::{Error, Result};

/// Where it is written down what is owed, for all replicas.
#[async_trait]
pub trait Ledger: fmt::Debug + Send + Sync {
    /// Books a cost for a payer, unless it already owes this much.
    async fn book(&self, payer: &str, cost: Duration, limit: Duration) -> Booked;

    /// The next place in the line of those who were turned away: how long until it is theirs. Each is so long
    /// after the one before, so that not all come back at once to be turned away again.
    async fn turn(&self, payer: &str, cost: Duration) -> Duration;

    /// Nobody asks in this payer's name for so long.
    async fn pause(&self, payer: &str, wait: Duration);

    /// For how long nobody asks in this payer's name; none when one may.
    async fn paused(&self, payer: &str) -> Option<Duration>;
}

/// What became of a booking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Booked {
    /// Booked; so much was owed before.
    Owed(Duration),
    /// Not booked; there is room again after so long.
    Full(Duration),
}

/// Of the budget, background work leaves this much (in hundredths) to people.
const BACKGROUND_STOPS: u32 = 80;
/// How long people wait for each call when the budget is all but used up.
const SLOWEST: Duration = Duration::from_secs(1);
/// How long is kept still after a refusal that says no time.
const UNTOLD: Duration = Duration::from_secs(15);
/// How long one waits rather than give up.
const WORTH_WAITING: Duration = Duration::from_secs(5);

/// What a server lets through.
#[derive(Debug, Clone, Copy)]
struct Pace {
    calls: u32,
    span: Duration,
    /// How many calls are booked at once, to spare the database.
    at_once: u32,
}

impl Pace {
    fn of(edition: Edition) -> Self {
        match edition {
            Edition::Cloud => Self { calls: 1_000, span: Duration::from_hours(1), at_once: 10 },
            // The usual bucket of 60, refilled by five a second.
            Edition::DataCenter => Self { calls: 60, span: Duration::from_secs(12), at_once: 5 },
        }
    }

    fn cost(self) -> Duration {
        self.span * self.at_once / self.calls
    }

    fn background(self) -> Duration {
        self.span * BACKGROUND_STOPS / 100
    }

    /// How long a person's call waits, the nearer the server is to refusing the longer.
    fn slowing(self, owed: Duration) -> Duration {
        let over = owed.saturating_sub(self.background()).as_secs_f64();
        let room = self.span.saturating_sub(self.background()).as_secs_f64();
        SLOWEST.mul_f64((over / room).clamp(0.0, 1.0))
    }
}

/// The budgets of one Bitbucket.
#[derive(Debug)]
pub(super) struct Allowance {
    ledger: Arc<dyn Ledger>,
    pace: Pace,
    /// Calls that are booked and not made yet, and how long each of them waits.
    purses: Mutex<HashMap<String, (u32, Duration)>>,
}

impl Allowance {
    pub(super) fn new(ledger: Arc<dyn Ledger>, edition: Edition) -> Self {
        Self { ledger, pace: Pace::of(edition), purses: Mutex::default() }
    }

    /// Waits until the server has let us ask again, or says that this would take too long.
    pub(super) async fn after_pause(&self, payer: &str) -> Result<()> {
        match self.ledger.paused(payer).await {
            Some(wait) if wait > WORTH_WAITING => Err(Error::Slow { retry_after: Some(wait) }),
            Some(wait) => {
                tokio::time::sleep(wait).await;
                Ok(())
            }
            None => Ok(()),
        }
    }

    /// Pays for one call. People are only slowed: the server itself refuses them, if anybody does.
    pub(super) async fn pay(&self, payer: &str, background: bool) -> Result<()> {
        let wait = match self.booked(payer, background) {
            Some(wait) => wait,
            None => self.book(payer, background).await?,
        };
        metrics::histogram!("dipper_outgoing_wait_seconds").record(wait.as_secs_f64());
        tokio::time::sleep(wait).await;
        Ok(())
    }

    async fn book(&self, payer: &str, background: bool) -> Result<Duration> {
        let Pace { span, at_once, .. } = self.pace;
        let limit = if background { self.pace.background() } else { span };
        match self.ledger.book(payer, self.pace.cost(), limit).await {
            Booked::Owed(owed) => {
                let wait = self.pace.slowing(owed);
                let mut purses = self.purses.lock().unwrap_or_else(PoisonError::into_inner);
                purses.insert(payer.to_owned(), (at_once - 1, wait));
                Ok(wait)
            }
            Booked::Full(wait) if background => {
                let turn = self.ledger.turn(payer, self.pace.cost()).await;
                Err(Error::Slow { retry_after: Some(wait.max(turn)) })
            }
            Booked::Full(_) => Ok(SLOWEST),
        }
    }

    /// A call that is booked already. Background work takes none once people are being slowed.
    fn booked(&self, payer: &str, background: bool) -> Option<Duration> {
        let mut purses = self.purses.lock().unwrap_or_else(PoisonError::into_inner);
        let (left, wait) = purses.get_mut(payer)?;
        if background && !wait.is_zero() {
            return None;
        }
        let wait = *wait;
        *left -= 1;
        if *left == 0 {
            purses.remove(payer);
        }
        Some(wait)
    }

    /// The server refused: nobody asks before it will answer again.
    pub(super) async fn refused(&self, payer: &str, wait: Option<Duration>) {
        self.ledger.pause(payer, wait.unwrap_or(UNTOLD)).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_slowed_before_the_server_refuses() {
        for edition in [Edition::Cloud, Edition::DataCenter] {
            let pace = Pace::of(edition);
            assert_eq!(pace.slowing(pace.background()), Duration::ZERO);
            assert_eq!(pace.slowing(pace.span), SLOWEST);
            assert!(pace.slowing(pace.span * 9 / 10) > SLOWEST / 3);
        }
        assert_eq!(Pace::of(Edition::Cloud).cost(), Duration::from_secs(36));
    }
}
