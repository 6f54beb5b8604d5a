//! The queue: jobs under leases, one at a time and in order inside a key.
//!
//! A waiting job is *ready* from `ready_at` on. One that has another of its key before it has none, so
//! that workers never look at it; whoever lets go of the one before it makes it ready. Readiness only
//! says where to look: whether a job may run is decided by the claim itself, and that no two of a key run
//! at once by a unique index.

mod claim;
mod enqueue;
mod list;
mod reap;
mod settle;

pub(super) use claim::Fence;
pub use claim::{Ask, Claim};
pub(super) use enqueue::{Seen, lock_key};
pub use list::{Depth, JobFilter, JobRow, JobState};
pub use reap::Reaped;

use super::engine::Engine;
use super::rows::Named;

pub(super) const ALL: [&[Named]; 4] = [enqueue::ALL, list::ALL, reap::ALL, settle::ALL];

/// The statements in which the engines differ.
pub(super) fn engine_statements(engine: Engine) -> &'static [Named] {
    match engine {
        Engine::Sqlite => claim::ON_SQLITE,
        Engine::Postgres => claim::ON_POSTGRES,
    }
}
