//! Floor 2: how things read, as pure functions from words to `Message`.

pub mod card;
pub mod listing;
