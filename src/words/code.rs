//! What changed between two commits, and what stands in a file: the code itself, as far as chat shows it.

use std::fmt;
use std::str::FromStr;

use super::commit::Commit;
use super::{Advice, serde_as_text};

/// Two ends to compare: what `head` brings that `base` does not have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Range {
    /// The branch, tag or commit that is already there.
    pub base: String,
    /// The branch, tag or commit that brings something.
    pub head: String,
}

impl FromStr for Range {
    type Err = Advice;

    /// `main..limit-rate`; a third dot changes nothing.
    fn from_str(text: &str) -> Result<Self, Advice> {
        let ends = text.trim().split_once("..");
        let ends = ends.map(|(base, head)| (base.trim(), head.strip_prefix('.').unwrap_or(head).trim()));
        match ends {
            Some((base, head)) if !base.is_empty() && !head.is_empty() => {
                Ok(Self { base: base.to_owned(), head: head.to_owned() })
            }
            _ => Err(Advice(format!(
                "`{}` does not say what to compare; write it like `main..limit-rate`.",
                shown(text)
            ))),
        }
    }
}

impl fmt::Display for Range {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}..{}", self.base, self.head)
    }
}
serde_as_text!(Range);

fn shown(text: &str) -> String {
    text.chars().filter(|c| *c != '`' && !c.is_control()).take(60).collect()
}

/// What happened to a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// Something in it changed.
    Modified,
    /// It has another name or place now.
    Renamed,
}

/// One file that changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileChange {
    /// Where it is; where it was, when it is gone.
    pub path: String,
    /// Where it was, when it was renamed.
    pub from: Option<String>,
    /// What happened to it.
    pub change: Change,
    /// Lines it gained, where told.
    pub added: Option<u64>,
    /// Lines it lost, where told.
    pub removed: Option<u64>,
}

/// The files that changed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// The files, as far as they were asked for.
    pub files: Vec<FileChange>,
    /// Whether there are others.
    pub more: bool,
}

/// What one end brings that the other does not have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    /// Its commits, the newest first.
    pub commits: Vec<Commit>,
    /// Whether there are other commits.
    pub more: bool,
    /// The files they changed.
    pub changes: Changes,
}

/// A difference as text, in the form `git diff` writes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diff {
    /// The text.
    pub text: String,
    /// Whether Bitbucket left some of it out.
    pub cut: bool,
}

/// Lines of a file, counted from one, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lines {
    /// The first.
    pub first: usize,
    /// The last.
    pub last: usize,
}

impl FromStr for Lines {
    type Err = Advice;

    /// `10-40`, `10`, or `10-` for what follows.
    fn from_str(text: &str) -> Result<Self, Advice> {
        let (first, last) = text.trim().split_once('-').unwrap_or((text.trim(), text.trim()));
        let last = if last.is_empty() { Ok(usize::MAX) } else { last.trim().parse() };
        match (first.trim().parse(), last) {
            (Ok(first), Ok(last)) if 1 <= first && first <= last => Ok(Self { first, last }),
            _ => Err(Advice(format!("`{}` does not say which lines; write it like `10-40`.", shown(text)))),
        }
    }
}

impl fmt::Display for Lines {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.last {
            usize::MAX => write!(out, "{}-", self.first),
            last => write!(out, "{}-{last}", self.first),
        }
    }
}
serde_as_text!(Lines);

/// A piece of a text file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileText {
    /// Where the file is.
    pub path: String,
    /// The lines that were asked for, as far as there are any.
    pub lines: Vec<String>,
    /// The number of the first of them.
    pub first: usize,
    /// Whether the file goes on after them.
    pub more: bool,
    /// Where to read it in a browser.
    pub url: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_and_lines_read_as_people_type_them() {
        for (typed, printed) in
            [("main..limit-rate", "main..limit-rate"), ("v1...fix/a", "v1..fix/a"), (" a .. b ", "a..b")]
        {
            assert_eq!(typed.parse::<Range>().unwrap().to_string(), printed);
        }
        for typed in ["", "main", "..main", "main..", "main..."] {
            let advice = typed.parse::<Range>().unwrap_err().to_string();
            assert!(advice.ends_with("write it like `main..limit-rate`."), "{advice}");
        }
        for (typed, printed) in [("10-40", "10-40"), ("7", "7-7"), ("3-", "3-")] {
            assert_eq!(typed.parse::<Lines>().unwrap().to_string(), printed);
        }
        for typed in ["", "0-3", "9-3", "a-b", "-"] {
            assert!(typed.parse::<Lines>().is_err(), "{typed}");
        }
    }
}
