//! Opening a pull request on the page: the form is filled from the branch, somebody is asked, and it is there.

use thirtyfour::Key;

use crate::play::Play;
use crate::slack::picks;

#[tokio::test]
async fn a_pull_request_is_opened_as_the_branch_tells() {
    let Some(play) = Play::open("opening a pull request").await else { return };
    play.says("/bb pr open").await;
    play.reads("[role=dialog]", "Open a pull request").await;
    picks(&play, "Repository", "web/a", "web/api").await;
    play.see("[role=dialog] [data-action^='lookup:branch:to~']").await;
    picks(&play, "Source branch", "retry", "retry-webhooks").await;
    play.holds("[role=dialog] [data-action^='text:title']", "Send a webhook again when nobody answers").await;
    picks(&play, "Reviewers", "gra", "Grace").await;
    play.reads("[role=dialog] .sk-chip", "Grace").await;
    play.clicks("[role=dialog] [data-action^='flag:draft']").await;
    play.clicks("[data-test=submit]").await;
    let said = play.reads("[role=dialog]", "You opened the draft web/api#5 Send a webhook again").await;
    assert!(said.contains("retry-webhooks → main") && said.contains("to review: Grace"), "{said}");
    play.keys(Key::Escape).await;
    play.gone("[role=dialog]").await;
    play.reads("#bitbucket", "Send a webhook again").await;

    play.says("/bb pr tasks web/api#5 --add \"Write a test\"").await;
    play.reads("#slack", "0 of 1 tasks done").await;
    play.presses("#slack", "Done").await;
    play.reads("#slack", "1 of 1 tasks done").await;
    play.finish().await;
}
