//! What is in a repository.

pub mod commits;
