//! Repositories as such: shown, made, changed, forked, archived and deleted.

mod protect;

use dipper::sandbox::bitbucket::{Edition, Permission};

use crate::connecting::tokens::by_own_token;
use crate::world::{World, on_both};

#[tokio::test]
async fn a_repository_is_shown_with_what_there_is_to_do() {
    on_both(async |world| {
        let _api = world.repository("web/api").described("Answers the web");
        let _site = world.repository("web/site").public();
        let ada = world.person("ada").connected().await;
        snapshot!(ada.types("/bb repo list").await, @"
        Repositories you can see, the liveliest first:
        web/api · Answers the web [Show]
        web/site [Show]
        [Make a repository]
        ");
        snapshot!(ada.types("/bb repo list apx").await, @"
        Your accounts show no repository called like `apx`.
        [Make a repository]
        ");
        snapshot!(ada.types("/bb repo show web/api").await, @"
        web/api
        Answers the web
        main branch `main` · private · on bitbucket
        [Pull requests] [Branches] [Who may do what]
        ");
        snapshot!(ada.types("/bb repo show").await, @"
        Which repository? Name it, like `web/api`, or give this channel its own: `/bb use web/api`.
        [Choose a repository]
        ");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn a_repository_is_made_private_and_its_main_branch_can_be_protected_at_once() {
    on_both(async |world| {
        let _there = world.repository("web/api").allow("ada", Permission::Admin);
        let ada = by_own_token(&world, "ada").await;
        let typed = "/bb repo create web/counts --description \"Counts things\"";
        assert_eq!(ada.slack.types("#web", typed).await.status, 200);
        world.settle().await;
        let told = ada.told();
        snapshot!(world.read(&told), @"
        Made web/counts. It is private.
        [Protect main] [Give a right] [Tell this channel of it]
        ");
        snapshot!(ada.clicks(&told[0], "Protect main").await, @"
        From now on, in web/counts:
        • main changes only by pull requests
        • main is not rewritten
        • main is not deleted
        [Undo] [Show all]
        ");
        snapshot!(ada.types("/bb repo show web/counts").await, @"
        web/counts
        Counts things
        main branch `main` · private · on bitbucket
        [Pull requests] [Branches] [Who may do what]
        ");
        let again = ada.types(typed).await;
        assert!(again.contains("already"), "{again}");
        snapshot!(ada.types("/bb repo create counts").await, @"Say where it is to be, too: `web/counts` for one in the workspace or project `web`.");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn what_it_is_for_is_said_otherwise_by_form_and_by_typing() {
    on_both(async |world| {
        let _there = world.repository("web/api").described("Answers").allow("ada", Permission::Admin);
        let ada = by_own_token(&world, "ada").await;
        let _form = ada.slack.types("#web", "/bb repo update web/api").await;
        world.settle().await;
        snapshot!(ada.sees_form(), @"
        Change a repository
        Repository: web/api
        What it is for (optional): Answers
        Who may see it (optional): private
        [Save]
        ");
        let _said = ada.slack.fills("What it is for", "Answers the web").await;
        assert_eq!(ada.slack.submits().await.status, 200);
        world.settle().await;
        snapshot!(ada.sees_form(), @"
        Change a repository
        Changed web/api.
        It says now what it is for.
        ");
        snapshot!(ada.types("/bb repo update web/api --visibility public").await, @"
        Changed web/api.
        Everybody may see it now.
        ");
        snapshot!(ada.types("/bb repo update web/api --visibility public").await, @"web/api is like that already; nothing was changed.");
        snapshot!(ada.types("/bb repo update web/api --visibility hidden").await, @r#"
        A repository is `private` or `public`.
        Usage: `/bb repo update [repo] [--description text] [--visibility who]`
        For example: `/bb repo update web/api --description "Answers the web"`
        "#);
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn a_fork_is_made_where_they_say() {
    on_both(async |world| {
        let _there = world.repository("web/api");
        let ada = world.person("ada").connected().await;
        let own = if world.edition == Edition::Cloud { "ada" } else { "~ada" };
        let made = ada.types(&format!("/bb repo fork web/api {own}/api")).await;
        snapshot!(made.replace('~', ""), @"
        Made ada/api, a fork of web/api.
        [Pull requests] [Branches] [Who may do what]
        ");
        let there = ada.types(&format!("/bb repo show {own}/api")).await;
        assert!(there.contains("private"), "{there}");
        snapshot!(ada.types("/bb repo fork web/api api").await, @"Say where it is to be, too: `web/api` for one in the workspace or project `web`.");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn a_repository_goes_only_when_its_name_was_typed_once_more() {
    on_both(async |world| {
        let repo = world.repository("web/api").allow("ada", Permission::Admin);
        let ada = by_own_token(&world, "ada").await;
        let _form = ada.slack.types("#web", "/bb repo delete web/api").await;
        world.settle().await;
        snapshot!(ada.sees_form(), @"
        Delete a repository
        Its branches, pull requests and comments go with it, for everybody, and nobody can bring them back.
        Repository: web/api
        Its name once more: ____
        (As it is called, like web/old-service)
        [Delete it for good]
        ");
        let _typed = ada.slack.fills("Its name once more", "web/site").await;
        let _sent = ada.slack.submits().await;
        world.settle().await;
        assert!(!repo.is_deleted());
        let form = ada.sees_form();
        assert!(form.contains("`web/site` is not its name: it is called"), "{form}");
        let _typed = ada.slack.fills("Its name once more", "web/api").await;
        assert_eq!(ada.slack.submits().await.status, 200);
        world.settle().await;
        snapshot!(ada.sees_form(), @"
        Delete a repository
        web/api is deleted, with all that was in it.
        ");
        assert!(repo.is_deleted());
        let _rest = ada.is_told();
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn deleting_can_take_two() {
    on_both(async |world| {
        let repo = world.repository("web/api").allow("ada", Permission::Admin);
        let ada = by_own_token(&world, "ada").await;
        let edsger = world.person("edsger").connected().await;
        let _admin = ada.slack.clone().admin();
        let _two = ada.types("/bb settings --two-person \"repo delete\"").await;
        let _form = ada.slack.types("#web", "/bb repo delete web/api").await;
        world.settle().await;
        let _typed = ada.slack.fills("Its name once more", "web/api").await;
        assert_eq!(ada.slack.submits().await.status, 200);
        world.settle().await;
        assert!(!repo.is_deleted());
        let told = world.messages("#web");
        snapshot!(world.read(&told), @"
        @ada wants to do `/bb repo delete web/api`. It takes two: somebody else has to agree.
        Until 2026-11-22 08:00 UTC
        [Go ahead] [Don't]
        ");
        snapshot!(edsger.clicks(&told[0], "Go ahead").await, @"You agreed; it is done now as @ada.");
        assert!(repo.is_deleted());
        snapshot!(ada.is_told(), @"web/api is deleted, with all that was in it.");
        let _agreed = world.hears("#web");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn data_center_archives_and_opens_again() {
    let world = World::on(Edition::DataCenter).await;
    let _repo = world.repository("web/api").allow("ada", Permission::Admin);
    let ada = by_own_token(&world, "ada").await;
    snapshot!(ada.types("/bb repo archive web/api").await, @"
    web/api is archived: it can be read, and nothing in it changes any more.
    [Let it be changed again]
    ");
    snapshot!(ada.types("/bb repo archive web/api").await, @"web/api is archived already.");
    snapshot!(ada.types("/bb repo archive web/api --undo").await, @"
    web/api can be changed again.
    [Archive it again]
    ");
    world.finish().await;
}

#[tokio::test]
async fn cloud_keeps_no_archive_and_says_so() {
    let world = World::on(Edition::Cloud).await;
    let _repo = world.repository("web/api").allow("ada", Permission::Admin);
    let ada = by_own_token(&world, "ada").await;
    snapshot!(ada.types("/bb repo archive web/api").await, @"Bitbucket Cloud keeps no archive: take away the rights to write, or delete the repository.");
    world.finish().await;
}

#[tokio::test]
async fn another_branch_becomes_the_main_one_and_back() {
    on_both(async |world| {
        let repo = world.repository("web/api").allow("ada", Permission::Admin);
        let _branch = repo.branch("develop").with_commit("Begin", "ada");
        let ada = by_own_token(&world, "ada").await;
        snapshot!(ada.types("/bb branch default web/api").await, @"
        The main branch of web/api is `main`.
        [Change it]
        ");
        assert_eq!(ada.slack.types("#web", "/bb branch default web/api develop").await.status, 200);
        world.settle().await;
        let told = ada.told();
        snapshot!(world.read(&told), @"
        `develop` is the main branch of web/api now.
        [Back to main]
        ");
        snapshot!(ada.types("/bb branch default web/api develop").await, @"`develop` is the main branch of web/api already.");
        snapshot!(ada.types("/bb branch default web/api nothing").await, @"
        web/api has no branch `nothing`.
        [Choose one]
        ");
        snapshot!(ada.clicks(&told[0], "Back to main").await, @"
        `main` is the main branch of web/api now.
        [Back to develop]
        ");
        world.finish().await;
    })
    .await;
}

/// What is said where somebody meets one trouble after the other.
async fn in_trouble(edition: Edition) -> String {
    let world = World::on(edition).await;
    let repo = world.repository("web/api").allow("ada", Permission::Admin).allow("edsger", Permission::Write);
    let grace = world.person("grace");
    let mut read = vec![("not connected", grace.types("/bb repo create web/counts").await)];
    let edsger = by_own_token(&world, "edsger").await;
    for typed in [
        "repo archive web/api",
        "repo update web/api --visibility public",
        "protect add web/api main --no-delete",
    ] {
        read.push((typed, edsger.types(&format!("/bb {typed}")).await));
    }
    let ada = by_own_token(&world, "ada").await;
    read.push(("nothing there", ada.types("/bb repo update web/nothing --visibility public").await));
    read.push(("nowhere", ada.types("/bb repo create nowhere/counts").await));
    world.bitbucket.faults(edition).next("POST ", &world.refusing(), 1);
    read.push(("refused", ada.types("/bb repo create web/counts").await));
    world.bitbucket.faults(edition).call_off();
    world.bitbucket.faults(edition).next("/", &World::failing(), 99);
    read.push(("down", ada.types("/bb repo create web/counts").await));
    world.bitbucket.faults(edition).call_off();
    assert!(!repo.is_deleted());
    world.finish().await;
    let read: Vec<String> = read.iter().map(|(what, read)| format!("({what})\n{read}")).collect();
    read.join("\n\n")
}

#[tokio::test]
async fn what_goes_wrong_on_cloud_is_said() {
    snapshot!(in_trouble(Edition::Cloud).await, @"
    (not connected)
    First connect your account on bitbucket, so that I can do this as you.
    I'll carry on with what you asked as soon as you have.
    [Connect bitbucket]

    (repo archive web/api)
    Bitbucket Cloud keeps no archive: take away the rights to write, or delete the repository.

    (repo update web/api --visibility public)
    Bitbucket does not allow it: You do not have the permission to do this in this repository.

    (protect add web/api main --no-delete)
    Bitbucket does not allow it: You do not have the permission to do this in this repository.

    (nothing there)
    Bitbucket has nothing of that name that you may see.

    (nowhere)
    No workspace with identifier 'nowhere'.

    (refused)
    Not while the moon is full.

    (down)
    Nobody knows whether Bitbucket did it: it answered 503 when asked to make the repository. Look before trying again.
    ");
}

#[tokio::test]
async fn what_goes_wrong_on_data_center_is_said() {
    snapshot!(in_trouble(Edition::DataCenter).await, @"
    (not connected)
    First connect your account on bitbucket, so that I can do this as you.
    I'll carry on with what you asked as soon as you have.
    [Connect bitbucket]

    (repo archive web/api)
    Bitbucket does not allow it: You are not permitted to access this resource. If you have that right yourself, your token for dc lacks `REPO_ADMIN`.
    Make one that has it, and I'll carry on with what you asked as soon as you have entered it.
    [Use a token for dc]

    (repo update web/api --visibility public)
    Bitbucket does not allow it: You are not permitted to access this resource. If you have that right yourself, your token for dc lacks `REPO_ADMIN`.
    Make one that has it, and I'll carry on with what you asked as soon as you have entered it.
    [Use a token for dc]

    (protect add web/api main --no-delete)
    Bitbucket does not allow it: You are not permitted to access this resource. If you have that right yourself, your token for dc lacks `REPO_ADMIN`.
    Make one that has it, and I'll carry on with what you asked as soon as you have entered it.
    [Use a token for dc]

    (nothing there)
    Bitbucket has nothing of that name that you may see.

    (nowhere)
    Project nowhere does not exist.

    (refused)
    Not while the moon is full.

    (down)
    Nobody knows whether Bitbucket did it: it answered 503 when asked to make the repository. Look before trying again.
    ");
}

#[tokio::test]
async fn a_form_that_bitbucket_refuses_comes_back_with_what_was_typed() {
    on_both(async |world| {
        let _there = world.repository("web/api").allow("ada", Permission::Admin);
        let ada = by_own_token(&world, "ada").await;
        let _form = ada.slack.types("#web", "/bb repo create").await;
        world.settle().await;
        snapshot!(ada.sees_form(), @"
        Make a repository
        Where, and what it is called: ____
        (Like web/new-service: the workspace or project, and the name)
        What it is for (optional): ____
        Project (optional): ____
        (Its key, where the workspace has several)
        Everybody may see it (optional): [ ] Yes
        [Make it]
        ");
        let _name = ada.slack.fills("Where, and what it is called", "web/counts").await;
        let _said = ada.slack.fills("What it is for", "Counts things").await;
        world.bitbucket.faults(world.edition).next("POST ", &world.refusing(), 1);
        assert_eq!(ada.slack.submits().await.status, 200);
        world.settle().await;
        snapshot!(ada.sees_form(), @"
        Make a repository
        Not while the moon is full.
        ———
        Where, and what it is called: web/counts
        (Like web/new-service: the workspace or project, and the name)
        What it is for (optional): Counts things
        Project (optional): ____
        (Its key, where the workspace has several)
        Everybody may see it (optional): [ ] Yes
        [Make it]
        ");
        assert_eq!(ada.slack.submits().await.status, 200);
        world.settle().await;
        assert!(ada.sees_form().contains("Made web/counts"), "{}", ada.sees_form());
        let _rest = ada.is_told();
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn who_is_not_connected_carries_on_with_a_form_after_connecting() {
    on_both(async |world| {
        let _there = world.repository("web/api").allow("ada", Permission::Admin);
        let ada = world.person("ada");
        let _form = ada.slack.types("#web", "/bb branch default web/api").await;
        world.settle().await;
        let told = ada.is_told();
        assert!(told.starts_with("First connect your account"), "{told}");
        let ada = ada.connecting().await;
        let resumed = ada.is_told();
        assert!(resumed.contains("The main branch of web/api is `main`."), "{resumed}");
        world.finish().await;
    })
    .await;
}
