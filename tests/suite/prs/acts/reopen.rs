//! Opening what was declined again: Data Center can, Cloud says that it cannot.

use dipper::sandbox::bitbucket::{Edition, Permission};

use super::{Act, Door, Stage};
use crate::world::World;

const REOPEN: Act = Act { typed: "pr reopen", options: "", button: "", fills: &[] };

async fn reopens_by(door: Door) {
    let world = World::on(Edition::DataCenter).await;
    {
        let stage = Stage::set(&world).await;
        let ada = &stage.ada;
        snapshot!(said(&stage.does(ada, door, &REOPEN).await), @"web/api#1 Limit the rate is open already.");
        stage.repo.pull_request(1).decline("grace").unwrap();
        snapshot!(said(&stage.does_while_down(door, &REOPEN).await), @"
        Bitbucket is in trouble or cannot be reached: it answered 503 when asked to show the pull request.
        I tried a few times; it may not have been done. Look before you ask again.
        ");
        let _read_only = stage.repo.clone().allow("ada", Permission::Read);
        snapshot!(said(&stage.does(ada, door, &REOPEN).await), @"Bitbucket does not allow it: You are not permitted to access this resource");
        let _writes = stage.repo.clone().allow("ada", Permission::Write);
        snapshot!(said(&stage.does(ada, door, &REOPEN).await), @"You opened web/api#1 Limit the rate again.");
        assert!(world.bitbucket.pull_request(&stage.repo, 1).unwrap().is_open());
        stage.repo.pull_request(1).decline("grace").unwrap();
        let edsger = world.person("edsger");
        snapshot!(said(&stage.does(&edsger, door, &REOPEN).await), @"
        First connect your account on bitbucket, so that I can do this as you.
        I'll carry on with what you asked as soon as you have.
        [Connect bitbucket]
        ");
        let edsger = edsger.connecting().await;
        assert!(edsger.is_told().ends_with("You opened web/api#1 Limit the rate again."));
        snapshot!(said(&stage.does_to_hidden(door, &REOPEN).await), @"Bitbucket has nothing of that name that you may see.");
        snapshot!(said(&stage.does_to_nothing(door, &REOPEN).await), @"Bitbucket has nothing of that name that you may see.");
        stage.repo.pull_request(1).merge("grace").unwrap();
        snapshot!(said(&stage.does(ada, door, &REOPEN).await), @"Already merged by grace.");
        world.settle().await;
        let _cards = world.hears("#web");
    }
    world.finish().await;
}

/// What is said, without the form it stands in.
fn said(read: &str) -> String {
    let said = read.trim_start_matches("Reopen a pull request\n").split("\n———").next();
    said.unwrap_or_default().to_owned()
}

#[tokio::test]
async fn reopening_by_typing() {
    reopens_by(Door::Typed).await;
}

#[tokio::test]
async fn reopening_on_a_form() {
    reopens_by(Door::Form).await;
}

#[tokio::test]
async fn where_it_cannot_be_done_it_says_what_to_do_instead() {
    let world = World::on(Edition::Cloud).await;
    {
        let stage = Stage::set(&world).await;
        let edsger = world.person("edsger");
        snapshot!(stage.does(&edsger, Door::Typed, &REOPEN).await, @"
        First connect your account on bitbucket, so that I can do this as you.
        I'll carry on with what you asked as soon as you have.
        [Connect bitbucket]
        ");
        stage.repo.pull_request(1).decline("grace").unwrap();
        snapshot!(stage.does(&stage.ada, Door::Typed, &REOPEN).await, @"Bitbucket Cloud cannot open a declined pull request again; open a new one from the same branch.");
        snapshot!(stage.does(&stage.ada, Door::Form, &REOPEN).await, @"
        Reopen a pull request
        Bitbucket Cloud cannot open a declined pull request again; open a new one from the same branch.
        ———
        Pull request: web/api#1
        (Like web/api#42, or its address)
        [Reopen]
        ");
        snapshot!(stage.does_to_hidden(Door::Typed, &REOPEN).await, @"Bitbucket has nothing of that name that you may see.");
        snapshot!(stage.does_while_down(Door::Typed, &REOPEN).await, @"
        Bitbucket is in trouble or cannot be reached: it answered 503 when asked to show the pull request.
        I tried a few times; it may not have been done. Look before you ask again.
        ");
        let _cards = world.hears("#web");
    }
    world.finish().await;
}

#[tokio::test]
async fn the_card_stands_open_again() {
    let world = World::on(Edition::DataCenter).await;
    {
        let stage = Stage::set(&world).await;
        stage.repo.pull_request(1).decline("grace").unwrap();
        world.settle().await;
        let _declined = world.hears("#web");
        let _ = stage.does(&stage.ada, Door::Typed, &REOPEN).await;
        snapshot!(world.hears("#web"), @"
        (edited) grace opened web/api#1 Limit the rate
        `limit-rate` → `main` · no reviewers
        1 file, +15 −0
        [Approve] [Needs work] [Comment] [Merge] [More… ▾]
        ");
    }
    world.finish().await;
}
