//! A person's home tab: parts under headings, drawn as messages are.

use serde_json::{Value, json};

use super::blocks::text::plain;
use super::forms::View;
use super::{Error, SlackBot, blocks};
use crate::words::message::Message;
use crate::words::names::SlackUser;

/// How many blocks a home tab holds.
const MOST_BLOCKS: usize = 100;
/// How long a heading is at most.
const HEADING: usize = 150;

/// The home tab with these parts, each under its heading.
pub fn view(parts: &[(String, Message)]) -> View {
    let mut all: Vec<Value> = Vec::new();
    for (heading, message) in parts {
        if !all.is_empty() {
            all.push(json!({"type": "divider"}));
        }
        all.push(json!({"type": "header", "text": plain(heading, HEADING)}));
        all.extend(blocks::lay(message).0);
    }
    all.truncate(MOST_BLOCKS);
    View::of(json!({"type": "home", "blocks": all}))
}

impl SlackBot {
    /// Shows somebody their home tab.
    pub async fn publish_home(&self, whose: &SlackUser, view: &View) -> Result<(), Error> {
        let body = json!({"user_id": whose.id, "view": view});
        self.write("views.publish", &body).await.map(drop)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::message::Line;

    #[test]
    fn it_never_holds_more_than_slack_takes() {
        let many = (0..40)
            .fold(Message::default(), |message, at| message.row(Line::new().text(format!("row {at}")), None));
        let parts: Vec<_> = (0..6).map(|at| (format!("Part {at}"), many.clone())).collect();
        let view = view(&parts);
        assert_eq!(view.as_json()["blocks"].as_array().map(Vec::len), Some(MOST_BLOCKS));
        assert_eq!(view.as_json()["blocks"][0]["type"], "header");
    }
}
