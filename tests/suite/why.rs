//! Why something was told here, or was not: by a message, a pull request, a delivery, or the last that happened.

use std::time::Duration;

use dipper::sandbox::bitbucket::{Edition, Permission};
use dipper::sandbox::slack::Message;

use crate::world::{Person, World, on_both};

/// What they are told, with the ids of deliveries, which are minted anew each time, as one.
async fn asks(ada: &Person<'_>, channel: &str, command: &str) -> String {
    let told = ada.types_in(channel, command).await;
    plain(ada.world, told).await
}

async fn plain(world: &World, mut told: String) -> String {
    for row in world.bot().store.deliveries(None, 1_000).await.unwrap() {
        told = told.replace(&format!("{:x}", row.id), "1a2b3c");
    }
    told
}

async fn opened_and_discussed<'a>(world: &'a World, wish: &str) -> Person<'a> {
    let ada = world.person("ada").connected().await;
    ada.types(&format!("/bb subscribe web/api {wish}")).await;
    let repo = world.repository("web/api");
    world.bitbucket.open_pull_request(&repo, "grace", "Limit the rate", ("limit-rate", "main")).unwrap();
    world.settle().await;
    repo.pull_request(1).comment("edsger", "Why so low?").unwrap();
    world.settle().await;
    ada
}

fn link(message: &Message) -> String {
    format!("https://dipper.slack.com/archives/{}/p{}", message.channel, message.ts.replace('.', ""))
}

