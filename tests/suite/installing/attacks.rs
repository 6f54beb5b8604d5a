//! Nobody installs the bot where it is not wanted, in another's browser, twice, or too late.

use std::time::Duration;

use dipper::sandbox::browser::Browser;
use dipper::sandbox::wire::Fault;

use super::{HOME, OTHER, at_slack, holds_a_token, install, other, shared, shared_among};
use crate::doors::knock::{Answer, Knock};
use crate::world::World;

/// Where Slack would send the browser that looks at its page now: the path of the way back.
async fn way_back(world: &World, page: &dipper::sandbox::browser::Page) -> String {
    let mut stranger = Browser::new().unwrap();
    let page = stranger.press(page, "Allow in dipper").await.unwrap();
    assert_eq!((page.status, page.text().contains("Not from this browser")), (403, true), "{}", page.text());
    page.url.strip_prefix(world.base()).unwrap().to_owned()
}

fn cookie(browser: &Browser, world: &World) -> String {
    let url = format!("{}/slack/install", world.base());
    format!("dipper_install={}", browser.cookie(&url, "dipper_install").unwrap())
}

async fn back(world: &World, path: &str, cookie: &str) -> Answer {
    Knock::get(path).with("cookie", cookie).at(world).await
}

#[tokio::test]
async fn a_state_counts_once_and_in_its_own_browser_only() {
    let world = shared().await;
    let (mine, page) = at_slack(&world).await;
    let (hers, _) = at_slack(&world).await;
    let path = way_back(&world, &page).await;
    let forged = path.replace("state=", "state=AA");
    for (path, cookie) in [(&path, cookie(&hers, &world)), (&forged, cookie(&mine, &world))] {
        assert_eq!(back(&world, path, &cookie).await.status, 403);
    }
    let answer = back(&world, &path, &cookie(&mine, &world)).await;
    assert!(answer.status == 200 && answer.body.contains("Installed"), "{answer:?}");
    let again = back(&world, &path, &cookie(&mine, &world)).await;
    assert!(again.status == 404 && again.body.contains("too old"), "{again:?}");
    world.finish().await;
}

#[tokio::test]
async fn ten_minutes_at_slacks_page_are_too_long() {
    let world = shared().await;
    let (mut browser, page) = at_slack(&world).await;
    world.advance(Duration::from_mins(11)).await;
    let page = browser.press(&page, "Allow in dipper").await.unwrap();
    assert!(page.status == 404 && page.text().contains("older than ten minutes"), "{}", page.text());
    assert!(!holds_a_token(&world, HOME).await);
    world.finish().await;
}

#[tokio::test]
async fn a_code_counts_once() {
    let world = shared().await;
    let (mut first, page) = at_slack(&world).await;
    let page = first.press(&page, "Allow in dipper").await.unwrap();
    let code = page.url.split("code=").nth(1).unwrap().split('&').next().unwrap().to_owned();
    let (second, page) = at_slack(&world).await;
    let path = way_back(&world, &page).await;
    let (before, after) = path.split_once("code=").unwrap();
    let mixed = format!("{before}code={code}&{}", after.split_once('&').unwrap().1);
    let answer = back(&world, &mixed, &cookie(&second, &world)).await;
    assert!(answer.body.contains("Slack does not take that sign-in any more"), "{answer:?}");
    world.finish().await;
}

#[tokio::test]
async fn only_workspaces_that_are_allowed_come_in() {
    let world = shared_among(HOME).await;
    other(&world);
    let told = install(&world, "other").await;
    assert!(told.contains("does not serve that workspace") && !holds_a_token(&world, OTHER).await, "{told}");
    world.finish().await;
}

#[tokio::test]
async fn an_enterprise_cannot_be_had_whole_yet() {
    for (allowed, told) in [(HOME, "does not serve that workspace"), ("E1", "for a whole organisation yet")] {
        let world = shared_among(allowed).await;
        let body = r#"{"ok":true,"access_token":"xoxb-whole","team":null,"is_enterprise_install":true,
            "enterprise":{"id":"E1","name":"all"},"scope":"commands"}"#;
        let fault = Fault::Refuse { status: 200, retry_after: None, body };
        world.slack.faults.next("oauth.v2.access", &fault, 1);
        let page = install(&world, "dipper").await;
        assert!(page.contains(told), "{page}");
        world.finish().await;
    }
}

#[tokio::test]
async fn who_says_no_at_slack_changes_nothing() {
    let world = shared().await;
    let (mut browser, page) = at_slack(&world).await;
    let page = browser.press(&page, "Cancel").await.unwrap();
    assert_eq!((page.status, page.text().contains("nothing was changed")), (200, true), "{}", page.text());
    assert!(!holds_a_token(&world, HOME).await);
    world.finish().await;
}

#[tokio::test]
async fn slack_being_away_is_said_and_nothing_is_kept() {
    let world = shared().await;
    world.slack.faults.next("oauth.v2.access", &Fault::Drop, 1);
    let told = install(&world, "dipper").await;
    assert!(told.contains("Nothing was changed; begin again"), "{told}");
    assert!(!holds_a_token(&world, HOME).await);
    world.finish().await;
}

#[tokio::test]
async fn the_way_to_slack_and_back_is_ours_whatever_the_request_says() {
    let world = shared().await;
    let knock = Knock::get("/slack/install?redirect_uri=https://evil.example&next=//evil.example");
    let answer = knock.with("x-forwarded-host", "evil.example").at(&world).await;
    let to = answer.header("location");
    assert!(answer.status == 303 && to.starts_with(world.slack.api_url().trim_end_matches("api")), "{to}");
    assert!(!to.contains("evil"), "{to}");
    for (name, value) in [("referrer-policy", "no-referrer"), ("x-frame-options", "DENY")] {
        assert_eq!(answer.header(name), value);
    }
    let cookie = answer.header("set-cookie");
    assert!(cookie.ends_with("; Path=/slack; Max-Age=900; HttpOnly; SameSite=Lax"), "{cookie}");
    world.finish().await;
}

#[tokio::test]
async fn without_an_app_of_its_own_there_is_nothing_to_install() {
    let world = World::on(dipper::sandbox::bitbucket::Edition::Cloud).await;
    for path in ["/slack/install", "/slack/oauth/callback?code=x&state=y"] {
        assert_eq!(Knock::get(path).at(&world).await.status, 404);
    }
    world.finish().await;
}
