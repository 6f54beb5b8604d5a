//! The page's menus and tabs around the conversation: shortcuts, and the app's home.

use serde_json::json;

use super::window::Demo;

#[tokio::test]
async fn shortcuts_are_offered_and_open_their_forms() {
    let demo = Demo::start(1).await;
    let mut ada = demo.window("ada").await;
    let offered = ada.state["shortcuts"].as_array().unwrap();
    let names: Vec<&str> = offered.iter().filter_map(|one| one["name"].as_str()).collect();
    assert_eq!(names, ["Create pull request", "Comment on pull request"]);
    ada.does(json!({"do": "shortcut", "callback_id": "open_pull_request"})).await;
    ada.until("the form", |state| state["forms"].to_string().contains("Open a pull request").then_some(()))
        .await;
    let gone =
        json!({"do": "shortcut", "callback_id": "comment_on_pull_request", "channel": "C0", "ts": "1.0"});
    assert_eq!(ada.cannot(gone).await, "The message is gone.");
    demo.finish().await;
}

#[tokio::test]
async fn the_home_tab_shows_what_waits() {
    let demo = Demo::start(1).await;
    let mut ada = demo.window("ada").await;
    assert!(ada.state["home"].is_null());
    ada.does(json!({"do": "home"})).await;
    ada.until("the home tab", |state| {
        state["home"].to_string().contains("Waiting for your review").then_some(())
    })
    .await;
    demo.finish().await;
}
