//! What a pull request changes, and approving with the difference before one's eyes.

use dipper::sandbox::bitbucket::{Content, Edition};

use super::{asks, presses, review, text};
use crate::world::{World, on_both};

fn numbered(prefix: &str, count: usize) -> Content {
    text((1..=count).map(|line| format!("{prefix} {line}")))
}

/// A pull request that adds, changes, renames and deletes.
fn motley(world: &World) {
    let repo = world.repository("web/api");
    let _ = repo
        .branch("main")
        .with_file("src/a.rs", text(["one", "two", "three"].map(str::to_owned)), "ada")
        .with_file("src/old name.rs", numbered("old", 30), "ada")
        .with_file("src/gone.rs", text(["bye".to_owned()]), "ada");
    let _ = repo
        .branch("motley")
        .with_file("src/a.rs", text(["one", "zwei <!channel> `x`", "three"].map(str::to_owned)), "grace")
        .with_renamed("src/old name.rs", "src/new.rs", "grace")
        .without_file("src/gone.rs", "grace")
        .with_file("logo.png", Content::Binary(vec![0, 159, 146]), "grace")
        .with_file("src/long.rs", numbered("line", 120), "grace");
    review(world, "Motley", "motley");
}

/// What is small is shown, what is long is cut, and every file is named.
fn is_shown_file_by_file(diff: &str) {
    snapshot!(diff, @"
    web/api#1 Motley: 5 files, +121 −2
    `logo.png` new binary
    `src/a.rs` +1 −1
    ```@@ -1,3 +1,3 @@
     one
    -two
    +zwei <!channel> `x`
     three```
    `src/gone.rs` deleted +0 −1
    ```@@ -1,1 +0,0 @@
    -bye```
    `src/long.rs` new +120 −0
    ```@@ -0,0 +1,120 @@
    +line 1
    +line 2
    +line 3
    +line 4
    +line 5
    +line 6
    +line 7
    +line 8
    +line 9
    +line 10
    +line 11
    +line 12
    +line 13
    +line 14
    +line 15
    +line 16
    +line 17
    +line 18
    +line 19
    +line 20
    +line 21
    +line 22
    +line 23
    +line 24
    +line 25
    +line 26
    +line 27
    +line 28
    +line 29
    +line 30
    +line 31
    +line 32
    +line 33
    +line 34
    +line 35
    +line 36
    +line 37
    +line 38
    +line 39```
    … 81 more lines in the browser
    `src/new.rs` renamed from `src/old name.rs`
    [Approve] [Needs work]
    ");
}

#[tokio::test]
async fn a_difference_is_shown_file_by_file_and_approved() {
    on_both(async |world| {
        motley(&world);
        let ada = world.person("ada").connected().await;
        let diff = asks(&ada, "/bb pr diff web/api#1").await;
        is_shown_file_by_file(&world.read(std::slice::from_ref(&diff)));
        snapshot!(ada.clicks(&diff, "Approve").await, @"
        You approved web/api#1 Motley.
        [Undo]
        ");
        assert_eq!(world.bitbucket.pull_request(&world.repository("web/api"), 1).unwrap().approvals, ["ada"]);
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn many_files_stand_on_several_pages() {
    on_both(async |mut world| {
        let repo = world.repository("web/api");
        let mut branch = repo.branch("many");
        for file in 10..24 {
            branch = branch.with_file(&format!("f{file}.txt"), numbered("x", 1), "grace");
        }
        review(&world, "Many", "many");
        let first = {
            let ada = world.person("ada").connected().await;
            let show = asks(&ada, "/bb pr show web/api#1").await;
            presses(&ada, &show, "Diff").await
        };
        assert!(world.read(std::slice::from_ref(&first)).starts_with("web/api#1 Many: 14 files, +14 −0"));
        world.restart().await;
        let ada = world.person("ada");
        let second = presses(&ada, &first, "Next").await;
        snapshot!(world.read(&[second]), @"
        (edited) web/api#1 Many: 14 files, +14 −0
        `f20.txt` new +1 −0
        ```@@ -0,0 +1,1 @@
        +x 1```
        `f21.txt` new +1 −0
        ```@@ -0,0 +1,1 @@
        +x 1```
        `f22.txt` new +1 −0
        ```@@ -0,0 +1,1 @@
        +x 1```
        `f23.txt` new +1 −0
        ```@@ -0,0 +1,1 @@
        +x 1```
        [Approve] [Needs work] [Previous]
        ");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn a_difference_that_is_too_long_is_read_in_the_browser() {
    on_both(async |world| {
        let repo = world.repository("web/api");
        let _ = repo.branch("huge").with_file("huge.txt", numbered(&"x".repeat(400), 3_000), "grace");
        review(&world, "Huge", "huge");
        let ada = world.person("ada").connected().await;
        let told =
            ada.types("/bb pr diff web/api#1").await.replace(", +3000 −0", "").replace(" +3000 −0", "");
        snapshot!(told, @"
        web/api#1 Huge: 1 file
        It is too long to be shown here: read it in the browser
        `huge.txt` new
        [Approve] [Needs work]
        ");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn a_difference_that_is_not_given_out_is_named_as_that() {
    on_both(async |world| {
        motley(&world);
        let ada = world.person("ada").connected().await;
        let asked = if world.edition == Edition::Cloud { "/diff" } else { ".diff" };
        world.bitbucket.faults(world.edition).next(asked, &world.refusing(), 1);
        let told = ada.types("/bb pr diff web/api#1").await;
        // Data Center counts no lines where it gives out no difference.
        snapshot!(told.lines().nth(1).unwrap_or_default(), @"Bitbucket does not give out the difference: Not while the moon is full. read it in the browser");
        assert!(told.contains("`src/new.rs` renamed from `src/old name.rs`"), "{told}");
        world.bitbucket.faults(world.edition).call_off();
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn a_difference_without_rights() {
    on_both(async |world| {
        review(&world, "Limit the rate", "limit-rate");
        let ada = world.person("ada").connected().await;
        snapshot!(ada.types("/bb pr diff web/api#1").await, @"
        web/api#1 Limit the rate: 1 file, +15 −0
        `src/limit_the_rate.rs` new +15 −0
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
        world.finish().await;
    })
    .await;
}
