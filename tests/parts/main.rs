//! The outer parts by themselves, each against a stranger: the Bitbucket client against a bare server
//! and recordings, the sandbox against a client that shares nothing with it.

mod bitbucket_client;
mod sandbox_bitbucket;
mod sandbox_slack;
#[path = "../contract/vendor/mod.rs"]
mod vendor;
