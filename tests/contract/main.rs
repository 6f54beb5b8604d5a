//! What the bot sends and what the sandbox answers, held against the vendors' own specifications.

#[cfg(test)]
mod client;
#[cfg(test)]
mod manifest;
#[cfg(test)]
mod reader;
mod vendor;
