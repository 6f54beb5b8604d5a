//! `dipper demo`: the real bot against a local Slack and both local Bitbuckets, with a page in the browser.
//! `--once` plays one scenario through every hop instead, told as a conversation; a hop that fails is named.

mod grammar;
mod ground;
mod live;
mod open;
mod scene;
mod stage;

use std::io::{self, Write};
use std::net::SocketAddr;

use clap::{Args, ValueEnum};
use tracing_subscriber::EnvFilter;

pub use live::{Live, Wishes};
pub use scene::play;
pub use stage::Stage;

use super::Failed;

/// The workspace of every demo.
const TEAM: &str = "T0DEMO";

/// A hop that did not do what it should.
#[derive(Debug, thiserror::Error)]
#[error("the demo stopped at “{hop}”: {why}")]
pub struct Broken {
    /// Which one.
    pub hop: &'static str,
    /// What was seen instead.
    pub why: String,
}

/// How the demo is asked for.
#[derive(Args)]
pub struct Demo {
    /// Where the page is; others can reach it only if this address lets them
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:4000", value_parser = address)]
    listen: SocketAddr,
    /// The same number makes the same world
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// Whether to open the page in a browser, where there is a desktop
    #[arg(long, value_enum, default_value_t = Open::Yes)]
    open: Open,
    /// Play one scenario through every hop, print it as a conversation, and end
    #[arg(long)]
    once: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Open {
    Yes,
    No,
}

fn address(text: &str) -> Result<SocketAddr, String> {
    let named = text.strip_prefix("localhost:").map(|port| format!("127.0.0.1:{port}"));
    let read = named.as_deref().unwrap_or(text).parse();
    read.map_err(|_| "write an address and a port, like 127.0.0.1:4000".to_owned())
}

impl Demo {
    /// Plays it once, or runs until it is told to stop.
    pub async fn run(self) -> Result<(), Failed> {
        if self.once { once().await } else { self.live().await }
    }

    async fn live(self) -> Result<(), Failed> {
        let log = tracing_subscriber::fmt().with_env_filter(EnvFilter::new("warn")).with_ansi(false);
        log.with_writer(io::stderr).try_init().map_err(Failed::other)?;
        let mut ended = super::serve::told_to_stop()?;
        let wishes = Wishes { listen: self.listen, seed: self.seed, begins: None };
        let live = Live::start(wishes).await.map_err(Failed::other)?;
        let url = live.page.url();
        println!("The demo is at {url} until you press Ctrl-C.");
        if !self.listen.ip().is_loopback() {
            println!("Whoever can reach {} can use it too.", live.page.address);
        }
        io::stdout().flush().map_err(Failed::other)?;
        if self.open == Open::Yes {
            open::in_a_browser(&url);
        }
        ended.wait().await;
        live.stop().await;
        Ok(())
    }
}

/// Plays it on both editions.
async fn once() -> Result<(), Failed> {
    for edition in stage::EDITIONS {
        let stage = Stage::set(edition).await.map_err(Failed::other)?;
        let played = play(&stage, &mut io::stdout()).await;
        stage.strike().await;
        played.map_err(Failed::other)?;
    }
    Ok(())
}
