//! What there is to say under a card.

use super::message::Message;
use super::names::Topic;

/// One thing that happened, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// What makes it this one and no other under its card.
    pub identity: String,
    /// What it is about, first of all.
    pub topic: Topic,
    /// What is said.
    pub message: Message,
    /// Whether it is shown in the channel too.
    pub broadcast: bool,
    /// When it happened, in epoch milliseconds.
    pub at: i64,
}
