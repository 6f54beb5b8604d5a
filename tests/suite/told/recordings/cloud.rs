//! What a channel hears of recordings of Bitbucket Cloud: pull requests.

use dipper::sandbox::bitbucket::Edition;

use super::{About, heard};

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "it is one literal: how each recording reads")]
async fn pull_requests_that_were_opened_or_changed() {
    heard!(Cloud, Changes, @"
    ble-testsuite__pullrequest-created
        Gianpaolo Macario opened arolgroup/j0664-ns2-firmware#6 [Feat] Integrate branch gmacario/dev03
        `gmacario/dev03` → `main` · no reviewers
        [Approve] [Needs work] [Comment] [Merge] [More… ▾]
    ble-testsuite__pullrequest-updated
        Gianluca Teti opened arolgroup/j0664-ns2-firmware#8 Main
        `main` → `gt/develop` · no reviewers
        [Approve] [Needs work] [Comment] [Merge] [More… ▾]

        (in the thread) Gianluca Teti changed it.
    buildbot__pullrequest-created
        dropped: it lacks the pull request's destination
    go-playground-webhooks__pullrequest-created
        Emma opened team_name/repo_name#1 Title of pull request
        `branch2` → `master` · 0 of 1 approved
        to review: Emma
        [Approve] [Needs work] [Comment] [Merge] [More… ▾]
    jenkins-bitbucket-branch-source__pullrequest-created-2
        Stephen Q. Connolly opened cloudbeers/temp#1 README.md edited online with Bitbucket
        `foo` → `main` · no reviewers
        [Approve] [Needs work] [Comment] [Merge] [More… ▾]
    jenkins-bitbucket-branch-source__pullrequest-created
        Nikolas Falco opened amuniz/test-repos#735 BUILD test
        `feature/test` → `master` · no reviewers
        [Approve] [Needs work] [Comment] [Merge] [More… ▾]
    jenkins-bitbucket-branch-source__pullrequest-created__fork
        Stephen Q. Connolly opened cloudbeers/temp#3 Forking for PR
        `stephenc/temp-fork:main` → `main` · no reviewers
        [Approve] [Needs work] [Comment] [Merge] [More… ▾]
    jenkins-bitbucket-branch-source__pullrequest-updated
        Former user opened nfalco79/test-repos#1 Release/release 1
        `release/release-1` → `master` · 1 approval
        approved: Former user
        [Approve] [Needs work] [Comment] [Merge] [More… ▾]

        (in the thread) Nikolas Falco changed it.
    jenkins-bitbucket-branch-source__pullrequest-updated__newCommit
        (in the thread) Stephen Connolly pushed to `main`.
    jenkins-bitbucket-branch-source__pullrequest-updated__newDestination
        (edited) Stephen Q. Connolly opened cloudbeers/temp#3 Forking for PR
        `stephenc/temp-fork:main` → `stable` · no reviewers
        [Approve] [Needs work] [Comment] [Merge] [More… ▾]

        (in the thread) Stephen Connolly wants it in `stable` now.
    jenkins-bitbucket-branch-source__pullrequest-updated__newDestinationCommit
        (edited) Stephen Q. Connolly opened cloudbeers/temp#3 Forking for PR
        `stephenc/temp-fork:main` → `main` · no reviewers
        [Approve] [Needs work] [Comment] [Merge] [More… ▾]

        (in the thread) Stephen Connolly wants it in `main` now.
    jenkins-bitbucket-ppr__pullrequest-created
        me display name opened some-repo-namespace/some-repo#198 I have to push the pram a lot X.
        `feature/do-not-merge` → `develop` · no reviewers
        [Approve] [Needs work] [Comment] [Merge] [More… ▾]
    jenkins-bitbucket-ppr__pullrequest-updated
        (in the thread) me display name pushed to `feature/do-not-merge`.
    screwdriver__pullrequest-created
        Batman opened batman/test#3 Mynewbranch
        `mynewbranch` → `master` · no reviewers
        [Approve] [Needs work] [Comment] [Merge] [More… ▾]
    screwdriver__pullrequest-updated
        Batman opened batman/test#7 Prbranch
        `prbranch` → `master` · no reviewers
        [Approve] [Needs work] [Comment] [Merge] [More… ▾]

        (in the thread) Batman changed it.
    woodpecker__pullrequest-created
        emmap1 opened user_name/repo_name#1 Title of pull request
        `branch2` → `main` · no reviewers
        [Approve] [Needs work] [Comment] [Merge] [More… ▾]
    ");
}

#[tokio::test]
async fn pull_requests_that_ended() {
    heard!(Cloud, Ends, @"
    ble-testsuite__pullrequest-fulfilled-2
        Gianpaolo Macario opened arolgroup/j0664-ns2-firmware#7 [Feat] Sync repo from Bitbucket Cloud
        `feat/sync-from-bitbucket` → `main` · merged by Gianpaolo Macario
        1 comment
        approved: Gianluca Teti

        (in the thread) Gianpaolo Macario merged this into `main`.
    ble-testsuite__pullrequest-fulfilled-3
        Gianluca Teti opened arolgroup/j0664-ns2-firmware#8 Main
        `main` → `gt/develop` · merged by Gianluca Teti

        (in the thread) Gianluca Teti merged this into `gt/develop`.
    ble-testsuite__pullrequest-fulfilled
        Gianpaolo Macario opened arolgroup/j0664-ns2-firmware#6 [Feat] Integrate branch gmacario/dev03
        `gmacario/dev03` → `main` · merged by Gianpaolo Macario
        approved: Gianpaolo Macario

        (in the thread) Gianpaolo Macario merged this into `main`.
    go-playground-webhooks__pullrequest-fulfilled
        Emma opened team_name/repo_name#1 Title of pull request
        `branch2` → `master` · merged by Emma
        to review: Emma

        (in the thread) Emma merged this into `master`.
    jenkins-bitbucket-branch-source__pullrequest-fulfilled
        Stephen Q. Connolly opened cloudbeers/temp#2 README.md edited online with Bitbucket
        `foo` → `main` · merged by Stephen Connolly

        (in the thread) Stephen Connolly merged this into `main`.
    jenkins-bitbucket-branch-source__pullrequest-rejected-2
        Stephen Q. Connolly opened cloudbeers/temp#3 Forking for PR
        `stephenc/temp-fork:main` → `main` · declined by Stephen Connolly

        (in the thread) Stephen Connolly declined this.
    jenkins-bitbucket-branch-source__pullrequest-rejected
        Nikolas Falco opened amuniz/test-repos#735 BUILD test
        `feature/test` → `master` · declined by Nikolas Falco

        (in the thread) Nikolas Falco declined this.
    jenkins-bitbucket-ppr__pullrequest-fulfilled
        me display name opened some-repo-namespace/some-repo#198 I have to push the pram a lot X.
        `feature/do-not-merge` → `develop` · merged by me display name
        approved: me display name

        (in the thread) me display name merged this into `develop`.
    screwdriver__pullrequest-fulfilled
        Batman opened batman/test#3 Mynewbranch
        `mynewbranch` → `master` · merged by Batman

        (in the thread) Robin merged this into `master`.
    woodpecker__pullrequest-fulfilled
        Anbraten opened anbraten/test-2#1 README.md created online with Bitbucket
        `patch-2` → `main` · merged by Anbraten
        approved: Anbraten

        (in the thread) Anbraten merged this into `main`.
    woodpecker__pullrequest-rejected
        Anbraten opened anbraten/test-2#2 CHANGELOG.md created online with Bitbucket
        `patch-2` → `main` · declined by Anbraten

        (in the thread) Anbraten declined this.
    ");
}

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "it is one literal: how each recording reads")]
async fn what_was_said_and_judged() {
    heard!(Cloud, Talk, @"
    ble-testsuite__pullrequest-approved-2
        Gianpaolo Macario opened arolgroup/j0664-ns2-firmware#7 [Feat] Sync repo from Bitbucket Cloud
        `feat/sync-from-bitbucket` → `main` · 1 of 1 approved
        1 comment
        approved: Gianluca Teti
        [Approve] [Needs work] [Comment] [Merge] [More… ▾]

        (in the thread) Gianluca Teti approved.
    ble-testsuite__pullrequest-approved
        Gianpaolo Macario opened arolgroup/j0664-ns2-firmware#6 [Feat] Integrate branch gmacario/dev03
        `gmacario/dev03` → `main` · 1 approval
        approved: Gianpaolo Macario
        [Approve] [Needs work] [Comment] [Merge] [More… ▾]

        (in the thread) Gianpaolo Macario approved.
    go-playground-webhooks__pullrequest-comment_created__inline
        Emma opened team_name/repo_name#1 Title of pull request
        `branch2` → `master` · 0 of 1 approved
        to review: Emma
        [Approve] [Needs work] [Comment] [Merge] [More… ▾]

        (in the thread) Emma commented on `path/to/file:10`: Comment text
    go-playground-webhooks__pullrequest-unapproved
        (in the thread) Emma took the approval back.
    jenkins-bitbucket-ppr__pullrequest-approved-2
        me display name opened some-repo-namespace/some-repo#198 I have to push the pram a lot X.
        `feature/do-not-merge` → `develop` · declined by User 1
        approved: me display name

        (in the thread) me display name approved.
    jenkins-bitbucket-ppr__pullrequest-approved
        (in the thread) me display name approved.
        This is open again.
    jenkins-bitbucket-ppr__pullrequest-comment_created
        (edited) me display name opened some-repo-namespace/some-repo#198 I have to push the pram a lot X.
        `feature/do-not-merge` → `destination-branch` · no reviewers
        1 comment
        [Approve] [Needs work] [Comment] [Merge] [More… ▾]

        (in the thread) me display name commented: test general commen
    jenkins-bitbucket-ppr__pullrequest-comment_deleted
        (in the thread) me display name deleted a comment.
    jenkins-bitbucket-ppr__pullrequest-comment_updated
        (in the thread) me display name edited a comment on `text.txt:272`: this is a test
    screwdriver__pullrequest-comment_created__inline
        Batman opened batman/test#3 Mynewbranch
        `mynewbranch` → `master` · no reviewers
        [Approve] [Needs work] [Comment] [Merge] [More… ▾]

        (in the thread) Robin commented on `path/to/file:10`: Comment text
    DERIVED__pullrequest-changes_request_created
        (edited) Gianpaolo Macario opened arolgroup/j0664-ns2-firmware#7 [Feat] Sync repo from Bitbucket Cloud
        `feat/sync-from-bitbucket` → `main` · 0 of 1 approved
        1 comment
        needs work: Gianluca Teti
        [Approve] [Needs work] [Comment] [Merge] [More… ▾]

        (in the thread) Gianluca Teti asked for changes.
    DERIVED__pullrequest-changes_request_removed
        (edited) Gianpaolo Macario opened arolgroup/j0664-ns2-firmware#7 [Feat] Sync repo from Bitbucket Cloud
        `feat/sync-from-bitbucket` → `main` · 0 of 1 approved
        1 comment
        to review: Gianluca Teti
        [Approve] [Needs work] [Comment] [Merge] [More… ▾]

        (in the thread) Gianluca Teti no longer asks for changes.
    DERIVED__pullrequest-comment_reopened
        (in the thread) Emma opened a thread again on `path/to/file:10`: Comment text
    DERIVED__pullrequest-comment_resolved
        (in the thread) Emma resolved a thread on `path/to/file:10`: Comment text
    ");
}
