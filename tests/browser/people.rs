//! Being somebody else: what they see, and how they connect; and two windows onto one world.

use thirtyfour::Key;

use crate::first_minute::{connects, goes};
use crate::play::Play;

#[tokio::test]
async fn somebody_who_is_not_connected_connects() {
    let Some(play) = Play::open("connecting").await else { return };
    play.reads("[data-person=mira]", "not connected").await;
    play.clicks("[data-person=mira]").await;
    play.see("[data-person=mira][aria-checked=true]").await;
    connects(&play).await;
    play.clicks("#slack [data-channel=dipper]").await;
    play.reads("#slack", "now acts as Mira on cloud").await;
    play.clicks("[data-person=ada]").await;
    play.see("[data-person=ada][aria-checked=true]").await;
    let seen = play.reads("#slack", "now acts as Ada").await;
    assert!(!seen.contains("acts as Mira"), "{seen}");
    play.finish().await;
}

#[tokio::test]
async fn two_windows_see_one_world() {
    let Some(play) = Play::open("two windows").await else { return };
    let first = play.tab().window().await.unwrap();
    let address = play.tab().current_url().await.unwrap();
    let second = play.tab().new_tab().await.unwrap();
    play.tab().switch_to_window(second).await.unwrap();
    play.tab().goto(address.as_str()).await.unwrap();
    play.clicks("[data-person=grace]").await;
    play.see("[data-person=grace][aria-checked=true]").await;
    play.says("Good morning, @ada").await;
    play.reads("#slack", "Good morning").await;
    play.tab().switch_to_window(first).await.unwrap();
    play.reads("#slack", "Good morning, @ada").await;
    play.see("[data-person=ada][aria-checked=true]").await;
    play.finish().await;
}

#[tokio::test]
async fn everything_is_reached_with_the_keyboard() {
    let Some(play) = Play::open("the keyboard").await else { return };
    let mut reached = Vec::new();
    for _ in 0..60 {
        play.keys(Key::Tab).await;
        let at = "const it = document.activeElement; return it.getAttribute('data-test') || it.getAttribute('data-channel') || it.getAttribute('data-deed') || it.innerText || it.ariaLabel || it.tagName";
        reached.push(play.asks(at).await.as_str().unwrap_or_default().to_owned());
    }
    let said = reached.join(" | ");
    for wanted in
        ["Skip to Slack", "theme", "payments", "Approve", "Merge", "composer", "guide-close", "Create"]
    {
        assert!(said.contains(wanted), "Tab never comes to {wanted}: {said}");
    }
    let nameless = "return [...document.querySelectorAll('button, input, select, textarea, a[href]')].filter(it => !(it.innerText.trim() || it.ariaLabel || it.title || it.labels?.length || it.getAttribute('aria-labelledby'))).map(it => it.outerHTML.slice(0, 120))";
    assert_eq!(play.asks(nameless).await, serde_json::json!([]), "these have no name to be read aloud");
    play.finish().await;
}

/// What somebody may do: asked for by one, and given by another, who allows the bot more for that.
#[tokio::test]
async fn a_right_is_asked_for_and_given() {
    let Some(play) = Play::open("a right").await else { return };
    becomes(&play, "mira").await;
    play.says("/bb connect dc").await;
    goes(&play, &["Go on to Bitbucket", "Sign in as mira", "Connect them"]).await;
    becomes(&play, "ada").await;
    play.says("/bb access request BANK/ledger admin --for 8h --reason \"month end\"").await;
    play.reads("#slack", "you hear of it as soon as it is decided").await;
    becomes(&play, "mira").await;
    play.clicks("#slack [data-channel=dipper]").await;
    play.reads("#slack", "asks to administer BANK/ledger for 8h").await;
    play.presses("#slack [data-ts]", "Approve").await;
    play.presses("#slack [data-ts]", "Allow more on dc").await;
    goes(&play, &["Go on to Bitbucket", "Sign in as mira", "Connect them"]).await;
    play.reads("#slack", "may administer BANK/ledger now, until").await;
    play.reads("#slack", "Approved by").await;
    becomes(&play, "ada").await;
    play.clicks("#slack [data-channel=dipper]").await;
    play.reads("#slack", "lets you administer BANK/ledger until").await;
    play.finish().await;
}

async fn becomes(play: &Play, name: &str) {
    play.clicks(&format!("[data-person={name}]")).await;
    play.see(&format!("[data-person={name}][aria-checked=true]")).await;
}
