//! What is counted of a pull request besides what its events say.

/// How large a change is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Extent {
    /// How many files it touches.
    pub files: u64,
    /// How many lines it adds, where they were counted.
    pub added: Option<u64>,
    /// How many it takes away, where they were counted.
    pub removed: Option<u64>,
    /// Whether it touches more files than were looked at.
    pub more: bool,
}

/// What was looked up of a pull request.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Measure {
    /// The newest commit when it was looked at.
    pub head: Option<String>,
    /// How large the change was then.
    pub size: Option<Extent>,
    /// How many comments stood, where events do not say.
    pub comments: Option<u64>,
    /// How many tasks were open, where events do not say.
    pub tasks: Option<u64>,
}
