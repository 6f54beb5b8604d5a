//! Many at once: pages that are turned, a whole workspace, and what Bitbucket is asked for it.

use dipper::sandbox::bitbucket::{Edition, Permission};

use super::{open, until};
use crate::world::{World, on_both};

#[tokio::test]
async fn what_does_not_fit_is_a_page_further_on() {
    on_both(async |world| {
        let ada = world.person("ada").connected().await;
        let repo = world.repository("web/api");
        for at in 1..=30 {
            open(&world, &repo, "grace", &format!("Change {at}"), &[]);
        }
        ada.types("/bb digest now web/api").await;
        let first = world.messages("#web").remove(0);
        let read = world.read(std::slice::from_ref(&first));
        assert!(read.starts_with("web/api has 30 open pull requests that wait"), "{read}");
        assert!(read.contains("Change 12 ") && !read.contains("Change 13 "), "{read}");
        world.bitbucket.merge(&repo, 14, "grace").unwrap();
        world.settle().await;
        ada.presses(&first, "18 more").await;
        world.settle().await;
        let second = ada.told().remove(0);
        let read = world.read(std::slice::from_ref(&second));
        assert!(
            read.contains("Page 2 of 3.") && read.contains("Change 13 ") && read.contains("Change 24 "),
            "{read}"
        );
        let told = ada.clicks(&second, "6 more").await;
        assert!(told.contains("Page 3 of 3.") && told.contains("Change 30 "), "{told}");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn a_whole_workspace_is_told_with_few_questions() {
    let world = World::on(Edition::Cloud).await;
    let ada = world.person("ada").connected().await;
    for at in 0..120 {
        let repo = world.bitbucket.add_repository(Edition::Cloud, &format!("web/service-{at}"));
        let repo = repo.allow("ada", Permission::Write).allow("grace", Permission::Write);
        open(&world, &repo, "grace", &format!("Change {at}"), &[]);
    }
    let before = world.bitbucket.requests().len();
    let told = ada.types("/bb digest preview web/*").await;
    assert!(told.contains("could not be looked at just now"), "{told}");
    let asked = world.bitbucket.requests().len() - before;
    assert!(asked <= 52, "{asked} questions");
    // What a digest is of is looked at in its turn: then it is known, and nobody needs to ask.
    ada.types("/bb digest add web/* daily 9:30").await;
    until(&world, "2026-11-21T12:30:00Z").await;
    let _first = world.hears("#web");
    until(&world, "2026-11-22T08:04:00Z").await;
    for _ in 0..5 {
        world.advance(std::time::Duration::from_mins(5)).await;
    }
    let before = world.bitbucket.requests().len();
    until(&world, "2026-11-22T08:30:00Z").await;
    let heard = world.hears("#web");
    assert!(heard.contains("120 open pull requests") && !heard.contains("could not be looked at"), "{heard}");
    let asked = world.bitbucket.requests().len() - before;
    assert!(asked <= 50, "{asked} questions");
    world.finish().await;
}
