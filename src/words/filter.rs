//! The language of `--where`: conditions on what happened, joined by AND, OR, NOT and parentheses.

mod facts;
mod parse;

use std::fmt;
use std::str::FromStr;

pub use facts::{Answer, Facts, jira_keys};
pub use parse::Misread;

use super::serde_as_text;

/// What a condition looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Field {
    /// Who wrote the pull request or the commits.
    Author,
    /// Who is asked to review.
    Reviewer,
    /// Who did it.
    Actor,
    /// The branch it goes into.
    Into,
    /// The branch it comes from.
    From,
    /// Any branch or tag it is about.
    Branch,
    /// The pull request's title.
    Title,
    /// A file it changes.
    Path,
    /// Whether it is a draft.
    Draft,
    /// Whether a bot did it.
    Bot,
    /// How the build stands.
    Build,
    /// How many files it changes.
    Size,
    /// The key of a Jira issue in its title or branch.
    Jira,
}

impl Field {
    /// Every field, with its word.
    pub const ALL: [(&'static str, Self); 13] = [
        ("author", Self::Author),
        ("reviewer", Self::Reviewer),
        ("actor", Self::Actor),
        ("into", Self::Into),
        ("from", Self::From),
        ("branch", Self::Branch),
        ("title", Self::Title),
        ("path", Self::Path),
        ("draft", Self::Draft),
        ("bot", Self::Bot),
        ("build", Self::Build),
        ("size", Self::Size),
        ("jira", Self::Jira),
    ];

    /// The word people type before the colon.
    pub fn word(self) -> &'static str {
        Self::ALL.iter().find(|(_, field)| *field == self).map_or("", |(word, _)| word)
    }
}

/// How a number of files compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Count {
    /// More than.
    Over(u64),
    /// Fewer than.
    Under(u64),
    /// Just so many.
    Just(u64),
}

/// What a condition asks of its field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Test {
    /// To be of a form.
    Like(String),
    /// To be so, or not.
    Is(bool),
    /// To be so many.
    Counts(Count),
}

/// A condition, or several joined. Joined ones hold at least two, and none that is joined the same way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Filter {
    /// One condition.
    If(Field, Test),
    /// What does not hold.
    Not(Box<Filter>),
    /// All of these.
    All(Vec<Filter>),
    /// Any of these.
    Any(Vec<Filter>),
}

impl Filter {
    /// All of these; those that are joined so themselves are taken apart.
    pub fn all(parts: Vec<Self>) -> Option<Self> {
        let flat = parts.into_iter().flat_map(|part| match part {
            Self::All(inner) => inner,
            other => vec![other],
        });
        let mut flat: Vec<Self> = flat.collect();
        if flat.len() > 1 { Some(Self::All(flat)) } else { flat.pop() }
    }

    /// Any of these; those that are joined so themselves are taken apart.
    pub fn any(parts: Vec<Self>) -> Option<Self> {
        let flat = parts.into_iter().flat_map(|part| match part {
            Self::Any(inner) => inner,
            other => vec![other],
        });
        let mut flat: Vec<Self> = flat.collect();
        if flat.len() > 1 { Some(Self::Any(flat)) } else { flat.pop() }
    }

    /// Whether it looks at this field at all.
    pub fn looks_at(&self, field: Field) -> bool {
        match self {
            Self::If(own, _) => *own == field,
            Self::Not(inner) => inner.looks_at(field),
            Self::All(parts) | Self::Any(parts) => parts.iter().any(|part| part.looks_at(field)),
        }
    }

    /// Whether it holds; it may need files that nobody has asked for yet.
    pub fn holds(&self, facts: &Facts) -> Answer {
        match self {
            Self::If(field, test) => facts.answer(*field, test),
            Self::Not(inner) => inner.holds(facts).turned(),
            Self::All(parts) => parts.iter().map(|part| part.holds(facts)).min().unwrap_or(Answer::Yes),
            Self::Any(parts) => parts.iter().map(|part| part.holds(facts)).max().unwrap_or(Answer::No),
        }
    }

    /// The part of it that does not hold, where it does not: what one would have to change.
    pub fn failing(&self, facts: &Facts) -> Option<&Self> {
        if self.holds(facts) == Answer::Yes {
            return None;
        }
        match self {
            Self::All(parts) => parts.iter().find_map(|part| part.failing(facts)),
            other => Some(other),
        }
    }

    fn inner(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All(_) | Self::Any(_) => write!(out, "({self})"),
            other => write!(out, "{other}"),
        }
    }
}

impl fmt::Display for Filter {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let joined = |out: &mut fmt::Formatter<'_>, parts: &[Self], word: &str| {
            for (at, part) in parts.iter().enumerate() {
                if at > 0 {
                    write!(out, " {word} ")?;
                }
                part.inner(out)?;
            }
            Ok(())
        };
        match self {
            Self::If(field, test) => write!(out, "{}:{test}", field.word()),
            Self::Not(inner) => {
                out.write_str("NOT ")?;
                inner.inner(out)
            }
            Self::All(parts) => joined(out, parts, "AND"),
            Self::Any(parts) => joined(out, parts, "OR"),
        }
    }
}

impl fmt::Display for Test {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Like(form) if parse::is_bare(form) => out.write_str(form),
            Self::Like(form) => write!(out, "\"{}\"", form.replace('\\', "\\\\").replace('"', "\\\"")),
            Self::Is(true) => out.write_str("yes"),
            Self::Is(false) => out.write_str("no"),
            Self::Counts(Count::Over(count)) => write!(out, ">{count}"),
            Self::Counts(Count::Under(count)) => write!(out, "<{count}"),
            Self::Counts(Count::Just(count)) => write!(out, "{count}"),
        }
    }
}

impl FromStr for Filter {
    type Err = Misread;

    fn from_str(text: &str) -> Result<Self, Misread> {
        parse::filter(text)
    }
}
serde_as_text!(Filter);

#[cfg(test)]
mod tests;
