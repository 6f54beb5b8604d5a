//! Branches and tags: listed, made, and deleted after asking.

use dipper::sandbox::bitbucket::{Content, Permission};

use super::asks;
use crate::world::{Person, on_both};

/// Sends the form on the screen, and reads what became of it.
async fn sends(person: &Person<'_>) -> String {
    person.slack.submits().await;
    person.world.settle().await;
    person.sees_form()
}

#[tokio::test]
async fn branches_are_listed_the_latest_changed_first() {
    on_both(async |world| {
        let repo = world.repository("web/api");
        let _ = repo.branch("feature/a").with_commit("Add *a*", "ada");
        let ada = world.person("ada").connected().await;
        let list = asks(&ada, "/bb branch list web/api").await;
        snapshot!(world.read(std::slice::from_ref(&list)), @"
        Branches of web/api, the latest changed first
        `feature/a` 0123abc Add ∗a∗ · ada · 2026-11-21 08:00 UTC [Commits]
        `limit-rate` 0123abc Limit the rate · grace · 2026-11-21 08:00 UTC [Commits]
        `main` 0123abc Start the repository · root · 2026-11-21 08:00 UTC [Commits]
        ");
        snapshot!(ada.clicks(&list, "Commits").await, @"
        Latest commits in web/api on `feature/a`
        0123abc Add *a* · ada · 2026-11-21 08:00 UTC
        0123abc Start the repository · root · 2026-11-21 08:00 UTC
        ");
        snapshot!(ada.types("/bb branch list web/api --name zzz").await, @"No branch in web/api holds `zzz`");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn a_branch_is_made_and_deleted_and_made_again() {
    on_both(async |world| {
        let ada = world.person("ada").connected().await;
        snapshot!(ada.types("/bb branch create web/api feature/x#1 --at limit-rate").await, @"
        Made the branch `feature/x#1` at `limit-rate` in web/api.
        [Open a pull request]
        ");
        snapshot!(ada.types("/bb branch create web/api feature/x#1").await, @"web/api has a branch `feature/x#1` already.");
        assert_eq!(ada.types("/bb branch delete web/api feature/x#1").await, "");
        snapshot!(ada.sees_form(), @"
        Delete a branch
        Repository: web/api
        Branch: feature/x#1
        (It goes for everybody; its commits stay only where another branch or tag has them)
        [Delete it]
        ");
        snapshot!(sends(&ada).await, @"
        Delete a branch
        Deleted the branch `feature/x#1` of web/api; 0123abc was its last commit.
        [Make it again]
        ");
        let _ = ada.slack.presses("Make it again").await;
        world.settle().await;
        snapshot!(ada.sees_form(), @"
        Delete a branch
        Made the branch `feature/x#1` at 0123abc in web/api.
        [Open a pull request]
        ");
        let repo = world.repository("web/api");
        assert_eq!(repo.branch("feature/x#1").tip(), repo.branch("limit-rate").tip());
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn a_form_asks_what_the_branch_is_called() {
    on_both(async |world| {
        let ada = world.person("ada").connected().await;
        ada.types("/bb branch create web/api").await;
        snapshot!(ada.sees_form(), @"
        Make a branch
        Repository: web/api
        Name: ____
        Where (optional): ____
        (The main branch when left empty)
        [Make it]
        ");
        ada.slack.fills("Name", "fix").await;
        snapshot!(sends(&ada).await, @"
        Make a branch
        Made the branch `fix` at `main` in web/api.
        [Open a pull request]
        ");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_made_or_deleted_is_answered_with_why() {
    on_both(async |world| {
        let ada = world.person("ada").connected().await;
        snapshot!(ada.types("/bb branch create web/api new --at limit-rats").await, @"
        web/api has no branch, tag or commit `limit-rats`. Did you mean:
        [limit-rate]
        ");
        ada.types("/bb branch delete web/api nothing").await;
        snapshot!(sends(&ada).await, @"
        Delete a branch
        web/api has no branch `nothing`.
        ———
        Repository: web/api
        Branch: nothing
        (It goes for everybody; its commits stay only where another branch or tag has them)
        [Delete it]
        ");
        ada.types("/bb branch delete web/api main").await;
        let refused = sends(&ada).await;
        assert!(refused.contains("main") && world.repository("web/api").branch("main").tip().is_ok(), "{refused}");
        let _ = world.repository("web/api").allow("ada", Permission::Read);
        let refused = ada.types("/bb branch create web/api new").await;
        let who = "It takes write access to web/api, and branch permissions that allow it; whoever administers the repository can give you that.";
        assert!(refused.starts_with("Bitbucket does not allow it: ") && refused.ends_with(who), "{refused}");
        ada.types("/bb branch delete web/api limit-rate").await;
        assert!(sends(&ada).await.contains("Bitbucket does not allow it: "), "{}", ada.sees_form());
        assert!(world.repository("web/api").branch("limit-rate").tip().is_ok());
        snapshot!(world.person("edsger").types("/bb branch create web/api new").await, @"
        First connect your account on bitbucket, so that I can do this as you.
        I'll carry on with what you asked as soon as you have.
        [Connect bitbucket]
        ");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn tags_are_set_listed_and_deleted() {
    on_both(async |world| {
        let ada = world.person("ada").connected().await;
        snapshot!(ada.types("/bb tag list web/api").await, @"No tags in web/api");
        snapshot!(ada.types("/bb tag create web/api v1/rc --at limit-rate --message First").await, @"Set the tag `v1/rc` at `limit-rate` in web/api.");
        snapshot!(ada.types("/bb tag list web/api").await, @"
        Tags of web/api, the latest first
        `v1/rc` 0123abc Limit the rate · grace · 2026-11-21 08:00 UTC [Commits]
        ");
        snapshot!(ada.types("/bb tag create web/api v1/rc").await, @"web/api has a tag `v1/rc` already.");
        snapshot!(ada.types("/bb tag create web/api v2 --at limt-rate").await, @"
        web/api has no branch, tag or commit `limt-rate`. Did you mean:
        [limit-rate]
        ");
        ada.types("/bb tag delete web/api v1/rc").await;
        snapshot!(sends(&ada).await, @"
        Delete a tag
        Deleted the tag `v1/rc` of web/api; 0123abc is what it marked.
        [Set it again]
        ");
        ada.types("/bb tag delete web/api v9").await;
        snapshot!(sends(&ada).await, @"
        Delete a tag
        web/api has no tag `v9`.
        ———
        Repository: web/api
        Tag: v9
        (It goes for everybody)
        [Delete it]
        ");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn what_an_empty_repository_holds_is_said() {
    on_both(async |world| {
        let repo = world.repository("web/api");
        let _ = repo.branch("main").with_file("a", Content::Text(String::new()), "ada");
        let ada = world.person("ada").connected().await;
        snapshot!(ada.types("/bb file web/api a").await, @"a is empty.");
        snapshot!(ada.types("/bb tag list web/api --name v").await, @"No tag in web/api holds `v`");
        world.finish().await;
    })
    .await;
}
