//! Workspaces that come and go, what counts once, and people who are not to be mentioned.

use dipper::store::{NewInstall, Tokens};
use dipper::words::names::{PersonId, Team};

use crate::house::{House, NOON, cloud, on_both, person, user};

fn install(token: &str) -> NewInstall {
    NewInstall {
        team: Team::new("T1"),
        name: "one".to_owned(),
        enterprise: None,
        bot_user: Some("B1".to_owned()),
        scopes: "commands chat:write".to_owned(),
        token_sealed: token.to_owned(),
        installed_by: Some("U1".to_owned()),
    }
}

async fn come_in(house: &House, token: &str) {
    let mut tx = house.store.begin().await.unwrap();
    tx.save_install(&install(token)).await.unwrap();
    tx.commit().await.unwrap();
}

async fn link(house: &House, id: &str) {
    let tokens = Tokens {
        access_sealed: "a".to_owned(),
        refresh_sealed: None,
        scopes: String::new(),
        expires_at: None,
    };
    let mut tx = house.store.begin().await.unwrap();
    tx.save_link(&user(id), &cloud(), &person("ada"), &tokens).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn a_workspace_that_left_keeps_no_secret_and_then_nothing() {
    on_both(async |house| {
        come_in(house, "sealed").await;
        link(house, "U1").await;
        let team = Team::new("T1");
        let mut tx = house.store.begin().await.unwrap();
        tx.forget_secrets_of(&team).await.unwrap();
        tx.commit().await.unwrap();
        let kept = house.store.install(&team).await.unwrap().unwrap();
        assert_eq!((kept.token_sealed, kept.installed_at), (None, NOON));
        assert!(house.store.links_of(&user("U1")).await.unwrap().is_empty());
        house.pass(60);
        come_in(house, "again").await;
        let kept = house.store.install(&team).await.unwrap().unwrap();
        assert_eq!((kept.token_sealed.as_deref(), kept.installed_at), (Some("again"), NOON + 60_000));
        let mut tx = house.store.begin().await.unwrap();
        tx.forget_workspace(&team).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(house.store.install(&team).await.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn what_counts_once_counts_once() {
    on_both(async |house| {
        let spend = async || {
            let mut tx = house.store.begin().await.unwrap();
            let first = tx.spend("hash", NOON + 1000).await.unwrap();
            tx.commit().await.unwrap();
            first
        };
        assert_eq!((spend().await, spend().await), (true, false));
        house.pass(2);
        let day = std::time::Duration::from_hours(24);
        house.store.tidy(day, day).await.unwrap();
        assert!(spend().await, "it counts no more anyway");
    })
    .await;
}

#[tokio::test]
async fn who_does_not_want_it_is_not_mentionable() {
    on_both(async |house| {
        link(house, "U1").await;
        let (team, ada) = (Team::new("T1"), PersonId::new("{ada}"));
        let mentionable = async || house.store.mentionable(&team, &cloud(), &ada).await.unwrap();
        assert_eq!(mentionable().await, Some(user("U1")));
        for _ in 0..2 {
            mentions(house, false).await;
        }
        assert_eq!((mentionable().await, house.store.mentions(&user("U1")).await), (None, Ok(false)));
        mentions(house, true).await;
        assert_eq!(mentionable().await, Some(user("U1")));
    })
    .await;
}

#[tokio::test]
async fn a_renewal_nobody_heard_of_again_is_counted_until_one_is_heard_of() {
    on_both(async |house| {
        link(house, "U1").await;
        let (ada, store) = (user("U1"), &house.store);
        let take = async |owner: &str| store.take_refresh(&ada, &cloud(), owner, house.now()).await.unwrap();
        let found = async || store.link(&ada, &cloud()).await.unwrap().unwrap();
        assert!(take("one").await && take("one").await);
        assert_eq!(found().await.doubts, 0);
        assert!(take("two").await);
        assert_eq!(found().await.doubts, 1);
        store.leave_refresh(&ada, &cloud(), "two").await.unwrap();
        assert!(take("three").await);
        assert_eq!(found().await.doubts, 1);
        let (mut tx, before) = (store.begin().await.unwrap(), found().await);
        assert!(tx.end_link(&before).await.unwrap() && !tx.end_link(&before).await.unwrap());
        tx.commit().await.unwrap();
        assert_eq!(found().await.doubts, 0);
    })
    .await;
}

async fn mentions(house: &House, wanted: bool) {
    let mut tx = house.store.begin().await.unwrap();
    tx.set_mentions(&user("U1"), wanted).await.unwrap();
    tx.commit().await.unwrap();
}
