//! What is said of a pull request is changed by typing and on a form that holds how it stands.

use super::{sends, stage};
use crate::world::on_both;

#[tokio::test]
async fn what_is_said_of_it_is_changed_by_typing() {
    on_both(async |world| {
        let (ada, pr) = stage(&world).await;
        let _branch = world.repository("web/api").branch("next");
        let typed = "/bb pr update web/api#1 --title \"Limit it\" --description Why --to next --draft";
        snapshot!(ada.types(typed).await, @"You changed the title, the description, the target branch and the draft state of web/api#1 Limit it.");
        let state = pr.state().unwrap();
        assert_eq!((state.title.as_str(), state.description.as_str()), ("Limit it", "Why"));
        assert_eq!((state.destination.as_str(), state.draft), ("next", true));
        snapshot!(ada.types("/bb pr update web/api#1 --ready").await, @"You changed the draft state of web/api#1 Limit it.");
        assert!(!pr.state().unwrap().draft);
        snapshot!(ada.types("/bb pr update web/api#1 --title \"Limit it\"").await, @"There is nothing to change: web/api#1 Limit it is like that already.");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn a_form_changes_only_what_was_written_on_it() {
    on_both(async |world| {
        let (ada, pr) = stage(&world).await;
        pr.describe("grace", "Ten a minute.").unwrap();
        ada.types("/bb pr update web/api#1").await;
        snapshot!(ada.sees_form(), @"
        Change a pull request
        web/api#1 Limit the rate
        Title (optional): Limit the rate
        Description (optional): Ten a minute.
        Target branch (optional): main
        Draft (optional): [ ] Yes
        [Save]
        ");
        pr.retitle("grace", "Limit the rate of logins").unwrap();
        snapshot!(sends(&ada, &[("Description", "Twenty a minute.")]).await, @"
        Change a pull request
        You changed the description of web/api#1 Limit the rate of logins.
        ");
        let state = pr.state().unwrap();
        assert_eq!(
            (state.title.as_str(), state.description.as_str()),
            ("Limit the rate of logins", "Twenty a minute.")
        );
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn a_description_is_taken_out_and_a_draft_made_on_a_form() {
    on_both(async |world| {
        let (ada, pr) = stage(&world).await;
        pr.describe("grace", "Ten a minute.").unwrap();
        ada.types("/bb pr update").await;
        ada.slack.fills("Pull request", "web/api#1").await;
        world.settle().await;
        let seen = sends(&ada, &[("Description", ""), ("Draft", "Yes")]).await;
        snapshot!(seen, @"
        Change a pull request
        You changed the description and the draft state of web/api#1 Limit the rate.
        ");
        let state = pr.state().unwrap();
        assert_eq!((state.description.as_str(), state.draft), ("", true));
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn a_description_too_long_for_a_form_stays_as_it_is() {
    on_both(async |world| {
        let (ada, pr) = stage(&world).await;
        let long = "Ten a minute. ".repeat(300);
        pr.describe("grace", &long).unwrap();
        ada.types("/bb pr update web/api#1").await;
        assert!(ada.sees_form().contains("Its description is too long for a form; it stays as it is."));
        let seen = sends(&ada, &[("Title", "Limit it")]).await;
        assert!(seen.contains("You changed the title of web/api#1 Limit it."), "{seen}");
        assert_eq!(pr.state().unwrap().description, long);
        world.finish().await;
    })
    .await;
}
