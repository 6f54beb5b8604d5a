//! The audit log's chain: written once, in order, by any number of replicas; and no row of it altered,
//! removed or added without its being noticed.

use std::time::Duration;

use dipper::seal::{Seal, new_key};
use dipper::store::{Deed, Store};
use dipper::words::names::Team;

use crate::house::{House, channel, on_both, user};

fn seal() -> Seal {
    Seal::from_keys(&new_key().as_str().into()).unwrap()
}

fn team() -> Team {
    Team::new("T1")
}

fn deed(once: &str) -> Deed {
    Deed {
        user: user("U1"),
        person: Some("ada on cloud ({ada})".to_owned()),
        channel: channel("C1"),
        message: None,
        command: "pr.merge".to_owned(),
        fields: "{\"pr\":\"web/api#1\"}".to_owned(),
        repo: Some("cloud:web/api".to_owned()),
        version: None,
        result: "done\0".to_owned(),
        reference: "1a".to_owned(),
        once: once.to_owned(),
    }
}

async fn written(store: &Store, seal: &Seal, once: &str) -> bool {
    let mut tx = store.begin().await.unwrap();
    let new = tx.write_down(seal, &deed(once)).await.unwrap();
    tx.commit().await.unwrap();
    new
}

/// What is found after something was done to three rows.
async fn found_after(house: &House, meddled: &str) -> String {
    let seal = seal();
    for once in ["a", "b", "c"] {
        assert!(written(&house.store, &seal, once).await);
    }
    assert_eq!(house.store.verify_audit(&seal, &team()).await.unwrap(), Ok(3));
    house.says(meddled).await;
    let flaw = house.store.verify_audit(&seal, &team()).await.unwrap().unwrap_err().to_string();
    house.says("DELETE FROM audit").await;
    house.says("DELETE FROM audit_chains").await;
    flaw
}

#[tokio::test]
async fn a_deed_is_written_once() {
    on_both(async |house| {
        let seal = seal();
        assert!(written(&house.store, &seal, "a").await);
        assert!(!written(&house.store, &seal, "a").await);
        let rows = house.store.audit_after(&team(), 0).await.unwrap();
        assert_eq!((rows.len(), rows[0].number, rows[0].at), (1, 1, house.now()));
        assert_eq!(rows[0].deed.result, "done");
    })
    .await;
}

#[tokio::test]
async fn what_was_meddled_with_is_found_and_named() {
    on_both(async |house| {
        for (meddled, flaw) in [
            ("UPDATE audit SET result = 'refused' WHERE number = 2", "row 2 was altered"),
            ("DELETE FROM audit WHERE number = 1", "row 1 was removed"),
            ("DELETE FROM audit WHERE number = 2", "row 2 was removed"),
            ("DELETE FROM audit WHERE number = 3", "row 3 was removed"),
            ("UPDATE audit_chains SET head = 2", "the record of where it begins and ends was altered"),
            ("UPDATE audit_chains SET base = 1", "the record of where it begins and ends was altered"),
            ("DELETE FROM audit_chains", "the record of where it begins and ends was removed"),
            (
                "UPDATE audit_chains SET key_sealed = 'x'",
                "the key of its marks does not open with DIPPER_KEYS",
            ),
            (
                "INSERT INTO audit (team, number, at, user_id, channel, command, fields, result, reference, \
                 once_key, mark) VALUES ('T1', 4, 1, 'U0EVE', 'C1', 'x', '{}', 'done', '1', 'z', 'm')",
                "row 4 was added behind Dipper's back",
            ),
        ] {
            assert_eq!(found_after(house, meddled).await, flaw, "{meddled}");
        }
    })
    .await;
}

#[tokio::test]
async fn replicas_that_write_together_make_one_chain() {
    on_both(async |house| {
        let (other, seal) = (house.another().await, seal());
        let write = async |store: &Store, who: &str| {
            for at in 0..20 {
                assert!(written(store, &seal, &format!("{who}{at}")).await);
            }
        };
        tokio::join!(write(&house.store, "a"), write(&other, "b"));
        assert_eq!(house.store.verify_audit(&seal, &team()).await.unwrap(), Ok(40));
    })
    .await;
}

#[tokio::test]
async fn what_goes_leaves_a_beginning_that_holds() {
    on_both(async |house| {
        let seal = seal();
        let day = Duration::from_hours(24);
        for once in ["a", "b"] {
            written(&house.store, &seal, once).await;
        }
        house.clock.advance(day * 2);
        written(&house.store, &seal, "c").await;
        assert_eq!(house.store.tidy_audit(&seal, day).await.unwrap(), 2);
        assert_eq!(house.store.verify_audit(&seal, &team()).await.unwrap(), Ok(1));
        house.clock.advance(day * 2);
        assert_eq!(house.store.tidy_audit(&seal, day).await.unwrap(), 1);
        assert!(written(&house.store, &seal, "d").await);
        let rows = house.store.audit_after(&team(), 0).await.unwrap();
        assert_eq!((rows.len(), rows[0].number), (1, 4));
        assert_eq!(house.store.verify_audit(&seal, &team()).await.unwrap(), Ok(1));
    })
    .await;
}
