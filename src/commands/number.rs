//! A number that a form's field holds as text.

use serde::{Deserialize, Deserializer, de};

/// As it is typed.
#[derive(Deserialize)]
#[serde(untagged)]
enum Typed {
    Number(u32),
    Text(String),
}

pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<u32>, D::Error> {
    match Option::<Typed>::deserialize(from)? {
        None => Ok(None),
        Some(Typed::Number(number)) => Ok(Some(number)),
        Some(Typed::Text(text)) if text.trim().is_empty() => Ok(None),
        Some(Typed::Text(text)) => {
            text.trim().parse().map(Some).map_err(|_| de::Error::custom("Write a number, like 2."))
        }
    }
}
