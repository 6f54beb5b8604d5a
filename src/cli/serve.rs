//! `dipper serve`: the bot, until it is told to stop.

use std::io::{self, Write};

use tokio::signal::unix::{Signal, SignalKind, signal};
use tracing_subscriber::EnvFilter;

use super::Failed;
use crate::app::{App, Error};
use crate::clock::Clock;
use crate::settings::{LogFormat, Settings};

/// Runs the bot until SIGTERM or SIGINT.
pub async fn serve(settings: &Settings) -> Result<(), Failed> {
    start_log(settings)?;
    let mut ended = told_to_stop()?;
    let app = App::start(settings, Clock::system()).await.map_err(|error| match error {
        Error::Setting(_) => Failed::usage(error),
        Error::Store(error) => Failed::database(error),
        error @ Error::Listen(..) => Failed::other(error),
    })?;
    println!("listening on {}", app.address);
    io::stdout().flush().map_err(Failed::other)?;
    ended.wait().await;
    tracing::info!("stopping");
    app.stop().await;
    Ok(())
}

/// SIGTERM and SIGINT.
pub(super) struct Stop {
    term: Signal,
    interrupt: Signal,
}

/// Listens for them from now on.
pub(super) fn told_to_stop() -> Result<Stop, Failed> {
    let listen = |kind| signal(kind).map_err(Failed::other);
    Ok(Stop { term: listen(SignalKind::terminate())?, interrupt: listen(SignalKind::interrupt())? })
}

impl Stop {
    /// Waits for either.
    pub(super) async fn wait(&mut self) {
        tokio::select! {
            _ = self.term.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}

fn start_log(settings: &Settings) -> Result<(), Failed> {
    let filter = EnvFilter::try_new(&settings.log).map_err(|error| {
        Failed::usage(format!("DIPPER_LOG is `{}`, which does not read: {error}", settings.log))
    })?;
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr);
    let started = match settings.log_format {
        LogFormat::Text => log.with_ansi(false).try_init(),
        LogFormat::Json => log.json().try_init(),
    };
    started.map_err(Failed::other)
}
