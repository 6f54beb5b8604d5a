//! `dipper jobs`: what waits, failed or was buried; beside a running bot.

use clap::Subcommand;

use super::Failed;
use crate::clock::Clock;
use crate::settings::Settings;
use crate::store::{JobFilter, JobRow, JobState, Store};

/// What can be done with jobs.
#[derive(Subcommand)]
pub enum Jobs {
    /// List jobs that wait, run or were buried
    List {
        /// Only those in this state: waiting, running, done or buried
        #[arg(long)]
        state: Option<JobState>,
    },
    /// Show one job
    Show {
        /// Its id, as the list shows it
        #[arg(value_parser = id)]
        id: i64,
    },
    /// Put a buried or finished job back into the queue
    Replay {
        /// Its id, as the list shows it
        #[arg(value_parser = id)]
        id: i64,
    },
    /// Remove a job that does not run
    Drop {
        /// Its id, as the list shows it
        #[arg(value_parser = id)]
        id: i64,
    },
}

fn id(text: &str) -> Result<i64, String> {
    i64::from_str_radix(text, 16)
        .map_err(|_| "a job's id is written like 1a2b3c; `dipper jobs list` shows them".to_owned())
}

impl Jobs {
    /// Does it.
    pub async fn run(self, settings: &Settings) -> Result<(), Failed> {
        let store = Store::open(&settings.database_url, Clock::system()).await.map_err(Failed::database)?;
        let unknown =
            |id: i64| Failed::other(format!("there is no job {id:x}; `dipper jobs list` shows them"));
        match self {
            Self::List { state } => {
                let jobs =
                    store.jobs(&JobFilter { state, ..JobFilter::default() }).await.map_err(Failed::other)?;
                for job in &jobs {
                    println!("{}", line(job));
                }
                if jobs.is_empty() {
                    println!("no jobs");
                }
            }
            Self::Show { id } => {
                let job = store.job(id).await.map_err(Failed::other)?.ok_or_else(|| unknown(id))?;
                println!("{}\npayload  {}", line(&job), job.payload);
            }
            Self::Replay { id } => {
                if !store.replay(id).await.map_err(Failed::other)? {
                    return Err(Failed::other(format!("job {id:x} is not there, or waits or runs already")));
                }
                println!("job {id:x} waits again");
            }
            Self::Drop { id } => {
                if !store.drop_job(id).await.map_err(Failed::other)? {
                    return Err(Failed::other(format!("job {id:x} is not there, or runs just now")));
                }
                println!("job {id:x} is gone");
            }
        }
        Ok(())
    }
}

fn line(job: &JobRow) -> String {
    let error = job.last_error.as_deref().map(|error| format!("  {error}")).unwrap_or_default();
    format!("{:x}  {}  {}  attempt {}{error}", job.id, job.state, job.kind, job.attempt)
}
