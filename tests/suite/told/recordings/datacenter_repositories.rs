//! What a channel hears of recordings of Data Center: repositories, and what comes to nothing.

use dipper::sandbox::bitbucket::Edition;

use super::{About, heard};

#[tokio::test]
async fn branches() {
    heard!(DataCenter, Branches, @"
    go-playground-webhooks__repo-refs_changed__branch-delete
        Foo Bar deleted the branch `feature/wip` of ~gopher/webhook-test.
    gocd__repo-refs_changed__branch
        someone made the branch `release` in GOCD/spaceship.
    jenkins-bitbucket-branch-source__repo-refs_changed__branch-delete
        Administrator deleted the branch `feature/BB-1` of AMUNIZ/test-repos.
    jenkins-bitbucket-branch-source__repo-refs_changed__branch-update
        Antonio Muniz pushed 1 commit to `main` of AMUNIZ/test-repos.
        0123abc source-2: Wed 13 Nov 2024 21:54:36 AEST
    jenkins-bitbucket-branch-source__repo-refs_changed__dc-v10-with-commits
        Administrator made the branch `feature/BB-1` in AMUNIZ/test-repos.
        0123abc Suppress echo command part
        0123abc Support also windows environments
        0123abc Add sample script hello world
        … and 1 more
    jenkins-bitbucket-branch-source__repo-refs_changed__signed-no-header-recorded
        Administrator deleted the branch `feature/BB-1` of AMUNIZ/test-repos.
    jenkins-bitbucket-ppr__repo-refs_changed__branch-update
        me display name pushed commits to `master` of ABC/some-repo-slug.
    woodpecker__repo-refs_changed__branch-update
        Renovate Bot pushed 1 commit to `renovate-all` of DEV/deployment-automation.
        0123abc chore(deps): update all
    ");
}

#[tokio::test]
async fn tags_and_several_at_once() {
    heard!(DataCenter, Others, @"
    gocd__repo-refs_changed__multi-change-3
        someone made the branch `release/1.0` in GOCD/spaceship.
        someone made the branch `release/2.0` in GOCD/spaceship.
        someone made the branch `release/3.0` in GOCD/spaceship.
    jenkins-bitbucket-branch-source__repo-refs_changed__tag-add-2
        Administrator set the tag `simple-tag` in AMUNIZ/test-repos.
    jenkins-bitbucket-branch-source__repo-refs_changed__tag-add
        Administrator set the tag `annotated-tag` in AMUNIZ/test-repos.
    jenkins-bitbucket-branch-source__repo-refs_changed__tag-delete
        Administrator deleted the tag `simple-tag` of AMUNIZ/test-repos.
    skyhook__repo-refs_changed__multi-change-20
        Administrator pushed commits to `master` of PROJ/repository.
        Administrator pushed commits to `master` of PROJ/repository.
        Administrator pushed commits to `master` of PROJ/repository.
        Administrator pushed commits to `master` of PROJ/repository.
        Administrator pushed commits to `master` of PROJ/repository.
        Administrator pushed commits to `master` of PROJ/repository.
        Administrator pushed commits to `master` of PROJ/repository.
        Administrator pushed commits to `master` of PROJ/repository.
        Administrator pushed commits to `master` of PROJ/repository.
        Administrator pushed commits to `master` of PROJ/repository.
        … and 10 more branches and tags
    ");
}

#[tokio::test]
async fn repositories_commits_and_builds() {
    heard!(DataCenter, Repositories, @"
    generic-webhook-trigger__repo-comment-added
        Tomas Bjerre commented on commit 0123abc of PROJ/repo_1: hej
    go-playground-webhooks__repo-comment-added
        Foo Bar commented on commit 0123abc of ~gopher/webhook-test: test
    go-playground-webhooks__repo-forked
        Cain Piper forked ~gopher/webhook-test to ~tux/webhook-test.
    go-playground-webhooks__repo-modified
        Foo Bar renamed gopher/webhook-test-2 to gopher/webhook-test.
    ");
}

#[tokio::test]
async fn what_comes_to_nothing() {
    heard!(DataCenter, Nothing, @"
    buildbot__addon-post-webhooks__deleteBranch
        dropped: `addon:post:webhooks` is not an event of this Bitbucket
    buildbot__addon-post-webhooks__deleteTag
        dropped: `addon:post:webhooks` is not an event of this Bitbucket
    buildbot__addon-post-webhooks__newTag
        dropped: `addon:post:webhooks` is not an event of this Bitbucket
    buildbot__addon-post-webhooks__pullRequestCreated
        dropped: `addon:post:webhooks` is not an event of this Bitbucket
    buildbot__addon-post-webhooks__push
        dropped: `addon:post:webhooks` is not an event of this Bitbucket
    go-playground-webhooks__repo-comment-deleted
        dropped: no topic carries `repo:comment:deleted`
    go-playground-webhooks__repo-comment-edited
        dropped: no topic carries `repo:comment:edited`
    jenkins-bitbucket-branch-source__addon-post-webhooks__pullrequest
        dropped: `addon:post:webhooks` is not an event of this Bitbucket
    jenkins-bitbucket-branch-source__addon-post-webhooks__push
        dropped: `addon:post:webhooks` is not an event of this Bitbucket
    jenkins-bitbucket-branch-source__mirror-repo_synchronized
        dropped: no topic carries `mirror:repo_synchronized`
    jenkins-bitbucket-branch-source__mirror-repo_synchronized__refLimitExceeded
        dropped: no topic carries `mirror:repo_synchronized`
    jenkins-bitbucket-branch-source__repo-refs_changed__no-changes
        dropped: nothing that anybody would see has changed
    DERIVED__project-modified
        dropped: no topic carries `project:modified`
    ");
}
