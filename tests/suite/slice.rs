//! One thread through every floor: connect, look, open, subscribe, be told, approve, merge, digest.

use std::time::Duration;

use dipper::sandbox::bitbucket::Edition;

use crate::world::on_both;

#[tokio::test]
async fn help_lists_what_works() {
    on_both(async |world| {
        let ada = world.person("ada");
        snapshot!(ada.types("/bb help").await, @r#"
        Bitbucket, from here. Everything is done as you.
        Pull requests
        `/bb pr` open · list · mine · queue · show · checks · diff · approve · unapprove · needs-work · merge · decline · reopen · update · comment · reply · tasks · reviewers · nudge
        Code
        `/bb` commits · commit · compare · file
        `/bb branch` list · create · delete · default
        `/bb tag` list · create · delete
        Pipelines
        `/bb pipeline` list · run · stop · rerun · log
        `/bb` deployments
        Repositories
        `/bb repo` list · show · create · update · fork · archive · delete
        `/bb protect` list · add · remove
        Access
        `/bb access` list · grant · revoke · request · review
        `/bb` requests
        This channel
        `/bb` use · subscribe · unsubscribe · subscriptions · calendar
        Digests
        `/bb digest` add · list · edit · remove · now · preview
        You
        `/bb` connect · token · disconnect · whoami · snooze · remind · notify · mentions · help
        Webhooks
        `/bb hook` add · list · remove · test
        Dipper
        `/bb` settings · audit · why · doctor
        For example
        `/bb pr open web/api --from limit-rate --title "Limit the rate"`
        `/bb pr approve web/api#42`
        `/bb subscribe web/api opened merged --where into:main`
        Slack takes no commands in threads: there, press buttons, or take a shortcut from a message's menu.
        [Pull requests] [Code] [Pipelines] [Repositories] [Access] [This channel] [Digests] [You] [Webhooks] [Dipper]
        "#);
        snapshot!(ada.types("/bb help pr merge").await, @"
        `/bb pr merge [pr] [--strategy strategy] [--message text] [--close-source]`
        Merge a pull request, for example `/bb pr merge web/api#42 --strategy squash`
        • `pr` The pull request, like web/api#42; a form asks when left out
        • `--strategy` How, as its repository offers it, like squash
        • `--message` The message of the commit
        • `--close-source` Delete the source branch once it is merged
        ");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn a_person_connects_their_account() {
    on_both(async |world| {
        let ada = world.person("ada");
        snapshot!(ada.types("/bb whoami").await, @"You have no Bitbucket account connected; `/bb connect` does it.");
        let (mut browser, page) = ada.opens_the_link("connect").await;
        snapshot!(world.same_on_both(&page.text()), @"Connect bitbucket You are about to connect the Slack account ada (U00000002) with your own Bitbucket account on bitbucket. Go on only if this is your Slack account and you asked for this link yourself. Go on to Bitbucket");
        let page = browser.press(&page, "Go on to Bitbucket").await.unwrap();
        let page = ada.signs_in(&mut browser, &page).await;
        snapshot!(world.same_on_both(&page.text()), @"Is this right? Slack: ada (U00000002) Bitbucket (bitbucket): ada From then on, what this Slack account asks Dipper to do is done as this Bitbucket account. Connect them");
        snapshot!(ada.types("/bb whoami").await, @"You have no Bitbucket account connected; `/bb connect` does it.");
        let page = browser.press(&page, "Connect them").await.unwrap();
        snapshot!(world.same_on_both(&page.text()), @"Connected You are ada on bitbucket now. You can close this page and go back to Slack.");
        world.settle().await;
        snapshot!(ada.is_told(), @"
        Your Slack account now acts as ada on bitbucket.
        If that was not you, undo it.
        [Undo]
        ");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn an_account_is_forgotten_on_demand() {
    on_both(async |world| {
        let ada = world.person("ada").connected().await;
        let whoami = ada.types("/bb whoami").await;
        assert!(whoami.starts_with(&format!("On {} you are ada, who may ", world.instance())), "{whoami}");
        snapshot!(ada.types("/bb disconnect").await, @"Forgotten: you are no longer ada on bitbucket.");
        snapshot!(ada.types("/bb disconnect").await, @"You have no account connected.");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn what_was_asked_before_connecting_is_done_after() {
    on_both(async |world| {
        let ada = world.person("ada");
        snapshot!(ada.types(&format!("/bb commits {}:web/api", world.instance())).await, @"
        First connect your account on bitbucket, so that I can do this as you.
        I'll carry on with what you asked as soon as you have.
        [Connect bitbucket]
        ");
        let ada = ada.connecting().await;
        snapshot!(ada.is_told(), @"
        Your Slack account now acts as ada on bitbucket.
        If that was not you, undo it.
        [Undo]

        Latest commits in web/api
        0123abc Start the repository · root · 2026-11-21 08:00 UTC
        ");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn commits_are_listed() {
    on_both(async |world| {
        let ada = world.person("ada").connected().await;
        snapshot!(ada.types("/bb commits web/api --branch limit-rate").await, @"
        Latest commits in web/api on `limit-rate`
        0123abc Limit the rate · grace · 2026-11-21 08:00 UTC
        0123abc Start the repository · root · 2026-11-21 08:00 UTC
        ");
        snapshot!(ada.types("/bb commits web/api --branch nowhere").await, @"web/api has no branch, tag or commit `nowhere`.");
        snapshot!(ada.types("/bb commits web/nothing").await, @"Bitbucket has nothing of that name that you may see.");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn a_pull_request_is_shown_approved_and_merged_by_typing() {
    on_both(async |world| {
        let ada = world.person("ada").connected().await;
        let repo = world.repository("web/api");
        world.bitbucket.open_pull_request(&repo, "grace", "Limit the rate", ("limit-rate", "main")).unwrap();
        snapshot!(ada.types("/bb pr show web/api#1").await, @"
        grace opened web/api#1 Limit the rate
        `limit-rate` → `main` · no reviewers
        1 file, +15 −0 opened 2026-11-21 08:00 UTC
        [Approve] [Needs work] [Comment] [Merge] [Diff] [More… ▾]
        ");
        snapshot!(ada.types("/bb pr approve web/api#1").await, @"
        You approved web/api#1 Limit the rate.
        [Undo]
        ");
        snapshot!(ada.types("/bb pr merge web/api#1").await, @"Merged web/api#1 Limit the rate into `main`.");
        snapshot!(ada.types("/bb pr merge web/api#1").await, @"Already merged by you.");
        snapshot!(ada.types("/bb pr show web/api#7").await, @"Bitbucket has nothing of that name that you may see.");
        let pr = world.bitbucket.pull_request(&repo, 1).unwrap();
        assert!(!pr.is_open() && pr.approvals == ["ada"]);
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn a_channel_is_told_and_its_card_is_kept_true() {
    on_both(async |world| {
        let ada = world.person("ada").connected().await;
        snapshot!(ada.types("/bb subscribe web/api opened approved merged").await, @"
        This channel is now told of web/api: opened, approved, merged.
        Bitbucket does not tell Dipper of web/api yet; a webhook there would.
        [Stop] [Make the webhook]
        ");
        let repo = world.repository("web/api");
        world.bitbucket.open_pull_request(&repo, "grace", "Limit the rate", ("limit-rate", "main")).unwrap();
        world.settle().await;
        let cards = world.messages("#web");
        snapshot!(world.read(&cards), @"
        grace opened web/api#1 Limit the rate
        `limit-rate` → `main` · no reviewers
        1 file, +15 −0
        [Approve] [Needs work] [Comment] [Merge] [More… ▾]
        ");

        snapshot!(ada.clicks(&cards[0], "Approve").await, @"
        You approved web/api#1 Limit the rate.
        [Undo]
        ");
        snapshot!(world.hears("#web"), @"
        (edited) grace opened web/api#1 Limit the rate
        `limit-rate` → `main` · 1 approval
        1 file, +15 −0
        approved: ada
        [Approve] [Needs work] [Comment] [Merge] [More… ▾]

        (in the thread) ada approved.
        ");
        assert_eq!(world.bitbucket.pull_request(&repo, 1).unwrap().approvals, ["ada"]);

        assert_eq!(ada.clicks(&cards[0], "Merge").await, "");
        ada.slack.submits().await;
        world.settle().await;
        snapshot!(ada.sees_form(), @"
        Merge a pull request
        Merged web/api#1 Limit the rate into `main`.
        ");
        snapshot!(world.hears("#web"), @"
        (edited) grace opened web/api#1 Limit the rate
        `limit-rate` → `main` · merged by ada
        1 file, +15 −0
        approved: ada

        (in the thread) ada merged this into `main`.
        ");
        assert!(!world.bitbucket.pull_request(&repo, 1).unwrap().is_open());
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn merging_too_early_is_answered_with_the_reason() {
    on_both(async |world| {
        let ada = world.person("ada").connected().await;
        let repo = world.repository("web/api").requires_approvals(1);
        world.bitbucket.open_pull_request(&repo, "grace", "Limit the rate", ("limit-rate", "main")).unwrap();
        let told = ada.types("/bb pr merge web/api#1").await;
        if world.edition == Edition::Cloud {
            snapshot!(told, @"This pull request needs 1 more approval before it can be merged.");
        } else {
            snapshot!(told, @"You need 1 more approval before this pull request can be merged.");
        }
        assert!(world.bitbucket.pull_request(&repo, 1).unwrap().is_open());
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn a_pull_request_is_opened_with_a_form() {
    on_both(async |world| {
        let ada = world.person("ada").connected().await;
        assert_eq!(ada.types("/bb pr open").await, "");
        snapshot!(ada.sees_form(), @"
        Open a pull request
        Repository: ____
        Source branch: ____
        (The branch that holds your change)
        Target branch (optional): ____
        (The main branch when left empty)
        Title: ____
        Description (optional): ____
        Reviewers (optional): ____
        Draft (optional): [ ] Yes
        Delete the branch once merged (optional): [ ] Yes
        [Open]
        ");
        ada.slack.picks("Repository", "ap", &world.called("web/api")).await;
        assert_eq!(ada.slack.looks_up("Source branch", "lim").await, ["limit-rate"]);
        ada.slack.picks("Source branch", "lim", "limit-rate").await;
        ada.slack.fills("Title", "Limit the rate").await;
        ada.slack.submits().await;
        snapshot!(ada.sees_form(), @"
        Open a pull request
        Working on it…
        ");
        world.settle().await;
        snapshot!(ada.sees_form(), @"
        Open a pull request
        You opened web/api#1 Limit the rate.
        `limit-rate` → `main`
        ");
        let repo = world.repository("web/api");
        assert_eq!(world.bitbucket.pull_request(&repo, 1).unwrap().title, "Limit the rate");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn a_refused_form_keeps_everything_typed() {
    on_both(async |world| {
        let ada = world.person("ada").connected().await;
        let repo = world.repository("web/api");
        world.bitbucket.open_pull_request(&repo, "grace", "Limit the rate", ("limit-rate", "main")).unwrap();
        ada.types("/bb pr open web/api --from limit-rate").await;
        ada.slack.fills("Title", "Once more").await;
        ada.slack.submits().await;
        world.settle().await;
        snapshot!(ada.sees_form(), @"
        Open a pull request
        There is one already for `limit-rate`: web/api#1 Limit the rate.
        ———
        Repository: web/api
        Source branch: limit-rate
        (The branch that holds your change)
        Target branch (optional): main
        (The main branch when left empty)
        Title: Once more
        Description (optional): ____
        Reviewers (optional): ____
        Draft (optional): [ ] Yes
        Delete the branch once merged (optional): [ ] Yes
        [Open]
        ");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn a_digest_comes_when_its_time_comes() {
    on_both(async |mut world| {
        let repo = world.repository("web/api");
        world.bitbucket.open_pull_request(&repo, "grace", "Limit the rate", ("limit-rate", "main")).unwrap();
        {
            let ada = world.person("ada").connected().await;
            snapshot!(ada.types("/bb digest add web/api --cron \"30 9 * * *\"").await, @"
            I don't know what `--cron` means here.
            Usage: `/bb digest add [repo-and-when …] [--mine] [--zone zone] [--where filter] [--ignore-drafts] [--min-age how-long] [--min-stale how-long] [--ignore-approved n] [--author-after n] [--ignore-words words] [--silent]`
            For example: `/bb digest add web/* weekdays 9:30 --ignore-drafts`
            ");
            snapshot!(ada.types("/bb digest list").await, @"No digests here yet; `/bb digest add web/api weekdays 9:30` adds one.");
        }
        world.restart().await;
        world.advance(Duration::from_mins(29)).await;
        assert_eq!(world.hears("#web"), "");
        world.advance(Duration::from_mins(1)).await;
        snapshot!(world.hears("#web"), @"");
        let ada = world.person("ada");
        snapshot!(ada.types("/bb digest remove 1").await, @"This channel has no digest 1; `/bb digest list` shows them.");
        world.advance(Duration::from_hours(24)).await;
        assert_eq!(world.hears("#web"), "");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn a_channel_stops_being_told() {
    on_both(async |world| {
        let ada = world.person("ada").connected().await;
        snapshot!(ada.types("/bb subscriptions").await, @"This channel is told nothing yet; `/bb subscribe web/api` changes that.");
        ada.types("/bb subscribe web/api").await;
        snapshot!(ada.types("/bb subscriptions").await, @"
        This channel is told of:
        • web/api (bitbucket): opened, ready, approved, changes-requested, merged, declined, push (main branch only), build-failed, build-fixed, asked for by @ada
        ");
        snapshot!(ada.types("/bb unsubscribe web/api").await, @"This channel is no longer told of web/api.");
        let repo = world.repository("web/api");
        world.bitbucket.open_pull_request(&repo, "grace", "Limit the rate", ("limit-rate", "main")).unwrap();
        world.settle().await;
        assert_eq!(world.hears("#web"), "");
        world.finish().await;
    })
    .await;
}
