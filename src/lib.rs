//! Dipper: Bitbucket, worked from Slack.

pub mod clock;
pub mod sandbox;
pub mod seal;
pub mod words;
