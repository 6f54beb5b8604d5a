//! Comments and replies are written, once, and the answer leads to them.

use super::{COMMENTS, dies_after, said, sees, sends, stage};
use crate::world::on_both;

#[tokio::test]
async fn a_comment_is_typed() {
    on_both(async |world| {
        let (ada, pr) = stage(&world).await;
        let grace = world.person("grace").slack.id;
        let typed = format!("/bb pr comment web/api#1 Looks good, don't you think, <@{grace}|grace>? a < b");
        assert_eq!(ada.slack.types("#web", &typed).await.status, 200);
        world.settle().await;
        let told = ada.slack.told();
        snapshot!(world.read(&told), @"Your comment is on web/api#1 Limit the rate.");
        let link = told[0].link("Your comment").unwrap();
        let id = pr.state().unwrap().comments[0].id.to_string();
        assert!(
            link.ends_with(&format!("#comment-{id}")) || link.ends_with(&format!("?commentId={id}")),
            "{link}"
        );
        assert_eq!(said(&pr), ["ada: Looks good, don't you think, @grace? a < b"]);
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn a_comment_is_written_on_a_form() {
    on_both(async |world| {
        let (ada, pr) = stage(&world).await;
        ada.types("/bb pr comment").await;
        snapshot!(ada.sees_form(), @"
        Comment
        Pull request: ____
        (Like web/api#42, or its address)
        Comment: ____
        (Markdown works)
        [Comment]
        ");
        let seen = sends(&ada, &[("Pull request", "web/api#1"), ("Comment", "One.\n\nTwo.")]).await;
        snapshot!(seen, @"
        Comment
        Your comment is on web/api#1 Limit the rate.
        ");
        assert_eq!(said(&pr), ["ada: One.\n\nTwo."]);
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn a_comment_is_written_once_though_the_bot_dies() {
    on_both(async |mut world| {
        let (ada, pr) = stage(&world).await;
        pr.comment("ada", "Once").unwrap();
        world.move_clocks(std::time::Duration::from_mins(10));
        assert_eq!(ada.slack.types("#web", "/bb pr comment web/api#1 Once").await.status, 200);
        let before = pr.clone();
        dies_after(&mut world, COMMENTS, |_| said(&before).len() == 2).await;
        assert_eq!(sees(&world.person("ada")), "Your comment is on web/api#1 Limit the rate.");
        assert_eq!(said(&pr), ["ada: Once", "ada: Once"]);
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn a_reply_is_typed() {
    on_both(async |world| {
        let (ada, pr) = stage(&world).await;
        let id = pr.comment("grace", "Is ten enough?").unwrap();
        snapshot!(ada.types(&format!("/bb pr reply web/api#1 --to {id} Nine would do")).await, @"Your reply to grace is on web/api#1 Limit the rate.");
        let reply = pr.state().unwrap().comments.pop().unwrap();
        assert_eq!((reply.parent, reply.text.as_str()), (Some(id), "Nine would do"));
        snapshot!(ada.types("/bb pr reply web/api#1 --to 999999 Hello").await, @"There is no comment `999999` on web/api#1.");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn a_reply_is_written_on_a_form_that_shows_the_thread() {
    on_both(async |world| {
        let (ada, pr) = stage(&world).await;
        let first = pr.comment("grace", "Is ten enough?").unwrap();
        pr.reply("edsger", first, "For\n<!channel> it is").unwrap();
        pr.comment("grace", "And the tests?").unwrap();
        ada.types("/bb pr reply web/api#1").await;
        snapshot!(ada.sees_form(), @"
        Reply to a comment
        web/api#1 Limit the rate
        grace: Is ten enough?
        ↳ edsger: For <!channel> it is
        grace: And the tests?
        Comment: grace: And the tests?
        Reply: ____
        (Markdown works)
        [Reply]
        ");
        let seen = sends(&ada, &[("Comment", "grace: Is ten enough?"), ("Reply", "It is.")]).await;
        snapshot!(seen, @"
        Reply to a comment
        Your reply to grace is on web/api#1 Limit the rate.
        ");
        assert_eq!(pr.state().unwrap().comments.pop().unwrap().parent, Some(first));
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn a_reply_without_a_pull_request_asks_for_it() {
    on_both(async |world| {
        let (ada, pr) = stage(&world).await;
        ada.types("/bb pr reply").await;
        ada.slack.fills("Pull request", "web/api#1").await;
        world.settle().await;
        assert!(ada.sees_form().contains("Nobody has said anything yet"), "{}", ada.sees_form());
        pr.comment("grace", "Is ten enough?").unwrap();
        ada.slack.fills("Pull request", "web/api#1").await;
        world.settle().await;
        let seen = sends(&ada, &[("Reply", "It is.")]).await;
        assert_eq!(seen, "Reply to a comment\nYour reply to grace is on web/api#1 Limit the rate.");
        world.finish().await;
    })
    .await;
}
