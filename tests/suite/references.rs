//! What people write for a repository or a pull request is understood: bare, short, with the channel's own
//! repository, misspelt, or by the name it had before.

use dipper::sandbox::bitbucket::{Edition, Permission};
use dipper::sandbox::browser::Browser;

use crate::world::{Person, World, on_both};

/// A repository that these may write to.
fn repository(world: &World, name: &str, people: &[&str]) -> String {
    let repo = world.bitbucket.add_repository(world.edition, name);
    people.iter().fold(repo, |repo, person| repo.allow(person, Permission::Write)).name().to_owned()
}

fn one_is_open(world: &World) {
    let repo = world.repository("web/api");
    world.bitbucket.open_pull_request(&repo, "grace", "Limit the rate", ("limit-rate", "main")).unwrap();
}

/// Types something, and reads the message it is answered with.
async fn asks(person: &Person<'_>, text: &str) -> dipper::sandbox::slack::Message {
    let ack = person.slack.types("#web", text).await;
    assert_eq!(ack.status, 200, "{}", ack.body);
    person.world.settle().await;
    person.slack.told().remove(0)
}

/// Connects somebody's account on one more Bitbucket.
async fn connects(person: &Person<'_>, instance: &str) {
    let asked = asks(person, &format!("/bb connect {instance}")).await;
    let link = asked.link(&format!("Connect your account on {instance}")).unwrap();
    let mut browser = Browser::new().unwrap();
    let page = browser.open(&link).await.unwrap();
    let page = browser.press(&page, "Go on to Bitbucket").await.unwrap();
    let page = person.signs_in(&mut browser, &page).await;
    browser.press(&page, "Connect them").await.unwrap();
    person.world.settle().await;
    let _welcome = person.is_told();
}

