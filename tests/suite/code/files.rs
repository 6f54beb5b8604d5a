//! What stands in a file.

use dipper::sandbox::bitbucket::{Content, Edition};

use super::{Door, asks, in_trouble, presses, text};
use crate::world::{World, on_both};

fn written(world: &World) {
    let lines = (1..=100)
        .map(|line| if line == 41 { "fn <!here>() { `x` }".to_owned() } else { format!("line {line}") });
    let repo = world.repository("web/api");
    let _ = repo
        .branch("main")
        .with_file("src/a b#c.rs", text(lines), "ada")
        .with_file("logo.png", Content::Binary(vec![0, 159, 146]), "ada")
        .with_file("big.bin", Content::Lfs(5_000_000_000), "ada")
        .with_file("huge.txt", Content::Text("x".repeat(2_000_000)), "ada")
        .with_file("wide.txt", text((1..=60).map(|_| "&".repeat(4_000))), "ada");
    let _ = repo.branch("feature/x").with_file("only/here.txt", text(["here".to_owned()]), "ada");
}

#[tokio::test]
async fn lines_are_shown_with_their_numbers_and_pages_survive_a_restart() {
    on_both(async |mut world| {
        written(&world);
        let first = {
            let ada = world.person("ada").connected().await;
            snapshot!(ada.types("/bb file web/api \"src/a b#c.rs\" --lines 39-42").await, @"
            src/a b#c.rs in web/api
            ```39  line 39
            40  line 40
            41  fn <!here>() { `x` }
            42  line 42```
            [Previous] [Next]
            ");
            snapshot!(ada.types("/bb file web/api /only/here.txt --ref feature/x").await, @"
            only/here.txt in web/api at `feature/x`
            ```1  here```
            ");
            asks(&ada, "/bb file web/api \"src/a b#c.rs\"").await
        };
        world.restart().await;
        let ada = world.person("ada");
        let second = presses(&ada, &first, "Next").await;
        let read = world.read(std::slice::from_ref(&second));
        assert!(read.contains("41  fn <!here>() { `x` }\n") && read.contains("\n80  line 80```"), "{read}");
        let third = presses(&ada, &second, "Next").await;
        let read = world.read(std::slice::from_ref(&third));
        assert!(read.contains("100  line 100```\n[Previous]") && !read.contains("[Next]"), "{read}");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn no_line_is_lost_where_lines_are_long() {
    on_both(async |world| {
        written(&world);
        let ada = world.person("ada").connected().await;
        let mut page = asks(&ada, "/bb file web/api wide.txt").await;
        let mut pages = vec![world.read(std::slice::from_ref(&page))];
        while pages.last().unwrap().contains("[Next]") {
            page = presses(&ada, &page, "Next").await;
            pages.push(world.read(std::slice::from_ref(&page)));
        }
        let all = pages.join("\n");
        for line in 1..=60 {
            let begins = format!("{line}  &");
            let lines = all.lines().map(|shown| shown.trim_start_matches('`').trim_start());
            assert_eq!(lines.filter(|shown| shown.starts_with(&begins)).count(), 1, "line {line}");
        }
        assert!(!all.contains("more line"), "{all}");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn what_is_no_text_or_not_there_is_said() {
    on_both(async |world| {
        written(&world);
        let ada = world.person("ada").connected().await;
        snapshot!(ada.types("/bb file web/api logo.png").await, @"`logo.png` is not a text; open it in the browser.");
        snapshot!(ada.types("/bb file web/api big.bin").await, @"`big.bin` lies in the large file storage (LFS); open it in the browser.");
        let huge = ada.types("/bb file web/api huge.txt").await;
        assert!(huge.contains("open it in the browser") || huge.contains("1  xxx"), "{huge}");
        snapshot!(ada.types("/bb file web/api src").await, @"`src` is a folder; name a file in it.");
        snapshot!(ada.types("/bb file web/api src/b.rs").await, @"There is no `src/b.rs` at `main`, or you may not see it.");
        snapshot!(ada.types("/bb file web/api \"src/a b#c.rs\" --lines 200-300").await, @"src/a b#c.rs has no line 200; it ends before.");
        snapshot!(ada.types("/bb file web/api logo.png --lines 9-3").await, @"
        `9-3` does not say which lines; write it like `10-40`.
        Usage: `/bb file [repo] [path] [--ref ref] [--lines lines] [--share]`
        For example: `/bb file web/api src/lib.rs --ref main --lines 10-40`
        ");
        let asked = asks(&ada, "/bb file web/api only/here.txt --ref feature/y").await;
        snapshot!(world.read(std::slice::from_ref(&asked)), @"
        web/api has no branch, tag or commit `feature/y`. Did you mean:
        [feature/x]
        ");
        snapshot!(ada.clicks(&asked, "feature/x").await, @"
        only/here.txt in web/api at `feature/x`
        ```1  here```
        ");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn a_form_asks_for_the_file() {
    on_both(async |world| {
        written(&world);
        let ada = world.person("ada").connected().await;
        ada.types("/bb file web/api").await;
        snapshot!(ada.sees_form(), @"
        Show a file
        Repository: web/api
        File: ____
        (Where it is, like src/lib.rs)
        Branch (optional): ____
        (The main branch when left empty)
        Lines (optional): ____
        (Like 10-40; from the beginning when left empty)
        [Show]
        ");
        ada.slack.fills("File", "only/here.txt").await;
        ada.slack.picks("Branch", "fea", "feature/x").await;
        ada.slack.submits().await;
        world.settle().await;
        snapshot!(ada.sees_form(), @"
        Show a file
        only/here.txt in web/api at `feature/x`
        ```1  here```
        ");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn files_in_trouble_say_which() {
    on_both(async |world| {
        written(&world);
        let ada = world.person("ada").connected().await;
        let first = asks(&ada, "/bb file web/api \"src/a b#c.rs\"").await;
        let path = match world.edition {
            Edition::Cloud => "/src/",
            Edition::DataCenter => "/browse/",
        };
        let doors = [Door::Typed("/bb file web/api \"src/a b#c.rs\""), Door::Pressed(&first, "Next")];
        snapshot!(in_trouble(&ada, &doors, path).await, @"
        refused: This is being moved.
        refused: This is being moved.
        down: Bitbucket is in trouble or cannot be reached: it answered 503 when asked to show the file.
        I tried a few times. Ask again in a moment.
        down: Bitbucket is in trouble or cannot be reached: it answered 503 when asked to show the file.
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
