//! One person, several bots and several Bitbuckets: tokens are renewed once, and each command goes to the right place.

use std::collections::BTreeSet;
use std::time::Duration;

use dipper::bot::{Bot, Parts};
use dipper::clock::Clock;
use dipper::sandbox::bitbucket::Edition;
use dipper::store::Store;
use dipper::worker::Worker;

use crate::world::{World, on_both};

/// Another bot on the same database, as another process would be it.
pub async fn another(world: &World) -> Bot {
    another_by(world, world.clock.clone()).await
}

/// The same by a clock of its own.
pub async fn another_by(world: &World, clock: Clock) -> Bot {
    let bot = world.bot();
    Bot::new(Parts {
        store: Store::open(world.database_url(), clock.clone()).await.unwrap(),
        workspaces: bot.workspaces.clone(),
        sites: bot.sites.values().cloned().collect(),
        seal: bot.seal.clone(),
        clock,
        public_url: bot.public_url.clone(),
        with_address: BTreeSet::new(),
        admins: Vec::new(),
        fold: bot.fold,
    })
}

#[tokio::test]
async fn two_replicas_renew_one_token_once() {
    on_both(async |world| {
        let ada = world.person("ada").connected().await;
        let other = another(&world).await;
        let worker = Worker::new(other.clone());
        world.bitbucket.expire_tokens("ada");
        for _ in 0..4 {
            assert_eq!(ada.slack.types("#web", "/bb commits web/api").await.status, 200);
        }
        let ran = tokio::join!(world.step(), worker.step(), world.step(), worker.step());
        assert!(ran.0 && ran.1.unwrap() && ran.2 && ran.3.unwrap());
        let told = ada.is_told();
        assert_eq!(told.matches("Latest commits in web/api").count(), 4, "{told}");
        let asked = world.bitbucket.requests();
        let renewals = asked.iter().filter(|call| call.body.contains("grant_type=refresh_token")).count();
        assert_eq!(renewals, 1);
        other.store.close().await;
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn a_form_that_one_replica_fills_is_filled_on_by_another() {
    on_both(async |world| {
        let ada = world.person("ada").connected().await;
        let other = another(&world).await;
        let worker = Worker::new(other.clone());
        assert_eq!(ada.slack.types("#web", "/bb pr open web/api").await.status, 200);
        let chooses = async {
            while ada.slack.form().is_none() {
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
            ada.slack.picks("Source branch", "lim", "limit-rate").await;
        };
        tokio::join!(world.step(), chooses);
        assert!(worker.step().await.unwrap());
        snapshot!(ada.sees_form(), @"
        Open a pull request
        Repository: web/api
        Source branch: limit-rate
        (The branch that holds your change)
        Target branch (optional): main
        (The main branch when left empty)
        Title: Limit the rate
        Description (optional): ____
        Reviewers (optional): ____
        Draft (optional): [ ] Yes
        Delete the branch once merged (optional): [ ] Yes
        [Open]
        ");
        other.store.close().await;
        world.finish().await;
    })
    .await;
}

/// A world with a Bitbucket of each edition, on both of which Ada is connected.
async fn connected_twice() -> World {
    let mut world = World::on(Edition::Cloud).await;
    let (id, secret) = world.bitbucket.oauth_client(Edition::DataCenter);
    let callback = format!("{}/bitbucket/dc/oauth/callback", world.base());
    world.bitbucket.register_callback(Edition::DataCenter, &callback);
    for (name, value) in [
        ("BITBUCKET_DC_URL", world.bitbucket.url(Edition::DataCenter)),
        ("BITBUCKET_DC_API_URL", world.bitbucket.api_url(Edition::DataCenter)),
        ("BITBUCKET_DC_CLIENT_ID", id),
        ("BITBUCKET_DC_CLIENT_SECRET", secret),
    ] {
        world.set(name, &value);
    }
    world.restart().await;
    let _ = world.person("ada").connected().await;
    world.edition = Edition::DataCenter;
    let _ = world.repository("ops/tools");
    let _ = world.repository("web/api");
    let _ = world.person("ada").connected().await;
    world.edition = Edition::Cloud;
    world
}

#[tokio::test]
async fn one_person_on_two_bitbuckets_reaches_each_and_one_hit_wins() {
    let world = connected_twice().await;
    let ada = world.person("ada");
    let whoami = ada.types("/bb whoami").await;
    assert!(whoami.contains("On cloud you are ada") && whoami.contains("On dc you are ada"), "{whoami}");
    let asked = |edition: Edition| {
        let calls = world.bitbucket.requests();
        calls.iter().filter(|call| call.edition == edition && call.path.contains("/commits")).count()
    };
    assert!(ada.types("/bb commits cloud:web/api").await.starts_with("Latest commits in web/api"));
    assert_eq!((asked(Edition::Cloud), asked(Edition::DataCenter)), (1, 0));
    let told = ada.types("/bb commits dc:WEB/api").await;
    assert!(told.starts_with("Latest commits in web/api") || told.starts_with("No commits"), "{told}");
    assert_eq!(asked(Edition::Cloud), 1);
    assert!(asked(Edition::DataCenter) > 0);
    let told = ada.types("/bb commits ops/tools").await;
    assert!(told.to_lowercase().contains("commits in ops/tools"), "one hit wins: {told}");
    snapshot!(ada.types("/bb commits web/api").await, @"
    Several are called `web/api`. Which one?
    [cloud:web/api] [dc:web/api]
    ");
    assert_eq!(asked(Edition::Cloud), 1);
    world.finish().await;
}
