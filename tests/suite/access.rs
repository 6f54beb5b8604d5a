//! Rights: who has which, given for good or for a time, taken away, and ended by themselves whatever happens.

mod asking;
mod buttons;
mod ending;
mod projects;
mod review;
mod two;

use std::time::Duration;

use dipper::sandbox::bitbucket::{Edition, Permission, RepoHandle};

use crate::connecting::tokens::{by_own_token, sends};
use crate::world::{World, on_both};

const HOUR: Duration = Duration::from_hours(1);

/// A repository that ada administers and the others have no part in; they work in another.
fn vault(world: &World) -> RepoHandle {
    let _other = world.repository("web/site");
    world.repository("web/api").allow("ada", Permission::Admin).forbid("edsger").forbid("grace")
}

/// Lets so many hours pass, one after the other.
async fn hours(world: &World, many: u32) {
    for _ in 0..many {
        world.advance(HOUR).await;
    }
}

#[tokio::test]
async fn who_may_do_what_is_listed_with_where_they_have_it_from() {
    on_both(async |world| {
        let _repo = vault(&world)
            .allow_by_project("ada", Permission::Admin)
            .allow_by_project("grace", Permission::Write)
            .allow_group("backend", Permission::Read);
        let ada = by_own_token(&world, "ada").await;
        let _given = ada.types("/bb access grant web/api edsger write --for 8h").await;
        snapshot!(ada.types("/bb access list web/api").await, @"
        Who may do what in web/api:
        ada `admin` [Revoke]
        ada `admin` · by its project [Revoke]
        edsger `write` · until 2026-11-21 16:00 UTC [Revoke]
        grace `write` · by its project [Revoke]
        group backend `read` [Revoke]
        [Give a right] [Review]
        ");
        hours(&world, 9).await;
        let _over = ada.is_told();
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn a_right_is_given_for_a_time_and_ends_by_itself() {
    on_both(async |mut world| {
        let repo = vault(&world).allow("edsger", Permission::Read);
        let _edsger = world.person("edsger").connected().await;
        let ada = by_own_token(&world, "ada").await;
        snapshot!(ada.types("/bb access grant web/api edsger write --for 8h --reason \"the release\"").await, @"
        edsger may write to web/api now, until 2026-11-21 16:00 UTC.
        Before, it was `read`; it will be again.
        What for: the release
        [Take it back]
        ");
        assert_eq!(repo.given("edsger"), Some(Permission::Write));
        snapshot!(world.person("edsger").is_told(), @"
        @ada lets you write to web/api until 2026-11-21 16:00 UTC.
        What for: the release
        ");
        hours(&world, 5).await;
        world.restart().await;
        hours(&world, 2).await;
        assert_eq!(repo.given("edsger"), Some(Permission::Write));
        hours(&world, 1).await;
        assert_eq!(repo.given("edsger"), Some(Permission::Read));
        snapshot!(world.person("ada").is_told(), @"
        edsger may no longer write to web/api.
        What there was before is back: `read`.
        It was for: the release
        ");
        snapshot!(world.person("edsger").is_told(), @"
        Your time to write to web/api is over.
        It was for: the release
        ");
        let audit = world.person("ada").types("/bb audit").await;
        let given = "`access grant web/api edsger write --for 8h --reason \"the release\"`: done";
        assert!(audit.contains(given), "{audit}");
        assert!(audit.contains("@ada `access end edsger write read the release`: done"), "{audit}");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn a_group_is_given_a_right_and_it_is_taken_away() {
    on_both(async |world| {
        let _repo = vault(&world);
        let ada = by_own_token(&world, "ada").await;
        let grant = "/bb access grant web/api group:Developers write";
        assert_eq!(ada.slack.types("#web", grant).await.status, 200);
        world.settle().await;
        let told = ada.told();
        snapshot!(world.read(&told), @"
        The group Developers may write to web/api now.
        [Undo]
        ");
        snapshot!(ada.types(grant).await, @"The group Developers may already write to web/api; nothing was changed.");
        assert_eq!(ada.slack.types("#web", "/bb access list web/api").await.status, 200);
        world.settle().await;
        snapshot!(world.read(&ada.told()), @"
        Who may do what in web/api:
        ada `admin` [Revoke]
        group Developers `write` [Revoke]
        [Give a right] [Review]
        ");
        snapshot!(ada.clicks(&told[0], "Undo").await, @"
        The group Developers no longer has a right on web/api itself.
        [Undo]
        ");
        snapshot!(ada.types("/bb access revoke web/api group:Developers").await, @"The group Developers was given nothing on web/api; nothing was changed.");
        snapshot!(ada.types("/bb access grant web/api group:Developers write --for 8h").await, @"A group has a right for good: leave `--for` out, or name somebody instead of the group.");
        let unknown = ada.types("/bb access grant web/api group:Nobodies write").await;
        assert!(unknown.contains("Nobodies") || unknown.contains("nothing of that name"), "{unknown}");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn channels_that_asked_hear_of_rights_given_and_ended_here() {
    on_both(async |world| {
        let _repo = vault(&world);
        let ada = by_own_token(&world, "ada").await;
        let said = ada.types("/bb subscribe web/api permissions").await;
        assert!(!said.contains("never"), "{said}");
        let _hook = world.hears("#web");
        let _given = ada.types("/bb access grant web/api edsger write --for 2h").await;
        snapshot!(world.hears("#web"), @"ada let edsger write to web/api until 2026-11-21 10:00 UTC.");
        hours(&world, 2).await;
        snapshot!(world.hears("#web"), @"ada took away the right of edsger in web/api.");
        let _over = ada.is_told();
        let _again = ada.types("/bb access grant web/api edsger read").await;
        snapshot!(world.hears("#web"), @"ada let edsger read web/api.");
        let _revoked = ada.types("/bb access revoke web/api edsger").await;
        snapshot!(world.hears("#web"), @"ada took away the right of edsger in web/api.");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn what_is_given_for_good_stays_and_is_taken_away_by_hand() {
    on_both(async |world| {
        let repo = vault(&world);
        let ada = by_own_token(&world, "ada").await;
        snapshot!(ada.types("/bb access grant web/api edsger write").await, @"
        edsger may write to web/api now.
        [Take it back]
        ");
        snapshot!(ada.types("/bb access grant web/api edsger read --for 8h").await, @"edsger may already write to web/api; nothing was changed.");
        let revoked = "/bb access revoke web/api edsger";
        assert_eq!(ada.slack.types("#web", revoked).await.status, 200);
        world.settle().await;
        let told = ada.told();
        snapshot!(world.read(&told), @"
        edsger no longer has `write` on web/api.
        What a group or the project gives them stays.
        [Give it again]
        ");
        assert_eq!(repo.given("edsger"), None);
        snapshot!(ada.clicks(&told[0], "Give it again").await, @"
        edsger may write to web/api now.
        [Take it back]
        ");
        assert_eq!(repo.given("edsger"), Some(Permission::Write));
        let _again = ada.types(revoked).await;
        snapshot!(ada.types(revoked).await, @"edsger was given nothing on web/api itself; nothing was changed.");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn a_longer_time_takes_the_place_of_a_shorter_one() {
    on_both(async |world| {
        let repo = vault(&world).allow("edsger", Permission::Read);
        let ada = by_own_token(&world, "ada").await;
        let _short = ada.types("/bb access grant web/api edsger write --for 2h").await;
        snapshot!(ada.types("/bb access grant web/api edsger admin --for 4h").await, @"
        edsger may administer web/api now, until 2026-11-21 12:00 UTC.
        Before, it was `read`; it will be again.
        [Take it back]
        ");
        hours(&world, 3).await;
        assert_eq!(repo.given("edsger"), Some(Permission::Admin));
        hours(&world, 1).await;
        assert_eq!(repo.given("edsger"), Some(Permission::Read));
        let _over = ada.is_told();
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn what_others_gave_since_is_not_lowered_by_hand_either() {
    on_both(async |world| {
        let repo = vault(&world);
        let ada = by_own_token(&world, "ada").await;
        assert_eq!(ada.slack.types("#web", "/bb access grant web/api edsger write --for 2h").await.status, 200);
        world.settle().await;
        let given = ada.told();
        let repo = repo.allow("edsger", Permission::Admin);
        snapshot!(ada.types("/bb access grant web/api edsger read --for 4h").await, @"edsger may already administer web/api; nothing was changed.");
        snapshot!(ada.clicks(&given[0], "Take it back").await, @"
        Others have changed it since: edsger has `admin` on web/api now. Nothing was changed.
        [Revoke it all the same]
        ");
        assert_eq!(repo.given("edsger"), Some(Permission::Admin));
        hours(&world, 3).await;
        let _left = ada.is_told();
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn on_cloud_a_token_of_ones_own_is_asked_for_and_then_it_is_done() {
    let world = World::on(Edition::Cloud).await;
    let repo = vault(&world);
    let ada = world.person("ada").connected().await;
    assert_eq!(ada.slack.types("#web", "/bb access grant web/api edsger write").await.status, 200);
    world.settle().await;
    let told = ada.told();
    snapshot!(world.read(&told), @"
    cloud lets this be done only with a token of one's own, not with what you allowed me. It needs `admin:repository:bitbucket`, `read:permission:bitbucket`, `write:permission:bitbucket`, `delete:permission:bitbucket`.
    Make one that has it, and I'll carry on with what you asked as soon as you have entered it.
    [Use a token for cloud]
    ");
    ada.clicks(&told[0], "Use a token for cloud").await;
    sends(&ada, "ada@example.test", &world.bitbucket.personal_token(Edition::Cloud, "ada")).await;
    world.settle().await;
    snapshot!(ada.is_told(), @"
    edsger may write to web/api now.
    [Take it back]
    ");
    assert_eq!(repo.given("edsger"), Some(Permission::Write));
    world.finish().await;
}

/// What ada reads who meets one trouble after the other.
async fn in_trouble(edition: Edition) -> String {
    let world = World::on(edition).await;
    let repo = vault(&world);
    let mut read = Vec::new();
    let grace = world.person("grace");
    read.push(("not connected", grace.types("/bb access grant web/api edsger write").await));
    let ada = by_own_token(&world, "ada").await;
    let _less = repo.clone().allow("ada", Permission::Read);
    for typed in ["list web/api", "grant web/api edsger write --for 8h", "revoke web/api edsger"] {
        read.push((typed, ada.types(&format!("/bb access {typed}")).await));
    }
    let _more = repo.clone().allow("ada", Permission::Admin);
    read.push(("nothing of that name", ada.types("/bb access grant web/nothing edsger write").await));
    read.push(("nobody of that name", ada.types("/bb access grant web/api nobody write").await));
    read.push(("no such right", ada.types("/bb access grant web/api edsger own").await));
    world.bitbucket.faults(edition).next("PUT ", &world.refusing(), 1);
    read.push(("refused", ada.types("/bb access grant web/api edsger write --for 8h").await));
    world.bitbucket.faults(edition).call_off();
    world.bitbucket.faults(edition).next("/", &World::failing(), 99);
    read.push(("down", ada.types("/bb access list web/api").await));
    world.bitbucket.faults(edition).call_off();
    assert_eq!(repo.given("edsger"), None);
    let read: Vec<String> = read.iter().map(|(what, read)| format!("({what})\n{read}")).collect();
    // What was never given does not end either.
    hours(&world, 9).await;
    world.finish().await;
    read.join("\n\n")
}

#[tokio::test]
async fn what_goes_wrong_on_cloud_is_said() {
    snapshot!(in_trouble(Edition::Cloud).await, @"
    (not connected)
    First connect your account on bitbucket, so that I can do this as you.
    I'll carry on with what you asked as soon as you have.
    [Connect bitbucket]

    (list web/api)
    Bitbucket does not allow it: You do not have the permission to do this in this repository.

    (grant web/api edsger write --for 8h)
    Bitbucket does not allow it: You do not have the permission to do this in this repository.

    (revoke web/api edsger)
    Bitbucket does not allow it: You do not have the permission to do this in this repository.

    (nothing of that name)
    Bitbucket has nothing of that name that you may see.

    (nobody of that name)
    Nobody around web is called `nobody`. Mention them, or write their Bitbucket name.

    (no such right)
    A right is `read`, `write` or `admin`; in a project also `create`.
    Usage: `/bb access grant [repo] [who] [level] [--in repository/project] [--for time] [--reason text]`
    For example: `/bb access grant web/api @edsger write --for 8h`

    (refused)
    Not while the moon is full.

    (down)
    Bitbucket is in trouble or cannot be reached: it answered 503 when asked to list the rights.
    I tried a few times. Ask again in a moment.
    ");
}

#[tokio::test]
async fn what_goes_wrong_on_data_center_is_said() {
    snapshot!(in_trouble(Edition::DataCenter).await, @"
    (not connected)
    First connect your account on bitbucket, so that I can do this as you.
    I'll carry on with what you asked as soon as you have.
    [Connect bitbucket]

    (list web/api)
    Bitbucket does not allow it: You are not permitted to access this resource. If you have that right yourself, your token for dc lacks `REPO_ADMIN`.
    Make one that has it, and I'll carry on with what you asked as soon as you have entered it.
    [Use a token for dc]

    (grant web/api edsger write --for 8h)
    Bitbucket does not allow it: You are not permitted to access this resource. If you have that right yourself, your token for dc lacks `REPO_ADMIN`.
    Make one that has it, and I'll carry on with what you asked as soon as you have entered it.
    [Use a token for dc]

    (revoke web/api edsger)
    Bitbucket does not allow it: You are not permitted to access this resource. If you have that right yourself, your token for dc lacks `REPO_ADMIN`.
    Make one that has it, and I'll carry on with what you asked as soon as you have entered it.
    [Use a token for dc]

    (nothing of that name)
    Bitbucket has nothing of that name that you may see.

    (nobody of that name)
    Nobody around web is called `nobody`. Mention them, or write their Bitbucket name.

    (no such right)
    A right is `read`, `write` or `admin`; in a project also `create`.
    Usage: `/bb access grant [repo] [who] [level] [--in repository/project] [--for time] [--reason text]`
    For example: `/bb access grant web/api @edsger write --for 8h`

    (refused)
    Not while the moon is full.

    (down)
    Bitbucket is in trouble or cannot be reached: it answered 503 when asked to list the rights.
    I tried a few times. Ask again in a moment.
    ");
}

#[tokio::test]
async fn a_form_asks_whom_and_what() {
    on_both(async |world| {
        let repo = vault(&world);
        let ada = by_own_token(&world, "ada").await;
        assert_eq!(ada.slack.types("#web", "/bb access grant web/api").await.status, 200);
        world.settle().await;
        snapshot!(ada.sees_form(), @"
        Give a right
        Repository: web/api
        Who: ____
        Where: In this repository
        What they may do: ____
        For how long (optional): ____
        (Like 8h, 3d or 2w; for good when left empty)
        What for (optional): ____
        [Give it]
        ");
        let _who = ada.slack.picks("Who", "edsger", "edsger").await;
        let _level = ada.slack.fills("What they may do", "write").await;
        let _lasts = ada.slack.fills("For how long", "3d").await;
        assert_eq!(ada.slack.submits().await.status, 200);
        world.settle().await;
        snapshot!(ada.sees_form(), @"
        Give a right
        edsger may write to web/api now, until 2026-11-24 08:00 UTC.
        [Take it back]
        ");
        assert_eq!(repo.given("edsger"), Some(Permission::Write));
        let _told = ada.is_told();
        hours(&world, 73).await;
        assert_eq!(repo.given("edsger"), None);
        let _over = ada.is_told();
        world.finish().await;
    })
    .await;
}
