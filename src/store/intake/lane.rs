//! A lane: takes everything that waits, stores it by one commit, answers each.

use std::sync::Arc;

use tokio::sync::{Mutex, mpsc};

use super::batch::store_all;
use super::{Accepted, Waiting};
use crate::store::base::Base;
use crate::store::engine::Engine;
use crate::store::error::Error;

/// How many share a commit at most.
const TOGETHER: usize = 256;

/// Opens the lanes. SQLite has one writer; PostgreSQL flushes for several connections at once.
pub(super) fn open(base: &Arc<Base>, list: mpsc::Receiver<Waiting>) {
    let lanes = match base.engine {
        Engine::Sqlite => 1,
        Engine::Postgres => 4,
    };
    let list = Arc::new(Mutex::new(list));
    for _ in 0..lanes {
        tokio::spawn(run(Arc::clone(base), Arc::clone(&list)));
    }
}

async fn run(base: Arc<Base>, list: Arc<Mutex<mpsc::Receiver<Waiting>>>) {
    loop {
        let mut batch = Vec::new();
        // Only one lane listens at a time; the others are busy storing.
        if !gather(&mut *list.lock().await, &mut batch).await {
            return;
        }
        store(&base, batch).await;
    }
}

/// Takes whoever waits, and those who are just coming in at the door: each time somebody came, everything
/// else that can run has its turn once more before the batch is closed. Nobody waits for time to pass.
async fn gather(list: &mut mpsc::Receiver<Waiting>, batch: &mut Vec<Waiting>) -> bool {
    let mut taken = list.recv_many(batch, TOGETHER).await;
    while taken > 0 && batch.len() < TOGETHER {
        tokio::task::yield_now().await;
        taken = list.recv_many(batch, list.len().min(TOGETHER - batch.len())).await;
    }
    !batch.is_empty()
}

/// Stores a batch. One that is refused is parted until the row that it was refused for stands alone.
async fn store(base: &Arc<Base>, batch: Vec<Waiting>) {
    let mut parts = vec![batch];
    while let Some(mut part) = parts.pop() {
        match store_part(base, &part).await {
            Ok(accepted) => {
                for (waiting, accepted) in part.into_iter().zip(accepted) {
                    // Whoever has gone away needs no answer.
                    let _ = waiting.answer.send(Ok(accepted));
                }
            }
            Err(error) if part.len() > 1 && error.is_about_a_row() => {
                let rest = part.split_off(part.len() / 2);
                parts.push(rest);
                parts.push(part);
            }
            Err(error) => {
                for waiting in part {
                    let _ = waiting.answer.send(Err(error.clone()));
                }
            }
        }
    }
}

/// Once more when another writer was in the way: a deadlock between two lanes ends one of them.
async fn store_part(base: &Arc<Base>, part: &[Waiting]) -> Result<Vec<Accepted>, Error> {
    let first = store_all(base, part).await;
    match first {
        Err(error) if error.is_busy() || (part.len() == 1 && error.is_conflict()) => {
            store_all(base, part).await
        }
        other => other,
    }
}
