//! What channels hear, what is known of pull requests, what was posted, and digests.

use dipper::store::{Error, NewDigest, Post, PostState};
use dipper::words::digest::DigestWish;
use dipper::words::names::{PrName, RepoName, Topic};
use dipper::words::pull_request::{PullRequest, State};
use dipper::words::wish::Wish;
use dipper::words::work::{NewJob, SendDigest};

use crate::house::{House, NOON, channel, on_both, person, user};

fn repo() -> RepoName {
    "cloud:web/api".parse().unwrap()
}

fn pr_name(number: u64) -> PrName {
    PrName { repo: repo(), number }
}

#[tokio::test]
async fn a_channel_subscribes_changes_its_mind_and_leaves() {
    on_both(async |house| {
        let (web, store, all) = (channel("C1"), &house.store, Topic::ALL);
        let mut tx = store.begin().await.unwrap();
        tx.subscribe(&web, &repo().into(), &Wish::of(all), &user("U1")).await.unwrap();
        tx.subscribe(&channel("C2"), &repo().into(), &Wish::of(&all[..1]), &user("U1")).await.unwrap();
        tx.subscribe(&web, &repo().into(), &Wish::of(&all[1..]), &user("U2")).await.unwrap();
        tx.commit().await.unwrap();
        let heard = store.subscriptions_in(&web).await.unwrap();
        assert_eq!((heard.len(), &heard[0].wish.topics[..], &heard[0].asked_by), (1, &all[1..], &user("U2")));
        assert_eq!(store.subscriptions_to(&repo()).await.unwrap().len(), 2);
        house
            .says("UPDATE subscriptions SET topics = 'opened of-a-later-version' WHERE channel = 'C2'")
            .await;
        let later = &store.subscriptions_in(&channel("C2")).await.unwrap()[0];
        assert_eq!((&later.wish.topics[..], later.created_at), (&all[..1], NOON));
        let mut tx = store.begin().await.unwrap();
        assert!(tx.unsubscribe(&web, &repo().into()).await.unwrap());
        assert!(!tx.unsubscribe(&web, &repo().into()).await.unwrap());
        tx.commit().await.unwrap();
        assert_eq!(store.subscriptions_in(&web).await.unwrap(), []);
    })
    .await;
}

fn pull_request(number: u64, updated_at: i64, version: Option<i64>) -> PullRequest {
    PullRequest {
        name: pr_name(number),
        title: "Limit the rate".to_owned(),
        description: String::new(),
        author: person("grace"),
        state: State::Open,
        draft: false,
        source: "limit-rate".to_owned(),
        source_repo: None,
        fork_gone: false,
        target: "main".to_owned(),
        head: None,
        reviews: Vec::new(),
        comments: None,
        open_tasks: None,
        url: "https://bitbucket.org/web/api/pull-requests/1".to_owned(),
        created_at: NOON,
        updated_at,
        version,
        closed_by: None,
        merge_commit: None,
    }
}

async fn remember(house: &House, pr: &PullRequest) -> bool {
    let mut tx = house.store.begin().await.unwrap();
    let kept = tx.remember(pr).await.unwrap();
    let known = tx.pull_request(&pr.name).await.unwrap().unwrap();
    assert_eq!(known == *pr, kept);
    tx.commit().await.unwrap();
    kept
}

#[tokio::test]
async fn the_newest_of_a_pull_request_stays_whatever_comes_later() {
    on_both(async |house| {
        assert_eq!(house.store.pull_request(&pr_name(1)).await.unwrap(), None);
        for (updated_at, version, kept) in [
            (50, None, true),
            (40, None, false),
            (50, None, true),
            (60, Some(3), true),
            (90, Some(2), false),
            (10, Some(4), true),
            (9, Some(4), false),
            (11, Some(4), true),
            (5, None, false),
            (70, None, true),
            (60, Some(9), false),
        ] {
            let pr = pull_request(1, updated_at, version);
            assert_eq!(remember(house, &pr).await, kept, "{updated_at} {version:?}");
        }
        let merged = PullRequest { state: State::Merged, ..pull_request(2, 1, None) };
        assert!(remember(house, &merged).await);
        assert!(remember(house, &pull_request(3, 99, None)).await);
        let open = house.store.open_in(&repo()).await.unwrap();
        let open: Vec<_> = open.iter().map(|pr| pr.name.number).collect();
        assert_eq!(open, [3, 1]);
        house.says("UPDATE pull_requests SET snapshot = '{}' WHERE number = 1").await;
        let broken = house.store.pull_request(&pr_name(1)).await;
        assert_eq!(broken, Err(Error::Unreadable("snapshot".to_owned())));
    })
    .await;
}

