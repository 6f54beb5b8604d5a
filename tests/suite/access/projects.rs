//! Rights in whole projects: given, ended by themselves, taken away, and what is in the way.

use dipper::sandbox::bitbucket::{Edition, Permission, RepoHandle};

use super::{hours, vault};
use crate::connecting::tokens::{by_own_token, sends};
use crate::world::{World, on_both};

/// A project that ada administers.
fn project(world: &World) -> RepoHandle {
    vault(world).allow_by_project("ada", Permission::Admin)
}

#[tokio::test]
async fn a_right_in_a_project_ends_by_itself_and_what_was_there_is_back() {
    on_both(async |mut world| {
        let repo = project(&world).allow_by_project("edsger", Permission::Read);
        let _edsger = world.person("edsger").connected().await;
        let ada = by_own_token(&world, "ada").await;
        let _follows = ada.types("/bb subscribe web/api permissions").await;
        let _hook = world.hears("#web");
        snapshot!(ada.types("/bb access grant web/api edsger write --in project --for 8h --reason on-call").await, @"
        edsger may write to the project WEB now, until 2026-11-21 16:00 UTC.
        Before, it was `read`; it will be again.
        What for: on-call
        [Take it back]
        ");
        assert_eq!(repo.given_by_project("edsger"), Some(Permission::Write));
        assert_eq!(repo.given("edsger"), None);
        snapshot!(world.person("edsger").is_told(), @"
        @ada lets you write to the project WEB until 2026-11-21 16:00 UTC.
        What for: on-call
        ");
        snapshot!(world.hears("#web"), @"ada let edsger write to the project WEB until 2026-11-21 16:00 UTC.");
        snapshot!(ada.types("/bb access list web/api").await, @"
        Who may do what in web/api:
        ada `admin` [Revoke]
        ada `admin` · by its project [Revoke]
        edsger `write` · by its project · until 2026-11-21 16:00 UTC · for: on-call [Revoke]
        [Give a right] [Review]
        ");
        let site = ada.types("/bb access list web/site").await;
        assert!(site.contains("edsger `write` · by its project · until"), "{site}");
        hours(&world, 5).await;
        world.restart().await;
        hours(&world, 3).await;
        assert_eq!(repo.given_by_project("edsger"), Some(Permission::Read));
        snapshot!(world.person("ada").is_told(), @"
        edsger may no longer write to the project WEB.
        What there was before is back: `read`.
        It was for: on-call
        ");
        snapshot!(world.person("edsger").is_told(), @"
        Your time to write to the project WEB is over.
        It was for: on-call
        ");
        snapshot!(world.hears("#web"), @"ada let edsger read the project WEB.");
        let audit = world.person("ada").types("/bb audit").await;
        assert!(audit.contains("@ada `access end edsger write read project on-call`: done"), "{audit}");
        assert!(audit.contains("`access grant web/api edsger write --in project --for 8h --reason on-call`"), "{audit}");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn a_right_in_a_project_is_taken_back_and_given_again() {
    on_both(async |world| {
        let repo = project(&world);
        let ada = by_own_token(&world, "ada").await;
        let typed = "/bb access grant web/api edsger read --in project";
        assert_eq!(ada.slack.types("#web", typed).await.status, 200);
        world.settle().await;
        let given = ada.told();
        snapshot!(world.read(&given), @"
        edsger may read the project WEB now.
        [Take it back]
        ");
        snapshot!(ada.types(typed).await, @"edsger may already read the project WEB; nothing was changed.");
        assert_eq!(ada.slack.clicks(&given[0], "Take it back").await.status, 200);
        world.settle().await;
        let taken = ada.told();
        snapshot!(world.read(&taken), @"
        edsger no longer has `read` on the project WEB.
        What a group gives them, or a repository itself, stays.
        [Give it again]
        ");
        assert_eq!(repo.given_by_project("edsger"), None);
        snapshot!(ada.types("/bb access revoke web/api edsger --in project").await, @"edsger was given nothing on the project WEB itself; nothing was changed.");
        let _again = ada.clicks(&taken[0], "Give it again").await;
        assert_eq!(repo.given_by_project("edsger"), Some(Permission::Read));
        let repo = repo.allow_by_project("edsger", Permission::Admin);
        snapshot!(ada.clicks(&given[0], "Take it back").await, @"
        Others have changed it since: edsger has `admin` on the project WEB now. Nothing was changed.
        [Revoke it all the same]
        ");
        assert_eq!(repo.given_by_project("edsger"), Some(Permission::Admin));
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn a_group_is_given_a_right_in_a_project_and_it_is_undone() {
    on_both(async |world| {
        let _repo = project(&world);
        let ada = by_own_token(&world, "ada").await;
        let typed = "/bb access grant web/api group:Developers write --in project";
        assert_eq!(ada.slack.types("#web", typed).await.status, 200);
        world.settle().await;
        let given = ada.told();
        snapshot!(world.read(&given), @"
        The group Developers may write to the project WEB now.
        [Undo]
        ");
        snapshot!(ada.types("/bb access list web/site").await, @"
        Who may do what in web/site:
        ada `admin` · by its project [Revoke]
        ada `write` [Revoke]
        edsger `write` [Revoke]
        grace `write` [Revoke]
        group Developers `write` · by its project [Revoke]
        [Give a right] [Review]
        ");
        snapshot!(ada.clicks(&given[0], "Undo").await, @"
        The group Developers no longer has a right on the project WEB itself.
        [Undo]
        ");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn what_the_project_gives_is_revoked_in_the_list() {
    on_both(async |world| {
        let repo = project(&world).forbid("ada").allow_by_project("grace", Permission::Admin);
        let grace = by_own_token(&world, "grace").await;
        assert_eq!(grace.slack.types("#web", "/bb access list web/api").await.status, 200);
        world.settle().await;
        let shown = grace.told();
        snapshot!(world.read(&shown), @"
        Who may do what in web/api:
        ada `admin` · by its project [Revoke]
        grace `admin` · by its project [Revoke]
        [Give a right] [Review]
        ");
        snapshot!(grace.clicks(&shown[0], "Revoke").await, @"
        ada no longer has `admin` on the project WEB.
        What a group gives them, or a repository itself, stays.
        [Give it again]
        ");
        assert_eq!(repo.given_by_project("ada"), None);
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn a_form_asks_where() {
    on_both(async |world| {
        let repo = project(&world);
        let ada = by_own_token(&world, "ada").await;
        let _form = ada.slack.types("#web", "/bb access grant web/api").await;
        world.settle().await;
        let _where = ada.slack.fills("Where", "In the whole project that it is in").await;
        let _who = ada.slack.picks("Who", "edsger", "edsger").await;
        let _level = ada.slack.fills("What they may do", "write").await;
        snapshot!(ada.sees_form(), @"
        Give a right
        Repository: web/api
        Who: edsger
        Where: In the whole project that it is in
        What they may do: write
        For how long (optional): ____
        (Like 8h, 3d or 2w; for good when left empty)
        What for (optional): ____
        [Give it]
        ");
        assert_eq!(ada.slack.submits().await.status, 200);
        world.settle().await;
        snapshot!(ada.sees_form(), @"
        Give a right
        edsger may write to the project WEB now.
        [Take it back]
        ");
        assert_eq!(repo.given_by_project("edsger"), Some(Permission::Write));
        let _told = ada.is_told();
        let _form = ada.slack.types("#web", "/bb access revoke web/api").await;
        world.settle().await;
        let _where = ada.slack.fills("Where", "In the whole project that it is in").await;
        let _who = ada.slack.picks("Who", "edsger", "edsger").await;
        assert_eq!(ada.slack.submits().await.status, 200);
        world.settle().await;
        snapshot!(ada.sees_form(), @"
        Take a right away
        edsger no longer has `write` on the project WEB.
        What a group gives them, or a repository itself, stays.
        [Give it again]
        ");
        assert_eq!(repo.given_by_project("edsger"), None);
        let _told = ada.is_told();
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn who_might_make_repositories_before_may_again() {
    let world = World::on(Edition::Cloud).await;
    let repo = project(&world).allow_by_project("edsger", Permission::Create);
    let ada = by_own_token(&world, "ada").await;
    snapshot!(ada.types("/bb access grant web/api edsger admin --in project --for 2h").await, @"
    edsger may administer the project WEB now, until 2026-11-21 10:00 UTC.
    Before, it was `create`; it will be again.
    [Take it back]
    ");
    hours(&world, 2).await;
    assert_eq!(repo.given_by_project("edsger"), Some(Permission::Create));
    snapshot!(ada.is_told(), @"
    edsger may no longer administer the project WEB.
    What there was before is back: `create`.
    ");
    snapshot!(ada.types("/bb access grant web/api grace create --in project").await, @"
    grace may make repositories in the project WEB now.
    [Take it back]
    ");
    snapshot!(ada.types("/bb access grant web/api grace create").await, @"`create` is a right in a project; a repository has `read`, `write` and `admin`.");
    world.finish().await;
}

#[tokio::test]
async fn on_cloud_a_token_for_projects_is_asked_for_and_then_it_is_done() {
    let world = World::on(Edition::Cloud).await;
    let repo = project(&world);
    let ada = world.person("ada").connected().await;
    assert_eq!(
        ada.slack.types("#web", "/bb access grant web/api edsger write --in project").await.status,
        200
    );
    world.settle().await;
    let told = ada.told();
    snapshot!(world.read(&told), @"
    cloud lets this be done only with a token of one's own, not with what you allowed me. It needs `read:project:bitbucket`, `admin:project:bitbucket`, `write:permission:bitbucket`, `delete:permission:bitbucket`.
    Make one that has it, and I'll carry on with what you asked as soon as you have entered it.
    [Use a token for cloud]
    ");
    ada.clicks(&told[0], "Use a token for cloud").await;
    sends(&ada, "ada@example.test", &world.bitbucket.personal_token(Edition::Cloud, "ada")).await;
    world.settle().await;
    snapshot!(ada.is_told(), @"
    edsger may write to the project WEB now.
    [Take it back]
    ");
    assert_eq!(repo.given_by_project("edsger"), Some(Permission::Write));
    world.finish().await;
}

/// What ada reads who meets one trouble after the other.
async fn in_trouble(edition: Edition) -> String {
    let world = World::on(edition).await;
    let repo = vault(&world);
    let mut read = Vec::new();
    let grant = "/bb access grant web/api edsger write --in project --for 8h";
    read.push(("not connected", world.person("grace").types(grant).await));
    let ada = by_own_token(&world, "ada").await;
    read.push(("administers the repository alone", ada.types(grant).await));
    read.push(("revoking, the same", ada.types("/bb access revoke web/api edsger --in project").await));
    let group = "/bb access revoke web/api group:Developers --in project";
    read.push(("of a group, the same", ada.types(group).await));
    let repo = repo.allow_by_project("ada", Permission::Admin);
    world.bitbucket.faults(edition).next("PUT ", &world.refusing(), 1);
    read.push(("refused", ada.types(grant).await));
    world.bitbucket.faults(edition).next("/", &World::failing(), 99);
    read.push(("down", ada.types(grant).await));
    world.bitbucket.faults(edition).call_off();
    hours(&world, 9).await;
    assert_eq!(repo.given_by_project("edsger"), None);
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

    (administers the repository alone)
    Bitbucket does not allow it: You do not administer this project.

    (revoking, the same)
    Bitbucket does not allow it: You do not administer this project.

    (of a group, the same)
    Bitbucket does not allow it: You do not administer this project.

    (refused)
    Not while the moon is full.

    (down)
    Bitbucket is in trouble or cannot be reached: it answered 503 when asked to look for people.
    I tried a few times; it may not have been done. Look before you ask again.
    ");
}

#[tokio::test]
async fn what_goes_wrong_on_data_center_is_said() {
    snapshot!(in_trouble(Edition::DataCenter).await, @"
    (not connected)
    First connect your account on bitbucket, so that I can do this as you.
    I'll carry on with what you asked as soon as you have.
    [Connect bitbucket]

    (administers the repository alone)
    Bitbucket does not allow it: You are not permitted to access this resource. If you have that right yourself, your token for dc lacks `PROJECT_ADMIN`.
    Make one that has it, and I'll carry on with what you asked as soon as you have entered it.
    [Use a token for dc]

    (revoking, the same)
    Bitbucket does not allow it: You are not permitted to access this resource. If you have that right yourself, your token for dc lacks `PROJECT_ADMIN`.
    Make one that has it, and I'll carry on with what you asked as soon as you have entered it.
    [Use a token for dc]

    (of a group, the same)
    Bitbucket does not allow it: You are not permitted to access this resource. If you have that right yourself, your token for dc lacks `PROJECT_ADMIN`.
    Make one that has it, and I'll carry on with what you asked as soon as you have entered it.
    [Use a token for dc]

    (refused)
    Not while the moon is full.

    (down)
    Bitbucket is in trouble or cannot be reached: it answered 503 when asked to look for people.
    I tried a few times; it may not have been done. Look before you ask again.
    ");
}
