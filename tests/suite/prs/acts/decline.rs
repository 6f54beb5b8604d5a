//! Declining, with a reason or without.

use dipper::sandbox::bitbucket::{Edition, Permission};

use super::{Act, Door, Stage};
use crate::world::on_both;

const WHY: &str = "Done elsewhere";
const DECLINE: Act = Act {
    typed: "pr decline",
    options: "--reason \"Done elsewhere\"",
    button: "Decline",
    fills: &[("Why?", WHY)],
};

/// What is said, without the form it stands in; only where it can be opened again is there a button that does.
fn alike(read: &str) -> String {
    let said = read.trim_start_matches("Decline a pull request\n").split("\n———").next().unwrap_or_default();
    said.lines().filter(|line| *line != "[Reopen]").collect::<Vec<_>>().join("\n")
}

async fn declines_by(door: Door) {
    on_both(async |world| {
        let stage = Stage::set(&world).await;
        let _read_only = stage.repo.clone().allow("ada", Permission::Read);
        let refused = stage.does(&stage.ada, door, &DECLINE).await;
        assert!(door == Door::Typed || refused.contains("Why? (optional): Done elsewhere"), "{refused}");
        if world.edition == Edition::Cloud {
            snapshot!(alike(&refused), @"Bitbucket does not allow it: You do not have the permission to do this in this repository.");
        } else {
            snapshot!(alike(&refused), @"Bitbucket does not allow it: You are not permitted to access this resource");
        }
        let _writes = stage.repo.clone().allow("ada", Permission::Write);
        snapshot!(alike(&stage.does_to_hidden(door, &DECLINE).await), @"Bitbucket has nothing of that name that you may see.");
        snapshot!(alike(&stage.does_while_down(door, &DECLINE).await), @"
        Bitbucket is in trouble or cannot be reached: it answered 503 when asked to show the pull request.
        I tried a few times; it may not have been done. Look before you ask again.
        ");
        snapshot!(alike(&stage.does(&stage.ada, door, &DECLINE).await), @"You declined web/api#1 Limit the rate.");
        let pr = world.bitbucket.pull_request(&stage.repo, 1).unwrap();
        assert_eq!(pr.closed_by.as_deref(), Some("ada"));
        let said: Vec<&str> = pr.comments.iter().map(|comment| comment.text.as_str()).collect();
        assert!(said.ends_with(&[WHY]), "{said:?}");
        snapshot!(alike(&stage.does(&stage.ada, door, &DECLINE).await), @"Already declined by you.");
        assert_eq!(world.bitbucket.pull_request(&stage.repo, 1).unwrap().comments.len(), said.len());
        let _cards = world.hears("#web");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn declining_by_typing() {
    declines_by(Door::Typed).await;
}

#[tokio::test]
async fn declining_on_a_form() {
    declines_by(Door::Form).await;
}

#[tokio::test]
async fn declining_from_the_menu() {
    declines_by(Door::Button).await;
}

#[tokio::test]
async fn declining_waits_for_who_has_not_connected() {
    for door in [Door::Typed, Door::Form, Door::Button] {
        on_both(async |world| {
            let stage = Stage::set(&world).await;
            let edsger = world.person("edsger");
            let told = alike(&stage.does(&edsger, door, &DECLINE).await);
            snapshot!(told, @"
            First connect your account on bitbucket, so that I can do this as you.
            I'll carry on with what you asked as soon as you have.
            [Connect bitbucket]
            ");
            let edsger = edsger.connecting().await;
            assert!(alike(&edsger.is_told()).ends_with("You declined web/api#1 Limit the rate."));
            let _cards = world.hears("#web");
            world.finish().await;
        })
        .await;
    }
}

#[tokio::test]
async fn what_was_declined_is_opened_again_where_bitbucket_can() {
    on_both(async |world| {
        let stage = Stage::set(&world).await;
        let ack = stage.ada.slack.types("#web", "/bb pr decline web/api#1 --reason No").await;
        assert_eq!(ack.status, 200);
        world.settle().await;
        let answer = stage.ada.slack.told();
        if world.edition == Edition::Cloud {
            snapshot!(world.read(&answer), @"You declined web/api#1 Limit the rate.");
        } else {
            snapshot!(world.read(&answer), @"
            You declined web/api#1 Limit the rate.
            [Reopen]
            ");
            snapshot!(stage.ada.clicks(&answer[0], "Reopen").await, @"(edited) You opened web/api#1 Limit the rate again.");
            assert!(world.bitbucket.pull_request(&stage.repo, 1).unwrap().is_open());
        }
        let _cards = world.hears("#web");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn the_form_says_what_it_is_about_and_nothing_happens_before_it_is_sent() {
    on_both(async |world| {
        let stage = Stage::set(&world).await;
        assert_eq!(stage.ada.types("/bb pr decline web/api#1").await, "");
        snapshot!(stage.ada.sees_form(), @"
        Decline a pull request
        web/api#1
        Why? (optional): ____
        (Said as your comment on Bitbucket)
        [Decline]
        ");
        stage.ada.slack.closes().await;
        world.settle().await;
        assert!(world.bitbucket.pull_request(&stage.repo, 1).unwrap().is_open());
        world.finish().await;
    })
    .await;
}
