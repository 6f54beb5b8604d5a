//! Pushes, branches, tags and builds, as the channel hears of them.

use dipper::sandbox::bitbucket::{BuildState, Edition};

use super::{all_of, said};
use crate::world::{World, on_both};

#[tokio::test]
async fn pushes_branches_and_tags_are_told_in_the_channel() {
    on_both(async |world| {
        let _ada = all_of(&world, "web/api").await;
        let (repo, bitbucket) = (world.repository("web/api"), &world.bitbucket);
        bitbucket.push(&repo, "main", "grace", &["Measure it <!here>", "Count it"]).unwrap();
        world.settle().await;
        snapshot!(said(&world), @"
        grace pushed 2 commits to `main` of web/api.
        0123abc Count it
        0123abc Measure it <!here>
        ");
        bitbucket.force_push(&repo, "main", "grace", "Count it well").unwrap();
        world.settle().await;
        snapshot!(said(&world), @"
        grace pushed by force 1 commit to `main` of web/api.
        0123abc Count it well
        ");
        bitbucket.push(&repo, "release", "grace", &[]).unwrap();
        world.settle().await;
        snapshot!(said(&world), @"grace made the branch `release` in web/api.");
        bitbucket.delete_branch(&repo, "release", "grace").unwrap();
        world.settle().await;
        snapshot!(said(&world), @"grace deleted the branch `release` of web/api.");
        bitbucket.tag(&repo, "v1", "main", "grace").unwrap();
        world.settle().await;
        snapshot!(said(&world), @"grace set the tag `v1` in web/api.");
        bitbucket.delete_tag(&repo, "v1", "grace").unwrap();
        world.settle().await;
        snapshot!(said(&world), @"grace deleted the tag `v1` of web/api.");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn many_commits_are_summed_up() {
    on_both(async |world| {
        let _ada = all_of(&world, "web/api").await;
        let names: Vec<String> = (1..=40).map(|at| format!("Step {at}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        world.bitbucket.push(&world.repository("web/api"), "main", "grace", &names).unwrap();
        world.settle().await;
        snapshot!(said(&world), @"
        grace pushed 40 commits to `main` of web/api.
        0123abc Step 40
        0123abc Step 39
        0123abc Step 38
        … and 37 more
        ");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn usually_only_the_main_branch_counts() {
    on_both(async |world| {
        let ada = world.person("ada").connected().await;
        snapshot!(ada.types("/bb subscribe web/api").await.lines().next().unwrap_or_default().to_owned(), @"This channel is now told of web/api: opened, ready, approved, changes-requested, merged, declined, push (main branch only), build-failed, build-fixed.");
        let repo = world.repository("web/api");
        world.bitbucket.push(&repo, "limit-rate", "grace", &["Elsewhere"]).unwrap();
        world.settle().await;
        assert_eq!(world.hears("#web"), "");
        world.bitbucket.push(&repo, "main", "grace", &["Here"]).unwrap();
        world.settle().await;
        snapshot!(world.hears("#web"), @"
        grace pushed 1 commit to `main` of web/api.
        0123abc Here
        ");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn cloud_tells_how_builds_go() {
    let world = World::on(Edition::Cloud).await;
    let _ada = all_of(&world, "web/api").await;
    let (repo, bitbucket) = (world.repository("web/api"), &world.bitbucket);
    for (state, wanted) in [
        (BuildState::InProgress, "Build ci began of web/api · `0123abc`"),
        (BuildState::Failed, "Build ci failed of web/api · `0123abc`"),
        (BuildState::Successful, "Build ci works again of web/api · `0123abc`"),
        (BuildState::Successful, "Build ci passed of web/api · `0123abc`"),
    ] {
        bitbucket.add_build(&repo, "main", "ci", state).unwrap();
        world.settle().await;
        let heard = said(&world);
        let hash = heard.rsplit('`').nth(1).unwrap_or_default();
        assert_eq!(heard.replace(hash, "0123abc"), wanted);
        world.advance(std::time::Duration::from_mins(1)).await;
    }
    bitbucket.open_pull_request(&repo, "grace", "Limit the rate", ("limit-rate", "main")).unwrap();
    bitbucket.add_build(&repo, "limit-rate", "ci", BuildState::Failed).unwrap();
    world.settle().await;
    assert!(said(&world).contains("(in the thread) Build ci failed."));
    world.finish().await;
}

#[tokio::test]
async fn what_never_comes_is_said() {
    let world = World::on(Edition::DataCenter).await;
    let ada = world.person("ada").connected().await;
    snapshot!(ada.types("/bb subscribe web/api opened build-failed").await, @"
    This channel is now told of web/api: opened, build-failed.
    There is never news of `build-failed`: Data Center sends nothing of builds.
    Bitbucket does not tell Dipper of web/api yet; a webhook there would.
    [Stop] [Make the webhook]
    ");
    snapshot!(ada.types("/bb subscribe web/api reviews").await, @"
    This channel is now told of web/api: reviewers, approved, unapproved, changes-requested, changes-withdrawn.
    Bitbucket does not tell Dipper of web/api yet; a webhook there would.
    Before, it was: opened, build-failed.
    [Stop] [Make the webhook]
    ");
    world.finish().await;
}

#[tokio::test]
async fn what_happens_to_a_repository_is_told() {
    on_both(async |world| {
        let _ada = all_of(&world, "web/api").await;
        let repo = world.repository("web/api");
        repo.comment_on_commit("edsger", "main", "Why <!here>?").unwrap();
        world.settle().await;
        snapshot!(said(&world), @"edsger commented on commit 0123abc of web/api: Why <!here>?");
        repo.fork("grace", "~grace/api").unwrap();
        world.settle().await;
        snapshot!(said(&world), @"grace forked web/api to ~grace/api.");
        repo.rename("grace", &world.called("web/api").replace("api", "rates")).unwrap();
        world.settle().await;
        snapshot!(said(&world), @"grace renamed web/api to web/rates.");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn a_new_description_and_a_new_owner_are_told() {
    on_both(async |world| {
        let ada = world.person("ada").connected().await;
        let repo = world.repository("web/api");
        ada.types("/bb subscribe web/api repo-updated repo-transferred").await;
        repo.redescribe("grace", "How often one may ask").unwrap();
        world.settle().await;
        assert!(said(&world).starts_with("grace changed web/api"));
        let moved = world.called("web/api").replace("web/", "pay/").replace("WEB/", "PAY/");
        let told_by_old_name = world.instance() == "dc";
        repo.rename("grace", &moved).unwrap();
        world.settle().await;
        let wanted = if told_by_old_name { "grace moved web/api to PAY/api." } else { "" };
        assert_eq!(said(&world), wanted);
        world.finish().await;
    })
    .await;
}
