//! `dipper keys`: a fresh key, and everything sealed anew with the first; beside running bots.

use std::collections::BTreeSet;

use clap::Subcommand;
use serde_json::json;

use super::Failed;
use super::deeds::{OperatorDeed, everybody};
use crate::clock::{Clock, random_name};
use crate::seal::{Seal, new_key};
use crate::settings::Settings;
use crate::store::{Resealed, Store, vaults};

/// What is written while one looks may have been sealed before: so often it is looked again.
const PASSES: usize = 5;

/// What can be done with keys.
#[derive(Subcommand)]
pub enum Keys {
    /// Print a fresh key for DIPPER_KEYS
    New,
    /// Seal every stored secret anew with the first of DIPPER_KEYS, while bots run
    Rotate,
}

impl Keys {
    /// Does it.
    pub async fn run(self, settings: impl Fn() -> Result<Settings, Failed>) -> Result<(), Failed> {
        match self {
            Self::New => {
                println!("{}", new_key());
                Ok(())
            }
            Self::Rotate => rotate(&settings()?).await,
        }
    }
}

/// The keys of the settings.
pub fn seal_of(settings: &Settings) -> Result<Seal, Failed> {
    let missing = "DIPPER_KEYS is not set; `dipper keys new` prints one";
    let keys = settings.keys.as_ref().ok_or_else(|| Failed::usage(missing))?;
    Seal::from_keys(keys).map_err(|error| Failed::usage(format!("DIPPER_KEYS does not read: {error}")))
}

async fn rotate(settings: &Settings) -> Result<(), Failed> {
    let seal = seal_of(settings)?;
    let store = Store::open(&settings.database_url, Clock::system()).await.map_err(Failed::database)?;
    let (mut anew, mut last) = (0, Resealed::default());
    for _ in 0..PASSES {
        last = pass(&store, &seal).await?;
        anew += last.anew;
        if last.anew == 0 {
            break;
        }
    }
    if anew > 0 {
        write_down(&store, &seal, anew).await?;
    }
    if last.shut > 0 {
        return Err(Failed::other(format!(
            "{anew} sealed anew; {} open with none of DIPPER_KEYS: add the key they were sealed with, or their \
             owners have to connect again",
            last.shut
        )));
    }
    if last.anew > 0 {
        return Err(Failed::other(
            "a running bot still seals with another key; put the new key first everywhere, then rotate again",
        ));
    }
    let all = last.fresh;
    println!(
        "{anew} sealed anew; all {all} lie under the first key now, and the others may go from DIPPER_KEYS"
    );
    Ok(())
}

/// What was sealed anew is told in every audit log whose own key these keys open.
async fn write_down(store: &Store, seal: &Seal, anew: u64) -> Result<(), Failed> {
    let fields = json!({ "sealed anew": anew });
    let deed = OperatorDeed { command: "keys.rotate", fields, reference: random_name(4) };
    for team in everybody(store).await? {
        let mut tx = store.begin().await.map_err(Failed::other)?;
        match deed.write_down(&mut tx, seal, &BTreeSet::from([team.clone()])).await {
            Ok(()) => tx.commit().await.map_err(Failed::other)?,
            Err(error) => println!("audit log of {team}: this could not be written down ({error})"),
        }
    }
    Ok(())
}

/// Goes through everything once, and says what it does.
async fn pass(store: &Store, seal: &Seal) -> Result<Resealed, Failed> {
    let mut sum = Resealed::default();
    for vault in vaults() {
        let done = store.reseal(vault, seal).await.map_err(Failed::other)?;
        if done.anew + done.shut > 0 {
            println!("{}: {} sealed anew, {} as they were", vault.what, done.anew, done.fresh + done.shut);
        }
        sum.anew += done.anew;
        sum.fresh += done.fresh;
        sum.shut += done.shut;
    }
    Ok(sum)
}
