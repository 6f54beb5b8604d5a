//! How calls reach a Bitbucket and come back: one client, one way of trying again, one way of reading refusals.

mod allowance;
mod api;
mod asking;
mod cache;
mod http;
mod paging;
mod refusal;
mod request;
mod shared;

pub use allowance::{Booked, Ledger};
pub use http::{Http, Outgoing};

pub(super) use api::Api;
pub(super) use http::{Answer, Call};
pub(super) use paging::{Pages, listed};
pub(super) use refusal::{Failed, Refusal};
pub(super) use request::Request;
pub(super) use shared::Shared;
