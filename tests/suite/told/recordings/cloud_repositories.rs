//! What a channel hears of recordings of Bitbucket Cloud: repositories, and what comes to nothing.

use dipper::sandbox::bitbucket::Edition;

use super::{About, heard};

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "it is one literal: how each recording reads")]
async fn branches() {
    heard!(Cloud, Branches, @"
    ble-testsuite__repo-push__branch-created-2
        Gianluca Teti made the branch `gt/develop` in arolgroup/j0664-ns2-firmware.
        0123abc Merged in gmacario/dev03 (pull request #6)
        0123abc Add section: Make sure you are executing...
        0123abc Merge local changes into gmacario/dev03
        … and 2 more
    ble-testsuite__repo-push__branch-created-3
        Gianpaolo Macario made the branch `develop` in arolgroup/j0664-ns2-firmware.
        0123abc Merged in feat/sync-from-bitbucket (pull request #7)
        0123abc Source code cleanup
        0123abc Add step: Push changes to origin
        … and 2 more
    ble-testsuite__repo-push__branch-created
        Gianpaolo Macario made the branch `gmacario/test03` in arolgroup/j0664-ns2-firmware.
        0123abc Merged in gmacario/dev03 (pull request #5)
        0123abc Fix file mode
        0123abc Add section: ns2-firmware cheatsheet
        … and 2 more
    ble-testsuite__repo-push__branch-deleted
        Gianpaolo Macario deleted the branch `feat/sync-from-bitbucket` of arolgroup/j0664-ns2-firmware.
    ble-testsuite__repo-push__branch-updated-2
        Gianpaolo Macario pushed more than 5 commits to `main` of arolgroup/j0664-ns2-firmware.
        0123abc Merged in gmacario/dev03 (pull request #6)
        0123abc Add section: Make sure you are executing...
        0123abc Merge local changes into gmacario/dev03
        … and 2 more
    ble-testsuite__repo-push__branch-updated-3
        Gianluca Teti pushed 1 commit to `gt/develop` of arolgroup/j0664-ns2-firmware.
        0123abc Started integrating temperature characteristic.
    ble-testsuite__repo-push__branch-updated-4
        Gianpaolo Macario pushed more than 5 commits to `main` of arolgroup/j0664-ns2-firmware.
        0123abc Merged in feat/sync-from-bitbucket (pull request #7)
        0123abc Source code cleanup
        0123abc Add step: Push changes to origin
        … and 2 more
    ble-testsuite__repo-push__branch-updated-5
        Gianluca Teti pushed more than 5 commits to `gt/develop` of arolgroup/j0664-ns2-firmware.
        0123abc Merged in main (pull request #8)
        0123abc Merged in feat/sync-from-bitbucket (pull request #7)
        0123abc Source code cleanup
        … and 2 more
    ble-testsuite__repo-push__branch-updated
        Gianpaolo Macario pushed 1 commit to `gmacario/dev03` of arolgroup/j0664-ns2-firmware.
        0123abc Add section: Make sure you are executing...
    buildbot__repo-push__branch-deleted
        dropped: it lacks the repository's name
    buildbot__repo-push__branch-updated
        dropped: it lacks the repository's name
    go-playground-webhooks__repo-push__branch-updated
        Emma pushed 1 commit to `name-of-branch` of team_name/repo_name.
        0123abc commit message
    gocd__repo-push__branch-created
        someone made the branch `release` in gocd/spaceship.
    jenkins-bitbucket-branch-source__repo-push__branch-created-2
        Stephen Connolly made the branch `main` in cloudbeers/temp.
        0123abc README.md created online with Bitbucket
    jenkins-bitbucket-branch-source__repo-push__branch-created
        Nikolas Falco made the branch `feature/test` in amuniz/test-repos.
        0123abc Add simple pipeline
        0123abc Add resource file under a folder to test resource metadata
        0123abc Add sample script hello world
        … and 1 more
    jenkins-bitbucket-branch-source__repo-push__branch-deleted
        Nikolas Falco deleted the branch `feature/test` of amuniz/test-repos.
    jenkins-bitbucket-branch-source__repo-push__branch-forced
        Nikolas Falco pushed by force more than 5 commits to `feature/issue-819` of amuniz/test-repos.
        0123abc Test pipeline for issue JENKINS-75182
        0123abc Try using pipeline from JENKINS-74980
        0123abc Test issue 819
        … and 2 more
    jenkins-bitbucket-branch-source__repo-push__branch-updated
        Stephen Connolly pushed 1 commit to `main` of cloudbeers/temp.
        0123abc Jenkinsfile created online with Bitbucket
    jenkins-bitbucket-branch-source__repo-push__signed
        Nikolas Falco made the branch `feature/webhook` in nfalco79/test-repos.
        0123abc Test for webhook signature
        0123abc Add simple pipeline
        0123abc Add resource file under a folder to test resource metadata
        … and 2 more
    jenkins-bitbucket-ppr__repo-push__branch-updated
        me van me display name pushed 1 commit to `feature/do-not-merge` of some-repository/some-repo.
        0123abc test
    screwdriver__repo-push__branch-created
        Robin made the branch `stuff` in batman/test.
        0123abc testpayload
        0123abc stuff
        0123abc Initial commit with contributors
    skyhook__repo-push__anonymous-author
        Anonymous pushed 1 commit to `name-of-branch` of team_name/repo_name.
        0123abc commit message
    skyhook__repo-push__branch-updated
        Emma pushed 1 commit to `name-of-branch` of team_name/repo_name.
        0123abc commit message
    woodpecker__repo-push__branch-updated
        Martin Herren pushed 1 commit to `main` of martinherren1984/publictestrepo.
        0123abc a
    ");
}

#[tokio::test]
async fn tags_and_several_at_once() {
    heard!(Cloud, Others, @"
    buildbot__repo-push__tag-created
        dropped: it lacks the repository's name
    buildbot__repo-push__tag-deleted
        dropped: it lacks the repository's name
    gocd__repo-push__multi-change-3
        someone made the branch `release/1.0` in gocd/spaceship.
        someone made the branch `release/2.0` in gocd/spaceship.
        someone made the branch `release/3.0` in gocd/spaceship.
    jenkins-bitbucket-branch-source__repo-push__multi-change-3
        Stephen Connolly pushed 1 commit to `main` of cloudbeers/temp.
        Stephen Connolly made the branch `manchu` in cloudbeers/temp.
        Stephen Connolly set the tag `v0.1` in cloudbeers/temp.
    jenkins-bitbucket-branch-source__repo-push__tag-created-2
        Nikolas Falco set the tag `simple-tag` in amuniz/test-repos.
    jenkins-bitbucket-branch-source__repo-push__tag-created-3
        Nikolas Falco set the tag `test` in acme/tds.cm.maven.plugins-java.
    jenkins-bitbucket-branch-source__repo-push__tag-created
        Nikolas Falco set the tag `test-tag` in amuniz/test-repos.
    jenkins-bitbucket-branch-source__repo-push__tag-deleted
        Nikolas Falco deleted the tag `test` of amuniz/test-repos.
    skyhook__repo-push__tag-created
        SECURE_USER_DATA set the tag `version/10.64.3` in SECURE_TEAM_NAME/SECURE_REPO_NAME.
    ");
}

#[tokio::test]
async fn repositories_commits_and_builds() {
    heard!(Cloud, Repositories, @"
    go-playground-webhooks__repo-commit_comment_created
        Emma commented on commit 0123abc of team_name/repo_name on `path/to/file:10`: Comment text
    go-playground-webhooks__repo-commit_status_created__INPROGRESS
        Unit Tests (Python) began of team_name/repo_name · `9fec847`
    go-playground-webhooks__repo-commit_status_updated__SUCCESSFUL
        Unit Tests (Python) passed of team_name/repo_name · `9fec847`
    go-playground-webhooks__repo-fork
        Emma forked team_name/repo_name to team_name/repo_name.
    go-playground-webhooks__repo-updated
        Emma renamed teamawesome/repository_name to team_name/repo_name.
    screwdriver__repo-fork
        Robin forked batman/test to batman/test2.
    ");
}

#[tokio::test]
async fn what_comes_to_nothing() {
    heard!(Cloud, Nothing, @"
    go-playground-webhooks__issue-comment_created
        dropped: no topic carries `issue:comment_created`
    go-playground-webhooks__issue-created
        dropped: no topic carries `issue:created`
    go-playground-webhooks__issue-updated
        dropped: no topic carries `issue:updated`
    jenkins-bitbucket-branch-source__repo-push__no-changes
        dropped: nothing that anybody would see has changed
    screwdriver__issue-created
        dropped: no topic carries `issue:created`
    ");
}
