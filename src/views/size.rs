//! How much of a card is shown where: less than usual, or more.

use crate::words::message::{Line, Message};
use crate::words::pull_request::PullRequest;
use crate::words::wish::Size;

/// No more of a description is shown.
const EXCERPT: usize = 400;

/// The card in this size.
pub fn sized(mut card: Message, pr: &PullRequest, size: Size) -> Message {
    match size {
        Size::Compact => {
            card.lines.truncate(2);
            card.facts.clear();
        }
        Size::Normal => {}
        Size::Full => {
            let words = pr.description.split_whitespace().collect::<Vec<_>>().join(" ");
            if !words.is_empty() {
                let more = if words.chars().count() > EXCERPT { "…" } else { "" };
                let shown: String = words.chars().take(EXCERPT).collect();
                card = card.and(Line::new().text(format!("{shown}{more}")));
            }
        }
    }
    card
}