#[tokio::test]
async fn each_subscription_says_what_it_made_of_each_delivery() {
    on_both(async |world| {
        let ada = opened_and_discussed(&world, "opened merged --where into:main").await;
        ada.types("/bb subscribe web/* commented --where \"into:release AND actor:edsger\"").await;
        world.repository("web/api").pull_request(1).comment("edsger", "Still too low").unwrap();
        world.settle().await;
        let _card = world.messages("#web");
        snapshot!(asks(&ada, "#web", "/bb why web/api#1").await, @"
        What I know of web/api#1, the newest first:
        web/api#1: `commented` by edsger · 2026-11-21 08:00 UTC · delivery `1a2b3c`
        • Subscription to web/* (commented, only where `into:release AND actor:edsger`): not told: its condition `into:release` does not hold.
        • Subscription to web/api (opened, merged, only where `into:main`): not told: it does not ask for that topic.
        • The card that stands here was brought up to date.
        web/api#1: `commented` by edsger · 2026-11-21 08:00 UTC · delivery `1a2b3c`
        • Subscription to web/api (opened, merged, only where `into:main`): not told: it does not ask for that topic.
        • The card that stands here was brought up to date.
        web/api#1: `opened` by grace · 2026-11-21 08:00 UTC · delivery `1a2b3c`
        • Subscription to web/api (opened, merged, only where `into:main`): told as `opened`.
        ");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn what_was_folded_into_one_line_is_said_so() {
    on_both(async |world| {
        let ada = opened_and_discussed(&world, "opened commented").await;
        let _said = world.messages("#web");
        let pr = world.repository("web/api").pull_request(1);
        pr.comment("edsger", "Still too low").unwrap();
        pr.comment("grace", "Is it?").unwrap();
        pr.comment("edsger", "It is").unwrap();
        world.settle().await;
        let said = world.messages("#web");
        let line = said.iter().find(|one| one.thread_ts.is_some()).unwrap();
        snapshot!(asks(&ada, "#web", &format!("/bb why {}", link(line))).await, @"
        web/api#1: `commented` by edsger · 2026-11-21 08:00 UTC · delivery `1a2b3c`
        • Subscription to web/api (opened, commented): told as `commented`.
        • Folded: said in one message with 2 others. What follows within 3 s is said together, after 15 s at the latest.
        web/api#1: `commented` by grace · 2026-11-21 08:00 UTC · delivery `1a2b3c`
        • Subscription to web/api (opened, commented): told as `commented`.
        • Folded: said in one message with 2 others. What follows within 3 s is said together, after 15 s at the latest.
        web/api#1: `commented` by edsger · 2026-11-21 08:00 UTC · delivery `1a2b3c`
        • Subscription to web/api (opened, commented): told as `commented`.
        • Folded: said in one message with 2 others. What follows within 3 s is said together, after 15 s at the latest.
        ");
        let all = asks(&ada, "#web", "/bb why web/api#1").await;
        assert_eq!(all.matches("• Folded: said in one message with 2 others.").count(), 3, "{all}");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn a_card_and_a_line_are_asked_about_by_their_links() {
    on_both(async |world| {
        let ada = opened_and_discussed(&world, "opened commented").await;
        let said = world.messages("#web");
        let line = said.iter().find(|one| one.thread_ts.is_some()).unwrap();
        snapshot!(asks(&ada, "#web", &format!("/bb why {}", link(line))).await, @"
        web/api#1: `commented` by edsger · 2026-11-21 08:00 UTC · delivery `1a2b3c`
        • Subscription to web/api (opened, commented): told as `commented`.
        ");
        let card = said.iter().find(|one| one.thread_ts.is_none()).unwrap();
        let told = asks(&ada, "#web", &format!("/bb why <{}>", link(card))).await;
        assert!(told.starts_with("What I know of web/api#1, the newest first:"), "{told}");
        assert_eq!(ada.slack.chooses(card, "More…", "Why?").await.status, 200);
        world.settle().await;
        assert_eq!(plain(&world, ada.is_told()).await, told);
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn what_began_a_thread_is_known_by_its_link_too() {
    let world = World::on(Edition::Cloud).await;
    let ada = world.person("ada").connected().await;
    ada.types("/bb subscribe web/api push --thread").await;
    let repo = world.repository("web/api");
    world.bitbucket.push(&repo, "main", "grace", &["One"]).unwrap();
    world.settle().await;
    let pushed = world.messages("#web").remove(0);
    snapshot!(asks(&ada, "#web", &format!("/bb why {}", link(&pushed))).await, @"
    web/api: `push` by grace · 2026-11-21 08:00 UTC · delivery `1a2b3c`
    • Subscription to web/api (push): told as `push`.
    ");
    world.finish().await;
}

#[tokio::test]
async fn the_last_that_happened_is_explained_also_where_nothing_was_told() {
    on_both(async |world| {
        let ada = world.person("ada").connected().await;
        ada.types("/bb subscribe web/api merged").await;
        let repo = world.repository("web/api");
        world.bitbucket.open_pull_request(&repo, "grace", "Limit the rate", ("limit-rate", "main")).unwrap();
        world.settle().await;
        assert_eq!(world.hears("#web"), "");
        snapshot!(asks(&ada, "#web", "/bb why --last").await, @"
        web/api#1: `opened` by grace · 2026-11-21 08:00 UTC · delivery `1a2b3c`
        • Subscription to web/api (merged): not told: it does not ask for that topic.
        ");
        let id = world.bot().store.deliveries(None, 1).await.unwrap()[0].id;
        let told = asks(&ada, "#web", &format!("/bb why {id:x}")).await;
        assert!(told.starts_with("web/api#1: `opened` by grace"), "{told}");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn where_nothing_came_it_is_said_what_to_look_at() {
    on_both(async |world| {
        let ada = world.person("ada").connected().await;
        snapshot!(ada.types("/bb why web/api#1").await, @"
        Nothing about `web/api#1` has reached me, as far back as I keep deliveries.
        `/bb hook list` shows whether Bitbucket has a webhook for it, `/bb doctor` what else may be amiss.
        This channel is not told of `web/api` either; `/bb subscribe web/api` changes that.
        ");
        snapshot!(ada.types("/bb why --last").await, @"This channel is told nothing yet; `/bb subscribe web/api` changes that.");
        snapshot!(ada.types("/bb why nonsense").await, @"
        I don't know what `nonsense` is; give me a link to one of my messages, a pull request like `web/api#42`, or a delivery's id.
        Usage: `/bb why [what] [--last]`
        For example: `/bb why web/api#42`
        ");
        assert_eq!(ada.types("/bb why").await, "");
        assert!(ada.sees_form().starts_with("Why was this told?"), "{}", ada.sees_form());
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn nobody_learns_of_what_they_cannot_read_nor_of_where_they_are_not() {
    on_both(async |world| {
        let ada = world.person("ada").connected().await;
        let hidden = world.bitbucket.add_repository(world.edition, "web/hidden");
        let hidden = hidden.allow("ada", Permission::Write).allow("grace", Permission::Write);
        let _branch = hidden.branch("change").with_commit("Change it", "grace");
        ada.types("/bb subscribe web/hidden opened").await;
        world.bitbucket.open_pull_request(&hidden, "grace", "Hide it", ("change", "main")).unwrap();
        world.settle().await;
        let card = world.messages("#web").remove(0);
        let id = world.bot().store.deliveries(None, 1).await.unwrap()[0].id;
        let edsger = world.person("edsger").connected().await;
        let told = edsger.types(&format!("/bb why {id:x}")).await;
        snapshot!(plain(&world, told).await, @"I know of no delivery `1a2b3c` (any more).");
        for asked in ["web/hidden#1".to_owned(), link(&card), "--last".to_owned()] {
            let told = edsger.types(&format!("/bb why {asked}")).await;
            assert!(!told.contains("opened") && !told.contains("Hide it"), "{asked}: {told}");
        }
        let members = [world.slack.person("ada").unwrap()];
        world.slack.add_channel("secret", true, &members.iter().collect::<Vec<_>>());
        world.slack.invite_bot("secret");
        ada.types_in("#secret", "/bb subscribe web/api opened").await;
        let repo = world.repository("web/api");
        world.bitbucket.open_pull_request(&repo, "grace", "Limit the rate", ("limit-rate", "main")).unwrap();
        world.settle().await;
        let card = world.messages("#secret").remove(0);
        snapshot!(edsger.types(&format!("/bb why {}", link(&card))).await, @"Ask me that where the message stands: only those who are there may know.");
        snapshot!(asks(&edsger, "#web", "/bb why web/api#1").await, @"
        What I know of web/api#1, the newest first:
        web/api#1: `opened` by grace · 2026-11-21 08:00 UTC · delivery `1a2b3c`
        • Not told here: no subscription of this channel covers it.
        ");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn what_is_no_longer_kept_is_said_to_be_too_long_ago() {
    on_both(async |world| {
        let ada = opened_and_discussed(&world, "opened commented").await;
        let said = world.messages("#web");
        let line = said.iter().find(|one| one.thread_ts.is_some()).unwrap();
        world.advance(Duration::from_hours(15 * 24)).await;
        let _again = world.messages("#web");
        snapshot!(ada.types(&format!("/bb why {}", link(line))).await, @"That is too long ago, or did not come from Bitbucket: I keep no delivery for it.");
        world.finish().await;
    })
    .await;
}
