//! Floor 0: the words everything else is said in. Nothing here knows Slack's or Bitbucket's wire.

pub mod access;
pub mod build;
pub mod calendar;
pub mod channel;
pub mod code;
pub mod comment;
pub mod commit;
pub mod cron_line;
pub mod day;
pub mod digest;
pub mod filter;
pub mod form;
pub mod glob;
pub mod how_long;
pub mod ics;
pub mod later;
pub mod measure;
pub mod merge;
pub mod message;
pub mod names;
pub mod near;
pub mod notice;
pub mod patch;
pub mod pipeline;
pub mod preference;
pub mod protection;
pub mod pull_request;
pub mod quiet;
pub mod reason;
pub mod repository;
pub mod request;
pub mod story;
pub mod times;
pub mod topic;
pub mod webhook;
pub mod who;
pub mod whom;
pub mod wish;
pub mod work;

/// A text that did not parse, said as advice to the person who typed it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Advice(pub String);

impl Advice {
    /// Advice from anything that reads as a sentence.
    pub fn new(sentence: impl Into<String>) -> Self {
        Self(sentence.into())
    }
}

/// A newtype around text that is printed and stored just as it is.
macro_rules! text_newtype {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub String);

        impl $name {
            /// From anything that reads as text.
            pub fn new(text: impl Into<String>) -> Self {
                Self(text.into())
            }

            /// The text itself.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                out.write_str(&self.0)
            }
        }
    };
}

/// Serialises a type through its `Display` and `FromStr`, so that every door parses with the same code.
macro_rules! serde_as_text {
    ($name:ty) => {
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
                out.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str>>::deserialize(from)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

pub(crate) use {serde_as_text, text_newtype};
