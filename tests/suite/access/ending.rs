//! Rights that end by themselves, whatever has become of whoever gave them, and of Bitbucket.

use dipper::sandbox::bitbucket::Permission;
use dipper::worker::Worker;

use super::{HOUR, hours, vault};
use crate::connecting::tokens::by_own_token;
use crate::replicas::another;
use crate::world::{World, on_both};

#[tokio::test]
async fn where_its_giver_is_gone_another_takes_it_away() {
    on_both(async |world| {
        let repo = vault(&world).allow("grace", Permission::Admin);
        let ada = by_own_token(&world, "ada").await;
        let _grace = by_own_token(&world, "grace").await;
        let _given = ada.types("/bb access grant web/api edsger write --for 2h").await;
        let _gone = ada.types("/bb disconnect").await;
        hours(&world, 2).await;
        assert_eq!(repo.given("edsger"), None);
        snapshot!(ada.is_told(), @"edsger may no longer write to web/api.");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn where_nobody_can_take_it_away_its_giver_hears_of_it_daily() {
    on_both(async |world| {
        let repo = vault(&world);
        let ada = by_own_token(&world, "ada").await;
        let _given = ada.types("/bb access grant web/api edsger write --for 2h").await;
        let repo = repo.allow("ada", Permission::Write);
        hours(&world, 3).await;
        let told = ada.told();
        let read = world.read(&told);
        let why = read.lines().filter(|line| line.starts_with("Bitbucket does not allow it: "));
        assert_eq!(why.count(), 1, "{read}");
        let rest: Vec<&str> =
            read.lines().filter(|line| !line.starts_with("Bitbucket does not allow it: ")).collect();
        snapshot!(rest.join("\n"), @"
        edsger may still write to web/api, although the time is over: I could not take it away.
        I go on trying, and say so once a day until it is done.
        [Take it away]
        ");
        hours(&world, 20).await;
        assert_eq!(ada.is_told(), "");
        hours(&world, 5).await;
        assert!(ada.is_told().contains("although the time is over"));
        let _back = repo.clone().allow("ada", Permission::Admin);
        snapshot!(ada.clicks(&told[0], "Take it away").await, @"
        edsger no longer has `write` on web/api.
        What a group or the project gives them stays.
        [Give it again]
        ");
        assert_eq!(repo.given("edsger"), None);
        hours(&world, 25).await;
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn two_days_without_bitbucket_do_not_make_it_last() {
    on_both(async |world| {
        let repo = vault(&world);
        let ada = by_own_token(&world, "ada").await;
        let _given = ada.types("/bb access grant web/api edsger write --for 2h").await;
        world.bitbucket.faults(world.edition).next("/", &World::failing(), 10_000);
        for _ in 0..5 {
            world.advance(12 * HOUR).await;
        }
        assert_eq!(repo.given("edsger"), Some(Permission::Write));
        assert_eq!(ada.is_told().matches("although the time is over").count(), 3);
        world.bitbucket.faults(world.edition).call_off();
        hours(&world, 1).await;
        assert_eq!(repo.given("edsger"), None);
        snapshot!(ada.is_told(), @"edsger may no longer write to web/api.");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn two_replicas_end_a_right_once() {
    on_both(async |world| {
        let repo = vault(&world);
        let ada = by_own_token(&world, "ada").await;
        let _given = ada.types("/bb access grant web/api edsger write --for 2h").await;
        let other = another(&world).await;
        let worker = Worker::new(other.clone());
        world.move_clocks(2 * HOUR);
        let ran = tokio::join!(world.step(), worker.step());
        assert!(ran.0 || ran.1.unwrap());
        world.settle().await;
        assert_eq!(repo.given("edsger"), None);
        snapshot!(ada.is_told(), @"edsger may no longer write to web/api.");
        other.store.close().await;
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn what_others_changed_meanwhile_is_left_as_it_is() {
    on_both(async |world| {
        let repo = vault(&world);
        let ada = by_own_token(&world, "ada").await;
        let _given = ada.types("/bb access grant web/api edsger write --for 2h").await;
        let repo = repo.allow("edsger", Permission::Admin);
        hours(&world, 2).await;
        assert_eq!(repo.given("edsger"), Some(Permission::Admin));
        snapshot!(ada.is_told(), @"The time is over that you gave edsger in web/api; others have changed their right since, so I left it.");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn a_token_that_counts_no_more_does_not_make_it_last() {
    on_both(async |world| {
        let repo = vault(&world).allow("grace", Permission::Admin);
        let ada = by_own_token(&world, "ada").await;
        let _grace = by_own_token(&world, "grace").await;
        let _given = ada.types("/bb access grant web/api edsger write --for 2h").await;
        world.bitbucket.revoke("ada");
        hours(&world, 2).await;
        assert_eq!(repo.given("edsger"), None);
        snapshot!(ada.is_told(), @"edsger may no longer write to web/api.");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn an_approver_who_has_left_does_not_make_it_last() {
    on_both(async |world| {
        let repo = vault(&world).allow("grace", Permission::Admin);
        let ada = by_own_token(&world, "ada").await;
        let edsger = world.person("edsger").connected().await;
        let _asked = edsger.types("/bb access request web/api write --for 2h --reason on-call").await;
        let asked = ada.told();
        let _given = ada.clicks(&asked[0], "Approve").await;
        assert_eq!(repo.given("edsger"), Some(Permission::Write));
        let _told = edsger.is_told();
        let _grace = by_own_token(&world, "grace").await;
        ada.slack.leaves();
        world.bitbucket.revoke("ada");
        hours(&world, 2).await;
        assert_eq!(repo.given("edsger"), None);
        snapshot!(edsger.is_told(), @"
        Your time to write to web/api is over.
        It was for: on-call
        ");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn where_nobody_can_take_it_away_the_channel_that_decides_hears_of_it_daily() {
    on_both(async |world| {
        let repo = vault(&world).allow("grace", Permission::Admin);
        let ada = by_own_token(&world, "ada").await;
        let _admin = ada.slack.clone().admin();
        let _here = ada.types("/bb settings --approvers here").await;
        let grace = by_own_token(&world, "grace").await;
        let edsger = world.person("edsger").connected().await;
        let _asked = edsger.types("/bb access request web/api write --for 2h --reason on-call").await;
        let asked = world.messages("#web");
        let _given = grace.clicks(&asked[0], "Approve").await;
        let _told = (edsger.is_told(), world.hears("#web"));
        let repo = repo.forbid("grace").forbid("ada");
        hours(&world, 3).await;
        let stuck = world.messages("#web");
        let read = world.read(&stuck);
        // Each edition says in its own words why not.
        let mut lines: Vec<&str> = read.lines().collect();
        let _why = lines.remove(1);
        snapshot!(lines.join("\n"), @"
        edsger may still write to web/api, although the time is over: I could not take it away.
        It was for: on-call
        I go on trying, and say so once a day until it is done.
        [Take it away]
        ");
        hours(&world, 24).await;
        assert!(world.hears("#web").contains("although the time is over"));
        assert_eq!(grace.is_told().matches("although the time is over").count(), 2);
        let repo = repo.allow("ada", Permission::Admin);
        snapshot!(ada.clicks(&stuck[0], "Take it away").await, @"
        edsger no longer has `write` on web/api.
        What a group or the project gives them stays.
        [Give it again]
        ");
        assert_eq!(repo.given("edsger"), None);
        hours(&world, 1).await;
        world.finish().await;
    })
    .await;
}
