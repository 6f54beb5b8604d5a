//! A digest is added, shown, changed and removed; it comes once for each time, late if need be, and never twice.

use std::time::Duration;

use dipper::clock::Clock;
use dipper::sandbox::bitbucket::Permission;
use dipper::schedule;
use dipper::words::work::Tidy;

use super::{open, until};
use crate::replicas::another_by;
use crate::world::{World, on_both};

const KEEP: Tidy = Tidy { keep_deliveries: 86_400_000, keep_jobs: 86_400_000, keep_audit: 86_400_000 };

#[tokio::test]
async fn a_digest_is_added_changed_and_removed() {
    on_both(async |world| {
        let ada = world.person("ada").connected().await;
        snapshot!(ada.types("/bb digest add web/api weekdays 9:30 --ignore-drafts --where into:main").await, @"
        Digest of web/api, told here weekdays at 9:30 (Europe/Berlin). Next: 2026-11-23 08:30 UTC.
        It shows: only where `into:main`; no drafts.
        [Preview] [Remove]
        ");
        snapshot!(ada.types("/bb digest list").await, @"
        Digests of this channel
        `1` web/api, weekdays at 9:30 (Europe/Berlin); only where `into:main`; no drafts; as @ada sees it. It has not come yet. Next: 2026-11-23 08:30 UTC.
        [Change] [Remove]
        ");
        snapshot!(ada.types("/bb digest edit 1 mon,thu at 16:00 and 9:00 --min-age 2d").await, @"
        Digest of web/api, told here Mondays and Thursdays at 9:00 and 16:00 (Europe/Berlin). Next: 2026-11-23 08:00 UTC.
        It shows: only where `into:main`; no drafts; at least 2d old.
        [Preview]
        ");
        snapshot!(ada.types("/bb digest edit 1 --repo web/*").await, @"
        Digest of web/*, told here Mondays and Thursdays at 9:00 and 16:00 (Europe/Berlin). Next: 2026-11-23 08:00 UTC.
        It shows: only where `into:main`; no drafts; at least 2d old.
        New repositories come in by themselves, as far as you can read them.
        [Preview]
        ");
        snapshot!(ada.types("/bb digest edit 1 --reset --zone asia/kathmandu").await, @"
        Digest of web/*, told here Mondays and Thursdays at 9:00 and 16:00 (Asia/Kathmandu). Next: 2026-11-23 03:15 UTC.
        New repositories come in by themselves, as far as you can read them.
        [Preview]
        ");
        snapshot!(ada.types("/bb digest edit 7 daily 9").await, @"This channel has no digest 7; `/bb digest list` shows them.");
        snapshot!(ada.types("/bb digest remove 1").await, @"The digest of web/* will not come again.");
        snapshot!(ada.types("/bb digest list").await, @"No digests here yet; `/bb digest add web/api weekdays 9:30` adds one.");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn what_is_missing_is_asked_for_and_what_does_not_read_is_said() {
    on_both(async |world| {
        let ada = world.person("ada").connected().await;
        let ack = ada.slack.types("#web", "/bb digest add").await;
        assert_eq!(ack.status, 200);
        world.settle().await;
        snapshot!(ada.sees_form(), @"
        A digest
        For me alone, in private (optional): [ ] Yes
        Repositories (optional): ____
        (Like web/api, or web/*,-web/legacy; for you alone it may stay empty)
        When: ____
        (Like weekdays 9:30, mon,thu at 16:00, every 2 hours 9-17, or a cron line)
        Time zone (optional): ____
        (Like Europe/Berlin; yours when left empty)
        Only where (optional): ____
        (Like into:main AND NOT author:ada)
        Leave drafts out (optional): [ ] Yes
        At least so old (optional): ____
        (In working time, like 2d)
        Untouched for at least (optional): ____
        (In working time, like 1d)
        Leave out with so many approvals (optional): ____
        (A number, like 2)
        Its author's turn after so many reviews (optional): ____
        (A number, like 1)
        Leave out titles with (optional): ____
        (Like wip, do not merge)
        Say nothing when nothing waits (optional): [ ] Yes
        [Add it]
        ");
        let _repo = ada.slack.fills("Repositories", "web/api").await;
        let _when = ada.slack.fills("When", "when I like").await;
        let answer = ada.slack.submits().await;
        assert!(answer.body.contains("says no times I know"), "{}", answer.body);
        let _when = ada.slack.fills("When", "every 2 hours 9-17").await;
        let _age = ada.slack.fills("At least so old", "2d").await;
        assert_eq!(ada.slack.submits().await.status, 200);
        world.settle().await;
        snapshot!(ada.sees_form(), @"
        A digest
        Digest of web/api, told here every 2 hours from 9:00 to 17:00 (Europe/Berlin). Next: 2026-11-21 10:00 UTC.
        It shows: at least 2d old.
        [Preview] [Remove]
        ");
        for wrong in [
            "web/api now and then",
            "web/api \"0 9 31 2 *\"",
            "web/api weekdays 9:30 --zone Nowhere/City",
            "web/api daily 9 --where into",
        ] {
            let told = ada.types(&format!("/bb digest add {wrong}")).await;
            snapshot_each(&told, wrong);
        }
        world.finish().await;
    })
    .await;
}

/// What is wrong is said where it can be mended.
fn snapshot_each(told: &str, wrong: &str) {
    let expected = match wrong {
        "web/api now and then" => "`now and then` says no times I know",
        "web/api \"0 9 31 2 *\"" => "`0 9 31 2 *` never comes",
        "web/api weekdays 9:30 --zone Nowhere/City" => "`Nowhere/City` is not a time zone",
        _ => "I can't read that condition",
    };
    assert!(told.contains(expected), "{wrong}: {told}");
}

#[tokio::test]
async fn a_digest_is_changed_by_its_form() {
    on_both(async |world| {
        let ada = world.person("ada").connected().await;
        ada.types("/bb digest add web/api weekdays 9:30 --ignore-words wip --silent").await;
        let ack = ada.slack.types("#web", "/bb digest list").await;
        assert_eq!(ack.status, 200);
        world.settle().await;
        let list = ada.told().remove(0);
        ada.presses(&list, "Change").await;
        world.settle().await;
        snapshot!(ada.sees_form(), @"
        Change a digest
        Repositories (optional): web/api
        (Like web/api, or web/*,-web/legacy; for you alone it may stay empty)
        When: weekdays at 9:30
        (Like weekdays 9:30, mon,thu at 16:00, every 2 hours 9-17, or a cron line)
        Time zone (optional): Europe/Berlin
        (Like Europe/Berlin; yours when left empty)
        Only where (optional): ____
        (Like into:main AND NOT author:ada)
        Leave drafts out (optional): [ ] Yes
        At least so old (optional): ____
        (In working time, like 2d)
        Untouched for at least (optional): ____
        (In working time, like 1d)
        Leave out with so many approvals (optional): ____
        (A number, like 2)
        Its author's turn after so many reviews (optional): ____
        (A number, like 1)
        Leave out titles with (optional): wip
        (Like wip, do not merge)
        Say nothing when nothing waits (optional): [x] Yes
        [Save]
        ");
        let _when = ada.slack.fills("When", "30 9 13 * 5").await;
        let _words = ada.slack.fills("Leave out titles with", "").await;
        assert_eq!(ada.slack.submits().await.status, 200);
        world.settle().await;
        snapshot!(ada.is_told(), @"
        (edited) Digest of web/api, told here the 13th of each month and Fridays at 9:30 (Europe/Berlin). Next: 2026-11-27 08:30 UTC.
        It shows: nothing said when nothing waits.
        [Preview]
        ");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn one_that_was_due_while_nobody_was_there_comes_late_and_once() {
    on_both(async |mut world| {
        open(&world, &world.repository("web/api"), "grace", "Answer faster", &["ada"]);
        {
            let ada = world.person("ada").connected().await;
            ada.types("/bb digest add web/api daily 9:30 and 12:00 --zone UTC").await;
        }
        // Down from before the first until after the second: the second is told, the first is no news any more.
        world.move_clocks(Duration::from_hours(6));
        world.restart().await;
        world.advance(Duration::from_secs(1)).await;
        snapshot!(world.hears("#web"), @"
        web/api has 1 open pull request that waits.
        Waiting for review
        web/api#1 Answer faster by grace · less than an hour old · @ada for less than an hour [Nudge]
        [Snooze one]
        ");
        world.advance(Duration::from_mins(5)).await;
        assert_eq!(world.hears("#web"), "");
        // A day and more: what was due longest ago than six hours is not told.
        world.move_clocks(Duration::from_hours(29));
        world.restart().await;
        world.advance(Duration::from_secs(1)).await;
        assert_eq!(world.hears("#web"), "");
        let ada = world.person("ada");
        snapshot!(ada.types("/bb digest list").await, @"
        Digests of this channel
        `1` web/api, every day at 9:30 and 12:00 (UTC); as @ada sees it. Last: 2026-11-22 09:30 UTC, not sent: nobody was there to send it. Next: 2026-11-23 09:30 UTC.
        [Change] [Remove]
        ");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn one_that_was_being_sent_when_the_bot_died_is_sent_once() {
    on_both(async |mut world| {
        open(&world, &world.repository("web/api"), "grace", "Answer faster", &[]);
        world.person("ada").connected().await.types("/bb digest add web/api daily 9:30 --zone UTC").await;
        world.move_clocks(Duration::from_mins(91));
        // It is due, and its job is there; nobody has run it.
        world.tick().await;
        world.restart().await;
        world.settle().await;
        let heard = world.hears("#web");
        assert_eq!(heard.matches("web/api#1").count(), 1, "{heard}");
        world.restart().await;
        world.advance(Duration::from_mins(10)).await;
        assert_eq!(world.hears("#web"), "");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn an_edited_digest_comes_by_its_new_rule() {
    on_both(async |world| {
        open(&world, &world.repository("web/api"), "grace", "Answer faster", &[]);
        let ada = world.person("ada").connected().await;
        ada.types("/bb digest add web/api daily 9:30 --zone UTC").await;
        ada.types("/bb digest edit 1 daily 11:00").await;
        until(&world, "2026-11-21T10:59:00Z").await;
        assert_eq!(world.hears("#web"), "");
        until(&world, "2026-11-21T11:00:00Z").await;
        assert!(world.hears("#web").contains("web/api#1"));
        ada.types("/bb digest edit 1 daily 10:00").await;
        until(&world, "2026-11-21T23:00:00Z").await;
        assert_eq!(world.hears("#web"), "");
        until(&world, "2026-11-22T10:00:00Z").await;
        assert!(world.hears("#web").contains("web/api#1"));
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn a_channel_and_a_person_see_only_what_the_asker_reads() {
    on_both(async |world| {
        let vault = world.bitbucket.add_repository(world.edition, "web/vault");
        let vault = vault.allow("grace", Permission::Write);
        open(&world, &world.repository("web/api"), "grace", "Answer faster", &[]);
        open(&world, &vault, "grace", "Hide the gold", &[]);
        let ada = world.person("ada").connected().await;
        let grace = world.person("grace").connected().await;
        let told = ada.types("/bb digest preview web/*").await;
        assert!(told.contains("Answer faster") && !told.contains("gold"), "{told}");
        let told = grace.types("/bb digest preview web/*").await;
        assert!(told.contains("Answer faster") && told.contains("gold"), "{told}");
        // Whoever looks at a digest looks with their own eyes.
        grace.types("/bb digest add web/* daily 9:30").await;
        let told = ada.types("/bb digest preview 1").await;
        assert!(told.contains("Answer faster") && !told.contains("gold"), "{told}");
        // And whoever changes it lends it theirs.
        ada.types("/bb digest edit 1 daily 10:30").await;
        until(&world, "2026-11-21T09:30:00Z").await;
        let heard = world.hears("#web");
        assert!(heard.contains("Answer faster") && !heard.contains("gold"), "{heard}");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn whoever_cannot_read_it_any_more_is_told_and_the_channel_is_not() {
    on_both(async |world| {
        let vault = world.bitbucket.add_repository(world.edition, "web/vault");
        let vault = vault.allow("ada", Permission::Write);
        let ada = world.person("ada").connected().await;
        ada.types("/bb digest add web/vault daily 9:30").await;
        let _vault = vault.forbid("ada");
        until(&world, "2026-11-21T08:30:00Z").await;
        assert_eq!(world.hears("#web"), "");
        snapshot!(ada.is_told(), @"
        I could not make the digest of web/vault with your account: it may not read it any more.
        `/bb connect` connects your account again; the digest can be removed where it is sent.
        ");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn bitbucket_in_trouble_makes_it_late_and_not_wrong() {
    on_both(async |world| {
        open(&world, &world.repository("web/api"), "grace", "Answer faster", &[]);
        let ada = world.person("ada").connected().await;
        ada.types("/bb digest add web/api daily 9:30").await;
        world.bitbucket.faults(world.edition).next("/", &World::failing(), 99);
        until(&world, "2026-11-21T08:31:00Z").await;
        assert_eq!(world.hears("#web"), "");
        world.bitbucket.faults(world.edition).call_off();
        world.advance(Duration::from_mins(30)).await;
        assert!(world.hears("#web").contains("Answer faster"));
        let _ = ada.is_told();
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn two_replicas_send_it_once_also_where_one_lags_behind() {
    on_both(async |world| {
        open(&world, &world.repository("web/api"), "grace", "Answer faster", &[]);
        let ada = world.person("ada").connected().await;
        ada.types("/bb digest add web/api daily 9:30 --zone UTC").await;
        let slow = Clock::still(world.clock.millis());
        let other = another_by(&world, slow.clone()).await;
        world.move_clocks(Duration::from_mins(90));
        slow.advance(Duration::from_mins(90));
        let ticked = tokio::join!(schedule::tick(world.bot(), KEEP), schedule::tick(&other, KEEP));
        assert!(ticked.0.is_ok() && ticked.1.is_ok());
        world.settle().await;
        assert_eq!(world.hears("#web").matches("web/api#1").count(), 1);
        // One whose clock is set back meets the same time again, which was told.
        let back = another_by(&world, Clock::still(world.clock.millis() - 3_600_000)).await;
        schedule::tick(&back, KEEP).await.unwrap();
        back.clock.advance(Duration::from_mins(61));
        schedule::tick(&back, KEEP).await.unwrap();
        world.advance(Duration::from_mins(1)).await;
        assert_eq!(world.hears("#web"), "");
        for replica in [other, back] {
            replica.store.close().await;
        }
        world.finish().await;
    })
    .await;
}
