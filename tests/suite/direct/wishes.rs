//! What a person decides about their direct messages: typed, on a form, with a button.

use super::opened;
use crate::world::on_both;

#[tokio::test]
async fn every_kind_is_shown_and_switched() {
    on_both(async |world| {
        let grace = world.person("grace").connected().await;
        snapshot!(grace.types("/bb notify").await, @"
        You are told in private when …
        ✓ `review-asked` your review is asked for [Turn off]
        ✓ `review-again` your review no longer counts, and is asked for again [Turn off]
        ✓ `reviewer-added` you are added as a reviewer [Turn off]
        ✓ `mentioned` somebody mentions you [Turn off]
        ✓ `replied` somebody answers your comment [Turn off]
        ✓ `commented` somebody comments on your pull request [Turn off]
        ✓ `nudged` somebody asks you to look at what waits for you [Turn off]
        ✗ `bots` it is a bot that comments, answers or mentions you, too [Turn on]
        ✓ `approved` somebody approves it [Turn off]
        ✓ `changes-requested` somebody asks for changes [Turn off]
        ✓ `ready-to-merge` it is ready to merge (once for each state of its branch) [Turn off]
        ✓ `conflict` it conflicts with its target branch [Turn off]
        ✓ `build-failed` a build of your branch breaks [Turn off]
        ✓ `build-fixed` a build of your branch works again [Turn off]
        ✓ `merged` somebody else merges it [Turn off]
        ✓ `declined` somebody else declines it [Turn off]
        No quiet hours
        [Change]
        ");
        let told = grace.types("/bb notify approved off").await;
        assert!(told.starts_with("From now on you are told in private when …"), "{told}");
        assert!(told.contains("✗ `approved` somebody approves it [Turn on]"), "{told}");
        let told = grace.types("/bb notify ready-to-merge off").await;
        assert!(told.contains("✗ `ready-to-merge`"), "{told}");
        opened(&world, &["ada"]);
        let (repo, bitbucket) = (world.repository("web/api"), &world.bitbucket);
        bitbucket.approve(&repo, 1, "ada").unwrap();
        world.settle().await;
        assert_eq!(grace.is_told(), "");
        let told = grace.types("/bb notify all off").await;
        assert!(!told.contains("Turn off"), "{told}");
        repo.pull_request(1).comment("ada", "Hello?").unwrap();
        world.settle().await;
        assert_eq!(grace.is_told(), "");
        snapshot!(grace.types("/bb notify sung off").await, @"
        `sung` is none of these: all, review-asked, review-again, reviewer-added, mentioned, replied, commented, nudged, bots, approved, changes-requested, ready-to-merge, conflict, build-failed, build-fixed, merged, declined.
        Usage: `/bb notify [kind] [on-or-off] [--quiet when] [--mute pr] [--unmute pr]`
        For example: `/bb notify approved off`
        ");
        snapshot!(grace.types("/bb notify --quiet always").await, @"
        `always` is no time to be quiet; write it like `22:00-7:00`, `weekends`, `friday`, or several with commas.
        Usage: `/bb notify [kind] [on-or-off] [--quiet when] [--mute pr] [--unmute pr]`
        For example: `/bb notify approved off`
        ");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn the_form_has_boxes_and_quiet_hours() {
    on_both(async |world| {
        let grace = world.person("grace").connected().await;
        let ack = grace.slack.types("#web", "/bb notify --quiet weekends").await;
        assert_eq!(ack.status, 200);
        world.settle().await;
        let list = grace.slack.told().remove(0);
        assert_eq!(grace.clicks(&list, "Change").await, "");
        snapshot!(grace.sees_form(), @"
        Direct messages
        You are told in private when …
        Reviews and conversations (optional): [x] your review is asked for [x] your review no longer counts, and is asked for again [x] you are added as a reviewer [x] somebody mentions you [x] somebody answers your comment [x] somebody comments on your pull request [x] somebody asks you to look at what waits for you [ ] it is a bot that comments, answers or mentions you, too
        Your own pull requests (optional): [x] somebody approves it [x] somebody asks for changes [x] it is ready to merge (once for each state of its branch) [x] it conflicts with its target branch [x] a build of your branch breaks [x] a build of your branch works again [x] somebody else merges it [x] somebody else declines it
        Quiet hours (optional): weekends
        (Like 22:00-7:00, weekends; what comes then is told when they end)
        [Save]
        ");
        grace.slack.fills("Quiet hours", "22:00-7:00").await;
        grace.slack.submits().await;
        world.settle().await;
        let form = grace.sees_form();
        assert!(form.contains("Quiet: `22:00-7:00`, where you live"), "{form}");
        assert!(grace.is_told().contains("Quiet: `22:00-7:00`"), "the list says so, too");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn one_pull_request_is_muted_with_a_button() {
    on_both(async |world| {
        let grace = world.person("grace").connected().await;
        opened(&world, &[]);
        let pr = world.repository("web/api").pull_request(1);
        pr.comment("ada", "Hello").unwrap();
        world.settle().await;
        let told = grace.slack.told().remove(0);
        snapshot!(grace.clicks(&told, "Mute this one").await, @"
        You hear nothing more in private of web/api#1.
        [Unmute]
        ");
        world.advance(std::time::Duration::from_mins(2)).await;
        pr.comment("ada", "Hello?").unwrap();
        world.settle().await;
        assert_eq!(grace.is_told(), "");
        assert!(grace.types("/bb notify").await.contains("Muted: web/api#1"));
        snapshot!(grace.types("/bb notify --unmute web/api#1").await, @"
        You hear in private again of web/api#1.
        [Mute this one]
        ");
        pr.comment("ada", "Hello!").unwrap();
        world.settle().await;
        assert!(grace.is_told().starts_with("ada commented: Hello!"));
        world.finish().await;
    })
    .await;
}
