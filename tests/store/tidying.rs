//! Waits that replicas share, and what is removed when its time is over.

use std::time::Duration;

use dipper::store::{Arrival, NewDelivery, NewTicket, ParkedCommand, Slot, Tidied};

use crate::house::{NOON, channel, chore, cloud, on_both, user};

#[tokio::test]
async fn the_longer_wait_wins_and_every_replica_keeps_it() {
    on_both(async |house| {
        let other = house.another().await;
        house.store.pause("slack:T1", NOON + 30_000).await.unwrap();
        other.pause("slack:T1", NOON + 10_000).await.unwrap();
        assert_eq!(other.paused_until("slack:T1").await.unwrap(), Some(NOON + 30_000));
        assert_eq!(other.paused_until("slack:T2").await.unwrap(), None);
        house.pass(30);
        assert_eq!(other.paused_until("slack:T1").await.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn a_channel_goes_at_its_pace_whoever_asks() {
    on_both(async |house| {
        let other = house.another().await;
        assert_eq!(house.store.take_slot("C1", 1_000).await.unwrap(), NOON);
        assert_eq!(other.take_slot("C1", 1_000).await.unwrap(), NOON + 1_000);
        let patience = Duration::from_millis(1_500);
        let within = async || house.store.take_slot_within("C1", 1_000, patience).await.unwrap();
        assert_eq!(within().await, Slot::Later(NOON + 2_000));
        house.clock.advance(Duration::from_millis(500));
        assert_eq!(within().await, Slot::Theirs(NOON + 2_000));
        house.pass(60);
        assert_eq!(other.take_slot("C1", 1_000).await.unwrap(), house.now());
    })
    .await;
}

#[tokio::test]
async fn what_is_over_is_removed_and_nothing_else() {
    on_both(async |house| {
        for at in 0..600 {
            let delivery = NewDelivery {
                instance: cloud(),
                request_id: None,
                event_key: "push".to_owned(),
                hook: None,
                body: vec![u8::try_from(at % 256).unwrap(), u8::try_from(at / 256).unwrap()],
            };
            house.store.accept(Arrival::Delivery(delivery)).await.unwrap();
        }
        house.add(chore("done")).await;
        let waits = house.add(chore("waits").at(NOON + 1_000)).await;
        let done = house.claim().await.unwrap();
        house.store.finish(&done).await.unwrap();
        let mut tx = house.store.begin().await.unwrap();
        let ticket = NewTicket {
            hash: "t".to_owned(),
            user: user("U1"),
            instance: cloud(),
            channel: channel("C1"),
            command: None,
            wider: Vec::new(),
        };
        tx.open_ticket(&ticket).await.unwrap();
        let parked = ParkedCommand {
            user: user("U1"),
            instance: cloud(),
            command: "{}".to_owned(),
            until: NOON + 1_000,
        };
        tx.park(&parked).await.unwrap();
        tx.commit().await.unwrap();
        let day = Duration::from_hours(24);
        assert_eq!(house.store.tidy(day, day).await.unwrap(), Tidied::default());
        house.clock.advance(day + Duration::from_secs(1));
        let tidied = house.store.tidy(day, day).await.unwrap();
        assert_eq!((tidied.deliveries, tidied.jobs), (600, 1));
        assert_eq!((tidied.tickets, tidied.parked), (1, 1));
        assert!(house.store.job(waits).await.unwrap().is_some());
    })
    .await;
}
