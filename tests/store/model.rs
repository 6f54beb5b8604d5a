//! The queue against its rules: whatever happens in whatever order, nothing is lost, a key keeps its
//! order, and whoever lost a job cannot write it.

use std::collections::BTreeMap;
use std::time::Duration;

use dipper::clock::random_name;
use dipper::store::{Claim, Error, JobState};
use dipper::words::work::{NewJob, Urgency};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestError, TestRunner};

use crate::house::{House, LEASE};

const HOLD: i64 = 600_000;
const ATTEMPTS: i64 = 4;
const URGENCIES: [Urgency; 3] = [Urgency::Now, Urgency::Soon, Urgency::Whenever];

#[derive(Debug, Clone)]
enum Step {
    Enqueue { key: Option<u8>, unique: Option<u8>, urgency: usize, delay: i64 },
    Claim { owner: u8, up_to: usize },
    Finish(usize),
    Retry(usize, i64),
    Bury(usize),
    HandBack(usize, Option<i64>),
    Renew(usize),
    Pass(u64),
    Reap,
    Replay(usize),
    Drop(usize),
}

fn step() -> impl Strategy<Value = Step> {
    let key = prop_oneof![Just(None), (0_u8..3).prop_map(Some)];
    let unique = prop_oneof![4 => Just(None), 1 => (0_u8..2).prop_map(Some)];
    let delay = prop_oneof![3 => Just(0_i64), 1 => -5_000_i64..900_000];
    let later = prop_oneof![Just(0_i64), 0_i64..1_500_000];
    let which = 0_usize..40;
    prop_oneof![
        6 => (key, unique, 0_usize..3, delay).prop_map(|(key, unique, urgency, delay)| Step::Enqueue {
            key, unique, urgency, delay
        }),
        8 => (0_u8..3, 0_usize..3).prop_map(|(owner, up_to)| Step::Claim { owner, up_to }),
        3 => which.clone().prop_map(Step::Finish),
        2 => (which.clone(), later).prop_map(|(which, later)| Step::Retry(which, later)),
        1 => which.clone().prop_map(Step::Bury),
        1 => (which.clone(), proptest::option::of(0_i64..90_000)).prop_map(|(which, at)| Step::HandBack(which, at)),
        1 => which.clone().prop_map(Step::Renew),
        3 => (0_u64..400).prop_map(Step::Pass),
        1 => Just(Step::Reap),
        1 => which.clone().prop_map(Step::Replay),
        1 => which.prop_map(Step::Drop),
    ]
}

/// A job, as the rules see it.
#[derive(Debug, Clone)]
struct Job {
    key: Option<String>,
    unique: Option<String>,
    urgency: usize,
    state: JobState,
    run_at: i64,
    holds_until: i64,
    failed_at: Option<i64>,
    attempt: i64,
    turn: u32,
    lease_until: i64,
}

/// One play on a database that it shares with the plays before: its kind and keys are its own.
struct Play<'a> {
    house: &'a House,
    kind: &'static str,
    jobs: BTreeMap<i64, Job>,
    claims: Vec<(Claim, u32)>,
}