#[tokio::test]
async fn a_channel_has_a_repository_of_its_own() {
    on_both(async |world| {
        let ada = world.person("ada").connected().await;
        one_is_open(&world);
        snapshot!(ada.types("/bb use").await, @"This channel has no repository of its own yet; `/bb use web/api` gives it one.");
        snapshot!(ada.types("/bb pr show 1").await, @"Which repository? Write it like `web/api#1`, or give this channel its own: `/bb use web/api`.");
        snapshot!(ada.types("/bb use web/api").await, @"
        Where nobody names a repository here, web/api is meant from now on: `/bb pr show 12` is its pull request 12.
        [Mean none]
        ");
        for reference in ["#1", "1"] {
            snapshot!(ada.types(&format!("/bb pr show {reference}")).await, @"
            grace opened web/api#1 Limit the rate
            `limit-rate` → `main` · no reviewers
            1 file, +15 −0 opened 2026-11-21 08:00 UTC
            [Approve] [Needs work] [Comment] [Merge] [Diff] [More… ▾]
            ");
        }
        let shown = asks(&ada, "/bb use").await;
        snapshot!(world.read(std::slice::from_ref(&shown)), @"
        Where nobody names a repository here, web/api (bitbucket) is meant.
        [Mean none]
        ");
        snapshot!(ada.clicks(&shown, "Mean none").await, @"No repository is meant here any more where nobody names one.");
        snapshot!(ada.types("/bb pr show 1").await, @"Which repository? Write it like `web/api#1`, or give this channel its own: `/bb use web/api`.");
        let audit = ada.types("/bb audit").await;
        assert_eq!(audit.matches("use").count(), 2, "{audit}");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn nobody_gives_a_channel_what_they_cannot_read() {
    on_both(async |world| {
        repository(&world, "sec/vault", &["grace"]);
        let ada = world.person("ada").connected().await;
        snapshot!(ada.types("/bb use sec/vault").await, @"
        Bitbucket has nothing of that name that you may see.
        Who may: one who can read the repository.
        ");
        snapshot!(ada.types("/bb use").await, @"This channel has no repository of its own yet; `/bb use web/api` gives it one.");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn a_bare_slug_is_enough_where_only_one_is_called_so() {
    on_both(async |world| {
        let ada = world.person("ada").connected().await;
        one_is_open(&world);
        for reference in ["api#1", "API#1", &format!("{}:api#1", world.instance())] {
            snapshot!(ada.types(&format!("/bb pr show {reference}")).await, @"
            grace opened web/api#1 Limit the rate
            `limit-rate` → `main` · no reviewers
            1 file, +15 −0 opened 2026-11-21 08:00 UTC
            [Approve] [Needs work] [Comment] [Merge] [Diff] [More… ▾]
            ");
        }
        // One that she cannot see is none.
        repository(&world, "sec/api", &["grace"]);
        snapshot!(ada.types("/bb pr approve api#1").await, @"
        You approved web/api#1 Limit the rate.
        [Undo]
        ");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn several_of_one_slug_are_offered_with_the_channels_own_first() {
    on_both(async |world| {
        let ada = world.person("ada").connected().await;
        one_is_open(&world);
        repository(&world, "ops/api", &["ada"]);
        ada.types("/bb use web/api").await;
        let asked = asks(&ada, "/bb pr approve api#1").await;
        snapshot!(world.read(std::slice::from_ref(&asked)).replace("OPS/", "ops/"), @"
        Several are called `api`. Which one?
        [web/api] [ops/api]
        ");
        let label = world.called("web/api");
        snapshot!(ada.clicks(&asked, &label).await, @"
        You approved web/api#1 Limit the rate.
        [Undo]
        ");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn a_slip_in_a_name_is_answered_with_what_was_meant() {
    on_both(async |world| {
        let ada = world.person("ada").connected().await;
        one_is_open(&world);
        let asked = asks(&ada, "/bb pr approve web/apj#1").await;
        snapshot!(world.read(std::slice::from_ref(&asked)), @"
        Bitbucket has nothing of that name that you may see.
        Did you mean this one?
        [web/api]
        ");
        let label = world.called("web/api");
        snapshot!(ada.clicks(&asked, &label).await, @"
        You approved web/api#1 Limit the rate.
        [Undo]
        ");
        snapshot!(ada.types("/bb commits apii").await, @"
        I can't find `apii` with your accounts. Check the name, or ask for access to it.
        Did you mean this one?
        [web/api]
        ");
        snapshot!(ada.types("/bb commits elsewhere").await, @"I can't find `elsewhere` with your accounts. Check the name, or ask for access to it.");
        // What is missing within a repository that is there is no slip in its name.
        snapshot!(ada.types("/bb pr show web/api#7").await, @"Bitbucket has nothing of that name that you may see.");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn a_repository_that_was_renamed_or_moved_is_followed() {
    on_both(async |world| {
        let ada = world.person("ada").connected().await;
        one_is_open(&world);
        let _moved = world.repository("web/api").renamed("shop/gate");
        let read = |text: String| text.replace("SHOP/", "shop/");
        snapshot!(read(ada.types("/bb pr show web/api#1").await), @"
        grace opened shop/gate#1 Limit the rate
        `limit-rate` → `main` · no reviewers
        1 file, +15 −0 opened 2026-11-21 08:00 UTC `web/api` is called `shop/gate` on Bitbucket now.
        [Approve] [Needs work] [Comment] [Merge] [Diff] [More… ▾]
        ");
        snapshot!(read(ada.types("/bb pr approve web/api#1").await), @"
        You approved shop/gate#1 Limit the rate.
        `web/api` is called `shop/gate` on Bitbucket now.
        [Undo]
        ");
        snapshot!(read(ada.types("/bb use web/api").await), @"
        Where nobody names a repository here, shop/gate is meant from now on: `/bb pr show 12` is its pull request 12.
        `web/api` is called `shop/gate` on Bitbucket now.
        [Mean none]
        ");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn a_channel_means_its_repository_by_the_name_it_has_now() {
    on_both(async |world| {
        let ada = world.person("ada").connected().await;
        one_is_open(&world);
        ada.types("/bb use web/api").await;
        let _moved = world.repository("web/api").renamed("shop/gate");
        let read = |text: String| text.replace("SHOP/", "shop/");
        snapshot!(read(ada.types("/bb pr show 1").await), @"
        grace opened shop/gate#1 Limit the rate
        `limit-rate` → `main` · no reviewers
        1 file, +15 −0 opened 2026-11-21 08:00 UTC `web/api` is called `shop/gate` on Bitbucket now.
        [Approve] [Needs work] [Comment] [Merge] [Diff] [More… ▾]
        ");
        snapshot!(read(ada.types("/bb pr show 1").await), @"
        grace opened shop/gate#1 Limit the rate
        `limit-rate` → `main` · no reviewers
        1 file, +15 −0 opened 2026-11-21 08:00 UTC
        [Approve] [Needs work] [Comment] [Merge] [Diff] [More… ▾]
        ");
        snapshot!(read(ada.types("/bb use").await), @"
        Where nobody names a repository here, shop/gate (bitbucket) is meant.
        [Mean none]
        ");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn where_one_of_two_bitbuckets_shows_nothing_the_other_counts() {
    let cloud = World::on(Edition::Cloud).await;
    let (id, secret) = cloud.bitbucket.oauth_client(Edition::DataCenter);
    let (url, api) = (cloud.bitbucket.url(Edition::DataCenter), cloud.bitbucket.api_url(Edition::DataCenter));
    let more = vec![
        ("BITBUCKET_DC_URL", url),
        ("BITBUCKET_DC_API_URL", api),
        ("BITBUCKET_DC_CLIENT_ID", id),
        ("BITBUCKET_DC_CLIENT_SECRET", secret),
    ];
    let mut world = cloud;
    world.restart_with_all(more).await;
    let callback = format!("{}/bitbucket/dc/oauth/callback", world.base());
    world.bitbucket.register_callback(Edition::DataCenter, &callback);
    let dc = world.bitbucket.add_repository(Edition::DataCenter, "web/api").allow("grace", Permission::Write);
    one_is_open(&world);
    let ada = world.person("ada").connected().await;
    connects(&ada, "dc").await;
    // On the second, nothing of that name is hers to see.
    assert!(ada.types("/bb pr show web/api#1").await.contains("web/api#1 Limit the rate"));
    let _seen = dc.allow("ada", Permission::Read);
    let asked = asks(&ada, "/bb commits web/api").await;
    snapshot!(world.read(std::slice::from_ref(&asked)), @"
    Several are called `web/api`. Which one?
    [cloud:web/api] [dc:web/api]
    ");
    assert!(ada.clicks(&asked, "cloud:web/api").await.contains("web/api"));
    world.finish().await;
}
