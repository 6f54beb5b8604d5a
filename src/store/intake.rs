//! Accepting: one stored row each, and one commit for all who wait at that moment.
//!
//! A commit costs a flush of the disk; shared by hundreds it costs next to nothing each. While a lane
//! commits, the next batch gathers by itself, so that nobody waits for company.

mod batch;
mod lane;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot};

use super::Store;
use super::base::Base;
use super::deliveries::NewDelivery;
use super::error::Error;
use super::rows::{Inserts, Named};
use crate::words::work::NewJob;

pub(super) const ALL: &[Named] = batch::ALL;
pub(super) const INSERTS: &[(&str, &Inserts)] = batch::INSERTS;

/// How many may wait to be stored, and how many bytes of theirs (counted in steps of 4 KiB).
const PLACES: usize = 8_192;
const ROOM: usize = 128 * 1024 * 1024;
const STEP: usize = 4 * 1024;

/// What comes in from outside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Arrival {
    /// A request of Slack's: one job, known by its request when it comes again.
    Slack {
        /// What the request is known by.
        seen_key: String,
        /// What is to be done. A unique key means nothing here: the request is only itself.
        job: NewJob,
    },
    /// A delivery of Bitbucket's, and a job to deliver it.
    Delivery(NewDelivery),
}

impl Arrival {
    fn size(&self) -> usize {
        match self {
            Self::Slack { seen_key, job } => {
                seen_key.len() + job.payload.len() + job.body.as_ref().map_or(0, Vec::len)
            }
            Self::Delivery(delivery) => delivery.body.len() + delivery.event_key.len(),
        }
    }
}

/// Either way it is in the store: acknowledge it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Accepted {
    /// Stored now, as this job or delivery.
    Stored(i64),
    /// Seen before, as this job or delivery.
    Seen(i64),
}

/// An arrival, with what is computed of it where many can compute at once.
#[derive(Debug)]
struct Arrived {
    arrival: Arrival,
    hash: Vec<u8>,
}

/// An arrival and who waits for its answer.
#[derive(Debug)]
struct Waiting {
    arrived: Arrived,
    answer: oneshot::Sender<Result<Accepted, Error>>,
    _place: Place,
}

/// Counts somebody in, and out again when dropped.
#[derive(Debug)]
struct Place {
    waiting: Arc<AtomicUsize>,
    _room: OwnedSemaphorePermit,
}

impl Drop for Place {
    fn drop(&mut self) {
        self.waiting.fetch_sub(1, Ordering::Relaxed);
    }
}

/// The waiting list.
#[derive(Debug, Clone)]
pub(super) struct Intake {
    door: mpsc::Sender<Waiting>,
    room: Arc<Semaphore>,
    waiting: Arc<AtomicUsize>,
}

impl Intake {
    /// Opens the door. The lanes end when the last store that knows them is dropped.
    pub(super) fn start(base: &Arc<Base>) -> Self {
        let (door, list) = mpsc::channel(PLACES);
        lane::open(base, list);
        Self { door, room: Arc::new(Semaphore::new(ROOM / STEP)), waiting: Arc::default() }
    }

    fn place(&self, size: usize) -> Result<Place, Error> {
        let steps = u32::try_from(size / STEP + 1).map_err(|_| Error::Busy)?;
        let room = Arc::clone(&self.room).try_acquire_many_owned(steps);
        let room = room.map_err(|_| Error::Busy)?;
        self.waiting.fetch_add(1, Ordering::Relaxed);
        Ok(Place { waiting: Arc::clone(&self.waiting), _room: room })
    }
}

impl Store {
    /// Stores what came in; when this returns, it is on the disk. [`Error::Busy`] at once when more waits
    /// than the database keeps up with. Whoever stops waiting for the answer leaves it stored all the same.
    pub async fn accept(&self, arrival: Arrival) -> Result<Accepted, Error> {
        let place = self.intake.place(arrival.size())?;
        let hash = match &arrival {
            Arrival::Delivery(delivery) => delivery.hash(),
            Arrival::Slack { .. } => Vec::new(),
        };
        let (answer, stored) = oneshot::channel();
        let waiting = Waiting { arrived: Arrived { arrival, hash }, answer, _place: place };
        self.intake.door.try_send(waiting).map_err(|_| Error::Busy)?;
        stored.await.unwrap_or_else(|_| Err(Error::Unavailable("the store was closed".to_owned())))
    }

    /// How many wait to be stored: while there are any, other work gives way.
    pub fn waiting_arrivals(&self) -> usize {
        self.intake.waiting.load(Ordering::Relaxed)
    }
}
