//! Pull requests: one file for each thing that can be done with them.

mod about;
mod acts;
pub mod approve;
pub mod checks;
pub mod comment;
pub mod decline;
pub mod diff;
pub mod list;
pub mod merge;
pub mod mine;
pub mod needs_work;
pub mod nudge;
mod number;
pub mod open;
pub mod queue;
pub mod reopen;
pub mod reply;
pub mod reviewers;
pub mod show;
mod spoken;
pub mod tasks;
pub mod unapprove;
pub mod update;
