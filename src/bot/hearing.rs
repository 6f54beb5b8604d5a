//! How the bot hears from Slack just now, in words for the log and for whoever looks at its health.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Utc};

/// How it stands.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Hearing {
    /// Slack comes by itself, over HTTP.
    #[default]
    Http,
    /// A web socket is being opened.
    Opening,
    /// A web socket is open, since then.
    Open(DateTime<Utc>),
    /// Other replicas hold as many web sockets as there may be.
    StandsBy,
    /// There is none, for this reason; what to do is part of it where somebody has to.
    Deaf(String),
}

impl fmt::Display for Hearing {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Http => write!(to, "over HTTP"),
            Self::Opening => write!(to, "the web socket is being opened"),
            Self::Open(since) => {
                write!(to, "over a web socket, open since {} UTC", since.format("%Y-%m-%d %H:%M:%S"))
            }
            Self::StandsBy => write!(to, "other replicas hold the web sockets; this one stands by"),
            Self::Deaf(why) => write!(to, "not at all: {why}"),
        }
    }
}

/// A handle on it; clones share it.
#[derive(Debug, Clone, Default)]
pub struct Ear(Arc<Mutex<Hearing>>);

impl Ear {
    /// How it stands now.
    pub fn hearing(&self) -> Hearing {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// It stands so from now on.
    pub fn set(&self, hearing: Hearing) {
        metrics::gauge!("dipper_socket_open").set(f64::from(u8::from(matches!(hearing, Hearing::Open(_)))));
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = hearing;
    }
}
