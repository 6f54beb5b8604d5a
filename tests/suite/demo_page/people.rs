//! Who one is: what each has read, who is connected, and how one connects.

use dipper::sandbox::browser::Browser;
use serde_json::{Value, json};

use super::window::{Demo, Window, is_ticked, says};

fn channel<'a>(state: &'a Value, id: &str) -> &'a Value {
    let channels = state["channels"].as_array().unwrap();
    channels.iter().find(|it| it["id"] == id).unwrap()
}

fn person<'a>(state: &'a Value, name: &str) -> &'a Value {
    state["people"].as_array().unwrap().iter().find(|it| it["name"] == name).unwrap()
}

#[tokio::test]
async fn there_are_three_to_be_and_one_is_not_connected() {
    let demo = Demo::start(1).await;
    let window = demo.window("mira").await;
    assert_eq!(person(&window.state, "ada")["connected"], json!(["cloud", "dc"]));
    assert_eq!(person(&window.state, "grace")["title"], "Lead");
    assert_eq!(person(&window.state, "mira")["connected"], json!([]));
    assert_eq!(window.state["me"], person(&window.state, "mira")["id"]);
    assert_eq!(window.state["app"], person(&window.state, "dipper")["id"]);
    demo.finish().await;
}

#[tokio::test]
async fn what_nobody_has_read_is_marked_for_each() {
    let demo = Demo::start(1).await;
    let mut grace = demo.window("grace").await;
    let (general, payments) = (grace.channel("general"), grace.channel("payments"));
    assert_eq!(channel(&grace.state, &general)["unread"], 0);
    assert_eq!(channel(&grace.state, &payments)["unread"], 1);
    assert_eq!(channel(&grace.state, &payments)["mention"], true, "a review there waits for her");
    grace.does(json!({"do": "read", "channel": payments})).await;
    grace.until("the read mark", |state| (channel(state, &payments)["unread"] == 0).then_some(())).await;
    let mut ada = demo.window("ada").await;
    assert_eq!(channel(&ada.state, &payments)["unread"], 1, "she has not looked");
    ada.types("payments", "@grace have a look at this").await;
    grace.until("the mention", |state| (channel(state, &payments)["mention"] == true).then_some(())).await;
    ada.until("her own words", |state| says(state, &payments, "have a look at this").then_some(())).await;
    assert_eq!(channel(&ada.state, &payments)["unread"], 0, "who writes has read");
    demo.finish().await;
}

/// The link that the newest message leads to.
async fn link(window: &mut Window<'_>, channel: &str) -> String {
    let id = window.channel(channel);
    window
        .until("a link to connect", |state| {
            let text = state["messages"][&id].to_string();
            let (_, rest) = text.rsplit_once("\"url\":\"")?;
            let url = rest.split('"').next()?;
            url.contains("/connect/").then(|| url.to_owned())
        })
        .await
}

#[tokio::test]
async fn who_is_not_connected_connects_and_what_they_asked_is_done() {
    let demo = Demo::start(1).await;
    let mut mira = demo.window("mira").await;
    mira.presses("web", "Approve").await;
    let web = mira.channel("web");
    mira.until("the way in", |state| says(state, &web, "Connect cloud").then_some(())).await;
    mira.presses("web", "Connect cloud").await;
    let link = link(&mut mira, "web").await;
    let mut browser = Browser::new().unwrap();
    let mut page = browser.open(&link).await.unwrap();
    for button in ["Go on to Bitbucket", "Sign in as mira", "Connect them"] {
        page = browser.press(&page, button).await.unwrap();
    }
    assert!(page.text().contains("You are Mira on cloud now"), "{}", page.text());
    let connected = |state: &Value| (person(state, "mira")["connected"] == json!(["cloud"])).then_some(());
    mira.until("the connection", connected).await;
    mira.until("what she asked", |state| says(state, &web, "You approved ").then_some(())).await;
    let direct = mira.channel("@dipper");
    mira.until("the welcome", |state| says(state, &direct, "now acts as ").then_some(())).await;
    mira.until("the guide", |state| is_ticked(state, "connect").then_some(())).await;
    demo.finish().await;
}
