//! Rights that are asked for: who is asked, who decides, and what those see who were asked.

use std::time::Duration;

use dipper::sandbox::bitbucket::{Edition, Permission};
use dipper::sandbox::slack::Message;

use super::{hours, vault};
use crate::connecting::tokens::by_own_token;
use crate::world::{Person, World, on_both};

/// What somebody was told in private, one message after the other.
async fn asked(world: &World, ada: &Person<'_>) -> Vec<Message> {
    world.settle().await;
    ada.told()
}

#[tokio::test]
async fn who_administers_is_asked_and_gives_it_in_their_own_name() {
    on_both(async |world| {
        let repo = vault(&world);
        let ada = by_own_token(&world, "ada").await;
        let edsger = world.person("edsger").connected().await;
        snapshot!(edsger.types("/bb access request web/api write --for 8h --reason \"the release\"").await, @"
        I asked @ada; you hear of it as soon as it is decided.
        [Withdraw]
        ");
        let told = asked(&world, &ada).await;
        snapshot!(world.read(&told), @"
        @edsger asks to write to web/api for 8h.
        What for: the release
        Until 2026-11-28 08:00 UTC
        [Approve] [Deny]
        ");
        snapshot!(edsger.types("/bb access request web/api write --for 8h").await, @"
        You asked for that already: @ada did not decide yet.
        [Withdraw]
        ");
        snapshot!(ada.clicks(&told[0], "Approve").await, @"
        edsger may write to web/api now, until 2026-11-21 16:00 UTC.
        What for: the release
        [Take it back]

        (edited) @edsger asks to write to web/api for 8h.
        What for: the release
        Approved by @ada.
        ");
        assert_eq!(repo.given("edsger"), Some(Permission::Write));
        snapshot!(edsger.is_told(), @"
        @ada lets you write to web/api until 2026-11-21 16:00 UTC.
        What for: the release
        ");
        snapshot!(world.read(&[world.slack.current(&told[0])]), @"
        (edited) @edsger asks to write to web/api for 8h.
        What for: the release
        Approved by @ada.
        ");
        snapshot!(ada.clicks(&told[0], "Approve").await, @"That is decided already. Approved by @ada.");
        hours(&world, 9).await;
        assert_eq!(repo.given("edsger"), None);
        let _over = (ada.is_told(), edsger.is_told());
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn who_connected_in_a_browser_is_asked_too_and_allows_the_rest_then() {
    on_both(async |world| {
        let repo = vault(&world);
        let ada = world.person("ada").connected().await;
        let edsger = world.person("edsger").connected().await;
        let said = edsger.types("/bb access request web/api write").await;
        assert!(said.starts_with("I asked @ada"), "{said}");
        let told = asked(&world, &ada).await;
        let more = ada.clicks(&told[0], "Approve").await;
        assert!(more.contains("It needs") || more.contains("It lacks"), "{more}");
        assert_eq!(repo.given("edsger"), None);
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn a_no_comes_with_its_reason() {
    on_both(async |world| {
        let repo = vault(&world);
        let ada = by_own_token(&world, "ada").await;
        let edsger = world.person("edsger").connected().await;
        let _asked = edsger.types("/bb access request web/api admin").await;
        let told = asked(&world, &ada).await;
        let _form = ada.presses(&told[0], "Deny").await;
        world.settle().await;
        snapshot!(ada.sees_form(), @"
        Deny it
        Why (optional): ____
        (Whoever asked reads it)
        [Deny]
        ");
        let _why = ada.slack.fills("Why", "Ask for `write` instead").await;
        assert_eq!(ada.slack.submits().await.status, 200);
        world.settle().await;
        snapshot!(ada.sees_form(), @"
        Deny it
        You said no; @edsger hears of it.
        ");
        snapshot!(edsger.is_told(), @"
        @ada said no: @edsger asks to administer web/api.
        Why: Ask for `write` instead
        ");
        snapshot!(world.read(&[world.slack.current(&told[0])]), @"
        (edited) @edsger asks to administer web/api.
        Denied by @ada: Ask for `write` instead
        ");
        assert_eq!(repo.given("edsger"), None);
        let _rest = ada.is_told();
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn the_channel_that_decides_is_asked_and_everybody_there_sees_how_it_stands() {
    on_both(async |world| {
        let repo = vault(&world).allow("grace", Permission::Admin);
        let ada = world.person("ada");
        let _admin = ada.slack.clone().admin();
        snapshot!(ada.types("/bb settings --approvers here").await, @"
        From now on, for this workspace:
        • Bitbucket where nobody names one: none, so each time it is asked
        • Topics of a new subscription: opened, ready, approved, changes-requested, merged, declined, push, build-failed, build-fixed
        • People of Bitbucket are mentioned: on
        • Those who have not connected are found by e-mail: on
        • Jira: none
        • Who decides what others ask for: #web
        • Done only by two: none
        [Change]
        ");
        let grace = by_own_token(&world, "grace").await;
        let edsger = world.person("edsger").connected().await;
        let _asked = edsger.types("/bb access request web/api read").await;
        let told = world.messages("#web");
        snapshot!(world.read(&told), @"
        @edsger asks to read web/api.
        Until 2026-11-28 08:00 UTC
        [Approve] [Deny]
        ");
        // Who asks does not decide, nor does who may not.
        snapshot!(edsger.clicks(&told[0], "Approve").await, @"You asked for it yourself: somebody else has to decide.");
        snapshot!(grace.types("/bb requests").await, @"
        What waits for a decision:
        @edsger asks to read web/api.
        [Approve] [Deny]
        ");
        snapshot!(grace.clicks(&told[0], "Approve").await, @"
        edsger may read web/api now.
        [Take it back]
        ");
        assert_eq!(repo.given("edsger"), Some(Permission::Read));
        snapshot!(edsger.is_told(), @"@grace lets you read web/api.");
        snapshot!(world.hears("#web"), @"
        (edited) @edsger asks to read web/api.
        Approved by @grace.
        ");
        snapshot!(grace.types("/bb requests").await, @"
        Nothing waits for a decision of yours, and nothing of yours for one.
        [Ask for a right]
        ");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn what_nobody_decides_is_over_after_a_week_and_said_so() {
    on_both(async |mut world| {
        let _repo = vault(&world);
        let ada = by_own_token(&world, "ada").await;
        let edsger = world.person("edsger").connected().await;
        let _asked = edsger.types("/bb access request web/api write").await;
        let _told = asked(&world, &ada).await;
        drop((ada, edsger));
        world.restart().await;
        for _ in 0..8 {
            world.advance(Duration::from_hours(24)).await;
        }
        snapshot!(world.person("edsger").is_told(), @"
        Nobody decided in time about what you asked: @edsger asks to write to web/api.
        Ask again, or ask somebody in person.
        ");
        snapshot!(world.person("ada").is_told(), @"
        (edited) @edsger asks to write to web/api.
        Nobody decided in time.
        ");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn where_nobody_decides_the_answer_says_whom_to_ask() {
    on_both(async |world| {
        let _repo = vault(&world);
        let edsger = world.person("edsger").connected().await;
        snapshot!(edsger.types("/bb access request web/api write --for 2d").await, @"
        Nobody who is connected here administers web/api, as far as I can see.
        Ask whoever does to type `/bb access grant web/api edsger write --for 2d`.
        ");
        snapshot!(edsger.types("/bb requests").await, @"
        Nothing waits for a decision of yours, and nothing of yours for one.
        [Ask for a right]
        ");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn what_is_withdrawn_nobody_can_approve() {
    on_both(async |world| {
        let repo = vault(&world);
        let ada = by_own_token(&world, "ada").await;
        let edsger = world.person("edsger").connected().await;
        let typed = "/bb access request web/api write";
        assert_eq!(edsger.slack.types("#web", typed).await.status, 200);
        let told = asked(&world, &ada).await;
        let mine = edsger.told();
        snapshot!(edsger.clicks(&mine[0], "Withdraw").await, @"(edited) It is withdrawn; nobody needs to decide any more.");
        snapshot!(ada.clicks(&told[0], "Approve").await, @"
        (edited) @edsger asks to write to web/api.
        Withdrawn.

        That is decided already. Withdrawn.
        ");
        snapshot!(world.read(&[world.slack.current(&told[0])]), @"
        (edited) @edsger asks to write to web/api.
        Withdrawn.
        ");
        assert_eq!(repo.given("edsger"), None);
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn what_bitbucket_refuses_stays_to_be_decided() {
    on_both(async |world| {
        let repo = vault(&world);
        let ada = by_own_token(&world, "ada").await;
        let edsger = world.person("edsger").connected().await;
        let _asked = edsger.types("/bb access request web/api write").await;
        let told = asked(&world, &ada).await;
        world.bitbucket.faults(world.edition).next("PUT ", &world.refusing(), 1);
        snapshot!(ada.clicks(&told[0], "Approve").await, @"Not while the moon is full.");
        assert!(world.read(&[world.slack.current(&told[0])]).contains("[Approve]"));
        world.bitbucket.faults(world.edition).next("/", &World::failing(), 99);
        let _down = ada.clicks(&told[0], "Approve").await;
        world.bitbucket.faults(world.edition).call_off();
        let _given = ada.clicks(&told[0], "Approve").await;
        assert_eq!(repo.given("edsger"), Some(Permission::Write));
        let _told = edsger.is_told();
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn a_form_asks_for_what_is_missing() {
    on_both(async |world| {
        let _repo = vault(&world).allow("edsger", Permission::Read);
        let ada = by_own_token(&world, "ada").await;
        let edsger = world.person("edsger").connected().await;
        let _form = edsger.slack.types("#web", "/bb access request").await;
        world.settle().await;
        snapshot!(edsger.sees_form(), @"
        Ask for a right
        Repository: ____
        What you want to do: ____
        For how long (optional): ____
        (Like 8h, 3d or 2w; for good when left empty)
        What for (optional): ____
        [Ask]
        ");
        let _repo = edsger.slack.picks("Repository", "api", &world.called("web/api")).await;
        let _level = edsger.slack.fills("What you want to do", "write").await;
        assert_eq!(edsger.slack.submits().await.status, 200);
        world.settle().await;
        assert!(edsger.sees_form().contains("I asked @ada"), "{}", edsger.sees_form());
        assert!(ada.is_told().contains("asks to write to web/api."));
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn longer_than_any_token_lives_is_given_for_good_or_not_at_all() {
    let world = World::on(Edition::Cloud).await;
    let _repo = vault(&world);
    let ada = by_own_token(&world, "ada").await;
    snapshot!(ada.types("/bb access grant web/api edsger write --for 60w").await, @"No token lives longer than a year, so nobody could take it away in time. Give it for less, or for good.");
    world.finish().await;
}

/// What is said where asking or deciding meets one trouble after the other.
async fn in_trouble(edition: Edition) -> String {
    let world = World::on(edition).await;
    let repo = vault(&world);
    let mut read = Vec::new();
    let edsger = world.person("edsger");
    read.push(("asking, not connected", edsger.types("/bb access request web/api write").await));
    let edsger = edsger.connected().await;
    let _resumed = edsger.is_told();
    let ada = by_own_token(&world, "ada").await;
    read.push(("asking for nothing there", edsger.types("/bb access request web/nothing write").await));
    world.bitbucket.faults(edition).next("/", &World::failing(), 99);
    read.push(("asking, down", edsger.types("/bb access request web/api write").await));
    world.bitbucket.faults(edition).call_off();
    let _admin = ada.slack.clone().admin();
    let _here = ada.types("/bb settings --approvers here").await;
    let _asked = edsger.types("/bb access request web/api write").await;
    let told = world.messages("#web");
    let grace = world.person("grace");
    read.push(("deciding, not connected", grace.clicks(&told[0], "Approve").await));
    let grace = by_own_token(&world, "grace").await;
    read.push(("deciding, no permission", grace.clicks(&told[0], "Approve").await));
    assert_eq!(repo.given("edsger"), None);
    let _given = ada.clicks(&told[0], "Approve").await;
    assert_eq!(repo.given("edsger"), Some(Permission::Write));
    let _rest = (world.hears("#web"), edsger.is_told(), grace.is_told());
    world.finish().await;
    let read: Vec<String> = read.iter().map(|(what, read)| format!("({what})\n{read}")).collect();
    read.join("\n\n")
}

#[tokio::test]
async fn what_goes_wrong_on_cloud_is_said() {
    snapshot!(in_trouble(Edition::Cloud).await, @"
    (asking, not connected)
    First connect your account on bitbucket, so that I can do this as you.
    I'll carry on with what you asked as soon as you have.
    [Connect bitbucket]

    (asking for nothing there)
    Nobody who is connected here administers web/nothing, as far as I can see.
    Ask whoever does to type `/bb access grant web/nothing edsger write`.

    (asking, down)
    Bitbucket is in trouble or cannot be reached: it answered 503 when asked to list the repositories you administer.
    I tried a few times; it may not have been done. Look before you ask again.

    (deciding, not connected)
    First connect your account on bitbucket, so that I can do this as you.
    I'll carry on with what you asked as soon as you have.
    [Connect bitbucket]

    (deciding, no permission)
    Bitbucket has nothing of that name that you may see.
    ");
}

#[tokio::test]
async fn what_goes_wrong_on_data_center_is_said() {
    snapshot!(in_trouble(Edition::DataCenter).await, @"
    (asking, not connected)
    First connect your account on bitbucket, so that I can do this as you.
    I'll carry on with what you asked as soon as you have.
    [Connect bitbucket]

    (asking for nothing there)
    Nobody who is connected here administers web/nothing, as far as I can see.
    Ask whoever does to type `/bb access grant web/nothing edsger write`.

    (asking, down)
    Bitbucket is in trouble or cannot be reached: it answered 503 when asked to list the repositories you administer.
    I tried a few times; it may not have been done. Look before you ask again.

    (deciding, not connected)
    First connect your account on bitbucket, so that I can do this as you.
    I'll carry on with what you asked as soon as you have.
    [Connect bitbucket]

    (deciding, no permission)
    Bitbucket has nothing of that name that you may see.
    ");
}
