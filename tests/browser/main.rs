//! The demo's page in a real browser. Where there is no Chromium and no chromedriver, each play says that
//! it was skipped.

#![expect(clippy::unwrap_used, reason = "a play that cannot go on has failed")]

mod bitbucket;
mod blocks;
mod driver;
mod first_minute;
mod looks;
mod opening;
mod people;
mod pictures;
mod play;
mod slack;
