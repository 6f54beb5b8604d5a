//! Rights by buttons and forms, where it works and where it does not.

use dipper::sandbox::bitbucket::{Edition, Permission, RepoHandle};

use super::vault;
use crate::connecting::tokens::by_own_token;
use crate::world::{Person, World, on_both};

/// The list of rights, with a button for each.
async fn list(ada: &Person<'_>) -> dipper::sandbox::slack::Message {
    assert_eq!(ada.slack.types("#web", "/bb access list web/api").await.status, 200);
    ada.world.settle().await;
    ada.told().remove(0)
}

/// What the button in the row of edsger says when something is in the way.
async fn in_the_way(edition: Edition) -> String {
    let world = World::on(edition).await;
    let repo = vault(&world).allow("edsger", Permission::Admin);
    let ada = by_own_token(&world, "ada").await;
    // Who is listed first has the first button.
    let _only = repo.clone().forbid("ada").allow_by_project("ada", Permission::Admin);
    let shown = list(&ada).await;
    let mut read = Vec::new();
    let faults = world.bitbucket.faults(edition);
    faults.next("DELETE ", &world.refusing(), 1);
    read.push(("refused", ada.clicks(&shown, "Revoke").await));
    faults.next("/", &World::failing(), 99);
    read.push(("down", ada.clicks(&shown, "Revoke").await));
    faults.call_off();
    let _less = repo.clone().allow_by_project("ada", Permission::Read);
    read.push(("no permission", ada.clicks(&shown, "Revoke").await));
    let _more = repo.clone().allow_by_project("ada", Permission::Admin);
    read.push(("works", ada.clicks(&shown, "Revoke").await));
    assert_eq!(repo.given("edsger"), None);
    read.push(("gone already", ada.clicks(&shown, "Revoke").await));
    world.finish().await;
    let read: Vec<String> = read.iter().map(|(what, read)| format!("({what})\n{read}")).collect();
    read.join("\n\n")
}

#[tokio::test]
async fn revoking_in_the_list_on_cloud() {
    snapshot!(in_the_way(Edition::Cloud).await, @"
    (refused)
    Not while the moon is full.

    (down)
    Bitbucket is in trouble or cannot be reached: it answered 503 when asked to say who that is.
    I tried a few times; it may not have been done. Look before you ask again.

    (no permission)
    Bitbucket does not allow it: You do not have the permission to do this in this repository.

    (works)
    edsger no longer has `admin` on web/api.
    What a group or the project gives them stays.
    [Give it again]

    (gone already)
    edsger was given nothing on web/api itself; nothing was changed.
    ");
}

#[tokio::test]
async fn revoking_in_the_list_on_data_center() {
    snapshot!(in_the_way(Edition::DataCenter).await, @"
    (refused)
    Not while the moon is full.

    (down)
    Bitbucket is in trouble or cannot be reached: it answered 503 when asked to say who that is.
    I tried a few times; it may not have been done. Look before you ask again.

    (no permission)
    Bitbucket does not allow it: You are not permitted to access this resource. If you have that right yourself, your token for dc lacks `REPO_ADMIN`.
    Make one that has it, and I'll carry on with what you asked as soon as you have entered it.
    [Use a token for dc]

    (works)
    edsger no longer has `admin` on web/api.
    What a group or the project gives them stays.
    [Give it again]

    (gone already)
    edsger was given nothing on web/api itself; nothing was changed.
    ");
}

async fn filled_in(ada: &Person<'_>) -> RepoHandle {
    let repo = vault(ada.world);
    let _form = ada.slack.types("#web", "/bb access grant web/api").await;
    ada.world.settle().await;
    let _who = ada.slack.picks("Who", "edsger", "edsger").await;
    let _level = ada.slack.fills("What they may do", "write").await;
    repo
}

#[tokio::test]
async fn a_form_that_bitbucket_refuses_comes_back() {
    on_both(async |world| {
        let _repo = vault(&world);
        let ada = by_own_token(&world, "ada").await;
        let repo = filled_in(&ada).await;
        world.bitbucket.faults(world.edition).next("PUT ", &world.refusing(), 1);
        assert_eq!(ada.slack.submits().await.status, 200);
        world.settle().await;
        snapshot!(ada.sees_form(), @"
        Give a right
        Not while the moon is full.
        ———
        Repository: web/api
        Who: edsger
        Where: In this repository
        What they may do: write
        For how long (optional): ____
        (Like 8h, 3d or 2w; for good when left empty)
        What for (optional): ____
        [Give it]
        ");
        assert_eq!(repo.given("edsger"), None);
        assert_eq!(ada.slack.submits().await.status, 200);
        world.settle().await;
        assert_eq!(repo.given("edsger"), Some(Permission::Write));
        let _rest = ada.is_told();
        world.finish().await;
    })
    .await;
}
