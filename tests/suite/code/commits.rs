//! What was committed: lists, one commit, and two ends compared.

use std::time::Duration;

use dipper::sandbox::bitbucket::BuildState;

use super::{Door, asks, committed, in_trouble, presses, review, text};
use crate::world::on_both;

#[tokio::test]
async fn pages_are_turned_after_a_restart_and_a_push_does_not_shift_them() {
    on_both(async |mut world| {
        let repo = world.repository("web/api");
        committed(&repo, "main", 12);
        let first = {
            let ada = world.person("ada").connected().await;
            asks(&ada, "/bb commits web/api").await
        };
        assert!(world.read(std::slice::from_ref(&first)).contains("0123abc Step 12 · ada"));
        world.bitbucket.push(&repo, "main", "grace", &["Step 13"]).unwrap();
        world.restart().await;
        let ada = world.person("ada");
        let second = presses(&ada, &first, "Next").await;
        snapshot!(world.read(std::slice::from_ref(&second)), @"
        (edited) Latest commits in web/api, page 2
        0123abc Step 2 · ada · 2026-11-21 08:00 UTC
        0123abc Step 1 · grace · 2026-11-21 08:00 UTC
        0123abc Start the repository · root · 2026-11-21 08:00 UTC
        [Previous]
        ");
        let back = presses(&ada, &second, "Previous").await;
        assert!(world.read(&[back]).contains("0123abc Step 12 · ada"));
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn they_are_found_by_branch_author_path_and_day() {
    on_both(async |world| {
        let repo = world.repository("web/api");
        let branch = "feature/a b#c".replace(' ', "-");
        committed(&repo, &branch, 2);
        let _ = repo.branch(&branch).with_file("docs/guide.md", text(["x".to_owned()]), "grace");
        world.move_clocks(Duration::from_hours(72));
        let _ = repo.branch(&branch).with_commit("Late <@U1> `x`", "grace");
        let ada = world.person("ada").connected().await;
        snapshot!(ada.types("/bb commits web/api --branch feature/a-b#c --author me").await, @"
        Latest commits in web/api on `feature/a-b#c` by @ada
        0123abc Step 2 · ada · 2026-11-21 08:00 UTC
        ");
        snapshot!(ada.types("/bb commits web/api --branch feature/a-b#c --path docs").await, @"
        Latest commits in web/api on `feature/a-b#c` that changed `docs`
        0123abc Write docs/guide.md · grace · 2026-11-21 08:00 UTC
        ");
        snapshot!(ada.types("/bb commits web/api --branch feature/a-b#c --since 1d").await, @"
        Latest commits in web/api on `feature/a-b#c` since 1d ago
        0123abc Late <@U1> `x` · grace · 2026-11-24 08:00 UTC
        ");
        snapshot!(ada.types("/bb commits web/api --branch feature/a-b#c --until 2026-11-21 --author grace").await, @"
        Latest commits in web/api on `feature/a-b#c` by grace until 2026-11-21
        0123abc Write docs/guide.md · grace · 2026-11-21 08:00 UTC
        0123abc Step 1 · grace · 2026-11-21 08:00 UTC
        ");
        snapshot!(ada.types("/bb commits web/api --since 2026-12-01").await, @"No commits in web/api since 2026-12-01");
        snapshot!(ada.types("/bb commits web/api --since yesterday").await, @"
        `yesterday` is not a day; write it like `2026-11-01`, or `3d` for three days ago.
        Usage: `/bb commits [repo] [--branch branch] [--author who] [--path path] [--since day] [--until day] [--limit n] [--share]`
        For example: `/bb commits web/api --branch main --since 3d`
        ");
        world.slack.add_person("linus", "linus@elsewhere.test", "Europe/Helsinki");
        snapshot!(ada.types("/bb commits web/api --author @linus").await, @"I don't know who @linus is on bitbucket. Ask them to type `/bb connect`, or write their Bitbucket name.");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn a_misspelt_branch_is_answered_with_the_nearest() {
    on_both(async |world| {
        let ada = world.person("ada").connected().await;
        let asked = asks(&ada, "/bb commits web/api --branch limit-rats").await;
        snapshot!(world.read(std::slice::from_ref(&asked)), @"
        web/api has no branch, tag or commit `limit-rats`. Did you mean:
        [limit-rate]
        ");
        snapshot!(ada.clicks(&asked, "limit-rate").await, @"
        Latest commits in web/api on `limit-rate`
        0123abc Limit the rate · grace · 2026-11-21 08:00 UTC
        0123abc Start the repository · root · 2026-11-21 08:00 UTC
        ");
        snapshot!(ada.types("/bb commits web/api --branch zzz").await, @"web/api has no branch, tag or commit `zzz`.");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn one_commit_is_shown_with_all_that_belongs_to_it() {
    on_both(async |world| {
        let repo = world.repository("web/api");
        let _ = repo
            .branch("limit-rate")
            .with_file("src/limit.rs", text(["a".to_owned(), "b".to_owned()]), "grace")
            .with_renamed("src/limit.rs", "src/rate.rs", "grace");
        review(&world, "Limit the rate", "limit-rate");
        world.bitbucket.add_build(&repo, "limit-rate", "unit", BuildState::Successful).unwrap();
        let ada = world.person("ada").connected().await;
        snapshot!(ada.types("/bb commit web/api limit-rate").await, @"
        0123abc Rename src/limit.rs to src/rate.rs
        by grace · 2026-11-21 08:00 UTC
        Part of web/api#1 Limit the rate
        Build unit · passed · 2026-11-21 08:00 UTC
        1 file
        `src/rate.rs` renamed from `src/limit.rs`
        ");
        let tip = repo.branch("limit-rate").tip().unwrap();
        let short = format!("/bb commit web/api {}", &tip[..9]);
        assert_eq!(ada.types(&short).await, ada.types("/bb commit web/api limit-rate").await);
        snapshot!(ada.types("/bb commit web/api limit-rat").await, @"
        web/api has no branch, tag or commit `limit-rat`. Did you mean:
        [limit-rate]
        ");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn two_ends_are_compared() {
    on_both(async |world| {
        let repo = world.repository("web/api");
        let _ = repo.branch("limit-rate").with_file("src/limit.rs", text(["a".to_owned()]), "grace");
        let ada = world.person("ada").connected().await;
        snapshot!(ada.types("/bb compare web/api main..limit-rate").await, @"
        `limit-rate` beside `main` in web/api
        0123abc Write src/limit.rs · grace · 2026-11-21 08:00 UTC
        0123abc Limit the rate · grace · 2026-11-21 08:00 UTC
        2 files, +16 −0
        `src/limit.rs` new +1 −0
        `src/limit_the_rate.rs` new +15 −0
        ");
        snapshot!(ada.types("/bb compare web/api limit-rate..main").await, @"`main` beside `limit-rate` in web/api: nothing that is not there already.");
        snapshot!(ada.types("/bb compare web/api main..limit-rat").await, @"
        web/api has no branch, tag or commit `limit-rat`. Did you mean:
        [limit-rate]
        ");
        snapshot!(ada.types("/bb compare web/api main").await, @"
        `main` does not say what to compare; write it like `main..limit-rate`.
        Usage: `/bb compare [repo] [range] [--share]`
        For example: `/bb compare web/api main..limit-rate`
        ");
        committed(&repo, "long", 12);
        let first = asks(&ada, "/bb compare web/api main...long").await;
        let second = presses(&ada, &first, "Next").await;
        snapshot!(world.read(&[second]), @"
        (edited) `long` beside `main` in web/api, page 2
        0123abc Step 2 · ada · 2026-11-21 08:00 UTC
        0123abc Step 1 · grace · 2026-11-21 08:00 UTC
        12 files, +87 −0
        `src/step_8.rs` new +7 −0
        `src/step_9.rs` new +7 −0
        [Previous]
        ");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn commits_in_trouble_say_which() {
    on_both(async |world| {
        committed(&world.repository("web/api"), "main", 12);
        let ada = world.person("ada").connected().await;
        snapshot!(ada.types("/bb commits web/nothing").await, @"Bitbucket has nothing of that name that you may see.");
        let first = asks(&ada, "/bb commits web/api").await;
        let doors = [Door::Typed("/bb commits web/api"), Door::Pressed(&first, "Next")];
        snapshot!(in_trouble(&ada, &doors, "/commits").await, @"
        refused: This is being moved.
        refused: This is being moved.
        down: Bitbucket is in trouble or cannot be reached: it answered 503 when asked to list the commits.
        I tried a few times. Ask again in a moment.
        down: Bitbucket is in trouble or cannot be reached: it answered 503 when asked to list the commits.
        I tried a few times. Ask again in a moment.
        no permission: Bitbucket has nothing of that name that you may see.
        no permission: Bitbucket has nothing of that name that you may see.
        not connected: First connect your account on bitbucket, so that I can do this as you.
        I'll carry on with what you asked as soon as you have.
        [Connect bitbucket]
        not connected: First connect your account on bitbucket, so that I can do this as you.
        I'll carry on with what you asked as soon as you have.
        [Connect bitbucket]
        ");
        world.finish().await;
    })
    .await;
}
