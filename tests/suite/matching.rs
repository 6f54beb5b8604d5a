//! Who never connected is found by their e-mail address: in the background, once in a while, and for showing only.

use std::time::Duration;

use dipper::sandbox::bitbucket::{Edition, Opening, Permission};
use dipper::sandbox::slack::Slack;

use crate::world::{Person, World, on_both};

const DAY: Duration = Duration::from_hours(24);

/// Ada follows web/api here. On Cloud only who administers the workspace may ask whose an address is.
async fn watching(world: &World) -> Person<'_> {
    world.sets_aside("ada", &["asks for your review."]);
    world.sets_aside("edsger", &["asks for your review."]);
    let _admin = world.repository("web/api").allow("ada", Permission::Admin);
    let ada = world.person("ada").connected().await;
    ada.types("/bb subscribe web/api opened approved merged").await;
    ada
}

/// Grace opens a pull request that Edsger is to review, from a branch of its own; what the channel hears.
async fn asked_of_edsger(world: &World, branch: &str) -> String {
    let repo = world.repository("web/api");
    let _branch = repo.branch(branch).with_commit(branch, "grace");
    let opening = Opening {
        title: "Limit the rate",
        from: branch,
        to: "main",
        reviewers: &["edsger"],
        ..Opening::default()
    };
    world.bitbucket.open(&repo, "grace", &opening).unwrap();
    world.settle().await;
    world.hears("#web")
}

/// How often Slack was asked who somebody is by their address, or for everybody's.
fn asked(slack: &Slack) -> usize {
    let calls = slack.requests();
    calls.iter().filter(|call| matches!(call.method.as_str(), "users.lookupByEmail" | "users.list")).count()
}

