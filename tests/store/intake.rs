//! Accepting: stored before it is acknowledged, seen once, and nobody suffers for another's row.

use dipper::store::{Accepted, Arrival, Engine, Error, NewDelivery};
use dipper::words::work::{Deliver, Urgency};
use futures_util::future::join_all;

use crate::house::{KIND, LEASE, chore, cloud, on_both};

fn slash(key: &str) -> Arrival {
    Arrival::Slack { seen_key: key.to_owned(), job: chore(key).body(b"raw".to_vec()) }
}

fn delivery(request: Option<&str>, body: &str) -> Arrival {
    Arrival::Delivery(NewDelivery {
        instance: cloud(),
        request_id: request.map(str::to_owned),
        event_key: "pullrequest:created".to_owned(),
        hook: None,
        body: body.as_bytes().to_vec(),
    })
}

fn stored(accepted: &Result<Accepted, Error>) -> i64 {
    match accepted {
        Ok(Accepted::Stored(id)) => *id,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_request_is_one_job_and_seen_when_it_comes_again() {
    on_both(async |house| {
        let id = stored(&house.store.accept(slash("trigger 1")).await);
        assert_eq!(house.store.accept(slash("trigger 1")).await, Ok(Accepted::Seen(id)));
        let claim = house.claim().await.unwrap();
        assert_eq!((claim.id, claim.body.as_deref()), (id, Some(b"raw".as_slice())));
        assert_eq!(claim.seen_key.as_deref(), Some("trigger 1"));
        house.store.finish(&claim).await.unwrap();
        assert_eq!(house.store.accept(slash("trigger 1")).await, Ok(Accepted::Seen(id)));
        assert_eq!((house.claim().await, house.store.waiting_arrivals()), (None, 0));
    })
    .await;
}

#[tokio::test]
async fn a_delivery_is_kept_as_it_came_and_has_a_job() {
    on_both(async |house| {
        let id = stored(&house.store.accept(delivery(Some("r1"), "{\"a\":1}")).await);
        let by_request = house.store.accept(delivery(Some("r1"), "{\"a\":2}")).await;
        let by_body = house.store.accept(delivery(Some("r2"), "{\"a\":1}")).await;
        assert_eq!((by_request, by_body), (Ok(Accepted::Seen(id)), Ok(Accepted::Seen(id))));
        stored(&house.store.accept(delivery(None, "{\"a\":2}")).await);
        let claim = house.store.claim("one", &["deliver"], LEASE, Urgency::Whenever).await;
        let claim = claim.unwrap().unwrap();
        let payload: Deliver = serde_json::from_str(&claim.payload).unwrap();
        let kept = house.store.delivery(payload.delivery).await.unwrap().unwrap();
        assert_eq!((kept.row.id, kept.row.outcome, kept.body), (id, None, b"{\"a\":1}".to_vec()));
        let mut tx = house.store.begin().await.unwrap();
        assert!(tx.settle_delivery(id, "told").await.unwrap());
        assert!(!tx.settle_delivery(1, "told").await.unwrap());
        tx.commit().await.unwrap();
        let listed = house.store.deliveries(None, 10).await.unwrap();
        assert_eq!(listed.len(), 2);
        let last = &house.store.deliveries(Some(listed[0].id), 10).await.unwrap()[0];
        assert_eq!((last.outcome.as_deref(), last.size), (Some("told"), 7));
    })
    .await;
}

#[tokio::test]
async fn a_crowd_is_stored_together_and_twins_are_told_apart() {
    on_both(async |house| {
        let arrivals = (0..500).map(|at| match at % 5 {
            0 => delivery(Some(&format!("r{at}")), &format!("{at}")),
            1 => delivery(None, &format!("twin {}", at / 10)),
            2 => slash(&format!("{}", at / 10)),
            3 => Arrival::Slack {
                seen_key: format!("line {}", at / 10),
                job: chore("in line").in_order("line").once("means nothing here"),
            },
            _ => slash(&format!("single {at}")),
        });
        let answers = join_all(arrivals.map(|arrival| house.store.accept(arrival))).await;
        let new = answers.iter().filter(|answer| matches!(answer, Ok(Accepted::Stored(_))));
        let seen = answers.iter().filter(|answer| matches!(answer, Ok(Accepted::Seen(_))));
        assert_eq!((new.count(), seen.count()), (350, 150));
        for pair in answers.chunks(10) {
            for at in 1..4 {
                // Two lanes may store the two of a pair in either order.
                let twins = match (&pair[at], &pair[at + 5]) {
                    (Ok(Accepted::Stored(one)), Ok(Accepted::Seen(other)))
                    | (Ok(Accepted::Seen(one)), Ok(Accepted::Stored(other))) => one == other,
                    _ => false,
                };
                assert!(twins, "{pair:?}");
            }
        }
        let mut in_line = Vec::new();
        while let Some(claim) = house.claim().await {
            house.store.finish(&claim).await.unwrap();
            in_line.extend(claim.order_key.map(|_| claim.id));
        }
        assert!(in_line.len() == 50 && in_line.is_sorted());
    })
    .await;
}

#[tokio::test]
async fn a_row_the_database_refuses_fails_alone() {
    on_both(async |house| {
        let refused = house.on(Engine::Postgres);
        let arrivals = (0..60).map(|at| match at {
            17 => slash("a text with \0 in it"),
            40 => delivery(Some("\0"), "body"),
            at => slash(&format!("fine {at}")),
        });
        let answers = join_all(arrivals.map(|arrival| house.store.accept(arrival))).await;
        for (at, answer) in answers.iter().enumerate() {
            let bad = refused && (at == 17 || at == 40);
            assert_eq!(answer.is_err(), bad, "{at}: {answer:?}");
            if let Err(error) = answer {
                assert!(!error.to_string().contains("a text"), "{error}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn more_than_it_keeps_up_with_is_refused_at_once() {
    on_both(async |house| {
        let crowd = (0..8_300).map(|at| house.store.accept(slash(&format!("{at}"))));
        let answers = join_all(crowd).await;
        let busy = answers.iter().filter(|answer| **answer == Err(Error::Busy));
        assert_eq!(busy.count(), 8_300 - 8_192);
        let heavy = (0..7).map(|at| delivery(None, &format!("{at}{}", "x".repeat(20 << 20))));
        let answers = join_all(heavy.map(|arrival| house.store.accept(arrival))).await;
        let busy: Vec<_> = answers.iter().map(|answer| *answer == Err(Error::Busy)).collect();
        assert_eq!(busy, [false, false, false, false, false, false, true]);
        assert_eq!(house.store.waiting_arrivals(), 0);
        stored(&house.store.accept(slash("there is room again")).await);
    })
    .await;
}

#[tokio::test]
async fn what_was_acknowledged_is_there_after_a_restart() {
    on_both(async |house| {
        let before = house.another().await;
        let id = stored(&before.accept(slash("before")).await);
        before.close().await;
        assert!(matches!(before.accept(slash("after")).await, Err(Error::Unavailable(_))));
        let claim = house.another().await.claim("one", &[KIND], LEASE, Urgency::Whenever).await;
        assert_eq!(claim.unwrap().unwrap().id, id);
    })
    .await;
}
