//! The queue, rule by rule.

use std::time::Duration;

use dipper::store::{Ask, Error, JobFilter, JobState};
use dipper::words::work::Urgency;

use crate::house::{KIND, LEASE, NOON, chore, on_both};

#[tokio::test]
async fn the_most_urgent_comes_first_then_the_longest_due() {
    on_both(async |house| {
        let late = house.add(chore("late").urgency(Urgency::Whenever)).await;
        let second = house.add(chore("second")).await;
        let first = house.add(chore("first").at(NOON - 5)).await;
        let now = house.add(chore("now").urgency(Urgency::Now)).await;
        for expected in [now, first, second, late] {
            assert_eq!(house.claimed().await, expected);
        }
        assert!(house.claim().await.is_none());
    })
    .await;
}

#[tokio::test]
async fn a_worker_takes_only_what_it_knows_and_only_so_urgent() {
    on_both(async |house| {
        house.add(chore("one")).await;
        let strange = house.store.claim("one", &["chor", "hore"], LEASE, Urgency::Whenever).await;
        assert!(strange.unwrap().is_none());
        let urgent = house.store.claim("one", &[KIND], LEASE, Urgency::Now).await;
        assert!(urgent.unwrap().is_none());
        let known = house.store.claim("one", &["other", KIND], LEASE, Urgency::Soon).await;
        assert_eq!(known.unwrap().unwrap().payload, "\"one\"");
    })
    .await;
}

#[tokio::test]
async fn several_are_claimed_at_once_one_of_each_key() {
    on_both(async |house| {
        for at in 0..3 {
            house.add(chore("keyed").in_order("a").at(NOON - at)).await;
            house.add(chore("free").body(vec![0, 1, 255])).await;
        }
        let ask = Ask { owner: "many", kinds: &[KIND], lease: LEASE, up_to: Urgency::Whenever };
        let claims = house.store.claim_many(&ask, 10).await.unwrap();
        assert_eq!(claims.len(), 4);
        assert_eq!(claims.iter().filter(|claim| claim.order_key.is_some()).count(), 1);
        assert_eq!(claims[1].body.as_deref(), Some([0, 1, 255].as_slice()));
    })
    .await;
}

#[tokio::test]
async fn a_key_runs_in_order_and_burying_frees_it() {
    on_both(async |house| {
        let mut ids = Vec::new();
        for what in ["a", "b", "c", "d"] {
            ids.push(house.add(chore(what).in_order("key")).await);
        }
        let first = house.claim().await.unwrap();
        assert_eq!(first.id, ids[0]);
        assert!(house.claim().await.is_none());
        house.store.bury(&first, "no\0pe").await.unwrap();
        let second = house.claim().await.unwrap();
        assert_eq!(second.id, ids[1]);
        house.store.finish(&second).await.unwrap();
        assert!(house.drop_job(ids[2]).await);
        assert_eq!(house.claimed().await, ids[3]);
        let buried = house.store.job(ids[0]).await.unwrap().unwrap();
        assert_eq!((buried.state, buried.last_error.as_deref()), (JobState::Buried, Some("nope")));
    })
    .await;
}

#[tokio::test]
async fn a_delayed_job_holds_nothing_until_it_is_due() {
    on_both(async |house| {
        let delayed = house.add(chore("delayed").in_order("key").at(NOON + 60_000)).await;
        let now = house.add(chore("now").in_order("key")).await;
        let later = house.add(chore("later").in_order("key")).await;
        assert_eq!(house.store.next_due().await.unwrap(), Some(NOON + 60_000));
        let claim = house.claim().await.unwrap();
        assert_eq!(claim.id, now);
        house.pass(60);
        assert!(house.claim().await.is_none());
        house.store.finish(&claim).await.unwrap();
        assert_eq!(house.claimed().await, delayed);
        assert!(house.claim().await.is_none());
        assert!(later > delayed);
    })
    .await;
}

#[tokio::test]
async fn a_failing_job_holds_its_key_but_not_for_ever() {
    on_both(async |house| {
        let failing = house.add(chore("failing").in_order("key")).await;
        let next = house.add(chore("next").in_order("key")).await;
        let claim = house.claim().await.unwrap();
        house.store.retry(&claim, house.now() + 3_600_000, "no").await.unwrap();
        let last = house.add(chore("last").in_order("key")).await;
        house.pass(599);
        assert!(house.claim().await.is_none());
        house.pass(1);
        let passing = house.claim().await.unwrap();
        assert_eq!(passing.id, next);
        house.store.finish(&passing).await.unwrap();
        assert_eq!(house.claimed().await, last);
        let waits = house.store.job(failing).await.unwrap().unwrap();
        assert_eq!((waits.attempt, waits.failed_at), (1, Some(NOON)));
    })
    .await;
}

#[tokio::test]
async fn one_that_comes_while_the_key_is_held_passes_when_it_is_not() {
    on_both(async |house| {
        house.add(chore("failing").in_order("key")).await;
        let claim = house.claim().await.unwrap();
        house.store.retry(&claim, NOON + 3_600_000, "no").await.unwrap();
        let first = house.add(chore("first").in_order("key")).await;
        let second = house.add(chore("second").in_order("key")).await;
        assert!(house.claim().await.is_none());
        house.pass(600);
        let passing = house.claim().await.unwrap();
        assert_eq!(passing.id, first);
        house.store.finish(&passing).await.unwrap();
        assert_eq!(house.claimed().await, second);
    })
    .await;
}

