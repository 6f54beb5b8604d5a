//! What can go wrong between us and a Bitbucket, sorted by what one can do about it.

use std::fmt;
use std::time::Duration;

use crate::words::names::Instance;

/// What a call to Bitbucket answers.
pub type Result<T> = std::result::Result<T, Error>;

/// Why Bitbucket did not do it. Prints as a sentence for a person; holds no credential and no body.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// No credential, or one that is refused even after renewal.
    #[error("Bitbucket `{0}` does not know you, or not any more; connect it again.")]
    SignIn(Instance),
    /// Known, but without the right.
    #[error("Bitbucket does not allow it: {0}")]
    Forbidden(Said),
    /// Known, and perhaps with the right, but what it is asked with was not allowed to do this.
    #[error("{0}")]
    LacksScope(Box<Lacking>),
    /// Not there, or hidden.
    #[error("Bitbucket has nothing of that name that you may see.")]
    NotFound(Said),
    /// Refused, in Bitbucket's own words.
    #[error("{0}")]
    Refused(Said),
    /// This edition has no such thing.
    #[error("{0}")]
    NotOffered(String),
    /// Something changed under our hands; trying again is sensible.
    #[error("It changed in the meantime: {0}")]
    Conflict(Said),
    /// Too many calls.
    #[error("Bitbucket asks us to slow down{}.", in_seconds(*.retry_after))]
    Slow {
        /// How long, where it said so.
        retry_after: Option<Duration>,
    },
    /// In trouble, or not to be reached.
    #[error("Bitbucket is in trouble or cannot be reached: {0}")]
    Down(Said),
    /// It may have been done, or not; asking did not settle it.
    #[error("Nobody knows whether Bitbucket did it: {0} Look before trying again.")]
    InDoubt(Said),
    /// It answered something that makes no sense to us.
    #[error("Bitbucket answered something unexpected: {0}")]
    Unreadable(Said),
}

/// What a credential would have to be allowed besides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lacking {
    /// Where.
    pub instance: Instance,
    /// The scopes it lacks, as Bitbucket calls them.
    pub scopes: Vec<String>,
    /// Whether it is a token that its person made, who alone can make another.
    pub own_token: bool,
    /// Whether nothing else than such a token can do it.
    pub only_own: bool,
    /// Whether Bitbucket says so; else the person may lack the right as well.
    pub sure: bool,
    /// What it said.
    pub said: Said,
}

impl fmt::Display for Lacking {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scopes = self.scopes.join("`, `");
        if self.sure {
            write!(out, "What Dipper was allowed on `{}` is too little: it lacks `{scopes}`.", self.instance)
        } else {
            write!(out, "Bitbucket does not allow it: you lack the right, or your token lacks `{scopes}`.")
        }
    }
}

/// The words of a refusal, and what helps to find it again on the other side.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Said {
    /// For a person.
    pub words: String,
    /// The status it was answered with; none when nothing was asked or nothing came back.
    pub status: Option<u16>,
    /// What the server calls this exchange in its own log, where it says so.
    pub reference: Option<String>,
}

impl fmt::Display for Said {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.words)
    }
}

impl<T: Into<String>> From<T> for Said {
    fn from(words: T) -> Self {
        Self { words: words.into(), ..Self::default() }
    }
}

impl Error {
    /// What the server said, where it said anything.
    pub fn said(&self) -> Option<&Said> {
        match self {
            Self::Forbidden(said)
            | Self::NotFound(said)
            | Self::Refused(said)
            | Self::Conflict(said)
            | Self::Down(said)
            | Self::InDoubt(said)
            | Self::Unreadable(said) => Some(said),
            Self::LacksScope(lacking) => Some(&lacking.said),
            Self::SignIn(_) | Self::NotOffered(_) | Self::Slow { .. } => None,
        }
    }
}

fn in_seconds(wait: Option<Duration>) -> String {
    wait.map(|wait| format!(" for {} seconds", wait.as_secs().max(1))).unwrap_or_default()
}
