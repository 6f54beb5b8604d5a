//! The first minute, from the first step to the last.

use thirtyfour::Key;

use crate::play::Play;

#[tokio::test]
async fn the_first_minute_leads_from_step_to_step() {
    let Some(play) = Play::open("the first minute").await else { return };
    play.reads("#guide", "0/5").await;

    play.presses("#guide", "Show me the card").await;
    play.presses("#slack [data-ts]", "Approve").await;
    play.reads("#slack", "approved: Ada").await;
    play.reads("#guide", "1/5").await;

    play.presses("#guide", "Go to the message box").await;
    play.keys("/bb pr show web/api#1").await;
    play.keys(Key::Enter).await;
    play.reads("#slack", "Limit how often a login may be tried").await;
    play.reads("#guide", "2/5").await;

    play.says("/bb pr open web/api --from retry-webhooks").await;
    play.holds("[role=dialog] [data-action^='text:title']", "Send a webhook again when nobody answers").await;
    play.clicks("[data-test=submit]").await;
    play.reads("[role=dialog]", "You opened web/api#5 Send a webhook again").await;
    play.keys(Key::Escape).await;
    play.reads("#guide", "3/5").await;

    play.presses("#guide", "Show me a pull request").await;
    play.clicks("#bitbucket [data-deed=merge]").await;
    play.reads("#bitbucket .bb-pill", "MERGED").await;
    play.reads("#guide", "4/5").await;

    play.presses("#guide", "Be Mira").await;
    play.see("[data-person=mira][aria-checked=true]").await;
    connects(&play).await;
    play.reads("#guide", "That was the first minute").await;
    play.clicks("[data-test=guide-close]").await;
    play.gone("#guide .guide-card").await;
    play.clicks("[data-test=guide-again]").await;
    play.reads("#guide", "5/5").await;
    play.finish().await;
}

/// Mira asks for what she may not yet, follows the link in a tab of its own, and comes back.
pub async fn connects(play: &Play) {
    play.presses("#slack [data-ts]", "Approve").await;
    play.presses("#slack [data-ts]", "Connect cloud").await;
    goes(play, &["Go on to Bitbucket", "Sign in as mira", "Connect them"]).await;
    play.reads("#slack", "You approved").await;
}

/// Follows the link to connect in a tab of its own, presses this there, and comes back.
pub async fn goes(play: &Play, labels: &[&str]) {
    let here = play.tab().window().await.unwrap();
    let link = play.see("#slack a[href*='/connect/'], #slack button[data-url*='/connect/']").await;
    link.click().await.unwrap();
    let there = loop {
        let windows = play.tab().windows().await.unwrap();
        if let Some(other) = windows.into_iter().find(|it| *it != here) {
            break other;
        }
    };
    play.tab().switch_to_window(there).await.unwrap();
    for label in labels {
        play.presses("body", label).await;
    }
    play.reads("body", "You are Mira on").await;
    play.tab().close_window().await.unwrap();
    play.tab().switch_to_window(here).await.unwrap();
}
