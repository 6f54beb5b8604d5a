//! The suite: plays through the real doors, against the sandbox, on the engine the environment names.

mod database;
mod log;
mod slice;
mod world;
