//! Conditions, many repositories at once, and what several subscriptions of a channel make together.

use dipper::sandbox::bitbucket::{Content, Permission};

use super::said;
use crate::world::on_both;

#[tokio::test]
async fn only_what_a_condition_holds_for_is_told() {
    on_both(async |world| {
        let ada = world.person("ada").connected().await;
        snapshot!(ada.types("/bb subscribe web/api opened --where \"into:main AND (author:edsger OR title:rate)\"").await, @"
        This channel is now told of web/api: opened.
        Only where `into:main AND (author:edsger OR title:rate)`.
        Bitbucket does not tell Dipper of web/api yet; a webhook there would.
        [Stop] [Make the webhook]
        ");
        let repo = world.repository("web/api");
        let _other = repo.branch("other").with_commit("Another", "grace");
        world.bitbucket.open_pull_request(&repo, "grace", "Another", ("other", "main")).unwrap();
        world.settle().await;
        assert_eq!(world.hears("#web"), "");
        world.bitbucket.open_pull_request(&repo, "grace", "Limit the rate", ("limit-rate", "main")).unwrap();
        world.settle().await;
        assert!(said(&world).starts_with("grace opened web/api#2 Limit the rate"));
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn files_are_asked_for_where_a_condition_turns_on_them() {
    on_both(async |world| {
        let ada = world.person("ada").connected().await;
        ada.types("/bb subscribe web/api opened commented --where path:docs/*").await;
        let repo = world.repository("web/api");
        let text = Content::Text("Read me\n".to_owned());
        let _docs = repo.branch("docs").with_file("docs/read.md", text, "grace");
        world.bitbucket.open_pull_request(&repo, "grace", "Limit the rate", ("limit-rate", "main")).unwrap();
        world.settle().await;
        assert_eq!(world.hears("#web"), "");
        world.bitbucket.open_pull_request(&repo, "grace", "Say how", ("docs", "main")).unwrap();
        repo.pull_request(2).comment("grace", "Please read").unwrap();
        world.settle().await;
        snapshot!(said(&world).lines().last().unwrap_or_default().to_owned(), @"(in the thread) grace commented: Please read");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn a_condition_that_does_not_read_is_pointed_at() {
    on_both(async |world| {
        let ada = world.person("ada").connected().await;
        snapshot!(ada.types("/bb subscribe web/api --where \"draft:perhaps\"").await, @"
        I can't read that condition: I expected yes or no.
        ```draft:perhaps
              ^```
        ");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn many_repositories_are_followed_at_once_and_new_ones_too() {
    on_both(async |world| {
        let ada = world.person("ada").connected().await;
        let (_legacy, _secret) = (world.repository("web/legacy"), world.repository("web/api"));
        let told = ada.types("/bb subscribe web/*,-web/legacy opened").await;
        snapshot!(told, @"
        This channel is now told of web/*,-web/legacy: opened.
        That is 1 repository now, and new ones as they come, as far as you can read them.
        Bitbucket does not tell Dipper of web/* yet; a webhook there would.
        [Stop] [Make the webhook]
        ");
        for name in ["web/legacy", "web/site"] {
            let repo = world.repository(name);
            let _branch = repo.branch("change").with_commit("Change it", "grace");
            world.bitbucket.open_pull_request(&repo, "grace", "Change it", ("change", "main")).unwrap();
        }
        let hidden = world.bitbucket.add_repository(world.edition, "web/hidden");
        let hidden = hidden.allow("grace", Permission::Write);
        let _branch = hidden.branch("change").with_commit("Change it", "grace");
        world.bitbucket.open_pull_request(&hidden, "grace", "Hide it", ("change", "main")).unwrap();
        world.settle().await;
        snapshot!(said(&world), @"
        grace opened web/site#1 Change it
        `change` → `main` · no reviewers
        1 file, +10 −0
        [Approve] [Needs work] [Comment] [Merge] [More… ▾]
        ");
        snapshot!(ada.types("/bb unsubscribe web/*,-web/legacy").await, @"This channel is no longer told of web/*,-web/legacy.");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn several_subscriptions_make_one_message_of_the_largest_size() {
    on_both(async |world| {
        let ada = world.person("ada").connected().await;
        ada.types("/bb subscribe web/api push --size compact").await;
        ada.types("/bb subscribe web/* push --size full --thread").await;
        let repo = world.repository("web/api");
        world.bitbucket.push(&repo, "main", "grace", &["One", "Two", "Three", "Four"]).unwrap();
        world.settle().await;
        snapshot!(world.hears("#web"), @"
        grace pushed 4 commits to `main` of web/api.
        0123abc Four
        0123abc Three
        0123abc Two
        0123abc One
        ");
        world.bitbucket.push(&repo, "main", "grace", &["Five"]).unwrap();
        world.settle().await;
        snapshot!(world.hears("#web"), @"
        (in the thread) grace pushed 1 commit to `main` of web/api.
        0123abc Five
        ");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn a_form_asks_what_to_tell() {
    on_both(async |world| {
        let ada = world.person("ada").connected().await;
        assert_eq!(ada.types("/bb subscribe").await, "");
        ada.slack.picks("Repository", "ap", &world.called("web/api")).await;
        ada.slack.fills("Only where", "into:main").await;
        ada.slack.submits().await;
        world.settle().await;
        let form = ada.sees_form();
        assert!(form.contains("is now told of web/api") && form.contains("into:main"), "{form}");
        world.finish().await;
    })
    .await;
}