#[tokio::test]
async fn what_is_handed_back_was_not_tried_and_keeps_its_place() {
    on_both(async |house| {
        let first = house.add(chore("first").in_order("key")).await;
        house.add(chore("second").in_order("key")).await;
        let claim = house.claim().await.unwrap();
        assert_eq!(claim.attempt, 1);
        house.store.hand_back(&claim, Some(NOON + 5_000)).await.unwrap();
        assert!(house.claim().await.is_none());
        house.pass(5);
        let again = house.claim().await.unwrap();
        assert_eq!((again.id, again.attempt), (first, 1));
        // The same owner, the same attempt: what was handed back is over all the same.
        assert_eq!(house.store.finish(&claim).await, Err(Error::LostClaim));
        house.store.hand_back(&again, None).await.unwrap();
        assert_eq!(house.claimed().await, first);
    })
    .await;
}

#[tokio::test]
async fn a_silent_worker_loses_its_job_and_cannot_write_it_any_more() {
    on_both(async |house| {
        let id = house.add(chore("one").in_order("key")).await;
        let lost = house.claim().await.unwrap();
        house.store.renew(&lost, LEASE * 2).await.unwrap();
        house.pass(61);
        assert_eq!(house.store.reap(3).await.unwrap().returned, 0);
        house.pass(60);
        assert_eq!(house.store.reap(3).await.unwrap().returned, 1);
        let taken = house.claim().await.unwrap();
        assert_eq!((taken.id, taken.attempt), (id, 2));
        let store = &house.store;
        assert_eq!(store.renew(&lost, LEASE).await, Err(Error::LostClaim));
        assert_eq!(store.retry(&lost, NOON, "x").await, Err(Error::LostClaim));
        assert_eq!(store.bury(&lost, "x").await, Err(Error::LostClaim));
        assert_eq!(store.hand_back(&lost, None).await, Err(Error::LostClaim));
        let mut tx = store.begin_for(&lost).await.unwrap();
        tx.enqueue(chore("of the lost one")).await.unwrap();
        assert_eq!(tx.commit().await, Err(Error::LostClaim));
        assert!(house.claim().await.is_none());
        let mut tx = store.begin_for(&taken).await.unwrap();
        tx.enqueue(chore("what follows")).await.unwrap();
        tx.finish(&taken).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(house.claim().await.unwrap().payload, "\"what follows\"");
    })
    .await;
}

#[tokio::test]
async fn a_job_that_kills_its_workers_is_buried_and_can_be_replayed() {
    on_both(async |house| {
        let id = house.add(chore("poison").in_order("key")).await;
        let next = house.add(chore("next").in_order("key")).await;
        for _ in 0..2 {
            assert!(house.store.reap(2).await.unwrap().buried.is_empty());
            assert_eq!(house.claimed().await, id);
            house.clock.advance(LEASE);
        }
        assert_eq!(house.store.reap(2).await.unwrap().buried, [id]);
        assert!(house.replay(id).await);
        assert!(!house.replay(next).await);
        let claim = house.claim().await.unwrap();
        assert_eq!((claim.id, claim.attempt), (id, 1));
        assert!(!house.drop_job(id).await, "it runs");
        house.store.finish(&claim).await.unwrap();
        assert_eq!(house.claimed().await, next);
    })
    .await;
}

#[tokio::test]
async fn one_of_a_unique_key_waits_at_a_time() {
    on_both(async |house| {
        let first = house.add(chore("draw").once("card")).await;
        assert_eq!(house.try_add(chore("draw").once("card")).await, None);
        let claim = house.claim().await.unwrap();
        let second = house.add(chore("draw").once("card")).await;
        // Both may wait now: the one that comes back gives its key up.
        house.store.retry(&claim, house.now(), "no").await.unwrap();
        assert_eq!(house.try_add(chore("draw").once("card")).await, None);
        let keys = [first, second].map(async |id| house.store.job(id).await.unwrap().unwrap().unique_key);
        let [first, second] = keys;
        assert_eq!((first.await, second.await.as_deref()), (None, Some("card")));
    })
    .await;
}

#[tokio::test]
async fn a_unit_of_work_that_is_dropped_never_was() {
    on_both(async |house| {
        let mut tx = house.store.begin().await.unwrap();
        tx.enqueue(chore("never")).await.unwrap();
        drop(tx);
        assert!(house.claim().await.is_none());
    })
    .await;
}

#[tokio::test]
async fn the_queue_can_be_looked_at() {
    on_both(async |house| {
        let first = house.add(chore("first").at(NOON - 7)).await;
        let second = house.add(chore("second")).await;
        house.add(chore("later").at(NOON + 1_000)).await;
        let claim = house.claim().await.unwrap();
        house.store.bury(&claim, "broken").await.unwrap();
        let depth = house.store.depth().await.unwrap();
        let waiting = depth.iter().find(|depth| depth.state == JobState::Waiting).unwrap();
        assert_eq!((waiting.jobs, waiting.due_since), (2, Some(NOON)));
        assert!(depth.iter().any(|depth| depth.state == JobState::Buried && depth.jobs == 1));
        let listed = async |filter: JobFilter| {
            let jobs = house.store.jobs(&filter).await.unwrap();
            jobs.into_iter().map(|job| job.id).collect::<Vec<_>>()
        };
        let in_state = |state| JobFilter { state: Some(state), ..JobFilter::default() };
        assert_eq!(listed(in_state(JobState::Buried)).await, [first]);
        assert_eq!(listed(in_state(JobState::Waiting)).await.len(), 2);
        assert!(listed(in_state(JobState::Running)).await.is_empty());
        assert!(listed(in_state(JobState::Done)).await.is_empty());
        let page =
            JobFilter { kind: Some(KIND.to_owned()), before: Some(second), most: 1, ..JobFilter::default() };
        assert_eq!(listed(page).await, [first]);
        assert!(house.store.job(second + 1_000).await.unwrap().is_none());
        house.clock.advance(Duration::from_secs(1));
        assert_eq!(house.store.next_due().await.unwrap(), None);
    })
    .await;
}
