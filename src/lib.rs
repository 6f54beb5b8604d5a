//! Dipper: Bitbucket, worked from Slack.
//!
//! # The floors
//!
//! A module imports only from floors below its own (`tests/floors.rs` holds the list).
//!
//! | floor | modules | what is there |
//! |---|---|---|
//! | 9 | [`cli`] | what the operator types: `serve`, `demo`, `check`, `migrate`, `copy`, `manifest`, `keys`, `audit`, `deliveries`, `jobs` |
//! | 8 | [`app`] | the only place where parts are joined |
//! | 7 | [`http`], [`socket`], [`worker`], [`schedule`], [`settings`] | what wakes the bot |
//! | 6 | [`reception`] upon [`jobs`] upon [`intake`] | what is asked of us, and what survives a restart |
//! | 5 | [`notices`] | what the bot says unasked |
//! | 4 | [`commands`] | what a person can ask; one file per command |
//! | 3 | [`bot`] | the bot's handles, who asks, how every request can end |
//! | 2 | [`accounts`], [`workspaces`], [`views`], [`news`] | who people are on Bitbucket; where the bot is in Slack; how things read; what there is to tell, and which wishes it meets |
//! | 1 | [`slack`], [`bitbucket`], [`store`] | the outside, strangers to each other |
//! | 0 | [`words`], [`clock`], [`seal`] | the words everything is said in |
//! | island | [`sandbox`] | a local Slack and a local Bitbucket, for tests and the demo; imports nothing of ours |
//!
//! # A command's way
//!
//! ```text
//! /bb pr approve web/api#42 ──clap──┐
//! [Approve] button value  ──serde───┤
//! form fields             ──serde───┼─►  Command::PrApprove ─► run(&Context) ─► Message ─► slack::blocks
//! queue row               ──serde───┘
//! ```
//!
//! A request comes to a door ([`http`], or [`socket`] where nobody can reach the bot), is verified, read far
//! enough to refuse nonsense ([`reception`], [`intake`]), stored as it came ([`store`]) and acknowledged. The [`worker`] claims it, reads it again and runs it
//! ([`jobs`]). A delivery from Bitbucket goes the same way, becomes an event ([`bitbucket`]) and news
//! ([`news`]), and what follows from it ([`notices`]) is written in one transaction with its outcome.
//!
//! # Where to add things
//!
//! * a slash command: a file in `commands/` and a word in its list;
//! * an event on a known subject: a row in `bitbucket/event.rs` and an arm in `notices/`;
//! * something asked of Bitbucket: the trait and both editions; the compiler lists them;
//! * a job: its payload in `words/work.rs`, a file in `jobs/` and a word in its list;
//! * a table: a migration and a file in `store/`;
//! * how a thing looks in Slack: `slack/blocks`; how it reads: `views/` or the command that says it.

pub mod accounts;
pub mod app;
pub mod bitbucket;
pub mod bot;
pub mod cli;
pub mod clock;
pub mod commands;
pub mod http;
pub mod intake;
pub mod jobs;
pub mod news;
pub mod notices;
pub mod reception;
pub mod sandbox;
pub mod schedule;
pub mod seal;
pub mod settings;
pub mod slack;
pub mod socket;
pub mod store;
pub mod views;
pub mod words;
pub mod worker;
pub mod workspaces;
