//! Pull requests: one file for each thing that can be done with them.

pub mod approve;
pub mod merge;
pub mod open;
pub mod show;
