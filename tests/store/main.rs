//! The store, method by method and under stress, on SQLite and on PostgreSQL.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so by ending")]

mod accounts;
mod auditing;
mod channels;
mod copying;
mod house;
mod intake;
mod model;
mod opening;
mod queue;
mod races;
mod sealing;
mod statements;
mod tidying;
mod workspaces;
