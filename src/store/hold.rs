//! One process to a SQLite file: a lock beside it, which the system lets go when the process ends.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;

use super::engine::Address;
use super::error::Error;

/// Keeps others off the database until it is dropped.
#[derive(Debug)]
pub struct Hold {
    _locked: Option<File>,
}

impl Hold {
    /// Takes it, or says who has it.
    pub(super) fn on(address: &Address) -> Result<Self, Error> {
        let Address::File(path) = address else {
            return Ok(Self { _locked: None });
        };
        let mut beside = path.clone().into_os_string();
        beside.push(".lock");
        let file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .open(Path::new(&beside))
            .map_err(|error| no_lock(path, &error))?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _locked: Some(file) }),
            Err(TryLockError::WouldBlock) => Err(Error::Held(path.display().to_string())),
            Err(TryLockError::Error(error)) => Err(no_lock(path, &error)),
        }
    }
}

fn no_lock(path: &Path, error: &std::io::Error) -> Error {
    Error::Unavailable(format!("the lock beside `{}` cannot be taken ({error})", path.display()))
}
