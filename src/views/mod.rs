//! Floor 2: how things read, as pure functions from words to `Message`.

pub mod card;
pub mod checks;
pub mod code;
pub mod diff;
pub mod digest;
pub mod home;
pub mod listing;
pub mod numbers;
pub mod picture;
pub mod pipeline;
pub mod request;
pub mod short;
pub mod size;
pub mod story;
pub mod whispers;
