//! What people type is read as they meant it: phones' quotes and dashes, Slack's links, slips in a command's
//! name; and help fits on one screen.

use dipper::sandbox::bitbucket::Edition;
use dipper::sandbox::slack::Message;

use crate::world::{Person, on_both};

/// What a command is answered with on the spot, as a message to act on.
async fn answered(person: &Person<'_>, text: &str) -> Message {
    let ack = person.slack.types("#web", text).await;
    assert_eq!(ack.status, 200, "{}", ack.body);
    person.world.settle().await;
    person.slack.told().remove(0)
}

#[tokio::test]
async fn what_a_phone_makes_of_quotes_and_dashes_is_understood() {
    on_both(async |world| {
        let ada = world.person("ada").connected().await;
        let repo = world.repository("web/api");
        let told = ada.types("/bb Pr Open web/api —from limit-rate —title “Limit – the ‘rate’”").await;
        assert!(told.contains("web/api#1 Limit – the ‘rate’"), "{told}");
        assert_eq!(world.bitbucket.pull_request(&repo, 1).unwrap().title, "Limit – the ‘rate’");
        let told = ada.types("/bb commits web/api —branch “limit-rate").await;
        assert!(told.contains("`limit-rate`") && told.contains("Limit the rate"), "{told}");
        let url = match world.edition {
            Edition::Cloud => format!("{}/pull-requests/1", repo.url()),
            Edition::DataCenter => format!("{}/pull-requests/1/overview", repo.url()),
        };
        let card = ada.types("/bb pr show web/api#1").await;
        for link in [url.clone(), format!("<{url}>")] {
            assert_eq!(ada.types(&format!("/bb pr show {link}")).await, card, "{link}");
        }
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn a_slip_in_a_command_is_answered_with_a_button_that_does_what_was_meant() {
    on_both(async |world| {
        let ada = world.person("ada").connected().await;
        let repo = world.repository("web/api");
        world.bitbucket.open_pull_request(&repo, "grace", "Limit the rate", ("limit-rate", "main")).unwrap();
        let told = answered(&ada, "/bb aprove web/api#1").await;
        snapshot!(world.read(std::slice::from_ref(&told)), @"
        There is no `/bb aprove web/api#1`. Did you mean `/bb pr approve web/api#1`?
        [/bb pr approve web/api#1]
        ");
        let done = ada.clicks(&told, "/bb pr approve web/api#1").await;
        assert!(done.contains("You approved web/api#1 Limit the rate."), "{done}");
        let told = answered(&ada, "/bb pr opn").await;
        let _ = ada.clicks(&told, "/bb pr open").await;
        assert!(ada.sees_form().starts_with("Open a pull request"), "{}", ada.sees_form());
        snapshot!(ada.types("/bb unsubscrib").await, @"
        There is no `/bb unsubscrib`. Did you mean `/bb unsubscribe`?
        Usage: `/bb unsubscribe repo`
        For example: `/bb unsubscribe web/api`
        ");
        let told = answered(&ada, "/bb xyzzy").await;
        snapshot!(world.read(std::slice::from_ref(&told)), @"
        There is no `/bb xyzzy`.
        `/bb help` shows what there is.
        [Show what there is]
        ");
        assert!(ada.clicks(&told, "Show what there is").await.contains("Bitbucket, from here."));
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn a_mistake_is_answered_with_the_one_line_that_was_meant() {
    on_both(async |world| {
        let ada = world.person("ada");
        snapshot!(ada.types("/bb unsubscribe ../x").await, @"
        `../x` is not a repository; write it like `web/api`.
        Usage: `/bb unsubscribe repo`
        For example: `/bb unsubscribe web/api`
        ");
        snapshot!(ada.types("/bb unsubscribe web/api --brnch x").await, @"
        I don't know what `--brnch` means here.
        Usage: `/bb unsubscribe repo`
        For example: `/bb unsubscribe web/api`
        ");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn help_goes_from_an_overview_to_a_group_and_to_one_command() {
    on_both(async |world| {
        let ada = world.person("ada");
        let overview = answered(&ada, "/bb").await;
        let read = world.read(std::slice::from_ref(&overview));
        assert!(read.lines().count() <= 40 && !read.contains("… and"), "{read}");
        let group = ada.clicks(&overview, "Pull requests").await;
        assert!(group.contains("  Show a pull request"), "{group}");
        assert!(group.contains("[All commands]"), "{group}");
        assert_eq!(ada.types("/bb pr").await, ada.types("/bb help pr").await);
        assert!(ada.types("/bb help pr show").await.contains("• `pr` The pull request, like web/api#42"), "help");
        snapshot!(ada.types("/bb help nonsense").await, @"There is no such command; `/bb help` shows what there is.");
        world.finish().await;
    })
    .await;
}
