//! `dipper jobs`: what waits, failed or was buried; beside a running bot.

use clap::Subcommand;
use serde_json::json;

use super::Failed;
use super::deeds::{OperatorDeed, concerned};
use super::keys::seal_of;
use crate::clock::Clock;
use crate::settings::Settings;
use crate::store::{self, JobFilter, JobRow, JobState, Store, Tx};

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
                let why = "is not there, or waits or runs already";
                change(settings, &store, id, ("jobs.replay", why), async |tx| tx.replay(id).await).await?;
                println!("job {id:x} waits again");
            }
            Self::Drop { id } => {
                let why = "is not there, or runs just now";
                change(settings, &store, id, ("jobs.drop", why), async |tx| tx.drop_job(id).await).await?;
                println!("job {id:x} is gone");
            }
        }
        Ok(())
    }
}

/// Does something to a job, and writes it down in the same unit of work.
async fn change(
    settings: &Settings,
    store: &Store,
    id: i64,
    (command, refused): (&'static str, &str),
    does: impl AsyncFnOnce(&mut Tx) -> Result<bool, store::Error>,
) -> Result<(), Failed> {
    let seal = seal_of(settings)?;
    let refused = || Failed::other(format!("job {id:x} {refused}"));
    let job = store.job(id).await.map_err(Failed::other)?.ok_or_else(refused)?;
    let teams = concerned(store, &job).await?;
    let deed = OperatorDeed {
        command,
        fields: json!({ "job": format!("{id:x}"), "kind": job.kind }),
        reference: format!("{id:x}"),
    };
    let mut tx = store.begin().await.map_err(Failed::other)?;
    if !does(&mut tx).await.map_err(Failed::other)? {
        return Err(refused());
    }
    deed.write_down(&mut tx, &seal, &teams).await.map_err(Failed::other)?;
    tx.commit().await.map_err(Failed::other)
}

fn line(job: &JobRow) -> String {
    let error = job.last_error.as_deref().map(|error| format!("  {error}")).unwrap_or_default();
    format!("{:x}  {}  {}  attempt {}{error}", job.id, job.state, job.kind, job.attempt)
}
