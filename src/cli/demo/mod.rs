//! `dipper demo --once`: the real bot against a local Slack and both local Bitbuckets, one scenario
//! through every hop, told as a conversation. A hop that fails is named.

mod scene;
mod stage;

use std::io;

pub use scene::play;
pub use stage::Stage;

use super::Failed;

/// A hop that did not do what it should.
#[derive(Debug, thiserror::Error)]
#[error("the demo stopped at “{hop}”: {why}")]
pub struct Broken {
    /// Which one.
    pub hop: &'static str,
    /// What was seen instead.
    pub why: String,
}

/// Plays it on both editions.
pub async fn once() -> Result<(), Failed> {
    for edition in stage::EDITIONS {
        let stage = Stage::set(edition).await.map_err(Failed::other)?;
        let played = play(&stage, &mut io::stdout()).await;
        stage.strike().await;
        played.map_err(Failed::other)?;
    }
    Ok(())
}
