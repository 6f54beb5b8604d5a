//! The Bitbucket side: what one does there arrives in Slack.

use crate::play::Play;

#[tokio::test]
async fn what_is_opened_and_merged_in_bitbucket_is_told_in_slack() {
    let Some(play) = Play::open("Bitbucket").await else { return };
    play.clicks("#bitbucket [data-instance=dc]").await;
    play.clicks("#bitbucket [data-test=open]").await;
    play.types("#bitbucket [name=title]", "Mail the nightly report").await;
    play.presses("#bitbucket form", "Create").await;
    play.reads("#bitbucket .bb-list", "Mail the nightly report").await;
    play.clicks("#slack [data-channel=payments]").await;
    play.reads("#slack [data-ts]", "BANK/ledger#4 Mail the nightly report").await;

    play.clicks("[data-person=grace]").await;
    play.clicks("#bitbucket [data-pr='4']").await;
    play.clicks("#bitbucket [data-deed=fail]").await;
    play.reads("#bitbucket", "test: failed").await;
    play.types("#bitbucket [aria-label='Write a comment']", "The build is red").await;
    play.presses("#bitbucket", "Comment").await;
    play.reads("#bitbucket .bb-comments", "The build is red").await;
    play.clicks("#bitbucket [data-deed=merge]").await;
    play.reads("#toasts", "It cannot be merged yet: it needs 1 more approval.").await;
    play.clicks("#bitbucket [data-deed=approve]").await;
    play.reads("#slack [data-ts]", "approved: Grace").await;
    play.clicks("#bitbucket [data-deed=merge]").await;
    play.reads("#slack [data-ts]", "merged by Grace").await;
    play.finish().await;
}

#[tokio::test]
async fn a_link_in_slack_leads_to_the_pane_beside() {
    let Some(play) = Play::open("a link").await else { return };
    play.clicks("#slack a[href*='pull-requests/4']").await;
    play.reads("#bitbucket .bb-title", "#4 Answer health checks without the database").await;
    play.clicks("#bitbucket .bb-back").await;
    play.reads("#bitbucket .bb-count", "4 open").await;
    play.finish().await;
}