#[tokio::test]
async fn what_is_about_to_be_posted_is_known_to_whoever_comes_after() {
    on_both(async |house| {
        let (web, key) = (channel("C1"), Post::card_key(&pr_name(1)));
        let about = async |identity: &str| {
            let mut tx = house.store.begin().await.unwrap();
            let post = tx.about_to_post(&web, &key, identity).await.unwrap();
            tx.commit().await.unwrap();
            post
        };
        let first = about("one").await;
        assert_eq!((first.first, first.state, first.ts), (true, PostState::About, None));
        let second = about("two").await;
        assert_eq!((second.first, second.identity.as_str()), (false, "one"));
        let mut tx = house.store.begin().await.unwrap();
        assert!(tx.posted(&web, &key, "1.2", Some("hash")).await.unwrap());
        assert!(!tx.posted(&web, "other", "1.2", None).await.unwrap());
        tx.commit().await.unwrap();
        let there = house.store.post(&web, &key).await.unwrap().unwrap();
        assert_eq!((there.state, there.ts.as_deref()), (PostState::Posted, Some("1.2")));
        assert_eq!((there.drawn.as_deref(), there.at), (Some("hash"), NOON));
        assert_eq!(house.store.cards_of(&pr_name(1)).await.unwrap(), [there]);
        assert_eq!(house.store.cards_of(&pr_name(11)).await.unwrap(), []);
        let mut tx = house.store.begin().await.unwrap();
        assert!(tx.post_gone(&web, &key).await.unwrap());
        tx.commit().await.unwrap();
        assert_eq!(about("three").await.state, PostState::Gone);
        let mut tx = house.store.begin().await.unwrap();
        assert!(tx.forget_post(&web, &key).await.unwrap());
        assert!(!tx.post_gone(&web, &key).await.unwrap());
        tx.commit().await.unwrap();
        assert!(about("four").await.first);
    })
    .await;
}

fn digest(next_at: Option<i64>) -> NewDigest {
    NewDigest {
        channel: channel("C1"),
        repos: Some(repo().into()),
        times: "weekdays at 9:00".to_owned(),
        zone: "Europe/Berlin".to_owned(),
        asked_by: user("U1"),
        next_at,
        wish: DigestWish::default(),
        personal: false,
    }
}

async fn fire(house: &House, digest: i64, due: i64) -> bool {
    let mut tx = house.another().await.begin().await.unwrap();
    let job = NewJob::of(&SendDigest { digest, due });
    let fired = tx.fire(digest, (due, Some(due + 1_000)), Some((due, job))).await.unwrap();
    tx.commit().await.unwrap();
    fired
}

#[tokio::test]
async fn a_digest_fires_once_for_each_time_it_is_due() {
    on_both(async |house| {
        let mut tx = house.store.begin().await.unwrap();
        let number = tx.add_digest(&digest(Some(NOON))).await.unwrap();
        assert_eq!((number, tx.add_digest(&digest(None)).await.unwrap()), (1, 2));
        tx.commit().await.unwrap();
        let both = house.store.digests_in(&channel("C1")).await.unwrap();
        let (id, never) = (both[0].id, both[1].id);
        let due = house.store.digests_due(NOON).await.unwrap();
        assert_eq!((due.len(), due[0].id, &due[0].what), (1, id, &digest(Some(NOON))));
        assert!(fire(house, id, NOON).await);
        assert!(!fire(house, id, NOON).await);
        assert!(!fire(house, never, NOON).await);
        let moved = house.store.digest(id).await.unwrap().unwrap();
        assert_eq!(moved.what.next_at, Some(NOON + 1_000));
        let mut tx = house.store.begin().await.unwrap();
        tx.digest_ran(id, NOON, "3 pull requests").await.unwrap();
        tx.commit().await.unwrap();
        let ran = house.store.digest(id).await.unwrap().unwrap();
        assert_eq!((ran.last_at, ran.result.as_deref()), (Some(NOON), Some("3 pull requests")));
        assert_eq!(house.store.digests_due(NOON).await.unwrap(), []);
        // Set back by hand: the row of that time is there for good.
        house.says(&format!("UPDATE digests SET next_at = {NOON} WHERE id = {id}")).await;
        assert!(!fire(house, id, NOON).await);
        assert!(fire(house, id, NOON + 1_000).await);
        assert_eq!(house.store.depth().await.unwrap()[0].jobs, 2);
        let mut tx = house.store.begin().await.unwrap();
        assert!(tx.remove_digest(id).await.unwrap());
        assert!(!tx.remove_digest(id).await.unwrap());
        tx.commit().await.unwrap();
        assert_eq!(house.store.digests_in(&channel("C1")).await.unwrap().len(), 1);
        assert!(!fire(house, id, NOON + 2_000).await);
    })
    .await;
}
