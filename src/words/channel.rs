//! What happens to a channel that feeds go to.

/// Why nothing can be said in a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shut {
    /// It was archived.
    Archived,
    /// The bot is not in it, or cannot see it.
    Out,
    /// Only some may post there.
    Silenced,
    /// It is gone.
    Deleted,
}

impl Shut {
    /// The word a row keeps.
    pub fn word(self) -> &'static str {
        match self {
            Self::Archived => "archived",
            Self::Out => "out",
            Self::Silenced => "silenced",
            Self::Deleted => "deleted",
        }
    }
}

/// What happened to a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stir {
    /// Nothing can be said there from now on.
    Shut(Shut),
    /// It may be spoken in again.
    Open,
}
