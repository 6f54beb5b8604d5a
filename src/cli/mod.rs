//! Floor 9: what the operator types.

mod audit;
mod check;
mod copy;
mod deeds;
mod deliveries;
pub mod demo;
mod jobs;
mod keys;
pub mod manifest;
mod serve;
pub mod tables;

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::clock::Clock;
use crate::settings::Settings;
use crate::store::{self, Store};

/// Bitbucket, worked from Slack
#[derive(Parser)]
#[command(name = "dipper", version, disable_help_subcommand = true)]
struct Cli {
    /// The settings file, when it is not ./dipper.toml
    #[arg(long, global = true, value_name = "PATH")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run the bot; applies migrations first
    Serve,
    /// Run the bot against a local Slack and a local Bitbucket, with a page in the browser
    Demo(demo::Demo),
    /// Look whether everything would work, and say how to mend what would not
    Check,
    /// Apply migrations and end
    Migrate,
    /// Move everything from one database into another, which is empty
    Copy(copy::Copy),
    /// Print the Slack app's manifest for these settings
    Manifest {
        /// For an app that Slack reaches over a web socket; SLACK_APP_TOKEN means the same
        #[arg(long)]
        socket_mode: bool,
    },
    /// Print what the README says of commands, settings, topics and scopes
    Help {
        #[command(subcommand)]
        command: Help,
    },
    /// Make keys, and exchange them
    Keys {
        #[command(subcommand)]
        command: keys::Keys,
    },
    /// Read the audit log
    Audit {
        #[command(subcommand)]
        command: audit::Audit,
    },
    /// Look at what came in, and why it was told or not; tell it again
    Deliveries {
        #[command(subcommand)]
        command: deliveries::Deliveries,
    },
    /// Look at what waits, failed or was buried
    Jobs {
        #[command(subcommand)]
        command: jobs::Jobs,
    },
}

#[derive(Subcommand)]
enum Help {
    /// Print the tables, in Markdown
    Tables,
}

/// Why a command ended badly, and with which code.
pub struct Failed {
    code: u8,
    says: String,
}

#[expect(clippy::needless_pass_by_value, reason = "so that it can be handed to `map_err`")]
impl Failed {
    /// Wrong usage or settings.
    fn usage(says: impl ToString) -> Self {
        Self { code: 2, says: says.to_string() }
    }

    /// A database that cannot be used: its address is a setting, all else is not.
    fn database(error: store::Error) -> Self {
        match error {
            store::Error::BadUrl(_) => Self::usage(error),
            error => Self::other(error),
        }
    }

    /// Anything else.
    fn other(says: impl ToString) -> Self {
        Self { code: 1, says: says.to_string() }
    }
}

/// Reads the arguments and does what they say.
pub fn main(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    // The first provider wins; a second call would only say that there is one.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => {
            let help = !error.use_stderr();
            let _ = error.print();
            return if help { ExitCode::SUCCESS } else { ExitCode::from(2) };
        }
    };
    match tokio::runtime::Runtime::new().map_err(Failed::other).and_then(|runtime| runtime.block_on(run(cli)))
    {
        Ok(()) => ExitCode::SUCCESS,
        Err(failed) => {
            eprintln!("dipper: {}", failed.says);
            ExitCode::from(failed.code)
        }
    }
}

async fn run(cli: Cli) -> Result<(), Failed> {
    let settings = || Settings::read(cli.config.as_deref()).map_err(Failed::usage);
    match cli.command {
        Command::Serve => serve::serve(&settings()?).await,
        Command::Demo(demo) => demo.run().await,
        Command::Check => check::check(&settings()?).await,
        Command::Migrate => migrate(&settings()?).await,
        Command::Copy(copy) => copy.run().await,
        Command::Manifest { socket_mode } => {
            let settings = settings()?;
            let by_socket = socket_mode || settings.slack.app_token.is_some();
            print!("{}", manifest::manifest(&settings, by_socket));
            Ok(())
        }
        Command::Help { command: Help::Tables } => {
            for table in tables::all() {
                println!("## {}\n\n{}", table.heading, table.text);
            }
            Ok(())
        }
        Command::Keys { command } => command.run(settings).await,
        Command::Audit { command } => command.run(&settings()?).await,
        Command::Deliveries { command } => command.run(&settings()?).await,
        Command::Jobs { command } => command.run(&settings()?).await,
    }
}

async fn migrate(settings: &Settings) -> Result<(), Failed> {
    let _hold = Store::hold(&settings.database_url).map_err(Failed::database)?;
    let store = Store::open(&settings.database_url, Clock::system()).await.map_err(Failed::database)?;
    store.migrate().await.map_err(Failed::other)?;
    println!("the database is up to date");
    Ok(())
}
