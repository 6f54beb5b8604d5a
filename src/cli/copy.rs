//! `dipper copy`: from one database to another, say from the file one began with to a server that replicas share.

use clap::Args;

use super::Failed;
use crate::clock::Clock;
use crate::store::{Progress, Store};

/// How often it is told how far a great table is.
const EVERY: u64 = 10_000;

/// From where to where.
#[derive(Args)]
pub struct Copy {
    /// The database to read: `sqlite://…` or `postgres://…`; nothing in it is changed
    #[arg(long, value_name = "URL")]
    from: String,
    /// The database to fill; a SQLite file is made where there is none
    #[arg(long, value_name = "URL")]
    to: String,
}

impl Copy {
    /// Copies all of it, or leaves the target as it was.
    pub async fn run(self) -> Result<(), Failed> {
        if self.from == self.to {
            return Err(Failed::usage("--from and --to are the same database; name two"));
        }
        let _from_held = Store::hold(&self.from).map_err(Failed::database)?;
        let _to_held = Store::hold(&self.to).map_err(Failed::database)?;
        let from = Store::open(&self.from, Clock::system()).await.map_err(Failed::database)?;
        if !from.is_up_to_date().await.map_err(Failed::other)? {
            let mend = "run `dipper migrate` of this version on it first";
            return Err(Failed::other(format!(
                "the database to copy is not as this version keeps it; {mend}"
            )));
        }
        if from.is_at_work().await.map_err(Failed::other)? {
            return Err(Failed::other(
                "a Dipper was at work on the database to copy within the last minute; stop all of them, wait a minute \
                 and copy again",
            ));
        }
        let to = Store::open(&self.to, Clock::system()).await.map_err(Failed::database)?;
        to.migrate().await.map_err(Failed::other)?;
        if let Some(table) = to.holds_something().await.map_err(Failed::other)? {
            return Err(Failed::other(format!(
                "the database to fill is not empty (`{table}` has rows); name an empty one"
            )));
        }
        let mut told = 0;
        let copied = from.copy_into(&to, |progress| tell(progress, &mut told)).await;
        to.close().await;
        let rows = copied.map_err(|error| {
            Failed::other(format!("{error}; nothing was kept in the target: copy again from the beginning"))
        })?;
        println!("{rows} rows copied; set DIPPER_DATABASE_URL to the new database and start Dipper");
        Ok(())
    }
}

/// A line for each table that has rows, and more of them for a great one.
fn tell(progress: Progress<'_>, told: &mut u64) {
    let Progress { table, rows, of } = progress;
    if rows == of {
        *told = 0;
        if of > 0 {
            println!("{table}: {rows} rows");
        }
    } else if rows >= *told + EVERY {
        *told = rows;
        println!("{table}: {rows} of {of} rows");
    }
}
