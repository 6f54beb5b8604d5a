//! Shortcuts: from a message to a comment on its pull request, and from anywhere to a new one.

use dipper::sandbox::slack::Message;

use crate::world::{World, on_both};

fn one_is_open(world: &World) {
    let repo = world.repository("web/api");
    world.bitbucket.open_pull_request(&repo, "grace", "Limit the rate", ("limit-rate", "main")).unwrap();
}

/// What was said last by a person.
fn said(world: &World) -> Message {
    world.slack.with_world(|slack| slack.messages.iter().rfind(|it| it.bot_id.is_none()).cloned()).unwrap()
}

#[tokio::test]
async fn a_pull_request_is_opened_from_anywhere() {
    on_both(async |world| {
        let ada = world.person("ada").connected().await;
        assert_eq!(ada.slack.takes("open_pull_request").await.status, 200);
        world.settle().await;
        snapshot!(ada.sees_form(), @"
        Open a pull request
        Repository: ____
        Source branch: ____
        (The branch that holds your change)
        Target branch (optional): ____
        (The main branch when left empty)
        Title: ____
        Description (optional): ____
        Reviewers (optional): ____
        Draft (optional): [ ] Yes
        Delete the branch once merged (optional): [ ] Yes
        [Open]
        ");
        let repo = world.called("web/api");
        let _ = ada.slack.fills("Repository", &repo).await;
        let _ = ada.slack.fills("Source branch", "limit-rate").await;
        let _ = ada.slack.fills("Title", "Limit the rate").await;
        let _ = ada.slack.submits().await;
        world.settle().await;
        snapshot!(ada.sees_form(), @"
        Open a pull request
        You opened web/api#1 Limit the rate.
        `limit-rate` → `main`
        ");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn what_is_said_in_a_thread_goes_to_the_pull_request_of_its_card() {
    on_both(async |world| {
        let ada = world.person("ada").connected().await;
        ada.types("/bb subscribe web/api").await;
        one_is_open(&world);
        world.settle().await;
        let card = world.messages("#web").remove(0);
        let grace = world.person("grace");
        assert_eq!(grace.slack.replies("#web", &card.ts, "Why 10 & not <20?").await.status, 200);
        let said = said(&world);
        assert_eq!(ada.slack.takes_on(&said, "comment_on_pull_request").await.status, 200);
        world.settle().await;
        snapshot!(ada.sees_form(), @"
        Comment
        web/api#1
        Comment: > Why 10 & not <20?


        (Markdown works)
        [Comment]
        ");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn a_message_that_names_a_pull_request_is_about_that_one() {
    on_both(async |world| {
        let ada = world.person("ada").connected().await;
        one_is_open(&world);
        let grace = world.person("grace");
        let _ = grace.slack.types("#web", "web/api#1 needs a test").await;
        let said = said(&world);
        let _ = ada.slack.takes_on(&said, "comment_on_pull_request").await;
        world.settle().await;
        snapshot!(ada.sees_form(), @"
        Comment
        web/api#1
        Comment: > web/api#1 needs a test


        (Markdown works)
        [Comment]
        ");
        let _ = ada.slack.submits().await;
        world.settle().await;
        let comments = world.bitbucket.pull_request(&world.repository("web/api"), 1).unwrap().comments;
        let said: Vec<&str> = comments.iter().map(|comment| comment.text.as_str()).collect();
        snapshot!(said.join("\n---\n"), @"> web/api#1 needs a test");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn a_shortcut_of_another_time_does_nothing() {
    on_both(async |world| {
        let ada = world.person("ada");
        assert_eq!(ada.slack.takes("sing").await.status, 200);
        world.settle().await;
        assert_eq!((ada.sees_form(), ada.is_told()), (String::new(), String::new()));
        world.finish().await;
    })
    .await;
}
