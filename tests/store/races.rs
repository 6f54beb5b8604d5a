//! Many workers at once, some of which die: nothing is lost, and a key keeps its order.

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use dipper::clock::Clock;
use dipper::store::{Claim, Error, Store};
use dipper::words::work::Urgency;

use crate::house::{KIND, LEASE, chore, on_both};

/// What all the workers know together.
#[derive(Default)]
struct Shift {
    done: AtomicUsize,
    order: AtomicUsize,
    finished: Mutex<HashMap<String, BTreeMap<usize, i64>>>,
    lots: AtomicUsize,
}

impl Shift {
    /// The same lots in every run, though not dealt to the same workers.
    fn lot(&self, of: usize) -> usize {
        let at = self.lots.fetch_add(1, Ordering::Relaxed);
        (at.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 33) % of
    }
}

async fn work(store: Store, clock: Clock, shift: Arc<Shift>, name: String, total: usize) {
    while shift.done.load(Ordering::SeqCst) < total {
        let claimed = store.claim(&name, &[KIND], LEASE, Urgency::Whenever).await.unwrap();
        let Some(claim) = claimed else {
            // Nothing to do: perhaps somebody died. Time goes on, and what they left is taken back.
            clock.advance(Duration::from_secs(20));
            store.reap(1_000).await.unwrap();
            tokio::task::yield_now().await;
            continue;
        };
        match shift.lot(10) {
            0 => {}
            1 => expected(&store.retry(&claim, clock.millis(), "unlucky").await),
            2 => expected(&store.hand_back(&claim, None).await),
            _ => finish(&store, &shift, &claim).await,
        }
    }
}

async fn finish(store: &Store, shift: &Shift, claim: &Claim) {
    let mut tx = store.begin_for(claim).await.unwrap();
    let finished = match tx.finish(claim).await {
        Ok(()) => {
            // Drawn before the commit: whoever gets the next of this key draws later.
            let at = shift.order.fetch_add(1, Ordering::SeqCst);
            let committed = tx.commit().await;
            if committed.is_ok() {
                let key = claim.order_key.clone().unwrap();
                let mut finished = shift.finished.lock().unwrap();
                finished.entry(key).or_default().insert(at, claim.id);
                shift.done.fetch_add(1, Ordering::SeqCst);
            }
            committed
        }
        Err(error) => Err(error),
    };
    expected(&finished);
}

/// Time flies in this play, so that even the living lose a job now and then.
fn expected(result: &Result<(), Error>) {
    assert!(matches!(result, Ok(()) | Err(Error::LostClaim)), "{result:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn ten_keys_thirty_jobs_six_workers_and_some_die() {
    on_both(async |house| {
        let mut added: HashMap<String, Vec<i64>> = HashMap::new();
        for at in 0..300 {
            let key = format!("key {}", at % 10);
            let id = house.add(chore("one of many").in_order(key.as_str())).await;
            added.entry(key).or_default().push(id);
        }
        let shift = Arc::new(Shift::default());
        let mut workers = Vec::new();
        for at in 0..6 {
            let store = if at % 2 == 0 { house.store.clone() } else { house.another().await };
            let (clock, shift) = (house.clock.clone(), Arc::clone(&shift));
            workers.push(tokio::spawn(work(store, clock, shift, format!("worker {at}"), 300)));
        }
        for worker in workers {
            worker.await.unwrap();
        }
        for (key, finished) in shift.finished.lock().unwrap().drain() {
            let finished: Vec<i64> = finished.into_values().collect();
            assert_eq!(added.remove(&key), Some(finished), "{key}");
        }
        assert!(added.is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_is_added_while_the_one_before_ends_is_never_left_behind() {
    on_both(async |house| {
        let mut adding = Vec::new();
        for _ in 0..3 {
            let store = house.another().await;
            adding.push(tokio::spawn(async move {
                for _ in 0..40 {
                    let mut tx = store.begin().await.unwrap();
                    tx.enqueue(chore("next").in_order("key")).await.unwrap();
                    tx.commit().await.unwrap();
                }
            }));
        }
        let mut done: Vec<i64> = Vec::new();
        while done.len() < 120 {
            let over = adding.iter().all(tokio::task::JoinHandle::is_finished);
            match house.claim().await {
                Some(claim) => {
                    house.store.finish(&claim).await.unwrap();
                    done.push(claim.id);
                }
                None => assert!(!over, "{} of 120, and nobody to go on", done.len()),
            }
        }
        assert!(done.is_sorted(), "ids grow in the order of commits");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_two_workers_get_the_same_job() {
    on_both(async |house| {
        for _ in 0..100 {
            house.add(chore("one")).await;
        }
        let mut workers = Vec::new();
        for at in 0..5 {
            let store = house.store.clone();
            workers.push(tokio::spawn(async move {
                let mut mine = Vec::new();
                let name = format!("worker {at}");
                while let Some(claim) = store.claim(&name, &[KIND], LEASE, Urgency::Whenever).await.unwrap() {
                    mine.push(claim.id);
                }
                mine
            }));
        }
        let mut all = Vec::new();
        for worker in workers {
            all.extend(worker.await.unwrap());
        }
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), 100);
    })
    .await;
}
