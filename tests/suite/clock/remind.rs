//! Reminders come when they were wanted, and what sleeps keeps still until then.

use std::time::Duration;

use dipper::sandbox::bitbucket::Permission;

use super::{open, until};
use crate::world::{World, on_both};

#[tokio::test]
async fn a_reminder_comes_in_private_when_it_was_wanted() {
    on_both(async |mut world| {
        let repo = world.repository("web/api");
        let number = open(&world, &repo, "grace", "Answer faster", &["ada"]);
        {
            let ada = world.person("ada").connected().await;
            let _asked = ada.is_told();
            snapshot!(ada.types(&format!("/bb remind web/api#{number} in 2h --note \"Look at the cache\"")).await, @"
            I'll remind you of web/api#1 on 2026-11-21 10:00 UTC.
            [Cancel]
            ");
            snapshot!(ada.types("/bb remind web/api#1 monday 9:00").await, @"
            I'll remind you of web/api#1 on 2026-11-23 08:00 UTC.
            [Cancel]
            ");
            snapshot!(ada.types("/bb remind").await, @"
            You will be reminded of:
            web/api#1 on 2026-11-21 10:00 UTC: Look at the cache [Cancel]
            web/api#1 on 2026-11-23 08:00 UTC [Cancel]
            ");
        }
        world.restart().await;
        world.advance(Duration::from_mins(119)).await;
        assert_eq!(world.person("ada").is_told(), "");
        world.advance(Duration::from_mins(1)).await;
        snapshot!(world.person("ada").is_told(), @"
        You wanted to be reminded: Look at the cache
        web/api#1 Answer faster by grace · `answer-faster` → `main` · 0 of 1 approved
        [Approve] [Show] [Snooze]
        ");
        world.restart().await;
        world.advance(Duration::from_hours(1)).await;
        assert_eq!(world.person("ada").is_told(), "");
        // Merged by then: it is said all the same.
        world.bitbucket.merge(&repo, number, "grace").unwrap();
        until(&world, "2026-11-23T08:00:00Z").await;
        let told = world.person("ada").is_told();
        assert!(told.starts_with("You wanted to be reminded of this one.") && told.contains("merged"), "{told}");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn a_reminder_is_asked_for_by_a_form_and_taken_back() {
    on_both(async |world| {
        open(&world, &world.repository("web/api"), "grace", "Answer faster", &[]);
        let ada = world.person("ada").connected().await;
        let ack = ada.slack.types("#web", "/bb remind web/api#1").await;
        assert_eq!(ack.status, 200);
        world.settle().await;
        snapshot!(ada.sees_form(), @"
        Remind me
        web/api#1
        When: ____
        (Like 2h, tomorrow 9:00, monday, 16:30 or 2026-12-01 14:00)
        What to tell you then (optional): ____
        [Remind me]
        ");
        let _when = ada.slack.fills("When", "some day").await;
        let ack = ada.slack.submits().await;
        assert!(ack.body.contains("is no moment I know"), "{}", ack.body);
        let _when = ada.slack.fills("When", "tomorrow").await;
        assert_eq!(ada.slack.submits().await.status, 200);
        world.settle().await;
        snapshot!(ada.sees_form(), @"
        Remind me
        I'll remind you of web/api#1 on 2026-11-22 08:00 UTC.
        [Cancel]
        ");
        let ack = ada.slack.types("#web", "/bb remind").await;
        assert_eq!(ack.status, 200);
        world.settle().await;
        let list = ada.told().remove(0);
        snapshot!(ada.clicks(&list, "Cancel").await, @"(edited) I will not remind you of web/api#1.");
        snapshot!(ada.types("/bb remind").await, @"Nothing is set; `/bb remind web/api#42 tomorrow 9:00` reminds you of a pull request.");
        for wrong in ["remind web/api#1 soonish", "remind web/api#1 2026-11-01", "snooze web/api#1 400d"] {
            let told = ada.types(&format!("/bb {wrong}")).await;
            assert!(told.starts_with('`'), "{wrong}: {told}");
        }
        world.advance(Duration::from_hours(48)).await;
        assert_eq!(ada.is_told(), "");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn what_sleeps_keeps_still_and_tells_how_it_stands_when_it_wakes() {
    on_both(async |world| {
        let repo = world.repository("web/api");
        let ada = world.person("ada").connected().await;
        let number = open(&world, &repo, "ada", "Answer faster", &["grace"]);
        world.settle().await;
        snapshot!(ada.types(&format!("/bb snooze web/api#{number} 3h")).await, @"
        web/api#1 sleeps until 2026-11-21 11:00 UTC: you hear nothing of it in private, and then how it stands.
        [Wake it]
        ");
        world.bitbucket.approve(&repo, number, "grace").unwrap();
        repo.pull_request(number).comment("edsger", "Nice").unwrap();
        world.advance(Duration::from_mins(170)).await;
        assert_eq!(ada.is_told(), "");
        world.advance(Duration::from_mins(10)).await;
        snapshot!(ada.is_told(), @"
        This one slept until now.
        web/api#1 Answer faster by ada · `answer-faster` → `main` · 1 of 1 approved
        [Merge] [Show] [Snooze]
        ");
        // Awake again, it speaks as before.
        repo.pull_request(number).comment("edsger", "Nice, too").unwrap();
        world.settle().await;
        assert!(ada.is_told().contains("Nice, too"));
        // And what is over by then is not spoken of.
        ada.types(&format!("/bb snooze web/api#{number} tomorrow")).await;
        world.bitbucket.merge(&repo, number, "ada").unwrap();
        world.advance(Duration::from_hours(30)).await;
        assert_eq!(ada.is_told(), "");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn nobody_is_woken_in_quiet_hours() {
    on_both(async |world| {
        let ada = world.person("ada").connected().await;
        let number = open(&world, &world.repository("web/api"), "ada", "Answer faster", &[]);
        world.settle().await;
        ada.types("/bb notify --quiet 10:00-13:00").await;
        ada.types(&format!("/bb snooze web/api#{number} 2h")).await;
        world.advance(Duration::from_mins(130)).await;
        assert_eq!(ada.is_told(), "");
        until(&world, "2026-11-21T12:00:00Z").await;
        assert!(ada.is_told().starts_with("This one slept until now."));
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn what_sleeps_in_a_channel_is_left_out_of_its_digests() {
    on_both(async |world| {
        let ada = world.person("ada").connected().await;
        let repo = world.repository("web/api");
        open(&world, &repo, "grace", "Answer faster", &[]);
        open(&world, &repo, "grace", "Say less", &[]);
        ada.types("/bb digest add web/api daily 9:30").await;
        ada.types("/bb digest now").await;
        let digest = world.messages("#web").remove(0);
        ada.presses(&digest, "Snooze one").await;
        world.settle().await;
        snapshot!(ada.sees_form(), @"
        Snooze
        Pull request: ____
        How long: Until tomorrow morning
        In this channel's digests, for everybody (optional): [ ] Yes
        [Snooze]
        ");
        let _which = ada.slack.fills("Pull request", &format!("{}#2", world.called("web/api"))).await;
        let _all = ada.slack.fills("In this channel's digests, for everybody", "Yes").await;
        assert_eq!(ada.slack.submits().await.status, 200);
        world.settle().await;
        snapshot!(ada.sees_form(), @"
        Snooze
        web/api#2 is left out of this channel's digests until 2026-11-22 08:00 UTC.
        [Wake it]
        ");
        until(&world, "2026-11-21T08:30:00Z").await;
        snapshot!(world.hears("#web"), @"
        web/api has 1 open pull request that waits.
        Waiting for review
        web/api#1 Answer faster by grace · less than an hour old · nobody is asked to review it [Reviewers]
        1 sleeps.
        [Snooze one]
        ");
        until(&world, "2026-11-22T08:30:00Z").await;
        assert!(world.hears("#web").contains("Say less"));
        ada.types("/bb snooze web/api#1 3d --channel").await;
        snapshot!(ada.types("/bb snooze web/api#1 --channel --wake").await, @"web/api#1 is awake again.");
        world.advance(Duration::from_hours(73)).await;
        let _digests = world.hears("#web");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn a_reminder_of_what_one_cannot_read_any_more_tells_nothing_of_it() {
    on_both(async |world| {
        let vault = world.bitbucket.add_repository(world.edition, "web/vault");
        let vault = vault.allow("ada", Permission::Write);
        let vault = vault.allow("grace", Permission::Write);
        let number = open(&world, &vault, "grace", "Hide the gold", &[]);
        let ada = world.person("ada").connected().await;
        ada.types(&format!("/bb remind web/vault#{number} 2d")).await;
        let _vault = vault.forbid("ada");
        world.advance(Duration::from_hours(48)).await;
        snapshot!(ada.is_told(), @"I was to remind you of web/vault#1, which your account cannot read any more.");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn the_card_puts_to_sleep() {
    on_both(async |world: World| {
        let ada = world.person("ada").connected().await;
        ada.types("/bb subscribe web/api opened").await;
        open(&world, &world.repository("web/api"), "grace", "Answer faster", &[]);
        world.settle().await;
        let card = world.messages("#web").remove(0);
        assert_eq!(ada.slack.chooses(&card, "More…", "Snooze").await.status, 200);
        world.settle().await;
        assert!(ada.sees_form().starts_with("Snooze\nweb/api#1"), "{}", ada.sees_form());
        assert_eq!(ada.slack.submits().await.status, 200);
        world.settle().await;
        assert!(ada.sees_form().contains("web/api#1 sleeps until"), "{}", ada.sees_form());
        world.advance(Duration::from_hours(30)).await;
        assert!(ada.is_told().starts_with("This one slept until now."));
        world.finish().await;
    })
    .await;
}
