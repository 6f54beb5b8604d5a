//! How calls reach a Bitbucket and come back: one client, one way of trying again, one way of reading refusals.

mod api;
mod http;
mod paging;
mod refusal;
mod request;

pub use http::Http;

pub(super) use api::Api;
pub(super) use http::{Answer, Call};
pub(super) use paging::{by_next, by_start};
pub(super) use refusal::{Failed, Refusal};
pub(super) use request::Request;