impl Play<'_> {
    fn waits_unique(&self, unique: Option<&String>) -> bool {
        let waits = |job: &Job| job.state == JobState::Waiting && job.unique.as_ref() == unique;
        unique.is_some() && self.jobs.values().any(waits)
    }

    /// The rule of the queue, said as plainly as can be.
    fn may_run(&self, id: i64, now: i64) -> bool {
        let job = &self.jobs[&id];
        let stands_before = |(other, before): (&i64, &Job)| {
            before.key.is_some()
                && before.key == job.key
                && (before.state == JobState::Running
                    || before.state == JobState::Waiting
                        && *other < id
                        && (before.run_at <= now || before.holds_until > now))
        };
        job.state == JobState::Waiting && job.run_at <= now && !self.jobs.iter().any(stands_before)
    }

    async fn enqueue(&mut self, job: NewJob, (key, unique): (Option<String>, Option<String>)) {
        let taken = self.waits_unique(unique.as_ref());
        let run_at = job.run_at.unwrap_or_default();
        let urgency = job.urgency as usize;
        let job = NewJob { origin: None, order_key: key.clone(), unique_key: unique.clone(), ..job };
        let added = self.house.try_add(job).await;
        assert_eq!(added.is_none(), taken, "one of a unique key waits");
        let Some(id) = added else { return };
        let newest_of_key = self.jobs.iter().filter(|(_, job)| key.is_some() && job.key == key);
        assert!(newest_of_key.map(|(other, _)| *other).max() < Some(id));
        let job = Job {
            key,
            unique,
            urgency,
            state: JobState::Waiting,
            run_at,
            holds_until: 0,
            failed_at: None,
            attempt: 0,
            turn: 0,
            lease_until: 0,
        };
        self.jobs.insert(id, job);
    }

    async fn claim(&mut self, owner: u8, up_to: usize) {
        let now = self.house.now();
        let may = self.jobs.keys().filter(|id| self.may_run(**id, now));
        let most_urgent = may.map(|id| self.jobs[id].urgency).min().filter(|urgency| *urgency <= up_to);
        let owner = format!("worker {owner}");
        let kinds = [self.kind];
        let claim = self.house.store.claim(&owner, &kinds, LEASE, URGENCIES[up_to]).await;
        let claim = claim.unwrap();
        assert_eq!(claim.is_some(), most_urgent.is_some(), "whatever may run is found");
        let Some(claim) = claim else { return };
        assert!(self.may_run(claim.id, now), "only what may run is found");
        let job = self.jobs.get_mut(&claim.id).unwrap();
        assert_eq!(Some(job.urgency), most_urgent);
        job.state = JobState::Running;
        job.attempt += 1;
        job.turn += 1;
        job.lease_until = now + 60_000;
        assert_eq!((claim.attempt, claim.run_at), (job.attempt, job.run_at));
        self.claims.push((claim, job.turn));
    }

    /// Some claim that was ever made, and whether it still holds.
    fn some_claim(&self, which: usize) -> Option<(Claim, bool)> {
        let newest_first = self.claims.iter().rev();
        let (claim, turn) = newest_first.cycle().nth(which % self.claims.len().max(1))?;
        let held = self.jobs.get(&claim.id);
        let held = held.is_some_and(|job| job.state == JobState::Running && job.turn == *turn);
        Some((claim.clone(), held))
    }

    async fn let_go(&mut self, which: usize, step: &Step) {
        let Some((claim, held)) = self.some_claim(which) else {
            return;
        };
        let (store, now) = (&self.house.store, self.house.now());
        let result = match step {
            Step::Finish(_) => store.finish(&claim).await,
            Step::Retry(_, later) => store.retry(&claim, now + later, "no").await,
            Step::Bury(_) => store.bury(&claim, "no").await,
            Step::HandBack(_, later) => store.hand_back(&claim, later.map(|later| now + later)).await,
            _ => store.renew(&claim, LEASE).await,
        };
        assert_eq!(result, if held { Ok(()) } else { Err(Error::LostClaim) });
        if !held {
            return;
        }
        let twin_waits = self.waits_unique(self.jobs[&claim.id].unique.as_ref());
        let job = self.jobs.get_mut(&claim.id).unwrap();
        match step {
            Step::Finish(_) => job.state = JobState::Done,
            Step::Bury(_) => job.state = JobState::Buried,
            Step::Retry(_, later) => {
                job.failed_at = job.failed_at.or(Some(now));
                job.holds_until = job.failed_at.unwrap_or(now) + HOLD;
                job.run_at = now + later;
                job.wait(twin_waits);
            }
            Step::HandBack(_, later) => {
                job.attempt -= 1;
                job.run_at = later.map_or(job.run_at, |later| now + later);
                job.holds_until = job.holds_until.max(job.run_at);
                job.wait(twin_waits);
            }
            _ => job.lease_until = now + 60_000,
        }
    }

    async fn reap(&mut self) {
        let now = self.house.now();
        let reaped = self.house.store.reap(ATTEMPTS).await.unwrap();
        let silent = |job: &Job| job.state == JobState::Running && job.lease_until <= now;
        let mut silent: Vec<i64> =
            self.jobs.iter().filter(|(_, job)| silent(job)).map(|(id, _)| *id).collect();
        silent.sort_by_key(|id| self.jobs[id].lease_until);
        assert_eq!(silent.len(), reaped.returned + reaped.buried.len());
        for id in silent {
            let twin_waits = self.waits_unique(self.jobs[&id].unique.as_ref());
            let job = self.jobs.get_mut(&id).unwrap();
            if job.attempt >= ATTEMPTS {
                assert!(reaped.buried.contains(&id));
                job.state = JobState::Buried;
            } else {
                job.wait(twin_waits);
            }
        }
    }

    async fn by_hand(&mut self, which: usize, step: &Step) {
        let Some(id) = self.jobs.keys().rev().cycle().nth(which % self.jobs.len().max(1)).copied() else {
            return;
        };
        let twin_waits = self.waits_unique(self.jobs[&id].unique.as_ref());
        let job = self.jobs.get_mut(&id).unwrap();
        if let Step::Drop(_) = step {
            let dropped = self.house.drop_job(id).await;
            assert_eq!(dropped, job.state != JobState::Running);
            if dropped {
                self.jobs.remove(&id);
            }
            return;
        }
        let replayed = self.house.replay(id).await;
        assert_eq!(replayed, matches!(job.state, JobState::Done | JobState::Buried));
        if replayed {
            job.run_at = self.house.now();
            (job.attempt, job.failed_at, job.holds_until) = (0, None, 0);
            job.wait(twin_waits);
        }
    }

    async fn step(&mut self, step: &Step) {
        match step {
            Step::Enqueue { key, unique, urgency, delay } => {
                let job = NewJob {
                    origin: None,
                    kind: self.kind,
                    payload: "{}".to_owned(),
                    body: None,
                    order_key: None,
                    unique_key: None,
                    run_at: Some(self.house.now() + delay),
                    urgency: URGENCIES[*urgency],
                };
                let own = |name: &u8| format!("{} {name}", self.kind);
                let keys = (key.as_ref().map(own), unique.as_ref().map(own));
                self.enqueue(job, keys).await;
            }
            Step::Claim { owner, up_to } => self.claim(*owner, *up_to).await,
            Step::Finish(which)
            | Step::Retry(which, _)
            | Step::Bury(which)
            | Step::HandBack(which, _)
            | Step::Renew(which) => self.let_go(*which, step).await,
            Step::Pass(seconds) => self.house.clock.advance(Duration::from_secs(*seconds)),
            Step::Reap => self.reap().await,
            Step::Replay(which) | Step::Drop(which) => self.by_hand(*which, step).await,
        }
    }

    /// Everybody has died, and one worker cleans up: in the end each job is done or buried.
    async fn end(&mut self) {
        let open = |job: &Job| matches!(job.state, JobState::Waiting | JobState::Running);
        while self.jobs.values().any(open) {
            self.house.pass(1_000);
            self.reap().await;
            let before = self.claims.len();
            self.claim(9, 2).await;
            if self.claims.len() > before {
                self.let_go(0, &Step::Finish(0)).await;
            }
        }
        for (id, job) in &self.jobs {
            let row = self.house.store.job(*id).await.unwrap().expect("nothing is lost");
            assert_eq!((row.state, row.attempt), (job.state, job.attempt));
        }
    }
}

