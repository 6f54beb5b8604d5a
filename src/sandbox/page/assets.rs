//! What the page is made of, held in the binary: nothing is built, nothing is loaded from elsewhere.

use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

const HTML: &str = "text/html; charset=utf-8";
const STYLE: &str = "text/css; charset=utf-8";
const PICTURE: &str = "image/svg+xml";
const SCRIPT: &str = "text/javascript; charset=utf-8";

macro_rules! assets {
    ($($kind:ident: $($name:literal),+;)+) => {
        /// Name, content type, content.
        const ASSETS: &[(&str, &str, &str)] =
            &[$($(($name, $kind, include_str!(concat!("assets/", $name)))),+),+];
    };
}

assets! {
    PICTURE: "icon.svg";
    STYLE: "page.css", "bitbucket.css", "guide.css", "slack.css", "blocks.css", "composer.css", "modal.css", "sidebar.css", "messages.css", "controls.css";
    SCRIPT: "app.js", "store.js", "theme.js", "clock.js", "shell.js", "guide.js", "bitbucket.js",
        "pullrequest.js", "pill.js", "inputs.js", "slack.js", "vdom.js", "icons.js", "emoji.js", "mrkdwn.js",
        "markdown.js", "rich.js", "undrawn.js", "blocks.js", "elements.js", "fields.js", "selects.js",
        "combobox.js", "menu.js", "datefields.js", "days.js", "avatar.js", "surfaces.js", "messages.js",
        "panes.js", "sidebar.js", "composer.js", "suggest.js", "modal.js", "shortcuts.js";
}

/// `GET /`
pub(super) async fn index() -> Response {
    ([(header::CONTENT_TYPE, HTML)], include_str!("assets/index.html")).into_response()
}

/// `GET /assets/{name}`
pub(super) async fn asset(Path(name): Path<String>) -> Response {
    match ASSETS.iter().find(|(known, ..)| *known == name) {
        Some((_, kind, text)) => ([(header::CONTENT_TYPE, *kind)], *text).into_response(),
        None => (StatusCode::NOT_FOUND, "There is no such part of the page.\n").into_response(),
    }
}
