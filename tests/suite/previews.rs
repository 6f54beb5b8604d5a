//! What a subscription would have told of what came lately, while it is asked for.

use dipper::sandbox::bitbucket::{Content, Opening, Permission};

use crate::world::{World, on_both};

/// Grace opens a pull request from a branch of its own.
async fn opens(world: &World, repo: &str, title: &str) {
    let repo = world.repository(repo);
    let branch = title.to_lowercase().replace(' ', "-");
    let _branch = repo.branch(&branch).with_file("docs/read.me", Content::Text("x".to_owned()), "grace");
    let opening = Opening { title, from: &branch, to: "main", ..Opening::default() };
    world.bitbucket.open(&repo, "grace", &opening).unwrap();
    world.settle().await;
}

#[tokio::test]
async fn a_subscription_says_what_it_would_have_matched() {
    on_both(async |world| {
        let ada = world.person("ada").connected().await;
        opens(&world, "web/api", "Limit the rate").await;
        opens(&world, "web/api", "Another").await;
        let repo = world.repository("web/api");
        world.bitbucket.approve(&repo, 1, "ada").unwrap();
        world.settle().await;
        snapshot!(ada.types("/bb subscribe web/api opened approved --where title:rate").await, @"
        This channel is now told of web/api: opened, approved.
        Only where `title:rate`.
        It would have matched 2 of the 3 deliveries seen so far.
        [Stop]
        ");
        snapshot!(ada.types("/bb subscribe web/api opened --where path:docs/*").await, @"
        This channel is now told of web/api: opened.
        Only where `path:docs/*`.
        It would have matched 0 of the 3 deliveries seen so far, and perhaps 2 more, depending on the files they change.
        Before, it was: opened, approved.
        [Stop]
        ");
        for number in 0..50 {
            world.bitbucket.comment(&repo, 1, "grace", &format!("Thought {number}")).unwrap();
        }
        world.settle().await;
        let _cards = world.hears("#web");
        let told = ada.types("/bb subscribe web/api commented").await;
        assert!(told.contains("It would have matched 50 of the last 50 deliveries."), "{told}");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn its_form_counts_while_it_is_filled_in() {
    on_both(async |world| {
        let ada = world.person("ada").connected().await;
        opens(&world, "web/api", "Limit the rate").await;
        opens(&world, "web/api", "Another").await;
        let _new = world.repository("web/new");
        assert_eq!(ada.types("/bb subscribe").await, "");
        let says = async |wanted: &str| {
            world.settle().await;
            let form = ada.sees_form();
            assert!(form.contains(wanted), "{form}");
        };
        ada.slack.picks("Repository", "new", &world.called("web/new")).await;
        says("No delivery of it was seen yet, so there is nothing to count.").await;
        ada.slack.picks("Repository", "ap", &world.called("web/api")).await;
        says("It would have matched 2 of the 2 deliveries seen so far.").await;
        ada.slack.fills("Only where", "title:rate").await;
        says("It would have matched 1 of the 2 deliveries seen so far.").await;
        ada.slack.fills("What to tell", "Builds").await;
        says("It would have matched 0 of the 2 deliveries seen so far.").await;
        ada.slack.fills("Only where", "title:rate AND").await;
        says("I can't read that condition").await;
        ada.slack.fills("Only where", "").await;
        ada.slack.fills("What to tell", "Pull requests").await;
        says("It would have matched 2 of the 2 deliveries seen so far.").await;
        ada.slack.submits().await;
        says("is now told of web/api").await;
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn what_one_cannot_read_is_not_counted() {
    on_both(async |world| {
        let ada = world.person("ada").connected().await;
        let hidden = world.bitbucket.add_repository(world.edition, "web/hidden");
        let hidden = hidden.allow("grace", Permission::Write);
        let _branch = hidden.branch("change").with_commit("Change it", "grace");
        world.bitbucket.open_pull_request(&hidden, "grace", "The secret rate", ("change", "main")).unwrap();
        opens(&world, "web/api", "Limit the rate").await;
        snapshot!(ada.types("/bb subscribe web/* opened --where title:rate").await, @"
        This channel is now told of web/*: opened.
        Only where `title:rate`.
        That is 1 repository now, and new ones as they come, as far as you can read them.
        It would have matched 1 of the 1 delivery seen so far.
        [Stop]
        ");
        world.finish().await;
    })
    .await;
}
