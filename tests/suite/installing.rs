//! Many workspaces share one bot: each installs it by itself, is served with its own token, and is
//! forgotten when it takes the bot out again.

mod attacks;

use std::time::Duration;

use dipper::sandbox::bitbucket::Edition;
use dipper::sandbox::browser::{Browser, Page};
use dipper::sandbox::slack::{Slack, town};
use dipper::words::names::Team;
use serde_json::json;

use crate::doors::knock::{JSON, Knock};
use crate::world::{Person, World};

const HOME: &str = "T0DIPPER";
const OTHER: &str = "T0OTHER";
const HOUR: Duration = Duration::from_hours(1);

/// A bot that no workspace has yet.
async fn shared() -> World {
    shared_among("T0DIPPER, T0OTHER").await
}

async fn shared_among(allowed: &str) -> World {
    let many = [
        ("SLACK_BOT_TOKEN", ""),
        ("SLACK_CLIENT_ID", town::CLIENT_ID),
        ("SLACK_CLIENT_SECRET", town::CLIENT_SECRET),
        ("SLACK_ALLOWED_TEAMS", allowed),
    ];
    World::with(Edition::Cloud, &many).await
}

/// Slack's own page, in a browser of its own.
async fn at_slack(world: &World) -> (Browser, Page) {
    let mut browser = Browser::new().unwrap();
    let page = browser.open(&format!("{}/slack/install", world.base())).await.unwrap();
    assert!(page.text().contains("requesting permission"), "{}", page.text());
    (browser, page)
}

/// Installs the bot into a workspace by that name; what the last page says.
async fn install(world: &World, name: &str) -> String {
    let (mut browser, page) = at_slack(world).await;
    browser.press(&page, &format!("Allow in {name}")).await.unwrap().text()
}

/// Whether the bot still holds a token of that workspace.
async fn holds_a_token(world: &World, team: &str) -> bool {
    let install = world.bot().store.install(&Team::new(team)).await.unwrap();
    install.is_some_and(|install| install.token_sealed.is_some())
}

/// Somebody in another workspace types a command; what they were told.
async fn told_in(world: &World, slack: &Slack, text: &str) -> String {
    let person = slack.person("barbara").unwrap();
    assert_eq!(person.types("#ops", text).await.status, 200);
    world.settle().await;
    world.read(&person.told())
}

fn other(world: &World) -> Slack {
    let other = world.slack.another(OTHER, "other");
    let barbara = other.add_person("barbara", "barbara@example.test", "Europe/Berlin");
    other.add_channel("ops", false, &[&barbara]);
    other
}

#[tokio::test]
async fn each_workspace_is_served_with_its_own_token() {
    let world = shared().await;
    let other = other(&world);
    snapshot!(install(&world, "dipper").await, @"Installed Dipper is in dipper now. Type /bb help there.");
    snapshot!(install(&world, "other").await, @"Installed Dipper is in other now. Type /bb help there.");
    world.person("ada").types("/bb subscribe web/api opened").await;
    world.person("ada").connected().await;
    let told = world.person("ada").types("/bb subscribe web/api opened").await;
    assert!(told.contains("opened"), "{told}");
    assert!(told_in(&world, &other, "/bb connect").await.contains("Connect your account on"));
    assert!(told_in(&world, &other, "/bb subscribe web/api opened").await.contains("First connect"));
    let asked = |slack: &Slack, method: &str| slack.requests().iter().any(|call| call.method == method);
    assert!(asked(&world.slack, "conversations.join") && !asked(&other, "conversations.join"));
    assert_eq!(other.unexpected(), Vec::<String>::new());
    world.finish().await;
}

