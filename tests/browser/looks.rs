//! How it looks: pictures of the page, of a card and of a form, in light and in dark.

use crate::pictures::{is_like, is_like_all};
use crate::play::Play;

#[tokio::test]
async fn the_page_looks_as_it_did() {
    let Some(play) = Play::open("a picture of the page").await else { return };
    is_like_all(&play, "page").await;
    is_like(&play, "#slack [data-ts]:has([data-action])", "card").await;
    play.says("/bb pr open web/api").await;
    play.reads("[role=dialog]", "Open a pull request").await;
    play.asks("document.activeElement.blur()").await;
    is_like(&play, "[role=dialog]", "form").await;
    play.finish().await;
}

#[tokio::test]
async fn the_page_is_dark_where_the_reader_likes_it_so() {
    let Some(play) = Play::open_with("a dark picture", "&theme=dark").await else { return };
    let dark = "return getComputedStyle(document.body).backgroundColor";
    assert_eq!(play.asks(dark).await, "rgb(26, 29, 33)");
    is_like_all(&play, "dark").await;
    play.clicks("[data-test=theme]").await;
    assert_eq!(play.asks(dark).await, "rgb(255, 255, 255)");
    play.finish().await;
}

#[tokio::test]
async fn a_narrow_window_shows_one_side_at_a_time() {
    let Some(play) = Play::open("a narrow window").await else { return };
    play.tab().set_window_rect(0, 0, 800, 800).await.unwrap();
    play.presses("#bar", "Show Bitbucket").await;
    play.see("#bitbucket .bb-list").await;
    play.presses("#bar", "Show Slack").await;
    play.see("[data-test=composer]").await;
    let wide = play.asks("return document.documentElement.scrollWidth <= innerWidth").await;
    assert_eq!(wide, true, "nothing sticks out");
    play.finish().await;
}
