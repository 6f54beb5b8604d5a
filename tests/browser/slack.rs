//! The Slack side under one's hands: the slash command, a button, a form, a thread.

use thirtyfour::Key;

use crate::play::Play;

#[tokio::test]
async fn a_slash_command_is_suggested_completed_and_answered() {
    let Some(play) = Play::open("a slash command").await else { return };
    play.types("[data-test=composer]", "/bb pr").await;
    let offered = play.reads("#slack [role=listbox]", "Approve a pull request").await;
    assert!(offered.contains("/bb pr merge") && !offered.contains("digest"), "{offered}");
    play.keys(" sh").await;
    play.keys(Key::Tab).await;
    let typed = "return document.querySelector('[data-test=composer]').value ?? document.querySelector('[data-test=composer]').textContent";
    assert_eq!(play.asks(typed).await, "/bb pr show ");
    play.keys("web/api#2").await;
    play.keys(Key::Enter).await;
    play.reads("#slack", "Date invoices in the customer's time zone").await;
    play.reads("#slack", "Only visible to you").await;
    play.says("/bb pr shwo web/api#2").await;
    play.reads("#slack", "Did you mean /bb pr show web/api#2?").await;
    play.finish().await;
}

#[tokio::test]
async fn a_pull_request_is_merged_by_a_strategy() {
    let Some(play) = Play::open("merging").await else { return };
    play.presses("#slack [data-ts]", "Approve").await;
    play.reads("#slack", "approved: Ada").await;
    play.presses("#slack [data-ts]", "Merge").await;
    play.reads("[role=dialog]", "Merge a pull request").await;
    play.reads("[role=dialog]", "Strategy").await;
    chooses(&play, "Strategy", "Squash").await;
    play.types("[role=dialog] [data-action='long:message']", "Squashed from Slack").await;
    play.clicks("[data-test=submit]").await;
    play.reads("[role=dialog]", "Merged web/api#4").await;
    play.keys(Key::Escape).await;
    play.gone("[role=dialog]").await;
    let card = play.reads("#slack [data-ts]", "merged by Ada").await;
    assert!(card.contains("(edited)"), "{card}");
    play.finish().await;
}

#[tokio::test]
async fn a_form_looks_up_refuses_and_opens() {
    let Some(play) = Play::open("a form").await else { return };
    play.says("/bb pr open").await;
    play.reads("[role=dialog]", "Open a pull request").await;
    play.clicks("[data-test=submit]").await;
    play.reads("[data-test=error]", "must not be empty").await;

    picks(&play, "Repository", "web/a", "web/api").await;
    picks(&play, "Source branch", "retry", "retry-webhooks").await;
    play.holds("[role=dialog] [data-action^='text:title']", "Send a webhook again when nobody answers").await;
    play.clicks("[data-test=submit]").await;
    play.reads("[role=dialog]", "You opened web/api#5 Send a webhook again").await;
    play.keys(Key::Escape).await;
    play.gone("[role=dialog]").await;
    play.reads("#slack [data-ts]", "web/api#5 Send a webhook again").await;
    play.reads("#bitbucket", "Send a webhook again").await;
    play.finish().await;
}

/// Types into the select under this label and takes what it offers.
pub async fn picks(play: &Play, label: &str, typed: &str, option: &str) {
    let labelled = format!(
        "const label = [...document.querySelectorAll('[role=dialog] label')].find(it => it.innerText.startsWith('{label}'));
         const field = document.getElementById(label.htmlFor) ?? label.querySelector('input');
         field.scrollIntoView(); field.focus();"
    );
    play.asks(&labelled).await;
    play.keys(typed).await;
    play.reads("[role=listbox]", option).await;
    play.keys(Key::Enter).await;
}

#[tokio::test]
async fn a_thread_is_read_and_answered_beside() {
    let Some(play) = Play::open("a thread").await else { return };
    play.presses("#slack [data-ts]", "Approve").await;
    play.reads("#slack", "1 reply").await;
    play.clicks("#slack .sk-summary").await;
    play.see("[data-test=thread-composer]").await;
    play.reads("#slack", "Ada approved.").await;
    play.types("[data-test=thread-composer]", "Thank *you* & <everybody>").await;
    play.keys(Key::Enter).await;
    play.reads("#slack", "Thank you & <everybody>").await;
    play.reads("#slack", "2 replies").await;
    play.finish().await;
}

/// Opens the select under this label and takes what it offers.
async fn chooses(play: &Play, label: &str, option: &str) {
    let labelled = format!(
        "const label = [...document.querySelectorAll('[role=dialog] label')].find(it => it.innerText.startsWith('{label}'));
         const field = document.getElementById(label.htmlFor) ?? label.querySelector('input, button, select');
         field.scrollIntoView(); field.focus(); return field.tagName;"
    );
    play.asks(&labelled).await;
    play.keys(option).await;
    play.reads("[role=listbox]", option).await;
    play.keys(Key::Enter).await;
}
