//! How much Dipper takes in durably on one core, beside a server that only checks signatures.

#[path = "intake/children.rs"]
mod children;
#[path = "intake/floor.rs"]
mod floor;
#[path = "intake/load.rs"]
mod load;
#[path = "intake/requests.rs"]
mod requests;
#[path = "intake/table.rs"]
mod table;

use std::error::Error;
use std::path::Path;
use std::time::Duration;

use children::{Child, Dipper};
use load::{Figures, Load};
use requests::Requests;
use table::Table;

/// Why a run ended early.
type Outcome<T> = Result<T, Box<dyn Error>>;

/// How long each measurement lasts, unless its requests are used up sooner.
const LASTS: Duration = Duration::from_secs(5);
const CONNECTIONS: usize = 64;
const CROWD: usize = 1_000;
/// So many slash commands are made, at least, and so many jobs wait when memory is read.
const JOBS: usize = 100_000;
const CROWDED: usize = 20_000;
const DELIVERIES: usize = 40_000;
const STARTS: usize = 5;

fn main() -> Outcome<()> {
    match std::env::args().nth(1).as_deref() {
        Some(floor::CHECKS) => floor::check_signatures(),
        Some(floor::ANSWERS) => floor::answer_anything(),
        _ => measure(),
    }
}

fn measure() -> Outcome<()> {
    children::pin_to_the_second_core()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR"))?;
    let mut table = Table::default();
    ceiling(&runtime, &mut table)?;
    slash_commands(&runtime, folder.path(), &mut table)?;
    deliveries(&runtime, folder.path(), &mut table)?;
    starts(folder.path(), &mut table)?;
    println!("{table}");
    Ok(())
}

/// Runs one measurement to its end.
fn run(
    runtime: &tokio::runtime::Runtime,
    child: &Child,
    requests: &Requests,
    connections: usize,
) -> Outcome<Figures> {
    Ok(runtime.block_on(Load { address: child.address, connections, lasts: LASTS }.run(requests))?)
}

/// What the generator itself can do, against a server that reads nothing.
fn ceiling(runtime: &tokio::runtime::Runtime, table: &mut Table) -> Outcome<()> {
    let child = Child::floor(floor::ANSWERS)?;
    let small = Requests::slash_commands(1_000).again_and_again();
    table.load("generator's ceiling, slash commands", &run(runtime, &child, &small, CONNECTIONS)?, None);
    let large = Requests::deliveries(1_000).again_and_again();
    table.load("generator's ceiling, deliveries", &run(runtime, &child, &large, CONNECTIONS)?, None);
    Ok(())
}

fn slash_commands(runtime: &tokio::runtime::Runtime, folder: &Path, table: &mut Table) -> Outcome<()> {
    let floor = {
        let child = Child::floor(floor::CHECKS)?;
        let requests = Requests::slash_commands(10_000).again_and_again();
        run(runtime, &child, &requests, CONNECTIONS)?
    };
    table.load("floor: slash commands, checked only", &floor, None);
    let dipper = Dipper::start(&folder.join("slash"))?;
    table.memory("resident memory, idle", dipper.child.resident()?);
    let requests = Requests::slash_commands(JOBS);
    let stored = run(runtime, &dipper.child, &requests, CONNECTIONS)?;
    table.load("Dipper: slash commands, stored", &stored, Some(&floor));
    while requests.left() > 0 {
        run(runtime, &dipper.child, &requests, CONNECTIONS)?;
    }
    let jobs = dipper.jobs()?;
    table.memory(&format!("resident memory, {jobs} jobs waiting"), dipper.child.resident()?);
    let crowd = run(runtime, &dipper.child, &Requests::slash_commands(CROWDED), CROWD)?;
    table.load("Dipper: slash commands, stored", &crowd, None);
    Ok(())
}

fn deliveries(runtime: &tokio::runtime::Runtime, folder: &Path, table: &mut Table) -> Outcome<()> {
    let requests = Requests::deliveries(DELIVERIES);
    let floor = {
        let child = Child::floor(floor::CHECKS)?;
        let requests = Requests::deliveries(2_000).again_and_again();
        run(runtime, &child, &requests, CONNECTIONS)?
    };
    table.load("floor: 6 KB deliveries, checked only", &floor, None);
    let dipper = Dipper::start(&folder.join("deliveries"))?;
    let stored = run(runtime, &dipper.child, &requests, CONNECTIONS)?;
    table.load("Dipper: 6 KB deliveries, stored", &stored, Some(&floor));
    Ok(())
}

/// From the start of the process to the first `ready`, on an empty folder: the database is made as well.
fn starts(folder: &Path, table: &mut Table) -> Outcome<()> {
    let mut took = Vec::new();
    for start in 0..STARTS {
        took.push(Dipper::start(&folder.join(format!("start-{start}")))?.ready_after);
    }
    took.sort_unstable();
    table.start(took[STARTS / 2], took[STARTS - 1]);
    Ok(())
}
