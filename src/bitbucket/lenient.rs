//! Reading what others wrote: whatever is missing, null or of another shape is simply not there.

use std::ops::Deref;

use chrono::DateTime;
use serde::de::{Deserializer, Error as _};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;

/// A field that may be absent or odd without spoiling the rest.
#[derive(Debug, Clone)]
pub(super) struct Maybe<T>(pub Option<T>);

impl<T> Default for Maybe<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<T> Deref for Maybe<T> {
    type Target = Option<T>;

    fn deref(&self) -> &Option<T> {
        &self.0
    }
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for Maybe<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Value::deserialize(from).map(|value| Self(T::deserialize(value).ok()))
    }
}

/// A list, less what does not read; anything that is no list is an empty one.
#[derive(Debug, Clone)]
pub(super) struct Listed<T>(pub Vec<T>);

impl<T> Default for Listed<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for Listed<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let entries = match Value::deserialize(from)? {
            Value::Array(entries) => entries,
            _ => Vec::new(),
        };
        let read = entries.into_iter().filter_map(|entry| T::deserialize(entry).ok());
        Ok(Self(read.collect()))
    }
}

/// A moment in epoch milliseconds, written as a number or in any of the ISO forms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Moment(pub i64);

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let read = match Value::deserialize(from)? {
            Value::Number(number) => number.as_i64(),
            Value::String(text) => moment(&text),
            _ => None,
        };
        read.map(Self).ok_or_else(|| D::Error::custom("not a moment"))
    }
}

/// Data Center writes offsets without a colon, and so misses RFC 3339.
fn moment(text: &str) -> Option<i64> {
    DateTime::parse_from_rfc3339(text)
        .or_else(|_| DateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f%z"))
        .map(|at| at.timestamp_millis())
        .ok()
        .or_else(|| text.parse().ok())
}

/// Why a body did not read at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NotRead {
    /// It is not JSON, or nested beyond reason.
    NotJson,
    /// It is JSON, but not what it should be from the outset.
    OtherShape,
}

/// Reads a body; by way of a `Value`, so that a field said twice does not matter.
pub(super) fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, NotRead> {
    let value: Value = serde_json::from_slice(body).map_err(|_| NotRead::NotJson)?;
    T::deserialize(value).map_err(|_| NotRead::OtherShape)
}

/// What an object would have to carry, and does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Lacks(pub &'static str);

impl From<Lacks> for super::Error {
    fn from(Lacks(what): Lacks) -> Self {
        Self::Unreadable(format!("its answer lacks {what}.").into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_written_form_of_a_moment_reads_the_same() {
        for written in [
            "1779631864000",
            "\"2026-05-24T14:11:04.000Z\"",
            "\"2026-05-24T14:11:04+0000\"",
            "\"2026-05-24T16:11:04.000+0200\"",
            "\"2026-05-24T14:11:04.000000+00:00\"",
            "\"1779631864000\"",
        ] {
            let read: Maybe<Moment> = serde_json::from_str(written).unwrap();
            assert_eq!(read.0, Some(Moment(1_779_631_864_000)), "{written}");
        }
        let odd: Maybe<Moment> = serde_json::from_str("{\"date\":1}").unwrap();
        assert!(odd.is_none());
    }

    #[test]
    fn odd_entries_leave_the_others_alone() {
        let read: Listed<u64> = serde_json::from_str("[1, null, \"x\", 2]").unwrap();
        assert_eq!(read.0, [1, 2]);
        assert!(serde_json::from_str::<Listed<u64>>("null").unwrap().0.is_empty());
    }
}