#[tokio::test]
async fn a_token_of_ones_own_serves_its_workspace_beside_those_that_install() {
    let world = World::with(
        Edition::Cloud,
        &[
            ("SLACK_CLIENT_ID", town::CLIENT_ID),
            ("SLACK_CLIENT_SECRET", town::CLIENT_SECRET),
            ("SLACK_ALLOWED_TEAMS", OTHER),
        ],
    )
    .await;
    let other = other(&world);
    let ada = world.person("ada").connected().await;
    assert!(ada.types("/bb subscribe web/api opened").await.contains("is now told of"));
    let told = told_in(&world, &other, "/bb subscribe web/api opened").await;
    snapshot!(told, @"
    Dipper is not installed in this workspace, so it can do nothing here.
    Whoever runs it can say how to install it.
    ");
    let asked = other.requests();
    assert!(
        asked.iter().all(|call| call.method == "response_url"),
        "a token of one workspace was used in another: {asked:?}"
    );
    world.finish().await;
}

#[tokio::test]
async fn one_person_is_linked_differently_in_each_workspace() {
    let world = shared().await;
    let other = other(&world);
    install(&world, "dipper").await;
    install(&world, "other").await;
    let at_home = world.person("ada").connected().await;
    let barbara = other.person("barbara").unwrap();
    other.add_channel("web", false, &[&barbara]);
    let elsewhere = Person { world: &world, name: "grace".to_owned(), slack: barbara };
    let elsewhere = elsewhere.connected().await;
    assert!(at_home.types("/bb whoami").await.contains("you are ada"));
    assert!(elsewhere.types("/bb whoami").await.contains("you are grace"));
    other.uninstall().await;
    world.settle().await;
    world.advance(HOUR).await;
    assert!(at_home.types("/bb whoami").await.contains("you are ada"));
    world.finish().await;
}

#[tokio::test]
async fn a_workspace_that_takes_the_bot_out_is_forgotten_whichever_word_comes_first() {
    for first_the_tokens in [true, false] {
        let world = shared().await;
        install(&world, "dipper").await;
        let ada = world.person("ada").connected().await;
        ada.types("/bb subscribe web/api opened").await;
        for tokens in [first_the_tokens, !first_the_tokens] {
            let ack = if tokens { world.slack.revoke_tokens().await } else { world.slack.uninstall().await };
            assert_eq!(ack.status, 200);
        }
        while world.step().await {}
        let store = &world.bot().store;
        let user = dipper::words::names::SlackUser { team: Team::new(HOME), id: ada.slack.id.clone() };
        assert!(!holds_a_token(&world, HOME).await);
        assert!(store.links_of(&user).await.unwrap().is_empty());
        world.advance(HOUR).await;
        assert!(store.install(&Team::new(HOME)).await.unwrap().is_none());
        let web = world.slack.with_world(|slack| slack.channel_named("web").map(|it| it.id.clone())).unwrap();
        let web = dipper::words::names::Channel { team: Team::new(HOME), id: web };
        assert!(store.subscriptions_in(&web).await.unwrap().is_empty());
        world.finish().await;
    }
}

#[tokio::test]
async fn who_comes_back_within_the_hour_finds_everything_but_the_secrets() {
    let world = shared().await;
    install(&world, "dipper").await;
    let ada = world.person("ada").connected().await;
    ada.types("/bb subscribe web/api opened").await;
    world.slack.uninstall().await;
    world.settle().await;
    install(&world, "dipper").await;
    world.advance(HOUR).await;
    assert!(ada.types("/bb subscriptions").await.contains("web/api"));
    assert!(ada.types("/bb whoami").await.contains("no Bitbucket account connected"));
    world.finish().await;
}

#[tokio::test]
async fn a_word_from_before_the_last_install_says_nothing_of_now() {
    let world = shared().await;
    install(&world, "dipper").await;
    let late = world.slack.event_body(&json!({"type": "app_uninstalled"}));
    world.advance(Duration::from_mins(1)).await;
    install(&world, "dipper").await;
    let knock = Knock::post("/slack/events", JSON, late).signed_by_slack(world.clock.millis() / 1000);
    assert_eq!(knock.at(&world).await.status, 200);
    world.settle().await;
    assert!(holds_a_token(&world, HOME).await);
    world.finish().await;
}

#[tokio::test]
async fn a_person_who_takes_their_own_token_back_takes_out_nobody_else() {
    let world = shared().await;
    install(&world, "dipper").await;
    world.slack.event(&json!({"type": "tokens_revoked", "tokens": {"oauth": ["U1"], "bot": []}})).await;
    world.settle().await;
    assert!(holds_a_token(&world, HOME).await);
    world.finish().await;
}

#[tokio::test]
async fn what_waits_for_a_workspace_that_is_gone_is_dropped() {
    let world = shared().await;
    install(&world, "dipper").await;
    let ada = world.person("ada").connected().await;
    ada.types("/bb subscribe web/api opened").await;
    world.slack.uninstall().await;
    world.settle().await;
    world
        .bitbucket
        .open_pull_request(&world.repository("web/api"), "grace", "Limit the rate", ("limit-rate", "main"))
        .unwrap();
    world.settle().await;
    assert_eq!(world.hears("#web"), "");
    world.advance(HOUR).await;
    world.finish().await;
}

#[tokio::test]
async fn one_workspace_by_its_token_is_forgotten_too() {
    let world = World::on(Edition::Cloud).await;
    let ada = world.person("ada").connected().await;
    world.slack.uninstall().await;
    world.settle().await;
    world.slack.with_world(|slack| slack.token_refused = None);
    assert!(ada.types("/bb whoami").await.contains("no Bitbucket account connected"));
    world.advance(HOUR).await;
    world.finish().await;
}

#[tokio::test]
async fn payloads_of_a_whole_enterprise_name_no_workspace_and_harm_nothing() {
    let world = shared().await;
    let event = json!({"type": "event_callback", "event_id": "Ev1", "event_time": 1, "team_id": null,
        "enterprise_id": "E1", "event": {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": ["W1"]}},
        "authorizations": [{"team_id": null, "enterprise_id": "E1", "is_enterprise_install": true}]});
    let pressed = json!({"type": "block_actions", "team": null, "enterprise": {"id": "E1"},
        "user": {"id": "W1", "team_id": "T1"}, "actions": [{"value": "{\"name\":\"whoami\"}"}],
        "channel": {"id": "C1"}, "is_enterprise_install": true});
    let form = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("payload", &pressed.to_string())
        .finish();
    for knock in [
        Knock::slack("/slack/events", JSON, event.to_string()),
        Knock::slack("/slack/interactions", crate::doors::knock::FORM, form),
    ] {
        assert_eq!(knock.at(&world).await.status, 200);
    }
    world.settle().await;
    world.advance(HOUR).await;
    world.finish().await;
}
