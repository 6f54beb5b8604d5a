//! Bad input at every door: refused with its status, never a panic, and stored only when accepted.

mod busy;
mod generated;
pub mod knock;
mod routes;
mod slack;
mod webhooks;