#[tokio::test]
async fn a_card_is_drawn_at_once_with_the_name_and_again_with_the_mention() {
    on_both(async |world| {
        watching(&world).await;
        snapshot!(asked_of_edsger(&world, "one").await, @"
        grace opened web/api#1 Limit the rate
        `one` → `main` · 0 of 1 approved
        1 file, +4 −0
        to review: @edsger
        [Approve] [Needs work] [Comment] [Merge] [More… ▾]
        ");
        let methods: Vec<String> = world.slack.requests().into_iter().map(|call| call.method).collect();
        let first = |name: &str| methods.iter().position(|method| method.starts_with(name));
        assert!(first("chat.postMessage") < first("chat.update"), "{methods:?}");
        assert!(asked_of_edsger(&world, "two").await.contains("to review: @edsger"));
        assert_eq!(asked(&world.slack), 1, "one question for both");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn a_match_is_for_showing_and_gives_no_right() {
    on_both(async |world| {
        watching(&world).await;
        let _ = asked_of_edsger(&world, "one").await;
        let edsger = world.person("edsger");
        let card = world.slack.with_world(|slack| slack.messages.last().cloned()).unwrap();
        assert!(edsger.clicks(&card, "Approve").await.starts_with("First connect your account"));
        assert!(edsger.types("/bb whoami").await.starts_with("You have no Bitbucket account connected"));
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn only_full_members_with_a_confirmed_address_are_matched() {
    on_both(async |world| {
        watching(&world).await;
        let edsger = world.slack.person("edsger").unwrap();
        edsger.unconfirmed();
        assert!(asked_of_edsger(&world, "one").await.contains("to review: edsger"));
        world.finish().await;
    })
    .await;
    for guest in [true, false] {
        let world = World::on(Edition::DataCenter).await;
        watching(&world).await;
        let edsger = world.slack.person("edsger").unwrap();
        if guest {
            let _guest = edsger.guest();
        } else {
            edsger.leaves();
        }
        assert!(asked_of_edsger(&world, "one").await.contains("to review: edsger"));
        world.finish().await;
    }
}

#[tokio::test]
async fn who_never_connected_can_forbid_it_and_allow_it_again() {
    on_both(async |world| {
        watching(&world).await;
        let edsger = world.person("edsger");
        snapshot!(edsger.types("/bb mentions off").await, @"
        Cards call you by your name and mention you nowhere.
        [Mention me]
        ");
        assert!(asked_of_edsger(&world, "one").await.contains("to review: edsger"));
        edsger.types("/bb mentions on").await;
        assert!(asked_of_edsger(&world, "two").await.contains("to review: @edsger"));
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn a_workspace_can_switch_it_off_and_then_nobody_is_asked_for() {
    on_both(async |world| {
        let _owner = world.slack.person("grace").unwrap().owner();
        let ada = watching(&world).await;
        assert!(asked_of_edsger(&world, "one").await.contains("to review: @edsger"));
        let told = world.person("grace").types("/bb settings --matching off").await;
        assert!(told.contains("Those who have not connected are found by e-mail: off"), "{told}");
        assert!(asked_of_edsger(&world, "two").await.contains("to review: edsger"));
        assert_eq!(asked(&world.slack), 1);
        let repo = world.repository("web/api");
        let opening = Opening {
            title: "More",
            from: "limit-rate",
            to: "main",
            reviewers: &["ada"],
            ..Opening::default()
        };
        world.bitbucket.open(&repo, "grace", &opening).unwrap();
        world.settle().await;
        assert!(world.hears("#web").contains("to review: @ada"), "who connected still is");
        drop(ada);
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn who_was_not_found_is_asked_for_again_the_next_day_and_not_before() {
    on_both(async |world| {
        watching(&world).await;
        let edsger = world.slack.person("edsger").unwrap();
        edsger.unconfirmed();
        assert!(asked_of_edsger(&world, "one").await.contains("to review: edsger"));
        world.slack.with_world(|slack| slack.account_mut(&edsger.id).unwrap().confirmed = true);
        assert!(asked_of_edsger(&world, "two").await.contains("to review: edsger"));
        assert_eq!(asked(&world.slack), 1);
        world.advance(DAY).await;
        assert!(asked_of_edsger(&world, "three").await.contains("to review: @edsger"));
        assert_eq!(asked(&world.slack), 2);
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn who_left_is_called_by_their_name_again() {
    on_both(async |world| {
        watching(&world).await;
        assert!(asked_of_edsger(&world, "one").await.contains("to review: @edsger"));
        world.slack.person("edsger").unwrap().leaves();
        world.advance(3 * DAY).await;
        assert!(asked_of_edsger(&world, "two").await.contains("to review: edsger"));
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn where_nobody_may_ask_nobody_is_asked_for_twice() {
    let world = World::on(Edition::Cloud).await;
    let ada = world.person("ada").connected().await;
    ada.types("/bb subscribe web/api opened").await;
    assert!(asked_of_edsger(&world, "one").await.contains("to review: edsger"));
    assert!(asked_of_edsger(&world, "two").await.contains("to review: edsger"));
    assert_eq!(asked(&world.slack), 1);
    world.finish().await;
}

#[tokio::test]
async fn without_the_scope_for_addresses_cards_are_drawn_all_the_same() {
    on_both(async |world| {
        watching(&world).await;
        world.slack.with_world(|slack| slack.scopes.retain(|scope| *scope != "users:read.email"));
        assert!(asked_of_edsger(&world, "one").await.contains("to review: edsger"));
        assert_eq!(asked(&world.slack), 1);
        world.finish().await;
    })
    .await;
}

/// How often Bitbucket was asked whose an address is.
fn asked_whose(world: &World) -> usize {
    let calls = world.bitbucket.requests();
    calls.iter().filter(|call| call.query.contains("example.test")).count()
}

#[tokio::test]
async fn a_mention_names_who_never_connected_where_the_workspace_allows_it() {
    on_both(async |world| {
        let _owner = world.slack.person("grace").unwrap().owner();
        let _admin = world.repository("web/api").allow("ada", Permission::Admin);
        let ada = world.person("ada").connected().await;
        let edsger = world.slack.person("edsger").unwrap();
        let mentioned = format!("<@{}|edsger>", edsger.id);
        world.bitbucket.open_pull_request(&world.repository("web/api"), "grace", "Limit", ("limit-rate", "main")).unwrap();
        snapshot!(ada.types(&format!("/bb pr reviewers web/api#1 --add {mentioned}")).await, @"
        edsger is asked to review it.
        Reviewers of web/api#1 Limit:
        edsger has not said anything yet [Remove]
        [Ask somebody]
        ");
        let asked = asked_whose(&world);
        let list = format!("/bb pr list web/api --reviewer {mentioned}");
        snapshot!(ada.types(&list).await, @"
        Open pull requests in web/api for review by @edsger
        web/api#1 Limit by grace · `limit-rate` → `main` · 0 of 1 approved [Show]
        ");
        assert_eq!(asked_whose(&world), asked, "what is known is not asked again");
        world.person("grace").types("/bb settings --matching off").await;
        snapshot!(ada.types(&list).await, @"I don't know who @edsger is on bitbucket. Ask them to type `/bb connect`, or write their Bitbucket name.");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn a_mention_of_a_guest_names_nobody() {
    on_both(async |world| {
        let _admin = world.repository("web/api").allow("ada", Permission::Admin);
        let ada = world.person("ada").connected().await;
        let edsger = world.slack.person("edsger").unwrap().guest();
        snapshot!(ada.types(&format!("/bb pr list web/api --author <@{}|edsger>", edsger.id)).await, @"I don't know who @edsger is on bitbucket. Ask them to type `/bb connect`, or write their Bitbucket name.");
        world.finish().await;
    })
    .await;
}
