//! Pull requests out of the ordinary: from a fork that is gone, in an archived repository, from branches with
//! signs of all sorts.

use dipper::sandbox::bitbucket::Edition;

use super::acts::open;
use crate::world::{World, on_both};

#[tokio::test]
async fn one_from_a_fork_that_is_gone_says_so() {
    on_both(async |world| {
        let ada = world.person("ada").connected().await;
        ada.types("/bb subscribe web/api").await;
        let repo = world.repository("web/api");
        open(&world, &repo);
        world.settle().await;
        let _card = world.hears("#web");
        repo.loses_the_fork_of(1).unwrap();
        snapshot!(ada.types("/bb pr show web/api#1").await, @"
        grace opened web/api#1 Limit the rate
        `limit-rate` of a fork that is gone → `main` · no reviewers
        1 file, +15 −0 opened 2026-11-21 08:00 UTC
        [Approve] [Needs work] [Comment] [Merge] [Diff] [More… ▾]
        ");
        snapshot!(world.hears("#web"), @"
        (edited) grace opened web/api#1 Limit the rate
        `limit-rate` of a fork that is gone → `main` · no reviewers
        1 file, +15 −0
        [Approve] [Needs work] [Comment] [Merge] [More… ▾]
        ");
        snapshot!(ada.types("/bb pr approve web/api#1").await, @"
        You approved web/api#1 Limit the rate.
        [Undo]
        ");
        snapshot!(ada.types("/bb pr merge web/api#1 --close-source").await, @"Merged web/api#1 Limit the rate into `main`.");
        let _cards = world.hears("#web");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn the_branch_of_a_fork_that_is_gone_is_not_taken_for_one_of_the_same_name() {
    let world = World::on(Edition::DataCenter).await;
    let ada = world.person("ada").connected().await;
    let repo = world.repository("web/api");
    open(&world, &repo);
    repo.loses_the_fork_of(1).unwrap();
    ada.types("/bb pr merge web/api#1 --close-source").await;
    world.bitbucket.delete_branch(&repo, "limit-rate", "grace").expect("it is still there");
    world.finish().await;
}

#[tokio::test]
async fn an_archived_repository_is_read_and_not_changed() {
    let world = World::on(Edition::DataCenter).await;
    let ada = world.person("ada").connected().await;
    let repo = world.repository("web/api");
    open(&world, &repo);
    let _archived = repo.archived();
    snapshot!(ada.types("/bb pr list web/api").await, @"
    Open pull requests in web/api
    web/api#1 Limit the rate by grace · `limit-rate` → `main` · no reviewers [Show]
    ");
    let mut said = Vec::new();
    for command in [
        "pr approve web/api#1",
        "pr merge web/api#1",
        "pr decline web/api#1 --reason Over",
        "pr comment web/api#1 Well",
        "pr update web/api#1 --title Other",
        "pr tasks web/api#1 --add Test",
        "branch create web/api more",
    ] {
        said.push(format!("{command}: {}", ada.types(&format!("/bb {command}")).await));
    }
    snapshot!(said.join("\n"), @"
    pr approve web/api#1: Repository web/api is archived and cannot be changed.
    pr merge web/api#1: Repository web/api is archived and cannot be changed.
    pr decline web/api#1 --reason Over: Repository web/api is archived and cannot be changed.
    pr comment web/api#1 Well: Repository web/api is archived and cannot be changed.
    pr update web/api#1 --title Other: Repository web/api is archived and cannot be changed.
    pr tasks web/api#1 --add Test: Repository web/api is archived and cannot be changed.
    branch create web/api more: Repository web/api is archived and cannot be changed.
    ");
    world.finish().await;
}

#[tokio::test]
async fn a_branch_with_signs_of_all_sorts_is_one_name() {
    on_both(async |world| {
        let ada = world.person("ada").connected().await;
        ada.types("/bb subscribe web/api").await;
        let repo = world.repository("web/api");
        let name = "feature/50%25-off+a&b#7=ü";
        let _branch = repo.branch(name).with_commit("Half the price", "grace");
        world.bitbucket.open_pull_request(&repo, "grace", "Half the price", (name, "main")).unwrap();
        world.settle().await;
        snapshot!(world.hears("#web"), @"
        grace opened web/api#1 Half the price
        `feature/50%25-off+a&b#7=ü` → `main` · no reviewers
        1 file, +15 −0
        [Approve] [Needs work] [Comment] [Merge] [More… ▾]
        ");
        let branch = format!("--branch \"{name}\"");
        snapshot!(ada.types(&format!("/bb commits web/api {branch}")).await, @"
        Latest commits in web/api on `feature/50%25-off+a&b#7=ü`
        0123abc Half the price · grace · 2026-11-21 08:00 UTC
        0123abc Start the repository · root · 2026-11-21 08:00 UTC
        ");
        snapshot!(ada.types("/bb pr diff web/api#1").await, @"
        web/api#1 Half the price: 1 file, +15 −0
        `src/half_the_price.rs` new +15 −0
        ```@@ -0,0 +1,15 @@
        +step(1);
        +step(2);
        +step(3);
        +step(4);
        +step(5);
        +step(6);
        +step(7);
        +step(8);
        +step(9);
        +step(10);
        +step(11);
        +step(12);
        +step(13);
        +step(14);
        +step(15);```
        [Approve] [Needs work]
        ");
        snapshot!(ada.types(&format!("/bb compare web/api \"main..{name}\"")).await, @"
        `feature/50%25-off+a&b#7=ü` beside `main` in web/api
        0123abc Half the price · grace · 2026-11-21 08:00 UTC
        1 file, +15 −0
        `src/half_the_price.rs` new +15 −0
        ");
        snapshot!(ada.types("/bb pr merge web/api#1 --close-source").await, @"Merged web/api#1 Half the price into `main`.");
        assert!(world.bitbucket.delete_branch(&repo, name, "grace").is_err(), "it stays");
        let _cards = world.hears("#web");
        world.finish().await;
    })
    .await;
}
