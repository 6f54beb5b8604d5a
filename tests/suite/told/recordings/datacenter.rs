//! What a channel hears of recordings of Data Center: pull requests.

use dipper::sandbox::bitbucket::Edition;

use super::{About, heard};

#[tokio::test]
async fn pull_requests_that_were_opened_or_changed() {
    heard!(DataCenter, Changes, @"
    go-playground-webhooks__pr-modified
        Foo Bar opened ~gopher/webhook-test#3 Feature/wip
        `feature/wip` → `master` · 0 of 1 approved
        to review: Cain Piper
        [Approve] [Needs work] [Comment] [Merge] [More… ▾]

        (in the thread) Foo Bar changed the description.
    go-playground-webhooks__pr-opened
        Foo Bar opened ~gopher/webhook-test#5 Update README
        `feature/wip` → `master` · 0 of 1 approved
        to review: Cain Piper
        [Approve] [Needs work] [Comment] [Merge] [More… ▾]
    gocd__pr-opened
        dropped: it lacks the pull request's title
    jenkins-bitbucket-branch-source__pr-opened-2
        Administrator opened AMUNIZ/test-repos#1 Feature/diffstat
        `feature/diffstat` → `master` · no reviewers
        [Approve] [Needs work] [Comment] [Merge] [More… ▾]
    jenkins-bitbucket-branch-source__pr-opened
        its card stands so already
    jenkins-bitbucket-ppr__pr-from_ref_updated
        display me name opened ABC/some-repo#1 test
        `develop` → `master` · no reviewers
        [Approve] [Needs work] [Comment] [Merge] [More… ▾]

        (in the thread) me display name pushed to `develop`.
    jenkins-bitbucket-ppr__pr-modified
        me display name opened ABC/some-repo-slug#13 test
        `develop` → `master` · no reviewers
        [Approve] [Needs work] [Comment] [Merge] [More… ▾]

        (in the thread) me display name changed it.
    jenkins-bitbucket-ppr__pr-opened
        me display name opened ABC/some-repo-slug#61 test
        `develop` → `master` · no reviewers
        [Approve] [Needs work] [Comment] [Merge] [More… ▾]
    jenkins-bitbucket-ppr__pr-opened__no-clone-links
        its card stands so already
    woodpecker__pr-opened
        EXT Johnson Mike opened DEV/network-monitor#125 feat: gather statistics about Woodpecker migration
        `PROJ-4596` → `main` · 0 of 3 approved
        to review: EXT Smith Jane, EXT Doe John, EXT Brown Alex
        [Approve] [Needs work] [Comment] [Merge] [More… ▾]
    woodpecker__pr-opened__from-fork
        EXT Doe John opened DEV/deployment-automation#114 testing PROJ-4600
        `~JOHN.DOE_EXAMPLE.COM/deployment-automation:master` → `master` · no reviewers
        [Approve] [Needs work] [Comment] [Merge] [More… ▾]
    ");
}

#[tokio::test]
async fn pull_requests_that_ended() {
    heard!(DataCenter, Ends, @"
    go-playground-webhooks__pr-declined
        Foo Bar opened ~gopher/webhook-test#2 Update README
        `feature/wip` → `master` · declined by Foo Bar

        (in the thread) Foo Bar declined this.
    go-playground-webhooks__pr-deleted
        (edited) Foo Bar opened ~gopher/webhook-test#2 Update README
        `feature/wip` → `master` · deleted by Foo Bar

        (in the thread) Foo Bar deleted this pull request.
    go-playground-webhooks__pr-merged
        Foo Bar opened ~gopher/webhook-test#5 Update README
        `feature/wip` → `master` · merged by Foo Bar
        approved: Cain Piper

        (in the thread) Foo Bar merged this into `master`.
    jenkins-bitbucket-branch-source__pr-deleted
        Administrator opened AMUNIZ/test-repos#1 Feature/diffstat
        `feature/diffstat` → `master` · deleted by Administrator

        (in the thread) Administrator deleted this pull request.
    jenkins-bitbucket-ppr__pr-declined
        me-display-name opened PPRPLUG/hellophp#7 dummy change
        `bugfix/tst-2` → `master` · declined by me-display-name

        (in the thread) me-display-name declined this.
    jenkins-bitbucket-ppr__pr-merged
        me display name opened ABC/some-repo-slug#61 test
        `develop` → `master` · merged by me display name

        (in the thread) me display name merged this into `master`.
    woodpecker__pr-merged
        EXT Doe John opened DEV/deployment-automation#111 chore(CVE-2025-55190): bump argocd
        `PROJ-4584` → `master` · merged by EXT Doe John
        approved: EXT Brown Alex to review: EXT Smith Jane, EXT Johnson Mike

        (in the thread) EXT Doe John merged this into `master`.
    ");
}

#[tokio::test]
async fn what_was_said_and_judged() {
    heard!(DataCenter, Talk, @"
    go-playground-webhooks__pr-comment-added
        Foo Bar opened ~gopher/webhook-test#2 Update README
        `feature/wip` → `master` · no reviewers
        [Approve] [Needs work] [Comment] [Merge] [More… ▾]

        (in the thread) Foo Bar commented: test
    go-playground-webhooks__pr-comment-deleted
        (in the thread) Foo Bar deleted a comment.
    go-playground-webhooks__pr-comment-edited
        (in the thread) Foo Bar edited a comment: yada edit comment
    go-playground-webhooks__pr-reviewer-approved
        Foo Bar opened ~gopher/webhook-test#5 Update README
        `feature/wip` → `master` · 1 of 1 approved
        approved: Cain Piper
        [Approve] [Needs work] [Comment] [Merge] [More… ▾]

        (in the thread) Cain Piper approved.
    go-playground-webhooks__pr-reviewer-needs_work
        (edited) Foo Bar opened ~gopher/webhook-test#5 Update README
        `feature/wip` → `master` · 0 of 1 approved
        needs work: Cain Piper
        [Approve] [Needs work] [Comment] [Merge] [More… ▾]

        (in the thread) Cain Piper asked for changes.
    go-playground-webhooks__pr-reviewer-unapproved
        (edited) Foo Bar opened ~gopher/webhook-test#5 Update README
        `feature/wip` → `master` · 0 of 1 approved
        to review: Cain Piper
        [Approve] [Needs work] [Comment] [Merge] [More… ▾]

        (in the thread) Cain Piper no longer asks for changes.
    go-playground-webhooks__pr-reviewer-updated
        Foo Bar opened ~gopher/webhook-test#3 Update README
        `feature/wip` → `master` · 0 of 1 approved
        to review: Cain Piper
        [Approve] [Needs work] [Comment] [Merge] [More… ▾]

        (in the thread) Foo Bar changed who is asked to review.
    jenkins-bitbucket-ppr__pr-comment-added
        Username (username) opened ~username/test-repo#2 Test pr2
        `test-pr2` → `master` · no reviewers
        [Approve] [Needs work] [Comment] [Merge] [More… ▾]

        (in the thread) Username (username) commented: Comment content
    jenkins-bitbucket-ppr__pr-reviewer-approved
        me display name opened ABC/some-repo-slug#12 test
        `develop` → `master` · 1 of 1 approved
        approved: Reviewer Display Name
        [Approve] [Needs work] [Comment] [Merge] [More… ▾]

        (in the thread) Reviewer Display Name approved.
    ");
}
