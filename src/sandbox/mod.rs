//! An island: a local Slack and a local Bitbucket, written from the vendors' own papers, that play
//! the outside in tests and in the demo. Nothing of the bot's is imported here, so that a mistake on
//! one side of the wire cannot hide on the other.

pub mod bitbucket;
pub mod browser;
pub mod clock;
pub mod page;
pub mod seed;
pub mod slack;
pub mod transcript;
pub mod wire;
