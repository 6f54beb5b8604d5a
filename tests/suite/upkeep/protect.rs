//! Branches protected in plain words, and what holds for them lifted again.

use dipper::sandbox::bitbucket::{Edition, Permission};

use crate::connecting::tokens::by_own_token;
use crate::world::{World, on_both};

#[tokio::test]
async fn branches_are_protected_and_shown() {
    on_both(async |world| {
        let _repo = world.repository("web/api").allow("ada", Permission::Admin);
        let ada = by_own_token(&world, "ada").await;
        snapshot!(ada.types("/bb protect list web/api").await, @"
        No branch is protected in web/api.
        [Protect branches]
        ");
        assert_eq!(
            ada.slack.types("#web", "/bb protect add web/api main --no-direct-push --no-delete").await.status,
            200
        );
        world.settle().await;
        let told = ada.told();
        snapshot!(world.read(&told), @"
        From now on, in web/api:
        • main changes only by pull requests
        • main is not deleted
        [Undo] [Show all]
        ");
        snapshot!(ada.types("/bb protect add web/api main --no-delete --no-rewrite").await, @"
        From now on, in web/api:
        • main is not rewritten
        • main is not deleted
        [Undo] [Show all]
        ");
        snapshot!(ada.types("/bb protect add web/api main --no-delete").await, @"
        That holds already in web/api:
        • main is not deleted
        [Show all]
        ");
        assert_eq!(ada.slack.types("#web", "/bb protect list web/api").await.status, 200);
        world.settle().await;
        let list = ada.told();
        snapshot!(world.read(&list), @"
        What branches are protected from in web/api:
        main changes only by pull requests [Lift]
        main is not rewritten [Lift]
        main is not deleted [Lift]
        [Protect branches]
        ");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn what_was_protected_is_let_go_and_put_back() {
    on_both(async |world| {
        let repo = world.repository("web/api").allow("ada", Permission::Admin);
        let ada = by_own_token(&world, "ada").await;
        let protect = "/bb protect add web/api main --no-direct-push --no-delete";
        assert_eq!(ada.slack.types("#web", protect).await.status, 200);
        world.settle().await;
        let told = ada.told();
        let _more = ada.types("/bb protect add web/api main --no-rewrite").await;
        snapshot!(ada.clicks(&told[0], "Undo").await, @"
        In web/api, this no longer holds:
        • main changes only by pull requests
        • main is not deleted
        [Put it back] [Show all]
        ");
        assert_eq!(repo.restrictions().len(), 1);
        assert_eq!(ada.slack.types("#web", "/bb protect remove web/api main").await.status, 200);
        world.settle().await;
        let lifted = ada.told();
        snapshot!(world.read(&lifted), @"
        In web/api, this no longer holds:
        • main is not rewritten
        [Put it back] [Show all]
        ");
        assert!(repo.restrictions().is_empty());
        snapshot!(ada.types("/bb protect remove web/api main").await, @"
        main is not protected from that in web/api; nothing was changed.
        [Show all]
        ");
        snapshot!(ada.clicks(&lifted[0], "Put it back").await, @"
        From now on, in web/api:
        • main is not rewritten
        [Undo] [Show all]
        ");
        assert_eq!(repo.restrictions().len(), 1);
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn on_cloud_a_merge_takes_approvals_builds_and_tasks() {
    let world = World::on(Edition::Cloud).await;
    let repo = world.repository("web/api").allow("ada", Permission::Admin);
    let ada = by_own_token(&world, "ada").await;
    snapshot!(ada.types("/bb protect add web/api release/* --require-approvals 2 --require-builds 1 --require-tasks").await, @"
    From now on, in web/api:
    • release/* takes 2 approvals to merge
    • release/* takes 1 passing build to merge
    • release/* takes all tasks done to merge
    [Undo] [Show all]
    ");
    snapshot!(ada.types("/bb protect add web/api release/* --require-approvals 1").await, @"
    From now on, in web/api:
    • release/* takes 1 approval to merge
    [Undo] [Show all]
    ");
    assert_eq!(
        repo.restrictions(),
        [
            "require_approvals_to_merge release/* 1",
            "require_passing_builds_to_merge release/* 1",
            "require_tasks_to_be_completed release/*"
        ]
    );
    snapshot!(ada.types("/bb protect remove web/api release/* --only approvals").await, @"
    In web/api, this no longer holds:
    • release/* takes 1 approval to merge
    [Put it back] [Show all]
    ");
    world.finish().await;
}

#[tokio::test]
async fn what_data_center_has_no_rule_for_is_said_with_what_was_set_before() {
    let world = World::on(Edition::DataCenter).await;
    let repo = world.repository("web/api").allow("ada", Permission::Admin);
    let ada = by_own_token(&world, "ada").await;
    snapshot!(ada.types("/bb protect add web/api main --no-delete --require-approvals 2").await, @"
    Data Center asks for approvals, builds and tasks in the repository's settings, under merge checks, and not branch by branch.
    Set before that: main is not deleted.
    ");
    assert_eq!(repo.restrictions(), ["no-deletes main"]);
    world.finish().await;
}

#[tokio::test]
async fn whom_it_does_not_hold_for_is_named() {
    on_both(async |world| {
        let kind = if world.edition == Edition::Cloud { "push" } else { "pull-request-only" };
        let repo =
            world.repository("web/api").allow("ada", Permission::Admin).restricted(kind, "main", &["grace"]);
        let ada = by_own_token(&world, "ada").await;
        assert_eq!(ada.slack.types("#web", "/bb protect list web/api").await.status, 200);
        world.settle().await;
        let list = ada.told();
        snapshot!(world.read(&list), @"
        What branches are protected from in web/api:
        main changes only by pull requests, but for grace [Lift]
        [Protect branches]
        ");
        snapshot!(ada.clicks(&list[0], "Lift").await, @"
        In web/api, this no longer holds:
        • main changes only by pull requests
        It did not hold for some, which I cannot put back.
        [Show all]
        ");
        assert!(repo.restrictions().is_empty());
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn a_form_has_boxes_for_what_holds() {
    on_both(async |world| {
        let repo = world.repository("web/api").allow("ada", Permission::Admin);
        let ada = by_own_token(&world, "ada").await;
        let _form = ada.slack.types("#web", "/bb protect add web/api").await;
        world.settle().await;
        snapshot!(ada.sees_form(), @"
        Protect branches
        Repository: web/api
        Branches: ____
        (A name like main, or a form like release/*)
        What holds for them (optional): [ ] They change only by pull requests [ ] What is there is not rewritten [ ] They are not deleted [ ] A merge takes all tasks done
        Approvals a merge takes (optional): ____
        Passing builds a merge takes (optional): ____
        [Protect them]
        ");
        let _branches = ada.slack.fills("Branches", "main").await;
        let _boxes = ada.slack.fills("What holds for them", "They are not deleted").await;
        assert_eq!(ada.slack.submits().await.status, 200);
        world.settle().await;
        snapshot!(ada.sees_form(), @"
        Protect branches
        From now on, in web/api:
        • main is not deleted
        [Undo] [Show all]
        ");
        assert_eq!(repo.restrictions().len(), 1);
        world.finish().await;
    })
    .await;
}
