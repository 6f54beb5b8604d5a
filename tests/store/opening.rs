//! Opening, migrating and holding a database, and what is refused in words.

use dipper::clock::Clock;
use dipper::store::{Engine, Error, Store};

use crate::house::{chore, on_both};

#[tokio::test]
async fn migrating_again_changes_nothing_and_rows_stay() {
    on_both(async |house| {
        let id = house.add(chore("before")).await;
        let (one, two) = (house.another().await, house.another().await);
        let (one, two) = tokio::join!(one.migrate(), two.migrate());
        assert_eq!((one, two), (Ok(()), Ok(())));
        assert_eq!(house.claimed().await, id);
        house.store.prove_writable().await.unwrap();
        house.store.prove_writable().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_newer_schema_that_only_adds_is_worked_on_and_another_is_refused() {
    on_both(async |house| {
        house.says("INSERT INTO migrations (version, needs, applied_at) VALUES (98, 1, 0)").await;
        let beside = house.another().await;
        beside.migrate().await.unwrap();
        house.says("INSERT INTO migrations (version, needs, applied_at) VALUES (99, 99, 0)").await;
        let refused = Store::open(&house.url, Clock::system()).await.unwrap_err();
        assert!(matches!(refused, Error::TooNew { found: 99, .. }));
        assert!(refused.to_string().contains("newer Dipper"));
        assert_eq!(beside.migrate().await, Err(refused));
    })
    .await;
}

#[tokio::test]
async fn a_database_without_tables_says_what_to_do() {
    on_both(async |house| {
        house.says("DROP TABLE jobs").await;
        let error = house.store.depth().await.unwrap_err();
        assert_eq!(error, Error::NotMigrated);
    })
    .await;
}

#[tokio::test]
async fn a_file_is_held_by_one_and_a_server_by_all() {
    on_both(async |house| {
        let held = Store::hold(&house.url).unwrap();
        match Store::hold(&house.url) {
            Err(Error::Held(_)) => assert!(house.on(Engine::Sqlite)),
            other => assert!(other.is_ok() && house.on(Engine::Postgres)),
        }
        drop(held);
        assert!(Store::hold(&house.url).is_ok());
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_opened_is_said_without_the_password() {
    for url in [
        "sqlite:///no/such/folder/dipper.db",
        "postgres://ada:hush@127.0.0.1:1/dipper",
        "postgres://ada:hush@127.0.0.1:5432/no_such_database_hush",
        "mysql://ada:hush@127.0.0.1/dipper",
    ] {
        let error = Store::open(url, Clock::system()).await.unwrap_err();
        let words = error.to_string();
        assert!(matches!(error, Error::Unavailable(_) | Error::BadUrl(_)), "{words}");
        assert!(!words.contains(":hush"), "{words}");
    }
    assert!(matches!(Store::hold("sqlite:///no/such/x.db"), Err(Error::Unavailable(_))));
}