impl Job {
    fn wait(&mut self, twin_waits: bool) {
        self.state = JobState::Waiting;
        if twin_waits {
            self.unique = None;
        }
    }
}

async fn play(house: &House, steps: &[Step]) {
    let mut play = Play {
        house,
        kind: Box::leak(random_name(6).into_boxed_str()),
        jobs: BTreeMap::new(),
        claims: Vec::new(),
    };
    for step in steps {
        play.step(step).await;
    }
    play.end().await;
}

fn holds_in(cases: u32, runtime: &tokio::runtime::Runtime, house: &House) {
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    let plays = proptest::collection::vec(step(), 1..60);
    let result = TestRunner::new(config).run(&plays, |steps| {
        runtime.block_on(play(house, &steps));
        Ok(())
    });
    if let Err(TestError::Fail(why, steps)) = result {
        panic!("{why}\n{steps:#?}");
    }
    result.unwrap();
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

#[test]
fn the_rules_hold_on_sqlite() {
    let runtime = runtime();
    let house = runtime.block_on(House::on_sqlite());
    holds_in(400, &runtime, &house);
    runtime.block_on(house.store.close());
}

#[test]
fn the_rules_hold_on_postgres() {
    let runtime = runtime();
    if let Some(house) = runtime.block_on(House::on_postgres()) {
        holds_in(150, &runtime, &house);
        runtime.block_on(house.store.close());
    }
}
