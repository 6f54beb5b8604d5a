//! `dipper deliveries` beside a running bot: what came in, why it was told or not, and the same again.

use crate::told::all_of;
use crate::world::{World, on_both};

/// What the operator reads, with what is minted anew each time as one.
async fn printed(world: &World, arguments: &[&str]) -> String {
    let (code, mut text) = world.operator(arguments).await;
    assert_eq!(code, Some(0), "{arguments:?}: {text}");
    for row in world.bot().store.deliveries(None, 1_000).await.unwrap() {
        text = text.replace(&format!("{:x}", row.id), "1a2b3c");
        text = text.replace(&row.request_id.unwrap_or_else(|| "none".to_owned()), "R1");
        text = text.replace(&format!("{} bytes", row.size), "many bytes");
        text = text.replace(&row.event_key, "the event");
    }
    let id = world.slack.with_world(|slack| slack.channel_named("web").unwrap().id.clone());
    let text = text.replace(&id, "C0WEB").replace(&format!("{}:", world.instance()), "bitbucket:");
    world.same_on_both(text.trim_end())
}

async fn opened(world: &World) -> String {
    let repo = world.repository("web/api");
    world.bitbucket.open_pull_request(&repo, "grace", "Limit the rate", ("limit-rate", "main")).unwrap();
    world.settle().await;
    format!("{:x}", world.bot().store.deliveries(None, 1).await.unwrap()[0].id)
}

#[tokio::test]
async fn what_came_in_is_listed_and_shown_with_its_reasons() {
    on_both(async |world| {
        let ada = world.person("ada").connected().await;
        ada.types("/bb subscribe web/api merged").await;
        let id = opened(&world).await;
        snapshot!(printed(&world, &["deliveries", "list"]).await, @"1a2b3c  2026-11-21 08:00:00  the event  bitbucket:web/api#1  dropped: no channel asked for it");
        snapshot!(printed(&world, &["deliveries", "show", &id]).await, @"
        1a2b3c  2026-11-21 08:00:00  the event  bitbucket:web/api#1  dropped: no channel asked for it
        webhook made by hand, request R1, many bytes
        by grace: opened
        T0DIPPER/C0WEB  bitbucket:web/api  not told: it does not ask for that topic
        ");
        let body = printed(&world, &["deliveries", "show", &id, "--body"]).await;
        assert!(body.contains("\"title\":\"Limit the rate\""), "{body}");
        for (filter, some) in [
            (vec!["--repo", "web/api"], true),
            (vec!["--repo", "web/ap"], false),
            (vec!["--event", "exploded"], false),
            (vec!["--since", "9w"], true),
            (vec!["--dropped"], true),
            (vec!["--limit", "0"], false),
        ] {
            let listed = printed(&world, &[vec!["deliveries", "list"], filter.clone()].concat()).await;
            assert_eq!(listed != "no deliveries", some, "{filter:?}: {listed}");
        }
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn a_delivery_is_told_again_and_nothing_is_said_twice() {
    on_both(async |world| {
        let _ada = all_of(&world, "web/api").await;
        opened(&world).await;
        world.repository("web/api").pull_request(1).comment("edsger", "Why so low?").unwrap();
        world.settle().await;
        let heard = world.hears("#web");
        assert!(heard.contains("(in the thread) edsger commented: Why so low?"), "{heard}");
        let said = world.bot().store.deliveries(None, 1).await.unwrap()[0].id;
        let said = format!("{said:x}");
        snapshot!(printed(&world, &["deliveries", "replay", &said, "--dry-run"]).await, @"
        by edsger: commented
        T0DIPPER/C0WEB  bitbucket:web/api  told as commented
        T0DIPPER/C0WEB  its card was brought up to date
        T0DIPPER/C0WEB  would draw the card of bitbucket:web/api#1 as it stands
        T0DIPPER/C0WEB  has said, and would not repeat: edsger commented: Why so low?
        nothing was said; Bitbucket was not asked, so conditions on files count as not met
        ");
        assert_eq!(world.bot().store.depth().await.unwrap(), []);
        assert_eq!(printed(&world, &["deliveries", "replay", &said]).await, "delivery 1a2b3c is told again");
        world.settle().await;
        assert_eq!(world.hears("#web"), "");
        let (_, audit) = world.operator(&["audit", "export"]).await;
        assert!(audit.contains("deliveries.replay") && audit.contains(&said), "{audit}");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn what_was_dropped_is_told_when_a_channel_has_subscribed_since() {
    on_both(async |world| {
        let ada = world.person("ada").connected().await;
        let id = opened(&world).await;
        assert_eq!(world.hears("#web"), "");
        ada.types("/bb subscribe web/api opened").await;
        let would = printed(&world, &["deliveries", "replay", &id, "--dry-run"]).await;
        assert!(would.contains("would draw the card of bitbucket:web/api#1 as it stands"), "{would}");
        assert_eq!(world.hears("#web"), "");
        printed(&world, &["deliveries", "replay", &id]).await;
        world.settle().await;
        assert!(world.hears("#web").starts_with("grace opened web/api#1 Limit the rate"));
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn what_is_no_delivery_is_answered_in_a_sentence() {
    on_both(async |world| {
        for (arguments, code, says) in [
            (vec!["deliveries", "show", "1a2b3c"], 1, "there is no delivery 1a2b3c (any more)"),
            (vec!["deliveries", "replay", "1a2b3c"], 1, "there is no delivery 1a2b3c (any more)"),
            (
                vec!["deliveries", "replay", "1a2b3c", "--dry-run"],
                1,
                "there is no delivery 1a2b3c (any more)",
            ),
            (vec!["deliveries", "show", "first"], 2, "a delivery's id is written like 1a2b3c"),
            (vec!["deliveries", "list", "--since", "soon"], 2, "is not a length of time"),
        ] {
            let (ended, text) = world.operator(&arguments).await;
            assert_eq!(ended, Some(code), "{arguments:?}: {text}");
            assert!(text.contains(says), "{arguments:?}: {text}");
        }
        world.finish().await;
    })
    .await;
}
